package weir.venue.market;

import weir.protocol.Scale;

/**
 * The latest public price of one instrument and what of it the engine has. At most one is due per conflation interval,
 * always the latest; one equal to what the engine has is due again only when half of the maximum age has passed, so
 * that a quiet market costs the journal little and is still never stale. Market agent's thread.
 */
final class PriceSlot {
    /** Pause after an answer without a price, doubled by each further one: an empty book must not spend the budget. */
    private static final long NO_PRICE_PAUSE_NS = 1_000_000_000L;
    private static final long NO_PRICE_PAUSE_MAX_NS = 8 * NO_PRICE_PAUSE_NS;
    /** Venues state their time in milliseconds, cut off. */
    private static final long RESOLUTION_NS = 1_000_000L;

    private final Listing listing;
    private final long conflateNs;
    private final long maxAgeNs;
    private long bid = Scale.NULL;
    private long ask = Scale.NULL;
    private long last = Scale.NULL;
    private long observedNs;
    private long tickedNs;
    private long answeredNs;
    private boolean dirty;
    private boolean sent;
    private long sentBid;
    private long sentAsk;
    private long sentLast;
    private long sentObservedNs;
    private long sentAtNs;
    private boolean stale;
    private boolean asked;
    private boolean wanted;
    private long pauseNs;
    private long pausedNs;

    PriceSlot(final Listing listing, final long conflateNs) {
        this.listing = listing;
        this.conflateNs = conflateNs;
        this.maxAgeNs = listing.priceMaxAgeMs() * 1_000_000L;
    }

    Listing listing() {
        return listing;
    }

    /**
     * Takes a price of the feed. The feed's own order holds: one is refused only when it was true before REST was asked
     * for what is known.
     *
     * @param newBid  E8 or null
     * @param newAsk  E8 or null
     * @param newLast E8 or null; null keeps the last trade known
     * @param atNs    epoch ns at which it was true
     * @return false when it was refused
     */
    boolean onTick(final long newBid, final long newAsk, final long newLast, final long atNs) {
        if (atNs < answeredNs - RESOLUTION_NS) {
            return false;
        }
        tickedNs = Math.max(tickedNs, atNs);
        take(newBid, newAsk, newLast, atNs);
        return true;
    }

    /**
     * Takes a price that REST answered. It was true when it was asked for or later, no one knows when; what the feed
     * said since is newer.
     *
     * @param newBid  E8 or null
     * @param newAsk  E8 or null
     * @param newLast E8 or null; null keeps the last trade known
     * @param askedNs epoch ns at which it was asked for
     * @return false when it was refused
     */
    boolean onAnswer(final long newBid, final long newAsk, final long newLast, final long askedNs) {
        if (askedNs < Math.max(tickedNs, answeredNs)) {
            return false;
        }
        answeredNs = askedNs;
        take(newBid, newAsk, newLast, askedNs);
        return true;
    }

    private void take(final long newBid, final long newAsk, final long newLast, final long atNs) {
        bid = newBid;
        ask = newAsk;
        last = newLast == Scale.NULL ? last : newLast;
        observedNs = Math.max(observedNs, atNs);
        wanted = false;
        pauseNs = 0;
        dirty = !sent || bid != sentBid || ask != sentAsk || last != sentLast
            || maxAgeNs > 0 && observedNs - sentObservedNs >= maxAgeNs / 2;
    }

    /** Is a price waiting that the engine does not have? */
    boolean isDirty() {
        return dirty;
    }

    /** May the waiting price leave now (monotonic time)? */
    boolean isDue(final long nowNs) {
        return dirty && (!sent || nowNs - sentAtNs >= conflateNs);
    }

    /** It left. */
    void onSent(final long nowNs) {
        dirty = false;
        sent = true;
        sentBid = bid;
        sentAsk = ask;
        sentLast = last;
        sentObservedNs = observedNs;
        sentAtNs = nowNs;
    }

    /** The feed may have missed something, or is new: REST should be asked. */
    void want() {
        wanted = true;
    }

    /** Should REST be asked now? */
    boolean wantsAnswer(final long epochNs, final long nowNs) {
        return listing.feed() && !asked && nowNs - pausedNs >= pauseNs
            && (wanted || maxAgeNs > 0 && (observedNs == 0 || epochNs - observedNs >= maxAgeNs / 2));
    }

    /** REST answered and had no price: the book is empty (monotonic time). */
    void onNoPrice(final long nowNs) {
        pauseNs = Math.min(NO_PRICE_PAUSE_MAX_NS, Math.max(NO_PRICE_PAUSE_NS, 2 * pauseNs));
        pausedNs = nowNs;
    }

    void asked(final boolean waiting) {
        asked = waiting;
    }

    /**
     * Notes whether the price is stale.
     *
     * @param epochNs now
     * @return 1 when it just became so, -1 when it just recovered, 0 otherwise
     */
    int staleness(final long epochNs) {
        final boolean now = maxAgeNs > 0 && observedNs != 0 && epochNs - observedNs > maxAgeNs;
        final int change = now == stale ? 0 : now ? 1 : -1;
        stale = now;
        return change;
    }

    long bid() {
        return bid;
    }

    long ask() {
        return ask;
    }

    long last() {
        return last;
    }

    long observedNs() {
        return observedNs;
    }
}
