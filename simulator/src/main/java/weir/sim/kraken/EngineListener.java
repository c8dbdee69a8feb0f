package weir.sim.kraken;

/** Told what happens to orders, inside the {@link KrakenEngine}'s monitor, in order. */
interface EngineListener {
    /** An order was taken on and has an id. */
    void onOrder(KrakenOrder order, long nowNs);

    /** An instruction was refused before an order came of it. */
    void onRefused(OrderRequest request, String status, long nowNs);

    /** An order that has an id was turned away: post, immediate, self trade. */
    void onRejected(KrakenOrder order, String status, long nowNs);

    /** An order rests now, or a trigger waits. */
    void onPlaced(KrakenOrder order, String reason, long nowNs);

    /** An order traded; it is already reduced, and done if nothing is left. */
    void onFill(KrakenFill fill, long nowNs);

    /** An order was changed. */
    void onEdited(KrakenOrder order, long nowNs);

    /** An order ended unfilled or in part; the reason is spelled as the feed does. */
    void onCancelled(KrakenOrder order, String reason, long nowNs);
}
