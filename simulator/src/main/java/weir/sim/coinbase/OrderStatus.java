package weir.sim.coinbase;

/** Where an order stands, with its OrdStatus(39) and its REST status. */
enum OrderStatus {
    /** Resting, or a stop that waits for its trigger. */
    OPEN('0', "open"),
    FILLED('2', "done"),
    CANCELLED('4', "done"),
    /** Remainder of an immediate-or-cancel order. */
    EXPIRED('C', "done"),
    REJECTED('8', "rejected");

    private final char fix;
    private final String rest;

    OrderStatus(final char fix, final String rest) {
        this.fix = fix;
        this.rest = rest;
    }

    char fix() {
        return fix;
    }

    String rest() {
        return rest;
    }
}
