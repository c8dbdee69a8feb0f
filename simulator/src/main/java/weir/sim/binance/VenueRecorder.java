package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.function.Consumer;
import weir.sim.market.VenueLog;

/**
 * Writes what the engine tells into the venue log, counts first fills, then passes it on to the streams. Inside the
 * engine's monitor, so that the log comes before every answer and event.
 */
final class VenueRecorder implements EngineListener {
    private final VenueLog log;
    private final VenueLimits limits;
    private Consumer<Execution> streams = execution -> { };
    private Consumer<Execution> trades = execution -> { };

    VenueRecorder(final VenueLog log, final VenueLimits limits) {
        this.log = log;
        this.limits = limits;
    }

    void listeners(final Consumer<Execution> userStreams, final Consumer<Execution> tradeStream) {
        streams = userStreams;
        trades = tradeStream;
    }

    @Override
    public void onOrder(final BinanceOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(describe(head("order", order.request, order.orderId, order.clientId, nowNs), order.request));
        }
    }

    @Override
    public void onRefused(final OrderRequest request, final ApiError error, final long nowNs) {
        if (!request.account().isHouse()) {
            log.write(describe(head("reject", request, 0, request.clientId(), nowNs), request)
                .put("code", error.code()).put("reason", error.getMessage()));
        }
    }

    @Override
    public void onExecution(final Execution execution) {
        final BinanceOrder order = execution.order();
        final BinanceFill fill = execution.fill();
        if (fill != null && !fill.maker()) {
            trades.accept(execution);
        }
        if (order.isHouse()) {
            return;
        }
        final ObjectNode line = head(kind(execution.type()), order.request, order.orderId, order.clientId,
            execution.atNs()).put("execType", execution.type()).put("status", order.status)
            .put("cumQty", Numbers.plain(order.filled))
            .put("leavesQty", Numbers.plain(order.open ? order.available() : BigDecimal.ZERO));
        if (fill != null) {
            line.put("tradeId", fill.tradeId()).put("side", order.request.side())
                .put("qty", Numbers.plain(fill.qty())).put("price", Numbers.plain(fill.price()))
                .put("fee", Numbers.plain(fill.commission())).put("feeCurrency", fill.commissionAsset())
                .put("liquidity", fill.maker() ? "M" : "T");
            if (order.fills.size() == 1) {
                limits.onFirstFill(order.account().name(), fill.maker(), execution.atNs());
            }
        } else if ("REPLACED".equals(execution.type())) {
            line.put("qty", Numbers.plain(order.qty)).put("price", Numbers.plain(order.price()));
        }
        log.write(line);
        streams.accept(execution);
    }

    private static String kind(final String execType) {
        switch (execType) {
            case "NEW":
                return "ack";
            case "TRADE":
                return "exec";
            case "REPLACED":
                return "replace";
            default:
                return "cancel";
        }
    }

    private static ObjectNode head(final String kind, final OrderRequest request, final long orderId,
        final String clientId, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("session", request.account().apiKey())
            .put("profile", request.account().name()).put("channel", request.channel()).put("clOrdId", clientId)
            .put("orderId", Long.toString(orderId)).put("product", request.symbol());
    }

    private static ObjectNode describe(final ObjectNode line, final OrderRequest request) {
        return line.put("side", request.side()).put("ordType", request.type()).put("tif", request.tif())
            .put("qty", Numbers.plain(request.qty())).put("price", Numbers.plain(request.price()))
            .put("stopPrice", Numbers.plain(request.stopPrice())).put("stp", request.stp().name());
    }
}
