package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Questions about orders of one account, any number of them in one round. Few are asked for one by one: by the venue's
 * id ("Get order details", open or done), else by ours ("List open orders"). Many are looked up in the list of open
 * orders, page by page, and what is not in it by itself. Then the fills of what wants some, by order or page by page.
 * <ul>
 * <li>Found: its fills first, then the state. Fewer fills than the state counts: fills again, until they add up.
 * <li>Not open, with fills: the fills name the venue's id, by which it is asked for.
 * <li>Neither open nor filled: not found. The engine judges whether that counts yet; a look of our own concludes that
 * an acknowledged order is over only when a second look, a while later, says the same.
 * <li>Anything unanswered: no answer.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final long RETRY_NS = 300_000_000L;
    private static final long ABSENT_NS = 1_000_000_000L;
    /** "result_limit": 100 at most. */
    private static final int PAGE = 100;
    private static final long OVERLAP_NS = 5_000_000_000L;
    private static final int NOT_FOUND = 404;

    /** Where the round is. */
    private enum Step { IDLE, STATES, LEFT, FILLS, BY_FILL, RETRY }

    private final AccountLink link;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final AnswerReader answers;
    private final VenueEventProxy engine;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueJson json;
    private final int singlesMax;
    private final int pagesMax;
    private final long timeoutNs;
    private final Map<Long, OrderQuery> next = new LinkedHashMap<>();
    private final Map<Long, OrderQuery> round = new LinkedHashMap<>();
    private final VenueExecution state = new VenueExecution();
    private Step step = Step.IDLE;
    private int open;
    private long retryAtNs;
    /** Of a round that was given up, answers may still come. */
    private int generation;

    QueryDesk(final IntxAdapter.Context context, final AccountLink link, final OrderRegistry registry,
        final OrderEvents orders, final AnswerReader answers, final VenueJson json, final VenueEventProxy engine,
        final IntxCounters counters) {
        this.link = link;
        this.registry = registry;
        this.orders = orders;
        this.answers = answers;
        this.json = json;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.singlesMax = context.singlesMax();
        this.pagesMax = context.pagesMax();
        this.timeoutNs = context.queryTimeoutMs() * 1_000_000L;
    }

    /** The engine asks; a second question about an order that waits is answered together with the first. */
    void onQuery(final LiveOrder order, final long cumQty, final long sinceEpochNs, final int attempt) {
        counters.increment(IntxCounter.QUERIES);
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
        return step == Step.IDLE && next.isEmpty();
    }

    int doWork(final long nowNs) {
        if (step == Step.RETRY && nowNs - retryAtNs >= 0) {
            askFills();
            return 1;
        }
        if (step != Step.IDLE || next.isEmpty()) {
            return 0;
        }
        round.putAll(next);
        next.clear();
        if (!link.isUp()) {
            giveUp();
            return 1;
        }
        counters.increment(IntxCounter.ROUNDS);
        step = Step.STATES;
        if (round.size() <= singlesMax) {
            open++;
            List.copyOf(round.values()).forEach(this::askState);
            onDone();
        } else {
            askPage(0);
        }
        return 1;
    }

    private void askState(final OrderQuery query) {
        final LiveOrder order = query.order;
        query.asked = true;
        if (order.venueOrderId.isEmpty()) {
            for (final UUID id : order.ids) {
                ask(Endpoint.OPEN_ORDERS, "/orders", link.forms().portfolioQuery() + "&client_order_id=" + id,
                    (status, root) -> {
                        if (root == null || !root.path("results").isArray()) {
                            query.failed = true;
                        } else if (VenueJson.isOrder(root.path("results").path(0))) {
                            onOrder(query, root.path("results").path(0));
                        }
                    });
            }
        } else {
            query.askedById = true;
            ask(Endpoint.ORDER, "/orders/" + RequestForms.encoded(order.venueOrderId), link.forms().portfolioQuery(),
                (status, root) -> {
                    if (status == 200 && VenueJson.isOrder(root)) {
                        onOrder(query, root);
                    } else if (status != NOT_FOUND) {
                        query.failed = true;
                    }
                });
        }
    }

    private void askPage(final int page) {
        ask(Endpoint.OPEN_ORDERS, "/orders", link.forms().portfolioQuery() + "&result_limit=" + PAGE
            + "&result_offset=" + page * PAGE, (status, root) -> {
            final JsonNode results = root == null ? null : root.get("results");
            if (results == null || !results.isArray()) {
                round.values().forEach(query -> query.failed |= query.status == null);
                return;
            }
            for (final JsonNode item : results) {
                final OrderQuery query = queryOf(VenueJson.text(item, "order_id"),
                    VenueJson.text(item, "client_order_id"));
                if (query != null && VenueJson.isOrder(item)) {
                    onOrder(query, item);
                }
            }
            if (results.size() >= PAGE && page + 1 < pagesMax) {
                askPage(page + 1);
            } else if (results.size() >= PAGE) {
                round.values().forEach(query -> query.failed |= query.status == null);
            }
        });
    }

    private void onOrder(final OrderQuery query, final JsonNode item) {
        query.filled = json.orZero(item, "exec_qty");
        query.total = json.e8(item, "size");
        query.price = json.e8(item, "price");
        query.word = VenueJson.text(item, "text");
        registry.bindVenueOrderId(query.order, VenueJson.text(item, "order_id"));
        onName(query, VenueJson.text(item, "client_order_id"));
        if ("WORKING".equals(VenueJson.text(item, "order_status"))) {
            query.status = query.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
        } else if ("REJECTED".equals(VenueJson.text(item, "event_type"))) {
            query.status = OrdStatus.REJECTED;
        } else {
            final ExecType how = answers.ending(item, query.order.immediate);
            query.status = how == null ? OrdStatus.FILLED
                : how == ExecType.EXPIRED ? OrdStatus.EXPIRED : OrdStatus.CANCELED;
        }
    }

    /** The id tells which values are in force, where the answer to a replace was lost; by it FIX names the order. */
    private void onName(final OrderQuery query, final String text) {
        final UUID id;
        try {
            id = UUID.fromString(text);
        } catch (final IllegalArgumentException ex) {
            // a form that is none of ours
            return;
        }
        query.name = id;
        registry.shown(query.order, id);
    }

    /** A replace whose answer was lost: it took, or it did not and can come no more, or that is not known yet. */
    private void settleReplace(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (order.unsureReplace == null) {
            return;
        }
        if (order.unsureReplace.id().equals(query.name)) {
            orders.replaceTook(order);
        } else if (query.isOpen() && order.fixInFlight == 0 && query.startedNs - order.unsureUntilNs >= 0) {
            order.unsureReplace = null;
            order.orderQty = query.total;
        }
    }

    /** Every question of the step was answered, or will not be. */
    private void onDone() {
        if (--open > 0) {
            return;
        }
        open = 0;
        switch (step) {
            case STATES:
                step = Step.LEFT;
                // a list that is read page by page may lose an order that moves from one page to the one before
                askThose(query -> query.status == null && !query.asked);
                break;
            case LEFT:
                askFills();
                break;
            case FILLS:
                step = Step.BY_FILL;
                askThose(query -> query.status == null && !query.askedById && !query.order.venueOrderId.isEmpty());
                break;
            default:
                conclude();
                break;
        }
    }

    private void askThose(final java.util.function.Predicate<OrderQuery> which) {
        open++;
        List.copyOf(round.values()).stream().filter(which).forEach(this::askState);
        onDone();
    }

    private void askFills() {
        step = Step.FILLS;
        open++;
        final List<OrderQuery> wanting = round.values().stream().filter(OrderQuery::wantsFills).toList();
        if (wanting.size() <= singlesMax) {
            wanting.forEach(query -> {
                if (query.order.venueOrderId.isEmpty()) {
                    query.order.ids.forEach(id -> askFills("client_order_id=" + id, 0, List.of(query)));
                } else {
                    askFills("order_id=" + RequestForms.encoded(query.order.venueOrderId), 0, List.of(query));
                }
            });
        } else {
            long sinceNs = Long.MAX_VALUE;
            for (final OrderQuery query : wanting) {
                sinceNs = Math.min(sinceNs, query.byEngine ? query.sinceEpochNs : 0);
            }
            askFills("time_from=" + RequestForms.encoded(
                Instant.ofEpochMilli(Math.max(0, sinceNs - OVERLAP_NS) / 1_000_000L).toString()), 0, wanting);
        }
        onDone();
    }

    private void askFills(final String filter, final int page, final List<OrderQuery> about) {
        ask(Endpoint.FILLS, link.forms().fillsPath(), filter + "&result_limit=" + PAGE + "&result_offset="
            + page * PAGE, (status, root) -> {
            final JsonNode results = root == null ? null : root.get("results");
            if (results == null || !results.isArray()) {
                about.forEach(query -> query.failed = true);
                return;
            }
            for (final JsonNode item : results) {
                onFill(json.fill(item));
            }
            if (results.size() >= PAGE && page + 1 < pagesMax) {
                askFills(filter, page + 1, about);
            } else if (results.size() >= PAGE) {
                // more pages may name them: that they are not among these proves nothing
                about.forEach(query -> query.failed |= query.wantsFills());
            }
        });
    }

    private void onFill(final Fill fill) {
        final OrderQuery query = fill == null ? null : queryOf(fill.venueOrderId(), fill.clientId());
        if (query != null && query.fills.stream().noneMatch(known -> known.execId() == fill.execId())) {
            query.fills.add(fill);
            registry.bindVenueOrderId(query.order, fill.venueOrderId());
        }
    }

    private void ask(final Endpoint endpoint, final String path, final String query, final AnswerConsumer then) {
        final int of = generation;
        open++;
        link.ask(OutboundRequest.question(endpoint, path, query, (status, root) -> {
            if (of == generation) {
                then.accept(status, root);
                onDone();
            }
        }));
    }

    private void conclude() {
        final long nowNs = System.nanoTime();
        step = Step.IDLE;
        for (final OrderQuery query : List.copyOf(round.values())) {
            final boolean missing = query.status != null && query.wantsFills();
            if (!missing) {
                round.remove(query.order.orderId);
                conclude(query, nowNs);
            } else if (nowNs - query.startedNs >= timeoutNs) {
                round.remove(query.order.orderId);
                publishFills(query);
                unanswered(query);
            }
        }
        if (!round.isEmpty()) {
            step = Step.RETRY;
            retryAtNs = nowNs + RETRY_NS;
        }
    }

    private void conclude(final OrderQuery query, final long nowNs) {
        settleReplace(query);
        publishFills(query);
        final LiveOrder order = query.order;
        if (query.status != null) {
            order.absentSinceNs = 0;
            order.unsureUntilNs = order.unsureReplace == null ? 0 : order.unsureUntilNs;
            if (query.byEngine && query.isOpen() && order.unsureReplace != null) {
                // it has its old values, and may yet get the new ones
                unanswered(query);
            } else if (query.byEngine) {
                answer(query, VenueAnswer.FOUND);
            } else {
                tell(query, nowNs);
            }
            return;
        }
        final long sum = query.fillsSum();
        if (query.byEngine) {
            if (order.inFlight > 0 || query.failed || order.unsureUntilNs != 0 && nowNs - order.unsureUntilNs < 0) {
                unanswered(query);
            } else if (sum > 0 || query.knownCumQty > 0) {
                query.status = OrdStatus.CANCELED;
                query.filled = Math.max(sum, query.knownCumQty);
                answer(query, VenueAnswer.FOUND);
            } else {
                answer(query, VenueAnswer.NOT_FOUND);
            }
        } else if (order.acknowledged && order.inFlight == 0 && !query.failed) {
            if (order.absentSinceNs == 0) {
                order.absentSinceNs = nowNs;
            } else if (nowNs - order.absentSinceNs >= ABSENT_NS) {
                orders.over(order, ExecType.CANCELED, null, order.filled, "no longer at the venue", nowNs);
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
            case EXPIRED:
                orders.acknowledged(order, order.venueOrderId, true);
                orders.over(order, query.status == OrdStatus.EXPIRED ? ExecType.EXPIRED : ExecType.CANCELED, null,
                    query.filled, query.word, nowNs);
                break;
            default:
                orders.acknowledged(order, order.venueOrderId, true);
                orders.executed(order, query.filled, nowNs);
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
        query.fills.sort(Comparator.comparingLong(Fill::execId));
        for (final Fill fill : query.fills) {
            orders.fill(query.order, fill, true, query.byEngine);
        }
    }

    private void unanswered(final OrderQuery query) {
        if (query.byEngine) {
            counters.increment(IntxCounter.QUERIES_UNANSWERED);
            answer(query, VenueAnswer.NO_ANSWER);
        }
    }

    private void giveUp() {
        step = Step.IDLE;
        open = 0;
        generation++;
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
