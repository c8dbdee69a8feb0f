package weir.venue.market;

/** Gets what a venue's dialect reads. Market agent's thread. */
public interface MarketSink {
    /**
     * An instrument of a complete list.
     *
     * @param instrument its terms
     */
    void onInstrument(LoadedInstrument instrument);

    /**
     * An instrument of a complete list whose terms cannot be held exactly.
     *
     * @param venueSymbol which
     * @param why         why not
     */
    void onUnusableInstrument(String venueSymbol, String why);

    /**
     * A price. Not positive or null = there is none.
     *
     * @param venueSymbol of which
     * @param bid         E8
     * @param ask         E8
     * @param last        E8
     * @param venueNs     the venue's own time of it, epoch ns, 0 = not stated
     */
    void onPrice(String venueSymbol, long bid, long ask, long last, long venueNs);

    /**
     * What the feed says about the state of its instruments; when it changes, the list is loaded again.
     *
     * @param venueSymbol of which; empty = of all
     * @param state       any text that changes when the state does
     */
    void onState(String venueSymbol, String state);

    /**
     * The feed missed something of an instrument; its price is asked for.
     *
     * @param venueSymbol of which
     */
    void onGap(String venueSymbol);

    /**
     * Something to count.
     *
     * @param counter what
     */
    void count(MarketCounter counter);
}
