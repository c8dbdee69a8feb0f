package weir.engine.risk;

/**
 * First reference price of the period in which a tenant trades an instrument: a period begins with the first order
 * after the one before it ended. Engine thread only.
 */
public final class PeriodPrices {
    private final Holdings holdings;

    /**
     * Keeps them in the rows of a table.
     *
     * @param holdings rows per tenant and instrument
     */
    public PeriodPrices(final Holdings holdings) {
        this.holdings = holdings;
    }

    /**
     * First price of the present period; begins a new one when the last is over.
     *
     * @param row      of tenant and instrument
     * @param price    present reference price, E8, positive
     * @param lengthNs of a period
     * @param nowNs    now
     * @return E8
     */
    public long first(final int row, final long price, final long lengthNs, final long nowNs) {
        final long[] rows = holdings.rows;
        if (rows[row + Holdings.PERIOD_FIRST] == 0 || nowNs - rows[row + Holdings.PERIOD_SINCE_NS] >= lengthNs) {
            rows[row + Holdings.PERIOD_FIRST] = price;
            rows[row + Holdings.PERIOD_SINCE_NS] = nowNs;
        }
        return rows[row + Holdings.PERIOD_FIRST];
    }
}
