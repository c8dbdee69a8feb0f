package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import quickfix.Message;
import quickfix.UtcTimestampPrecision;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;

/** Requests as bytes against what QuickFIX/J writes of the same request: every byte. */
final class FastRequestEncoderTest {
    private static final String KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final int REQUESTS = 20_000;

    private final RequestPool pool = new RequestPool();
    private final RequestEncoder reference = new RequestEncoder(new WireRules(), 'D');
    private final FastRequestEncoder encoder = new FastRequestEncoder(new WireRules(), reference, KEY);
    private final LiveOrder order = new LiveOrder();

    @Test
    void shouldWriteTheBytesThatQuickFixWritesWhateverTheRequest() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int encoded = 0;
        for (int i = 0; i < REQUESTS; i++) {
            final OutboundRequest request = request(random);
            if (isRefused(request)) {
                pool.release(request);
                continue;
            }
            encoded++;
            final int seq = 1 + random.nextInt(random.nextBoolean() ? 20 : Integer.MAX_VALUE - 1);
            final long epochNs = 1_600_000_000_000_000_000L + (random.nextLong() >>> 6);
            final LiveOrder known = random.nextInt(8) == 0 && request.kind() != VenueMessageKind.REPLACE ? null : order;

            encoder.encode(request, known, seq, epochNs);
            assertEquals(expected(request, known, seq, epochNs).replace('\u0001', '|'),
                encoder.buffer().getStringWithoutLengthAscii(encoder.offset(), encoder.length()).replace('\u0001', '|'),
                "seed " + seed + " request " + i);
            pool.release(request);
        }
        assertEquals(true, encoded > REQUESTS / 3, "encoded " + encoded);
    }

    /** Mostly the order before with a value or two changed, as a desk sends them; others and rarer forms between. */
    @Test
    void shouldWriteTheBytesThatQuickFixWritesWhateverChangedSinceTheOrderBefore() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final String[] symbols = new String[300];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = random.nextInt(100) == 0 ? "ABCDEFGHIJKL-" + (100 + i) + "-EUR" : i + "-USD";
        }
        final Map<DirectBuffer, Integer> written = new IdentityHashMap<>();
        final OrderLine line = new OrderLine();
        fill(line, random, true);
        String symbol = symbols[0];
        int seq = 1 + random.nextInt(1_000);
        long epochNs = 1_700_000_000_000_000_000L + random.nextInt(1_000_000_000);
        for (int i = 0; i < REQUESTS; i++) {
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(line, random);
            }
            if (random.nextInt(4) == 0) {
                symbol = symbols[random.nextInt(random.nextBoolean() ? 2 : symbols.length)];
            }
            seq = random.nextInt(1_000) == 0 ? 1 + (Integer.MAX_VALUE - 10 >>> random.nextInt(31))
                : seq + random.nextInt(8) / 6 + 1;
            seq = seq < 0 ? 1 : seq; // a number is never negative
            epochNs += random.nextInt(500) == 0 ? random.nextLong() >> 10
                : random.nextInt(3) * (long)random.nextInt(1 << random.nextInt(31));
            final OutboundRequest request = random.nextInt(20) == 0 ? request(random)
                : pool.take(VenueMessageKind.NEW, 1, 2, symbol);
            if (request.lineCount() == 0 && request.isNew()) {
                copy(line, request.addLine());
            }
            if (!isRefused(request)) {
                encoder.encode(request, order, seq, epochNs);
                written.merge(encoder.buffer(), 1, Integer::sum);
                assertEquals(expected(request, order, seq, epochNs).replace('\u0001', '|'), encoder.buffer()
                    .getStringWithoutLengthAscii(encoder.offset(), encoder.length()).replace('\u0001', '|'),
                    "seed " + seed + " request " + i);
            }
            pool.release(request);
        }
        assertEquals(2, written.size(), "over the order before, and the general writer");
        assertTrue(written.values().stream().allMatch(count -> count > REQUESTS / 50), written.values()::toString);
    }

    private static void change(final OrderLine line, final Random random) {
        switch (random.nextInt(9)) {
            case 0:
                line.orderQty = 1 + (random.nextLong() >>> 1 + random.nextInt(60));
                break;
            case 1:
                line.price = random.nextInt(1_000_000) * 1_000L;
                break;
            case 2:
                line.price += random.nextInt(3) * 1_000_000;
                break;
            case 3:
                line.side = line.side == Side.BUY ? Side.SELL : Side.BUY;
                break;
            case 4:
                line.postOnly = !line.postOnly;
                break;
            case 5:
                line.ordType = random.nextInt(3) == 0 ? OrdType.MARKET : OrdType.LIMIT;
                line.price = line.ordType == OrdType.MARKET ? Scale.NULL : 4_000_000_000_000L;
                break;
            case 6:
                line.timeInForce = TimeInForce.values()[random.nextInt(TimeInForce.values().length)];
                break;
            case 7:
                line.selfTradePrevention =
                    SelfTradePrevention.values()[random.nextInt(SelfTradePrevention.values().length)];
                break;
            default:
                line.stopPx = random.nextInt(8) == 0 ? 5_000_000_000L : Scale.NULL;
                line.cashOrderQty = random.nextInt(8) == 0 ? 123_450_000L : Scale.NULL;
                line.orderQty = line.cashOrderQty == Scale.NULL || random.nextBoolean() ? line.orderQty : Scale.NULL;
                break;
        }
        line.idLow = random.nextLong();
        line.idHigh += random.nextInt(100) == 0 ? random.nextLong() : 0;
        line.orderQty = line.orderQty == Scale.NULL && line.cashOrderQty == Scale.NULL ? 1_000_000 : line.orderQty;
    }

    private static void copy(final OrderLine from, final OrderLine to) {
        to.orderId = from.orderId;
        to.idHigh = from.idHigh;
        to.idLow = from.idLow;
        to.side = from.side;
        to.ordType = from.ordType;
        to.timeInForce = from.timeInForce;
        to.postOnly = from.postOnly;
        to.reduceOrCloseOnly = from.reduceOrCloseOnly;
        to.selfTradePrevention = from.selfTradePrevention;
        to.orderQty = from.orderQty;
        to.price = from.price;
        to.stopPx = from.stopPx;
        to.cashOrderQty = from.cashOrderQty;
        to.expireNs = from.expireNs;
    }

    private boolean isRefused(final OutboundRequest request) {
        if (request.kind() == VenueMessageKind.REPLACE) {
            return reference.refusal(request, order) != RejectReason.NONE;
        }
        for (int i = request.isNew() ? request.lineCount() - 1 : -1; i >= 0; i--) {
            if (reference.refusal(request.line(i)) != RejectReason.NONE) {
                return true;
            }
        }
        return false;
    }

    /** As Session.initializeHeader and Session.sendRaw fill the header in. */
    private String expected(final OutboundRequest request, final LiveOrder known, final int seq, final long epochNs) {
        final Message message = reference.encode(request, known, epochNs);
        final Message.Header header = message.getHeader();
        header.setString(8, "FIXT.1.1");
        header.setString(49, KEY);
        header.setString(56, "Coinbase");
        header.setInt(34, seq);
        header.setUtcTimeStamp(52, LocalDateTime.ofEpochSecond(epochNs / 1_000_000_000L,
            (int)(epochNs % 1_000_000_000L), ZoneOffset.UTC), UtcTimestampPrecision.MILLIS);
        return message.toString();
    }

    private OutboundRequest request(final Random random) {
        final VenueMessageKind[] kinds = {VenueMessageKind.NEW, VenueMessageKind.NEW_BATCH, VenueMessageKind.CANCEL,
            VenueMessageKind.REPLACE, VenueMessageKind.MASS_CANCEL, VenueMessageKind.STATUS};
        final VenueMessageKind kind = kinds[random.nextInt(kinds.length)];
        final OutboundRequest request = pool.take(kind, random.nextLong(), random.nextLong(),
            random.nextBoolean() ? "BTC-USD" : "A" + random.nextInt(100_000) + "-EUR");
        order.reset(7, 1, request.symbol);
        if (random.nextInt(4) != 0) {
            final byte[] id = (random.nextInt(10) == 0 ? "odd id " + random.nextInt()
                : new java.util.UUID(random.nextLong(), random.nextLong()).toString())
                .getBytes(StandardCharsets.US_ASCII);
            order.venueOrderId(new UnsafeBuffer(id), 0, id.length);
        }
        if (request.isNew()) {
            final int lines = kind == VenueMessageKind.NEW ? 1 : 1 + random.nextInt(15);
            for (int i = 0; i < lines; i++) {
                fill(request.addLine(), random, lines > 1);
            }
        } else {
            request.orderId = 7;
            request.origHigh = random.nextLong();
            request.origLow = random.nextLong();
            request.ordType = OrdType.values()[random.nextInt(OrdType.values().length)];
            request.orderQty = decimal(random);
            request.price = decimal(random);
            request.stopPx = random.nextBoolean() ? Scale.NULL : decimal(random);
        }
        return request;
    }

    /** Lines of a batch are mostly of a kind the venue has a form for: else hardly a batch would be encoded. */
    private static void fill(final OrderLine line, final Random random, final boolean ordinary) {
        line.orderId = random.nextLong();
        line.idHigh = random.nextLong();
        line.idLow = random.nextLong();
        line.side = random.nextBoolean() ? Side.BUY : Side.SELL;
        line.ordType = ordinary ? random.nextBoolean() ? OrdType.LIMIT : OrdType.STOP_LIMIT
            : OrdType.values()[random.nextInt(OrdType.values().length)];
        line.timeInForce = ordinary ? random.nextBoolean() ? TimeInForce.GTC : TimeInForce.IOC
            : TimeInForce.values()[random.nextInt(TimeInForce.values().length)];
        line.postOnly = random.nextInt(3) == 0;
        line.reduceOrCloseOnly = !ordinary && random.nextInt(10) == 0;
        line.selfTradePrevention =
            SelfTradePrevention.values()[random.nextInt(SelfTradePrevention.values().length)];
        line.orderQty = ordinary ? 1 + random.nextInt(1_000_000) : decimal(random);
        line.price = ordinary ? 1 + random.nextInt(1_000_000) * 1_000L : decimal(random);
        line.stopPx = ordinary ? 5_000_000_000L : random.nextBoolean() ? Scale.NULL : decimal(random);
        line.cashOrderQty = random.nextInt(3) == 0 ? decimal(random) : Scale.NULL;
        line.expireNs = 1_600_000_000_000_000_000L + (random.nextLong() >>> 6);
    }

    private static long decimal(final Random random) {
        switch (random.nextInt(6)) {
            case 0:
                return Scale.NULL;
            case 1:
                return random.nextInt(100) * 100_000_000L;
            case 2:
                return random.nextInt(1_000);
            case 3:
                return Math.abs(random.nextLong() >> 2);
            default:
                return random.nextInt(1_000_000_000) * 1_000L;
        }
    }
}
