package weir.venue.binance;

import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.AnswerLessons;
import weir.venue.VenueEventProxy;

/**
 * Readings of the venue's limits on to the engine: the latest of each limit and account, not more often than a pause
 * allows, for each is a record of the journal. A reading is of one window of the venue: it is told while that window
 * lasts by every clock, or not at all, since the engine would hold it against the next one. Agent's thread.
 */
final class LimitTeller implements AnswerLessons.Readings {
    private static final long MINUTE_MS = 60_000;
    private static final long SHORT_MS = 10_000;
    private static final long DAY_MS = 86_400_000;

    private final VenueEventProxy engine;
    private final EpochNanoClock epochClock;
    private final VenueTime time;
    private final long pauseNs;
    private final Map<Integer, Window> windows = new HashMap<>();
    private final int[] limitIds;
    private final Map<Long, Due> dues = new HashMap<>();

    /** Windows of a limit, and how near an edge clocks may differ. */
    private record Window(long periodMs, long skewMs) {
        long of(final long venueMs) {
            return Math.floorDiv(venueMs, periodMs);
        }

        boolean isNearEdge(final long venueMs) {
            final long inMs = Math.floorMod(venueMs, periodMs);
            return inMs < skewMs || periodMs - inMs <= skewMs;
        }
    }

    /** What is to be told of a limit and was told last. */
    private static final class Due {
        private final int accountId;
        private final int limitId;
        private long units = -1;
        private long window;
        private long told = -1;
        private long toldWindow;
        private long toldNs;

        Due(final int accountId, final int limitId, final long toldNs) {
            this.accountId = accountId;
            this.limitId = limitId;
            this.toldNs = toldNs;
        }
    }

    LimitTeller(final BinanceAdapter.Context context, final VenueTime time, final VenueEventProxy engine) {
        this.engine = engine;
        this.time = time;
        this.epochClock = context.epochClock();
        this.pauseNs = context.readingEveryMs() * 1_000_000L;
        this.limitIds = new int[] {context.weightLimitId(), context.orders10sLimitId(), context.orders1dLimitId()};
        windows.put(limitIds[0], new Window(MINUTE_MS, context.windowSkewMs()));
        windows.put(limitIds[1], new Window(SHORT_MS, context.orderSkewMs()));
        windows.put(limitIds[2], new Window(DAY_MS, context.orderSkewMs()));
        windows.remove(0);
    }

    @Override
    public void used(final int accountId, final long epochNs, final int limitId, final long units) {
        final long venueMs = time.nowMs(epochClock.nanoTime());
        final Window window = windows.get(limitId);
        if (limitId != 0 && (window == null || !window.isNearEdge(venueMs))) {
            final Due due = due(accountId, limitId);
            due.units = units;
            due.window = window == null ? 0 : window.of(venueMs);
        }
    }

    /** A window of orders is spent, which must not wait. */
    void spent(final int accountId, final boolean ofDay, final long units) {
        final int limitId = limitIds[ofDay ? 2 : 1];
        used(accountId, 0, limitId, units);
        if (limitId != 0) {
            due(accountId, limitId).toldNs -= pauseNs;
        }
    }

    /** The venue states the size of a limit. */
    void tier(final int accountId, final Answer.Reading limit) {
        final int limitId = limitId(limit.type(), limit.periodMs());
        if (limitId != 0 && limit.limit() > 0) {
            engine.tierReading(accountId, epochClock.nanoTime(), limitId, limit.limit(), limit.limit());
        }
    }

    int doWork(final long nowNs) {
        int work = 0;
        for (final Due due : dues.values()) {
            if (due.units >= 0 && nowNs - due.toldNs >= pauseNs) {
                work += tell(due, nowNs);
            }
        }
        return work;
    }

    private int tell(final Due due, final long nowNs) {
        final long epochNs = epochClock.nanoTime();
        final long venueMs = time.nowMs(epochNs);
        final Window window = windows.get(due.limitId);
        final boolean lasts = window == null || window.of(venueMs) == due.window && !window.isNearEdge(venueMs);
        final boolean told = lasts && (due.units != due.told || due.window != due.toldWindow);
        if (told) {
            engine.limitReading(due.accountId, epochNs, due.limitId, due.units);
            due.told = due.units;
            due.toldWindow = due.window;
            due.toldNs = nowNs;
        }
        due.units = -1;
        return told ? 1 : 0;
    }

    private Due due(final int accountId, final int limitId) {
        return dues.computeIfAbsent((long) accountId << 32 | limitId,
            key -> new Due(accountId, limitId, System.nanoTime() - pauseNs));
    }

    private int limitId(final String type, final long periodMs) {
        if ("REQUEST_WEIGHT".equals(type) && periodMs == MINUTE_MS) {
            return limitIds[0];
        }
        return !"ORDERS".equals(type) ? 0 : periodMs == SHORT_MS ? limitIds[1] : periodMs == DAY_MS ? limitIds[2] : 0;
    }
}
