package weir.venue.kraken;

import weir.venue.CostWindow;

/**
 * The venue's cost budget where bytes leave: everything that is sent is counted, whoever asked for it. News and
 * questions leave room for the dead man's switch and for cancels; cancels leave room for the dead man's switch. One per
 * account, or one for all accounts of an address. Agent's thread.
 */
final class Budget {
    /** Who spends. */
    enum Lane { DEAD_MAN, CANCEL, OTHER }

    private static final int ENTRIES = 1024;
    private static final long PAUSE_NS = 1_000_000_000L;

    private final CostWindow window;
    private final int units;
    private final int cancelReserve;
    private int deadManReserve;

    Budget(final KrakenAdapter.Context context) {
        window = new CostWindow(ENTRIES, context.windowMs() * 1_000_000L, context.graceMs() * 1_000_000L);
        units = context.rules().units(context);
        cancelReserve = context.cancelReserve();
    }

    /** One more account renews its switch from this budget. */
    void reserveDeadMan() {
        deadManReserve += Endpoint.DEAD_MAN.cost;
    }

    boolean admits(final Lane lane, final int cost, final long nowNs) {
        return window.used(nowNs) + cost <= limit(lane) && !window.isFull();
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
        return window.freeAtNs(limit(lane), cost, nowNs, PAUSE_NS);
    }

    int used(final long nowNs) {
        return window.used(nowNs);
    }

    int peak() {
        return window.peak();
    }

    private int limit(final Lane lane) {
        switch (lane) {
            case DEAD_MAN:
                return units;
            case CANCEL:
                return units - deadManReserve;
            default:
                return units - deadManReserve - cancelReserve;
        }
    }
}
