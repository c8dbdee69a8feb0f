package weir.billing.rating;

/**
 * What rating must remember of orders: whose they are, what was charged, which trades were seen. Backed by the
 * database in the process, by a map in the reconciliation.
 */
public interface OrderMemory {
    /** Charged as sent. */
    int SENT = 1;
    /** Charged as filled at least once. */
    int FILLED = 2;
    /** Answer of {@link #flags} for an order never seen. */
    int UNKNOWN_ORDER = -1;

    /**
     * Remembers an admitted order.
     *
     * @param orderId  record sequence of its NewOrder
     * @param tenantId whose it is
     */
    void open(long orderId, int tenantId);

    /**
     * What was charged for an order.
     *
     * @param orderId order
     * @return bits {@link #SENT}, {@link #FILLED}; or {@link #UNKNOWN_ORDER}
     */
    int flags(long orderId);

    /**
     * Whose order it is.
     *
     * @param orderId order
     * @return tenant; 0 when unknown
     */
    int tenant(long orderId);

    /**
     * Remembers that something was charged.
     *
     * @param orderId order
     * @param flag    {@link #SENT} or {@link #FILLED}
     */
    void mark(long orderId, int flag);

    /**
     * Remembers a trade.
     *
     * @param orderId  order
     * @param tradeId  the venue's
     * @param sequence of the record
     * @return true when it was not seen before for this order
     */
    boolean firstTrade(long orderId, long tradeId, long sequence);

    /**
     * An order is final; it may be kept outside fast memory from now on.
     *
     * @param orderId order
     * @param epochNs journaled time
     */
    void closed(long orderId, long epochNs);
}
