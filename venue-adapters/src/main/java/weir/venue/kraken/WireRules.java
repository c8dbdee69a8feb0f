package weir.venue.kraken;

/** Rules of the wire that a test may break on purpose to see the venue punish it; production code never overrides. */
class WireRules {
    int units(final KrakenAdapter.Context context) {
        return context.budgetUnits();
    }

    /** The text that is signed, given the text that is sent. */
    String signedData(final String sent) {
        return sent;
    }

    int batchMax(final KrakenAdapter.Context context) {
        return context.batchMax();
    }
}
