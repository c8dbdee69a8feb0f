package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Replaces by REST, which has none: the order is cancelled, what it filled is counted by the venue's own lists, and
 * only then what is left is placed anew. At no time is more at the venue than was asked for; the price is a moment
 * without an order. Refused after the cancel went through, the replace is refused and the order is over. The engine
 * sees one order all along. Agent's thread.
 */
final class Replacer {
    private static final Logger LOG = LoggerFactory.getLogger(Replacer.class);
    private static final long PAUSE_NS = 300_000_000L;
    private static final long PAUSE_MAX_NS = 5_000_000_000L;
    private static final int ROUNDS = 30;
    private static final int FILLS_PAGE = 100;

    private final int accountId;
    private final CoinbaseRest rest;
    private final RestReader reader;
    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final long signatureLifeNs;
    private final WireRules rules;
    private final VenueExecution report = new VenueExecution();
    private final List<ReplaceJob> jobs = new ArrayList<>();
    private UserReports users;

    Replacer(final CoinbaseAdapter.Context context, final int accountId, final CoinbaseRest rest,
        final OrderRegistry registry, final VenueEventProxy engine, final CoinbaseCounters counters) {
        this.accountId = accountId;
        this.rest = rest;
        this.reader = new RestReader(new Decimals(counters));
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.signatureLifeNs = context.signatureLifeMs() * 1_000_000L;
        this.rules = context.rules();
    }

    void bind(final UserReports reports) {
        users = reports;
    }

    /** Why an order has no replace here, NONE when it has: only of what this run placed every flag is known. */
    static RejectReason refusal(final LiveOrder order) {
        return !order.termsKnown || order.size == Scale.NULL || !order.hasVenueOrderId()
            ? RejectReason.REPLACE_NOT_ALLOWED
            : order.job != null || order.lost != null ? RejectReason.REPLACE_PENDING : RejectReason.NONE;
    }

    /** Begins with the cancel. */
    void start(final LiveOrder order, final OrderLine terms, final UUID id, final String symbol) {
        terms.postOnly = order.postOnly;
        terms.expireNs = order.expireNs == 0 ? Scale.NULL : order.expireNs;
        final ReplaceJob job = new ReplaceJob(order.orderId, symbol, terms, id, SuccessorId.of(id),
            order.venueOrderIdText(), order.selfTrade);
        order.job = job;
        jobs.add(job);
        cancel(job, 0);
    }

    /** Nothing of what is under way is placed any more; what may be with the venue already is told by its order. */
    void stopAll(final LongConsumer placing) {
        for (final ReplaceJob job : jobs) {
            job.stopped = true;
            if (job.stage == ReplaceJob.Stage.PLACE || job.stage == ReplaceJob.Stage.LOOK) {
                placing.accept(job.orderId);
            }
        }
    }

    /** What waited to be placed was taken back. */
    void onWithdrawn(final ReplaceJob job, final RejectReason reason) {
        over(job, reason, "");
    }

    /** The user channel ends the order as it was: what remains of it is the venue's count. */
    void onEnd(final ReplaceJob job, final JsonNode message, final long filled) {
        job.end = message;
        job.toldFilled = filled;
    }

    /** The user channel shows the new order, perhaps before the answer does. */
    void onReceived(final ReplaceJob job, final String venueId) {
        replaced(job, venueId);
    }

    /** An answer to a request of a job. */
    void onAnswer(final RestCall call, final int status, final JsonNode node, final String message,
        final String cursor) {
        final ReplaceJob job = call.job;
        if (job.ended) {
            return;
        }
        if (registry.order(job.orderId) == null) {
            end(job);
            return;
        }
        switch (job.stage) {
            case CANCEL:
                onCancel(job, status, message);
                break;
            case FILLS:
                onFills(job, status, node, cursor);
                break;
            case COUNT:
                onCount(job, status, node);
                break;
            case PLACE:
                onPlace(job, status, node, message);
                break;
            default:
                onLook(job, status, node);
                break;
        }
    }

    private void onCancel(final ReplaceJob job, final int status, final String message) {
        if (status == 200) {
            job.rounds = 0;
            fills(job, "", 0);
        } else if (RestWords.refuses(status, message)) {
            final RejectReason reason = RestWords.reason(message);
            if (job.unsure && (reason == RejectReason.ORDER_FINAL || reason == RejectReason.UNKNOWN_ORDER)) {
                job.rounds = 0;
                fills(job, "", 0); // by the one that had no answer, or by a fill, which the count will show
            } else {
                refused(job, reason, message);
            }
        } else if (status == CoinbaseRest.NEVER_LEFT && !job.unsure) {
            end(job);
            counters.increment(CoinbaseCounter.NOT_SENT);
            engine.notSent(accountId, epochClock.nanoTime(), job.orderId, job.id.getMostSignificantBits(),
                job.id.getLeastSignificantBits(), VenueMessageKind.REPLACE, RejectReason.VENUE_DOWN);
            users.resume(job);
        } else {
            job.unsure |= status != CoinbaseRest.NEVER_LEFT;
            counters.increment(CoinbaseCounter.REST_UNSURE);
            if (++job.rounds > ROUNDS) {
                refused(job, RejectReason.UNKNOWN_ORDER, "the cancel has no answer"); // the engine asks
            } else {
                cancel(job, PAUSE_NS); // once more: a cancel does no harm twice
            }
        }
    }

    private void onFills(final ReplaceJob job, final int status, final JsonNode node, final String cursor) {
        if (status != 200 || node == null || !node.isArray()) {
            countAgain(job);
            return;
        }
        final LiveOrder order = registry.order(job.orderId);
        node.forEach(fill -> job.fills.add(reader.readFill(fill, order.orderId, job.id)));
        if (!cursor.isEmpty() && node.size() >= FILLS_PAGE) {
            fills(job, cursor, 0);
            return;
        }
        if (job.toldFilled != Scale.NULL) {
            counted(job, job.toldFilled);
        } else {
            job.stage = ReplaceJob.Stage.COUNT;
            submit(job, new RestCall(RestCall.Kind.ORDER, "/orders/" + RestCall.part(job.oldVenueId), ""), 0);
        }
    }

    private void onCount(final ReplaceJob job, final int status, final JsonNode node) {
        if (job.toldFilled != Scale.NULL) {
            counted(job, job.toldFilled);
        } else if (status == 200 && node != null && node.isObject()) {
            reader.readOrder(node, report);
            if (report.leavesQty != 0) {
                countAgain(job); // not done yet, by this list
            } else {
                counted(job, report.cumQty);
            }
        } else if (status == 404) {
            counted(job, 0); // the venue forgets what it cancelled without a fill
        } else {
            countAgain(job);
        }
    }

    /** Only when every fill that the venue counts is known, and told, is what is left known. */
    private void counted(final ReplaceJob job, final long filled) {
        if (filled == Scale.NULL || job.listedFilled() != filled) {
            countAgain(job);
            return;
        }
        final LiveOrder order = registry.order(job.orderId);
        job.filled = order.filledBefore + filled;
        job.fills.sort(Comparator.comparingLong(fill -> fill.tradeId));
        job.fills.forEach(fill -> engine.execution(accountId, epochClock.nanoTime(), fill));
        if (order.size != Scale.NULL && job.filled >= order.size) {
            refused(job, RejectReason.ORDER_FINAL, "filled before it was cancelled");
        } else if (job.stopped) {
            over(job, RejectReason.CANCEL_PENDING, "");
        } else if (job.terms.orderQty <= job.filled) {
            over(job, RejectReason.QTY_BELOW_FILLED, "");
        } else {
            place(job);
        }
    }

    private void countAgain(final ReplaceJob job) {
        if (++job.rounds > ROUNDS) {
            LOG.warn("account {} order {}: cancelled to be replaced, and its fills do not add up: {} of {}", accountId,
                job.orderId, job.listedFilled(), job.toldFilled);
            // over for sure: the engine asks what it filled
            refused(job, RejectReason.ORDER_FINAL, "the fills of the order do not add up");
        } else {
            job.fills.clear();
            fills(job, "", PAUSE_NS);
        }
    }

    private void place(final ReplaceJob job) {
        final LiveOrder order = registry.order(job.orderId);
        final OrderLine line = job.terms;
        final long nowEpochNs = epochClock.nanoTime();
        final RejectReason refusal = RestForms.refusal(line, nowEpochNs, signatureLifeNs);
        if (refusal != RejectReason.NONE) {
            over(job, refusal, "");
            return;
        }
        job.stage = ReplaceJob.Stage.PLACE;
        job.rounds = 0;
        registry.bind(job.newId.getMostSignificantBits(), job.newId.getLeastSignificantBits(), VenueMessageKind.REPLACE,
            order, null);
        registry.bind(job.id.getMostSignificantBits(), job.id.getLeastSignificantBits(), VenueMessageKind.REPLACE,
            order, null);
        final long whole = line.orderQty;
        line.orderQty = whole - job.filled;
        final RestCall call = new RestCall(RestCall.Kind.NEW, "/orders", RestForms.body(line,
            rules.symbol(job.symbol, 0), rules.idText(job.newId), job.selfTrade, nowEpochNs,
            signatureLifeNs));
        line.orderQty = whole;
        call.leaveByEpochNs = RestForms.leaveByNs(line, nowEpochNs, signatureLifeNs);
        call.symbol = job.symbol;
        submit(job, call, 0);
    }

    private void onPlace(final ReplaceJob job, final int status, final JsonNode node, final String message) {
        if (status == 200 && node != null && node.path("id").isTextual()) {
            if ("rejected".equals(node.path("status").asText())) {
                final String text = node.path("reject_reason").asText("");
                over(job, RestWords.reason(text), text);
            } else {
                replaced(job, node.path("id").asText());
            }
        } else if (RestWords.refuses(status, message)) {
            over(job, RestWords.reason(message), message);
        } else if (status == CoinbaseRest.NEVER_LEFT) {
            over(job, RejectReason.VENUE_DOWN, "");
        } else {
            counters.increment(CoinbaseCounter.REST_UNSURE);
            job.pauseNs = PAUSE_NS;
            look(job);
        }
    }

    private void look(final ReplaceJob job) {
        job.stage = ReplaceJob.Stage.LOOK;
        submit(job, new RestCall(RestCall.Kind.ORDER, "/orders/client:" + rules.idText(job.newId), ""), job.pauseNs);
        job.pauseNs = Math.min(PAUSE_MAX_NS, 2 * job.pauseNs);
    }

    private void onLook(final ReplaceJob job, final int status, final JsonNode node) {
        final LiveOrder order = registry.order(job.orderId);
        if (status == 200 && node != null && node.path("id").isTextual()) {
            replaced(job, node.path("id").asText());
        } else if (status == 404 && System.nanoTime() - order.unsureUntilNs >= 0) {
            over(job, RejectReason.NOT_AT_VENUE, ""); // its signature is dead: it is not there and will not be
        } else if (status != 404 && System.nanoTime() - order.unsureUntilNs >= signatureLifeNs) {
            // dead as long again, and the venue still does not say: no verdict, the engine asks about its replace
            LOG.warn("account {} order {}: whether a replace by REST is at the venue is not known", accountId,
                job.orderId);
            end(job);
            order.lost = job;
        } else {
            look(job);
        }
    }

    private void replaced(final ReplaceJob job, final String venueId) {
        final LiveOrder order = registry.order(job.orderId);
        end(job);
        order.lost = null;
        order.unsureUntilNs = 0;
        registry.bindVenueOrderId(order, venueId);
        order.born = LiveOrder.BORN_BY_REST;
        order.moved = true;
        order.markedLow = job.id.getLeastSignificantBits();
        order.taken = true;
        order.size = job.terms.orderQty;
        order.filledBefore = job.filled;
        order.cumQty = job.filled;
        job.fills.forEach(fill -> order.lastTradeId = Math.max(order.lastTradeId, fill.tradeId));
        counters.increment(CoinbaseCounter.REST_REPLACES);
        begin(job, ExecType.REPLACED, job.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW);
        report.venueOrderId = venueId;
        report.orderQty = job.terms.orderQty;
        report.price = job.terms.price;
        report.cumQty = job.filled;
        engine.execution(accountId, epochClock.nanoTime(), report);
    }

    /** The order was cancelled and nothing took its place. */
    private void over(final ReplaceJob job, final RejectReason reason, final String text) {
        final LiveOrder order = registry.order(job.orderId);
        end(job);
        engine.cancelReject(accountId, epochClock.nanoTime(), job.orderId, job.id, VenueMessageKind.REPLACE, reason,
            text);
        begin(job, ExecType.CANCELED, OrdStatus.CANCELED);
        report.venueOrderId = job.oldVenueId;
        report.cumQty = job.filled;
        report.leavesQty = 0;
        report.text = "cancelled to be replaced";
        engine.execution(accountId, epochClock.nanoTime(), report);
        if (order != null) {
            order.unsureUntilNs = 0;
            registry.onFinal(order, System.nanoTime());
        }
    }

    /** The replace is refused; of the order the engine hears what the user channel said meanwhile, or asks. */
    private void refused(final ReplaceJob job, final RejectReason reason, final String text) {
        end(job);
        engine.cancelReject(accountId, epochClock.nanoTime(), job.orderId, job.id, VenueMessageKind.REPLACE, reason,
            text);
        users.resume(job);
    }

    private void end(final ReplaceJob job) {
        job.ended = true;
        jobs.remove(job);
        final LiveOrder order = registry.order(job.orderId);
        if (order != null && order.job == job) {
            order.job = null;
        }
    }

    private void begin(final ReplaceJob job, final ExecType type, final OrdStatus status) {
        report.reset();
        report.orderId = job.orderId;
        report.requestIdHigh = job.id.getMostSignificantBits();
        report.requestIdLow = job.id.getLeastSignificantBits();
        report.execType = type;
        report.ordStatus = status;
    }

    private void cancel(final ReplaceJob job, final long afterNs) {
        final RestCall call = new RestCall(RestCall.Kind.CANCEL,
            "/orders/" + RestCall.part(job.oldVenueId) + "?product_id=" + job.symbol, "");
        submit(job, call, afterNs);
    }

    private void fills(final ReplaceJob job, final String cursor, final long afterNs) {
        job.stage = ReplaceJob.Stage.FILLS;
        submit(job, new RestCall(RestCall.Kind.FILLS, "/fills?order_id=" + RestCall.part(job.oldVenueId) + "&limit="
            + FILLS_PAGE + (cursor.isEmpty() ? "" : "&after=" + RestCall.part(cursor)), ""), afterNs);
    }

    private void submit(final ReplaceJob job, final RestCall call, final long afterNs) {
        call.job = job;
        call.orderId = job.orderId;
        call.idHigh = job.id.getMostSignificantBits();
        call.idLow = job.id.getLeastSignificantBits();
        call.notBeforeNs = System.nanoTime() + afterNs;
        call.told = call.kind() != RestCall.Kind.CANCEL || job.unsure;
        rest.submit(call);
    }
}
