package weir.venue.binance;

import weir.venue.VenueEventProxy;

/**
 * What the venue's answers say of its limits, on to the engine: the latest of each limit, not more often than a pause
 * allows, for each is a record of the journal. Agent's thread.
 */
final class LimitTeller {
    private static final long MINUTE_MS = 60_000;
    private static final long SHORT_MS = 10_000;
    private static final long DAY_MS = 86_400_000;

    private final VenueEventProxy engine;
    private final org.agrona.concurrent.EpochNanoClock epochClock;
    private final int accountId;
    private final long pauseNs;
    private final int[] limitIds;
    private final long[] due = {-1, -1, -1};
    private final long[] told = {-1, -1, -1};
    private final long[] toldNs = new long[3];

    LimitTeller(final BinanceAdapter.Context context, final int accountId, final VenueEventProxy engine) {
        this.engine = engine;
        this.accountId = accountId;
        this.epochClock = context.epochClock();
        this.pauseNs = context.readingEveryMs() * 1_000_000L;
        this.limitIds = new int[] {context.weightLimitId(), context.orders10sLimitId(), context.orders1dLimitId()};
        java.util.Arrays.fill(toldNs, System.nanoTime() - pauseNs);
    }

    void reading(final Answer.Reading reading, final long nowNs) {
        final int at = indexOf(reading.type(), reading.periodMs());
        if (at >= 0) {
            due[at] = reading.count();
            doWork(nowNs);
        }
    }

    /** A window is spent, which must not wait. */
    void spent(final boolean ofDay, final int used, final long nowNs) {
        final int at = ofDay ? 2 : 1;
        due[at] = used;
        toldNs[at] = nowNs - pauseNs;
        doWork(nowNs);
    }

    /** The venue states the size of a limit. */
    void tier(final Answer.Reading limit) {
        final int at = indexOf(limit.type(), limit.periodMs());
        if (at >= 0 && limitIds[at] != 0 && limit.limit() > 0) {
            engine.tierReading(accountId, epochClock.nanoTime(), limitIds[at], limit.limit(), limit.limit());
        }
    }

    int doWork(final long nowNs) {
        int work = 0;
        for (int i = 0; i < due.length; i++) {
            if (due[i] >= 0 && nowNs - toldNs[i] >= pauseNs) {
                if (due[i] != told[i] && limitIds[i] != 0) {
                    engine.limitReading(accountId, epochClock.nanoTime(), limitIds[i], due[i]);
                    work++;
                }
                told[i] = due[i];
                toldNs[i] = nowNs;
                due[i] = -1;
            }
        }
        return work;
    }

    private static int indexOf(final String type, final long periodMs) {
        if ("REQUEST_WEIGHT".equals(type) && periodMs == MINUTE_MS) {
            return 0;
        }
        return !"ORDERS".equals(type) ? -1 : periodMs == SHORT_MS ? 1 : periodMs == DAY_MS ? 2 : -1;
    }
}
