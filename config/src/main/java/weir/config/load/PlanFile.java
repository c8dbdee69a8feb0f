package weir.config.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import weir.config.model.Plan;
import weir.config.yaml.Location;
import weir.config.yaml.Overrides;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Problems;
import weir.config.yaml.Section;
import weir.config.yaml.YamlDocument;

/** One plan file by itself, checked as in a configuration. */
public final class PlanFile {
    private PlanFile() {
    }

    /**
     * Reads a version of a plan.
     *
     * @param file as in {@code plans/}
     * @return the version
     * @throws ConfigException with every problem of the file
     */
    public static Plan load(final Path file) {
        final Problems problems = new Problems();
        final Path absolute = file.toAbsolutePath();
        final ConfigSource source = new DirectorySource(absolute.getParent());
        final String name = absolute.getFileName().toString();
        Plan plan = null;
        try {
            if (source.has(name)) {
                final Optional<Section> root =
                    YamlDocument.read(file.toString(), source.read(name), Overrides.NONE, problems);
                plan = root.map(new PlanReader(new References(problems))::read).orElse(null);
            } else {
                problems.add(ProblemCode.CONFIG_FILE, new Location(file.toString(), 0, 0), "", "a file", "none", "");
            }
        } catch (final IOException ex) {
            problems.add(ProblemCode.CONFIG_FILE, new Location(file.toString(), 0, 0), "", "a readable UTF-8 file",
                ex.getClass().getSimpleName(), "");
        }
        if (plan == null || !problems.isEmpty()) {
            throw new ConfigException(new LoadResult(file.toString(), Optional.empty(), problems.list(),
                problems.dropped(), List.of(file.toString()), List.of()));
        }
        return plan;
    }
}
