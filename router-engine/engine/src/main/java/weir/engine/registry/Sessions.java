package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/** Desk and client sessions. Columns are indexed by slot; the engine thread alone writes them. */
public final class Sessions {
    /** Session id to slot. */
    public final IdIndex index;
    /** Tenant slot. */
    public final int[] tenant;
    /** CancelOnDisconnect, raw. */
    public final byte[] cancelOnDisconnect;
    /** Grace before cancel-on-disconnect, ns. */
    public final long[] graceNs;
    /** Permissions bits. */
    public final int[] permissions;
    /** TradingState by kill switch, raw. */
    public final byte[] switchState;
    /** Logged on. */
    public final boolean[] connected;
    /** Last MsgSeqNum(34) taken, 0 before the first. */
    public final int[] lastMsgSeqNum;
    /** Session day: counts DAY period rolls. */
    public final int[] day;
    /** Orders not final. */
    public final int[] openOrders;
    /** Record sequence of the latest output to it; 0 = none. */
    public final long[] lastOutputRecord;
    /** Index of the latest output to it in its record. */
    public final int[] lastOutputIndex;
    /** Configuration in force. */
    public final ConfigFrames frames;

    /**
     * Makes empty columns.
     *
     * @param capacity most sessions
     */
    public Sessions(final int capacity) {
        index = new IdIndex(capacity);
        tenant = new int[capacity];
        cancelOnDisconnect = new byte[capacity];
        graceNs = new long[capacity];
        permissions = new int[capacity];
        switchState = new byte[capacity];
        connected = new boolean[capacity];
        lastMsgSeqNum = new int[capacity];
        day = new int[capacity];
        openOrders = new int[capacity];
        lastOutputRecord = new long[capacity];
        lastOutputIndex = new int[capacity];
        frames = new ConfigFrames(capacity, 128);
    }

    /**
     * Slot of a session.
     *
     * @param sessionId id
     * @return slot or -1
     */
    public int slotOf(final int sessionId) {
        return index.slotOf(sessionId);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("sessions", 2);
        index.image(image);
        image.column(tenant);
        image.column(cancelOnDisconnect);
        image.column(graceNs);
        image.column(permissions);
        image.column(switchState);
        image.column(connected);
        image.column(lastMsgSeqNum);
        image.column(day);
        image.column(openOrders);
        image.column(lastOutputRecord);
        image.column(lastOutputIndex);
        frames.image(image);
    }
}
