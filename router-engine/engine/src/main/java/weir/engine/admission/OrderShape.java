package weir.engine.admission;

import org.agrona.DirectBuffer;
import weir.engine.book.ClOrdIdTable;
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

    private OrderShape() {
    }

    /**
     * Checks the shape.
     *
     * @param r     request
     * @param nowNs now
     * @return RejectReason code, 0 when it is well formed
     */
    public static int check(final OrderRequest r, final long nowNs) {
        if (!idIsValid(r.buffer, r.clOrdId)) {
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
        int length = 0;
        while (length < ClOrdIdTable.LENGTH && buffer.getByte(offset + length) != 0) {
            final byte b = buffer.getByte(offset + length);
            if (b < ' ' || b > '~') {
                return false;
            }
            length++;
        }
        for (int i = length; i < ClOrdIdTable.LENGTH; i++) {
            if (buffer.getByte(offset + i) != 0) {
                return false;
            }
        }
        return length > 0;
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
