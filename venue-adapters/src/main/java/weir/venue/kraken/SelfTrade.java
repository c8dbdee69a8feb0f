package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Self-trade strategy of one account ("Update self trade strategy"): the venue has one for all orders of an account, so
 * that it is set once, before the first order leaves, and asked for afterwards. A strategy found there that cancels
 * orders of other sub-accounts raises an alarm before it is changed. Agent's thread.
 */
final class SelfTrade {
    private static final Logger LOG = LoggerFactory.getLogger(SelfTrade.class);
    private static final UUID NO_ID = new UUID(0, 0);
    private static final long RETRY_NS = 5_000_000_000L;
    /** Strategies that cancel resting orders of other accounts of the same owner. */
    private static final Set<String> REACHES_OTHERS = Set.of("CANCEL_MAKER_CHILD", "CANCEL_MAKER_ANY");

    private enum Step { ASK, SET, VERIFY, DONE }

    private final KrakenAccount account;
    private final KrakenCounters counters;
    private Step step;
    private boolean asking;
    private long dueNs;

    SelfTrade(final KrakenAccount account, final KrakenCounters counters, final long nowNs) {
        this.account = account;
        this.counters = counters;
        this.step = account.selfTrade() == SelfTradePrevention.NONE ? Step.DONE : Step.ASK;
        this.dueNs = nowNs;
    }

    /**
     * The venue's word for a strategy.
     *
     * @return null where the venue has none
     */
    static String word(final SelfTradePrevention wanted) {
        switch (wanted) {
            case CANCEL_NEWEST:
                return "REJECT_TAKER";
            case CANCEL_OLDEST:
                return "CANCEL_MAKER_SELF";
            default:
                return null;
        }
    }

    /** Whether an order may leave that asks for a strategy; what it does not ask for is the account's. */
    boolean allows(final SelfTradePrevention flag) {
        return flag == SelfTradePrevention.NONE || flag == SelfTradePrevention.NULL_VAL || flag == account.selfTrade();
    }

    /** The connection is up again, and the strategy may have been changed meanwhile. */
    void onUp(final long nowNs) {
        if (account.selfTrade() != SelfTradePrevention.NONE) {
            step = Step.ASK;
            dueNs = nowNs;
        }
    }

    /** False while no order may leave yet. */
    boolean isSettled() {
        return step == Step.DONE;
    }

    /** The question that is due, null when none is. */
    OutboundRequest due(final long nowNs) {
        if (asking || step == Step.DONE || nowNs - dueNs < 0) {
            return null;
        }
        asking = true;
        final boolean set = step == Step.SET;
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.ADMIN,
            set ? Endpoint.STRATEGY_SET : Endpoint.STRATEGY, NO_ID, this::onAnswer);
        request.data = set ? "strategy=" + word(account.selfTrade()) : "";
        return request;
    }

    private void onAnswer(final JsonNode root) {
        asking = false;
        if (root == null || !"success".equals(VenueJson.text(root, "result"))) {
            LOG.error("account {}: self-trade strategy: {}; no order leaves before it is known", account.accountId(),
                root == null ? "no answer" : VenueJson.error(root));
            dueNs = System.nanoTime() + RETRY_NS;
        } else if (step == Step.SET) {
            step = Step.VERIFY;
        } else {
            onStrategy(VenueJson.text(root, "strategy"));
        }
    }

    private void onStrategy(final String found) {
        if (found.equals(word(account.selfTrade()))) {
            step = Step.DONE;
            counters.increment(KrakenCounter.SELF_TRADE_CONFIRMED);
            return;
        }
        if (REACHES_OTHERS.contains(found) || step == Step.VERIFY) {
            counters.increment(KrakenCounter.SELF_TRADE_ALARMS);
            LOG.error("account {}: the venue has self-trade strategy {}, which {}; wanted is {}", account.accountId(),
                found, step == Step.VERIFY ? "stays after it was set" : "cancels orders of other accounts",
                word(account.selfTrade()));
        }
        dueNs = System.nanoTime() + (step == Step.VERIFY ? RETRY_NS : 0);
        step = Step.SET;
    }
}
