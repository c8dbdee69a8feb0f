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
    private static final long LATE = 45 * SECOND;

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
        assertEquals(RejectReason.NONE, RestForms.refusal(goodTill(seconds), NOW, LATE));
        final String body = RestForms.body(goodTill(seconds), "BTC-USD", "id", 'D', NOW, LATE);
        assertTrue(body.contains("\"time_in_force\":\"GTT\",\"cancel_after\":\"" + word + "\""), body);
    }

    private static void shouldRefuse(final long seconds) {
        assertEquals(RejectReason.TIF_UNSUPPORTED, RestForms.refusal(goodTill(seconds), NOW, LATE));
    }

    @Test
    void shouldAskForTheVenuesEndThatIsNeverTooLateAndNotMuchTooEarly() {
        shouldRefuse(1);
        shouldRefuse(104);
        shouldEndAfter("min", 105);
        shouldEndAfter("min", 120);
        shouldRefuse(122);
        shouldRefuse(3_600 + 44);
        shouldEndAfter("hour", 3_600 + 45);
        shouldEndAfter("hour", 7_200);
        shouldRefuse(7_202);
        shouldEndAfter("day", 86_400 + 45);
        shouldEndAfter("day", 2 * 86_400);
        shouldRefuse(2 * 86_400 + 2);
    }

    @Test
    void shouldSayUntilWhenAnOrderMustHaveLeftForItsEndToHold() {
        assertEquals(NOW, RestForms.leaveByNs(goodTill(105), NOW, LATE));
        assertEquals(NOW + 15 * SECOND, RestForms.leaveByNs(goodTill(120), NOW, LATE));
        final OrderLine endless = goodTill(105);
        endless.timeInForce = TimeInForce.GTC;
        assertEquals(0, RestForms.leaveByNs(endless, NOW, LATE));
    }

    @Test
    void shouldRefuseWhatHasNoEndThere() {
        assertEquals(RejectReason.EXPIRE_TIME_INVALID, RestForms.refusal(goodTill(0), NOW, LATE));
        final OrderLine endless = goodTill(1);
        endless.expireNs = Scale.NULL;
        assertEquals(RejectReason.EXPIRE_TIME_INVALID, RestForms.refusal(endless, NOW, LATE));
        endless.timeInForce = TimeInForce.GTC;
        assertEquals(RejectReason.NONE, RestForms.refusal(endless, NOW, LATE));
        assertFalse(RestForms.body(endless, "BTC-USD", "id", 'D', NOW, LATE).contains("cancel_after"));
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
