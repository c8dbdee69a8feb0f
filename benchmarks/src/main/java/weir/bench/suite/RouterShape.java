package weir.bench.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import weir.bench.contest.LineUp;

/**
 * How Weir is deployed for a run: the JVM options of a shape in {@code config/jvm}, and the settings that make it. The
 * budgets are those of one thread; where this version has no such shape, the router runs as it is without any choice.
 */
final class RouterShape {
    private static final String PLAIN = "router";
    private static final String ONE_THREAD = "one-thread";

    private RouterShape() {
    }

    static LineUp.RouterSetup setup(final Plan plan) {
        final Path jvm = Path.of(System.getProperty("weir.home", "."), "config", "jvm");
        final Path oneThread = jvm.resolve(PLAIN + '-' + ONE_THREAD + ".options");
        final String shape = !plan.shape().isEmpty() ? plan.shape() : Files.exists(oneThread) ? ONE_THREAD : PLAIN;
        final Map<String, String> settings = new TreeMap<>();
        if (!shape.equals(PLAIN)) {
            settings.put("WEIR_THREADS_SHAPE", shape);
            if (shape.equals(ONE_THREAD)) {
                settings.put("WEIR_ENGINE_IDLE", "busy-spin");
            }
        }
        settings.putAll(plan.settings());
        final Path own = jvm.resolve(PLAIN + '-' + shape + ".options");
        return new LineUp.RouterSetup(settings, plan.flags(), Files.exists(own) ? own : jvm.resolve(PLAIN + ".options"),
            shape);
    }
}
