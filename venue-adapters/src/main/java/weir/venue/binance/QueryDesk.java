package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Questions about orders of one account: {@code order.status} by the venue's id or ours; where that costs less weight,
 * {@code openOrders.status} of a pair or of all, and {@code allOrders} for what is not open; {@code myTrades} of those
 * that have more filled than was told.
 * <ul>
 * <li>Found: its fills first, then the state. Fewer fills than the state counts: fills again, until they add up.
 * <li>Unknown there (-2013): not found, unless a request about it is or may be on its way; the engine waits for how
 * late the venue may show an order.
 * <li>A replace whose answer never came: the new order is asked for first, then the old one. Not there counts only when
 * the request can no more be taken in.
 * <li>Of a former run and cancelled: the order may have been replaced without that being told; its successor's id
 * says so.
 * <li>A cancel whose answer never came, and its order is open: asked until that request can no more be taken in, then
 * it was not carried out.
 * <li>A replace is under way here: no answer, as what the venue shows is over soon.
 * <li>Anything unanswered within the time: no answer. What became of a lost cancel or replace is asked again.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final long RETRY_NS = 300_000_000L;
    /** A question that has to be answered is asked again after up to RETRY_NS times two to this. */
    private static final int DOUBLINGS_MAX = 4;
    /** allOrders and myTrades give so many at most. */
    private static final int PAGE = 1_000;

    private final AccountLink link;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final Replacer replacer;
    private final VenueJson json;
    private final Decimals decimals;
    private final VenueEventProxy engine;
    private final BinanceCounters counters;
    private final EpochNanoClock epochClock;
    private final long timeoutNs;
    private final long settleNs;
    private final Map<Long, OrderQuery> open = new LinkedHashMap<>();
    private final VenueExecution state = new VenueExecution();
    /** Open orders that are not ours, by pair, as they were shown last. */
    private final Map<String, Integer> unknownOpen = new HashMap<>();
    /** Questions for all open orders that have no answer yet; what is asked meanwhile waits, to be asked at once. */
    private int snapshots;
    private int fresh;

    QueryDesk(final BinanceAdapter.Context context, final AccountLink link, final OrderRegistry registry,
        final OrderEvents orders, final Replacer replacer, final VenueJson json, final Decimals decimals,
        final VenueEventProxy engine, final BinanceCounters counters) {
        this.link = link;
        this.registry = registry;
        this.orders = orders;
        this.replacer = replacer;
        this.json = json;
        this.decimals = decimals;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.timeoutNs = context.queryTimeoutMs() * 1_000_000L;
        this.settleNs = context.settleMs() * 1_000_000L;
    }

    /** The engine asks; a second question about an order that waits is answered together with the first. */
    void onQuery(final LiveOrder order, final long cumQty, final long sinceEpochNs, final int attempt) {
        counters.increment(BinanceCounter.QUERIES);
        final OrderQuery query = query(order);
        if (query.startedNs - System.nanoTime() > 0) {
            query.startedNs = System.nanoTime(); // it was to be asked again after a pause
            query.retryAtNs = query.startedNs;
        }
        query.byEngine = true;
        query.attempt = attempt;
        query.knownCumQty = cumQty == Scale.NULL ? 0 : cumQty;
        query.sinceEpochNs = sinceEpochNs;
    }

    /** A look of our own at an order: what is found is told, that nothing is found is not. */
    void look(final LiveOrder order) {
        if (!order.isFinal || order.owesFills()) {
            query(order);
        }
    }

    /** Looks at every order of the account that lives. */
    void catchUp() {
        orders.live(link.accountId()).forEach(this::look);
    }

    boolean isIdle() {
        return open.isEmpty() && snapshots == 0;
    }

    int doWork(final long nowNs) {
        if (open.isEmpty()) {
            return 0;
        }
        int work = 0;
        if (!link.isUp()) {
            for (final OrderQuery query : List.copyOf(open.values())) {
                unanswered(query);
            }
            return 1;
        }
        if (fresh > 0 && snapshots == 0) {
            work++;
            askFresh();
        }
        for (final OrderQuery query : List.copyOf(open.values())) {
            if (nowNs - query.startedNs >= timeoutNs) {
                publishFills(query);
                unanswered(query);
                work++;
            } else if (query.retryAtNs != 0 && nowNs - query.retryAtNs >= 0) {
                query.retryAtNs = 0;
                askState(query);
                work++;
            }
        }
        return work;
    }

    private OrderQuery query(final LiveOrder order) {
        return open.computeIfAbsent(order.orderId, id -> {
            fresh++;
            return new OrderQuery(order, System.nanoTime());
        });
    }

    /** Each by itself, or all that are open at once, of a pair or of the account: whatever costs the least weight. */
    private void askFresh() {
        fresh = 0;
        final Map<String, List<OrderQuery>> bySymbol = new LinkedHashMap<>();
        for (final OrderQuery query : open.values()) {
            if (!query.asked) {
                query.asked = true;
                query.stateAskedNs = System.nanoTime();
                bySymbol.computeIfAbsent(query.order.symbol, symbol -> new ArrayList<>()).add(query);
            }
        }
        int weight = 0;
        for (final List<OrderQuery> about : bySymbol.values()) {
            weight += openPays(about) ? OutboundRequest.OPEN_OF_SYMBOL : Method.STATUS.weight * about.size();
        }
        if (weight > Method.OPEN_ORDERS.weight) {
            askOpen(new LinkedHashMap<>(), bySymbol.values().stream().flatMap(List::stream).toList());
            return;
        }
        bySymbol.forEach((symbol, about) -> {
            if (openPays(about)) {
                askOpen(ofSymbol(symbol), about);
            } else {
                about.forEach(this::askState);
            }
        });
    }

    /** What is not open has to be asked for again, so that it must be half as dear. */
    private static boolean openPays(final List<OrderQuery> about) {
        return Method.STATUS.weight * about.size() > 2 * OutboundRequest.OPEN_OF_SYMBOL;
    }

    private static Map<String, String> ofSymbol(final String symbol) {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("symbol", symbol);
        return params;
    }

    private void askOpen(final Map<String, String> params, final List<OrderQuery> about) {
        snapshots++;
        link.ask(OutboundRequest.question(Method.OPEN_ORDERS, params, answer ->
            onOpen(answer, about, params.get("symbol"))));
    }

    private void onOpen(final Answer answer, final List<OrderQuery> about, final String ofSymbol) {
        snapshots--;
        final Map<Long, JsonNode> shown = new HashMap<>();
        if (answer.isSuccess()) {
            unknownOpen.keySet().removeIf(symbol -> ofSymbol == null || ofSymbol.equals(symbol));
            for (final JsonNode item : answer.body()) {
                final LiveOrder order = orderOf(item);
                if (order == null) {
                    unknownOpen.merge(VenueJson.text(item, "symbol"), 1, Integer::sum);
                } else {
                    shown.put(order.orderId, item);
                }
            }
            counters.set(BinanceCounter.UNKNOWN_OPEN,
                unknownOpen.values().stream().mapToInt(Integer::intValue).sum());
        }
        final Map<String, List<OrderQuery>> gone = new LinkedHashMap<>();
        for (final OrderQuery query : about) {
            final LiveOrder order = query.order;
            final JsonNode item = shown.get(order.orderId);
            if (!isHere(query)) {
                continue;
            }
            if (order.replacing != null || order.inFlight > 0 || item == null && order.venueOrderId.isEmpty()) {
                askState(query);
            } else if (item == null) {
                gone.computeIfAbsent(order.symbol, symbol -> new ArrayList<>()).add(query);
            } else {
                read(query, item);
            }
        }
        gone.forEach((symbol, missing) -> askClosed(symbol, missing, new HashMap<>()));
    }

    /** Our order that the venue shows: by its ids, or by the id that says whom it replaced; null when not ours. */
    private LiveOrder orderOf(final JsonNode item) {
        final String clientId = VenueJson.text(item, "clientOrderId");
        final LiveOrder order = registry.find(VenueJson.text(item, "symbol"), VenueJson.number(item, "orderId"),
            clientId);
        return order != null || !ClientIds.isReplacement(clientId) ? order
            : registry.byOrderId(ClientIds.owner(clientId));
    }

    /**
     * Orders of a pair that are not open. Many are read from pages of all its orders, from the oldest on; what the
     * pages do not show, and few, are asked for one by one.
     */
    private void askClosed(final String symbol, final List<OrderQuery> about, final Map<Long, JsonNode> shown) {
        long from = Long.MAX_VALUE;
        for (final OrderQuery query : about) {
            from = Math.min(from, number(query.order.venueOrderId));
        }
        if (Method.STATUS.weight * about.size() <= Method.ALL_ORDERS.weight) {
            about.forEach(this::askState);
        } else {
            askPage(symbol, about, shown, from);
        }
    }

    private void askPage(final String symbol, final List<OrderQuery> about, final Map<Long, JsonNode> shown,
        final long fromId) {
        final Map<String, String> params = ofSymbol(symbol);
        params.put("orderId", Long.toString(fromId));
        params.put("limit", Integer.toString(PAGE));
        link.ask(OutboundRequest.question(Method.ALL_ORDERS, params, answer -> {
            long last = 0;
            for (final JsonNode item : answer.isSuccess() ? answer.body() : MissingNode.getInstance()) {
                last = item.path("orderId").asLong(0);
                final LiveOrder order = orderOf(item);
                if (order != null) {
                    shown.put(order.orderId, item); // the youngest: ids rise
                }
            }
            final boolean more = answer.isSuccess() && answer.body().size() >= PAGE && last >= fromId;
            if (more && awaited(about, last) * Method.STATUS.weight > Method.ALL_ORDERS.weight) {
                askPage(symbol, about, shown, last + 1);
            } else {
                onClosed(about, shown, answer.isSuccess() && !more);
            }
        }));
    }

    /** Orders of the venue after one. */
    private static long awaited(final List<OrderQuery> about, final long last) {
        return about.stream().filter(query -> number(query.order.venueOrderId) > last).count();
    }

    private void onClosed(final List<OrderQuery> about, final Map<Long, JsonNode> shown, final boolean all) {
        for (final OrderQuery query : about) {
            final JsonNode item = shown.get(query.order.orderId);
            if (!isHere(query)) {
                continue;
            }
            if (item == null || query.order.replacing != null || query.order.inFlight > 0) {
                askState(query);
            } else {
                query.successorsAsked |= all;
                read(query, item);
            }
        }
    }

    private static long number(final String venueOrderId) {
        try {
            return Long.parseLong(venueOrderId);
        } catch (final NumberFormatException ex) {
            return 0;
        }
    }

    private void askState(final OrderQuery query) {
        final LiveOrder order = query.order;
        query.stateAskedNs = System.nanoTime();
        if (order.isBeingReplaced()) {
            unanswered(query);
        } else if (order.replacing != null && !order.replacing.clientId.isEmpty()) {
            final Replacement replacing = order.replacing;
            link.ask(OutboundRequest.question(Method.STATUS, Replacer.question(order), answer -> {
                if (isHere(query)) {
                    onNewOrder(query, replacing, answer);
                }
            }));
        } else if (order.inFlight > 0 || order.clientId == null && order.venueOrderId.isEmpty()) {
            unanswered(query);
        } else {
            link.ask(OutboundRequest.question(Method.STATUS, RequestForms.target(order, ""), answer -> {
                if (isHere(query)) {
                    onState(query, answer);
                }
            }));
        }
    }

    private boolean isHere(final OrderQuery query) {
        return open.get(query.order.orderId) == query;
    }

    private void onNewOrder(final OrderQuery query, final Replacement replacing, final Answer answer) {
        final LiveOrder order = query.order;
        if (order.replacing != replacing) {
            askState(query);
        } else if (answer.isSuccess()) {
            replacer.placed(order, VenueJson.number(answer.body(), "orderId"));
            read(query, answer.body());
        } else if (answer.code() != VenueErrors.NO_SUCH_ORDER) {
            unanswered(query);
        } else if (answer.nowNs() - replacing.settledAtNs < 0) {
            query.retryAtNs = answer.nowNs() + RETRY_NS;
        } else {
            link.ask(OutboundRequest.question(Method.STATUS, RequestForms.target(order, ""), old -> {
                if (isHere(query)) {
                    onOldOrder(query, replacing, old);
                }
            }));
        }
    }

    /** The new order of a replace is not there and will not be. */
    private void onOldOrder(final OrderQuery query, final Replacement replacing, final Answer answer) {
        final LiveOrder order = query.order;
        if (answer.isSuccess() && order.replacing == replacing) {
            final String status = VenueJson.text(answer.body(), "status");
            final boolean over = "CANCELED".equals(status) || AnswerReader.isOver(status) || "FILLED".equals(status);
            replacer.failed(order, over && !"FILLED".equals(status),
                replacing.carried + decimals.orZero(answer.body().get("executedQty")), answer.nowNs());
        }
        onState(query, answer);
    }

    private void onState(final OrderQuery query, final Answer answer) {
        final LiveOrder order = query.order;
        if (order.isBeingReplaced()) {
            unanswered(query); // a replace left, or its second half waits: what was asked for is not the order of now
        } else if (answer.isSuccess()) {
            if (order.replacing != null) {
                // a replace that has no new order: made smaller, or only the cancel of one that is to come
                onReplaceWithoutNew(query, answer);
                return;
            }
            read(query, answer.body());
        } else if (answer.code() == VenueErrors.NO_SUCH_ORDER) {
            absent(query);
        } else {
            unanswered(query);
        }
    }

    private void onReplaceWithoutNew(final OrderQuery query, final Answer answer) {
        final LiveOrder order = query.order;
        final Replacement replacing = order.replacing;
        final JsonNode body = answer.body();
        final boolean amended = replacing.request.method == Method.AMEND
            && decimals.orZero(body.get("origQty")) + replacing.carried == replacing.line.orderQty();
        final boolean over = "CANCELED".equals(VenueJson.text(body, "status"));
        if (amended) {
            replacer.amended(order);
        } else if (answer.nowNs() - replacing.settledAtNs < 0 && !over) {
            query.retryAtNs = answer.nowNs() + RETRY_NS;
            return;
        } else {
            replacer.failed(order, over, replacing.carried + decimals.orZero(body.get("executedQty")),
                answer.nowNs());
        }
        read(query, body);
    }

    /** The venue's order as it shows it. */
    private void read(final OrderQuery query, final JsonNode body) {
        final LiveOrder order = query.order;
        final String venueOrderId = VenueJson.number(body, "orderId");
        final String clientId = VenueJson.text(body, "clientOrderId");
        if (venueOrderId.isEmpty()) {
            unanswered(query);
            return;
        }
        if (!venueOrderId.equals(order.venueOrderId) && order.venueIds.contains(venueOrderId)) {
            askState(query); // replaced while it was asked for
            return;
        }
        if (ClientIds.isReplacementOf(clientId, order.orderId)) {
            order.carriedByVenueId.putIfAbsent(venueOrderId, ClientIds.carried(clientId));
            registry.bindClientId(order, clientId);
        }
        registry.bindVenueOrderId(order, venueOrderId);
        final long carried = order.carried(venueOrderId);
        query.executedBefore = order.executed;
        query.filled = carried + decimals.orZero(body.get("executedQty"));
        query.total = decimals.orZero(body.get("origQty")) + carried
            - decimals.orZero(body.get("preventedQuantity"));
        query.price = decimals.e8(body.get("price"));
        query.word = VenueJson.text(body, "status");
        query.status = statusOf(query.word);
        order.postOnly |= "LIMIT_MAKER".equals(VenueJson.text(body, "type"));
        if (!order.ours) {
            order.selfTrade = RequestForms.mode(VenueJson.text(body, "selfTradePreventionMode"));
            order.orderQty = query.total;
            order.price = query.price;
        }
        if (query.status == null) {
            unanswered(query);
        } else if (query.status == OrdStatus.CANCELED && query.byEngine && !order.ours && !query.successorsAsked) {
            askSuccessor(query, venueOrderId);
        } else {
            afterState(query);
        }
    }

    private static OrdStatus statusOf(final String word) {
        switch (word) {
            case "NEW":
            case "PENDING_NEW":
                return OrdStatus.NEW;
            case "PARTIALLY_FILLED":
                return OrdStatus.PARTIALLY_FILLED;
            case "FILLED":
                return OrdStatus.FILLED;
            case "CANCELED":
            case "PENDING_CANCEL":
                return OrdStatus.CANCELED;
            case "REJECTED":
                return OrdStatus.REJECTED;
            default:
                return AnswerReader.isOver(word) ? OrdStatus.EXPIRED : null;
        }
    }

    private void askSuccessor(final OrderQuery query, final String venueOrderId) {
        query.successorsAsked = true;
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("symbol", query.order.symbol);
        params.put("orderId", venueOrderId);
        params.put("limit", Integer.toString(PAGE));
        link.ask(OutboundRequest.question(Method.ALL_ORDERS, params, answer -> {
            if (!isHere(query)) {
                return;
            }
            JsonNode youngest = null;
            for (final JsonNode item : answer.isSuccess() ? answer.body() : MissingNode.getInstance()) {
                youngest = ClientIds.isReplacementOf(VenueJson.text(item, "clientOrderId"), query.order.orderId)
                    ? item : youngest;
            }
            if (!answer.isSuccess()) {
                unanswered(query);
            } else if (youngest == null) {
                afterState(query);
            } else {
                read(query, youngest);
            }
        }));
    }

    private void afterState(final OrderQuery query) {
        if (query.wantsFills()) {
            query.fills.clear();
            query.tradesOf.clear();
            query.tradesOf.addAll(query.order.venueIds);
            askTrades(query);
        } else {
            conclude(query);
        }
    }

    private void askTrades(final OrderQuery query) {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("symbol", query.order.symbol);
        params.put("orderId", query.tradesOf.removeFirst());
        params.put("limit", Integer.toString(PAGE));
        link.ask(OutboundRequest.question(Method.MY_TRADES, params, answer -> {
            if (isHere(query)) {
                onTrades(query, answer);
            }
        }));
    }

    private void onTrades(final OrderQuery query, final Answer answer) {
        if (!answer.isSuccess()) {
            unanswered(query);
            return;
        }
        for (final JsonNode item : answer.body()) {
            final Fill fill = json.ofTrades(item);
            if (fill != null) {
                query.fills.add(fill);
            }
        }
        if (!query.tradesOf.isEmpty()) {
            askTrades(query);
        } else if (query.fillsSum() < query.filled) {
            // the trades are behind the order: again, until they add up
            query.retryAtNs = answer.nowNs() + RETRY_NS;
        } else {
            conclude(query);
        }
    }

    private void absent(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (!query.byEngine) {
            absentForUs(query);
        } else if (order.inFlight > 0 || epochClock.nanoTime() - query.sinceEpochNs < settleNs
            || order.settledAtNs != 0 && System.nanoTime() - order.settledAtNs < 0) {
            unanswered(query);
        } else if (query.knownCumQty > 0) {
            query.status = OrdStatus.CANCELED;
            query.filled = query.knownCumQty;
            conclude(query);
        } else {
            open.remove(order.orderId);
            answer(query, VenueAnswer.NOT_FOUND);
        }
    }

    /** The engine asks by itself for what is not there; what it waits for here has its verdict when that is sure. */
    private void absentForUs(final OrderQuery query) {
        final LiveOrder order = query.order;
        final boolean replaceLost = order.replacing != null && order.replacing.lost;
        final long settledAtNs = replaceLost ? order.replacing.settledAtNs : order.cancelSettledAtNs;
        if (order.owesVerdict() && query.stateAskedNs - settledAtNs < 0) {
            query.retryAtNs = System.nanoTime() + RETRY_NS;
            return;
        }
        open.remove(order.orderId);
        if (replaceLost) {
            replacer.failed(order, false, Scale.NULL, System.nanoTime());
        }
        if (order.lostCancel != null) {
            link.cancelOfNothing(order);
        }
    }

    private void conclude(final OrderQuery query) {
        final LiveOrder order = query.order;
        final boolean cancelOpen = !query.byEngine && query.isOpen() && order.lostCancel != null
            && order.closing == null;
        if (cancelOpen && query.stateAskedNs - order.cancelSettledAtNs < 0) {
            publishFills(query);
            query.retryAtNs = order.cancelSettledAtNs; // until then it may be taken in
            return;
        }
        open.remove(order.orderId);
        publishFills(query);
        if (cancelOpen) {
            tell(query, System.nanoTime());
            link.cancelNotCarriedOut(order);
        } else if (query.byEngine) {
            answer(query, VenueAnswer.FOUND);
            askAgain(query);
        } else {
            tell(query, System.nanoTime());
        }
    }

    /** A look of our own found the order. */
    private void tell(final OrderQuery query, final long nowNs) {
        final LiveOrder order = query.order;
        switch (query.status) {
            case REJECTED:
                if (!order.acknowledged && !order.isFinal) {
                    orders.rejected(order, order.id, RejectReason.VENUE_REJECTED, query.word);
                }
                break;
            case CANCELED:
                orders.acknowledged(order, order.venueOrderId, true);
                orders.over(order, ExecType.CANCELED, null, query.filled, query.word, nowNs);
                break;
            case EXPIRED:
                orders.acknowledged(order, order.venueOrderId, true);
                orders.over(order, ExecType.EXPIRED, null, query.filled, query.word, nowNs);
                break;
            default:
                orders.acknowledged(order, order.venueOrderId, true);
                orders.executed(order, query.filled, nowNs);
                break;
        }
    }

    private void answer(final OrderQuery query, final VenueAnswer answer) {
        final LiveOrder order = query.order;
        state.reset();
        if (answer == VenueAnswer.FOUND) {
            state.cumQty = query.filled;
            state.orderQty = query.total;
            state.price = query.price;
            state.leavesQty = query.isOpen() && query.total != Scale.NULL
                ? Math.max(0, query.total - query.filled) : query.isOpen() ? Scale.NULL : 0;
            state.ordStatus = query.isOpen() && query.filled > 0 ? OrdStatus.PARTIALLY_FILLED : query.status;
            state.venueOrderId = order.venueOrderId;
            order.acknowledged |= query.status != OrdStatus.REJECTED;
            order.executed = Math.max(order.executed, query.filled);
        }
        engine.orderState(link.accountId(), epochClock.nanoTime(), order.orderId, query.attempt, answer, state);
        if (answer == VenueAnswer.NOT_FOUND) {
            order.replacing = null;
            order.lostCancel = null;
            registry.onAbsent(order, System.nanoTime());
        } else if (answer == VenueAnswer.FOUND && query.isOpen()) {
            registry.onOpen(order);
        } else if (answer == VenueAnswer.FOUND) {
            registry.onFinal(order, System.nanoTime());
        }
    }

    private void publishFills(final OrderQuery query) {
        query.fills.sort(Comparator.comparingLong(Fill::tradeId));
        for (final Fill fill : query.fills) {
            orders.fill(query.order, fill, true, query.byEngine);
        }
    }

    private void unanswered(final OrderQuery query) {
        open.remove(query.order.orderId);
        if (query.byEngine) {
            counters.increment(BinanceCounter.QUERIES_UNANSWERED);
            answer(query, VenueAnswer.NO_ANSWER);
        }
        askAgain(query);
    }

    /** After a pause, unless nothing is waited for; while the account is down its coming up looks at every order. */
    private void askAgain(final OrderQuery query) {
        if (query.order.owesVerdict() && link.isUp()) {
            final OrderQuery again = query(query.order);
            again.failures = query.failures + 1;
            again.retryAtNs = System.nanoTime() + (RETRY_NS << Math.min(query.failures, DOUBLINGS_MAX));
            again.startedNs = again.retryAtNs;
            again.asked = true;
            fresh--;
        }
    }
}
