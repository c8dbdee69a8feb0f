package weir.sim.kraken;

/** Order types that are simulated. Source: "Send order". */
enum OrderType {
    LMT("lmt", "limit", false, false),
    POST("post", "limit", false, false),
    IOC("ioc", "ioc", true, false),
    MKT("mkt", "market", true, false),
    FOK("fok", "fok", true, false),
    STP("stp", "stop", false, true),
    TAKE_PROFIT("take_profit", "take_profit", false, true);

    private final String code;
    private final String feedName;
    private final boolean immediate;
    private final boolean trigger;

    OrderType(final String code, final String feedName, final boolean immediate, final boolean trigger) {
        this.code = code;
        this.feedName = feedName;
        this.immediate = immediate;
        this.trigger = trigger;
    }

    /** The type of a code, or null. */
    static OrderType of(final String code) {
        for (final OrderType type : values()) {
            if (type.code.equals(code)) {
                return type;
            }
        }
        return null;
    }

    String code() {
        return code;
    }

    /** As the feeds call it. */
    String feedName() {
        return feedName;
    }

    /** Never rests. */
    boolean isImmediate() {
        return immediate;
    }

    /** Rests outside the book until a price is reached. */
    boolean isTrigger() {
        return trigger;
    }

    boolean needsLimitPrice() {
        return this != MKT && !trigger;
    }
}
