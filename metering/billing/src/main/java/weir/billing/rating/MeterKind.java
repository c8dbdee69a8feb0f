package weir.billing.rating;

import weir.protocol.sbe.Meter;

/** The billable dimensions, in the order of the schema's {@link Meter}. */
public enum MeterKind {
    /** Inbound application messages D, G, H, q. */
    REQUEST("request"),
    /** Orders whose first byte is on the wire, or that were found at the venue. */
    ORDER_SENT("order_sent"),
    /** Executions. */
    ORDER_FILLED("order_filled"),
    /** Milliseconds for which execution schedules were active. */
    COMPUTE_MS("compute_ms");

    /** Number of meters. */
    public static final int COUNT = 4;

    private static final MeterKind[] ALL = values();

    private final String label;

    MeterKind(final String label) {
        this.label = label;
    }

    /**
     * Name in documents, database and, by default, Stripe's event name.
     *
     * @return lower case
     */
    public String label() {
        return label;
    }

    /**
     * Meter of an index.
     *
     * @param index 0 to 3
     * @return the meter
     */
    public static MeterKind of(final int index) {
        return ALL[index];
    }

    /**
     * Meter of the schema.
     *
     * @param meter of a plan
     * @return the same meter here
     */
    public static MeterKind of(final Meter meter) {
        return ALL[meter.value()];
    }
}
