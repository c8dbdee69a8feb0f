package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/** What each venue can do, indexed by venue id. */
public final class VenueBook {
    /** One more than the highest venue id the engine takes. */
    public static final int CAPACITY = 16;
    /** Most orders in one venue message, so that it stays within one Aeron frame. */
    public static final int BATCH_MAX = 15;

    /** Most cancels in one venue message, so that it stays within one Aeron frame. */
    public static final int CANCELS_MAX = 13;

    /** Configured. */
    public final boolean[] known = new boolean[CAPACITY];
    /** VenueCapabilities bits. */
    public final int[] capabilities = new int[CAPACITY];
    /** Most orders in a batch. */
    public final int[] batchMax = new int[CAPACITY];
    /** Most cancels in one message; 1 = none is batched, as in every configuration of schema version 1. */
    public final int[] cancelBatchMax = new int[CAPACITY];
    /** Most orders that wait. */
    public final int[] queueCapacity = new int[CAPACITY];
    /** Longest wait, ns. */
    public final long[] queueDeadlineNs = new long[CAPACITY];
    /** A venue may not show an order for this long, ns. */
    public final long[] visibilityDelayNs = new long[CAPACITY];
    /** When an UNKNOWN order raises an alert, ns. */
    public final long[] unknownTimeoutNs = new long[CAPACITY];
    /** TradingState by kill switch, raw. */
    public final byte[] switchState = new byte[CAPACITY];
    /** Orders that wait. */
    public final int[] queued = new int[CAPACITY];
    /** Configuration in force. */
    public final ConfigFrames frames = new ConfigFrames(CAPACITY, 128);

    /**
     * Is the id in range?
     *
     * @param venueId id
     * @return true when it can be used as an index
     */
    public static boolean inRange(final int venueId) {
        return venueId > 0 && venueId < CAPACITY;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("venues", 1);
        image.column(known);
        image.column(capabilities);
        image.column(batchMax);
        image.column(cancelBatchMax);
        image.column(queueCapacity);
        image.column(queueDeadlineNs);
        image.column(visibilityDelayNs);
        image.column(unknownTimeoutNs);
        image.column(switchState);
        image.column(queued);
        frames.image(image);
    }
}
