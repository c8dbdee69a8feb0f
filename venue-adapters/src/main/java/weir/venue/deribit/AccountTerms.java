package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.sbe.SelfTradePrevention;
import weir.venue.AnswerLessons;

/**
 * What the venue has on record for an account ({@code private/get_account_summary}, extended): the limits of its tier,
 * which our guard takes over and the engine is told where the contract says so, and its self-trade mode, which is for
 * all orders of the account. A mode that is another than the account's is set and read again before the first order
 * leaves; one that reaches other sub-accounts raises an alarm. Agent's thread.
 */
final class AccountTerms {
    private static final Logger LOG = LoggerFactory.getLogger(AccountTerms.class);
    private static final String SUMMARY = "{\"currency\":\"BTC\",\"extended\":true}";

    private final DeribitAccount account;
    private final Credits credits;
    private final AnswerLessons lessons;
    private final DeribitCounters counters;

    AccountTerms(final DeribitAccount account, final Credits credits, final AnswerLessons lessons,
        final DeribitCounters counters) {
        this.account = account;
        this.credits = credits;
        this.lessons = lessons;
        this.counters = counters;
    }

    /**
     * The venue's word for a mode.
     *
     * @return null where the venue has none
     */
    static String word(final SelfTradePrevention wanted) {
        switch (wanted) {
            case CANCEL_NEWEST:
                return "reject_taker";
            case CANCEL_OLDEST:
                return "cancel_maker";
            default:
                return null;
        }
    }

    boolean allows(final SelfTradePrevention flag) {
        return flag == SelfTradePrevention.NONE || flag == SelfTradePrevention.NULL_VAL || flag == account.selfTrade();
    }

    /** Reads, and sets what has to be set; then gets what is wrong, or nothing. */
    void read(final Consumer<OutboundRequest> way, final Consumer<String> then) {
        read(way, then, false);
    }

    private void read(final Consumer<OutboundRequest> way, final Consumer<String> then, final boolean wasSet) {
        way.accept(OutboundRequest.admin(Method.SUMMARY, SUMMARY, answer -> {
            if (!answer.isResult()) {
                then.accept("account summary: " + answer.text());
                return;
            }
            onLimits(answer);
            final String found = VenueJson.text(answer.result(), "self_trading_reject_mode");
            final boolean reaches = answer.result().path("self_trading_extended_to_subaccounts").asBoolean(false);
            final String wanted = word(account.selfTrade());
            if (wanted == null || wanted.equals(found) && !reaches) {
                if (wanted != null) {
                    counters.increment(DeribitCounter.SELF_TRADE_CONFIRMED);
                }
                then.accept("");
                return;
            }
            if (reaches || wasSet) {
                counters.increment(DeribitCounter.SELF_TRADE_ALARMS);
                LOG.error("account {}: the venue has self-trade mode {}{}{}; wanted is {}", account.accountId(), found,
                    reaches ? " across sub-accounts" : "", wasSet ? ", after it was set" : "", wanted);
            }
            if (wasSet) {
                then.accept("self-trade mode stays " + found);
            } else {
                set(way, then, wanted);
            }
        }));
    }

    private void set(final Consumer<OutboundRequest> way, final Consumer<String> then, final String wanted) {
        way.accept(OutboundRequest.admin(Method.SELF_TRADING,
            "{\"mode\":\"" + wanted + "\",\"extended_to_subaccounts\":false}", answer -> {
                if (answer.isResult()) {
                    read(way, then, true);
                } else {
                    then.accept("self-trade mode: " + answer.text());
                }
            }));
    }

    /**
     * Burst and rate for orders, the least of those that are stated: for the account, by currency and by kind where
     * {@code limits_per_currency} is true (they only lower limits).
     *
     * @return burst in the upper half, rate in the lower; 0 when nothing is stated
     */
    static long tier(final JsonNode limits) {
        final JsonNode engine = limits.path("matching_engine");
        int burst = Integer.MAX_VALUE;
        int rate = Integer.MAX_VALUE;
        final List<JsonNode> trading = new ArrayList<>(List.of(engine.path("trading")));
        if (limits.path("limits_per_currency").asBoolean(false)) {
            engine.forEach(currency -> trading.add(currency.path("trading")));
        }
        for (final JsonNode stated : trading) {
            for (final JsonNode one : stated) {
                if (one.path("burst").asInt() > 0 && one.path("rate").asInt() > 0) {
                    burst = Math.min(burst, one.path("burst").asInt());
                    rate = Math.min(rate, one.path("rate").asInt());
                }
            }
        }
        return burst == Integer.MAX_VALUE ? 0 : (long)burst << Integer.SIZE | rate;
    }

    private void onLimits(final Answer answer) {
        final long tier = tier(answer.result().path("limits"));
        final int burst = (int)(tier >> Integer.SIZE);
        final int rate = (int)tier;
        if (credits.read(burst, rate, answer.nowNs())) {
            counters.increment(DeribitCounter.LIMIT_READINGS);
            LOG.info("account {}: the venue's tier is {} requests/s, burst {}", account.accountId(), rate, burst);
        }
        lessons.tellAgain(account.accountId());
        lessons.onAnswer(account.accountId(), answer.status(), answer.headers(),
            withLeast(answer.result(), burst, rate), "", answer.epochNs());
    }

    /** The summary with the least burst and rate, by whatever currency they are stated, as the account's. */
    private static JsonNode withLeast(final JsonNode summary, final int burst, final int rate) {
        if (burst <= 0 || rate <= 0 || !summary.isObject()) {
            return summary;
        }
        final ObjectNode told = summary.deepCopy();
        ((ObjectNode)told.path("limits").path("matching_engine")).putObject("trading").putObject("total")
            .put("burst", burst).put("rate", rate);
        return told;
    }
}
