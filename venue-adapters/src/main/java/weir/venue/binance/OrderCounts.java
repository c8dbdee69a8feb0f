package weir.venue.binance;

/**
 * Unfilled orders of one account, which the venue counts over all of its ways ("Unfilled order count"). What fills take
 * off again is not counted on. Agent's thread.
 */
final class OrderCounts {
    private static final long SHORT_MS = 10_000;
    private static final long DAY_MS = 86_400_000;

    private final AlignedWindow brief;
    private final AlignedWindow day;
    private final int percent;

    OrderCounts(final BinanceAdapter.Context context) {
        percent = context.limitPercent();
        brief = new AlignedWindow(SHORT_MS, context.orderSkewMs(), part(context.orders10s()));
        day = new AlignedWindow(DAY_MS, context.orderSkewMs(), part(context.orders1d()));
    }

    boolean admits(final int orders, final long venueMs) {
        return orders == 0 || brief.admits(orders, 0, venueMs) && day.admits(orders, 0, venueMs);
    }

    void open(final int orders, final long venueMs) {
        brief.open(orders, venueMs);
        day.open(orders, venueMs);
    }

    void close(final int orders, final long openedMs, final long venueMs) {
        brief.close(orders, openedMs, venueMs);
        day.close(orders, openedMs, venueMs);
    }

    void withdraw(final int orders, final long venueMs) {
        brief.withdraw(orders, venueMs);
        day.withdraw(orders, venueMs);
    }

    void reading(final Answer.Reading reading, final long venueMs) {
        final AlignedWindow window = of(reading.periodMs());
        if (window != null) {
            window.reading(reading.count(), venueMs);
            limit(reading.periodMs(), reading.limit());
        }
    }

    void limit(final long periodMs, final int limit) {
        final AlignedWindow window = of(periodMs);
        if (window != null && limit > 0) {
            window.limit(part(limit));
        }
    }

    /** The venue answered that a window has no more. */
    void spent(final boolean ofDay, final long venueMs) {
        (ofDay ? day : brief).spent(venueMs);
    }

    int used(final boolean ofDay, final long venueMs) {
        return (ofDay ? day : brief).used(venueMs);
    }

    int peak() {
        return brief.peak();
    }

    private AlignedWindow of(final long periodMs) {
        return periodMs == SHORT_MS ? brief : periodMs == DAY_MS ? day : null;
    }

    private int part(final int limit) {
        return Math.max(1, (int) ((long) limit * percent / 100));
    }
}
