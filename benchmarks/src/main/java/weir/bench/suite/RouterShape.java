package weir.bench.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import weir.bench.contest.LineUp;

/**
 * How Weir is deployed for a run: the JVM options of a shape in {@code config/jvm}, and settings beside the demo's.
 * Shape {@code router} is the router as it is without any choice.
 */
final class RouterShape {
    private static final String FALLBACK = "router.options";

    private RouterShape() {
    }

    static LineUp.RouterSetup setup(final Plan plan) {
        final Path jvm = Path.of(System.getProperty("weir.home", "."), "config", "jvm");
        final Path own = jvm.resolve(plan.shape() + ".options");
        final Map<String, String> settings = new TreeMap<>(plan.settings());
        return new LineUp.RouterSetup(settings, plan.flags(),
            Files.exists(own) ? own : jvm.resolve(FALLBACK), plan.shape());
    }
}
