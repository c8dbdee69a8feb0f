package weir.venue.intx;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import weir.fix.wire.FixWriter;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Requests to the venue's FIX messages ("FIX order entry messages"): D, G, F, q. Not those of Coinbase Exchange: 8000
 * is the self-trade mode, 18 has 6 for post-only and E for close-only, a cancel or replace names the order by 41 alone,
 * the portfolio is a party of role 24. Agent's thread.
 */
final class FixEncoder {
    private static final int BYTES_MAX = 1024;
    private static final int MILLIS = 3;
    private static final byte[] NEW = field("35=D");
    private static final byte[] REPLACE = field("35=G");
    private static final byte[] CANCEL = field("35=F");
    private static final byte[] MASS_CANCEL = field("35=q");

    private final FixWriter writer = new FixWriter("FIXT.1.1", BYTES_MAX);
    private final byte[] sender;
    private final byte[] target;
    private final RequestForms forms;
    private final char defaultSelfTrade;

    FixEncoder(final IntxAccount account, final FixTerms terms, final RequestForms forms) {
        this.sender = field("49=" + account.apiKey());
        this.target = field("56=" + terms.targetCompId());
        this.forms = forms;
        this.defaultSelfTrade = terms.defaultSelfTrade();
    }

    /** Writes a message, to be found at {@link #buffer()}. */
    void encode(final OutboundRequest request, final int seq, final long epochNs) {
        writer.begin().raw(type(request)).number(34, seq).raw(sender).timestamp(52, epochNs, MILLIS).raw(target);
        if (request.isNew()) {
            order(request.line);
        } else if (!request.isCancel()) {
            replace(request.line);
        } else if (request.line == null) {
            writer.text(11, request.id.toString());
            if (!request.symbol.isEmpty()) {
                writer.text(55, request.symbol);
            }
            party();
        } else {
            writer.text(11, request.line.id().toString()).text(41, request.line.order().clientId.toString())
                .text(55, request.line.order().symbol);
        }
        writer.finish();
    }

    DirectBuffer buffer() {
        return writer.buffer();
    }

    int offset() {
        return writer.offset();
    }

    int length() {
        return writer.length();
    }

    private static byte[] type(final OutboundRequest request) {
        if (!request.isCancel()) {
            return request.isNew() ? NEW : REPLACE;
        }
        return request.line == null ? MASS_CANCEL : CANCEL;
    }

    /** Price and quantity change; StopPx(99) "must equal the original". */
    private void replace(final OrderLine line) {
        writer.text(11, line.id().toString()).text(41, line.order().clientId.toString()).decimal(38, line.orderQty());
        if (isPriced(line)) {
            writer.decimal(44, line.price());
        }
        writer.text(55, line.order().symbol);
        if (RequestForms.isStop(line)) {
            writer.decimal(99, line.stopPx());
        }
    }

    private static boolean isPriced(final OrderLine line) {
        return line.ordType() == OrdType.LIMIT || line.ordType() == OrdType.STOP_LIMIT;
    }

    private void order(final OrderLine line) {
        writer.text(11, line.id().toString());
        if (line.postOnly() || line.closeOnly()) {
            writer.text(18, line.postOnly() && line.closeOnly() ? "6 E" : line.postOnly() ? "6" : "E");
        }
        final boolean market = line.ordType() == OrdType.MARKET;
        writer.decimal(38, line.orderQty()).character(40, (byte)ordType(line.ordType()));
        if (isPriced(line)) {
            writer.decimal(44, line.price());
        }
        writer.character(54, (byte)(line.side() == Side.BUY ? '1' : '2')).text(55, line.order().symbol)
            .character(59, (byte)(market ? '3' : timeInForce(line.timeInForce())));
        if (RequestForms.isStop(line)) {
            writer.decimal(99, line.stopPx());
        }
        if (!market && line.timeInForce() == TimeInForce.GTD && line.expireNs() != Scale.NULL) {
            writer.timestamp(126, line.expireNs(), MILLIS);
        }
        party();
        writer.character(8000, (byte)selfTrade(line.selfTrade()));
    }

    private void party() {
        writer.character(453, (byte)'1').text(448, forms.portfolioUuid()).number(452, 24);
    }

    private char selfTrade(final SelfTradePrevention flag) {
        switch (flag) {
            case CANCEL_NEWEST:
                return 'N';
            case CANCEL_OLDEST:
                return 'O';
            case CANCEL_BOTH:
                return 'Q';
            case DECREMENT:
                return 'D';
            default:
                return defaultSelfTrade;
        }
    }

    private static char ordType(final OrdType type) {
        switch (type) {
            case MARKET:
                return '1';
            case STOP:
                return '3';
            case STOP_LIMIT:
                return '4';
            default:
                return '2';
        }
    }

    private static char timeInForce(final TimeInForce value) {
        switch (value) {
            case IOC:
                return '3';
            case FOK:
                return '4';
            case GTD:
                return '6';
            default:
                return '1';
        }
    }

    private static byte[] field(final String text) {
        return (text + '\u0001').getBytes(StandardCharsets.US_ASCII);
    }
}
