package weir.fix;

import java.util.concurrent.TimeUnit;

/**
 * Whether a write waits because it would say only that something is on its way: {@value #CYCLES} cycles at most, while
 * the venues are looked at, and not beyond the first that begins after 5 us. A write takes longer than a look, and a
 * fill that comes meanwhile would wait for it; so both leave in one (docs/decisions/0043). Gateway's thread.
 */
final class PendingHold {
    private static final int CYCLES = 2;
    private static final long MOST_NS = TimeUnit.MICROSECONDS.toNanos(5);

    private int cycles;
    private long sinceNs;

    /**
     * The reports of a cycle have been sent.
     *
     * @param reports how many
     * @param others  what else was sent, not 0 = something
     * @param hasNews whether a report says more than that something is on its way
     * @param nowNs   begin of the cycle
     */
    void onReports(final int reports, final int others, final boolean hasNews, final long nowNs) {
        if (cycles == 0) {
            sinceNs = nowNs;
        }
        final boolean isOnlyPending = others == 0 && !hasNews && (reports > 0 || cycles > 0);
        cycles = isOnlyPending && cycles < CYCLES && nowNs - sinceNs < MOST_NS ? cycles + 1 : 0;
    }

    /** Something else is to be written now. */
    void end() {
        cycles = 0;
    }

    /**
     * Asks whether to wait with the write.
     *
     * @return true while it would say nothing that matters
     */
    boolean isHeld() {
        return cycles > 0;
    }
}
