package weir.bench.suite;

import java.io.PrintStream;

/** What a user sees while it runs; the results themselves are the report's. */
public final class Console {
    private final PrintStream out;

    /**
     * Wraps a stream.
     *
     * @param out where to
     */
    public Console(final PrintStream out) {
        this.out = out;
    }

    void say(final String line) {
        out.println("bench: " + line);
        out.flush();
    }

    void print(final String text) {
        out.print(text);
        out.flush();
    }
}
