package weir.engine.book;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import weir.engine.snapshot.StateImage;
import weir.protocol.HeapBuffer;
import weir.protocol.Scale;

/**
 * Orders in slots: open ones, and the latest closed ones, kept for late fills and questions until their slot is needed.
 * An order is found by its id, and by each id it has or had at the venue; the first of those mostly names the record
 * that opened the order, so that it needs no entry of its own.
 */
public final class OrderBook extends OrderRows {
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
    private static final int HALF_LINE = 32;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long INDEX_MASK = 0x3FFFL << 48;

    private final SequenceIndex slotByOrderId;
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
        super(openCapacity + closedRetained);
        final int n = capacity();
        this.openCapacity = openCapacity;
        slotByOrderId = new SequenceIndex(this);
        slotByVenueId = new Long2LongHashMap(8 * n, 0.6f, -1);
        for (int i = 0; i < n; i++) {
            link(i, i + 1 < n ? i + 1 : -1);
        }
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
        oldestClosed = link(slot);
        if (oldestClosed < 0) {
            newestClosed = -1;
        }
        slotByOrderId.remove(slot);
        if ((marks(slot) & HAS_IDS_FILED) != 0) {
            forget(slot, firstIdLow(slot));
            forget(slot, venueIdLow(slot));
            forget(slot, cancelIdLow(slot));
            forget(slot, replaceIdLow(slot));
        }
        state(slot, FREE);
        link(slot, free);
        free = slot;
    }

    /**
     * Reads a little of the cache lines that an event of an order needs: see {@code LookAhead}.
     *
     * @param slot order
     * @return of no meaning
     */
    public long touch(final int slot) {
        final int row = row(slot);
        return rows.getLong(row) + rows.getLong(row + LINE) + rows.getLong(row + 2 * LINE)
            + rows.getLong(row + 3 * LINE) + rows.getLong(row + 4 * LINE);
    }

    /**
     * As {@link #touch}, of the index, for a slot that {@link #evict} is to empty.
     *
     * @param slot as {@link #evictee()} named it
     * @return of no meaning
     */
    public long touchEvictee(final int slot) {
        return slotByOrderId.touch(orderId(slot), slot);
    }

    /**
     * Slot of an order before its id is compared: see {@code LookAhead}.
     *
     * @param id order id
     * @return slot of an order, mostly of that one; -1 when there is none
     */
    public int likelySlotOf(final long id) {
        return slotByOrderId.likely(id);
    }

    /**
     * Claims a slot for a new order and blanks it.
     *
     * @param id order id
     * @return slot
     */
    public int claim(final long id) {
        final int slot = free;
        free = link(slot);
        highWater = Math.max(highWater, slot + 1);
        open++;
        final boolean wasBlank = (marks(slot) & COLD_IS_BLANK) != 0;
        final int row = row(slot);
        blankHalfLine(row + STATE);
        blankHalfLine(row + LINE);
        blankHalfLine(row + LINE + HALF_LINE);
        blankHalfLine(row + 2 * LINE);
        blankHalfLine(row + 2 * LINE + HALF_LINE);
        rows.putInt(row + VENUE_ORDER_ID, 0);
        blankHalfLine(row + VENUE_ORDER_ID + Integer.BYTES);
        blankHalfLine(row + REQUESTS);
        rows.putLong(row + REQUESTS + HALF_LINE, 0);
        rows.putLong(row + REQUESTS_END - 16, 0);
        rows.putLong(row + REQUESTS_END - 8, 0);
        if (!wasBlank) {
            newQty(slot, Scale.NULL);
            newPrice(slot, Scale.NULL);
            newStopPx(slot, Scale.NULL);
            blank(row + COLD_IDS, row + STRIDE);
        }
        rows.putByte(row + MARKS, COLD_IS_BLANK);
        orderId(slot, id);
        clOrdEntry(slot, -1);
        slotByOrderId.put(slot);
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
        state(slot, FINAL);
        finalStatus(slot, status);
        reason(slot, (short) code);
        open--;
        link(slot, -1);
        if (newestClosed >= 0) {
            link(newestClosed, slot);
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
        return slotByOrderId.slotOf(id);
    }

    /**
     * Slot of an order by an id it has or had at the venue.
     *
     * @param idLow low half of the id
     * @return slot, -1 when unknown
     */
    public int slotOfVenueId(final long idLow) {
        if ((idLow & INDEX_MASK) == 0) {
            final int slot = slotByOrderId.slotOf(idLow & SEQUENCE_MASK);
            if (slot >= 0 && firstIdLow(slot) == idLow) {
                return slot;
            }
        }
        return (int) slotByVenueId.get(idLow);
    }

    /**
     * Files an id of an order at the venue. One that is the order's first must be in its row before.
     *
     * @param slot  order
     * @param idLow low half of the id
     */
    public void fileVenueId(final int slot, final long idLow) {
        if (!isItsOwn(slot, idLow)) {
            slotByVenueId.put(idLow, slot);
            rows.putByte(row(slot) + MARKS, (byte) (marks(slot) | HAS_IDS_FILED));
        }
    }

    /**
     * Forgets an id at the venue.
     *
     * @param slot  order
     * @param idLow low half of the id; 0 is ignored
     */
    public void forget(final int slot, final long idLow) {
        if (idLow != 0 && !isItsOwn(slot, idLow)) {
            slotByVenueId.remove(idLow);
        }
    }

    /** Does the id name the record that opened the order, so that the order is found by that? */
    private boolean isItsOwn(final int slot, final long idLow) {
        return (idLow & INDEX_MASK) == 0 && (idLow & SEQUENCE_MASK) == orderId(slot) && firstIdLow(slot) == idLow;
    }

    /**
     * Notes the entry of a ClOrdID that the order has besides those before.
     *
     * @param slot  order
     * @param entry in the ClOrdID table
     */
    public void addClOrdEntry(final int slot, final int entry) {
        if (clOrdEntry(slot) >= 0) {
            touchCold(slot);
        }
        clOrdEntry(slot, entry);
    }

    /**
     * Has the order only had one ClOrdID?
     *
     * @param slot order
     * @return false when it may have had more
     */
    public boolean hasOneClOrdId(final int slot) {
        return (marks(slot) & COLD_IS_BLANK) != 0;
    }

    /**
     * Is the order open?
     *
     * @param slot order
     * @return true when neither free nor final
     */
    public boolean isOpen(final int slot) {
        return state(slot) != FREE && state(slot) != FINAL;
    }

    /**
     * OrdStatus(39) as the client is to see it.
     *
     * @param slot order
     * @return FIX character
     */
    public byte ordStatus(final int slot) {
        if (state(slot) == FINAL) {
            return finalStatus(slot);
        }
        if (cancelPhase(slot) != NONE && cancelByClient(slot)) {
            return '6';
        }
        if (replacePhase(slot) != NONE) {
            return 'E';
        }
        if (cumQty(slot) > 0) {
            return '1';
        }
        return (byte) (acknowledged(slot) ? '0' : 'A');
    }

    /**
     * LeavesQty(151).
     *
     * @param slot order
     * @return OrderQty(38) - CumQty(14), 0 when final or for a cash order
     */
    public long leavesQty(final int slot) {
        return state(slot) == FINAL || orderQty(slot) == Scale.NULL ? 0 : Math.max(0, orderQty(slot) - cumQty(slot));
    }

    /**
     * AvgPx(6) = sum(lastQty * lastPx) / CumQty(14), half up at 1e-8.
     *
     * @param slot order
     * @return E8, 0 before the first fill
     */
    public long avgPx(final int slot) {
        return cumQty(slot) == 0 ? 0 : Wide.divideHalfUp(valueHigh(slot), valueLow(slot), cumQty(slot));
    }

    /**
     * Adds a fill.
     *
     * @param slot order
     * @param qty  LastQty(32), positive
     * @param px   LastPx(31), not negative
     */
    public void fill(final int slot, final long qty, final long px) {
        final long low = valueLow(slot) + qty * px;
        final long carry = Long.compareUnsigned(low, valueLow(slot)) < 0 ? 1 : 0;
        valueHigh(slot, valueHigh(slot) + (Math.multiplyHigh(qty, px) + carry));
        valueLow(slot, low);
        cumQty(slot, cumQty(slot) + qty);
        fills(slot, fills(slot) + 1);
    }

    /**
     * Offset of one of the order's ClOrdIDs in {@link #ids()}.
     *
     * @param slot  order
     * @param which CURRENT, PREVIOUS, CANCEL or REPLACE
     * @return offset
     */
    public int idOffset(final int slot, final int which) {
        return row(slot) + (which == CURRENT ? CURRENT_ID : COLD_IDS + (which - 1) * ClOrdIdTable.LENGTH);
    }

    /**
     * ClOrdIDs of all orders.
     *
     * @return buffer for {@link #idOffset}
     */
    public HeapBuffer ids() {
        return rows;
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
        if (which != CURRENT) {
            touchCold(slot);
        }
        ClOrdIdTable.copy(rows, idOffset(slot, which), buffer, offset);
    }

    /**
     * Stores the ClOrdID in force.
     *
     * @param slot  order
     * @param ids   table with it
     * @param entry its entry there
     */
    public void putId(final int slot, final ClOrdIdTable ids, final int entry) {
        ids.copyId(entry, rows, row(slot) + CURRENT_ID);
    }

    /**
     * Makes the ClOrdID of a request the one in force; the one in force becomes the previous one.
     *
     * @param slot  order
     * @param which CANCEL or REPLACE
     */
    public void promote(final int slot, final int which) {
        touchCold(slot);
        rows.putBytes(idOffset(slot, PREVIOUS), rows, idOffset(slot, CURRENT), ClOrdIdTable.LENGTH);
        rows.putBytes(idOffset(slot, CURRENT), rows, idOffset(slot, which), ClOrdIdTable.LENGTH);
    }

    /**
     * Offset of the venue's own order id in {@link #venueOrderIds()}.
     *
     * @param slot order
     * @return offset
     */
    public int venueOrderIdOffset(final int slot) {
        return row(slot) + VENUE_ORDER_ID;
    }

    /**
     * Ids the venue gave.
     *
     * @return buffer for {@link #venueOrderIdOffset}
     */
    public HeapBuffer venueOrderIds() {
        return rows;
    }

    /**
     * Stores the venue's own order id unless it is blank.
     *
     * @param slot   order
     * @param buffer with the id
     * @param offset of it
     * @return true when it was another before
     */
    public boolean putVenueOrderId(final int slot, final DirectBuffer buffer, final int offset) {
        final int at = row(slot) + VENUE_ORDER_ID;
        if (buffer.getByte(offset) == 0) {
            return false;
        }
        final long w0 = buffer.getLong(offset);
        final long w1 = buffer.getLong(offset + 8);
        final long w2 = buffer.getLong(offset + 16);
        final long w3 = buffer.getLong(offset + 24);
        final int w4 = buffer.getInt(offset + 32);
        if (rows.getLong(at) == w0 && rows.getLong(at + 8) == w1 && rows.getLong(at + 16) == w2
            && rows.getLong(at + 24) == w3 && rows.getInt(at + 32) == w4) {
            return false;
        }
        rows.putLong(at, w0);
        rows.putLong(at + 8, w1);
        rows.putLong(at + 16, w2);
        rows.putLong(at + 24, w3);
        rows.putInt(at + 32, w4);
        return true;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("orders", 2);
        final int saved = image.extent(capacity());
        open = image.value(open);
        highWater = image.value(highWater);
        free = image.value(free);
        oldestClosed = image.value(oldestClosed);
        newestClosed = image.value(newestClosed);
        image.first(rows, highWater * STRIDE);
        image.map(slotByVenueId);
        if (image.loading()) {
            for (int slot = 0; slot < highWater; slot++) {
                if (state(slot) != FREE) {
                    slotByOrderId.put(slot);
                }
            }
            if (highWater == saved && saved < capacity()) {
                appendFree(saved);
            }
        }
    }

    /** Slots that a larger book has beyond the saved one are taken after all that were free in it. */
    private void appendFree(final int firstNew) {
        if (free < 0) {
            free = firstNew;
            return;
        }
        int slot = free;
        while (link(slot) >= 0) {
            slot = link(slot);
        }
        link(slot, firstNew);
    }

    /** Zeros, in words of eight bytes: the range is a few cache lines, where a call to fill it would cost more. */
    private void blank(final int from, final int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            rows.putLong(i, 0);
        }
    }

    private void blankHalfLine(final int at) {
        rows.putLong(at, 0);
        rows.putLong(at + 8, 0);
        rows.putLong(at + 16, 0);
        rows.putLong(at + 24, 0);
    }

    private int link(final int slot) {
        return rows.getInt(row(slot) + LINK);
    }

    private void link(final int slot, final int next) {
        rows.putInt(row(slot) + LINK, next);
    }
}
