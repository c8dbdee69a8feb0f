package weir.venue.binance;

import weir.venue.WireCosts;
import weir.venue.WireLimits;

/**
 * What may leave by the rules of the address: weight per minute, REST requests and connections per five minutes, and
 * nothing at all while the venue bars us. All accounts of the adapter share it. The last check before the socket; the
 * engine has charged the same budget before. Agent's thread.
 */
final class WireGuard {
    private static final long MINUTE_MS = 60_000;
    private static final int OF_SESSION = 2;

    private final AlignedWindow weight;
    private final AlignedWindow raw;
    private final AlignedWindow connects;
    private final WireCosts costs;
    private final int[] weights = new int[Method.values().length];
    private final int ofOneSymbol;
    private final int ofSession;
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
        costs = context.weights();
        for (final Method method : Method.values()) {
            weights[method.ordinal()] = weight(method.name, method.weight);
        }
        ofOneSymbol = weight(Method.OPEN_ORDERS.name + ".symbol", OutboundRequest.OPEN_OF_SYMBOL);
        ofSession = weight(WireLimits.CONNECT, OF_SESSION) + weight(Method.TIME) + Math.max(
            weight("session.logon", OF_SESSION) + weight("userDataStream.subscribe", OF_SESSION),
            weight("userDataStream.subscribe.signature", OF_SESSION));
    }

    private int weight(final String name, final int documented) {
        return costs.of(name, null, documented);
    }

    int weight(final Method method) {
        return weights[method.ordinal()];
    }

    int weight(final OutboundRequest request) {
        return request.isOfOneSymbol() ? ofOneSymbol : weight(request.method);
    }

    /** Whether a request may leave now; cancels may use what is kept back for them. */
    boolean admits(final int cost, final boolean rest, final boolean cancel, final long venueMs, final long nowNs) {
        return !isBarred(nowNs) && weight.admits(cost, cancel ? 0 : cancelReserve, venueMs)
            && (!rest || raw.admits(1, cancel ? 0 : cancelReserve, venueMs));
    }

    /** Charges a connection with what its session asks for: the time, who we are, user data. */
    boolean tryConnect(final long venueMs, final long nowNs) {
        if (isBarred(nowNs) || !connects.admits(1, 0, venueMs) || !weight.admits(ofSession, 0, venueMs)) {
            return false;
        }
        connects.open(1, venueMs);
        weight.open(ofSession, venueMs);
        return true;
    }

    /** The session of a connection stands, or will not. */
    void connected(final long openedMs, final long venueMs) {
        connects.close(1, openedMs, venueMs);
        weight.close(ofSession, openedMs, venueMs);
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
