package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/**
 * The /api/history/v2 calls: an account's orders and executions beyond what the trading calls remember, with since,
 * before (epoch milliseconds), sort, count and continuationToken. Any thread.
 */
final class HistoryCalls {
    private static final int COUNT_MAX = 1000;

    private final KrakenEngine engine;
    private final LongSupplier offsetNs;

    HistoryCalls(final KrakenEngine engine, final LongSupplier offsetNs) {
        this.engine = engine;
        this.offsetNs = offsetNs;
    }

    /** How many entries a call asks for. @throws ApiError if it is no number. */
    static int count(final RestQuery query) {
        try {
            return (int)query.cursor("count", 500);
        } catch (final IllegalArgumentException e) {
            throw ApiError.invalid("count");
        }
    }

    /** The answer without result and serverTime; null if there is no such call. @throws ApiError as a root error. */
    ObjectNode call(final KrakenAccount account, final String endpoint, final RestQuery query, final long nowNs) {
        return switch (endpoint) {
            case "orders" -> engine.read(() -> page(account, query, events(account, nowNs), Event::atNs,
                this::event));
            case "executions" -> engine.read(() -> page(account, query,
                engine.orders().fills(account.name(), Long.MAX_VALUE, Integer.MAX_VALUE), KrakenFill::tradedNs,
                this::execution));
            case "triggers" -> page(account, query, List.<Event>of(), Event::atNs, this::event);
            default -> null;
        };
    }

    private <T> ObjectNode page(
        final KrakenAccount account, final RestQuery query, final List<T> newestFirst,
        final ToLongFunction<T> timeNs, final java.util.function.Function<T, ObjectNode> entry) {
        try {
            final long sinceMs = query.cursor("since", 0);
            final long beforeMs = query.cursor("before", Long.MAX_VALUE);
            final long skip = query.cursor("continuationToken", 0);
            final List<T> all = new ArrayList<>(newestFirst);
            if ("asc".equals(query.get("sort"))) {
                Collections.reverse(all);
            }
            final ObjectNode body = Json.object().put("accountUid", uid(account));
            final ArrayNode elements = Json.array();
            final int countMax = Math.min(COUNT_MAX, count(query));
            long at = 0;
            boolean more = false;
            for (final T each : all) {
                final long ms = shownMs(timeNs.applyAsLong(each));
                if (ms < sinceMs || ms >= beforeMs || at++ < skip) {
                    continue;
                }
                if (elements.size() == countMax) {
                    more = true;
                    break;
                }
                elements.add(entry.apply(each));
            }
            body.put("len", elements.size());
            body.set("elements", elements);
            if (more) {
                body.put("continuationToken", Long.toString(skip + elements.size()));
            }
            return body;
        } catch (final IllegalArgumentException e) {
            throw ApiError.invalid(e.getMessage());
        }
    }

    private ObjectNode execution(final KrakenFill fill) {
        final ObjectNode element = Json.object().put("uid", fill.fillId()).put("timestamp",
            shownMs(fill.tradedNs()));
        final ObjectNode execution = element.putObject("event").putObject("execution").putObject("execution");
        execution.put("uid", fill.fillId()).put("timestamp", shownMs(fill.tradedNs()))
            .put("quantity", Numbers.text(fill.size())).put("price", Numbers.text(fill.price()))
            .put("limitFilled", fill.remaining().signum() == 0);
        execution.set(fill.taker() ? "takerOrder" : "makerOrder", describe(fill.order()));
        execution.putObject("orderData").put("fee", Numbers.text(fill.fee()))
            .put("feeCurrency", fill.feeCurrency());
        return element;
    }

    /** An order was placed, or ended without being filled. */
    private record Event(KrakenOrder order, boolean ended, long atNs) {
    }

    /** Events of orders that are visible, newest first. */
    private List<Event> events(final KrakenAccount account, final long nowNs) {
        final List<Event> events = new ArrayList<>();
        for (final KrakenOrder order : engine.orders().history(account.name())) {
            if (order.visibleNs <= nowNs) {
                if ("CANCELLED".equals(order.status)) {
                    events.add(new Event(order, true, order.updatedNs));
                }
                events.add(new Event(order, false, order.receivedNs));
            }
        }
        events.sort((a, b) -> Long.compare(b.atNs, a.atNs));
        return events;
    }

    private ObjectNode event(final Event event) {
        final KrakenOrder order = event.order;
        final ObjectNode element = Json.object().put("uid", order.orderId).put("timestamp", shownMs(event.atNs));
        final ObjectNode body = element.putObject("event").putObject(event.ended ? "OrderCancelled" : "OrderPlaced");
        body.set("order", describe(order));
        body.put("reason", event.ended ? order.updateReason.toLowerCase(java.util.Locale.ROOT)
            : "new_user_order");
        return element;
    }

    private ObjectNode describe(final KrakenOrder order) {
        return Json.object().put("uid", order.orderId).put("accountUid", uid(order.account()))
            .put("tradeable", order.request.symbol()).put("direction", order.isBuy() ? "Buy" : "Sell")
            .put("quantity", Numbers.text(order.size)).put("filled", Numbers.text(order.filled))
            .put("timestamp", shownMs(order.receivedNs)).put("limitPrice", Numbers.text(order.limitPrice))
            .put("orderType", order.request.type().code()).put("clientId", order.request.cliOrdId() == null ? ""
                : order.request.cliOrdId()).put("reduceOnly", order.request.reduceOnly())
            .put("lastUpdateTimestamp", shownMs(order.updatedNs));
    }

    private long shownMs(final long epochNs) {
        return (epochNs + offsetNs.getAsLong()) / 1_000_000;
    }

    private static String uid(final KrakenAccount account) {
        return UUID.nameUUIDFromBytes(account.name().getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
    }
}
