package weir.venue.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Orders, cancels and replaces of one owner, from the engine's wish to the venue's word about it. A cancel is a wish:
 * the venue's yes counts when no settlement under way can fill the order any more, and a replace posts its new order
 * only then, of what is left. Agent's thread.
 */
final class OrderDesk {
    private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);
    private static final String ORDERS = "/api/v1/orders";
    private static final int CANCELLATIONS_MAX = 128;
    private static final int CANCEL_ATTEMPTS_MAX = 5;

    private final OwnerLink link;
    private final OrderForms forms;
    private final OrderRegistry registry;
    private final OrderEvents events;
    private final CowCounters counters;
    private final EpochNanoClock epochClock;
    private final boolean verifiedOnly;
    private final long newsWaitNs;
    /** News that have not left yet, by order. */
    private final Map<LiveOrder, Job> waiting = new IdentityHashMap<>();

    OrderDesk(final CowAdapter.Context settings, final OwnerLink link, final OrderRegistry registry,
        final OrderEvents events, final CowCounters counters) {
        this.link = link;
        this.registry = registry;
        this.events = events;
        this.counters = counters;
        forms = new OrderForms(settings);
        epochClock = settings.epochClock();
        verifiedOnly = settings.verifiedQuotesOnly();
        newsWaitNs = settings.newsWaitMs() * 1_000_000L;
    }

    /** A new order. */
    void onNew(final LiveOrder order, final OrderForms.Line line) {
        order.ours = true;
        order.clientId = line.id();
        order.orderQty = line.orderQty();
        order.price = line.price();
        order.takes = line.takes();
        final RejectReason refusal = forms.refusal(line, order.pair, epochClock.nanoTime());
        if (refusal != RejectReason.NONE) {
            if (refusal == RejectReason.QTY_PRECISION || refusal == RejectReason.PRICE_PRECISION) {
                counters.increment(CowCounter.INEXACT_ORDERS);
            }
            events.notSent(order, refusal);
        } else if (line.isMarket()) {
            quote(order, line);
        } else {
            final boolean partial = line.timeInForce() != TimeInForce.FOK;
            sign(order, line.id(), OrderForms.limit(line.side() == Side.SELL, base(order, line.orderQty()),
                line.price(), order.pair, forms.validTo(line, epochClock.nanoTime()), partial), null);
        }
    }

    private static BigInteger base(final LiveOrder order, final long quantity) {
        return Atoms.exact(quantity, order.pair.base().decimals());
    }

    /** A market order is a limit order at what a quote gives, less the slippage allowed. */
    private void quote(final LiveOrder order, final OrderForms.Line line) {
        final boolean sell = line.side() == Side.SELL;
        final CowToken sold = sell ? order.pair.base() : order.pair.quote();
        final CowToken bought = sell ? order.pair.quote() : order.pair.base();
        final BigInteger base = base(order, line.orderQty());
        final String body = "{\"sellToken\":\"" + sold.address().lower() + "\",\"buyToken\":\""
            + bought.address().lower() + "\",\"from\":\"" + link.owner() + "\",\"kind\":\""
            + (sell ? "sell\",\"sellAmountBeforeFee" : "buy\",\"buyAmountAfterFee") + "\":\"" + base
            + "\",\"signingScheme\":\"eip712\",\"priceQuality\":\"verified\"}";
        final Job[] asked = new Job[1];
        asked[0] = new Job(null, "POST", "/api/v1/quote", body, answer -> {
            if (waiting.remove(order, asked[0])) {
                onQuote(order, line, base, answer);
            }
        });
        waiting.put(order, asked[0]);
        link.ask(asked[0]);
    }

    private void onQuote(final LiveOrder order, final OrderForms.Line line, final BigInteger base,
        final Answer answer) {
        final JsonNode root = answer.isOk() ? answer.json() : null;
        final JsonNode quote = root == null ? null : root.path("quote");
        final BigInteger sold = quote == null ? null : Trade.amount(quote, "sellAmount");
        final BigInteger fee = quote == null ? null : Trade.amount(quote, "feeAmount");
        final BigInteger bought = quote == null ? null : Trade.amount(quote, "buyAmount");
        if (sold == null || fee == null || bought == null) {
            final RejectReason reason = CowWords.refusal(answer.errorType());
            LOG.warn("order {}: no quote: {}", order.orderId, answer.describe());
            events.notSent(order, answer.kind() != Answer.Kind.ANSWERED ? RejectReason.VENUE_DOWN
                : answer.status() == 429 ? RejectReason.VENUE_THROTTLED
                : reason == null ? RejectReason.NO_REFERENCE_PRICE : reason);
            return;
        }
        if (verifiedOnly && !root.path("verified").asBoolean()) {
            LOG.warn("order {}: quote {} is not verified", order.orderId, root.path("id"));
            events.notSent(order, RejectReason.NO_REFERENCE_PRICE);
            return;
        }
        final boolean sell = line.side() == Side.SELL;
        final OrderTerms terms = forms.market(sell, base, sold.add(fee), bought,
            forms.validTo(line, epochClock.nanoTime()), line.timeInForce() != TimeInForce.FOK);
        if (terms.buyAmount().signum() <= 0) {
            events.notSent(order, RejectReason.NOTIONAL_BELOW_MINIMUM);
            return;
        }
        sign(order, line.id(), terms, root.path("id").isIntegralNumber() ? root.path("id").asLong() : null);
    }

    /** Signs a leg, then lets it wait for its turn. */
    private void sign(final LiveOrder order, final UUID id, final OrderTerms terms, final Long quoteId) {
        final String document = OrderSigner.appData(id, order.leg() == null ? null : order.leg().id);
        final ReplaceJob replace = order.replacing;
        final Leg leg = new Leg(id, terms);
        final Job job = new Job(replace == null ? VenueMessageKind.NEW : null, "POST", ORDERS, null,
            answer -> onPosted(order, leg, replace, answer));
        job.orders.add(order);
        waiting.put(order, job);
        link.sign(signer -> signer.order(order.pair, terms, document, quoteId), signed -> {
            if (job.withdrawn) {
                return;
            }
            if (signed == null) {
                waiting.remove(order);
                if (replace == null) {
                    events.notSent(order, RejectReason.NOT_SENT);
                } else {
                    endReplace(order, RejectReason.NOT_SENT, "cannot sign");
                }
                return;
            }
            leg.uid = signed.uid();
            order.legs.add(leg);
            registry.bind(order, leg);
            job.body = signed.body();
            link.news(job);
        });
    }

    /** Whether a new order has waited for too long; the new order of a replace waits for as long as it takes. */
    boolean isLate(final Job job, final long nowNs) {
        return job.kind == VenueMessageKind.NEW && nowNs - job.waitingSinceNs >= newsWaitNs;
    }

    private void onPosted(final LiveOrder order, final Leg leg, final ReplaceJob replace, final Answer answer) {
        waiting.remove(order);
        if (answer.kind() == Answer.Kind.NOT_SENT) {
            if (replace == null) {
                events.notSent(order, RejectReason.VENUE_DOWN);
            } else {
                repost(order, leg);
            }
            return;
        }
        final JsonNode root = answer.json();
        if (answer.status() == 201 && root != null && root.isTextual()) {
            if (!leg.uid.equals(root.asText())) {
                counters.increment(CowCounter.UID_MISMATCHES);
                LOG.error("order {}: the venue calls it {}, not {}: is the chain id or the settlement contract wrong?",
                    order.orderId, root.asText(), leg.uid);
            }
            taken(order, leg, false);
            return;
        }
        if (answer.status() == 429) {
            if (replace == null) {
                events.throttled(order, answer.describe());
            } else {
                repost(order, leg);
            }
            return;
        }
        final String word = answer.errorType();
        final RejectReason refusal = CowWords.refusal(word);
        final boolean client = answer.status() >= 400 && answer.status() < 500 && answer.status() != 408
            && answer.status() != 425;
        if (refusal != null || client && !"DuplicatedOrder".equals(word)) {
            if (refusal == null && !word.isEmpty()) {
                counters.increment(CowCounter.UNKNOWN_WORDS);
            }
            final RejectReason reason = refusal == null ? RejectReason.VENUE_REJECTED : refusal;
            if (replace == null) {
                events.rejected(order, reason, answer.describe());
            } else {
                order.legs.remove(leg);
                endReplace(order, reason, answer.describe());
            }
            return;
        }
        if (answer.kind() == Answer.Kind.ANSWERED && !"DuplicatedOrder".equals(word)) {
            counters.increment(CowCounter.UNREADABLE_ANSWERS);
            LOG.warn("order {}: {} leaves it open", order.orderId, answer.describe());
        }
        order.unsureSinceNs = System.nanoTime();
        link.states().look();
    }

    /** The venue has the leg: by its answer, or because it was found. */
    void taken(final LiveOrder order, final Leg leg, final boolean recovered) {
        if (order.replacing != null && order.replacing.cancelled && leg == order.leg()) {
            order.ending = null;
            order.endingSinceNs = 0;
            final UUID cancelled = order.cancelId;
            events.replaced(order, order.replacing, recovered);
            if (cancelled != null) {
                order.cancelId = null;
                onCancel(order, cancelled);
            }
        } else {
            events.acknowledged(order, recovered);
        }
    }

    private void repost(final LiveOrder order, final Leg leg) {
        order.legs.remove(leg);
        if (order.cancelId != null) {
            endReplace(order, RejectReason.CANCEL_PENDING, "cancelled meanwhile");
        } else {
            postRest(order);
        }
    }

    /** A lost new order of a replace that the venue surely never got. */
    void neverArrived(final LiveOrder order) {
        order.unsureSinceNs = 0;
        order.legs.remove(order.leg());
        endReplace(order, RejectReason.NOT_AT_VENUE, "the new order did not arrive");
    }

    /** A cancel of one order. */
    void onCancel(final LiveOrder order, final UUID id) {
        final Job job = waiting.get(order);
        if (order.isFinal) {
            events.refused(order, id, VenueMessageKind.CANCEL, RejectReason.ORDER_FINAL, "");
        } else if (job != null && order.replacing == null && link.withdraw(job)) {
            waiting.remove(order);
            counters.increment(CowCounter.WITHDRAWN);
            events.notSent(order, RejectReason.NOT_SENT);
        } else if (order.cancelId != null) {
            events.refused(order, id, VenueMessageKind.CANCEL, RejectReason.CANCEL_PENDING, "");
        } else if (order.replacing != null) {
            order.cancelId = id;
            if (order.replacing.cancelled && link.withdraw(job)) {
                waiting.remove(order);
                order.legs.removeIf(leg -> leg.id.equals(order.replacing.id));
                endReplace(order, RejectReason.CANCEL_PENDING, "cancelled meanwhile");
            }
        } else {
            order.cancelId = id;
            cancel(List.of(order), VenueMessageKind.CANCEL, false);
        }
    }

    /** A cancel of several orders: one message of the venue for those that it has. */
    void onCancels(final Map<LiveOrder, UUID> wanted) {
        final List<LiveOrder> together = new ArrayList<>();
        wanted.forEach((order, id) -> {
            if (order.isFinal || order.cancelId != null || order.replacing != null || waiting.containsKey(order)) {
                onCancel(order, id);
            } else {
                order.cancelId = id;
                together.add(order);
            }
        });
        if (!together.isEmpty()) {
            cancel(together, together.size() == 1 ? VenueMessageKind.CANCEL : VenueMessageKind.CANCEL_BATCH, false);
        }
    }

    /** All orders of the owner, or of a pair. */
    void onMassCancel(final UUID id, final CowPair pair) {
        final Map<LiveOrder, UUID> wanted = new HashMap<>();
        final List<LiveOrder> together = new ArrayList<>();
        for (final LiveOrder order : registry.live(link.accountId())) {
            if (pair == null || pair == order.pair) {
                final Job job = waiting.get(order);
                if (job != null && order.replacing == null && link.withdraw(job)) {
                    waiting.remove(order);
                    counters.increment(CowCounter.WITHDRAWN);
                    events.notSent(order, RejectReason.NOT_SENT);
                } else if (order.replacing != null) {
                    wanted.put(order, id);
                } else if (order.ending == null && order.leg() != null) {
                    together.add(order);
                }
            }
        }
        wanted.forEach(this::onCancel);
        for (int i = 0; i < together.size(); i += CANCELLATIONS_MAX) {
            cancel(new ArrayList<>(together.subList(i, Math.min(together.size(), i + CANCELLATIONS_MAX))),
                VenueMessageKind.MASS_CANCEL, false);
        }
    }

    private void cancel(final List<LiveOrder> wanted, final VenueMessageKind kind, final boolean first) {
        final Job[] made = new Job[1];
        made[0] = new Job(kind, "DELETE", ORDERS, null, answer -> onCancelAnswer(made[0], answer));
        made[0].orders.addAll(wanted);
        final List<String> uids = new ArrayList<>();
        wanted.forEach(order -> {
            if (order.leg() != null && !order.leg().uid.isEmpty()) {
                uids.add(order.leg().uid);
            }
        });
        if (uids.size() < wanted.size()) {
            // a former run's order whose UID is not known here yet: the owner's list tells it
            link.states().find(wanted, () -> cancelKnown(wanted, kind));
            return;
        }
        link.sign(signer -> signer.cancellation(uids), body -> {
            made[0].body = body;
            if (body == null) {
                wanted.forEach(order -> failCancel(order, RejectReason.NOT_SENT, "cannot sign"));
            } else {
                link.cancel(made[0], first);
            }
        });
    }

    private void cancelKnown(final List<LiveOrder> wanted, final VenueMessageKind kind) {
        final List<LiveOrder> known = new ArrayList<>();
        for (final LiveOrder order : wanted) {
            if (order.isFinal) {
                continue;
            }
            if (order.leg() == null) {
                failCancel(order, RejectReason.UNKNOWN_ORDER, "not among the owner's orders");
            } else {
                known.add(order);
            }
        }
        if (!known.isEmpty()) {
            cancel(known, kind, true);
        }
    }

    private void onCancelAnswer(final Job job, final Answer answer) {
        final String word = answer.errorType();
        final long nowNs = System.nanoTime();
        if (answer.kind() == Answer.Kind.ANSWERED && answer.status() == 429) {
            link.cancel(job, true);
        } else if (answer.kind() == Answer.Kind.NOT_SENT) {
            refuse(job, RejectReason.VENUE_DOWN);
        } else if (answer.status() == 200 && isCancelled(answer)) {
            job.orders.forEach(order -> ending(order, nowNs));
        } else if (job.orders.size() > 1 && answer.status() >= 400 && answer.status() < 500) {
            // one of them stands in the way of all, and is not named
            job.orders.forEach(order -> cancel(List.of(order), VenueMessageKind.CANCEL, true));
        } else if (job.orders.size() == 1) {
            onSingle(job.orders.get(0), answer, word, nowNs);
        } else {
            job.orders.forEach(order -> again(order, answer));
        }
        link.states().look();
    }

    private static boolean isCancelled(final Answer answer) {
        return answer.json() != null && answer.json().isTextual();
    }

    private void onSingle(final LiveOrder order, final Answer answer, final String word, final long nowNs) {
        switch (word) {
            case "AlreadyCancelled":
                ending(order, nowNs);
                break;
            case "OrderFullyExecuted":
            case "OrderExpired":
                failCancel(order, RejectReason.ORDER_FINAL, word);
                break;
            case "OrderNotFound":
                failCancel(order, RejectReason.UNKNOWN_ORDER, word);
                break;
            default:
                if (answer.status() >= 400 && answer.status() < 500) {
                    LOG.error("order {}: cancel refused: {}", order.orderId, answer.describe());
                    failCancel(order, RejectReason.VENUE_REJECTED, answer.describe());
                } else {
                    again(order, answer);
                }
                break;
        }
    }

    /** Without a clear answer a cancel is sent again: twice is AlreadyCancelled. */
    private void again(final LiveOrder order, final Answer answer) {
        if (order.isFinal || order.ending != null) {
            return;
        }
        if (++order.cancelAttempts > CANCEL_ATTEMPTS_MAX) {
            failCancel(order, RejectReason.VENUE_DOWN, answer.describe());
        } else {
            cancel(List.of(order), VenueMessageKind.CANCEL, false);
        }
    }

    private static void ending(final LiveOrder order, final long nowNs) {
        order.cancelAttempts = 0;
        if (order.ending == null) {
            order.ending = ExecType.CANCELED;
            order.endingSinceNs = nowNs;
        }
    }

    private void failCancel(final LiveOrder order, final RejectReason reason, final String text) {
        order.cancelAttempts = 0;
        if (order.isFinal) {
            return;
        }
        if (order.replacing != null) {
            events.refused(order, order.replacing.id, VenueMessageKind.REPLACE, reason, text);
            order.replacing = null;
        }
        if (order.cancelId != null) {
            events.refused(order, order.cancelId, VenueMessageKind.CANCEL, reason, text);
            order.cancelId = null;
        }
    }

    /** A replace: cancels first. */
    void onReplace(final LiveOrder order, final UUID id, final long orderQty, final long price) {
        final RejectReason refusal = order.isFinal ? RejectReason.ORDER_FINAL
            : order.cancelId != null ? RejectReason.CANCEL_PENDING
            : order.replacing != null ? RejectReason.REPLACE_PENDING
            : waiting.containsKey(order) || order.takes ? RejectReason.REPLACE_NOT_ALLOWED
            : OrderForms.amounts(orderQty, price, order.pair);
        if (refusal != RejectReason.NONE) {
            events.notSent(order.accountId, order.orderId, id, VenueMessageKind.REPLACE, refusal);
            return;
        }
        order.replacing = new ReplaceJob(id, orderQty, price);
        cancel(List.of(order), VenueMessageKind.REPLACE, false);
    }

    /** The leg is surely over, all of its fills are told: the order ends, or its next leg is posted. */
    void onEnded(final LiveOrder order) {
        if (order.replacing == null) {
            events.over(order, order.ending, order.cancelId == null && order.ending == ExecType.CANCELED
                ? "cancelled at the venue" : "");
        } else if (order.cancelId != null) {
            endReplace(order, RejectReason.CANCEL_PENDING, "cancelled meanwhile");
        } else if (order.ending != ExecType.CANCELED) {
            endReplace(order, RejectReason.ORDER_FINAL, "expired before it");
        } else if (!order.replacing.cancelled) {
            order.replacing.cancelled = true;
            postRest(order);
        }
    }

    private void postRest(final LiveOrder order) {
        final ReplaceJob job = order.replacing;
        final BigInteger rest = base(order, job.orderQty).subtract(order.filledAtoms());
        if (rest.signum() <= 0) {
            endReplace(order, RejectReason.QTY_BELOW_FILLED, "filled meanwhile");
            return;
        }
        final OrderTerms old = order.legs.get(0).terms;
        sign(order, job.id, OrderForms.limit(old.sell(), rest, job.price, order.pair, old.validTo(),
            old.partiallyFillable()), null);
    }

    private void endReplace(final LiveOrder order, final RejectReason reason, final String text) {
        events.refused(order, order.replacing.id, VenueMessageKind.REPLACE, reason, text);
        order.replacing = null;
        order.ending = order.ending == null ? ExecType.CANCELED : order.ending;
        events.over(order, order.ending, text);
    }

    /** An order asked for before it left must not leave any more. */
    boolean withdrawNew(final LiveOrder order) {
        final Job job = waiting.get(order);
        if (job == null || order.replacing != null || !link.withdraw(job)) {
            return false;
        }
        waiting.remove(order);
        counters.increment(CowCounter.WITHDRAWN);
        events.notSent(order, RejectReason.NOT_SENT);
        return true;
    }

    /** The request surely never left: says so of each of its orders. False when it waits on. */
    boolean refuse(final Job job, final RejectReason reason) {
        if (job.kind == null) {
            return false;
        }
        for (final LiveOrder order : job.orders) {
            if (job.kind == VenueMessageKind.NEW) {
                waiting.remove(order);
                events.notSent(order, reason);
            } else {
                if (order.replacing != null) {
                    events.notSent(order.accountId, order.orderId, order.replacing.id, VenueMessageKind.REPLACE,
                        reason);
                    order.replacing = null;
                }
                if (order.cancelId != null) {
                    events.notSent(order.accountId, order.orderId, order.cancelId, VenueMessageKind.CANCEL, reason);
                    order.cancelId = null;
                }
            }
        }
        return true;
    }
}
