package weir.venue.market;

/**
 * How late a feed's messages are, without trusting two clocks to agree: the difference between our receipt and the
 * venue's own time has a smallest value on each connection (skew and the way); what a message takes beyond it is delay,
 * and its price was true that much earlier. One owner.
 */
final class FeedDelay {
    private long smallestNs = Long.MAX_VALUE;

    /** A new connection. */
    void reset() {
        smallestNs = Long.MAX_VALUE;
    }

    /**
     * When a price was true, by our clock.
     *
     * @param receivedNs epoch ns by our clock
     * @param venueNs    epoch ns by the venue's, 0 = not stated
     * @return at most receivedNs
     */
    long observedNs(final long receivedNs, final long venueNs) {
        if (venueNs <= 0) {
            return receivedNs;
        }
        final long apartNs = receivedNs - venueNs;
        smallestNs = Math.min(smallestNs, apartNs);
        return receivedNs - (apartNs - smallestNs);
    }
}
