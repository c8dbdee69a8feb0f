package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weir.protocol.Scale;
import weir.protocol.sbe.Liquidity;

/** Fills of the feed and of REST. */
final class FillTest {
    private final KrakenCounters counters = new KrakenCounters();
    private final VenueJson json = new VenueJson(new Decimals(counters));

    @Test
    void shouldReadTheFeedsFill() {
        final Fill fill = json.fill(json.parse("{\"instrument\":\"PF_ETHUSD\",\"time\":1765185437003,\"price\":3162.0,"
            + "\"seq\":1,"
            + "\"buy\":true,\"qty\":0.001,\"remaining_order_qty\":0.0,\"order_id\":\"o\",\"cli_ord_id\":\"c\","
            + "\"fill_id\":\"0b8d8ea7-94b4-4ffb-9163-d6b0a4ec9bb0\",\"fill_type\":\"taker\",\"fee_paid\":0.001581,"
            + "\"fee_currency\":\"USD\",\"taker_order_type\":\"market\",\"order_type\":\"market\"}"));
        assertEquals(100_000, fill.quantity());
        assertEquals(3162 * Scale.E8, fill.price());
        assertEquals(0, fill.remaining());
        assertEquals(158_100, fill.fee());
        assertEquals("USD", fill.feeCurrency());
        assertEquals(Liquidity.TAKER, fill.liquidity());
        assertEquals(1765185437003000000L, fill.epochNs());
        assertEquals(0, counters.get(KrakenCounter.INEXACT_DECIMALS));
    }

    @Test
    void shouldReadTheFillOfRest() {
        final Fill fill = json.fill(json.parse("{\"fill_id\":\"0b8d8ea7-94b4-4ffb-9163-d6b0a4ec9bb0\",\"symbol\":"
            + "\"PF_ETHUSD\",\"side\":\"buy\",\"order_id\":\"o\",\"size\":1e-4,\"price\":\"3162.5\","
            + "\"fillTime\":\"2020-07-22T13:37:27.077Z\",\"fillType\":\"maker\"}"));
        assertEquals(10_000, fill.quantity());
        assertEquals(316_250_000_000L, fill.price());
        assertEquals(Scale.NULL, fill.fee());
        assertEquals(Scale.NULL, fill.remaining());
        assertEquals(Liquidity.MAKER, fill.liquidity());
        assertEquals(1595425047077000000L, fill.epochNs());
    }

    @Test
    void shouldFoldTheFillIdToAPositiveTradeId() {
        assertEquals((0x0b8d8ea794b44ffbL ^ 0x9163d6b0a4ec9bb0L) & Long.MAX_VALUE,
            Fill.tradeId("0b8d8ea7-94b4-4ffb-9163-d6b0a4ec9bb0"));
        assertEquals(1, Fill.tradeId("00000000-0000-0000-0000-000000000000"), "0 stands for none");
        assertTrue(Fill.tradeId("no uuid") > 0);
        assertEquals(Fill.tradeId("no uuid"), Fill.tradeId("no uuid"));
    }

    @Test
    void shouldTakeNoFillWithoutIdQuantityOrPrice() {
        assertNull(json.fill(json.parse("{\"qty\":1,\"price\":1}")));
        assertNull(json.fill(json.parse("{\"fill_id\":\"a\",\"qty\":0,\"price\":1}")));
        assertNull(json.fill(json.parse("{\"fill_id\":\"a\",\"qty\":1}")));
        assertNull(json.parse("{\"cut\":"));
        assertNull(json.parse("[1]"));
        assertNull(json.parse("<html></html>"));
        assertNull(json.parse(""));
    }
}
