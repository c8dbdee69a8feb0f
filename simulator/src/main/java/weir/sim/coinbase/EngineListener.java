package weir.sim.coinbase;

/** What the engine tells, inside its monitor and in the order in which it happens. */
interface EngineListener {
    /** An order reached the engine; nothing is decided yet. */
    void onOrder(VenueOrder order, long nowNs);

    /** An order entered the book. */
    void onOpen(VenueOrder order, long nowNs);

    /** Something happened to an order. */
    void onExecution(ExecutionEvent event);
}
