package weir.config.yaml;

/**
 * A single value as it stands in the file.
 *
 * @param text     without quotes
 * @param quoted   whether it had some
 * @param location where
 * @param key      path of its key
 */
public record Scalar(String text, boolean quoted, Location location, String key) {

    /**
     * How an error message shows it.
     *
     * @return in quotes, shortened
     */
    public String shown() {
        if (text.isEmpty() && !quoted) {
            return "nothing";
        }
        return '\'' + (text.length() > 60 ? text.substring(0, 57) + "..." : text) + '\'';
    }
}
