package weir.venue.coinbase;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import quickfix.FieldMap;
import quickfix.Group;
import quickfix.Message;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Requests to FIX messages of the venue ("Order Entry Messages"). Stateless but for its settings. */
final class RequestEncoder {
    private static final int[] U6_ORDER = {11, 18, 38, 152, 40, 44, 54, 55, 59, 126, 99, 7928, 0};
    private static final DateTimeFormatter TIMESTAMP =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS", Locale.ROOT);

    private final WireRules rules;
    private final char defaultSelfTrade;

    RequestEncoder(final WireRules rules, final char defaultSelfTrade) {
        this.rules = rules;
        this.defaultSelfTrade = defaultSelfTrade;
    }

    /** Why the venue has no form for this order, NONE when it has. */
    RejectReason refusal(final OrderLine line) {
        if (line.side != Side.BUY && line.side != Side.SELL) {
            return RejectReason.SIDE_INVALID;
        }
        if (ordType(line.ordType) == 0) {
            return RejectReason.ORD_TYPE_UNSUPPORTED;
        }
        if (timeInForce(line.ordType, line.timeInForce) == 0) {
            return RejectReason.TIF_UNSUPPORTED;
        }
        if (line.reduceOrCloseOnly) {
            return RejectReason.EXEC_INST_UNSUPPORTED;
        }
        final boolean market = line.ordType == OrdType.MARKET;
        if (line.orderQty == Scale.NULL && !(market && line.cashOrderQty != Scale.NULL)) {
            return RejectReason.QTY_NOT_POSITIVE;
        }
        if (!market && line.price == Scale.NULL) {
            return RejectReason.PRICE_MISSING;
        }
        if (line.ordType == OrdType.STOP_LIMIT && line.stopPx == Scale.NULL) {
            return RejectReason.STOP_PRICE_INVALID;
        }
        if (line.timeInForce == TimeInForce.GTD && line.expireNs == Scale.NULL) {
            return RejectReason.EXPIRE_TIME_INVALID;
        }
        return RejectReason.NONE;
    }

    /** Why the venue has no form for this replace, NONE when it has. */
    RejectReason refusal(final OutboundRequest replace, final LiveOrder order) {
        if (replace.ordType != OrdType.LIMIT && replace.ordType != OrdType.STOP_LIMIT) {
            return RejectReason.REPLACE_UNSUPPORTED;
        }
        if (!order.hasVenueOrderId()) {
            return RejectReason.REPLACE_NOT_ALLOWED;
        }
        if (replace.orderQty == Scale.NULL) {
            return RejectReason.QTY_NOT_POSITIVE;
        }
        return replace.price == Scale.NULL ? RejectReason.PRICE_MISSING : RejectReason.NONE;
    }

    /** The message; the order is that of a cancel, replace or status request, null when it is not known any more. */
    Message encode(final OutboundRequest request, final LiveOrder order, final long nowEpochNs) {
        switch (request.kind()) {
            case NEW:
                return newOrder(request);
            case NEW_BATCH:
                return newOrderBatch(request);
            case CANCEL:
                return cancel(request, order);
            case REPLACE:
                return replace(request, order);
            case MASS_CANCEL:
                return massCancel(request, nowEpochNs);
            case STATUS:
                return status(request, order);
            default:
                throw new IllegalArgumentException("kind " + request.kind());
        }
    }

    private Message newOrder(final OutboundRequest request) {
        final Message message = message("D");
        line(message, request, 0);
        return message;
    }

    private Message newOrderBatch(final OutboundRequest request) {
        final Message message = message("U6");
        message.setString(8014, rules.idText(new UUID(request.idHigh, request.idLow)));
        for (int i = 0; i < request.lineCount(); i++) {
            final Group group = new Group(73, 11, U6_ORDER);
            line(group, request, i);
            message.addGroup(group);
        }
        return message;
    }

    private void line(final FieldMap target, final OutboundRequest request, final int index) {
        final OrderLine line = request.line(index);
        target.setString(11, rules.idText(new UUID(line.idHigh, line.idLow)));
        if (line.postOnly) {
            target.setString(18, "A");
        }
        decimal(target, 38, line.orderQty);
        decimal(target, 152, line.cashOrderQty);
        target.setChar(40, ordType(line.ordType));
        decimal(target, 44, line.price);
        target.setChar(54, line.side == Side.BUY ? '1' : '2');
        target.setString(55, rules.symbol(request.symbol, index));
        target.setChar(59, timeInForce(line.ordType, line.timeInForce));
        if (line.timeInForce == TimeInForce.GTD) {
            target.setString(126, timestamp(line.expireNs));
        }
        decimal(target, 99, line.stopPx);
        target.setChar(7928, selfTrade(line.selfTradePrevention));
    }

    private Message cancel(final OutboundRequest request, final LiveOrder order) {
        final Message message = message("F");
        message.setString(11, rules.idText(new UUID(request.idHigh, request.idLow)));
        if (order != null && order.hasVenueOrderId()) {
            message.setString(37, order.venueOrderIdText());
        }
        message.setString(41, rules.idText(new UUID(request.origHigh, request.origLow)));
        message.setString(55, request.symbol);
        return message;
    }

    private Message replace(final OutboundRequest request, final LiveOrder order) {
        final Message message = message("G");
        message.setString(11, rules.idText(new UUID(request.idHigh, request.idLow)));
        message.setString(37, order.venueOrderIdText());
        decimal(message, 38, request.orderQty);
        message.setChar(40, ordType(request.ordType));
        message.setString(41, rules.idText(new UUID(request.origHigh, request.origLow)));
        decimal(message, 44, request.price);
        message.setString(55, request.symbol);
        decimal(message, 99, request.stopPx);
        return message;
    }

    private Message massCancel(final OutboundRequest request, final long nowEpochNs) {
        final Message message = message("q");
        message.setString(11, rules.idText(new UUID(request.idHigh, request.idLow)));
        message.setString(60, timestamp(nowEpochNs));
        message.setChar(530, '6');
        return message;
    }

    private Message status(final OutboundRequest request, final LiveOrder order) {
        final Message message = message("H");
        message.setString(11, rules.idText(new UUID(request.origHigh, request.origLow)));
        if (order != null && order.hasVenueOrderId()) {
            message.setString(37, order.venueOrderIdText());
        }
        message.setString(55, request.symbol);
        return message;
    }

    char selfTrade(final SelfTradePrevention value) {
        switch (value) {
            case CANCEL_NEWEST:
                return 'N';
            case CANCEL_OLDEST:
                return 'O';
            case CANCEL_BOTH:
                return 'B';
            case DECREMENT:
                return 'D';
            default:
                return defaultSelfTrade;
        }
    }

    static char ordType(final OrdType value) {
        switch (value) {
            case MARKET:
                return '1';
            case LIMIT:
                return '2';
            case STOP_LIMIT:
                return '4';
            default:
                return 0;
        }
    }

    static char timeInForce(final OrdType ordType, final TimeInForce value) {
        switch (value) {
            case GTC:
                return ordType == OrdType.MARKET ? '3' : '1';
            case IOC:
                return '3';
            case FOK:
                return '4';
            case GTD:
                return ordType == OrdType.MARKET ? (char)0 : '6';
            case DAY:
                return ordType == OrdType.MARKET ? '3' : (char)0;
            default:
                return 0;
        }
    }

    private static void decimal(final FieldMap target, final int tag, final long mantissa) {
        if (mantissa != Scale.NULL) {
            target.setString(tag, DecimalText.format(mantissa));
        }
    }

    private static String timestamp(final long epochNs) {
        return TIMESTAMP.format(LocalDateTime.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L),
            (int)Math.floorMod(epochNs, 1_000_000_000L), ZoneOffset.UTC));
    }

    private static Message message(final String msgType) {
        final Message message = new Message();
        message.getHeader().setString(35, msgType);
        return message;
    }
}
