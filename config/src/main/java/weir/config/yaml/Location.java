package weir.config.yaml;

/**
 * A place in a file.
 *
 * @param file   as the user knows it; {@code environment} for an override
 * @param line   from 1; 0 = the whole file
 * @param column from 1
 */
public record Location(String file, int line, int column) implements Comparable<Location> {

    @Override
    public int compareTo(final Location other) {
        final int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        return line != other.line ? Integer.compare(line, other.line) : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ':' + line;
    }
}
