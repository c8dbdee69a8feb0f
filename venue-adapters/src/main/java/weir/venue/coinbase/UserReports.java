package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * Messages of the channel {@code user} to events ("WebSocket channels", user and full). It speaks for an order that
 * REST placed, always: FIX does not report on it; and for any other while FIX is down or when a former run placed it. A
 * trade has the same id here, in FIX and in /fills, by which the engine tells it once. Agent's thread.
 */
final class UserReports {
    private static final String TIME_IN_FORCE = "101";

    private final AccountLink link;
    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final Decimals decimals;
    private final VenueExecution report = new VenueExecution();
    private Replacer replacer;

    UserReports(final AccountLink link, final OrderRegistry registry, final VenueEventProxy engine,
        final CoinbaseCounters counters, final EpochNanoClock epochClock) {
        this.link = link;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = epochClock;
        this.decimals = new Decimals(counters);
    }

    void bind(final Replacer newReplacer) {
        replacer = newReplacer;
    }

    /** A replace ended and left the order as it was: its end that came meanwhile counts now. */
    void resume(final ReplaceJob job) {
        if (job.end != null) {
            onDone(job.end);
        }
    }

    void onMessage(final JsonNode message) {
        switch (message.path("type").asText("")) {
            case "received":
                onReceived(message);
                break;
            case "match":
                onMatch(message, "maker_order_id", Liquidity.MAKER);
                onMatch(message, "taker_order_id", Liquidity.TAKER);
                break;
            case "done":
                onDone(message);
                break;
            case "change":
                onChange(message);
                break;
            default:
                break; // open and activate change nothing here
        }
    }

    private void onReceived(final JsonNode message) {
        final IdRef ref = registry.ref(uuid(message));
        if (ref == null || ref.order == null || !speaksFor(ref.order)) {
            return;
        }
        final LiveOrder order = ref.order;
        if (order.job != null) {
            if (order.job.newId.equals(uuid(message))) {
                replacer.onReceived(order.job, message.path("order_id").asText(""));
            }
            return;
        }
        if (order.lost != null) {
            if (order.lost.newId.equals(uuid(message))) {
                replacer.onReceived(order.lost, message.path("order_id").asText(""));
            }
            return;
        }
        order.unsureUntilNs = 0;
        registry.bindVenueOrderId(order, message.path("order_id").asText(""));
        if (order.taken) {
            return;
        }
        order.taken = true;
        final UUID id = uuid(message);
        begin(order, ExecType.NEW, OrdStatus.NEW, message, "order_id");
        report.requestIdHigh = id.getMostSignificantBits();
        report.requestIdLow = id.getLeastSignificantBits();
        tell(report);
        registry.onOpen(order);
    }

    private void onMatch(final JsonNode message, final String side, final Liquidity liquidity) {
        final LiveOrder order = registry.byVenueOrderId(message.path(side).asText(null));
        if (order == null || !speaksFor(order)) {
            return;
        }
        final boolean funded = order.born == LiveOrder.BORN_BY_REST && order.byFunds;
        if (funded) {
            tellTrade(order, OrdStatus.PARTIALLY_FILLED);
        }
        begin(order, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, message, side);
        report.liquidity = liquidity;
        report.lastQty = decimals.exact(message.path("size").asText(null));
        report.lastPx = decimals.exact(message.path("price").asText(null));
        report.tradeId = ExecutionReader.tradeId(message.path("trade_id").asText(""));
        final String product = message.path("product_id").asText("");
        report.feeCurrency = product.substring(product.indexOf('-') + 1);
        report.fee = fee(message, liquidity == Liquidity.MAKER ? "maker_fee_rate" : "taker_fee_rate");
        count(order);
        if (funded) {
            order.lastTrade = copyOf(report);
        } else {
            tell(report);
        }
    }

    /** What the order has filled with this trade, where it is known of every trade before it. */
    private void count(final LiveOrder order) {
        if (order.cumQty == Scale.NULL || report.lastQty == Scale.NULL) {
            order.cumQty = Scale.NULL;
            return;
        }
        if (report.tradeId > order.lastTradeId) {
            order.lastTradeId = report.tradeId;
            order.cumQty += report.lastQty;
        }
        report.cumQty = order.cumQty;
        if (order.size != Scale.NULL) {
            report.leavesQty = Math.max(0, order.size - order.cumQty);
            report.ordStatus = report.leavesQty == 0 ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED;
        }
    }

    private void onDone(final JsonNode message) {
        final LiveOrder order = registry.byVenueOrderId(message.path("order_id").asText(null));
        if (order == null) {
            return;
        }
        final long nowNs = System.nanoTime();
        final boolean filled = "filled".equals(message.path("reason").asText());
        tellTrade(order, filled ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED);
        if (!speaksFor(order)) {
            return;
        }
        confirm(order, nowNs);
        final long remaining = decimals.exact(message.path("remaining_size").asText(null));
        if (order.job != null && !filled) {
            replacer.onEnd(order.job, message, order.size == Scale.NULL || remaining == Scale.NULL ? Scale.NULL
                : order.size - order.filledBefore - remaining);
            return;
        }
        if (order.lost != null && !filled) {
            return; // the end of the order as it was says nothing of what may stand in its place
        }
        if (filled && order.size != Scale.NULL && order.cumQty != Scale.NULL && order.cumQty < order.size) {
            // a trade was not told here: the engine, which counts less than this, asks before it ends the order
            begin(order, ExecType.CANCELED, OrdStatus.CANCELED, message, "order_id");
            report.cumQty = order.size;
            report.leavesQty = 0;
            tell(report);
        }
        if (!filled) {
            final String why = message.path("cancel_reason").asText("");
            final boolean expired = why.startsWith(TIME_IN_FORCE);
            begin(order, expired ? ExecType.EXPIRED : ExecType.CANCELED,
                expired ? OrdStatus.EXPIRED : OrdStatus.CANCELED, message, "order_id");
            // filled by the venue's count: if it is more than came here, the engine asks before it ends the order
            report.cumQty = order.size == Scale.NULL || remaining == Scale.NULL ? Scale.NULL : order.size - remaining;
            report.leavesQty = 0;
            report.text = why;
            tell(report);
        }
        registry.onFinal(order, nowNs);
    }

    private void onChange(final JsonNode message) {
        final LiveOrder order = registry.byVenueOrderId(message.path("order_id").asText(null));
        if (order == null || !speaksFor(order)) {
            return;
        }
        final long before = decimals.exact(message.path("old_size").asText(null));
        final long after = decimals.exact(message.path("new_size").asText(null));
        if (!"STP".equals(message.path("reason").asText()) || order.size == Scale.NULL || before == Scale.NULL
            || after == Scale.NULL) {
            order.size = Scale.NULL; // a replace: its answer is FIX's, and what the order is now is asked
            return;
        }
        order.size -= before - after;
        begin(order, ExecType.RESTATED, OrdStatus.NEW, message, "order_id");
        report.orderQty = order.size;
        report.text = "self-trade prevention";
        tell(report);
    }

    private boolean speaksFor(final LiveOrder order) {
        return order.accountId == link.accountId() && (order.born != LiveOrder.BORN_BY_FIX || !link.isUp());
    }

    /** A request by FIX about an order that FIX does not report on has its answer here. */
    private void confirm(final LiveOrder order, final long nowNs) {
        for (int i = 0; i < order.idCount(); i++) {
            ReportTranslator.confirm(link, registry.ref(order.idHigh(i), order.idLow(i)), nowNs);
        }
    }

    private void begin(final LiveOrder order, final ExecType type, final OrdStatus status, final JsonNode message,
        final String idName) {
        report.reset();
        report.orderId = order.orderId;
        if (order.idCount() > 0) {
            report.requestIdHigh = order.idHigh(0);
            report.requestIdLow = order.idLow(0);
        }
        report.execType = type;
        report.ordStatus = status;
        report.venueOrderId = message.path(idName).asText("");
        report.transactNs = timeNs(message.path("time").asText(""));
    }

    private void tellTrade(final LiveOrder order, final OrdStatus status) {
        final VenueExecution trade = order.lastTrade;
        if (trade != null) {
            order.lastTrade = null;
            trade.ordStatus = status;
            tell(trade);
        }
    }

    private void tell(final VenueExecution event) {
        counters.increment(CoinbaseCounter.USER_EVENTS);
        engine.execution(link.accountId(), epochClock.nanoTime(), event);
    }

    private static VenueExecution copyOf(final VenueExecution source) {
        final VenueExecution copy = new VenueExecution();
        copy.orderId = source.orderId;
        copy.requestIdHigh = source.requestIdHigh;
        copy.requestIdLow = source.requestIdLow;
        copy.execType = source.execType;
        copy.liquidity = source.liquidity;
        copy.cumQty = source.cumQty;
        copy.lastQty = source.lastQty;
        copy.lastPx = source.lastPx;
        copy.fee = source.fee;
        copy.feeCurrency = source.feeCurrency;
        copy.tradeId = source.tradeId;
        copy.transactNs = source.transactNs;
        copy.venueOrderId = source.venueOrderId;
        return copy;
    }

    /** Rate times what was traded. */
    private static long fee(final JsonNode message, final String rateName) {
        try {
            return Decimals.mantissa(new BigDecimal(message.path(rateName).asText())
                .multiply(new BigDecimal(message.path("size").asText()))
                .multiply(new BigDecimal(message.path("price").asText())));
        } catch (final NumberFormatException ex) {
            return Scale.NULL;
        }
    }

    private static UUID uuid(final JsonNode message) {
        final String text = message.path(message.has("client-oid") ? "client-oid" : "client_oid").asText("");
        try {
            return text.isEmpty() ? null : UUID.fromString(text);
        } catch (final IllegalArgumentException ex) {
            return null;
        }
    }

    private static long timeNs(final String text) {
        try {
            final Instant instant = Instant.parse(text);
            return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
        } catch (final DateTimeException ex) {
            return 0;
        }
    }
}
