package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Questions about orders of one account. Many at once begin with one {@code get_open_orders}; what it does not show,
 * and few, are asked for one by one, by the venue's id or by our label.
 * <ul>
 * <li>Found: its fills first ({@code get_user_trades_by_order}, until they add up), then the state.
 * <li>Not there: the instrument's trades since the order was sent are read for its label; where they are more than an
 * answer holds, the trades of its id are. With fills it is over with what was filled; without, not found. The engine
 * judges whether that counts yet; a look of our own concludes that an acknowledged order is over only when a second
 * look, a while later, says the same, and looks until then.
 * <li>Anything unanswered: no answer.
 * </ul>
 * Agent's thread.
 */
final class QueryDesk {
    private static final long RETRY_NS = 300_000_000L;
    private static final long ABSENT_NS = 1_000_000_000L;
    private static final long OVERLAP_MS = 5_000;
    private static final int TRADES_MAX = 1000;
    private static final long NS_PER_MS = 1_000_000L;

    private final AccountLink link;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final DeribitCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueJson json;
    private final int bulkMin;
    private final long timeoutNs;
    private final Map<Long, OrderQuery> next = new LinkedHashMap<>();
    private final Map<Long, OrderQuery> active = new LinkedHashMap<>();
    /** Orders that a look did not find, until one finds them or they are over. */
    private final Set<LiveOrder> absent = new LinkedHashSet<>();
    private final VenueExecution state = new VenueExecution();
    private boolean listing;

    QueryDesk(final DeribitAdapter.Context context, final AccountLink link, final OrderRegistry registry,
        final OrderEvents orders, final VenueJson json, final VenueEventProxy engine,
        final DeribitCounters counters) {
        this.link = link;
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.bulkMin = context.bulkQueriesMin();
        this.timeoutNs = context.queryTimeoutMs() * NS_PER_MS;
    }

    /** The engine asks; a second question about an order that waits is answered together with the first. */
    void onQuery(final LiveOrder order, final long cumQty, final long sinceEpochNs, final int attempt) {
        counters.increment(DeribitCounter.QUERIES);
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
        registry.live(link.accountId()).forEach(this::look);
    }

    boolean isIdle() {
        return active.isEmpty() && next.isEmpty();
    }

    int doWork(final long nowNs) {
        if (!absent.isEmpty()) {
            lookForAbsent(nowNs);
        }
        int work = 0;
        for (final OrderQuery query : active.isEmpty() ? List.<OrderQuery>of() : List.copyOf(active.values())) {
            if (query.retryAtNs != 0 && nowNs - query.retryAtNs >= 0) {
                query.retryAtNs = 0;
                askTrades(query);
                work++;
            }
        }
        if (next.isEmpty() || listing) {
            return work;
        }
        final List<OrderQuery> asked = new ArrayList<>();
        next.values().removeIf(query -> {
            final boolean free = !active.containsKey(query.order.orderId);
            if (free) {
                asked.add(query);
                active.put(query.order.orderId, query);
            }
            return free;
        });
        if (!link.isUp()) {
            asked.forEach(this::unanswered);
        } else if (asked.size() >= bulkMin) {
            listing = true;
            ask(Method.OPEN_ORDERS, "{}", answer -> onOpenOrders(asked, answer));
        } else {
            asked.forEach(this::askState);
        }
        return work + asked.size();
    }

    /** A socket that is live again says nothing of what ended before: only another look can. */
    private void lookForAbsent(final long nowNs) {
        absent.removeIf(order -> order.isFinal || order.absentSinceNs == 0);
        for (final LiveOrder order : absent) {
            if (nowNs - order.lookAtNs >= 0) {
                order.lookAtNs = nowNs + ABSENT_NS;
                look(order);
            }
        }
    }

    private void onOpenOrders(final List<OrderQuery> asked, final Answer answer) {
        listing = false;
        if (!answer.isResult() || !answer.result().isArray()) {
            asked.forEach(this::unanswered);
            return;
        }
        for (final JsonNode told : answer.result()) {
            final LiveOrder order = orders.find(told);
            final OrderQuery query = order == null ? null : active.get(order.orderId);
            if (query != null) {
                read(query, told);
            }
        }
        for (final OrderQuery query : asked) {
            if (query.status != null) {
                afterState(query);
            } else {
                askState(query);
            }
        }
    }

    private void askState(final OrderQuery query) {
        final LiveOrder order = query.order;
        if (order.venueOrderId.isEmpty()) {
            ask(Method.STATE_BY_LABEL, "{\"currency\":" + RequestForms.quoted(RequestForms.currency(order.symbol))
                + ",\"label\":\"" + order.label + "\"}", answer -> onState(query, answer));
        } else {
            ask(Method.ORDER_STATE, "{\"order_id\":" + RequestForms.quoted(order.venueOrderId) + '}',
                answer -> onState(query, answer));
        }
    }

    private void onState(final OrderQuery query, final Answer answer) {
        if (answer.kind() == Answer.Kind.ERROR && answer.code() == VenueCodes.ORDER_NOT_FOUND) {
            askTradesSince(query);
            return;
        }
        if (!answer.isResult()) {
            unanswered(query);
            return;
        }
        final JsonNode result = answer.result();
        if (result.isArray()) {
            // newest first; a trigger order that triggered goes on as a later one of the same label
            for (final JsonNode told : result) {
                if (query.status == null && !"triggered".equals(VenueJson.text(told, "order_state"))) {
                    read(query, told);
                }
            }
        } else if ("triggered".equals(VenueJson.text(result, "order_state"))) {
            query.order.venueOrderId = "";
            askState(query);
            return;
        } else {
            read(query, result);
        }
        if (query.status == null) {
            askTradesSince(query);
        } else {
            afterState(query);
        }
    }

    private void read(final OrderQuery query, final JsonNode told) {
        query.filled = json.decimals().orZero(told.get("filled_amount"));
        query.total = json.decimals().e8(told.get("amount"));
        query.price = json.decimals().e8(told.get("price"));
        query.status = statusOf(VenueJson.text(told, "order_state"), query);
        query.word = VenueJson.text(told, "cancel_reason");
        if (query.order.orderQty == Scale.NULL) {
            query.order.orderQty = query.total;
        }
        query.order.postOnly = told.path("post_only").asBoolean(query.order.postOnly);
        registry.bindVenueOrderId(query.order, VenueJson.text(told, "order_id"));
    }

    private OrdStatus statusOf(final String word, final OrderQuery query) {
        switch (word) {
            case "open":
            case "untriggered":
                return query.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
            case "filled":
                return OrdStatus.FILLED;
            case "cancelled":
                return query.order.immediate && query.order.cancelId == null ? OrdStatus.EXPIRED : OrdStatus.CANCELED;
            case "rejected":
                return OrdStatus.REJECTED;
            default:
                counters.increment(DeribitCounter.UNKNOWN_WORDS);
                return null;
        }
    }

    private void afterState(final OrderQuery query) {
        if (query.wantsFills()) {
            askTrades(query);
        } else {
            conclude(query);
        }
    }

    private void askTrades(final OrderQuery query) {
        ask(Method.TRADES_BY_ORDER, "{\"order_id\":" + RequestForms.quoted(query.order.venueOrderId) + '}', answer -> {
            if (!answer.isResult()) {
                unanswered(query);
                return;
            }
            query.add(json.fills(answer.result().isArray() ? answer.result() : answer.result().path("trades")));
            query.cutShort = false;
            if (!query.wantsFills()) {
                conclude(query);
            } else if (System.nanoTime() - query.startedNs >= timeoutNs) {
                publishFills(query);
                unanswered(query);
            } else {
                query.retryAtNs = System.nanoTime() + RETRY_NS;
            }
        });
    }

    /** The venue shows no such order: its fills, if it has some, name its label. */
    private void askTradesSince(final OrderQuery query) {
        final long nowMs = epochClock.nanoTime() / NS_PER_MS;
        final long sinceMs = Math.max(0, query.sinceEpochNs / NS_PER_MS - OVERLAP_MS);
        ask(Method.TRADES_BY_TIME, "{\"instrument_name\":" + RequestForms.quoted(query.order.symbol)
            + ",\"start_timestamp\":" + sinceMs + ",\"end_timestamp\":" + (nowMs + OVERLAP_MS) + ",\"count\":"
            + TRADES_MAX + ",\"sorting\":\"desc\"}", answer -> {
                if (!answer.isResult()) {
                    unanswered(query);
                    return;
                }
                final List<Fill> named = new ArrayList<>();
                for (final Fill fill : json.fills(answer.result().path("trades"))) {
                    if (registry.find(fill.venueOrderId(), fill.label()) == query.order) {
                        named.add(fill);
                    }
                }
                query.add(named);
                query.cutShort = answer.result().path("has_more").asBoolean(false);
                if (query.cutShort && !query.order.venueOrderId.isEmpty()) {
                    askTrades(query);
                } else {
                    conclude(query);
                }
            });
    }

    private void ask(final Method method, final String params, final Consumer<Answer> then) {
        link.ask(OutboundRequest.question(method, params, then));
    }

    private void conclude(final OrderQuery query) {
        final long nowNs = System.nanoTime();
        publishFills(query);
        final LiveOrder order = query.order;
        if (query.status != null) {
            order.absentSinceNs = 0;
            if (query.byEngine) {
                answer(query, VenueAnswer.FOUND);
            } else {
                tell(query, nowNs);
            }
            active.remove(order.orderId);
            return;
        }
        final long sum = query.fillsSum();
        if (query.byEngine) {
            if (order.inFlight > 0 || query.cutShort) {
                unanswered(query);
            } else if (sum > 0 || query.knownCumQty > 0) {
                query.status = OrdStatus.CANCELED;
                query.filled = Math.max(sum, query.knownCumQty);
                answer(query, VenueAnswer.FOUND);
            } else {
                answer(query, VenueAnswer.NOT_FOUND);
            }
        } else if (order.acknowledged && order.inFlight == 0 && !query.cutShort) {
            if (order.absentSinceNs == 0) {
                order.absentSinceNs = nowNs;
                order.lookAtNs = nowNs + ABSENT_NS;
                absent.add(order);
            } else if (nowNs - order.absentSinceNs >= ABSENT_NS) {
                orders.over(order, ExecType.CANCELED, "no longer at the venue");
            }
        }
        active.remove(order.orderId);
    }

    /** A look of our own found the order. */
    private void tell(final OrderQuery query, final long nowNs) {
        final LiveOrder order = query.order;
        if (query.status == OrdStatus.REJECTED) {
            if (!order.acknowledged && !order.isFinal) {
                orders.rejected(order, order.label, weir.protocol.RejectReason.VENUE_REJECTED, query.word);
            }
            return;
        }
        orders.acknowledged(order, order.venueOrderId, true);
        orders.executed(order, query.filled, nowNs);
        if (query.status == OrdStatus.CANCELED || query.status == OrdStatus.EXPIRED) {
            orders.over(order, query.status == OrdStatus.CANCELED ? ExecType.CANCELED : ExecType.EXPIRED, query.word);
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
            orders.fill(query.order, fill, Scale.NULL, true, query.byEngine);
        }
    }

    private void unanswered(final OrderQuery query) {
        active.remove(query.order.orderId);
        if (query.byEngine) {
            counters.increment(DeribitCounter.QUERIES_UNANSWERED);
            answer(query, VenueAnswer.NO_ANSWER);
        }
    }
}
