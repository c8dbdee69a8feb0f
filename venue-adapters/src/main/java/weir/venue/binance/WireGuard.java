package weir.venue.binance;

/**
 * What may leave by the rules of the address: weight per minute, REST requests and connections per five minutes, and
 * nothing at all while the venue bars us. All accounts of the adapter share it. The last check before the socket; the
 * engine has charged the same budget before. Agent's thread.
 */
final class WireGuard {
    private static final long MINUTE_MS = 60_000;
    /** The connection 2, the time 1, the logon 2, the subscription 2. */
    private static final int CONNECT_WEIGHT = 7;

    private final AlignedWindow weight;
    private final AlignedWindow raw;
    private final AlignedWindow connects;
    private final int cancelReserve;
    private final int percent;
    private long barredUntilNs;
    private boolean barred;

    WireGuard(final BinanceAdapter.Context context) {
        final long skewMs = context.windowSkewMs();
        percent = context.limitPercent();
        weight = new AlignedWindow(MINUTE_MS, skewMs, part(context.weightLimit()));
        raw = new AlignedWindow(5 * MINUTE_MS, skewMs, part(context.rawLimit()));
        connects = new AlignedWindow(5 * MINUTE_MS, skewMs, part(context.connectLimit()));
        cancelReserve = context.cancelReserve();
    }

    /** Whether a request may leave now; cancels may use what is kept back for them. */
    boolean admits(final int cost, final boolean rest, final boolean cancel, final long venueMs, final long nowNs) {
        return !isBarred(nowNs) && weight.admits(cost, cancel ? 0 : cancelReserve, venueMs)
            && (!rest || raw.admits(1, cancel ? 0 : cancelReserve, venueMs));
    }

    boolean tryConnect(final long venueMs, final long nowNs) {
        if (isBarred(nowNs) || !connects.admits(1, 0, venueMs) || !weight.admits(CONNECT_WEIGHT, 0, venueMs)) {
            return false;
        }
        connects.open(1, venueMs);
        connects.close(1, venueMs, venueMs);
        weight.open(CONNECT_WEIGHT, venueMs);
        weight.close(CONNECT_WEIGHT, venueMs, venueMs);
        return true;
    }

    void open(final int cost, final boolean rest, final long venueMs) {
        weight.open(cost, venueMs);
        if (rest) {
            raw.open(1, venueMs);
        }
    }

    void close(final int cost, final boolean rest, final long openedMs, final long venueMs) {
        weight.close(cost, openedMs, venueMs);
        if (rest) {
            raw.close(1, openedMs, venueMs);
        }
    }

    void withdraw(final int cost, final boolean rest, final long venueMs) {
        weight.withdraw(cost, venueMs);
        if (rest) {
            raw.withdraw(1, venueMs);
        }
    }

    void reading(final Answer.Reading reading, final long venueMs) {
        final AlignedWindow window = of(reading.type());
        if (window != null && window.periodMs() == reading.periodMs()) {
            window.reading(reading.count(), venueMs);
        }
    }

    /** The venue states a limit. */
    void limit(final String type, final long periodMs, final int limit) {
        final AlignedWindow window = of(type);
        if (window != null && window.periodMs() == periodMs && limit > cancelReserve) {
            window.limit(part(limit));
        }
    }

    /** Nothing leaves until then. */
    void bar(final long untilNs) {
        barredUntilNs = barred ? Math.max(barredUntilNs, untilNs) : untilNs;
        barred = true;
    }

    boolean isBarred(final long nowNs) {
        if (barred && nowNs - barredUntilNs >= 0) {
            barred = false;
        }
        return barred;
    }

    int peakWeight() {
        return weight.peak();
    }

    int usedWeight(final long venueMs) {
        return weight.used(venueMs);
    }

    private AlignedWindow of(final String type) {
        switch (type) {
            case "REQUEST_WEIGHT":
                return weight;
            case "RAW_REQUESTS":
                return raw;
            case "CONNECTIONS":
                return connects;
            default:
                return null;
        }
    }

    private int part(final int limit) {
        return (int) ((long) limit * percent / 100);
    }
}
