package weir.engine.ledger;

/** The shares of a budget or quota at which an alert is due. */
public final class Thresholds {
    private static final int[] PERCENT = {70, 85, 95, 100};

    private Thresholds() {
    }

    /**
     * Number of thresholds.
     *
     * @return count
     */
    public static int count() {
        return PERCENT.length;
    }

    /**
     * Percentage of a threshold.
     *
     * @param i below {@link #count()}
     * @return percent
     */
    public static int percent(final int i) {
        return PERCENT[i];
    }

    /**
     * Thresholds that an amount has reached.
     *
     * @param used  amount
     * @param limit positive
     * @return a bit each
     */
    public static int reached(final long used, final long limit) {
        if (used < limit >> 1) {
            return 0;
        }
        int bits = 0;
        for (int i = 0; i < PERCENT.length; i++) {
            final long least = limit / 100 * PERCENT[i] + (limit % 100 * PERCENT[i] + 99) / 100;
            if (used >= least) {
                bits |= 1 << i;
            }
        }
        return bits;
    }
}
