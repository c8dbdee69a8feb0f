package weir.client;

/** Time between attempts: doubled from the shortest to the longest. One thread. */
final class Backoff {
    private final long minNs;
    private final long maxNs;
    private long nextNs;

    Backoff(final long minNs, final long maxNs) {
        this.minNs = minNs;
        this.maxNs = maxNs;
        nextNs = minNs;
    }

    long next() {
        final long result = nextNs;
        nextNs = Math.min(maxNs, 2 * nextNs);
        return result;
    }

    long longest() {
        nextNs = maxNs;
        return maxNs;
    }

    void reset() {
        nextNs = minNs;
    }
}
