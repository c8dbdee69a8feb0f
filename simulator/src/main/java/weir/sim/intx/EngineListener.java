package weir.sim.intx;

/** Hears what becomes of orders, inside the {@link IntxEngine}'s monitor; must not block. */
interface EngineListener {
    /** Nobody listens. */
    EngineListener NONE = (order, execType, fill, nowNs) -> { };

    /**
     * An event of an order of a portfolio, none of the house's.
     *
     * @param execType ExecType(150): 0 new, 1 and 2 fills, 4 cancelled, 5 replaced, C expired, L triggered.
     * @param fill     of a fill, else null.
     */
    void onEvent(IntxOrder order, char execType, IntxFill fill, long nowNs);
}
