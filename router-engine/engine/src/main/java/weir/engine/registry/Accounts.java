package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/** Accounts at venues and the state of their connections. Columns are indexed by slot. */
public final class Accounts {
    /** Connection down. */
    public static final byte DOWN = 0;
    /** Connection up. */
    public static final byte UP = 1;
    /** The venue bars us for a time. */
    public static final byte BARRED = 2;

    /** Account id to slot. */
    public final IdIndex index;
    /** Venue id. */
    public final int[] venueId;
    /** Owner's tenant id; 0 = shared on purpose. */
    public final int[] tenantId;
    /** SelfTradePrevention, raw. */
    public final byte[] selfTradePrevention;
    /** VenueState, raw. */
    public final byte[] state;
    /** End of the bar, epoch ns. */
    public final long[] barredUntilNs;
    /** VenueState of the second path, raw; DOWN where the venue has none. */
    public final byte[] second;
    /** End of the second path's bar, epoch ns. */
    public final long[] secondUntilNs;
    /** TradingState by kill switch, raw. */
    public final byte[] switchState;
    /** Orders that wait in the queue. */
    public final int[] queued;
    /** Configuration in force. */
    public final ConfigFrames frames;

    /**
     * Makes empty columns.
     *
     * @param capacity most accounts
     */
    public Accounts(final int capacity) {
        index = new IdIndex(capacity);
        venueId = new int[capacity];
        tenantId = new int[capacity];
        selfTradePrevention = new byte[capacity];
        state = new byte[capacity];
        barredUntilNs = new long[capacity];
        second = new byte[capacity];
        secondUntilNs = new long[capacity];
        switchState = new byte[capacity];
        queued = new int[capacity];
        frames = new ConfigFrames(capacity, 128);
    }

    /**
     * Slot of an account.
     *
     * @param accountId id
     * @return slot or -1
     */
    public int slotOf(final int accountId) {
        return index.slotOf(accountId);
    }

    /**
     * Can an order reach the venue, by whichever path?
     *
     * @param account slot
     * @return true when a path is up
     */
    public boolean isReached(final int account) {
        return state[account] == UP || state[account] == DOWN && second[account] == UP;
    }

    /**
     * Does the second path carry what the first cannot?
     *
     * @param account slot
     * @return false also while the venue bars the account
     */
    public boolean hasSecond(final int account) {
        return second[account] == UP && state[account] != BARRED;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("accounts", 2);
        index.image(image);
        image.column(venueId);
        image.column(tenantId);
        image.column(selfTradePrevention);
        image.column(state);
        image.column(barredUntilNs);
        image.column(second);
        image.column(secondUntilNs);
        image.column(switchState);
        image.column(queued);
        frames.image(image);
    }
}
