package weir.bench.contest;

import java.io.IOException;
import java.util.List;
import weir.bench.tester.Tester;

/**
 * A running process between the tester's two ends. Paused except in its turns; a paused one is let breathe before its
 * sessions could time out.
 */
public final class Contestant implements AutoCloseable {
    private static final long BREATH_AFTER_NS = 5_000_000_000L;
    private static final long BREATH_MS = 150;

    private final String name;
    private final List<String> description;
    private final ChildJvm process;
    private final Tester tester;
    private long pausedNs;
    private boolean running = true;

    /**
     * Takes over a process that is connected and logged on.
     *
     * @param name        of a word
     * @param description JDK, flags and settings, a line each
     * @param process     it
     * @param tester      connected to it
     */
    public Contestant(final String name, final List<String> description, final ChildJvm process,
        final Tester tester) {
        this.name = name;
        this.description = List.copyOf(description);
        this.process = process;
        this.tester = tester;
    }

    /**
     * Name.
     *
     * @return of a word
     */
    public String name() {
        return name;
    }

    /**
     * How it runs.
     *
     * @return JDK, flags and settings
     */
    public List<String> description() {
        return description;
    }

    /**
     * The tester at its two ends.
     *
     * @return connected
     */
    public Tester tester() {
        return tester;
    }

    /**
     * Its process.
     *
     * @return running or paused
     */
    public ChildJvm process() {
        return process;
    }

    /**
     * Its turn begins.
     *
     * @throws IOException when it is gone
     */
    public void resume() throws IOException {
        if (!running) {
            process.resume();
            running = true;
        }
        tester.pump(BREATH_MS);
    }

    /**
     * Its turn ends.
     *
     * @throws IOException when it is gone
     */
    public void pause() throws IOException {
        process.pause();
        running = false;
        pausedNs = System.nanoTime();
    }

    /**
     * Between the turns of others: a short life sign, when the last is some seconds old.
     *
     * @throws IOException when it is gone
     */
    public void breathe() throws IOException {
        if (!running && System.nanoTime() - pausedNs > BREATH_AFTER_NS) {
            resume();
            pause();
        }
    }

    @Override
    public void close() throws IOException {
        tester.close();
        process.close();
    }
}
