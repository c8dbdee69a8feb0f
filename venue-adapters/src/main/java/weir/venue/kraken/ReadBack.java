package weir.venue.kraken;

/**
 * How far back the account's fills were read for one question, newest first and without a gap. Each attempt begins
 * with the newest; where it meets what one before has read, it goes on below that. Epoch milliseconds. Agent's thread.
 */
final class ReadBack {
    /** Before the newest fill; as depth: nothing is read. */
    static final long NEWEST_MS = Long.MAX_VALUE;
    /** As depth: everything is read. */
    static final long ALL_MS = Long.MIN_VALUE;
    /** A fill may be shown later than another that is younger. */
    private static final long UNSETTLED_MS = 2_000;

    private long topMs = ALL_MS;
    private long toMs = NEWEST_MS;
    private long earlierTopMs = ALL_MS;
    private long earlierToMs = NEWEST_MS;

    /** The newest are asked for, again if true. An attempt that came less far than one before is forgotten. */
    boolean restart(final long nowMs) {
        if (toMs <= earlierToMs) {
            earlierTopMs = topMs;
            earlierToMs = toMs;
        }
        topMs = nowMs - UNSETTLED_MS;
        toMs = NEWEST_MS;
        return earlierToMs != NEWEST_MS;
    }

    /**
     * A page was read.
     *
     * @param beforeMs it holds the fills before this
     * @param oldestMs time of its oldest, of which there may be more; {@link #ALL_MS} when nothing is older
     */
    void page(final long beforeMs, final long oldestMs) {
        if (beforeMs < nextBeforeMs()) {
            return;
        }
        toMs = Math.min(toMs, oldestMs);
        if (toMs < earlierTopMs) {
            toMs = Math.min(toMs, earlierToMs);
        }
    }

    /** Where the next page begins. */
    long nextBeforeMs() {
        return toMs == NEWEST_MS || toMs == ALL_MS ? toMs : toMs + 1;
    }

    /** Whether every fill since then was read. */
    boolean covers(final long sinceMs) {
        return toMs <= sinceMs;
    }
}
