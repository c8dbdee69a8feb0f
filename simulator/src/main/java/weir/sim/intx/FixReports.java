package weir.sim.intx;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * ExecutionReport(8) in the venue's form and order of fields ("FIX order entry messages"): fills are ExecType(150) 1
 * and 2, ExecTransType(20) is there, the portfolio stands in the middle as a party of role 24, LastLiquidityInd(851)
 * says who made the market. Stateless.
 */
final class FixReports {
    private static final int TIME_DIGITS = 6;
    private static final int EXPIRE_DIGITS = 9;

    private FixReports() {
    }

    /** Of an order and what just became of it. @param execId used where there is no fill. */
    static FixBody of(final IntxOrder order, final char execType, final IntxFill fill, final long execId,
        final long atNs) {
        final OrderRequest request = order.request;
        final boolean byCancel = execType == '4' && order.cancelId != null;
        final FixBody body = new FixBody("8").add(11, byCancel ? order.cancelId : order.clientOrderId)
            .add(41, byCancel ? order.clientOrderId : execType == '5' ? order.formerClientOrderId : null)
            .add(880, fill == null ? null : Long.toString(fill.matchId()))
            .add(17, fill == null ? execId : fill.execId()).add(20, "0").add(37, order.orderId);
        party(body, order.account()).add(150, execType).add(39, status(order, execType))
            .add(55, order.instrument.symbol()).add(54, order.isBuy() ? '1' : '2').add(38, order.size)
            .add(40, type(request.type())).add(44, order.price).add(99, order.stopPrice).add(15, "USDC")
            .add(59, tif(request.tif()));
        if (request.expireNs() != 0) {
            body.add(126, FixTime.format(request.expireNs(), EXPIRE_DIGITS));
        }
        if (fill != null) {
            body.add(32, fill.qty()).add(31, fill.price());
        }
        body.add(151, order.open ? order.leaves() : BigDecimal.ZERO).add(14, fill == null ? order.filled
            : fill.totalFilled()).add(6, average(order)).add(60, FixTime.format(atNs, TIME_DIGITS))
            .add(58, order.text);
        if (fill != null) {
            body.add(851, fill.taker() ? '2' : '1').add(136, 1).add(137, fill.fee()).add(138, "USDC").add(139, "4");
        }
        return body.add(8000, selfTrade(request.stpMode())).add(18, instructions(request));
    }

    /** Of an order that was turned away: it has no id. */
    static FixBody rejected(final FixMessage order, final IntxAccount account, final int reason, final String text,
        final long execId, final long atNs) {
        final FixBody body = new FixBody("8").add(11, order.get(11)).add(17, execId).add(20, "0").add(37, "NONE");
        return party(body, account).add(150, "8").add(39, "8").add(103, reason).add(55, order.get(55))
            .add(54, order.get(54)).add(38, order.get(38)).add(40, order.get(40)).add(44, order.get(44))
            .add(59, order.get(59)).add(151, "0").add(14, "0").add(6, "0")
            .add(60, FixTime.format(atNs, TIME_DIGITS)).add(58, text);
    }

    private static FixBody party(final FixBody body, final IntxAccount account) {
        return body.add(453, 1).add(448, account.portfolioUuid()).add(452, 24);
    }

    private static char status(final IntxOrder order, final char execType) {
        switch (execType) {
            case '5':
            case 'L':
                return order.filled.signum() > 0 ? '1' : '0';
            default:
                return execType;
        }
    }

    /** OrdStatus(39) of an order as it is now, for OrderCancelReject(9). */
    static char status(final IntxOrder order) {
        if (order.open) {
            return order.filled.signum() > 0 ? '1' : '0';
        }
        return "EXPIRED".equals(order.event) ? 'C' : "CANCELED".equals(order.event) ? '4' : '2';
    }

    private static String average(final IntxOrder order) {
        return order.filled.signum() == 0 ? "0"
            : order.value.divide(order.filled, MathContext.DECIMAL64).stripTrailingZeros().toPlainString();
    }

    private static char type(final String type) {
        switch (type) {
            case "MARKET":
                return '1';
            case "STOP":
                return '3';
            case "STOP_LIMIT":
                return '4';
            default:
                return '2';
        }
    }

    private static char tif(final String tif) {
        switch (tif) {
            case "IOC":
                return '3';
            case "FOK":
                return '4';
            case "GTT":
                return '6';
            default:
                return '1';
        }
    }

    /** An order of REST may have none, for which FIX has no value. */
    private static String selfTrade(final String mode) {
        switch (mode) {
            case "AGGRESSING":
                return "N";
            case "BOTH":
                return "Q";
            case "RESTING":
                return "O";
            case "NONE":
                return null;
            default:
                return "D";
        }
    }

    private static String instructions(final OrderRequest request) {
        return request.postOnly() && request.closeOnly() ? "6 E" : request.postOnly() ? "6"
            : request.closeOnly() ? "E" : null;
    }
}
