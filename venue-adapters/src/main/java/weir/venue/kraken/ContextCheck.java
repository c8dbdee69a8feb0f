package weir.venue.kraken;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.protocol.sbe.SelfTradePrevention;

/** What is wrong with a {@link KrakenAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private static final int VENUE_TOKENS = 100;
    private static final int VENUE_UNITS = 500;
    private static final int NEW_AND_DEAD_MAN = Endpoint.SEND.cost + Endpoint.DEAD_MAN.cost;

    private final KrakenAdapter.Context context;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final KrakenAdapter.Context context) {
        this.context = context;
    }

    static List<String> errors(final KrakenAdapter.Context context) {
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
        require(context.stallMs() > 0 && context.newsWaitMs() > 0, "stallMs and newsWaitMs are positive");
        require(context.reconnectMinMs() >= 10 && context.reconnectMaxMs() >= context.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs");
        require(context.pingMs() > 0 && context.pingMs() < 60_000 && context.silenceMs() > context.pingMs(),
            "0 < pingMs < 60000, silenceMs above it");
        require(context.processBeforeMs() >= 0 && context.clockAlarmMs() > 0 && context.clockRoundTripMaxMs() > 0
            && (context.processBeforeMs() == 0 || context.clockAlarmMs() <= context.processBeforeMs() / 2),
            "clockAlarmMs is positive and at most half of processBeforeMs");
        require(context.deadManTimeoutS() == 0 || context.deadManEveryMs() >= 1_000
            && context.deadManEveryMs() * 2 <= context.deadManTimeoutS() * 1_000L,
            "deadManEveryMs is at least 1000 and at most half of deadManTimeoutS");
        require(Set.of("last", "mark", "index").contains(context.triggerSignal()),
            "triggerSignal is last, mark or index");
        require(context.pollMs() > 0 && context.fillsGraceMs() > 0 && context.failuresToDown() > 0,
            "pollMs, fillsGraceMs and failuresToDown are positive");
    }

    private void limits() {
        require(context.budgetUnits() <= VENUE_UNITS && context.cancelReserve() >= 0
            && context.budgetUnits() - context.cancelReserve() >= NEW_AND_DEAD_MAN,
            "budgetUnits is at most " + VENUE_UNITS + " and leaves " + NEW_AND_DEAD_MAN + " above cancelReserve");
        require(context.windowMs() >= 10 && context.graceMs() >= 0, "windowMs is at least 10, graceMs at least 0");
        require(context.holdMinMs() > 0 && context.holdMaxMs() >= context.holdMinMs(), "0 < holdMinMs <= holdMaxMs");
        require(context.inFlightMax() > 0 && context.batchMax() > 0 && context.statusIdsMax() > 0
            && context.fillsPagesMax() > 0, "inFlightMax, batchMax, statusIdsMax and fillsPagesMax are positive");
        require(context.laneCapacity() > 0 && context.outboxCapacity() > 0 && context.eventCapacity() > 1,
            "laneCapacity, outboxCapacity and eventCapacity are positive");
        require(context.historyTokens() > 0 && context.historyTokens() <= VENUE_TOKENS,
            "historyTokens is at most " + VENUE_TOKENS);
        require(context.orderRetentionMs() > 0 && context.finalOrdersMax() > 0,
            "orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!context.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        final Set<String> keys = new HashSet<>();
        for (final KrakenAccount account : context.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(account.apiKey() != null && account.apiKey().matches("[!-~&&[^\"\\\\]]+"),
                name + "apiKey is missing or no plain text");
            require(keys.add(account.apiKey()), name + "apiKey is used twice; nonces belong to one");
            require(isAddress(account.restUri(), "http", "https"), name + "restUri is http or https with a host");
            require(isAddress(account.socketUri(), "ws", "wss"), name + "socketUri is ws or wss with a host");
            require(account.selfTrade() == SelfTradePrevention.NONE || SelfTrade.word(account.selfTrade()) != null,
                name + "selfTrade is CANCEL_NEWEST, CANCEL_OLDEST or NONE at this venue");
            try {
                new KrakenSigner(account.secret() == null ? "" : account.secret());
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
