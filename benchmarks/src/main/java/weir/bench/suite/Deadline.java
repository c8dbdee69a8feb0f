package weir.bench.suite;

/** When a run must be through with measuring. What does not fit is left out and said. */
final class Deadline {
    private final long startNs = System.nanoTime();
    private final long limitNs;

    Deadline(final long limitNs) {
        this.limitNs = limitNs;
    }

    /** Whether so much time is left. */
    boolean leaves(final long ms) {
        return System.nanoTime() - startNs + ms * 1_000_000L < limitNs;
    }

    long elapsedMs() {
        return (System.nanoTime() - startNs) / 1_000_000L;
    }
}
