package weir.venue.intx;

/** Rules of the wire that a test may break on purpose to see the venue punish it; production code never overrides. */
class WireRules {
    int requests(final IntxAdapter.Context context) {
        return context.requestsPerSecond();
    }

    /** The path that is signed, given what is sent: the venue's rule is without the query. */
    String signedPath(final String path, final String query) {
        return path;
    }

    /** The header CB-ACCESS-TIMESTAMP. */
    String timestamp(final long epochNs) {
        return Long.toString(Math.floorDiv(epochNs, 1_000_000_000L));
    }
}
