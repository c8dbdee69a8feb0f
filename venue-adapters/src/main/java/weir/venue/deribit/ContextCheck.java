package weir.venue.deribit;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.protocol.sbe.SelfTradePrevention;

/** What is wrong with a {@link DeribitAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private static final int HEARTBEAT_MIN_S = 10;
    private static final int WHOLE_PERCENT = 100;

    private final DeribitAdapter.Context context;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final DeribitAdapter.Context context) {
        this.context = context;
    }

    static List<String> errors(final DeribitAdapter.Context context) {
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
        require(context.newsWaitMs() > 0, "newsWaitMs is positive");
        require(context.reconnectMinMs() >= 10 && context.reconnectMaxMs() >= context.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs");
        require(context.heartbeatS() >= HEARTBEAT_MIN_S || !(context.rules().getClass() == WireRules.class),
            "heartbeatS is at least " + HEARTBEAT_MIN_S);
        require(context.silenceMs() > context.heartbeatS() * 1_000L, "silenceMs is above heartbeatS");
        require(context.clockAlarmMs() > 0 && context.clockRoundTripMaxMs() > 0,
            "clockAlarmMs and clockRoundTripMaxMs are positive");
        require(Set.of("last_price", "mark_price", "index_price").contains(context.trigger()),
            "trigger is last_price, mark_price or index_price");
        require(Set.of("", "connection", "account").contains(context.cancelOnDisconnect()),
            "cancelOnDisconnect is connection, account or empty");
        require(context.pollMs() > 0 && context.fillsGraceMs() > 0 && context.limitsEveryMs() > 0,
            "pollMs, fillsGraceMs and limitsEveryMs are positive");
    }

    private void limits() {
        require(context.engineBurst() > 0 && context.engineRate() > 0 && context.cancelReserve() >= 0
            && context.cancelReserve() < context.engineBurst() * (WHOLE_PERCENT - context.engineMarginPercent())
            / WHOLE_PERCENT, "engineBurst and engineRate are positive and leave a request above cancelReserve");
        require(isMargin(context.engineMarginPercent()) && isMargin(context.otherMarginPercent()),
            "margins are 0 to 90 percent");
        require(context.holdMinMs() > 0 && context.holdMaxMs() >= context.holdMinMs(), "0 < holdMinMs <= holdMaxMs");
        require(context.inFlightMax() > 0 && context.httpInFlightMax() > 0 && context.bulkQueriesMin() > 0,
            "inFlightMax, httpInFlightMax and bulkQueriesMin are positive");
        require(context.laneCapacity() > 0 && context.outboxCapacity() > 0 && context.eventCapacity() > 1,
            "laneCapacity, outboxCapacity and eventCapacity are positive");
        require(context.orderRetentionMs() > 0 && context.finalOrdersMax() > 0,
            "orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!context.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        for (final DeribitAccount account : context.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(account.clientId() != null && account.clientId().matches("[!-~&&[^\"\\\\,=]]+"),
                name + "clientId is missing or no plain text");
            require(account.clientSecret() != null && !account.clientSecret().isEmpty(),
                name + "clientSecret is missing");
            require(isAddress(account.httpUri(), "http", "https"), name + "httpUri is http or https with a host");
            require(isAddress(account.socketUri(), "ws", "wss"), name + "socketUri is ws or wss with a host");
            require(account.selfTrade() == SelfTradePrevention.NONE || AccountTerms.word(account.selfTrade()) != null,
                name + "selfTrade is CANCEL_NEWEST, CANCEL_OLDEST or NONE at this venue");
        }
    }

    private static boolean isMargin(final int percent) {
        return percent >= 0 && percent <= 90;
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
