package weir.protocol;

/** Aeron stream ids. The channel of each is IPC by default. */
public final class Streams {
    /** Client commands into the engine: desks, binary clients, the gate. */
    public static final int CLIENT_INGRESS = 10;
    /** Venue events into the engine. Polled before client commands, so that fills never wait behind orders. */
    public static final int VENUE_INGRESS = 11;
    /** Control commands into the engine: grants, limits, kill switch, prices, period rolls. */
    public static final int CONTROL_INGRESS = 12;
    /** Binary clients into their gateway, on each of its entry channels. */
    public static final int CLIENT_ENTRY = 13;
    /** Reports from the engine to sessions. */
    public static final int CLIENT_EGRESS = 20;
    /** Answers to {@code AdminRequest}. */
    public static final int CONTROL_EGRESS = 21;
    /** Messages from the engine to a venue's adapter: this base plus the venue id. */
    public static final int VENUE_EGRESS_BASE = 30;
    /** Lowest stream id that a binary client may ask its answers on; everything below is the router's own. */
    public static final int CLIENT_RESPONSE_MIN = 1_000;

    private Streams() {
    }

    /**
     * Stream that carries the engine's messages to one venue.
     *
     * @param venueId one of {@link Venues}
     * @return the stream id
     */
    public static int venueEgress(final int venueId) {
        return VENUE_EGRESS_BASE + venueId;
    }
}
