package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.BTC;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;
import static weir.engine.CoreHarness.TENANT;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** A replace of a spot order is held to quantity, notional, collar and post-only at its new values, as an order is. */
class ReplaceLimitsTest {
    private static final long PRICE = 100 * E8;
    private static final long TICK = E8 / 100;
    private static final long LOT = E8 / 1000;

    private final CoreHarness h = new CoreHarness().ready();

    @BeforeEach
    void rest() {
        h.take(h.frames.instrument(BTC, 1, "BTC-USD", InstrumentKind.SPOT, TICK, LOT, LOT, 0, NULL, 0));
        h.working("A", E8, PRICE);
    }

    private void set(final RiskLimit limit, final long value) {
        h.take(h.frames.risk(TENANT, false, limit.value(), 0, value));
    }

    private void prices(final long bid, final long ask) {
        h.take(h.frames.price(BTC, bid, ask, NULL, h.now));
    }

    private int replace(final String id, final long qty, final long price) {
        return h.frames.replace(SESSION, ++h.seq, id, "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, qty,
            price);
    }

    private int postOnly(final int length) {
        h.frames.replaceOrder().execInst().postOnly(true);
        return length;
    }

    private void admits(final int length) {
        assertEquals(RejectReason.NONE, h.refused(length));
        assertTrue(h.record.flags().admitted());
    }

    private void refuses(final RejectReason reason, final int length) {
        assertEquals(reason, h.refused(length));
        assertFalse(h.record.flags().admitted());
    }

    @Test
    void shouldHoldAReplaceToTheMaximumQuantity() {
        set(RiskLimit.MAX_ORDER_QTY, 5 * E8);
        refuses(RejectReason.MAX_QTY, replace("B", 5 * E8 + LOT, PRICE));
        admits(replace("C", 5 * E8, PRICE));
    }

    @Test
    void shouldHoldAReplaceToTheMaximumNotional() {
        set(RiskLimit.MAX_NOTIONAL, 500 * E8);
        refuses(RejectReason.MAX_NOTIONAL, replace("B", 5 * E8 + LOT, PRICE));
        refuses(RejectReason.MAX_NOTIONAL, replace("C", 5 * E8, PRICE + TICK));
        admits(replace("D", 5 * E8, PRICE));
    }

    @Test
    void shouldHoldAReplaceToTheCollarOnBothSides() {
        set(RiskLimit.PRICE_COLLAR_BPS, 1_000);
        refuses(RejectReason.NO_REFERENCE_PRICE, replace("B", E8, PRICE));
        prices(PRICE, PRICE);
        refuses(RejectReason.PRICE_COLLAR, replace("C", E8, 110 * E8 + TICK));
        refuses(RejectReason.PRICE_COLLAR, replace("D", E8, 90 * E8 - TICK));
        admits(replace("E", E8, 110 * E8));
    }

    @Test
    void shouldRefuseAReplaceToPostOnlyThatWouldTake() {
        set(RiskLimit.POST_ONLY_MUST_REST, 1);
        refuses(RejectReason.NO_REFERENCE_PRICE, postOnly(replace("B", E8, PRICE)));
        prices(99 * E8, 101 * E8);
        refuses(RejectReason.POST_ONLY_WOULD_TAKE, postOnly(replace("C", E8, 101 * E8)));
        admits(postOnly(replace("D", E8, 101 * E8 - TICK)));
    }
}
