package weir.engine.book;

import weir.protocol.HeapBuffer;

/**
 * Fields of orders, a row of {@value #STRIDE} bytes per slot, so that what one event needs of an order lies in few
 * cache lines and one page. In the order of use: identity and state, numbers, ids at the venue, ClOrdID in force and
 * the venue's own id, requests, and last what only a replace or a second ClOrdID needs.
 * <pre>
 *    0  orderId, slots, state, flags, orderQty     256  venue order id ends, asking, requests, links
 *   64  prices, executions, money, due times       320  what a replace asked for
 *  128  ids at the venue, times                    360  ClOrdIDs: previous, of the cancel, of the replace
 *  192  ClOrdID in force, venue's own order id     468  unused
 * </pre>
 * Each accessor reads or writes one field of a slot. Quantities and prices are E8. The engine thread alone writes.
 */
public abstract class OrderRows {
    static final int STRIDE = 512;
    static final int SLOT_MAX = Integer.MAX_VALUE / STRIDE;
    static final int LINE = 64;
    static final int LINK = 28;
    static final int STATE = 32;
    static final int MARKS = 51;
    /** Mark: what only a replace or a second ClOrdID needs is blank. */
    static final byte COLD_IS_BLANK = 1;
    /** Mark: ids at the venue are filed that do not name the record which opened the order. */
    static final byte HAS_IDS_FILED = 2;
    /** Mark: waits until own orders that it would trade with are gone. */
    static final byte WAITS_FOR_CANCELS = 4;
    /** Mark: the replace that is pending is the router's own. */
    static final byte REPLACED_BY_ROUTER = 8;
    /** Mark: its latest message went by the second path. */
    static final byte ON_SECOND = 16;
    /** Mark: it was placed by the second path. */
    static final byte BORN_ON_SECOND = 32;
    static final int CURRENT_ID = 192;
    static final int VENUE_ORDER_ID = 228;
    static final int REQUESTS = 264;
    static final int REQUESTS_END = 320;
    static final int COLD_IDS = 360;
    private static final int ORDER_ID = 0;
    private static final int SESSION = 8;
    private static final int TENANT = 12;
    private static final int ACCOUNT = 16;
    private static final int INSTRUMENT = 20;
    private static final int CL_ORD_ENTRY = 24;
    private static final int FINAL_STATUS = 33;
    private static final int ACKNOWLEDGED = 34;
    private static final int SENT_CHARGED = 35;
    private static final int COUNTED_AT_VENUE = 36;
    private static final int SIDE = 37;
    private static final int ORD_TYPE = 38;
    private static final int TIME_IN_FORCE = 39;
    private static final int EXEC_INST = 40;
    private static final int SELF_TRADE_PREVENTION = 41;
    private static final int VENUE_ID = 42;
    private static final int IN_QUEUE = 43;
    private static final int IN_LANE = 44;
    private static final int CANCEL_PHASE = 45;
    private static final int REPLACE_PHASE = 46;
    private static final int CANCEL_BY_CLIENT = 47;
    private static final int REASON = 48;
    private static final int NEW_TIME_IN_FORCE = 50;
    private static final int FILLS = 52;
    private static final int ORDER_QTY = 56;
    private static final int PRICE = 64;
    private static final int STOP_PX = 72;
    private static final int CUM_QTY = 80;
    private static final int VALUE_HIGH = 88;
    private static final int VALUE_LOW = 96;
    private static final int RESERVE_MICROS = 104;
    private static final int ANSWER_DUE_NS = 112;
    private static final int ASK_DUE_NS = 120;
    private static final int FIRST_ID_LOW = 128;
    private static final int VENUE_ID_LOW = 136;
    private static final int BATCH_ID_LOW = 144;
    private static final int DISPATCHED_NS = 152;
    private static final int RECEIVED_NS = 160;
    private static final int CASH_QTY = 168;
    private static final int EXPIRE_NS = 176;
    private static final int REF_MSG_SEQ_NUM = 184;
    private static final int STRATEGY_ID = 188;
    private static final int ASKING_SINCE_NS = 264;
    private static final int ASKED_NS = 272;
    private static final int ASKS = 280;
    private static final int CANCEL_SEQ_NUM = 284;
    private static final int CANCEL_ID_LOW = 288;
    private static final int REPLACE_ID_LOW = 296;
    private static final int REPLACE_SEQ_NUM = 304;
    private static final int QUEUE_NEXT = 308;
    private static final int QUEUE_PREVIOUS = 312;
    private static final int LANE_NEXT = 316;
    private static final int LANE_PREVIOUS = 320;
    private static final int NEW_QTY = 328;
    private static final int NEW_PRICE = 336;
    private static final int NEW_STOP_PX = 344;
    private static final int QUEUE_DEADLINE_NS = 352;

    final HeapBuffer rows;
    private final int slots;

    OrderRows(final int slots) {
        this.slots = slots;
        rows = new HeapBuffer(Math.multiplyExact(slots, STRIDE));
    }

    /**
     * Number of slots.
     *
     * @return open and closed
     */
    public final int capacity() {
        return slots;
    }

    /** The bound, which every slot is within, tells the compiler that no field's offset overflows. */
    static int row(final int slot) {
        return (slot & SLOT_MAX) * STRIDE;
    }

    final int marks(final int slot) {
        return rows.getByte(row(slot) + MARKS);
    }

    /** Waits until own orders that it would trade with are gone. */
    public final boolean waitsForCancels(final int slot) {
        return (marks(slot) & WAITS_FOR_CANCELS) != 0;
    }

    /** Waits until own orders that it would trade with are gone. */
    public final void waitsForCancels(final int slot, final boolean value) {
        mark(slot, WAITS_FOR_CANCELS, value);
    }

    /** Its latest message went by the second path. */
    public final boolean onSecond(final int slot) {
        return (marks(slot) & ON_SECOND) != 0;
    }

    /** Its latest message went by the second path. */
    public final void onSecond(final int slot, final boolean value) {
        if (onSecond(slot) != value) {
            mark(slot, ON_SECOND, value);
        }
    }

    /** It was placed by the second path: the first does not report on it. */
    public final boolean bornOnSecond(final int slot) {
        return (marks(slot) & BORN_ON_SECOND) != 0;
    }

    /** It was placed by the second path: the first does not report on it. */
    public final void bornOnSecond(final int slot, final boolean value) {
        mark(slot, BORN_ON_SECOND, value);
    }

    /** The replace that is pending is the router's own. */
    public final boolean replacedByRouter(final int slot) {
        return (marks(slot) & REPLACED_BY_ROUTER) != 0;
    }

    /** The replace that is pending is the router's own. */
    public final void replacedByRouter(final int slot, final boolean value) {
        mark(slot, REPLACED_BY_ROUTER, value);
    }

    private void mark(final int slot, final byte bit, final boolean value) {
        rows.putByte(row(slot) + MARKS, (byte) (value ? marks(slot) | bit : marks(slot) & ~bit));
    }

    final void touchCold(final int slot) {
        rows.putByte(row(slot) + MARKS, (byte) (marks(slot) & ~COLD_IS_BLANK));
    }

    /** Order id: record sequence of its NewOrder. */
    public final long orderId(final int slot) {
        return rows.getLong(row(slot) + ORDER_ID);
    }

    /** Order id: record sequence of its NewOrder. */
    public final void orderId(final int slot, final long value) {
        rows.putLong(row(slot) + ORDER_ID, value);
    }

    /** Session slot. */
    public final int session(final int slot) {
        return rows.getInt(row(slot) + SESSION);
    }

    /** Session slot. */
    public final void session(final int slot, final int value) {
        rows.putInt(row(slot) + SESSION, value);
    }

    /** Tenant slot. */
    public final int tenant(final int slot) {
        return rows.getInt(row(slot) + TENANT);
    }

    /** Tenant slot. */
    public final void tenant(final int slot, final int value) {
        rows.putInt(row(slot) + TENANT, value);
    }

    /** Account slot. */
    public final int account(final int slot) {
        return rows.getInt(row(slot) + ACCOUNT);
    }

    /** Account slot. */
    public final void account(final int slot, final int value) {
        rows.putInt(row(slot) + ACCOUNT, value);
    }

    /** Instrument slot. */
    public final int instrument(final int slot) {
        return rows.getInt(row(slot) + INSTRUMENT);
    }

    /** Instrument slot. */
    public final void instrument(final int slot, final int value) {
        rows.putInt(row(slot) + INSTRUMENT, value);
    }

    /** Latest entry in the ClOrdID table, -1 = none. */
    public final int clOrdEntry(final int slot) {
        return rows.getInt(row(slot) + CL_ORD_ENTRY);
    }

    /** Latest entry in the ClOrdID table, -1 = none. */
    public final void clOrdEntry(final int slot, final int value) {
        rows.putInt(row(slot) + CL_ORD_ENTRY, value);
    }

    /** One of the state constants. */
    public final byte state(final int slot) {
        return rows.getByte(row(slot) + STATE);
    }

    /** One of the state constants. */
    public final void state(final int slot, final int value) {
        rows.putByte(row(slot) + STATE, (byte) value);
    }

    /** OrdStatus(39) of a final order. */
    public final byte finalStatus(final int slot) {
        return rows.getByte(row(slot) + FINAL_STATUS);
    }

    /** OrdStatus(39) of a final order. */
    public final void finalStatus(final int slot, final int value) {
        rows.putByte(row(slot) + FINAL_STATUS, (byte) value);
    }

    /** The venue acknowledged it, by report or fill. */
    public final boolean acknowledged(final int slot) {
        return rows.getByte(row(slot) + ACKNOWLEDGED) != 0;
    }

    /** The venue acknowledged it, by report or fill. */
    public final void acknowledged(final int slot, final boolean value) {
        rows.putByte(row(slot) + ACKNOWLEDGED, (byte) (value ? 1 : 0));
    }

    /** order_sent is charged. */
    public final boolean sentCharged(final int slot) {
        return rows.getByte(row(slot) + SENT_CHARGED) != 0;
    }

    /** order_sent is charged. */
    public final void sentCharged(final int slot, final boolean value) {
        rows.putByte(row(slot) + SENT_CHARGED, (byte) (value ? 1 : 0));
    }

    /** It was handed to the adapter at least once, so that it counts as open at the venue. */
    public final boolean countedAtVenue(final int slot) {
        return rows.getByte(row(slot) + COUNTED_AT_VENUE) != 0;
    }

    /** It was handed to the adapter at least once, so that it counts as open at the venue. */
    public final void countedAtVenue(final int slot, final boolean value) {
        rows.putByte(row(slot) + COUNTED_AT_VENUE, (byte) (value ? 1 : 0));
    }

    /** Side(54), raw. */
    public final byte side(final int slot) {
        return rows.getByte(row(slot) + SIDE);
    }

    /** Side(54), raw. */
    public final void side(final int slot, final int value) {
        rows.putByte(row(slot) + SIDE, (byte) value);
    }

    /** OrdType(40), raw. */
    public final byte ordType(final int slot) {
        return rows.getByte(row(slot) + ORD_TYPE);
    }

    /** OrdType(40), raw. */
    public final void ordType(final int slot, final int value) {
        rows.putByte(row(slot) + ORD_TYPE, (byte) value);
    }

    /** TimeInForce(59), raw. */
    public final byte timeInForce(final int slot) {
        return rows.getByte(row(slot) + TIME_IN_FORCE);
    }

    /** TimeInForce(59), raw. */
    public final void timeInForce(final int slot, final int value) {
        rows.putByte(row(slot) + TIME_IN_FORCE, (byte) value);
    }

    /** ExecInst bits. */
    public final byte execInst(final int slot) {
        return rows.getByte(row(slot) + EXEC_INST);
    }

    /** ExecInst bits. */
    public final void execInst(final int slot, final int value) {
        rows.putByte(row(slot) + EXEC_INST, (byte) value);
    }

    /** SelfTradePrevention, raw. */
    public final byte selfTradePrevention(final int slot) {
        return rows.getByte(row(slot) + SELF_TRADE_PREVENTION);
    }

    /** SelfTradePrevention, raw. */
    public final void selfTradePrevention(final int slot, final int value) {
        rows.putByte(row(slot) + SELF_TRADE_PREVENTION, (byte) value);
    }

    /** Venue id. */
    public final int venueId(final int slot) {
        return rows.getByte(row(slot) + VENUE_ID);
    }

    /** Venue id. */
    public final void venueId(final int slot, final int value) {
        rows.putByte(row(slot) + VENUE_ID, (byte) value);
    }

    /** Waits in a queue. */
    public final boolean inQueue(final int slot) {
        return rows.getByte(row(slot) + IN_QUEUE) != 0;
    }

    /** Waits in a queue. */
    public final void inQueue(final int slot, final boolean value) {
        rows.putByte(row(slot) + IN_QUEUE, (byte) (value ? 1 : 0));
    }

    /** Waits in the cancel lane. */
    public final boolean inLane(final int slot) {
        return rows.getByte(row(slot) + IN_LANE) != 0;
    }

    /** Waits in the cancel lane. */
    public final void inLane(final int slot, final boolean value) {
        rows.putByte(row(slot) + IN_LANE, (byte) (value ? 1 : 0));
    }

    /** Phase of the cancel: NONE, HELD, OUT. */
    public final byte cancelPhase(final int slot) {
        return rows.getByte(row(slot) + CANCEL_PHASE);
    }

    /** Phase of the cancel: NONE, HELD, OUT. */
    public final void cancelPhase(final int slot, final int value) {
        rows.putByte(row(slot) + CANCEL_PHASE, (byte) value);
    }

    /** Phase of the replace: NONE, HELD, OUT. */
    public final byte replacePhase(final int slot) {
        return rows.getByte(row(slot) + REPLACE_PHASE);
    }

    /** Phase of the replace: NONE, HELD, OUT. */
    public final void replacePhase(final int slot, final int value) {
        rows.putByte(row(slot) + REPLACE_PHASE, (byte) value);
    }

    /** The client asked for the cancel (and is to be answered); else the router did. */
    public final boolean cancelByClient(final int slot) {
        return rows.getByte(row(slot) + CANCEL_BY_CLIENT) != 0;
    }

    /** The client asked for the cancel (and is to be answered); else the router did. */
    public final void cancelByClient(final int slot, final boolean value) {
        rows.putByte(row(slot) + CANCEL_BY_CLIENT, (byte) (value ? 1 : 0));
    }

    /** Reason of a final order. */
    public final short reason(final int slot) {
        return rows.getShort(row(slot) + REASON);
    }

    /** Reason of a final order. */
    public final void reason(final int slot, final int value) {
        rows.putShort(row(slot) + REASON, (short) value);
    }

    /** TimeInForce(59) asked for, raw. */
    public final byte newTimeInForce(final int slot) {
        return rows.getByte(row(slot) + NEW_TIME_IN_FORCE);
    }

    /** TimeInForce(59) asked for, raw. */
    public final void newTimeInForce(final int slot, final int value) {
        touchCold(slot);
        rows.putByte(row(slot) + NEW_TIME_IN_FORCE, (byte) value);
    }

    /** New executions. */
    public final int fills(final int slot) {
        return rows.getInt(row(slot) + FILLS);
    }

    /** New executions. */
    public final void fills(final int slot, final int value) {
        rows.putInt(row(slot) + FILLS, value);
    }

    /** OrderQty(38), null for a cash order. */
    public final long orderQty(final int slot) {
        return rows.getLong(row(slot) + ORDER_QTY);
    }

    /** OrderQty(38), null for a cash order. */
    public final void orderQty(final int slot, final long value) {
        rows.putLong(row(slot) + ORDER_QTY, value);
    }

    /** Price(44). */
    public final long price(final int slot) {
        return rows.getLong(row(slot) + PRICE);
    }

    /** Price(44). */
    public final void price(final int slot, final long value) {
        rows.putLong(row(slot) + PRICE, value);
    }

    /** StopPx(99). */
    public final long stopPx(final int slot) {
        return rows.getLong(row(slot) + STOP_PX);
    }

    /** StopPx(99). */
    public final void stopPx(final int slot, final long value) {
        rows.putLong(row(slot) + STOP_PX, value);
    }

    /** CumQty(14). */
    public final long cumQty(final int slot) {
        return rows.getLong(row(slot) + CUM_QTY);
    }

    /** CumQty(14). */
    public final void cumQty(final int slot, final long value) {
        rows.putLong(row(slot) + CUM_QTY, value);
    }

    /** High 64 bits of the sum of lastQty * lastPx. */
    public final long valueHigh(final int slot) {
        return rows.getLong(row(slot) + VALUE_HIGH);
    }

    /** High 64 bits of the sum of lastQty * lastPx. */
    public final void valueHigh(final int slot, final long value) {
        rows.putLong(row(slot) + VALUE_HIGH, value);
    }

    /** Low 64 bits of it. */
    public final long valueLow(final int slot) {
        return rows.getLong(row(slot) + VALUE_LOW);
    }

    /** Low 64 bits of it. */
    public final void valueLow(final int slot, final long value) {
        rows.putLong(row(slot) + VALUE_LOW, value);
    }

    /** What is left of the order's reserve, micros. */
    public final long reserveMicros(final int slot) {
        return rows.getLong(row(slot) + RESERVE_MICROS);
    }

    /** What is left of the order's reserve, micros. */
    public final void reserveMicros(final int slot, final long value) {
        rows.putLong(row(slot) + RESERVE_MICROS, value);
    }

    /** When the answer of the venue to the order or its request is overdue, epoch ns; 0 = none expected. */
    public final long answerDueNs(final int slot) {
        return rows.getLong(row(slot) + ANSWER_DUE_NS);
    }

    /** When the answer of the venue to the order or its request is overdue, epoch ns; 0 = none expected. */
    public final void answerDueNs(final int slot, final long value) {
        rows.putLong(row(slot) + ANSWER_DUE_NS, value);
    }

    /** When to ask the venue for the order, epoch ns; 0 = not now. */
    public final long askDueNs(final int slot) {
        return rows.getLong(row(slot) + ASK_DUE_NS);
    }

    /** When to ask the venue for the order, epoch ns; 0 = not now. */
    public final void askDueNs(final int slot, final long value) {
        rows.putLong(row(slot) + ASK_DUE_NS, value);
    }

    /** Low half of the first id at the venue. */
    public final long firstIdLow(final int slot) {
        return rows.getLong(row(slot) + FIRST_ID_LOW);
    }

    /** Low half of the first id at the venue. */
    public final void firstIdLow(final int slot, final long value) {
        rows.putLong(row(slot) + FIRST_ID_LOW, value);
    }

    /** Low half of the id in force at the venue. */
    public final long venueIdLow(final int slot) {
        return rows.getLong(row(slot) + VENUE_ID_LOW);
    }

    /** Low half of the id in force at the venue. */
    public final void venueIdLow(final int slot, final long value) {
        rows.putLong(row(slot) + VENUE_ID_LOW, value);
    }

    /** Low half of the id of its batch; 0 = it left alone. */
    public final long batchIdLow(final int slot) {
        return rows.getLong(row(slot) + BATCH_ID_LOW);
    }

    /** Low half of the id of its batch; 0 = it left alone. */
    public final void batchIdLow(final int slot, final long value) {
        rows.putLong(row(slot) + BATCH_ID_LOW, value);
    }

    /** When it was dispatched, epoch ns. */
    public final long dispatchedNs(final int slot) {
        return rows.getLong(row(slot) + DISPATCHED_NS);
    }

    /** When it was dispatched, epoch ns. */
    public final void dispatchedNs(final int slot, final long value) {
        rows.putLong(row(slot) + DISPATCHED_NS, value);
    }

    /** When the gateway received it, epoch ns. */
    public final long receivedNs(final int slot) {
        return rows.getLong(row(slot) + RECEIVED_NS);
    }

    /** When the gateway received it, epoch ns. */
    public final void receivedNs(final int slot, final long value) {
        rows.putLong(row(slot) + RECEIVED_NS, value);
    }

    /** CashOrderQty(152). */
    public final long cashQty(final int slot) {
        return rows.getLong(row(slot) + CASH_QTY);
    }

    /** CashOrderQty(152). */
    public final void cashQty(final int slot, final long value) {
        rows.putLong(row(slot) + CASH_QTY, value);
    }

    /** ExpireTime(126), epoch ns. */
    public final long expireNs(final int slot) {
        return rows.getLong(row(slot) + EXPIRE_NS);
    }

    /** ExpireTime(126), epoch ns. */
    public final void expireNs(final int slot, final long value) {
        rows.putLong(row(slot) + EXPIRE_NS, value);
    }

    /** MsgSeqNum(34) of the NewOrder or latest accepted request. */
    public final int refMsgSeqNum(final int slot) {
        return rows.getInt(row(slot) + REF_MSG_SEQ_NUM);
    }

    /** MsgSeqNum(34) of the NewOrder or latest accepted request. */
    public final void refMsgSeqNum(final int slot, final int value) {
        rows.putInt(row(slot) + REF_MSG_SEQ_NUM, value);
    }

    /** Strategy id. */
    public final int strategyId(final int slot) {
        return rows.getInt(row(slot) + STRATEGY_ID);
    }

    /** Strategy id. */
    public final void strategyId(final int slot, final int value) {
        rows.putInt(row(slot) + STRATEGY_ID, value);
    }

    /** When it became UNKNOWN or a query became due, epoch ns; 0 = nothing to ask. */
    public final long askingSinceNs(final int slot) {
        return rows.getLong(row(slot) + ASKING_SINCE_NS);
    }

    /** When it became UNKNOWN or a query became due, epoch ns; 0 = nothing to ask. */
    public final void askingSinceNs(final int slot, final long value) {
        rows.putLong(row(slot) + ASKING_SINCE_NS, value);
    }

    /** When the latest query left, epoch ns. */
    public final long askedNs(final int slot) {
        return rows.getLong(row(slot) + ASKED_NS);
    }

    /** When the latest query left, epoch ns. */
    public final void askedNs(final int slot, final long value) {
        rows.putLong(row(slot) + ASKED_NS, value);
    }

    /** Queries sent since {@link #askingSinceNs(int)}. */
    public final int asks(final int slot) {
        return rows.getInt(row(slot) + ASKS);
    }

    /** Queries sent since {@link #askingSinceNs(int)}. */
    public final void asks(final int slot, final int value) {
        rows.putInt(row(slot) + ASKS, value);
    }

    /** MsgSeqNum(34) of the cancel. */
    public final int cancelSeqNum(final int slot) {
        return rows.getInt(row(slot) + CANCEL_SEQ_NUM);
    }

    /** MsgSeqNum(34) of the cancel. */
    public final void cancelSeqNum(final int slot, final int value) {
        rows.putInt(row(slot) + CANCEL_SEQ_NUM, value);
    }

    /** Low half of the cancel's id at the venue. */
    public final long cancelIdLow(final int slot) {
        return rows.getLong(row(slot) + CANCEL_ID_LOW);
    }

    /** Low half of the cancel's id at the venue. */
    public final void cancelIdLow(final int slot, final long value) {
        rows.putLong(row(slot) + CANCEL_ID_LOW, value);
    }

    /** Low half of the replace's id at the venue. */
    public final long replaceIdLow(final int slot) {
        return rows.getLong(row(slot) + REPLACE_ID_LOW);
    }

    /** Low half of the replace's id at the venue. */
    public final void replaceIdLow(final int slot, final long value) {
        rows.putLong(row(slot) + REPLACE_ID_LOW, value);
    }

    /** MsgSeqNum(34) of the replace. */
    public final int replaceSeqNum(final int slot) {
        return rows.getInt(row(slot) + REPLACE_SEQ_NUM);
    }

    /** MsgSeqNum(34) of the replace. */
    public final void replaceSeqNum(final int slot, final int value) {
        rows.putInt(row(slot) + REPLACE_SEQ_NUM, value);
    }

    /** Next in the queue of its flow. */
    public final int queueNext(final int slot) {
        return rows.getInt(row(slot) + QUEUE_NEXT);
    }

    /** Next in the queue of its flow. */
    public final void queueNext(final int slot, final int value) {
        rows.putInt(row(slot) + QUEUE_NEXT, value);
    }

    /** The one before it in the queue of its flow. */
    public final int queuePrevious(final int slot) {
        return rows.getInt(row(slot) + QUEUE_PREVIOUS);
    }

    /** The one before it in the queue of its flow. */
    public final void queuePrevious(final int slot, final int value) {
        rows.putInt(row(slot) + QUEUE_PREVIOUS, value);
    }

    /** Next in the cancel lane of its account. */
    public final int laneNext(final int slot) {
        return rows.getInt(row(slot) + LANE_NEXT);
    }

    /** Next in the cancel lane of its account. */
    public final void laneNext(final int slot, final int value) {
        rows.putInt(row(slot) + LANE_NEXT, value);
    }

    /** The one before it in the cancel lane of its account. */
    public final int lanePrevious(final int slot) {
        return rows.getInt(row(slot) + LANE_PREVIOUS);
    }

    /** The one before it in the cancel lane of its account. */
    public final void lanePrevious(final int slot, final int value) {
        rows.putInt(row(slot) + LANE_PREVIOUS, value);
    }

    /** OrderQty(38) asked for. */
    public final long newQty(final int slot) {
        return rows.getLong(row(slot) + NEW_QTY);
    }

    /** OrderQty(38) asked for. */
    public final void newQty(final int slot, final long value) {
        touchCold(slot);
        rows.putLong(row(slot) + NEW_QTY, value);
    }

    /** Price(44) asked for. */
    public final long newPrice(final int slot) {
        return rows.getLong(row(slot) + NEW_PRICE);
    }

    /** Price(44) asked for. */
    public final void newPrice(final int slot, final long value) {
        touchCold(slot);
        rows.putLong(row(slot) + NEW_PRICE, value);
    }

    /** StopPx(99) asked for. */
    public final long newStopPx(final int slot) {
        return rows.getLong(row(slot) + NEW_STOP_PX);
    }

    /** StopPx(99) asked for. */
    public final void newStopPx(final int slot, final long value) {
        touchCold(slot);
        rows.putLong(row(slot) + NEW_STOP_PX, value);
    }

    /** End of the wait in the queue, epoch ns. */
    public final long queueDeadlineNs(final int slot) {
        return rows.getLong(row(slot) + QUEUE_DEADLINE_NS);
    }

    /** End of the wait in the queue, epoch ns. */
    public final void queueDeadlineNs(final int slot, final long value) {
        rows.putLong(row(slot) + QUEUE_DEADLINE_NS, value);
    }
}
