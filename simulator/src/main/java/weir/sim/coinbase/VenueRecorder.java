package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.FaultPlan;
import weir.sim.market.VenueLog;

/**
 * Writes what the engine tells into the venue log, then passes reports on to the FIX sessions they belong to. Runs
 * inside the engine's monitor, which is what makes the log come before the answer.
 */
final class VenueRecorder implements EngineListener {
    private final VenueLog log;
    private final FaultPlan<Fault> faults;
    private SessionDirectory sessions;
    /** Null where nobody listens: in the warm-up. */
    private UserMessages users;

    VenueRecorder(final VenueLog log, final FaultPlan<Fault> faults) {
        this.log = log;
        this.faults = faults;
    }

    void sessions(final SessionDirectory directory) {
        this.sessions = directory;
    }

    void users(final UserMessages messages) {
        this.users = messages;
    }

    @Override
    public void onOpen(final VenueOrder order, final long nowNs) {
        if (!order.isHouse()) {
            if (users != null) {
                users.onOpen(order, nowNs);
            }
        }
    }

    @Override
    public void onOrder(final VenueOrder order, final long nowNs) {
        if (order.isHouse()) {
            return;
        }
        final OrderRequest request = order.request;
        log.write(head("order", order, nowNs)
            .put("side", request.side() == '1' ? "buy" : "sell").put("ordType", String.valueOf(request.type()))
            .put("tif", String.valueOf(request.tif()))
            .put("qty", ExecutionReportEncoder.plain(order.qty))
            .put("funds", ExecutionReportEncoder.plain(request.funds()))
            .put("price", ExecutionReportEncoder.plain(order.price))
            .put("stopPrice", ExecutionReportEncoder.plain(order.stopPrice))
            .put("stopLimitPrice", ExecutionReportEncoder.plain(order.stopLimit))
            .put("postOnly", request.postOnly()).put("selfTrade", String.valueOf(request.selfTrade()))
            .put("batchId", request.batchId()));
    }

    @Override
    public void onExecution(final ExecutionEvent event) {
        final VenueOrder order = event.order();
        if (order.isHouse()) {
            return;
        }
        log.write(line(event));
        final OrderRequest.Origin origin = order.request.origin();
        if (event.execType() == '8') {
            sessions.key(origin.apiKey()).stats().onOrderReject();
        }
        if (event.fill() != null) {
            sessions.deliverDropCopy(origin.profileId(),
                ExecutionReportEncoder.encode(event, timeDigits(null)), event.nowNs());
        }
        if (users != null) {
            users.onExecution(event);
        }
        // an order of REST is not reported by FIX; a request by FIX about it is answered there
        if (event.silent() || !"fix".equals(origin.channel()) && event.origClOrdId() == null) {
            return;
        }
        if (event.execType() == '0' && faults.strikes(Fault.DROP_ACK, origin.apiKey())) {
            log.write(head("fault", order, event.nowNs()).put("fault", Fault.DROP_ACK.key()));
            return;
        }
        final FixBody body = ExecutionReportEncoder.encode(event, timeDigits(origin.apiKey()));
        sessions.key(origin.apiKey()).deliver(body, event.nowNs());
        if (faults.strikes(Fault.DUPLICATE_REPORT, origin.apiKey())) {
            sessions.key(origin.apiKey()).deliver(body, event.nowNs());
        }
    }

    private int timeDigits(final String apiKey) {
        return (int)faults.value(Fault.TIMESTAMP_DIGITS, apiKey);
    }

    private static ObjectNode line(final ExecutionEvent event) {
        final VenueOrder order = event.order();
        final ExecutionEvent.Fill fill = event.fill();
        final String kind = switch (event.execType()) {
            case '0' -> "ack";
            case '8' -> "reject";
            case 'F' -> "exec";
            case '5' -> "replace";
            case 'D' -> "restate";
            default -> "cancel";
        };
        final ObjectNode line = head(kind, order, event.nowNs());
        line.put("execId", event.execId()).put("execType", String.valueOf(event.execType()))
            .put("ordStatus", String.valueOf(event.ordStatus()));
        switch (kind) {
            case "exec" -> line.put("tradeId", fill.tradeId()).put("side", order.isBuy() ? "buy" : "sell")
                .put("qty", ExecutionReportEncoder.plain(fill.qty()))
                .put("price", ExecutionReportEncoder.plain(fill.price()))
                .put("fee", ExecutionReportEncoder.plain(fill.fee())).put("feeCurrency", order.product.quote())
                .put("liquidity", fill.taker() ? "T" : "M");
            case "reject" -> line.put("reasonCode", order.rejectReason).put("reason", event.text())
                .put("reported", !event.silent()).put("batchId", order.request.batchId());
            case "replace" -> line.put("origClOrdId", event.origClOrdId())
                .put("qty", ExecutionReportEncoder.plain(order.qty))
                .put("price", ExecutionReportEncoder.plain(order.price));
            case "restate" -> line.put("reason", event.text()).put("restatement", event.restatement())
                .put("qty", ExecutionReportEncoder.plain(order.qty))
                .put("price", ExecutionReportEncoder.plain(order.price));
            case "cancel" -> line.put("reason", event.text())
                .put("requestClOrdId", event.origClOrdId() == null ? null : event.clOrdId());
            default -> line.put("visibleNs", order.visibleNs);
        }
        if (order.product != null) {
            line.put("cumQty", ExecutionReportEncoder.plain(order.cumQty))
                .put("leavesQty", ExecutionReportEncoder.plain(order.leaves()));
        }
        return line;
    }

    private static ObjectNode head(final String kind, final VenueOrder order, final long nowNs) {
        final OrderRequest.Origin origin = order.request.origin();
        return VenueLog.line(kind, nowNs).put("session", origin.apiKey()).put("profile", origin.profileId())
            .put("channel", origin.channel()).put("conn", origin.connectionId()).put("clOrdId", order.clOrdId)
            .put("orderId", order.orderId).put("product", order.request.product());
    }
}
