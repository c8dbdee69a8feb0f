package weir.sim.binance;

/** Hears what the engine does, inside its monitor and in order. */
interface EngineListener {
    /** An order of an account was taken in; before anything happens to it. */
    void onOrder(BinanceOrder order, long nowNs);

    /** An order was refused before it had an id. */
    void onRefused(OrderRequest request, ApiError error, long nowNs);

    /** Something happened to an order. */
    void onExecution(Execution execution);
}
