package weir.venue.kraken;

import weir.venue.CostWindow;

/**
 * The venue's cost budget where bytes leave: everything that is sent is counted, whoever asked for it. News and
 * questions leave room for the dead man's switch and for cancels; cancels leave room for the dead man's switch. What a
 * run before sent counts too, as long as the venue may count it. One per account, or one for all accounts of an
 * address. Agent's thread.
 */
final class Budget {
    /** Who spends. */
    enum Lane { DEAD_MAN, CANCEL, QUESTION, NEWS }

    private static final int ENTRIES = 1024;
    private static final long PAUSE_NS = 1_000_000_000L;

    private final CostWindow window;
    private final int units;
    private final int cancelReserve;
    private final long earlierUntilNs;
    private int deadManReserve;

    Budget(final KrakenAdapter.Context context, final long nowNs) {
        window = new CostWindow(ENTRIES, context.windowMs() * 1_000_000L, context.graceMs() * 1_000_000L);
        units = context.rules().units(context);
        cancelReserve = context.cancelReserve();
        final long agoNs = Math.max(0, context.epochClock().nanoTime() - context.lastRunNs());
        earlierUntilNs = nowNs + (context.windowMs() + context.graceMs()) * 1_000_000L - agoNs;
        if (earlierUntilNs - nowNs > 0) {
            // what a run before sent last is not known: all that it might, which leaves our margin and this reserve
            window.hold(units - cancelReserve, earlierUntilNs, nowNs);
        }
    }

    /** One more account renews its switch from this budget. */
    void reserveDeadMan() {
        deadManReserve += Endpoint.DEAD_MAN.cost;
    }

    boolean admits(final Lane lane, final int cost, final long nowNs) {
        return window.used(nowNs) + cost <= limit(lane, nowNs) && !window.isFull();
    }

    int open(final int cost, final long nowNs) {
        return window.open(cost, nowNs);
    }

    void answered(final int entry, final long nowNs) {
        window.answered(entry, nowNs);
    }

    void lost(final int entry, final long nowNs) {
        window.lost(entry, nowNs);
    }

    void withdraw(final int entry) {
        window.withdraw(entry);
    }

    /** When a request of the cost could leave, as far as that is known. */
    long freeAtNs(final Lane lane, final int cost, final long nowNs) {
        return window.freeAtNs(limit(lane, nowNs), cost, nowNs, PAUSE_NS);
    }

    int used(final long nowNs) {
        return window.used(nowNs);
    }

    int peak() {
        return window.peak();
    }

    private int limit(final Lane lane, final long nowNs) {
        switch (lane) {
            case DEAD_MAN:
                return units;
            case CANCEL:
                return units - deadManReserve;
            case QUESTION:
                // orders of a run before are asked for while what it spent still counts
                return units - deadManReserve - (earlierUntilNs - nowNs > 0 ? 0 : cancelReserve);
            default:
                return units - deadManReserve - cancelReserve;
        }
    }
}
