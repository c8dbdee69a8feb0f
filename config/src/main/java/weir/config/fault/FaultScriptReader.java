package weir.config.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.config.failure.CommandFailure;
import weir.config.yaml.Form;
import weir.config.yaml.Forms;
import weir.config.yaml.Overrides;
import weir.config.yaml.Placed;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Problems;
import weir.config.yaml.Section;
import weir.config.yaml.YamlDocument;
import weir.protocol.Venues;

/** Reads fault scripts; every error of a file is told at once. */
public final class FaultScriptReader {
    private static final int DAY_MS = 86_400_000;
    private static final int TIMES_MAX = 1_000_000;
    private static final Form<String> FAULT = Forms.literal("-?\\d{1,18}|\\d{1,3}(\\.\\d{1,4})?%|true|false",
        "a whole number, true, false or a chance such as 2.5%");

    private FaultScriptReader() {
    }

    /**
     * Reads a file.
     *
     * @param file the script
     * @return what it says
     * @throws CommandFailure {@code FAULT_SCRIPT} with each problem: file, line, key, what was expected
     */
    public static FaultScript read(final Path file) {
        try {
            return read(file.toString(), Files.readString(file));
        } catch (final IOException e) {
            throw new CommandFailure("FAULT_SCRIPT", file + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Reads a text.
     *
     * @param name said in problems
     * @param text YAML
     * @return what it says
     * @throws CommandFailure see {@link #read(Path)}
     */
    public static FaultScript read(final String name, final String text) {
        final Problems problems = new Problems();
        final Optional<Section> root = YamlDocument.read(name, text, Overrides.NONE, problems);
        final FaultScript script = root.map(FaultScriptReader::script).orElse(null);
        if (!problems.isEmpty()) {
            throw new CommandFailure("FAULT_SCRIPT",
                problems.list().stream().map(Problem::oneLine).collect(Collectors.joining("\n")));
        }
        return script;
    }

    private static FaultScript script(final Section root) {
        final String name = root.need("script", Forms.ascii(64), "");
        final long seed = root.or("seed", Forms.integer(0, Long.MAX_VALUE), 0L);
        final List<FaultScript.Step> steps = new ArrayList<>();
        for (final Section step : root.sections("steps")) {
            steps.addAll(steps(step));
        }
        if (steps.isEmpty()) {
            root.problem(ProblemCode.CONFIG_MISSING, "steps", "at least one step", "none", "");
        }
        root.done();
        return new FaultScript(name, seed, steps);
    }

    /** What a step says of one venue, or of each of several. */
    private static List<FaultScript.Step> steps(final Section step) {
        final boolean several = step.has("venues");
        final String key = several ? "venues" : "venue";
        final List<String> venues = several
            ? step.list(key, Forms.ascii(32)).stream().map(Placed::value).toList()
            : List.of(step.need(key, Forms.ascii(32), ""));
        for (final String venue : venues) {
            if (!venue.isEmpty() && Venues.id(venue) == 0) {
                step.problem(ProblemCode.CONFIG_REFERENCE, key, "a venue", '\'' + venue + '\'', "");
            }
        }
        final int atMs = step.need("at", Forms.durationMs(0, DAY_MS), 0);
        final int times = (int)(long)step.or("times", Forms.integer(1, TIMES_MAX), 1L);
        final int everyMs = times == 1 ? step.or("every", Forms.durationMs(0, DAY_MS), 0)
            : step.need("every", Forms.durationMs(1, DAY_MS), 1);
        final int jitterMs = step.or("jitter", Forms.durationMs(0, DAY_MS), 0);
        final Optional<Section> faults = step.section("faults");
        final Optional<String> call = step.maybe("call", Forms.ascii(256));
        if (faults.isPresent() == call.isPresent()) {
            step.problem(ProblemCode.CONFIG_CONFLICT, "faults", "either faults or call",
                faults.isPresent() ? "both" : "neither", "");
        }
        final Map<String, String> values = new LinkedHashMap<>();
        faults.ifPresent(section -> {
            section.names().forEach(name -> values.put(name, section.need(name, FAULT, "0")));
            section.done();
        });
        final String body = step.or("body", Forms.text(4096), "");
        step.done();
        return venues.stream().map(venue -> new FaultScript.Step(Venues.id(venue), atMs, everyMs, times, jitterMs,
            call.orElse("/faults"), call.isPresent() ? body : FaultScript.body(values))).toList();
    }
}
