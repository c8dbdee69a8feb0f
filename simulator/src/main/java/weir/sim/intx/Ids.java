package weir.sim.intx;

/** The venue's ids: of orders and fills as text, of executions and matches as numbers that only grow. One monitor. */
final class Ids {
    private static final int RADIX = 36;

    private long last;

    /** @param startNs epoch nanoseconds; a later run's ids are above an earlier one's. */
    Ids(final long startNs) {
        last = startNs / 1_000;
    }

    long next() {
        return ++last;
    }

    /** The number given out last. */
    long last() {
        return last;
    }

    String order() {
        return Long.toString(next(), RADIX) + "-1-0";
    }

    String fill() {
        return Long.toString(next(), RADIX) + "-1-1";
    }
}
