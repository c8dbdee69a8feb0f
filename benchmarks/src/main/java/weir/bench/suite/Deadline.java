package weir.bench.suite;

/** When a run must be through with measuring. What does not fit is left out and said. */
final class Deadline {
    /** No limit. */
    static final long NONE = Long.MAX_VALUE / 4;

    private final long startNs = System.nanoTime();
    private final long limitNs;

    Deadline(final long limitNs) {
        this.limitNs = limitNs;
    }

    /** Whether so much time is left. */
    boolean leaves(final long ms) {
        return System.nanoTime() - startNs + ms * 1_000_000L < limitNs;
    }

    /** So much, or what is left when that is less; at least a second. */
    long most(final long ms) {
        return Math.max(1_000, Math.min(ms, (startNs + limitNs - System.nanoTime()) / 1_000_000L));
    }

    /** Whether no more than so much has passed, or there is no limit at all. */
    boolean within(final long ms) {
        return limitNs == NONE || elapsedMs() < ms;
    }

    long elapsedMs() {
        return (System.nanoTime() - startNs) / 1_000_000L;
    }
}
