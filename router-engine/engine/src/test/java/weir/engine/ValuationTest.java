package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.engine.book.Wide;
import weir.engine.risk.Notional;
import weir.protocol.RejectReason;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Notional by kind of instrument and the reference prices behind it, against a naive model in decimals. */
class ValuationTest {
    private static final InstrumentKind[] KINDS = {InstrumentKind.SPOT, InstrumentKind.LINEAR, InstrumentKind.INVERSE};
    private static final BigDecimal MOST = new BigDecimal(BigInteger.valueOf(Long.MAX_VALUE), 8);

    private CoreHarness h;

    @BeforeEach
    void start() {
        h = new CoreHarness().ready();
        h.take(h.frames.instrument(3, 1, "PX", InstrumentKind.SPOT, 1, 1, 1, 0, NULL, 1_000));
    }

    @Test
    void shouldDecideAsDecimalsDoForEveryKindOfInstrumentAndOrder() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            final InstrumentKind kind = KINDS[random.nextInt(3)];
            final long multiplier = kind == InstrumentKind.SPOT ? E8 : 1 + magnitude(random);
            final long qty = 1 + magnitude(random);
            final OrdType type = OrdType.get((byte) (1 + random.nextInt(4)));
            final boolean priced = type == OrdType.LIMIT || type == OrdType.STOP_LIMIT;
            final long price = priced ? 1 + magnitude(random) : NULL;
            final long stop = type == OrdType.STOP || type == OrdType.STOP_LIMIT ? 1 + magnitude(random) : NULL;
            final Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
            final long bid = magnitude(random) / 4;
            final long ask = Math.min(Long.MAX_VALUE - 2, bid + 1 + magnitude(random) / 2);
            final long met = priced ? price : side == Side.BUY ? ask : Math.max(bid, 1);
            final long high = type == OrdType.STOP ? Math.max(met, stop) : met;
            final long low = type == OrdType.STOP ? Math.min(met, stop) : met;
            final BigDecimal most = notional(kind, qty, multiplier, high, RoundingMode.CEILING);
            final BigDecimal least = notional(kind, qty, multiplier, low, RoundingMode.FLOOR);
            final long max = near(most, random);
            final long min = near(least, random);
            h.tenant.maxNotional = max;
            h.apply(h.frames.instrument(3, 1, "PX", kind, 1, 1, 1, min, multiplier, 1_000));
            h.apply(h.frames.tenant(1, h.tenant));
            h.now += 1_000_000;
            h.apply(h.frames.price(3, Math.max(bid, 1), ask, 1 + magnitude(random), h.now));
            final RejectReason expected;
            if (most.compareTo(MOST) > 0) {
                expected = RejectReason.VALUE_OVERFLOW;
            } else if (least.compareTo(new BigDecimal(BigInteger.valueOf(min), 8)) < 0) {
                expected = RejectReason.NOTIONAL_BELOW_MINIMUM;
            } else if (max > 0 && most.compareTo(new BigDecimal(BigInteger.valueOf(max), 8)) > 0) {
                expected = RejectReason.MAX_NOTIONAL;
            } else {
                expected = RejectReason.NONE;
            }
            final long before = h.view.unexecuted(CoreHarness.TENANT);
            final RejectReason found = order("N" + i, side, type, qty, price, stop);
            assertEquals(expected, found, "seed " + seed + " case " + i + ' ' + kind + ' ' + type + ' ' + side + " qty "
                + qty + " price " + price + " stop " + stop + " x " + multiplier + " bid " + bid + " ask " + ask);
            if (found == RejectReason.NONE) {
                final BigInteger counted = most.unscaledValue().min(BigInteger.valueOf(Notional.HUGE));
                assertEquals(counted.longValueExact(), h.view.unexecuted(CoreHarness.TENANT) - before,
                    "open, seed " + seed + " case " + i + ' ' + kind + ' ' + type + ' ' + side);
            }
            refused += found == RejectReason.NONE ? 0 : 1;
            h.clear();
            if (i % 50 == 49) {
                start();
            }
        }
        assertEquals(true, refused > 1_000 && refused < 19_000, "the model must see both sides: " + refused);
    }

    @Test
    void shouldMultiplyThreeFactorsExactlyAndRoundOnce() {
        final Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            final long a = magnitude(random);
            final long b = magnitude(random);
            final long c = magnitude(random);
            final BigInteger product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b))
                .multiply(BigInteger.valueOf(c));
            final BigInteger[] parts = product.divideAndRemainder(BigInteger.valueOf(E8).pow(2));
            final BigInteger up = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
            assertEquals(fit(parts[0]), Wide.mulMulDivDiv(a, b, c, E8, false), a + " " + b + " " + c);
            assertEquals(fit(up), Wide.mulMulDivDiv(a, b, c, E8, true), a + " " + b + " " + c);
        }
        assertEquals(Wide.OVERFLOW, Wide.mulMulDivDiv(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, E8, false));
        assertEquals(Long.MAX_VALUE, Wide.mulMulDivDiv(Long.MAX_VALUE, E8, E8, E8, true));
    }

    @Test
    void shouldValueMarketBuyAtAskAndMarketSellAtBid() {
        limitNotional(100 * E8);
        h.take(h.frames.price(3, 90 * E8, 110 * E8, 100 * E8, h.now));
        assertEquals(RejectReason.MAX_NOTIONAL, order("B1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        assertEquals(110 * E8, h.last().b());
        assertEquals(RejectReason.NONE, order("S1", Side.SELL, OrdType.MARKET, E8, NULL, NULL));
    }

    @Test
    void shouldValueAtLastTradeWhereTheFacingSideIsMissing() {
        limitNotional(100 * E8);
        h.take(h.frames.price(3, 90 * E8, NULL, 101 * E8, h.now));
        assertEquals(RejectReason.MAX_NOTIONAL, order("B1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        assertEquals(101 * E8, h.last().b());
        h.now++;
        h.take(h.frames.price(3, 90 * E8, 0, 0, h.now));
        assertEquals(RejectReason.NO_REFERENCE_PRICE, order("B2", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        assertEquals(RejectReason.NONE, order("S1", Side.SELL, OrdType.MARKET, E8, NULL, NULL));
    }

    @Test
    void shouldNotBelieveCrossedBook() {
        limitNotional(1_000 * E8);
        h.take(h.frames.price(3, 110 * E8, 90 * E8, NULL, h.now));
        assertEquals(RejectReason.NO_REFERENCE_PRICE, order("B1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        h.now++;
        h.take(h.frames.price(3, 110 * E8, 90 * E8, 100 * E8, h.now));
        assertEquals(RejectReason.NONE, order("B2", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
    }

    @Test
    void shouldNeedAPriceOnlyForAMaximumOrACollar() {
        assertEquals(RejectReason.NONE, order("M1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        limitNotional(1_000 * E8);
        assertEquals(RejectReason.NO_REFERENCE_PRICE, order("M2", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        assertEquals(RejectReason.NONE, order("L1", Side.BUY, OrdType.LIMIT, E8, 100 * E8, NULL));
        h.tenant.collarBps = 100;
        limitNotional(0);
        assertEquals(RejectReason.NO_REFERENCE_PRICE, order("L2", Side.BUY, OrdType.LIMIT, E8, 100 * E8, NULL));
        assertEquals(RejectReason.NONE, order("M3", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
    }

    @Test
    void shouldValueInverseMarketOrderWithoutAPrice() {
        h.take(h.frames.instrument(4, 1, "INV", InstrumentKind.INVERSE, 1, 1, 1, 0, 100 * E8, 1_000));
        limitNotional(1_000 * E8);
        assertEquals(RejectReason.NONE, h.refused(h.frames.newOrder(SESSION, ++h.seq, "I1", "INV", Side.BUY,
            OrdType.MARKET, TimeInForce.IOC, 10 * E8, NULL)));
        assertEquals(RejectReason.MAX_NOTIONAL, h.refused(h.frames.newOrder(SESSION, ++h.seq, "I2", "INV", Side.BUY,
            OrdType.MARKET, TimeInForce.IOC, 11 * E8, NULL)));
    }

    @Test
    void shouldTakePriceFromTheFutureAsObservedNow() {
        limitNotional(1_000 * E8);
        h.take(h.frames.price(3, 90 * E8, 91 * E8, NULL, h.now + 60_000_000_000L));
        assertEquals(RejectReason.NONE, order("B1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        h.after(1_001);
        assertEquals(RejectReason.NO_REFERENCE_PRICE, order("B2", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        assertEquals(List.of(3L, 1_001L), List.of(h.last().a(), h.last().b()));
    }

    @Test
    void shouldIgnorePriceOlderThanTheOneInForce() {
        h.take(h.frames.price(3, 90 * E8, 91 * E8, NULL, h.now));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.price(3, 80 * E8, 81 * E8, NULL, h.now - 1)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.price(3, 90 * E8, 91 * E8, NULL, h.now)));
    }

    @Test
    void shouldCheckReplaceAtItsNewValues() {
        h.take(h.frames.instrument(4, 1, "LIN", InstrumentKind.LINEAR, 1, 1, 1, 0, E8 / 100, 0));
        limitNotional(10 * E8);
        h.take(h.frames.newOrder(SESSION, ++h.seq, "R1", "LIN", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 10 * E8,
            100 * E8));
        assertEquals('A', h.last().execType());
        h.take(h.frames.replace(SESSION, ++h.seq, "R2", "R1", "LIN", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, 10 * E8, 100 * E8 + 1));
        assertEquals(RejectReason.MAX_NOTIONAL, RejectReason.ofCode(h.record.reason()));
        assertEquals(10 * E8 + 1, h.last().b(), "rounded up against the maximum");
    }

    @Test
    void shouldJudgeRecordsOfVersion1AtTheMiddle() {
        limitNotional(100 * E8);
        h.take(h.frames.price(3, 90 * E8, 110 * E8, NULL, h.now));
        h.core.rulesVersion(1);
        assertEquals(RejectReason.NONE, order("B1", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
        h.core.rulesVersion(2);
        assertEquals(RejectReason.MAX_NOTIONAL, order("B2", Side.BUY, OrdType.MARKET, E8, NULL, NULL));
    }

    @Test
    void shouldKeepOpenOrderWhenTheTickChangesAndHoldTheNextOneToIt() {
        h.take(h.frames.newOrder(SESSION, ++h.seq, "T1", "PX", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8,
            100 * E8 + 1));
        final long open = h.record.sequence();
        h.take(h.frames.instrument(3, 1, "PX", InstrumentKind.SPOT, E8, 1, 1, 0, NULL, 1_000));
        assertEquals(1, h.view.openOrders());
        assertEquals(RejectReason.PRICE_PRECISION, order("T2", Side.BUY, OrdType.LIMIT, E8, 100 * E8 + 1, NULL));
        h.take(h.frames.cancel(SESSION, ++h.seq, "T3", "T1"));
        assertEquals(open, h.last().orderId());
    }

    private void limitNotional(final long max) {
        h.tenant.maxNotional = max;
        h.take(h.frames.tenant(1, h.tenant));
    }

    private RejectReason order(final String id, final Side side, final OrdType type, final long qty, final long price,
        final long stop) {
        return h.refused(h.frames.newOrder(SESSION, ++h.seq, id, "PX", side, type,
            type == OrdType.MARKET ? TimeInForce.IOC : TimeInForce.GTC, qty, price, stop));
    }

    private static BigDecimal notional(final InstrumentKind kind, final long qty, final long multiplier,
        final long price, final RoundingMode rounding) {
        final BigDecimal contracts = new BigDecimal(BigInteger.valueOf(qty), 8)
            .multiply(new BigDecimal(BigInteger.valueOf(multiplier), 8));
        return (kind == InstrumentKind.INVERSE ? contracts
            : contracts.multiply(new BigDecimal(BigInteger.valueOf(price), 8))).setScale(8, rounding);
    }

    /** A limit at, just below, just above or far from a value; at least 1. */
    private static long near(final BigDecimal value, final Random random) {
        final BigInteger exact = value.unscaledValue();
        if (exact.bitLength() > 62 || random.nextInt(4) == 0) {
            return 1 + magnitude(random);
        }
        return Math.max(1, exact.longValue() - 1 + random.nextInt(3));
    }

    private static long magnitude(final Random random) {
        return random.nextLong() >>> 1 + random.nextInt(62);
    }

    private static long fit(final BigInteger value) {
        return value.bitLength() > 63 ? Wide.OVERFLOW : value.longValue();
    }
}
