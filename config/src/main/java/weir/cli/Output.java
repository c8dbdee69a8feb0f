package weir.cli;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a command's results go: aligned tables and sentences on a terminal, one JSON object per row otherwise. Errors
 * go to standard error in both. Written by one thread.
 */
public final class Output {

    /** Form of the results. */
    public enum Mode {
        /** For people. */
        TABLE,
        /** For programs. */
        JSON
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Mode mode;

    /**
     * Writes to streams.
     *
     * @param out  results
     * @param err  errors
     * @param mode form of the results
     */
    public Output(final PrintStream out, final PrintStream err, final Mode mode) {
        this.out = out;
        this.err = err;
        this.mode = mode;
    }

    /**
     * Form of the results.
     *
     * @return the mode
     */
    public Mode mode() {
        return mode;
    }

    /**
     * The same with results on standard error, for a command whose standard output belongs to something else.
     *
     * @return a new output
     */
    Output toError() {
        return new Output(err, err, mode);
    }

    /**
     * A sentence for people; programs do not see it.
     *
     * @param text one line
     */
    public void say(final String text) {
        if (mode == Mode.TABLE) {
            out.println(text);
            out.flush();
        }
    }

    /**
     * A single result.
     *
     * @param kind   what it is: {@code kind} of the JSON object
     * @param fields names and values
     */
    public void result(final String kind, final Map<String, ?> fields) {
        if (mode == Mode.JSON) {
            json(kind, fields);
        } else {
            int width = 0;
            for (final String name : fields.keySet()) {
                width = Math.max(width, name.length());
            }
            for (final Map.Entry<String, ?> field : fields.entrySet()) {
                out.println("  " + pad(field.getKey(), width, false) + "  " + cell(field.getValue()));
            }
            out.flush();
        }
    }

    /**
     * Begins a table.
     *
     * @param kind    what a row is: {@code kind} of each JSON object
     * @param columns names
     * @return the table; a terminal sees it at {@link Table#end()}, a program sees each row at once
     */
    public Table table(final String kind, final String... columns) {
        return new Table(kind, List.of(columns));
    }

    /**
     * An error.
     *
     * @param code    upper case with underscores
     * @param message what happened and what to do; a leading code is not said twice
     */
    public void error(final String code, final String message) {
        out.flush();
        final String text = String.valueOf(message);
        err.println("weir: " + (text.startsWith(code + ' ') ? text : code + ' ' + text));
        err.flush();
    }

    /**
     * Something that is no failure and must not be overlooked; on standard error.
     *
     * @param code    upper case with underscores
     * @param message what is so
     */
    public void warn(final String code, final String message) {
        error(code, message);
    }

    private void json(final String kind, final Map<String, ?> fields) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", kind);
        object.putAll(fields);
        out.println(JsonLine.of(object));
        out.flush();
    }

    private static String cell(final Object value) {
        if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
            return new BigDecimal(number.toString()).toPlainString();
        }
        return value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", "?");
    }

    private static String pad(final String text, final int width, final boolean right) {
        final String blanks = " ".repeat(Math.max(0, width - text.length()));
        return right ? blanks + text : text + blanks;
    }

    /** Rows of one kind. */
    public final class Table {
        private final String kind;
        private final List<String> columns;
        private final List<Object[]> rows = new ArrayList<>();

        private Table(final String kind, final List<String> columns) {
            this.kind = kind;
            this.columns = columns;
        }

        /**
         * Adds a row.
         *
         * @param cells as many as columns
         */
        public void row(final Object... cells) {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException(cells.length + " cells for columns " + columns);
            }
            if (mode == Mode.JSON) {
                final Map<String, Object> fields = new LinkedHashMap<>();
                for (int i = 0; i < cells.length; i++) {
                    fields.put(columns.get(i), cells[i]);
                }
                json(kind, fields);
            } else {
                rows.add(cells.clone());
            }
        }

        /** Prints the table on a terminal: numbers to the right, everything else to the left. */
        public void end() {
            if (mode == Mode.JSON) {
                return;
            }
            final int[] widths = new int[columns.size()];
            final boolean[] right = new boolean[columns.size()];
            for (int i = 0; i < widths.length; i++) {
                widths[i] = columns.get(i).length();
                right[i] = !rows.isEmpty();
                for (final Object[] row : rows) {
                    widths[i] = Math.max(widths[i], cell(row[i]).length());
                    right[i] &= row[i] instanceof Number;
                }
            }
            print(columns.toArray(), widths, right);
            for (final Object[] row : rows) {
                print(row, widths, right);
            }
            out.flush();
        }

        private void print(final Object[] row, final int[] widths, final boolean[] right) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(i == 0 ? "" : "  ").append(pad(cell(row[i]), widths[i], right[i]));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
