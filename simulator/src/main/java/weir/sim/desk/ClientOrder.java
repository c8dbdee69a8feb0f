package weir.sim.desk;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a desk knows of one order from its own sends and the reports it got. Owned and guarded by its {@link
 * ClientLedger}; the accessors give a snapshot of single fields for tests and reports.
 */
public final class ClientOrder {
    static final int AVG_PX_SCALE = 8;

    final String firstClOrdId;
    final String symbol;
    final String side;
    String clOrdId;
    String orderId;
    BigDecimal orderQty;
    BigDecimal loosestLimit;
    BigDecimal cumQty = BigDecimal.ZERO;
    BigDecimal leavesQty = BigDecimal.ZERO;
    BigDecimal avgPx = BigDecimal.ZERO;
    BigDecimal filledQty = BigDecimal.ZERO;
    BigDecimal filledNotional = BigDecimal.ZERO;
    char ordStatus;
    boolean closed;
    boolean unknown;
    int fills;
    int lateFills;

    ClientOrder(final String clOrdId, final String symbol, final String side, final BigDecimal orderQty,
                final BigDecimal limit) {
        this.firstClOrdId = clOrdId;
        this.clOrdId = clOrdId;
        this.symbol = symbol;
        this.side = side;
        this.orderQty = orderQty;
        this.loosestLimit = limit;
    }

    /** Widens the price a fill may have; a replace may still be refused, so the old limit goes on to count. */
    void loosen(final BigDecimal limit) {
        if (limit == null || loosestLimit == null) {
            loosestLimit = null;
        } else if ("1".equals(side)) {
            loosestLimit = loosestLimit.max(limit);
        } else {
            loosestLimit = loosestLimit.min(limit);
        }
    }

    boolean withinLimit(final BigDecimal lastPx) {
        if (loosestLimit == null) {
            return true;
        }
        return "1".equals(side) ? lastPx.compareTo(loosestLimit) <= 0 : lastPx.compareTo(loosestLimit) >= 0;
    }

    /** @return sum(LastQty * LastPx) / sum(LastQty), half up at 1e-8; zero before the first fill */
    BigDecimal expectedAvgPx() {
        return filledQty.signum() == 0 ? BigDecimal.ZERO
            : filledNotional.divide(filledQty, AVG_PX_SCALE, RoundingMode.HALF_UP);
    }

    /** @return ClOrdID(11) of the NewOrderSingle */
    public String firstClOrdId() {
        return firstClOrdId;
    }

    /** @return Symbol(55) */
    public String symbol() {
        return symbol;
    }

    /** @return ClOrdID(11) in force, after replaces */
    public String clOrdId() {
        return clOrdId;
    }

    /** @return OrderID(37), or null before the first report */
    public String orderId() {
        return orderId;
    }

    /** @return OrdStatus(39) last reported, 0 before the first report */
    public char ordStatus() {
        return ordStatus;
    }

    /** @return true once a final state was reported, or a business or session reject refused the order */
    public boolean closed() {
        return closed;
    }

    /** @return true while the last word on the order is that its state is unknown */
    public boolean unknown() {
        return unknown;
    }

    /** @return OrderQty(38) in force */
    public BigDecimal orderQty() {
        return orderQty;
    }

    /** @return CumQty(14) last reported */
    public BigDecimal cumQty() {
        return cumQty;
    }

    /** @return LeavesQty(151) last reported */
    public BigDecimal leavesQty() {
        return leavesQty;
    }

    /** @return AvgPx(6) last reported */
    public BigDecimal avgPx() {
        return avgPx;
    }

    /** @return number of distinct executions */
    public int fills() {
        return fills;
    }

    /** @return executions reported after a final state, as happens when a fill and a cancel cross */
    public int lateFills() {
        return lateFills;
    }

    @Override
    public String toString() {
        return clOrdId + " " + symbol + (closed ? " closed" : " open") + " 39=" + (ordStatus == 0 ? '-' : ordStatus)
            + " 38=" + orderQty + " 14=" + cumQty + " 151=" + leavesQty + (unknown ? " UNKNOWN" : "");
    }
}
