package weir.config.load;

import java.util.stream.Collectors;
import weir.config.yaml.Problem;

/** A configuration that cannot be used. Its message lists every problem, one to a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient LoadResult result;

    /**
     * Of a result with problems.
     *
     * @param result the result
     */
    public ConfigException(final LoadResult result) {
        super(result.problems().stream().map(Problem::oneLine).collect(Collectors.joining("\n")));
        this.result = result;
    }

    /**
     * What was found.
     *
     * @return the result that has problems
     */
    public LoadResult result() {
        return result;
    }
}
