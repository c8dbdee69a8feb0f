package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Answers VenueOrderQuery: every fill the venue knows as a recovered execution, then exactly one VenueOrderState.
 * <ul>
 * <li>FIX knows the order and no fill is missing here: found, as FIX says.
 * <li>FIX or REST knows the order and fills are missing: the fills are fetched until they add up; only then found.
 * <li>FIX says unknown and REST 404 (which it also says of an order cancelled without a fill): not found, once the
 * product's fills since it was sent are of other orders.
 * <li>Anything else within the time: no answer.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final Logger LOG = LoggerFactory.getLogger(QueryDesk.class);
    private static final long RETRY_NS = 300_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int FILLS_PAGE = 100;
    private static final int STRANGERS_MAX = 4_096;

    private final Map<Long, OrderQuery> running = new LinkedHashMap<>();
    private final List<OrderQuery> due = new ArrayList<>();
    /** Orders of fills that nobody knew, by the venue's ids: whose name each has, which does not change. */
    private final Map<String, String> strangers = new HashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final RestReader restReader;
    private final VenueExecution nothing = new VenueExecution();
    private final OrderRegistry registry;
    private final RequestPool requests;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final Map<Integer, CoinbaseRest> restByAccount;
    private final WireRules rules;
    private final long signatureLifeNs;
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
        this.signatureLifeNs = context.signatureLifeMs() * 1_000_000L;
        this.fixTimeoutNs = context.fixAnswerTimeoutMs() * 1_000_000L;
        this.timeoutNs = context.queryTimeoutMs() * 1_000_000L;
        this.restReader = new RestReader(new Decimals(counters));
    }

    /**
     * A query of the engine. A second one about the same order is answered together with the first, unless the first
     * finds nothing: an early look says nothing of the time of the later question, which is asked by itself then.
     */
    void start(final AccountLink link, final LiveOrder order, final UUID requestId, final UUID origId,
        final long knownCumQty, final long sinceNs, final int attempt, final long nowNs) {
        counters.increment(CoinbaseCounter.QUERIES);
        begin(link, order, requestId, origId, knownCumQty, sinceNs, attempt, nowNs);
    }

    private void begin(final AccountLink link, final LiveOrder order, final UUID requestId, final UUID origId,
        final long knownCumQty, final long sinceNs, final int attempt, final long nowNs) {
        if (order.job != null || order.isBeforeMove(origId.getLeastSignificantBits())) {
            counters.increment(CoinbaseCounter.QUERIES_UNANSWERED);
            engine.orderState(link.accountId(), epochClock.nanoTime(), order.orderId, attempt, VenueAnswer.NO_ANSWER,
                nothing); // of the order as it was: the replace tells its own end
            return;
        }
        final OrderQuery known = running.get(order.orderId);
        if (known != null) {
            known.later = new OrderQuery.Later(requestId, origId, knownCumQty, sinceNs, attempt);
            known.knownCumQty = knownCumQty == Scale.NULL ? 0 : knownCumQty - order.filledBefore;
            return;
        }
        final OrderQuery query = new OrderQuery(link, order, requestId, origId, fixTimeoutNs, timeoutNs);
        query.attempt = attempt;
        query.knownCumQty = knownCumQty == Scale.NULL ? 0 : knownCumQty - order.filledBefore;
        query.sinceNs = sinceNs;
        running.put(order.orderId, query);
        order.pinned = true;
        if (link.isUp()) {
            final OutboundRequest status = requests.take(VenueMessageKind.STATUS,
                requestId.getMostSignificantBits(), requestId.getLeastSignificantBits(), order.symbol);
            status.orderId = order.orderId;
            status.origHigh = origId.getMostSignificantBits();
            status.origLow = order.nameLow(origId.getLeastSignificantBits());
            status.query = query;
            RequestPool.hold(status);
            query.statusRequest = status;
            link.lanes().add(status);
        } else {
            onFixSilent(query, nowNs);
        }
    }

    /**
     * A replace by REST begins, after which what was asked about the order as it was says nothing of it: the venue
     * would call it cancelled while another takes its place.
     */
    void abandon(final LiveOrder order) {
        final OrderQuery query = running.get(order.orderId);
        if (query != null) {
            giveUp(query);
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
        noteName(query, fields.getUuid(11));
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
        if (query.order.job != null) {
            conclude(query, VenueAnswer.NO_ANSWER); // of the order as it was
            return;
        }
        query.underWay = true;
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
                giveUp(query);
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

    private void giveUp(final OrderQuery query) {
        if (query.link.lanes().statuses.remove(query.statusRequest)) {
            requests.release(query.statusRequest);
        }
        conclude(query, VenueAnswer.NO_ANSWER);
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
        final String clientId = node.path("client_oid").asText("");
        if (query.suspects.peek() != null) {
            final String id = query.suspects.poll();
            if (!clientId.equals(rules.idText(query.origId))) {
                if (strangers.size() >= STRANGERS_MAX) {
                    strangers.clear();
                }
                if (!clientId.isEmpty()) {
                    strangers.put(id, clientId); // an answer without a name is asked for again
                }
                askSuspect(query);
                return;
            }
            query.suspects.clear();
        }
        restReader.readOrder(node, query.state);
        if (query.successor) {
            onSuccessor(query);
        } else {
            noteName(query, uuid(clientId));
        }
        registry.bindVenueOrderId(query.order, query.state.venueOrderId);
        query.order.unsureUntilNs = 0;
        query.stateKnown = true;
        onStateKnown(query, nowNs);
    }

    private void onRestAbsent(final OrderQuery query, final RestCall.Kind kind) {
        if (query.successor) {
            conclude(query, query.without);
        } else if (query.suspects.poll() != null) {
            askSuspect(query);
        } else if (kind == RestCall.Kind.FILLS) {
            finish(query, absent(query));
        } else if (query.order.hasVenueOrderId()) {
            askFills(query, "");
        } else if (query.sinceNs > 0) {
            query.byProduct = true;
            askFills(query, "");
        } else {
            finish(query, absent(query));
        }
    }

    /** What the product's latest fills are of: an order that is not shown may have filled. */
    private void onProductFills(final OrderQuery query, final JsonNode fills) {
        final Set<String> unknown = new LinkedHashSet<>();
        for (final JsonNode fill : fills) {
            final String id = fill.path("order_id").asText("");
            if (RestReader.timeNs(fill.path("created_at").asText("")) >= query.sinceNs - SECOND_NS
                && registry.byVenueOrderId(id) == null) {
                unknown.add(id);
            }
        }
        query.byProduct = false;
        query.suspects.addAll(unknown);
        askSuspect(query);
    }

    private void askSuspect(final OrderQuery query) {
        final String name = rules.idText(query.origId);
        query.suspects.removeIf(id -> !strangers.getOrDefault(id, name).equals(name));
        final String id = query.suspects.peek();
        if (id == null) {
            finish(query, absent(query));
        } else {
            query.rest = OrderQuery.Rest.ORDER;
            rest(query).submit(new RestCall(query, RestCall.Kind.ORDER, "/orders/" + RestCall.part(id)));
        }
    }

    private void onRestFills(final OrderQuery query, final String body, final String nextCursor, final long nowNs) {
        final JsonNode node = parse(body);
        if (node == null || !node.isArray()) {
            finish(query, VenueAnswer.NO_ANSWER);
            return;
        }
        if (query.byProduct) {
            onProductFills(query, node);
            return;
        }
        for (final JsonNode fill : node) {
            query.fills.add(restReader.readFill(fill, query.order.orderId, query.origId));
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
        final long cumQty = query.state.cumQty;
        // of a former run's order it is not known what stood for it before: what the engine knows may be of that
        if (cumQty == Scale.NULL || cumQty > query.knownCumQty
            || cumQty > 0 && isOfFormerRun(query)) {
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
     * id of the venue's, which is the same here; what REST sent may yet arrive while its signature holds. By which path
     * a former run sent it the engine knows, and waits accordingly.
     */
    private VenueAnswer absent(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (order.unsureUntilNs != 0) {
            return System.nanoTime() - order.unsureUntilNs < 0 ? VenueAnswer.NO_ANSWER : VenueAnswer.NOT_FOUND;
        }
        return query.fix == OrderQuery.Fix.UNKNOWN || order.hasVenueOrderId() && !query.link.isUp()
            ? VenueAnswer.NOT_FOUND : VenueAnswer.NO_ANSWER;
    }

    /** A former run may have placed it by REST just before it ended: its request is taken while its signature holds. */
    private boolean mayYetArrive(final OrderQuery query) {
        return isOfFormerRun(query) && epochClock.nanoTime() - query.sinceNs < signatureLifeNs;
    }

    /**
     * The order is over or not there. Had a former run been about to replace it by REST, the engine asks by the id of
     * the replace, and what took the order's place may be there, or may yet come.
     */
    private void finish(final OrderQuery query, final VenueAnswer answer) {
        final boolean over = answer == VenueAnswer.NOT_FOUND || answer == VenueAnswer.FOUND
            && (query.state.ordStatus == OrdStatus.CANCELED || query.state.ordStatus == OrdStatus.EXPIRED);
        final ReplaceJob lost = query.order.lost;
        final boolean before = isOfFormerRun(query) && query.order.hasVenueOrderId() && query.sinceNs != 0
            && !query.byItsName;
        if (!over || query.successor || lost == null && !before) {
            conclude(query, answer);
            return;
        }
        query.successor = true;
        query.without = lost == null && mayYetArrive(query) ? VenueAnswer.NO_ANSWER : answer;
        query.rest = OrderQuery.Rest.ORDER;
        rest(query).submit(new RestCall(query, RestCall.Kind.ORDER,
            "/orders/client:" + rules.idText(lost == null ? SuccessorId.of(query.origId) : lost.newId)));
    }

    /** The replace of a former run, or a lost one, went through: it is told, and the new order is it from now on. */
    private void onSuccessor(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (order.lost != null) {
            query.fills.clear();
            query.knownCumQty = Math.max(0, query.knownCumQty + order.filledBefore - order.lost.filled);
            query.link.second().onFound(order.lost, query.state.venueOrderId);
            return;
        }
        order.moved = true;
        order.markedLow = query.origId.getLeastSignificantBits();
        query.fills.clear();
        nothing.reset();
        nothing.orderId = order.orderId;
        nothing.execType = ExecType.REPLACED;
        nothing.ordStatus = OrdStatus.NEW;
        nothing.venueOrderId = query.state.venueOrderId;
        nothing.price = query.state.price;
        engine.execution(query.link.accountId(), epochClock.nanoTime(), nothing);
        nothing.reset();
    }

    /** By which id the venue knows a former run's order: its name, that of a replace by REST, or of one before it. */
    private static void noteName(final OrderQuery query, final UUID clientId) {
        if (clientId != null && query.order.born == LiveOrder.BORN_BEFORE) {
            final boolean marked = clientId.equals(SuccessorId.of(query.origId));
            if (marked) {
                query.order.moved = true;
                query.order.markedLow = query.origId.getLeastSignificantBits();
            }
            query.byItsName = marked || clientId.equals(query.origId);
            if (!query.byItsName) {
                query.state.orderQty = Scale.NULL; // not what the replace made of it
            }
        }
    }

    private boolean isOfFormerRun(final OrderQuery query) {
        return query.order.born == LiveOrder.BORN_BEFORE && query.link.second() != null;
    }

    private static UUID uuid(final String text) {
        try {
            return text.isEmpty() ? null : UUID.fromString(text);
        } catch (final IllegalArgumentException ex) {
            return null;
        }
    }

    private void askOrder(final OrderQuery query) {
        query.rest = OrderQuery.Rest.ORDER;
        final String id = query.order.venueOrderIdText();
        rest(query).submit(new RestCall(query, RestCall.Kind.ORDER,
            "/orders/" + (id.isEmpty() ? "client:" + rules.idText(query.origId) : RestCall.part(id))));
    }

    private void askFills(final OrderQuery query, final String cursor) {
        query.rest = OrderQuery.Rest.FILLS;
        if (cursor.isEmpty()) {
            query.fills.clear();
        }
        final String whose = query.byProduct ? "product_id=" + query.order.symbol
            : "order_id=" + RestCall.part(query.order.venueOrderIdText());
        rest(query).submit(new RestCall(query, RestCall.Kind.FILLS, "/fills?" + whose + "&limit=" + FILLS_PAGE
            + (cursor.isEmpty() ? "" : "&after=" + RestCall.part(cursor))));
    }

    private void conclude(final OrderQuery query, final VenueAnswer answer) {
        query.done = true;
        running.remove(query.order.orderId);
        if (answer == VenueAnswer.NOT_FOUND && query.later != null) {
            release(query);
            final OrderQuery.Later later = query.later;
            begin(query.link, query.order, later.requestId(), later.origId(), later.knownCumQty(), later.sinceNs(),
                later.attempt(), System.nanoTime());
            return;
        }
        if (answer == VenueAnswer.NO_ANSWER) {
            counters.increment(CoinbaseCounter.QUERIES_UNANSWERED);
        }
        if (answer != VenueAnswer.FOUND) {
            query.state.reset();
        } else if (query.order.filledBefore > 0) {
            query.state.cumQty += query.state.cumQty == Scale.NULL ? 0 : query.order.filledBefore;
            query.state.orderQty += query.state.orderQty == Scale.NULL ? 0 : query.order.filledBefore;
        }
        if (answer == VenueAnswer.FOUND) {
            if (query.order.cumQty == Scale.NULL || query.state.cumQty > query.order.cumQty) {
                query.order.cumQty = query.state.cumQty; // else the user channel was faster
            }
            query.fills.forEach(fill -> query.order.lastTradeId = Math.max(query.order.lastTradeId, fill.tradeId));
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
        release(query);
    }

    private void release(final OrderQuery query) {
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
