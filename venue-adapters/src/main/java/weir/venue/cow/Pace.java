package weir.venue.cow;

import weir.venue.CostWindow;

/**
 * Requests of all accounts, which share an address: so many may count at the venue within any second (the service
 * publishes no rate, its own SDK keeps to 5), of which some only for cancels; and until when the venue bars us after a
 * 429. Agent's thread.
 */
final class Pace {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int ENTRIES = 256;

    private final CostWindow window;
    private final int limit;
    private final int reserve;
    private final long barMinNs;
    private final long barMaxNs;
    private final CowCounters counters;
    private long barNs;
    private long barredUntilNs;
    private boolean barred;

    Pace(final CowAdapter.Context settings, final CowCounters counters) {
        window = new CostWindow(ENTRIES, SECOND_NS, settings.graceMs() * 1_000_000L);
        limit = settings.requestsPerSecond();
        reserve = settings.cancelReserve();
        barMinNs = settings.barMinMs() * 1_000_000L;
        barMaxNs = settings.barMaxMs() * 1_000_000L;
        barNs = barMinNs;
        this.counters = counters;
    }

    boolean admits(final boolean cancel, final long nowNs) {
        return !isBarred(nowNs) && window.used(nowNs) + 1 <= limit - (cancel ? 0 : reserve) && !window.isFull();
    }

    int open(final long nowNs) {
        final int entry = window.open(1, nowNs);
        counters.max(CowCounter.PEAK_RATE, window.peak());
        return entry;
    }

    void end(final int entry, final Answer.Kind kind, final long nowNs) {
        switch (kind) {
            case ANSWERED -> window.answered(entry, nowNs);
            case LOST -> window.lost(entry, nowNs);
            default -> window.withdraw(entry);
        }
    }

    /**
     * The venue bars us. Returns how long nothing leaves: what it says, else twice as long each time, and never longer
     * than barMaxMs, for a slip of its in Retry-After is no reason to stay away for a day.
     */
    long bar(final long saidNs, final long nowNs) {
        final long forNs = saidNs > 0 ? Math.min(barMaxNs, saidNs) : barNs;
        if (!isBarred(nowNs)) {
            barNs = Math.min(barMaxNs, barNs * 2);
        }
        if (!barred || nowNs + forNs - barredUntilNs > 0) {
            barredUntilNs = nowNs + forNs;
        }
        barred = true;
        return barredUntilNs - nowNs;
    }

    void passed() {
        barNs = barMinNs;
    }

    boolean isBarred(final long nowNs) {
        barred &= nowNs - barredUntilNs < 0;
        return barred;
    }
}
