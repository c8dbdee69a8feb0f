package weir.venue.binance;

/** Rules of the wire that tests break on purpose; production code never overrides them. */
class WireRules {
    /** What is signed of a payload. */
    String signedPayload(final String payload) {
        return payload;
    }

    /** Stamp of a request, milliseconds. */
    long timestamp(final long venueMs) {
        return venueMs;
    }
}
