package weir.engine.admission;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/** First check: is the request well formed by itself, whoever sends it? */
public final class OrderShape {
    private static final int MARKET = 1;
    private static final int LIMIT = 2;
    private static final int STOP = 3;
    private static final int STOP_LIMIT = 4;
    private static final int IOC = 3;
    private static final int FOK = 4;
    private static final int GTD = 6;

    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private OrderShape() {
    }

    /**
     * Checks the shape.
     *
     * @param r         request
     * @param idIsValid as {@link #idIsValid} found its ClOrdID(11)
     * @param nowNs     now
     * @return RejectReason code, 0 when it is well formed
     */
    public static int check(final OrderRequest r, final boolean idIsValid, final long nowNs) {
        if (!idIsValid) {
            return RejectReason.CLORDID_INVALID.code();
        }
        final int edge = edgeFinding(r.shapeError);
        if (edge != 0) {
            return edge;
        }
        if (r.side != 1 && r.side != 2) {
            return RejectReason.SIDE_INVALID.code();
        }
        if (r.ordType < MARKET || r.ordType > STOP_LIMIT) {
            return RejectReason.ORD_TYPE_UNSUPPORTED.code();
        }
        final int time = timeInForce(r, nowNs);
        if (time != 0) {
            return time;
        }
        if ((r.execInst & OrderRequest.POST_ONLY) != 0
            && (r.ordType == MARKET || r.timeInForce == IOC || r.timeInForce == FOK)) {
            return RejectReason.EXEC_INST_UNSUPPORTED.code();
        }
        if (r.execInst > 7) {
            return RejectReason.EXEC_INST_UNSUPPORTED.code();
        }
        if (r.selfTradePrevention > 4) {
            return RejectReason.MALFORMED.code();
        }
        final int quantity = quantity(r);
        return quantity != 0 ? quantity : prices(r);
    }

    /**
     * Is the id present and printable, padded with zeros?
     *
     * @param buffer with ClOrdID(11)
     * @param offset of it
     * @return true when it is
     */
    public static boolean idIsValid(final DirectBuffer buffer, final int offset) {
        final long w0 = buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        final long w1 = buffer.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN);
        final long w2 = buffer.getLong(offset + 16, ByteOrder.LITTLE_ENDIAN);
        final long w3 = buffer.getLong(offset + 24, ByteOrder.LITTLE_ENDIAN);
        final long w4 = buffer.getInt(offset + 32, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        if (w4 != 0) {
            return isPrintable(w0) && isPrintable(w1) && isPrintable(w2) && isPrintable(w3) && endsPrintable(w4);
        }
        if (w3 != 0) {
            return isPrintable(w0) && isPrintable(w1) && isPrintable(w2) && endsPrintable(w3);
        }
        if (w2 != 0) {
            return isPrintable(w0) && isPrintable(w1) && endsPrintable(w2);
        }
        return w1 != 0 ? isPrintable(w0) && endsPrintable(w1) : endsPrintable(w0);
    }

    /** Eight printable characters: none has its high bit, nor gets it by one more (delete), each gets it by 96 more. */
    private static boolean isPrintable(final long word) {
        return (word + EACH * (0x80 - ' ') & ~(word | word + EACH) & HIGH_BITS) == HIGH_BITS;
    }

    /** Printable characters, at least one, then zeros alone: these are filled up with spaces. */
    private static boolean endsPrintable(final long word) {
        return isPrintable(word | EACH * ' ' & ~(-1L >>> (Long.numberOfLeadingZeros(word) & 7 << 3)));
    }

    private static int edgeFinding(final int shapeError) {
        switch (shapeError) {
            case 0:
                return 0;
            case 1:
                return RejectReason.QTY_PRECISION.code();
            case 2:
                return RejectReason.PRICE_PRECISION.code();
            case 3:
                return RejectReason.STOP_PRICE_INVALID.code();
            case 4:
                return RejectReason.QTY_NOT_POSITIVE.code();
            case 5:
                return RejectReason.PRICE_NOT_POSITIVE.code();
            case 6:
                return RejectReason.ORD_TYPE_UNSUPPORTED.code();
            case 7:
                return RejectReason.TIF_UNSUPPORTED.code();
            case 8:
                return RejectReason.SIDE_INVALID.code();
            case 9:
                return RejectReason.EXPIRE_TIME_INVALID.code();
            case 10:
                return RejectReason.EXEC_INST_UNSUPPORTED.code();
            case 11:
                return RejectReason.CASH_QTY_UNSUPPORTED.code();
            default:
                return RejectReason.MALFORMED.code();
        }
    }

    private static int timeInForce(final OrderRequest r, final long nowNs) {
        switch (r.timeInForce) {
            case 0:
            case 1:
            case IOC:
            case FOK:
                return 0;
            case GTD:
                if (r.ordType == MARKET) {
                    return RejectReason.TIF_UNSUPPORTED.code();
                }
                return r.expireNs == Scale.NULL || r.expireNs <= nowNs ? RejectReason.EXPIRE_TIME_INVALID.code() : 0;
            default:
                return RejectReason.TIF_UNSUPPORTED.code();
        }
    }

    private static int quantity(final OrderRequest r) {
        if (r.cashQty != Scale.NULL) {
            return r.cashQty <= 0 || r.ordType != MARKET || r.orderQty != Scale.NULL || r.origClOrdId != 0
                ? RejectReason.CASH_QTY_UNSUPPORTED.code() : 0;
        }
        return r.orderQty == Scale.NULL || r.orderQty <= 0 ? RejectReason.QTY_NOT_POSITIVE.code() : 0;
    }

    private static int prices(final OrderRequest r) {
        final boolean limited = r.ordType == LIMIT || r.ordType == STOP_LIMIT;
        if (limited && r.price == Scale.NULL) {
            return RejectReason.PRICE_MISSING.code();
        }
        if (limited && r.price <= 0) {
            return RejectReason.PRICE_NOT_POSITIVE.code();
        }
        if (!limited && r.price != Scale.NULL) {
            return RejectReason.PRICE_NOT_ALLOWED.code();
        }
        final boolean stop = r.ordType == STOP || r.ordType == STOP_LIMIT;
        if (stop ? r.stopPx == Scale.NULL || r.stopPx <= 0 : r.stopPx != Scale.NULL) {
            return RejectReason.STOP_PRICE_INVALID.code();
        }
        return 0;
    }
}
