package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Forms that REST has of a time to live, and the client id of what replaces an order. */
final class RestFormsTest {
    private static final long NOW = 1_770_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private static OrderLine goodTill(final long seconds) {
        final OrderLine line = new OrderLine();
        line.side = Side.BUY;
        line.ordType = OrdType.LIMIT;
        line.timeInForce = TimeInForce.GTD;
        line.orderQty = Scale.E8;
        line.price = 100 * Scale.E8;
        line.cashOrderQty = Scale.NULL;
        line.expireNs = NOW + seconds * SECOND;
        return line;
    }

    private static void shouldEndAfter(final String word, final long seconds) {
        assertEquals(RejectReason.NONE, RestForms.refusal(goodTill(seconds), NOW));
        final String body = RestForms.body(goodTill(seconds), "BTC-USD", "id", 'D', NOW);
        assertTrue(body.contains("\"time_in_force\":\"GTT\",\"cancel_after\":\"" + word + "\""), body);
    }

    @Test
    void shouldAskForTheLeastEndThatIsNotTooEarly() {
        shouldEndAfter("min", 1);
        shouldEndAfter("min", 60);
        shouldEndAfter("hour", 61);
        shouldEndAfter("hour", 3_600);
        shouldEndAfter("day", 3_601);
        shouldEndAfter("day", 86_400);
    }

    @Test
    void shouldRefuseWhatHasNoEndThere() {
        assertEquals(RejectReason.TIF_UNSUPPORTED, RestForms.refusal(goodTill(86_401), NOW));
        assertEquals(RejectReason.EXPIRE_TIME_INVALID, RestForms.refusal(goodTill(0), NOW));
        final OrderLine endless = goodTill(1);
        endless.expireNs = Scale.NULL;
        assertEquals(RejectReason.EXPIRE_TIME_INVALID, RestForms.refusal(endless, NOW));
        endless.timeInForce = TimeInForce.GTC;
        assertEquals(RejectReason.NONE, RestForms.refusal(endless, NOW));
        assertFalse(RestForms.body(endless, "BTC-USD", "id", 'D', NOW).contains("cancel_after"));
    }

    @Test
    void shouldNameWhatReplacesAnOrderByAUuidOfVersionFour() {
        final UUID id = new UUID(0x0123_4567_89ab_4abcL, 0x8001_0000_0000_0042L);
        final UUID successor = SuccessorId.of(id);
        assertEquals("01234567-89ab-4abc-8001-800000000042", successor.toString());
        assertEquals(4, successor.version());
        assertEquals(2, successor.variant());
    }
}
