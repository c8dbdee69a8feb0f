package weir.venue.coinbase;

/** Numbers of a report, exponent -8 but for the id of the trade and the time (epoch ns), as last read of one form. */
final class ReportValues {
    long lastQty;
    long lastPx;
    long cumQty;
    long leavesQty;
    long avgPx;
    long orderQty;
    long price;
    long tradeId;
    long transactNs;
    long fee;
}
