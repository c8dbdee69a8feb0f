package weir.engine.book;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.snapshot.StateImage;
import weir.protocol.Scale;

/**
 * Orders in slots: open ones, and the latest closed ones, kept for late fills and questions until their slot is needed.
 * Columns are indexed by slot; the engine thread alone writes them. Quantities and prices are E8.
 */
public final class OrderBook {
    /** Slot is free. */
    public static final byte FREE = 0;
    /** Waits in the engine for the venue limit. */
    public static final byte QUEUED = 1;
    /** Handed to the adapter. */
    public static final byte DISPATCHED = 2;
    /** First byte is on the wire. */
    public static final byte SENT = 3;
    /** The venue acknowledged it. */
    public static final byte WORKING = 4;
    /** It left, or may have left, and no answer came. */
    public static final byte UNKNOWN = 5;
    /** Final. */
    public static final byte FINAL = 6;

    /** No request. */
    public static final byte NONE = 0;
    /** Request waits: for the venue limit, the connection, or the answer to another request of the order. */
    public static final byte HELD = 1;
    /** Request was handed to the adapter. */
    public static final byte OUT = 2;

    /** ClOrdID in force. */
    public static final int CURRENT = 0;
    /** ClOrdID before it. */
    public static final int PREVIOUS = 1;
    /** ClOrdID of the pending cancel. */
    public static final int CANCEL = 2;
    /** ClOrdID of the pending replace. */
    public static final int REPLACE = 3;
    private static final int IDS = 4;
    private static final int VENUE_ID_LENGTH = 36;

    /** Order id: record sequence of its NewOrder. */
    public final long[] orderId;
    /** Session slot. */
    public final int[] session;
    /** Tenant slot. */
    public final int[] tenant;
    /** Account slot. */
    public final int[] account;
    /** Instrument slot. */
    public final int[] instrument;
    /** Venue id. */
    public final int[] venueId;
    /** One of the state constants. */
    public final byte[] state;
    /** OrdStatus(39) of a final order. */
    public final byte[] finalStatus;
    /** The venue acknowledged it, by report or fill. */
    public final boolean[] acknowledged;
    /** order_sent is charged. */
    public final boolean[] sentCharged;
    /** It was handed to the adapter at least once, so that it counts as open at the venue. */
    public final boolean[] countedAtVenue;
    /** Side(54), raw. */
    public final byte[] side;
    /** OrdType(40), raw. */
    public final byte[] ordType;
    /** TimeInForce(59), raw. */
    public final byte[] timeInForce;
    /** ExecInst bits. */
    public final byte[] execInst;
    /** SelfTradePrevention, raw. */
    public final byte[] selfTradePrevention;
    /** Strategy id. */
    public final int[] strategyId;
    /** MsgSeqNum(34) of the NewOrder or latest accepted request. */
    public final int[] refMsgSeqNum;
    /** OrderQty(38), null for a cash order. */
    public final long[] orderQty;
    /** Price(44). */
    public final long[] price;
    /** StopPx(99). */
    public final long[] stopPx;
    /** CashOrderQty(152). */
    public final long[] cashQty;
    /** ExpireTime(126), epoch ns. */
    public final long[] expireNs;
    /** When the gateway received it, epoch ns. */
    public final long[] receivedNs;
    /** End of the wait in the queue, epoch ns. */
    public final long[] queueDeadlineNs;
    /** When it was dispatched, epoch ns. */
    public final long[] dispatchedNs;
    /** CumQty(14). */
    public final long[] cumQty;
    /** High 64 bits of the sum of lastQty * lastPx. */
    public final long[] valueHigh;
    /** Low 64 bits of it. */
    public final long[] valueLow;
    /** New executions. */
    public final int[] fills;
    /** What is left of the order's reserve, micros. */
    public final long[] reserveMicros;
    /** Reason of a final order. */
    public final short[] reason;
    /** Latest entry in the ClOrdID table, -1 = none. */
    public final int[] clOrdEntry;
    /** Low half of the first id at the venue. */
    public final long[] firstIdLow;
    /** Low half of the id in force at the venue. */
    public final long[] venueIdLow;
    /** Low half of the id of its batch; 0 = it left alone. */
    public final long[] batchIdLow;
    /** Phase of the cancel: NONE, HELD, OUT. */
    public final byte[] cancelPhase;
    /** The client asked for the cancel (and is to be answered); else the router did. */
    public final boolean[] cancelByClient;
    /** Low half of the cancel's id at the venue. */
    public final long[] cancelIdLow;
    /** MsgSeqNum(34) of the cancel. */
    public final int[] cancelSeqNum;
    /** Phase of the replace: NONE, HELD, OUT. */
    public final byte[] replacePhase;
    /** Low half of the replace's id at the venue. */
    public final long[] replaceIdLow;
    /** MsgSeqNum(34) of the replace. */
    public final int[] replaceSeqNum;
    /** OrderQty(38) asked for. */
    public final long[] newQty;
    /** Price(44) asked for. */
    public final long[] newPrice;
    /** StopPx(99) asked for. */
    public final long[] newStopPx;
    /** TimeInForce(59) asked for, raw. */
    public final byte[] newTimeInForce;
    /** When it became UNKNOWN or a query became due, epoch ns; 0 = nothing to ask. */
    public final long[] askingSinceNs;
    /** When the latest query left, epoch ns. */
    public final long[] askedNs;
    /** Queries sent since {@link #askingSinceNs}. */
    public final int[] asks;
    /** Links of the queue of a flow. */
    public final int[] queueNext;
    /** Links of the queue of a flow. */
    public final int[] queuePrevious;
    /** Waits in a queue. */
    public final boolean[] inQueue;
    /** Links of the cancel lane of an account. */
    public final int[] laneNext;
    /** Links of the cancel lane of an account. */
    public final int[] lanePrevious;
    /** Waits in the cancel lane. */
    public final boolean[] inLane;
    private final UnsafeBuffer ids;
    private final UnsafeBuffer venueOrderIds;
    private final int[] link;
    private final Long2LongHashMap slotByOrderId;
    private final Long2LongHashMap slotByVenueId;
    private final int openCapacity;
    private int free;
    private int oldestClosed = -1;
    private int newestClosed = -1;
    private int open;
    private int highWater;

    /**
     * Makes an empty book.
     *
     * @param openCapacity   most open orders
     * @param closedRetained closed orders kept in full
     */
    public OrderBook(final int openCapacity, final int closedRetained) {
        final int n = openCapacity + closedRetained;
        this.openCapacity = openCapacity;
        orderId = new long[n];
        session = new int[n];
        tenant = new int[n];
        account = new int[n];
        instrument = new int[n];
        venueId = new int[n];
        state = new byte[n];
        finalStatus = new byte[n];
        acknowledged = new boolean[n];
        sentCharged = new boolean[n];
        countedAtVenue = new boolean[n];
        side = new byte[n];
        ordType = new byte[n];
        timeInForce = new byte[n];
        execInst = new byte[n];
        selfTradePrevention = new byte[n];
        strategyId = new int[n];
        refMsgSeqNum = new int[n];
        orderQty = new long[n];
        price = new long[n];
        stopPx = new long[n];
        cashQty = new long[n];
        expireNs = new long[n];
        receivedNs = new long[n];
        queueDeadlineNs = new long[n];
        dispatchedNs = new long[n];
        cumQty = new long[n];
        valueHigh = new long[n];
        valueLow = new long[n];
        fills = new int[n];
        reserveMicros = new long[n];
        reason = new short[n];
        clOrdEntry = new int[n];
        firstIdLow = new long[n];
        venueIdLow = new long[n];
        batchIdLow = new long[n];
        cancelPhase = new byte[n];
        cancelByClient = new boolean[n];
        cancelIdLow = new long[n];
        cancelSeqNum = new int[n];
        replacePhase = new byte[n];
        replaceIdLow = new long[n];
        replaceSeqNum = new int[n];
        newQty = new long[n];
        newPrice = new long[n];
        newStopPx = new long[n];
        newTimeInForce = new byte[n];
        askingSinceNs = new long[n];
        askedNs = new long[n];
        asks = new int[n];
        queueNext = new int[n];
        queuePrevious = new int[n];
        inQueue = new boolean[n];
        laneNext = new int[n];
        lanePrevious = new int[n];
        inLane = new boolean[n];
        ids = new UnsafeBuffer(new byte[n * IDS * ClOrdIdTable.LENGTH]);
        venueOrderIds = new UnsafeBuffer(new byte[n * VENUE_ID_LENGTH]);
        link = new int[n];
        slotByOrderId = new Long2LongHashMap(2 * n, 0.6f, -1);
        slotByVenueId = new Long2LongHashMap(8 * n, 0.6f, -1);
        for (int i = 0; i < n; i++) {
            link[i] = i + 1 < n ? i + 1 : -1;
        }
    }

    /**
     * Number of slots.
     *
     * @return open and closed
     */
    public int capacity() {
        return orderId.length;
    }

    /**
     * Slots ever used: 0 to this - 1.
     *
     * @return high-water mark
     */
    public int highWater() {
        return highWater;
    }

    /**
     * Orders not final.
     *
     * @return count
     */
    public int open() {
        return open;
    }

    /**
     * Is there room for one more open order?
     *
     * @return true when {@link #claim} may be called
     */
    public boolean hasRoom() {
        return open < openCapacity;
    }

    /**
     * Slot that {@link #claim} would have to empty first.
     *
     * @return slot of the oldest closed order, or -1 when a free slot exists
     */
    public int evictee() {
        return free >= 0 ? -1 : oldestClosed;
    }

    /**
     * Empties the slot of a closed order.
     *
     * @param slot as {@link #evictee()} named it
     */
    public void evict(final int slot) {
        oldestClosed = link[slot];
        if (oldestClosed < 0) {
            newestClosed = -1;
        }
        slotByOrderId.remove(orderId[slot]);
        forget(firstIdLow[slot]);
        forget(venueIdLow[slot]);
        forget(cancelIdLow[slot]);
        forget(replaceIdLow[slot]);
        state[slot] = FREE;
        link[slot] = free;
        free = slot;
    }

    /**
     * Claims a slot for a new order and blanks it.
     *
     * @param id order id
     * @return slot
     */
    public int claim(final long id) {
        final int slot = free;
        free = link[slot];
        highWater = Math.max(highWater, slot + 1);
        open++;
        orderId[slot] = id;
        slotByOrderId.put(id, slot);
        finalStatus[slot] = 0;
        acknowledged[slot] = false;
        sentCharged[slot] = false;
        countedAtVenue[slot] = false;
        dispatchedNs[slot] = 0;
        cumQty[slot] = 0;
        valueHigh[slot] = 0;
        valueLow[slot] = 0;
        fills[slot] = 0;
        reserveMicros[slot] = 0;
        reason[slot] = 0;
        clOrdEntry[slot] = -1;
        firstIdLow[slot] = 0;
        venueIdLow[slot] = 0;
        batchIdLow[slot] = 0;
        cancelPhase[slot] = NONE;
        cancelByClient[slot] = false;
        cancelIdLow[slot] = 0;
        cancelSeqNum[slot] = 0;
        replacePhase[slot] = NONE;
        replaceIdLow[slot] = 0;
        replaceSeqNum[slot] = 0;
        newQty[slot] = Scale.NULL;
        newPrice[slot] = Scale.NULL;
        newStopPx[slot] = Scale.NULL;
        newTimeInForce[slot] = 0;
        askingSinceNs[slot] = 0;
        askedNs[slot] = 0;
        asks[slot] = 0;
        inQueue[slot] = false;
        inLane[slot] = false;
        ids.setMemory(slot * IDS * ClOrdIdTable.LENGTH, IDS * ClOrdIdTable.LENGTH, (byte) 0);
        venueOrderIds.setMemory(slot * VENUE_ID_LENGTH, VENUE_ID_LENGTH, (byte) 0);
        return slot;
    }

    /**
     * Moves an order to the closed ones.
     *
     * @param slot   order
     * @param status OrdStatus(39)
     * @param code   reason
     */
    public void close(final int slot, final byte status, final int code) {
        state[slot] = FINAL;
        finalStatus[slot] = status;
        reason[slot] = (short) code;
        open--;
        link[slot] = -1;
        if (newestClosed >= 0) {
            link[newestClosed] = slot;
        } else {
            oldestClosed = slot;
        }
        newestClosed = slot;
    }

    /**
     * Slot of an order.
     *
     * @param id order id
     * @return slot, -1 when unknown
     */
    public int slotOf(final long id) {
        return (int) slotByOrderId.get(id);
    }

    /**
     * Slot of an order by an id it has or had at the venue.
     *
     * @param idLow low half of the id
     * @return slot, -1 when unknown
     */
    public int slotOfVenueId(final long idLow) {
        return (int) slotByVenueId.get(idLow);
    }

    /**
     * Files an id of an order at the venue.
     *
     * @param slot  order
     * @param idLow low half of the id
     */
    public void fileVenueId(final int slot, final long idLow) {
        slotByVenueId.put(idLow, slot);
    }

    /**
     * Forgets an id at the venue.
     *
     * @param idLow low half of the id; 0 is ignored
     */
    public void forget(final long idLow) {
        if (idLow != 0) {
            slotByVenueId.remove(idLow);
        }
    }

    /**
     * Is the order open?
     *
     * @param slot order
     * @return true when neither free nor final
     */
    public boolean isOpen(final int slot) {
        return state[slot] != FREE && state[slot] != FINAL;
    }

    /**
     * OrdStatus(39) as the client is to see it.
     *
     * @param slot order
     * @return FIX character
     */
    public byte ordStatus(final int slot) {
        if (state[slot] == FINAL) {
            return finalStatus[slot];
        }
        if (cancelPhase[slot] != NONE && cancelByClient[slot]) {
            return '6';
        }
        if (replacePhase[slot] != NONE) {
            return 'E';
        }
        if (cumQty[slot] > 0) {
            return '1';
        }
        return (byte) (acknowledged[slot] ? '0' : 'A');
    }

    /**
     * LeavesQty(151).
     *
     * @param slot order
     * @return OrderQty(38) - CumQty(14), 0 when final or for a cash order
     */
    public long leavesQty(final int slot) {
        return state[slot] == FINAL || orderQty[slot] == Scale.NULL ? 0 : Math.max(0, orderQty[slot] - cumQty[slot]);
    }

    /**
     * AvgPx(6) = sum(lastQty * lastPx) / CumQty(14), half up at 1e-8.
     *
     * @param slot order
     * @return E8, 0 before the first fill
     */
    public long avgPx(final int slot) {
        return cumQty[slot] == 0 ? 0 : Wide.divideHalfUp(valueHigh[slot], valueLow[slot], cumQty[slot]);
    }

    /**
     * Adds a fill.
     *
     * @param slot order
     * @param qty  LastQty(32), positive
     * @param px   LastPx(31), not negative
     */
    public void fill(final int slot, final long qty, final long px) {
        final long low = valueLow[slot] + qty * px;
        final long carry = Long.compareUnsigned(low, valueLow[slot]) < 0 ? 1 : 0;
        valueHigh[slot] += Math.multiplyHigh(qty, px) + carry;
        valueLow[slot] = low;
        cumQty[slot] += qty;
        fills[slot]++;
    }

    /**
     * Offset of one of the order's ClOrdIDs in {@link #ids()}.
     *
     * @param slot  order
     * @param which CURRENT, PREVIOUS, CANCEL or REPLACE
     * @return offset
     */
    public int idOffset(final int slot, final int which) {
        return (slot * IDS + which) * ClOrdIdTable.LENGTH;
    }

    /**
     * ClOrdIDs of all orders.
     *
     * @return buffer for {@link #idOffset}
     */
    public UnsafeBuffer ids() {
        return ids;
    }

    /**
     * Stores one of the order's ClOrdIDs.
     *
     * @param slot   order
     * @param which  CURRENT, PREVIOUS, CANCEL or REPLACE
     * @param buffer with the id
     * @param offset of it
     */
    public void putId(final int slot, final int which, final DirectBuffer buffer, final int offset) {
        ids.putBytes(idOffset(slot, which), buffer, offset, ClOrdIdTable.LENGTH);
    }

    /**
     * Makes the ClOrdID of a request the one in force; the one in force becomes the previous one.
     *
     * @param slot  order
     * @param which CANCEL or REPLACE
     */
    public void promote(final int slot, final int which) {
        ids.putBytes(idOffset(slot, PREVIOUS), ids, idOffset(slot, CURRENT), ClOrdIdTable.LENGTH);
        ids.putBytes(idOffset(slot, CURRENT), ids, idOffset(slot, which), ClOrdIdTable.LENGTH);
    }

    /**
     * Offset of the venue's own order id in {@link #venueOrderIds()}.
     *
     * @param slot order
     * @return offset
     */
    public int venueOrderIdOffset(final int slot) {
        return slot * VENUE_ID_LENGTH;
    }

    /**
     * Ids the venue gave.
     *
     * @return buffer for {@link #venueOrderIdOffset}
     */
    public UnsafeBuffer venueOrderIds() {
        return venueOrderIds;
    }

    /**
     * Stores the venue's own order id unless it is blank.
     *
     * @param slot   order
     * @param buffer with the id
     * @param offset of it
     */
    public void putVenueOrderId(final int slot, final DirectBuffer buffer, final int offset) {
        if (buffer.getByte(offset) != 0) {
            venueOrderIds.putBytes(slot * VENUE_ID_LENGTH, buffer, offset, VENUE_ID_LENGTH);
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("orders", 1);
        final int saved = image.extent(capacity());
        open = image.value(open);
        highWater = image.value(highWater);
        free = image.value(free);
        oldestClosed = image.value(oldestClosed);
        newestClosed = image.value(newestClosed);
        image.first(orderId, highWater);
        image.first(session, highWater);
        image.first(tenant, highWater);
        image.first(account, highWater);
        image.first(instrument, highWater);
        image.first(venueId, highWater);
        image.first(state, highWater);
        image.first(finalStatus, highWater);
        image.first(acknowledged, highWater);
        image.first(sentCharged, highWater);
        image.first(countedAtVenue, highWater);
        image.first(side, highWater);
        image.first(ordType, highWater);
        image.first(timeInForce, highWater);
        image.first(execInst, highWater);
        image.first(selfTradePrevention, highWater);
        image.first(strategyId, highWater);
        image.first(refMsgSeqNum, highWater);
        image.first(orderQty, highWater);
        image.first(price, highWater);
        image.first(stopPx, highWater);
        image.first(cashQty, highWater);
        image.first(expireNs, highWater);
        image.first(receivedNs, highWater);
        image.first(queueDeadlineNs, highWater);
        image.first(dispatchedNs, highWater);
        image.first(cumQty, highWater);
        image.first(valueHigh, highWater);
        image.first(valueLow, highWater);
        image.first(fills, highWater);
        image.first(reserveMicros, highWater);
        image.first(reason, highWater);
        image.first(clOrdEntry, highWater);
        image.first(firstIdLow, highWater);
        image.first(venueIdLow, highWater);
        image.first(batchIdLow, highWater);
        image.first(cancelPhase, highWater);
        image.first(cancelByClient, highWater);
        image.first(cancelIdLow, highWater);
        image.first(cancelSeqNum, highWater);
        image.first(replacePhase, highWater);
        image.first(replaceIdLow, highWater);
        image.first(replaceSeqNum, highWater);
        image.first(newQty, highWater);
        image.first(newPrice, highWater);
        image.first(newStopPx, highWater);
        image.first(newTimeInForce, highWater);
        image.first(askingSinceNs, highWater);
        image.first(askedNs, highWater);
        image.first(asks, highWater);
        image.first(queueNext, highWater);
        image.first(queuePrevious, highWater);
        image.first(inQueue, highWater);
        image.first(laneNext, highWater);
        image.first(lanePrevious, highWater);
        image.first(inLane, highWater);
        image.first(link, highWater);
        image.first(ids, highWater * IDS * ClOrdIdTable.LENGTH);
        image.first(venueOrderIds, highWater * VENUE_ID_LENGTH);
        image.map(slotByOrderId);
        image.map(slotByVenueId);
        if (image.loading() && highWater == saved && saved < capacity()) {
            appendFree(saved);
        }
    }

    /** Slots that a larger book has beyond the saved one are taken after all that were free in it. */
    private void appendFree(final int firstNew) {
        if (free < 0) {
            free = firstNew;
            return;
        }
        int slot = free;
        while (link[slot] >= 0) {
            slot = link[slot];
        }
        link[slot] = firstNew;
    }
}
