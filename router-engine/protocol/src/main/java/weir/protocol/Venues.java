package weir.protocol;

/** Venue ids as they stand in every message and record. */
public final class Venues {
    /** Coinbase Exchange. */
    public static final int COINBASE = 1;
    /** Coinbase International Exchange. */
    public static final int INTX = 2;
    /** Binance Spot. */
    public static final int BINANCE = 3;
    /** Deribit. */
    public static final int DERIBIT = 4;
    /** Kraken Futures. */
    public static final int KRAKEN_FUTURES = 5;
    /** CoW Protocol. */
    public static final int COW = 6;
    /** One more than the highest id. */
    public static final int COUNT = 7;

    private static final String[] NAMES = {
        "none", "coinbase", "intx", "binance", "deribit", "kraken-futures", "cow"
    };

    private Venues() {
    }

    /**
     * Name used in configuration and reports.
     *
     * @param venueId one of the constants
     * @return lower-case name, "none" when out of range
     */
    public static String name(final int venueId) {
        return venueId > 0 && venueId < COUNT ? NAMES[venueId] : NAMES[0];
    }

    /**
     * Id of a venue's name.
     *
     * @param name as in {@link #name(int)}
     * @return the id, 0 when unknown
     */
    public static int id(final String name) {
        for (int i = 1; i < COUNT; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        return 0;
    }
}
