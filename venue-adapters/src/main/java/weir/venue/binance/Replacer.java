package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Replaces, which the venue does not have for more than making an order smaller (docs/decisions/0025). None of the ways
 * can have more at the venue than was asked for:
 * <ul>
 * <li>only the quantity, and downward: {@code amend.keepPriority};
 * <li>nothing filled as far as we know: {@code cancelReplace}, whose cancel fails if the venue filled anything
 * meanwhile (ONLY_NEW), and then nothing is placed (STOP_ON_FAILURE);
 * <li>else a cancel, whose answer says what was filled, and then an order of what is left.
 * </ul>
 * Agent's thread.
 */
final class Replacer {
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final SymbolTerms terms;
    private final Decimals decimals;
    private final BinanceCounters counters;
    private final long settleNs;

    Replacer(final BinanceAdapter.Context context, final OrderRegistry registry, final OrderEvents orders,
        final SymbolTerms terms, final Decimals decimals, final BinanceCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.terms = terms;
        this.decimals = decimals;
        this.counters = counters;
        this.settleNs = context.settleMs() * 1_000_000L;
    }

    /** Chooses the way and makes the parameters, just before it leaves. False when it must not: then it is refused. */
    boolean form(final AccountLink link, final OutboundRequest request) {
        if (request.continued) {
            return true;
        }
        final OrderLine line = request.line;
        final LiveOrder order = line.order();
        final long carried = order.carried(order.venueOrderId);
        final long filled = Math.max(order.filled, order.executed);
        if (order.isFinal || order.closing != null || line.orderQty() <= filled) {
            orders.requestRefused(order, line.id(), VenueMessageKind.REPLACE,
                line.orderQty() <= filled ? RejectReason.QTY_BELOW_FILLED : RejectReason.ORDER_FINAL, "");
            return false;
        }
        if (!request.cancelFirst && line.price() == order.price && order.orderQty != Scale.NULL
            && line.orderQty() < order.orderQty && line.ordType() == OrdType.LIMIT
            && terms.allowsAmend(order.symbol)) {
            request.method = Method.AMEND;
            request.params = RequestForms.target(order, "");
            request.params.put("newQty", DecimalText.format(line.orderQty() - carried));
            request.params.put("newClientOrderId", order.clientId);
        } else if (!request.cancelFirst && filled <= carried) {
            request.method = Method.CANCEL_REPLACE;
            request.params = RequestForms.target(order, "cancel");
            request.params.put("cancelReplaceMode", "STOP_ON_FAILURE");
            request.params.put("cancelRestrictions", "ONLY_NEW");
            request.params.putAll(RequestForms.order(kept(line), line.orderQty() - carried,
                ClientIds.replacement(order.orderId, carried, line.id()), link.mode(order.symbol, order.selfTrade)));
        } else {
            request.method = Method.CANCEL;
            request.params = RequestForms.target(order, "");
        }
        return true;
    }

    /** It leaves. */
    void begin(final OutboundRequest request) {
        if (request.continued) {
            return;
        }
        final LiveOrder order = request.line.order();
        final long carried = order.carried(order.venueOrderId);
        final String clientId = request.method == Method.CANCEL_REPLACE
            ? ClientIds.replacement(order.orderId, carried, request.line.id()) : "";
        order.replacing = new Replacement(request, request.line, clientId, carried);
        if (!clientId.isEmpty()) {
            registry.expectClientId(order, clientId);
        }
        counters.increment(request.method == Method.AMEND ? BinanceCounter.AMENDS
            : request.method == Method.CANCEL_REPLACE ? BinanceCounter.CANCEL_REPLACES
            : BinanceCounter.CANCEL_THEN_NEWS);
    }

    /** An answer of success. False when it is not what the venue documents. */
    boolean onSuccess(final AccountLink link, final OutboundRequest request, final Answer answer) {
        final LiveOrder order = request.line.order();
        final JsonNode body = answer.body();
        switch (request.method) {
            case AMEND:
                if (!body.path("amendedOrder").has("qty")) {
                    return false;
                }
                amended(order);
                return true;
            case CANCEL_REPLACE:
                return onPlaced(link, request, body.path("newOrderResponse"), answer.nowNs());
            case PLACE:
                return onPlaced(link, request, body, answer.nowNs());
            default:
                return onCancelled(link, request, body, answer.nowNs());
        }
    }

    /** The order was made smaller: told by the answer or by the stream, whichever comes first. */
    void amended(final LiveOrder order) {
        final Replacement replacing = order.replacing;
        if (replacing != null && replacing.request.method == Method.AMEND) {
            order.replacing = null;
            orders.replaced(order, replacing.line);
        }
    }

    /** The new order is at the venue: told by an answer, the stream or a question, whichever comes first. */
    void placed(final LiveOrder order, final String venueOrderId) {
        final Replacement replacing = order.replacing;
        if (replacing == null || replacing.clientId.isEmpty()) {
            return;
        }
        order.replacing = null;
        order.closing = null;
        order.carriedByVenueId.put(venueOrderId, replacing.carried);
        registry.bindClientId(order, replacing.clientId);
        registry.bindVenueOrderId(order, venueOrderId);
        orders.executed(order, replacing.carried, System.nanoTime());
        orders.replaced(order, replacing.line);
    }

    private boolean onPlaced(final AccountLink link, final OutboundRequest request, final JsonNode body,
        final long nowNs) {
        final LiveOrder order = request.line.order();
        final String venueOrderId = VenueJson.number(body, "orderId");
        if (venueOrderId.isEmpty()) {
            return false;
        }
        placed(order, venueOrderId);
        return link.answers().onOrder(order, body, nowNs);
    }

    private boolean onCancelled(final AccountLink link, final OutboundRequest request, final JsonNode body,
        final long nowNs) {
        if (!"CANCELED".equals(VenueJson.text(body, "status")) || VenueJson.number(body, "orderId").isEmpty()) {
            return false;
        }
        final LiveOrder order = request.line.order();
        final Replacement replacing = order.replacing;
        final long filled = replacing.carried + decimals.orZero(body.get("executedQty"));
        orders.executed(order, filled, nowNs);
        final long left = request.line.orderQty() - filled;
        final OrderLine line = kept(request.line);
        if (left <= 0 || terms.refusal(line, left) != RejectReason.NONE) {
            fail(order, left <= 0 ? RejectReason.QTY_BELOW_FILLED : terms.refusal(line, left), "", true, filled, nowNs);
            return true;
        }
        final String clientId = ClientIds.replacement(order.orderId, filled, line.id());
        final OutboundRequest second =
            new OutboundRequest(VenueMessageKind.REPLACE, Method.PLACE, line.id(), request.line, null);
        second.params = RequestForms.order(line, left, clientId, link.mode(order.symbol, order.selfTrade));
        second.continued = true;
        second.sentReported = true;
        final Replacement next = new Replacement(second, request.line, clientId, filled);
        next.oldOver = true;
        next.oldFilled = filled;
        order.replacing = next;
        registry.expectClientId(order, clientId);
        link.again(second);
        return true;
    }

    /** A refusal that is sure. */
    void onRefused(final AccountLink link, final OutboundRequest request, final Answer answer) {
        final LiveOrder order = request.line.order();
        final int code = answer.code();
        if (request.method == Method.CANCEL_REPLACE
            && (code == VenueErrors.REPLACE_FAILED || code == VenueErrors.REPLACE_PARTIAL)) {
            onHalf(link, request, answer);
            return;
        }
        final boolean over = request.continued;
        fail(order, VenueErrors.reason(code, answer.message()), answer.message(), over,
            over && order.replacing != null ? order.replacing.carried : Scale.NULL, answer.nowNs());
        if (!over) {
            link.queries().look(order);
        }
    }

    private void onHalf(final AccountLink link, final OutboundRequest request, final Answer answer) {
        final LiveOrder order = request.line.order();
        final JsonNode data = answer.body().path("data");
        final JsonNode cancel = data.path("cancelResponse");
        if ("SUCCESS".equals(VenueJson.text(data, "cancelResult"))) {
            final JsonNode refused = data.path("newOrderResponse");
            final String text = VenueJson.text(refused, "code") + ' ' + VenueJson.text(refused, "msg");
            fail(order, VenueErrors.reason(refused.path("code").asInt(0), text), text, true,
                order.carried(order.venueOrderId) + decimals.orZero(cancel.get("executedQty")), answer.nowNs());
        } else if (VenueJson.text(cancel, "msg").contains("restrictions")) {
            // filled meanwhile: the cancel's answer is to say how much
            order.replacing = null;
            request.cancelFirst = true;
            link.again(request);
        } else {
            fail(order, VenueErrors.reason(cancel.path("code").asInt(0), ""), VenueJson.text(cancel, "msg"), false,
                Scale.NULL, answer.nowNs());
            link.queries().look(order);
        }
    }

    /** No answer will come. */
    void onLost(final OutboundRequest request) {
        final Replacement replacing = request.line.order().replacing;
        if (replacing != null) {
            replacing.lost = true;
            replacing.settledAtNs = request.sentNs + settleNs;
        }
    }

    /** The new order is not at the venue and will not be; the old one is over, or stands. */
    void failed(final LiveOrder order, final boolean over, final long filled, final long nowNs) {
        fail(order, RejectReason.NOT_AT_VENUE, "the venue does not show the new values", over, filled, nowNs);
    }

    /** What was to be the second half could not leave in time. */
    void abandoned(final OutboundRequest request, final RejectReason reason, final long nowNs) {
        final LiveOrder order = request.line.order();
        fail(order, reason, "", true, order.replacing == null ? Scale.NULL : order.replacing.carried, nowNs);
    }

    private void fail(final LiveOrder order, final RejectReason reason, final String text, final boolean over,
        final long filled, final long nowNs) {
        final Replacement replacing = order.replacing;
        order.replacing = null;
        if (replacing == null) {
            return;
        }
        orders.requestRefused(order, replacing.line.id(), VenueMessageKind.REPLACE, reason, text);
        if (over || replacing.oldOver) {
            orders.over(order, ExecType.CANCELED, null, over ? filled : replacing.oldFilled, "replace failed", nowNs);
        } else if (order.ours && order.orderQty != Scale.NULL && order.filled >= order.orderQty) {
            registry.onFinal(order, nowNs); // filled while it was to be replaced
        }
    }

    /** The line with what a replace does not carry. */
    private static OrderLine kept(final OrderLine line) {
        final LiveOrder order = line.order();
        return new OrderLine(order, line.id(), line.side(), line.ordType(), line.timeInForce(), order.postOnly, false,
            SelfTradePrevention.NONE, line.orderQty(), line.price(), line.stopPx(), Scale.NULL);
    }

    /** Parameters of a question about the new order of a replace. */
    static Map<String, String> question(final LiveOrder order) {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("symbol", order.symbol);
        params.put("origClientOrderId", order.replacing.clientId);
        return params;
    }
}
