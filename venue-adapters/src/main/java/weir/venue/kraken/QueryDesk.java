package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Questions about orders of one account, any number of them in one round: {@code orders/status} (which forgets what
 * ended five seconds ago) where they are few, {@code openorders} for what it does not know, {@code fills} for what is
 * not open or has fills that are missing, page by page back to when the order was sent. Some pages are read at once;
 * what they do not reach is read on from there, later in the round and by the next question about the order.
 * <ul>
 * <li>Found: its fills first, then the state. Fewer fills than the state counts: fills again, until they add up.
 * <li>Not open, with fills: over with what was filled.
 * <li>In none of the three, never acknowledged, and old enough to have ended before they look back: the venue's history
 * is asked, from its own small budget. What it says was cancelled is found so; what it says was placed and no more, or
 * a history that does not answer, is no answer. It is asked, too, where the fills do not reach back to the order yet.
 * <li>In none of them: not found. The engine judges whether that counts yet; a look of our own concludes that an
 * acknowledged order is over only when a second look, a while later, says the same.
 * <li>Anything unanswered within the time: no answer.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final long RETRY_NS = 300_000_000L;
    private static final long ABSENT_NS = 1_000_000_000L;
    /** "fills": the last 100, or the 100 before lastFillTime. */
    private static final int FILLS_PAGE = 100;
    static final long OVERLAP_NS = 5_000_000_000L;
    /** Until a round reads on: pages before the newest cost 25 each, and orders are sent from the same budget. */
    private static final long DEEPER_NS = 5_000_000_000L;
    /** orders/status remembers what ended for 5 s; a second of it is left to its clock and ours. */
    private static final long STATUS_MEMORY_NS = 4_000_000_000L;
    private static final int HISTORY_PAGE = 1000;

    /** Where the round is. */
    private enum Step { IDLE, WAITING, RETRY }

    private final AccountLink link;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final KrakenCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueJson json;
    private final Decimals decimals;
    private final int statusIdsMax;
    private final int pagesMax;
    private final long timeoutNs;
    private final HistoryPool history;
    private final Map<Long, OrderQuery> next = new LinkedHashMap<>();
    private final Map<Long, OrderQuery> round = new LinkedHashMap<>();
    /** Orders that a look did not find, until one finds them or they are over. */
    private final Set<LiveOrder> absent = new LinkedHashSet<>();
    private final VenueExecution state = new VenueExecution();
    private Step step = Step.IDLE;
    private long retryAtNs;
    private long roundEpochNs;
    private int pages;
    private long beforeMs;
    private boolean byStatus;

    QueryDesk(final KrakenAdapter.Context context, final AccountLink link, final OrderRegistry registry,
        final OrderEvents orders, final VenueJson json, final VenueEventProxy engine,
        final KrakenCounters counters) {
        this.link = link;
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.decimals = new Decimals(counters);
        this.statusIdsMax = context.statusIdsMax();
        this.pagesMax = context.fillsPagesMax();
        this.history = new HistoryPool(context.historyTokens(), System.nanoTime());
        this.timeoutNs = context.queryTimeoutMs() * 1_000_000L;
    }

    /** The engine asks; a second question about an order that waits is answered together with the first. */
    void onQuery(final LiveOrder order, final long cumQty, final long sinceEpochNs, final int attempt) {
        counters.increment(KrakenCounter.QUERIES);
        final OrderQuery query = next.computeIfAbsent(order.orderId, id -> new OrderQuery(order, System.nanoTime()));
        query.byEngine = true;
        query.attempt = attempt;
        query.knownCumQty = cumQty == Scale.NULL ? 0 : cumQty;
        query.sinceEpochNs = sinceEpochNs;
    }

    /** A look of our own at an order: what is found is told, that nothing is found is not. */
    void look(final LiveOrder order) {
        if (!order.isFinal || order.owesFills()) {
            next.computeIfAbsent(order.orderId, id -> new OrderQuery(order, System.nanoTime()));
        }
    }

    /** Looks at every order of the account that lives. */
    void catchUp() {
        orders.live(link.accountId()).forEach(this::look);
    }

    boolean isIdle() {
        return step != Step.WAITING && next.isEmpty();
    }

    int doWork(final long nowNs) {
        if (!absent.isEmpty()) {
            lookForAbsent(nowNs);
        }
        if (step == Step.WAITING || next.isEmpty()) {
            if (step == Step.RETRY && nowNs - retryAtNs >= 0) {
                askNewestFills();
                return 1;
            }
            return 0;
        }
        round.values().forEach(OrderQuery::askAnew);
        next.values().forEach(this::join);
        next.clear();
        if (!link.isUp()) {
            giveUp();
            return 1;
        }
        roundEpochNs = epochClock.nanoTime();
        byStatus = round.size() <= statusIdsMax;
        counters.increment(KrakenCounter.ROUNDS);
        if (byStatus) {
            askStatus();
        } else {
            askOpenOrders();
        }
        return 1;
    }

    /** What a round still waits for is asked about together with what is new. */
    private void join(final OrderQuery query) {
        final OrderQuery waiting = round.putIfAbsent(query.order.orderId, query);
        if (waiting == null) {
            query.resume();
        } else if (query.byEngine) {
            waiting.byEngine = true;
            waiting.attempt = query.attempt;
            waiting.knownCumQty = query.knownCumQty;
            waiting.sinceEpochNs = query.sinceEpochNs;
        }
    }

    /** A feed that is live again says nothing of what ended before: only another look can. */
    private void lookForAbsent(final long nowNs) {
        absent.removeIf(order -> order.isFinal || order.absentSinceNs == 0);
        for (final LiveOrder order : absent) {
            if (nowNs - order.lookAtNs >= 0) {
                order.lookAtNs = nowNs + ABSENT_NS;
                look(order);
            }
        }
    }

    private void askStatus() {
        final StringBuilder form = new StringBuilder(64 * round.size());
        for (final OrderQuery query : round.values()) {
            final LiveOrder order = query.order;
            form.append(form.length() == 0 ? "" : "&").append(order.venueOrderId.isEmpty()
                ? "cliOrdIds=" + order.clientId : "orderIds=" + RequestForms.encoded(order.venueOrderId));
        }
        ask(Endpoint.STATUS, form.toString(), this::onStatus);
    }

    private void askOpenOrders() {
        ask(Endpoint.OPEN_ORDERS, "", this::onOpenOrders);
    }

    private void askNewestFills() {
        beforeMs = ReadBack.NEWEST_MS;
        pages = 0;
        final long nowMs = epochClock.nanoTime() / 1_000_000L;
        for (final OrderQuery query : round.values()) {
            if (query.read.restart(nowMs)) {
                pages = -1; // the newest were read before: what counts is below
            }
        }
        ask(Endpoint.FILLS, "", this::onFills);
    }

    private void askFillsBefore(final long epochMs) {
        beforeMs = epochMs;
        ask(Endpoint.FILLS, "lastFillTime=" + RequestForms.encoded(Instant.ofEpochMilli(epochMs).toString()),
            this::onFills);
    }

    private void ask(final Endpoint endpoint, final String data, final Consumer<JsonNode> then) {
        step = Step.WAITING;
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.STATUS, endpoint, NO_ID, root -> {
            if (endpoint.isHistory()) {
                then.accept(root);
            } else if (root == null || !"success".equals(VenueJson.text(root, "result"))) {
                giveUp();
            } else {
                then.accept(root);
            }
        });
        request.data = data;
        link.ask(request);
    }

    /** Whether an order is about to be called not found that may have ended too long ago for the calls above. */
    private boolean wantsHistory() {
        final long oldEnoughNs = epochClock.nanoTime() - STATUS_MEMORY_NS;
        boolean wanted = false;
        for (final OrderQuery query : round.values()) {
            final LiveOrder order = query.order;
            if (query.byEngine && query.status == null && order.inFlight == 0 && !query.historyAsked
                && (!byStatus || query.sinceEpochNs < oldEnoughNs)) {
                query.historyOpen =
                    query.fills.isEmpty() && query.knownCumQty == 0 && order.venueOrderId.isEmpty();
                query.historyAsked = query.historyOpen || query.wantsOlderFills();
                wanted |= query.historyAsked;
            }
        }
        return wanted;
    }

    private void askHistory(final String token) {
        if (!history.take(System.nanoTime())) {
            counters.increment(KrakenCounter.HISTORY_HELD);
            conclude();
            return;
        }
        counters.increment(KrakenCounter.HISTORY_REQUESTS);
        long sinceNs = Long.MAX_VALUE;
        for (final OrderQuery query : round.values()) {
            if (query.historyAsked) {
                sinceNs = Math.min(sinceNs, query.sinceEpochNs);
            }
        }
        ask(Endpoint.HISTORY_ORDERS, "since=" + Math.max(0, (sinceNs - OVERLAP_NS) / 1_000_000L) + "&count="
            + HISTORY_PAGE + (token.isEmpty() ? "" : "&continuationToken=" + RequestForms.encoded(token)),
            this::onHistory);
    }

    /** Newest first: the event that ended an order comes before the one that placed it. */
    private void onHistory(final JsonNode root) {
        if (root == null || !root.path("elements").isArray()) {
            if (root != null && VenueWords.LIMIT.equals(VenueJson.error(root))) {
                history.drain(System.nanoTime());
            }
            conclude();
            return;
        }
        for (final JsonNode element : root.path("elements")) {
            element.path("event").properties().forEach(event -> onHistoryEvent(event.getKey(), event.getValue()));
        }
        final String token = VenueJson.text(root, "continuationToken");
        if (!token.isEmpty() && ++pages < pagesMax) {
            askHistory(token);
            return;
        }
        if (token.isEmpty()) {
            // all of it was read: what it does not name it does not know
            round.values().forEach(query -> query.historyOpen &= query.placed && query.status == null);
        }
        conclude();
    }

    private void onHistoryEvent(final String name, final JsonNode event) {
        final JsonNode told = event.has("order") ? event.get("order") : event.path("newOrder");
        final OrderQuery query = queryOf(VenueJson.text(told, "uid", "orderId"), VenueJson.text(told, "clientId",
            "cliOrdId"));
        if (query == null || !query.historyAsked || query.status != null) {
            return;
        }
        query.placed = true;
        final boolean cancelled = "OrderCancelled".equals(name);
        if (cancelled || "OrderRejected".equals(name)) {
            query.word = VenueJson.text(event, "reason");
            query.filled = decimals.orZero(told.get("filled"));
            query.total = decimals.e8(told.get("quantity"));
            query.price = decimals.e8(told.get("limitPrice"));
            query.status = !cancelled ? OrdStatus.REJECTED
                : VenueWords.isExpiry(query.word) ? OrdStatus.EXPIRED : OrdStatus.CANCELED;
            registry.bindVenueOrderId(query.order, VenueJson.text(told, "uid", "orderId"));
        }
    }

    private void onStatus(final JsonNode root) {
        for (final JsonNode item : root.path("orders")) {
            final JsonNode told = item.has("order") ? item.get("order") : item;
            final OrderQuery query = queryOf(VenueJson.text(told, "orderId", "order_id"),
                VenueJson.text(told, "cliOrdId", "cli_ord_id"));
            if (query == null) {
                continue;
            }
            query.word = VenueJson.text(item, "updateReason", "error");
            query.filled = decimals.orZero(told.get("filled"));
            query.total = decimals.e8(told.get("quantity"));
            query.price = decimals.e8(told.get("limitPrice"));
            query.status = statusOf(VenueJson.text(item, "status"), query);
            registry.bindVenueOrderId(query.order, VenueJson.text(told, "orderId", "order_id"));
        }
        afterState(round.values().stream().anyMatch(query -> query.status == null));
    }

    private OrdStatus statusOf(final String word, final OrderQuery query) {
        switch (word) {
            case "ENTERED_BOOK":
            case "TRIGGER_PLACED":
                return query.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
            case "FULLY_EXECUTED":
                return OrdStatus.FILLED;
            case "CANCELLED":
            case "TRIGGER_ACTIVATION_FAILURE":
                return VenueWords.isExpiry(query.word) ? OrdStatus.EXPIRED : OrdStatus.CANCELED;
            case "REJECTED":
                return VenueWords.isExpiry(query.word) ? OrdStatus.EXPIRED : OrdStatus.REJECTED;
            default:
                counters.increment(KrakenCounter.UNKNOWN_WORDS);
                return null;
        }
    }

    private void onOpenOrders(final JsonNode root) {
        for (final JsonNode item : root.path("openOrders")) {
            final OrderQuery query = queryOf(VenueJson.text(item, "order_id"), VenueJson.text(item, "cliOrdId"));
            if (query != null && query.status == null) {
                query.filled = decimals.orZero(item.get("filledSize"));
                query.total = query.filled + decimals.orZero(item.get("unfilledSize"));
                query.price = decimals.e8(item.get("limitPrice"));
                query.status = query.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
                registry.bindVenueOrderId(query.order, VenueJson.text(item, "order_id"));
            }
        }
        afterState(false);
    }

    private void afterState(final boolean askOpen) {
        if (askOpen) {
            askOpenOrders();
        } else if (round.values().stream().anyMatch(OrderQuery::wantsFills)) {
            askNewestFills();
        } else {
            conclude();
        }
    }

    private void onFills(final JsonNode root) {
        final JsonNode page = root.path("fills");
        long oldestMs = ReadBack.NEWEST_MS;
        for (final JsonNode item : page) {
            final Fill fill = json.fill(item);
            if (fill == null) {
                continue;
            }
            oldestMs = Math.min(oldestMs, fill.epochNs() / 1_000_000L);
            final OrderQuery query = queryOf(fill.venueOrderId(), fill.clientId());
            if (query == null) {
                final LiveOrder order = registry.find(fill.venueOrderId(), fill.clientId());
                if (order != null && order.accountId == link.accountId()) {
                    orders.fill(order, fill, true, false);
                }
            } else if (query.fills.stream().noneMatch(known -> known.tradeId() == fill.tradeId())) {
                query.fills.add(fill);
            }
        }
        pages++;
        final long endMs = page.size() < FILLS_PAGE ? ReadBack.ALL_MS : oldestMs;
        final long nowNs = System.nanoTime();
        long nextMs = ReadBack.ALL_MS;
        for (final OrderQuery query : round.values()) {
            query.read.page(beforeMs, endMs);
            if (query.wantsOlderFills() && nowNs - query.deeperAtNs >= 0) {
                nextMs = Math.max(nextMs, query.read.nextBeforeMs());
            }
        }
        if (nextMs != ReadBack.ALL_MS && nextMs < beforeMs && pages < pagesMax) {
            askFillsBefore(nextMs);
        } else {
            conclude();
        }
    }

    private void conclude() {
        if (wantsHistory()) {
            pages = 0;
            askHistory("");
            return;
        }
        final long nowNs = System.nanoTime();
        step = Step.IDLE;
        for (final OrderQuery query : List.copyOf(round.values())) {
            if (!query.wantsFills() || query.status == null && !query.wantsOlderFills()) {
                round.remove(query.order.orderId);
                conclude(query, nowNs);
            } else if (nowNs - query.startedNs >= timeoutNs) {
                round.remove(query.order.orderId);
                publishFills(query);
                orders.executed(query.order, query.filled, nowNs);
                unanswered(query);
            } else if (query.wantsOlderFills() && nowNs - query.deeperAtNs >= 0) {
                query.deeperAtNs = nowNs + DEEPER_NS;
            }
        }
        if (!round.isEmpty()) {
            step = Step.RETRY;
            retryAtNs = nowNs + RETRY_NS;
        }
    }

    private void conclude(final OrderQuery query, final long nowNs) {
        publishFills(query);
        final LiveOrder order = query.order;
        if (query.status != null) {
            order.absentSinceNs = 0;
            if (query.byEngine) {
                answer(query, VenueAnswer.FOUND);
            } else {
                tell(query, nowNs);
            }
            return;
        }
        final long sum = query.fillsSum();
        if (query.byEngine) {
            if (order.inFlight > 0 || query.historyOpen) {
                unanswered(query);
            } else if (sum > 0 || query.knownCumQty > 0 || query.filled > 0) {
                query.status = OrdStatus.CANCELED;
                query.filled = Math.max(query.filled, Math.max(sum, query.knownCumQty));
                answer(query, VenueAnswer.FOUND);
            } else {
                answer(query, VenueAnswer.NOT_FOUND);
            }
        } else if (order.acknowledged && order.inFlight == 0) {
            order.unfinished = query;
            if (order.absentSinceNs == 0) {
                order.absentSinceNs = nowNs;
                order.lookAtNs = nowNs + ABSENT_NS;
                absent.add(order);
            } else if (nowNs - order.absentSinceNs >= ABSENT_NS) {
                orders.over(order, ExecType.CANCELED, null, Math.max(order.filled, query.filled),
                    "no longer at the venue", nowNs);
            }
        }
    }

    /** A look of our own found the order. */
    private void tell(final OrderQuery query, final long nowNs) {
        final LiveOrder order = query.order;
        switch (query.status) {
            case REJECTED:
                if (!order.acknowledged && !order.isFinal) {
                    orders.rejected(order, order.clientId, RejectReason.VENUE_REJECTED, query.word);
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
                if (query.isOpen() && !order.owesFills()) {
                    order.sinceEpochNs = roundEpochNs;
                }
                break;
        }
    }

    private void answer(final OrderQuery query, final VenueAnswer answer) {
        state.reset();
        if (answer == VenueAnswer.FOUND) {
            final long sum = query.fillsSum();
            final boolean more = query.isOpen() && sum > query.filled;
            state.cumQty = Math.max(query.filled, sum);
            state.orderQty = query.total;
            state.price = query.price;
            state.leavesQty = query.isOpen() && query.total != Scale.NULL
                ? Math.max(0, query.total - state.cumQty) : query.isOpen() ? Scale.NULL : 0;
            state.ordStatus = more ? state.leavesQty == 0 ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED
                : query.status;
            state.venueOrderId = query.order.venueOrderId;
            query.order.acknowledged |= query.status != OrdStatus.REJECTED;
        }
        engine.orderState(link.accountId(), epochClock.nanoTime(), query.order.orderId, query.attempt, answer, state);
        if (answer == VenueAnswer.NOT_FOUND) {
            registry.onAbsent(query.order, System.nanoTime());
        } else if (answer == VenueAnswer.FOUND && query.isOpen()) {
            registry.onOpen(query.order);
        } else if (answer == VenueAnswer.FOUND) {
            registry.onFinal(query.order, System.nanoTime());
        }
    }

    private void publishFills(final OrderQuery query) {
        query.fills.sort(Comparator.comparingLong(Fill::epochNs));
        for (final Fill fill : query.fills) {
            if (query.byEngine || !query.order.trades.contains(fill.tradeId())) {
                orders.fill(query.order, fill, true, query.byEngine);
            }
        }
    }

    private void unanswered(final OrderQuery query) {
        query.order.unfinished = query;
        if (query.byEngine) {
            counters.increment(KrakenCounter.QUERIES_UNANSWERED);
            answer(query, VenueAnswer.NO_ANSWER);
        }
    }

    private void giveUp() {
        step = Step.IDLE;
        final List<OrderQuery> all = new ArrayList<>(round.values());
        round.clear();
        for (final OrderQuery query : all) {
            publishFills(query);
            unanswered(query);
        }
    }

    private OrderQuery queryOf(final String venueOrderId, final String clientId) {
        final LiveOrder order = registry.find(venueOrderId, clientId);
        return order == null ? null : round.get(order.orderId);
    }
}
