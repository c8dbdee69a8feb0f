package weir.bench.contest;

import java.io.IOException;
import weir.bench.tester.CrowdTester;

/** A router with a crowd before it, paused except in its turns. */
public final class CrowdContestant implements AutoCloseable {
    private static final long BREATH_MS = 150;

    private final String name;
    private final ChildJvm process;
    private final CrowdTester tester;
    private boolean running = true;

    CrowdContestant(final String name, final ChildJvm process, final CrowdTester tester) {
        this.name = name;
        this.process = process;
        this.tester = tester;
    }

    /** What is done in a turn. */
    public interface Turn {
        /**
         * Does it.
         *
         * @param tester connected
         * @return a figure
         * @throws IOException when the contestant fails
         */
        double run(CrowdTester tester) throws IOException;
    }

    /**
     * Resumes it, lets it take part, and pauses it.
     *
     * @param turn what it does
     * @return the turn's figure
     * @throws IOException when it fails, with what the process said last
     */
    public double turn(final Turn turn) throws IOException {
        try {
            if (!running) {
                process.resume();
                running = true;
            }
            tester.pump(BREATH_MS);
            final double figure = turn.run(tester);
            process.pause();
            running = false;
            return figure;
        } catch (final IOException ex) {
            throw new IOException(name + ": " + ex.getMessage() + '\n' + process.tail(), ex);
        }
    }

    @Override
    public void close() throws IOException {
        tester.close();
        process.close();
    }
}
