package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** What the venue has no form for. */
final class RequestFormsTest {
    private static RejectReason refusal(final OrdType type, final TimeInForce tif, final boolean postOnly) {
        return RequestForms.refusal(new OrderLine(null, new UUID(1, 2), Side.BUY, type, tif, postOnly, false, Scale.E8,
            Scale.E8, Scale.E8, Scale.NULL));
    }

    @Test
    void shouldSendNoMarketOrderThatMustBeFilledWhole() {
        assertEquals(RejectReason.TIF_UNSUPPORTED, refusal(OrdType.MARKET, TimeInForce.FOK, false),
            "it would be sent without its condition and could be filled in part");
        assertEquals(RejectReason.NONE, refusal(OrdType.MARKET, TimeInForce.DAY, false), "absent means DAY");
        assertEquals(RejectReason.NONE, refusal(OrdType.MARKET, TimeInForce.IOC, false));
        assertEquals(RejectReason.NONE, refusal(OrdType.LIMIT, TimeInForce.FOK, false));
    }

    @Test
    void shouldRefuseWhatTheVenueHasNoFormFor() {
        assertEquals(RejectReason.TIF_UNSUPPORTED, refusal(OrdType.LIMIT, TimeInForce.GTD, false));
        assertEquals(RejectReason.TIF_UNSUPPORTED, refusal(OrdType.STOP, TimeInForce.IOC, false));
        assertEquals(RejectReason.EXEC_INST_UNSUPPORTED, refusal(OrdType.LIMIT, TimeInForce.IOC, true));
        assertEquals(RejectReason.EXEC_INST_UNSUPPORTED, refusal(OrdType.MARKET, TimeInForce.DAY, true));
    }
}
