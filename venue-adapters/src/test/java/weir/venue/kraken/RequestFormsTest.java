package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;

/** Orders in the venue's form, and what has none. */
final class RequestFormsTest {
    private static final UUID ID = UUID.fromString("01234567-89ab-4abc-8000-0000000003e8");
    private static final long NOW_NS = 1_700_000_000_123_000_000L;

    private final RequestForms forms = new RequestForms("last", 0);
    private final LiveOrder order = new LiveOrder(7, 1, "PF_XBTUSD");

    private OrderLine line(final OrdType type, final TimeInForce tif, final boolean postOnly, final long qty,
        final long price, final long stopPx) {
        order.clientId = ID;
        return new OrderLine(order, ID, Side.BUY, type, tif, postOnly, false, qty, price, stopPx, Scale.NULL,
            Scale.NULL);
    }

    private static OutboundRequest request(final Endpoint endpoint, final VenueMessageKind kind,
        final OrderLine... lines) {
        final OutboundRequest request = new OutboundRequest(kind, endpoint, ID, null);
        request.lines.addAll(java.util.List.of(lines));
        return request;
    }

    @Test
    void shouldWriteEachOrderType() {
        final String tail = "&cliOrdId=" + ID;
        assertEquals("orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000" + tail,
            forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.LIMIT, TimeInForce.GTC, false, 100_000, 50_000 * Scale.E8, Scale.NULL)), NOW_NS));
        assertEquals("orderType=post&symbol=PF_XBTUSD&side=buy&size=12&limitPrice=0.00000001" + tail,
            forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.LIMIT, TimeInForce.GTC, true, 12 * Scale.E8, 1, Scale.NULL)), NOW_NS));
        assertEquals("orderType=ioc&symbol=PF_XBTUSD&side=buy&size=1&limitPrice=2" + tail,
            forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.LIMIT, TimeInForce.IOC, false, Scale.E8, 2 * Scale.E8, Scale.NULL)), NOW_NS));
        assertEquals("orderType=fok&symbol=PF_XBTUSD&side=buy&size=1&limitPrice=2" + tail,
            forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.LIMIT, TimeInForce.FOK, false, Scale.E8, 2 * Scale.E8, Scale.NULL)), NOW_NS));
        assertEquals("orderType=mkt&symbol=PF_XBTUSD&side=buy&size=1" + tail,
            forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.MARKET, TimeInForce.GTC, false, Scale.E8, Scale.NULL, Scale.NULL)), NOW_NS));
        assertEquals("orderType=stp&symbol=PF_XBTUSD&side=buy&size=1&limitPrice=2&stopPrice=3&triggerSignal=last"
            + tail, forms.form(request(Endpoint.SEND, VenueMessageKind.NEW,
                line(OrdType.STOP_LIMIT, TimeInForce.GTC, false, Scale.E8, 2 * Scale.E8, 3 * Scale.E8)), NOW_NS));
    }

    @Test
    void shouldSendProcessBeforeWhenConfigured() {
        final String form = new RequestForms("last", 2_000).form(request(Endpoint.SEND, VenueMessageKind.NEW,
            line(OrdType.MARKET, TimeInForce.IOC, false, Scale.E8, Scale.NULL, Scale.NULL)), NOW_NS);
        assertEquals("processBefore=2023-11-14T22%3A13%3A22.123Z&orderType=mkt", form.substring(0, 56), form);
    }

    @Test
    void shouldNameTheOrderByTheVenuesIdWhereItIsKnown() {
        final OrderLine edit = line(OrdType.LIMIT, TimeInForce.GTC, false, Scale.E8, 2 * Scale.E8, Scale.NULL);
        assertEquals("cliOrdId=" + ID + "&size=1&qtyMode=ABSOLUTE&limitPrice=2",
            forms.form(request(Endpoint.EDIT, VenueMessageKind.REPLACE, edit), NOW_NS));
        assertEquals("cliOrdId=" + ID,
            forms.form(request(Endpoint.CANCEL, VenueMessageKind.CANCEL, OrderLine.cancel(order, ID)), NOW_NS));
        order.venueOrderId = "566942c8-a3b5-4184-a451-622b09493129";
        assertEquals("orderId=566942c8-a3b5-4184-a451-622b09493129&size=1&qtyMode=ABSOLUTE&limitPrice=2",
            forms.form(request(Endpoint.EDIT, VenueMessageKind.REPLACE, edit), NOW_NS));
        assertEquals("order_id=566942c8-a3b5-4184-a451-622b09493129",
            forms.form(request(Endpoint.CANCEL, VenueMessageKind.CANCEL, OrderLine.cancel(order, ID)), NOW_NS));
    }

    @Test
    void shouldWriteBatchesAsOneEncodedField() {
        final OrderLine first = line(OrdType.LIMIT, TimeInForce.GTC, false, 100_000, 50_000 * Scale.E8, Scale.NULL);
        final OrderLine second = line(OrdType.LIMIT, TimeInForce.GTC, true, Scale.E8, Scale.E8, Scale.NULL);
        final String form = forms.form(request(Endpoint.BATCH, VenueMessageKind.NEW_BATCH, first, second), NOW_NS);
        assertEquals("json=%7B%22batchOrder%22", form.substring(0, 24));
        assertEquals("json={\"batchOrder\":[{\"order\":\"send\",\"order_tag\":\"0\",\"orderType\":\"lmt\",\"symbol\":"
            + "\"PF_XBTUSD\",\"side\":\"buy\",\"size\":0.001,\"limitPrice\":50000,\"cliOrdId\":\"" + ID + "\"},"
            + "{\"order\":\"send\",\"order_tag\":\"1\",\"orderType\":\"post\",\"symbol\":"
            + "\"PF_XBTUSD\",\"side\":\"buy\",\"size\":1,\"limitPrice\":1,\"cliOrdId\":\"" + ID + "\"}]}",
            URLDecoder.decode(form, StandardCharsets.UTF_8));
    }

    @Test
    void shouldCostWhatTheVenueSays() {
        final OrderLine cancel = OrderLine.cancel(order, ID);
        assertEquals(10, request(Endpoint.CANCEL, VenueMessageKind.CANCEL, cancel).cost());
        assertEquals(12, request(Endpoint.BATCH, VenueMessageKind.CANCEL_BATCH, cancel, cancel, cancel).cost());
        assertEquals(10, request(Endpoint.BATCH, VenueMessageKind.CANCEL_BATCH, cancel).cost(),
            "a batch of one is a single");
        final OutboundRequest fills = request(Endpoint.FILLS, VenueMessageKind.STATUS);
        assertEquals(2, fills.cost());
        fills.data = "lastFillTime=2023-11-14T22%3A13%3A22.123Z";
        assertEquals(25, fills.cost());
    }

    @Test
    void shouldRefuseWhatTheVenueHasNoFormFor() {
        assertEquals(RejectReason.TIF_UNSUPPORTED, RequestForms.refusal(
            line(OrdType.LIMIT, TimeInForce.DAY, false, Scale.E8, Scale.E8, Scale.NULL)));
        assertEquals(RejectReason.TIF_UNSUPPORTED, RequestForms.refusal(
            line(OrdType.LIMIT, TimeInForce.GTD, false, Scale.E8, Scale.E8, Scale.NULL)));
        assertEquals(RejectReason.TIF_UNSUPPORTED, RequestForms.refusal(
            line(OrdType.STOP, TimeInForce.IOC, false, Scale.E8, Scale.NULL, Scale.E8)));
        assertEquals(RejectReason.EXEC_INST_UNSUPPORTED, RequestForms.refusal(
            line(OrdType.LIMIT, TimeInForce.IOC, true, Scale.E8, Scale.E8, Scale.NULL)));
        assertEquals(RejectReason.NONE, RequestForms.refusal(
            line(OrdType.MARKET, TimeInForce.IOC, false, Scale.E8, Scale.NULL, Scale.NULL)));
    }

    @Test
    void shouldTakeMarketOrderThatNamesNoTimeInForce() {
        assertEquals(RejectReason.NONE, RequestForms.refusal(
            line(OrdType.MARKET, TimeInForce.DAY, false, Scale.E8, Scale.NULL, Scale.NULL)), "absent means DAY");
        assertEquals(RejectReason.TIF_UNSUPPORTED, RequestForms.refusal(
            line(OrdType.MARKET, TimeInForce.FOK, false, Scale.E8, Scale.NULL, Scale.NULL)));
    }
}
