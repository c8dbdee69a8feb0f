package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;

/**
 * Answers VenueOrderQuery: every fill the venue knows as a recovered execution, then exactly one VenueOrderState.
 * <ul>
 * <li>FIX knows the order and no fill is missing here: found, as FIX says.
 * <li>FIX or REST knows the order and fills are missing: the fills are fetched until they add up; only then found.
 * <li>FIX says unknown and REST 404 (which it also says of an order cancelled without a fill): not found.
 * <li>Anything else within the time: no answer.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final Logger LOG = LoggerFactory.getLogger(QueryDesk.class);
    private static final long RETRY_NS = 300_000_000L;
    private static final int FILLS_PAGE = 100;

    private final Map<Long, OrderQuery> running = new LinkedHashMap<>();
    private final List<OrderQuery> due = new ArrayList<>();
    private final ObjectMapper json = new ObjectMapper();
    private final RestReader restReader;
    private final OrderRegistry registry;
    private final RequestPool requests;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final Map<Integer, CoinbaseRest> restByAccount;
    private final WireRules rules;
    private final long fixTimeoutNs;
    private final long timeoutNs;

    QueryDesk(final CoinbaseAdapter.Context context, final OrderRegistry registry, final RequestPool requests,
        final VenueEventProxy engine, final CoinbaseCounters counters,
        final Map<Integer, CoinbaseRest> restByAccount) {
        this.registry = registry;
        this.requests = requests;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.restByAccount = restByAccount;
        this.rules = context.rules();
        this.fixTimeoutNs = context.fixAnswerTimeoutMs() * 1_000_000L;
        this.timeoutNs = context.queryTimeoutMs() * 1_000_000L;
        this.restReader = new RestReader(new Decimals(counters));
    }

    /** A query of the engine; a second one about the same order is answered together with the first. */
    void start(final AccountLink link, final LiveOrder order, final UUID requestId, final UUID origId,
        final long knownCumQty, final int attempt, final long nowNs) {
        counters.increment(CoinbaseCounter.QUERIES);
        final OrderQuery known = running.get(order.orderId);
        if (known != null) {
            known.attempt = attempt;
            known.knownCumQty = knownCumQty;
            return;
        }
        final OrderQuery query = new OrderQuery(link, order, requestId, origId, fixTimeoutNs, timeoutNs);
        query.attempt = attempt;
        query.knownCumQty = knownCumQty == Scale.NULL ? 0 : knownCumQty;
        running.put(order.orderId, query);
        order.pinned = true;
        if (link.isUp()) {
            final OutboundRequest status = requests.take(VenueMessageKind.STATUS,
                requestId.getMostSignificantBits(), requestId.getLeastSignificantBits(), order.symbol);
            status.orderId = order.orderId;
            status.origHigh = origId.getMostSignificantBits();
            status.origLow = origId.getLeastSignificantBits();
            status.query = query;
            RequestPool.hold(status);
            query.statusRequest = status;
            link.lanes().add(status);
        } else {
            onFixSilent(query, nowNs);
        }
    }

    /** ExecType(150) I; false when nobody asks. */
    boolean onFixState(final LiveOrder order, final FixFields fields, final ExecutionReader reader, final long nowNs) {
        final OrderQuery query = running.get(order.orderId);
        if (query == null || query.fix != OrderQuery.Fix.WAITING) {
            return query != null;
        }
        confirm(query, nowNs);
        query.fix = OrderQuery.Fix.FOUND;
        reader.read(fields, query.state);
        query.stateKnown = true;
        onStateKnown(query, nowNs);
        return true;
    }

    /** The venue knows no such order; false when nobody asks. */
    boolean onFixUnknown(final LiveOrder order, final long nowNs) {
        final OrderQuery query = running.get(order.orderId);
        if (query == null || query.fix != OrderQuery.Fix.WAITING) {
            return query != null;
        }
        confirm(query, nowNs);
        query.fix = OrderQuery.Fix.UNKNOWN;
        askOrder(query);
        return true;
    }

    /** The venue refused the status request itself. */
    void onFixRefused(final OrderQuery query, final long nowNs) {
        if (query.fix == OrderQuery.Fix.WAITING && !query.done) {
            onFixSilent(query, nowNs);
        }
    }

    /** Whether a query about the order runs. */
    boolean isAsked(final LiveOrder order) {
        return !running.isEmpty() && running.containsKey(order.orderId);
    }

    /** The status request that waits for an answer about the order, null when none does. */
    OutboundRequest statusRequestOf(final LiveOrder order) {
        final OrderQuery query = running.get(order.orderId);
        return query == null ? null : query.statusRequest;
    }

    void onLinkDown(final AccountLink link, final long nowNs) {
        for (final OrderQuery query : List.copyOf(running.values())) {
            if (query.link == link && query.fix == OrderQuery.Fix.WAITING) {
                onFixSilent(query, nowNs);
            }
        }
    }

    /** Answer of REST; status 0 is no answer. */
    void onRest(final RestCall call, final int status, final String body, final String nextCursor, final long nowNs) {
        final OrderQuery query = call.query();
        if (query.done) {
            return;
        }
        if (status == 200 && call.kind() == RestCall.Kind.ORDER) {
            onRestOrder(query, body, nowNs);
        } else if (status == 200) {
            onRestFills(query, body, nextCursor, nowNs);
        } else if (status == 404) {
            onRestAbsent(query, call.kind());
        } else {
            counters.increment(CoinbaseCounter.REST_FAILURES);
            LOG.warn("account {} order {}: REST {} answered {}", query.link.accountId(),
                query.order.orderId, call.kind(), status);
            finish(query, VenueAnswer.NO_ANSWER);
        }
    }

    int doWork(final long nowNs) {
        if (running.isEmpty()) {
            return 0;
        }
        due.addAll(running.values());
        int work = 0;
        for (final OrderQuery query : due) {
            if (query.isLate(nowNs)) {
                if (query.link.lanes().statuses.remove(query.statusRequest)) {
                    requests.release(query.statusRequest);
                }
                finish(query, VenueAnswer.NO_ANSWER);
                work++;
            } else if (query.isFixLate(nowNs)) {
                onFixSilent(query, nowNs);
                work++;
            } else if (query.rest == OrderQuery.Rest.RETRY_FILLS && nowNs - query.retryAtNs >= 0) {
                askFills(query, "");
                work++;
            }
        }
        due.clear();
        return work;
    }

    private void onFixSilent(final OrderQuery query, final long nowNs) {
        query.onSent(nowNs);
        query.fix = OrderQuery.Fix.SILENT;
        askOrder(query);
    }

    private void onRestOrder(final OrderQuery query, final String body, final long nowNs) {
        final JsonNode node = parse(body);
        if (node == null || !node.isObject()) {
            finish(query, VenueAnswer.NO_ANSWER);
            return;
        }
        restReader.readOrder(node, query.state);
        registry.bindVenueOrderId(query.order, query.state.venueOrderId);
        query.order.unsureUntilNs = 0;
        query.stateKnown = true;
        onStateKnown(query, nowNs);
    }

    private void onRestAbsent(final OrderQuery query, final RestCall.Kind kind) {
        if (kind == RestCall.Kind.FILLS || !query.order.hasVenueOrderId()) {
            finish(query, absent(query));
        } else {
            askFills(query, "");
        }
    }

    private void onRestFills(final OrderQuery query, final String body, final String nextCursor, final long nowNs) {
        final JsonNode node = parse(body);
        if (node == null || !node.isArray()) {
            finish(query, VenueAnswer.NO_ANSWER);
            return;
        }
        for (final JsonNode fill : node) {
            query.fills.add(restReader.readFill(fill, query));
        }
        if (!nextCursor.isEmpty() && node.size() >= FILLS_PAGE) {
            askFills(query, nextCursor);
            return;
        }
        final long filled = query.fills.stream().mapToLong(fill -> fill.lastQty).sum();
        if (query.stateKnown && query.state.cumQty != Scale.NULL && filled < query.state.cumQty) {
            query.rest = OrderQuery.Rest.RETRY_FILLS;
            query.retryAtNs = nowNs + RETRY_NS;
            return;
        }
        publishFills(query);
        if (!query.stateKnown) {
            finish(query, absent(query));
            return;
        }
        correct(query, filled);
        finish(query, VenueAnswer.FOUND);
    }

    private void onStateKnown(final OrderQuery query, final long nowNs) {
        if (query.state.cumQty == Scale.NULL || query.state.cumQty > query.knownCumQty) {
            registry.bindVenueOrderId(query.order, query.state.venueOrderId);
            askFills(query, "");
        } else {
            finish(query, VenueAnswer.FOUND);
        }
    }

    /** Fills are newer than the state they came with. */
    private static void correct(final OrderQuery query, final long filled) {
        if (filled > query.state.cumQty) {
            query.state.cumQty = filled;
            if (query.state.orderQty != Scale.NULL && query.state.leavesQty > 0) {
                query.state.leavesQty = Math.max(0, query.state.orderQty - filled);
                query.state.ordStatus = query.state.leavesQty == 0 ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED;
            }
        }
    }

    private void publishFills(final OrderQuery query) {
        query.fills.sort(Comparator.comparingLong(fill -> fill.tradeId));
        final long epochNs = epochClock.nanoTime();
        query.fills.forEach(fill -> engine.execution(query.link.accountId(), epochNs, fill));
    }

    /**
     * REST has no such order. It never was there if FIX does not know it either; it ended without a fill if it had an
     * id of the venue's, which is the same here; what REST sent may yet arrive while its signature holds.
     */
    private static VenueAnswer absent(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (order.unsureUntilNs != 0) {
            return System.nanoTime() - order.unsureUntilNs < 0 ? VenueAnswer.NO_ANSWER : VenueAnswer.NOT_FOUND;
        }
        return query.fix == OrderQuery.Fix.UNKNOWN || order.hasVenueOrderId() && !query.link.isUp()
            ? VenueAnswer.NOT_FOUND : VenueAnswer.NO_ANSWER;
    }

    private void askOrder(final OrderQuery query) {
        query.rest = OrderQuery.Rest.ORDER;
        final String id = query.order.venueOrderIdText();
        rest(query).submit(new RestCall(query, RestCall.Kind.ORDER,
            "/orders/" + (id.isEmpty() ? "client:" + rules.idText(query.origId) : id)));
    }

    private void askFills(final OrderQuery query, final String cursor) {
        query.rest = OrderQuery.Rest.FILLS;
        if (cursor.isEmpty()) {
            query.fills.clear();
        }
        rest(query).submit(new RestCall(query, RestCall.Kind.FILLS, "/fills?order_id=" + query.order.venueOrderIdText()
            + "&limit=" + FILLS_PAGE + (cursor.isEmpty() ? "" : "&after=" + cursor)));
    }

    private void finish(final OrderQuery query, final VenueAnswer answer) {
        query.done = true;
        running.remove(query.order.orderId);
        if (answer == VenueAnswer.NO_ANSWER) {
            counters.increment(CoinbaseCounter.QUERIES_UNANSWERED);
        }
        if (answer != VenueAnswer.FOUND) {
            query.state.reset();
        }
        engine.orderState(query.link.accountId(), epochClock.nanoTime(), query.order.orderId, query.attempt, answer,
            query.state);
        if (answer == VenueAnswer.NOT_FOUND) {
            registry.onAbsent(query.order, System.nanoTime());
        } else if (answer == VenueAnswer.FOUND && isFinal(query.state.ordStatus)) {
            registry.onFinal(query.order, System.nanoTime());
        } else if (answer == VenueAnswer.FOUND) {
            registry.onOpen(query.order);
            if (query.state.orderQty != Scale.NULL) {
                query.order.size = query.state.orderQty;
            }
        }
        query.order.pinned = false;
        requests.release(query.statusRequest);
        query.statusRequest = null;
    }

    private void confirm(final OrderQuery query, final long nowNs) {
        if (query.statusRequest != null && query.statusRequest.slot >= 0) {
            query.link.pace().confirm(query.statusRequest.slot, nowNs);
        }
    }

    private JsonNode parse(final String body) {
        try {
            return json.readTree(body);
        } catch (final JsonProcessingException ex) {
            LOG.warn("REST body is no JSON: {} characters", body.length());
            return null;
        }
    }

    private CoinbaseRest rest(final OrderQuery query) {
        return restByAccount.get(query.link.accountId());
    }

    private static boolean isFinal(final OrdStatus status) {
        return status == OrdStatus.FILLED || status == OrdStatus.CANCELED || status == OrdStatus.REJECTED
            || status == OrdStatus.EXPIRED;
    }
}
