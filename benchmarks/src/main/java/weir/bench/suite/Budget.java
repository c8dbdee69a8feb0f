package weir.bench.suite;

import weir.bench.figures.Figures;

/** What Weir is held against. A budget is a bound of a ratio or of a figure, above or below. */
public enum Budget {
    /** One way, p50. */
    P1("desk-in to venue-out, p50, against the raw relay", 1.15, false),
    /** One way, p90. */
    P2("same, p90", 1.25, false),
    /** Round trip p50. */
    P3("round trip, p50, against the QuickFIX/J pass-through", 0.25, false),
    /** Round trip p90. */
    P4("same, p90", 1.0 / 6, false),
    /** Most round trips. */
    P5("most round trips/s, against the QuickFIX/J pass-through", 12, true),
    /** Most round trips against an echo. */
    P6("most round trips/s, against Philadelphia's echo", 3, true),
    /** CPU. */
    P7("CPU per round trip, order path's thread, against the pass-through's process", 1.0 / 20, false),
    /** Codec and core. */
    P8("FIX bytes to FIX bytes through the core and the ring, against QuickFIX/J decode + encode", 1.0 / 3, false),
    /** Allocation. */
    P9("bytes allocated per order, order path's thread", 0, false),
    /** Controls. */
    P10("three token-bucket checks, ns, clock passed in", 3, false),
    /** Journal. */
    P11("journal record on the hot thread, against an inline Chronicle append", 0.2, false),
    /** Scale. */
    P12("10,000 tenants, 1,000 sessions, 100,000 open orders, against one of each: core", 3, false),
    /** Binary entry. */
    P13("SBE order entry over Aeron IPC to the venue outbox, p50, against a bare round trip", 3, false);

    private final String question;
    private final double bound;
    private final boolean atLeast;

    Budget(final String question, final double bound, final boolean atLeast) {
        this.question = question;
        this.bound = bound;
        this.atLeast = atLeast;
    }

    /**
     * What is asked.
     *
     * @return a phrase
     */
    public String question() {
        return question;
    }

    /**
     * The bound.
     *
     * @return of the ratio, or of the figure where there is no peer
     */
    public double bound() {
        return bound;
    }

    /**
     * The bound as it is printed.
     *
     * @return with its direction
     */
    public String bounds() {
        return (atLeast ? ">= " : "<= ") + Figures.plain(bound);
    }

    /**
     * Whether a value holds it.
     *
     * @param value ratio or figure
     * @return false also for what is no number
     */
    public boolean met(final double value) {
        return atLeast ? value >= bound : value <= bound;
    }
}
