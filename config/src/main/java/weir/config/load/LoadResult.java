package weir.config.load;

import java.util.List;
import java.util.Optional;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;
import weir.config.yaml.Setting;

/**
 * What came of loading.
 *
 * @param source   name of the source
 * @param config   the configuration; empty exactly when there are problems
 * @param problems what is wrong, in order of file and line
 * @param dropped  problems that were found beyond those
 * @param files    files that were read
 * @param settings values of the settings files, each with its source
 */
public record LoadResult(String source, Optional<WeirConfig> config, List<Problem> problems, int dropped,
    List<String> files, List<Setting> settings) {

    /** Copies the lists. */
    public LoadResult {
        problems = List.copyOf(problems);
        files = List.copyOf(files);
        settings = List.copyOf(settings);
    }

    /**
     * The configuration, for a process that cannot start without it.
     *
     * @return the configuration
     * @throws ConfigException when there are problems; it carries them
     */
    public WeirConfig orThrow() {
        return config.orElseThrow(() -> new ConfigException(this));
    }
}
