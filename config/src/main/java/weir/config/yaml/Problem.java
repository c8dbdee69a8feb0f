package weir.config.yaml;

/**
 * One thing that is wrong.
 *
 * @param code       kind
 * @param location   where
 * @param key        path of the key, as {@code desks[0].compId}
 * @param expected   what would be right
 * @param found      what is there; never the value of a secret
 * @param suggestion what to do, "" when there is no good guess
 */
public record Problem(ProblemCode code, Location location, String key, String expected, String found,
    String suggestion) {

    /**
     * The problem in one line.
     *
     * @return {@code file:line key: expected ..., found ... (suggestion)}
     */
    public String oneLine() {
        return location + " " + key + ": expected " + expected + ", found " + found
            + (suggestion.isEmpty() ? "" : " (" + suggestion + ')') + " [" + code + ']';
    }
}
