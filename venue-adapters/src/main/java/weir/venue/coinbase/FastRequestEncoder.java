package weir.venue.coinbase;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.wire.FixWriter;
import weir.protocol.Scale;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.UuidText;

/**
 * Requests to the bytes that QuickFIX/J makes of {@link RequestEncoder}'s messages, header and trailer included,
 * without an object. A finished message lies in {@link #buffer()} until the next one. Agent's thread.
 */
final class FastRequestEncoder {
    private static final int LINE_BYTES_MAX = 512;
    /** More than the venue takes: a test may send more. */
    private static final int BATCH_MAX = 128;
    private static final int MILLIS = 3;
    private static final byte[] NEW = field("35=D");
    private static final byte[] NEW_BATCH = field("35=U6");
    private static final byte[] CANCEL = field("35=F");
    private static final byte[] REPLACE = field("35=G");
    private static final byte[] MASS_CANCEL = field("35=q");
    private static final byte[] STATUS = field("35=H");
    private static final byte[] POST_ONLY = field("18=A");
    private static final byte[] ALL_OF_SESSION = field("530=6");

    private final WireRules rules;
    private final boolean planted;
    private final RequestEncoder forms;
    private final FixWriter writer;
    private final NewOrderEncoder newOrders;
    private final byte[] sender;
    private final byte[] target;
    private final UnsafeBuffer idFrame = new UnsafeBuffer(0, 0);
    private DirectBuffer buffer;
    private int offset;
    private int length;

    /**
     * @param rules  of the wire
     * @param forms  that both encoders share
     * @param apiKey SenderCompID(49)
     */
    FastRequestEncoder(final WireRules rules, final RequestEncoder forms, final String apiKey) {
        this.rules = rules;
        this.planted = rules.getClass() != WireRules.class;
        this.forms = forms;
        this.writer = new FixWriter("FIXT.1.1", LINE_BYTES_MAX * (2 + BATCH_MAX));
        this.newOrders = new NewOrderEncoder(forms, apiKey);
        this.sender = field("49=" + apiKey);
        this.target = field("56=" + CoinbaseApplication.TARGET);
    }

    /** Encodes; the order is that of a cancel, replace or status request, null when it is not known any more. */
    void encode(final OutboundRequest request, final LiveOrder order, final int seq, final long epochNs) {
        if (request.kind() == VenueMessageKind.NEW && !planted
            && newOrders.encode(request.line(0), request.symbol, seq, epochNs)) {
            buffer = newOrders.buffer();
            offset = newOrders.offset();
            length = newOrders.length();
            return;
        }
        any(request, order, seq, epochNs);
        buffer = writer.buffer();
        offset = writer.offset();
        length = writer.length();
    }

    private void any(final OutboundRequest request, final LiveOrder order, final int seq, final long epochNs) {
        writer.begin().raw(type(request)).number(34, seq).raw(sender).timestamp(52, epochNs, MILLIS).raw(target);
        switch (request.kind()) {
            case NEW:
                newOrder(request);
                break;
            case NEW_BATCH:
                newOrderBatch(request);
                break;
            case CANCEL:
                cancel(request, order);
                break;
            case REPLACE:
                replace(request, order);
                break;
            case MASS_CANCEL:
                id(11, request.idHigh, request.idLow);
                writer.timestamp(60, epochNs, MILLIS).raw(ALL_OF_SESSION);
                break;
            default:
                id(11, request.origHigh, request.origLow);
                venueOrderId(order);
                writer.text(55, request.symbol);
                break;
        }
        writer.finish();
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    private static byte[] type(final OutboundRequest request) {
        switch (request.kind()) {
            case NEW:
                return NEW;
            case NEW_BATCH:
                return NEW_BATCH;
            case CANCEL:
                return CANCEL;
            case REPLACE:
                return REPLACE;
            case MASS_CANCEL:
                return MASS_CANCEL;
            case STATUS:
                return STATUS;
            default:
                throw new IllegalArgumentException("kind " + request.kind());
        }
    }

    /** In tag order, as QuickFIX/J writes a body. */
    private void newOrder(final OutboundRequest request) {
        final OrderLine line = request.line(0);
        id(11, line.idHigh, line.idLow);
        if (line.postOnly) {
            writer.raw(POST_ONLY);
        }
        decimal(38, line.orderQty);
        writer.character(40, (byte)RequestEncoder.ordType(line.ordType));
        decimal(44, line.price);
        sideSymbolAndTime(request, 0);
        decimal(99, line.stopPx);
        expiry(line);
        decimal(152, line.cashOrderQty);
        writer.character(7928, (byte)forms.selfTrade(line.selfTradePrevention));
    }

    /** Groups stand behind the body; each order is in the venue's order of fields. */
    private void newOrderBatch(final OutboundRequest request) {
        id(8014, request.idHigh, request.idLow);
        writer.number(73, request.lineCount());
        for (int i = 0; i < request.lineCount(); i++) {
            final OrderLine line = request.line(i);
            id(11, line.idHigh, line.idLow);
            if (line.postOnly) {
                writer.raw(POST_ONLY);
            }
            decimal(38, line.orderQty);
            decimal(152, line.cashOrderQty);
            writer.character(40, (byte)RequestEncoder.ordType(line.ordType));
            decimal(44, line.price);
            sideSymbolAndTime(request, i);
            expiry(line);
            decimal(99, line.stopPx);
            writer.character(7928, (byte)forms.selfTrade(line.selfTradePrevention));
        }
    }

    private void sideSymbolAndTime(final OutboundRequest request, final int index) {
        final OrderLine line = request.line(index);
        writer.character(54, (byte)(line.side == Side.BUY ? '1' : '2'));
        writer.text(55, rules.symbol(request.symbol, index));
        writer.character(59, (byte)RequestEncoder.timeInForce(line.ordType, line.timeInForce));
    }

    private void expiry(final OrderLine line) {
        if (line.timeInForce == TimeInForce.GTD) {
            writer.timestamp(126, line.expireNs, MILLIS);
        }
    }

    private void cancel(final OutboundRequest request, final LiveOrder order) {
        id(11, request.idHigh, request.idLow);
        venueOrderId(order);
        id(41, request.origHigh, request.origLow);
        writer.text(55, request.symbol);
    }

    private void replace(final OutboundRequest request, final LiveOrder order) {
        id(11, request.idHigh, request.idLow);
        venueOrderId(order);
        decimal(38, request.orderQty);
        writer.character(40, (byte)RequestEncoder.ordType(request.ordType));
        id(41, request.origHigh, request.origLow);
        decimal(44, request.price);
        writer.text(55, request.symbol);
        decimal(99, request.stopPx);
    }

    private void venueOrderId(final LiveOrder order) {
        if (order != null && order.hasVenueOrderId()) {
            idFrame.wrap(order.venueOrderId());
            writer.bytes(37, idFrame, 0, order.venueOrderIdLength());
        }
    }

    private void id(final int tag, final long high, final long low) {
        if (planted) {
            writer.text(tag, rules.idText(new UUID(high, low)));
            return;
        }
        writer.tag(tag).written(UuidText.put(writer.target(), writer.position(), high, low));
    }

    private void decimal(final int tag, final long mantissa) {
        if (mantissa != Scale.NULL) {
            writer.decimal(tag, mantissa);
        }
    }

    private static byte[] field(final String text) {
        return (text + '\u0001').getBytes(StandardCharsets.US_ASCII);
    }
}
