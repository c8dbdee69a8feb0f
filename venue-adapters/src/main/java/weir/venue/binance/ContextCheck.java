package weir.venue.binance;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with a {@link BinanceAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private static final long RECV_WINDOW_MAX_MS = 60_000;

    private final BinanceAdapter.Context context;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final BinanceAdapter.Context context) {
        this.context = context;
    }

    static List<String> errors(final BinanceAdapter.Context context) {
        final ContextCheck check = new ContextCheck(context);
        check.settings();
        check.limits();
        check.accounts();
        return check.errors;
    }

    private void settings() {
        require(!context.invoked() || !context.useInvoker(), "invoked or useInvoker, not both");
        require(context.aeron() != null, "aeron is missing");
        require(context.connectTimeoutMs() > 0 && context.requestTimeoutMs() > 0
            && context.queryTimeoutMs() > context.requestTimeoutMs(),
            "connectTimeoutMs and requestTimeoutMs are positive, queryTimeoutMs above requestTimeoutMs");
        require(context.recvWindowMs() > 0 && context.recvWindowMs() <= RECV_WINDOW_MAX_MS
            && context.settleMs() >= context.recvWindowMs(),
            "0 < recvWindowMs <= " + RECV_WINDOW_MAX_MS + ", settleMs at least as long");
        require(context.reconnectMinMs() >= 10 && context.reconnectMaxMs() >= context.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs");
        require(context.fallbackAfterMs() >= 0 && context.switchMaxMs() > context.fallbackAfterMs()
            && context.newsWaitMs() > 0, "0 <= fallbackAfterMs < switchMaxMs, newsWaitMs is positive");
        require(context.silenceMs() > 0 && context.connectionLifeMs() > 0 && context.termsEveryMs() > 0,
            "silenceMs, connectionLifeMs and termsEveryMs are positive");
        require(context.clockEveryMs() > 0 && context.clockAlarmMs() > 0 && context.clockAlarmMs() < 1_000
            && context.clockRoundTripMaxMs() > 0,
            "clockEveryMs and clockRoundTripMaxMs are positive, clockAlarmMs below the venue's 1000");
        require(context.pollMs() > 0 && context.fillsGraceMs() > 0 && context.failuresToDown() > 0
            && context.readingEveryMs() >= 0, "pollMs, fillsGraceMs and failuresToDown are positive");
    }

    private void limits() {
        require(context.limitPercent() > 0 && context.limitPercent() <= 100, "limitPercent is 1 to 100");
        require(context.cancelReserve() >= 0
            && (long) context.weightLimit() * context.limitPercent() / 100 - context.cancelReserve()
            >= Method.OPEN_ORDERS.weight, "weightLimit leaves " + Method.OPEN_ORDERS.weight + " above cancelReserve");
        require(context.rawLimit() > context.cancelReserve() && context.connectLimit() > 0 && context.orders10s() > 0
            && context.orders1d() > 0, "rawLimit, connectLimit, orders10s and orders1d are positive");
        require(context.windowSkewMs() >= 0 && context.windowSkewMs() < 30_000 && context.orderSkewMs() >= 0
            && context.orderSkewMs() < 5_000, "windowSkewMs and orderSkewMs are less than half a window");
        require(context.inFlightMax() > 0 && context.laneCapacity() > 0 && context.outboxCapacity() > 0
            && context.eventCapacity() > 1,
            "inFlightMax, laneCapacity, outboxCapacity and eventCapacity are positive");
        require(context.orderRetentionMs() > 0 && context.finalOrdersMax() > 0,
            "orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!context.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        for (final BinanceAccount account : context.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(account.apiKey() != null && account.apiKey().matches("[!-~&&[^\"\\\\]]+"),
                name + "apiKey is missing or no plain text");
            require(isAddress(account.restUri(), "http", "https"), name + "restUri is http or https with a host");
            require(isAddress(account.socketUri(), "ws", "wss"), name + "socketUri is ws or wss with a host");
            try {
                new BinanceSigner(account.secret());
            } catch (final IllegalArgumentException ex) {
                errors.add(name + ex.getMessage());
            }
        }
    }

    private static boolean isAddress(final URI uri, final String plain, final String secure) {
        return uri != null && uri.getHost() != null && (plain.equals(uri.getScheme()) || secure.equals(uri.getScheme()))
            && !uri.toString().endsWith("/");
    }

    private void require(final boolean right, final String text) {
        if (!right) {
            errors.add(text);
        }
    }
}
