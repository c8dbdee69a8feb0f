package weir.engine.book;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.engine.snapshot.StateImage;
import weir.protocol.HeapBuffer;

/**
 * Every ClOrdID(11) used in the session day, in full (36 bytes), with the order it stands for and, once that order's
 * slot is gone, its final state. Chained hashing over an arena of entries, so that an entry keeps its place; entries of
 * a session form a list in order of use, so that the day's end takes them out in bounded slices. An entry is two rows
 * of a cache line: what finding it needs, and the rest. Ids that differ in their last character alone, as counted ids
 * do, share a line of buckets, and cost one miss together. A link to an entry holds a few bits of its id's hash and
 * whether more entries follow it, so that an id that is not there is mostly told by its bucket alone.
 * <p>
 * The first ids of each session, a share, have room that is kept for them, up to half of the table; what a session has
 * beyond its share is in the rest, whose comes first. So a session alone can use nearly all, and none can use up all.
 * <pre>
 * keys   0 ClOrdID  36 session  40 orderId  48 orderSlot  52 link to the next of the bucket  56 day  60 unused
 * rest   0 newer  4 older  8 previous  12 instrument  16 OrderQty  24 CumQty  32 AvgPx  40 reason  42 39, 54, 40, 59
 * link   25 bits entry  6 bits of the hash  1 bit more follow; -1 = none
 * </pre>
 */
public final class ClOrdIdTable {
    /** Bytes of a ClOrdID(11). */
    public static final int LENGTH = 36;
    /** No entry. */
    public static final int NONE = -1;
    /** {@link #add}: the session used up its share. */
    public static final int FULL = -2;
    private static final int SHARE_MAX = 4_096;
    private static final int SHARE_PART = 64;
    private static final int ROW = 64;
    private static final int ENTRY_MAX = Integer.MAX_VALUE / ROW;
    private static final int LINE_OF_BUCKETS = 15;
    /** Bits of a link. */
    private static final int HASH_SHIFT = 25;
    private static final int HASH_BITS = 0x3F << HASH_SHIFT;
    private static final int MORE = 1 << 31;
    private static final int SESSION = 36;
    private static final int ORDER_ID = 40;
    private static final int ORDER_SLOT = 48;
    private static final int NEXT = 52;
    private static final int DAY = 56;
    private static final int NEWER = 0;
    private static final int OLDER = 4;
    private static final int PREVIOUS = 8;
    private static final int INSTRUMENT = 12;
    private static final int ORDER_QTY = 16;
    private static final int CUM_QTY = 24;
    private static final int AVG_PX = 32;
    private static final int REASON = 40;
    private static final int ORD_STATUS = 42;
    private static final int SIDE = 43;
    private static final int ORD_TYPE = 44;
    private static final int TIME_IN_FORCE = 45;

    private final HeapBuffer keys;
    private final HeapBuffer rest;
    private final int[] bucketHead;
    private final int[] oldestOfSession;
    private final int[] newestOfSession;
    private final int[] usedOfSession;
    private final int[] sizeOfSession;
    private final int capacity;
    private final int mask;
    private final int perSession;
    private final int share;
    private int free;
    private int size;
    private int sharesUsed;
    private int highWater;
    /** The id that was asked for last, with its session, and what {@link #place} says of it. */
    private long asked0;
    private long asked1;
    private long asked2;
    private long asked3;
    private long asked4;
    private long askedPlace;

    /**
     * Makes an empty table.
     *
     * @param capacity   entries of all sessions
     * @param sessions   session slots
     * @param perSession most entries of one session in one session day
     */
    public ClOrdIdTable(final int capacity, final int sessions, final int perSession) {
        this.capacity = capacity;
        keys = new HeapBuffer(Math.multiplyExact(capacity, ROW));
        rest = new HeapBuffer(Math.multiplyExact(capacity, ROW));
        bucketHead = new int[buckets(capacity)];
        mask = bucketHead.length - 1;
        oldestOfSession = new int[sessions];
        newestOfSession = new int[sessions];
        usedOfSession = new int[sessions];
        sizeOfSession = new int[sessions];
        share = Math.max(capacity / 2 / sessions, Math.min(SHARE_MAX, capacity / SHARE_PART));
        this.perSession = perSession;
        java.util.Arrays.fill(bucketHead, NONE);
        java.util.Arrays.fill(oldestOfSession, NONE);
        java.util.Arrays.fill(newestOfSession, NONE);
        askedPlace = place(0, 0, 0, 0, 0);
        free = capacity > 0 ? 0 : NONE;
        for (int i = 0; i < capacity; i++) {
            next(i, i + 1 < capacity ? i + 1 : NONE);
        }
    }

    /**
     * Copies an id.
     *
     * @param to     where to
     * @param at     offset there
     * @param from   with the id
     * @param offset of it
     */
    public static void copy(final MutableDirectBuffer to, final int at, final DirectBuffer from, final int offset) {
        to.putLong(at, from.getLong(offset));
        to.putLong(at + 8, from.getLong(offset + 8));
        to.putLong(at + 16, from.getLong(offset + 16));
        to.putLong(at + 24, from.getLong(offset + 24));
        to.putInt(at + 32, from.getInt(offset + 32));
    }

    /**
     * Entry of a ClOrdID.
     *
     * @param session session slot
     * @param buffer  with the id, padded with zeros
     * @param offset  of it
     * @return entry, or {@link #NONE}
     */
    public int find(final int session, final DirectBuffer buffer, final int offset) {
        final long k0 = buffer.getLong(offset);
        final long k1 = buffer.getLong(offset + 8);
        final long k2 = buffer.getLong(offset + 16);
        final long k3 = buffer.getLong(offset + 24);
        final long k4 = buffer.getInt(offset + 32) & 0xFFFF_FFFFL | (long) session << 32;
        final long place = placeOf(k0, k1, k2, k3, k4);
        int link = bucketHead[bucket(place)];
        while (link != NONE) {
            if (((link ^ hash(place)) & HASH_BITS) == 0) {
                final int key = row(link);
                if (keys.getLong(key) == k0 && keys.getLong(key + 8) == k1 && keys.getLong(key + 16) == k2
                    && keys.getLong(key + 24) == k3 && keys.getLong(key + 32) == k4) {
                    return entry(link);
                }
            }
            if ((link & MORE) == 0) {
                return NONE;
            }
            link = next(entry(link));
        }
        return NONE;
    }

    /**
     * Reads a little of the cache lines of an entry: see {@code LookAhead}.
     *
     * @param entry entry
     * @return of no meaning
     */
    public long touch(final int entry) {
        return entry < 0 ? 0 : keys.getLong(row(entry)) + keys.getInt(row(entry) + DAY) + rest.getLong(row(entry));
    }

    /**
     * As {@link #touch}, of the entries that {@link #add} is to write.
     *
     * @param session session slot
     * @return of no meaning
     */
    public long touchNext(final int session) {
        return touch(free) + touch(newestOfSession[session]);
    }

    /**
     * As {@link #touch}, of the bucket that {@link #remove} is to read.
     *
     * @param entry entry
     * @return of no meaning
     */
    public long touchBucket(final int entry) {
        return bucketHead[bucket(placeOf(entry))];
    }

    /**
     * As {@link #touch}, of the bucket that {@link #find} is to read.
     *
     * @param session session slot
     * @param buffer  with the id, padded with zeros
     * @param offset  of it
     * @return of no meaning
     */
    public long touchBucket(final int session, final DirectBuffer buffer, final int offset) {
        return bucketHead[bucket(placeOf(buffer.getLong(offset), buffer.getLong(offset + 8),
            buffer.getLong(offset + 16), buffer.getLong(offset + 24),
            buffer.getInt(offset + 32) & 0xFFFF_FFFFL | (long) session << 32))];
    }

    /**
     * Entry of the same session that came next.
     *
     * @param entry entry
     * @return entry or {@link #NONE}
     */
    public int newerThan(final int entry) {
        return newer(entry);
    }

    /**
     * Is there room for one more of a session?
     *
     * @param session session slot
     * @param sharers sessions that have a share; 0 = nothing is shared out
     * @return false when {@link #add} would answer {@link #FULL}
     */
    public boolean hasRoom(final int session, final int sharers) {
        return free != NONE && usedOfSession[session] < perSession
            && (sizeOfSession[session] < share || size - sharesUsed < capacity - kept(sharers));
    }

    /**
     * Adds a ClOrdID that {@link #find} does not find.
     *
     * @param session    session slot
     * @param sessionDay day of the session
     * @param buffer     with the id
     * @param offset     of it
     * @param sharers    sessions that have a share; 0 = nothing is shared out
     * @return entry, or {@link #FULL}
     */
    public int add(final int session, final int sessionDay, final DirectBuffer buffer, final int offset,
        final int sharers) {
        return hasRoom(session, sharers) ? add(session, sessionDay, buffer, offset) : FULL;
    }

    /**
     * Adds a ClOrdID that {@link #find} does not find, once {@link #hasRoom} said that there is room.
     *
     * @param session    session slot
     * @param sessionDay day of the session
     * @param buffer     with the id
     * @param offset     of it
     * @return entry
     */
    public int add(final int session, final int sessionDay, final DirectBuffer buffer, final int offset) {
        final int entry = free;
        if (entry == NONE) {
            throw new IllegalStateException("an id is added without room");
        }
        free = next(entry);
        highWater = Math.max(highWater, entry + 1);
        final int key = row(entry);
        final long k0 = buffer.getLong(offset);
        final long k1 = buffer.getLong(offset + 8);
        final long k2 = buffer.getLong(offset + 16);
        final long k3 = buffer.getLong(offset + 24);
        final long k4 = buffer.getInt(offset + 32) & 0xFFFF_FFFFL | (long) session << 32;
        keys.putLong(key, k0);
        keys.putLong(key + 8, k1);
        keys.putLong(key + 16, k2);
        keys.putLong(key + 24, k3);
        keys.putLong(key + 32, k4);
        file(entry, placeOf(k0, k1, k2, k3, k4));
        keys.putLong(key + ORDER_ID, 0);
        keys.putInt(key + ORDER_SLOT, NONE);
        rest.putInt(key + PREVIOUS, NONE);
        rest.putInt(key + INSTRUMENT, NONE);
        for (int i = ORDER_QTY; i < ROW; i += Long.BYTES) {
            rest.putLong(key + i, 0);
        }
        append(session, entry, sessionDay);
        usedOfSession[session]++;
        if (sizeOfSession[session]++ < share) {
            sharesUsed++;
        }
        size++;
        return entry;
    }

    /**
     * Copies the ClOrdID of an entry.
     *
     * @param entry entry
     * @param to    where to
     * @param at    offset there
     */
    public void copyId(final int entry, final HeapBuffer to, final int at) {
        final int key = row(entry);
        to.putLong(at, keys.getLong(key));
        to.putLong(at + 8, keys.getLong(key + 8));
        to.putLong(at + 16, keys.getLong(key + 16));
        to.putLong(at + 24, keys.getLong(key + 24));
        to.putInt(at + 32, keys.getInt(key + 32));
    }

    /**
     * Begins a session day: the session has its full share again.
     *
     * @param session session slot
     */
    public void startDay(final int session) {
        usedOfSession[session] = 0;
    }

    /**
     * Oldest entry of a session.
     *
     * @param session session slot
     * @return entry or {@link #NONE}
     */
    public int oldest(final int session) {
        return oldestOfSession[session];
    }

    /**
     * Session day an entry belongs to.
     *
     * @param entry entry
     * @return day
     */
    public int dayOf(final int entry) {
        return day(entry);
    }

    /**
     * Session of an entry.
     *
     * @param entry entry
     * @return session slot
     */
    public int sessionOf(final int entry) {
        return keys.getInt(row(entry) + SESSION);
    }

    /**
     * Carries an entry over to a later day, because its order is still open.
     *
     * @param entry      entry
     * @param sessionDay day
     */
    public void carryOver(final int entry, final int sessionDay) {
        final int session = sessionOf(entry);
        unlink(session, entry);
        append(session, entry, sessionDay);
    }

    /**
     * Takes an entry out.
     *
     * @param entry entry
     */
    public void remove(final int entry) {
        takeOut(entry);
        final int session = sessionOf(entry);
        unlink(session, entry);
        if (--sizeOfSession[session] < share) {
            sharesUsed--;
        }
        orderId(entry, 0);
        orderSlot(entry, NONE);
        next(entry, free);
        free = entry;
        size--;
    }

    /**
     * Number of entries.
     *
     * @return count
     */
    public int size() {
        return size;
    }

    /** Order id the entry stands for; 0 = none (refused, or a mass cancel). */
    public long orderId(final int entry) {
        return keys.getLong(row(entry) + ORDER_ID);
    }

    /** Order id the entry stands for; 0 = none (refused, or a mass cancel). */
    public void orderId(final int entry, final long value) {
        keys.putLong(row(entry) + ORDER_ID, value);
    }

    /** Order slot, -1 when the order has none any more. */
    public int orderSlot(final int entry) {
        return keys.getInt(row(entry) + ORDER_SLOT);
    }

    /** Order slot, -1 when the order has none any more. */
    public void orderSlot(final int entry, final int value) {
        keys.putInt(row(entry) + ORDER_SLOT, value);
    }

    /** Entry of the same order's previous ClOrdID, -1 = none. */
    public int previous(final int entry) {
        return rest.getInt(row(entry) + PREVIOUS);
    }

    /** Entry of the same order's previous ClOrdID, -1 = none. */
    public void previous(final int entry, final int value) {
        rest.putInt(row(entry) + PREVIOUS, value);
    }

    /** Final state: OrderQty(38). */
    public long orderQty(final int entry) {
        return rest.getLong(row(entry) + ORDER_QTY);
    }

    /** Final state: OrderQty(38). */
    public void orderQty(final int entry, final long value) {
        rest.putLong(row(entry) + ORDER_QTY, value);
    }

    /** Final state: CumQty(14). */
    public long cumQty(final int entry) {
        return rest.getLong(row(entry) + CUM_QTY);
    }

    /** Final state: CumQty(14). */
    public void cumQty(final int entry, final long value) {
        rest.putLong(row(entry) + CUM_QTY, value);
    }

    /** Final state: AvgPx(6). */
    public long avgPx(final int entry) {
        return rest.getLong(row(entry) + AVG_PX);
    }

    /** Final state: AvgPx(6). */
    public void avgPx(final int entry, final long value) {
        rest.putLong(row(entry) + AVG_PX, value);
    }

    /** Final state: instrument slot, -1 = unknown. */
    public int instrument(final int entry) {
        return rest.getInt(row(entry) + INSTRUMENT);
    }

    /** Final state: instrument slot, -1 = unknown. */
    public void instrument(final int entry, final int value) {
        rest.putInt(row(entry) + INSTRUMENT, value);
    }

    /** Final state: reason. */
    public short reason(final int entry) {
        return rest.getShort(row(entry) + REASON);
    }

    /** Final state: reason. */
    public void reason(final int entry, final int value) {
        rest.putShort(row(entry) + REASON, (short) value);
    }

    /** Final state: OrdStatus(39). */
    public byte ordStatus(final int entry) {
        return rest.getByte(row(entry) + ORD_STATUS);
    }

    /** Final state: OrdStatus(39). */
    public void ordStatus(final int entry, final int value) {
        rest.putByte(row(entry) + ORD_STATUS, (byte) value);
    }

    /** Final state: Side(54). */
    public byte side(final int entry) {
        return rest.getByte(row(entry) + SIDE);
    }

    /** Final state: Side(54). */
    public void side(final int entry, final int value) {
        rest.putByte(row(entry) + SIDE, (byte) value);
    }

    /** Final state: OrdType(40). */
    public byte ordType(final int entry) {
        return rest.getByte(row(entry) + ORD_TYPE);
    }

    /** Final state: OrdType(40). */
    public void ordType(final int entry, final int value) {
        rest.putByte(row(entry) + ORD_TYPE, (byte) value);
    }

    /** Final state: TimeInForce(59). */
    public byte timeInForce(final int entry) {
        return rest.getByte(row(entry) + TIME_IN_FORCE);
    }

    /** Final state: TimeInForce(59). */
    public void timeInForce(final int entry, final int value) {
        rest.putByte(row(entry) + TIME_IN_FORCE, (byte) value);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("cl-ord-ids", 4);
        final int saved = image.extent(capacity);
        size = image.value(size);
        free = image.value(free);
        highWater = image.value(highWater);
        image.first(keys, highWater * ROW);
        image.first(rest, highWater * ROW);
        image.column(oldestOfSession, 0, oldestOfSession.length, NONE);
        image.column(newestOfSession, 0, newestOfSession.length, NONE);
        image.column(usedOfSession);
        image.column(sizeOfSession);
        final int[] heads = saved == capacity ? bucketHead : new int[buckets(saved)];
        image.column(heads, 0, heads.length, NONE);
        if (image.loading() && saved < capacity) {
            refile(saved);
        }
        if (image.loading()) {
            sharesUsed = 0;
            for (final int entries : sizeOfSession) {
                sharesUsed += Math.min(entries, share);
            }
        }
    }

    private int kept(final int sharers) {
        return (int) Math.min(capacity / 2, (long) share * sharers);
    }

    private static int buckets(final int capacity) {
        return Integer.highestOneBit(Math.max(16, capacity * 2 - 1));
    }

    /** Files the entries of a smaller table; what this one has beyond it is taken after all that were free in it. */
    private void refile(final int firstNew) {
        final java.util.BitSet unused = new java.util.BitSet(firstNew);
        int last = NONE;
        for (int entry = free; entry != NONE && entry < highWater; entry = next(entry)) {
            unused.set(entry);
            last = entry;
        }
        if (highWater == firstNew) {
            if (last == NONE) {
                free = firstNew;
            } else {
                next(last, firstNew);
            }
        }
        for (int entry = 0; entry < highWater; entry++) {
            if (!unused.get(entry)) {
                file(entry, placeOf(entry));
            }
        }
    }

    private void append(final int session, final int entry, final int sessionDay) {
        day(entry, sessionDay);
        newer(entry, NONE);
        older(entry, newestOfSession[session]);
        if (newestOfSession[session] == NONE) {
            oldestOfSession[session] = entry;
        } else {
            newer(newestOfSession[session], entry);
        }
        newestOfSession[session] = entry;
    }

    private void unlink(final int session, final int entry) {
        if (older(entry) == NONE) {
            oldestOfSession[session] = newer(entry);
        } else {
            newer(older(entry), newer(entry));
        }
        if (newer(entry) == NONE) {
            newestOfSession[session] = older(entry);
        } else {
            older(newer(entry), older(entry));
        }
    }

    private void file(final int entry, final long place) {
        final int bucket = bucket(place);
        final int head = bucketHead[bucket];
        next(entry, head);
        bucketHead[bucket] = entry | hash(place) | (head == NONE ? 0 : MORE);
    }

    private void takeOut(final int entry) {
        final int bucket = bucket(placeOf(entry));
        final int next = next(entry);
        final int head = bucketHead[bucket];
        if (entry(head) == entry) {
            bucketHead[bucket] = next;
            return;
        }
        int before = NONE;
        int link = head;
        while (entry(next(entry(link))) != entry) {
            before = entry(link);
            link = next(before);
        }
        next(entry(link), next);
        if (next == NONE) {
            if (before == NONE) {
                bucketHead[bucket] = link & ~MORE;
            } else {
                next(before, link & ~MORE);
            }
        }
    }

    private long placeOf(final int entry) {
        final int key = row(entry);
        return place(keys.getLong(key), keys.getLong(key + 8), keys.getLong(key + 16), keys.getLong(key + 24),
            keys.getLong(key + 32));
    }

    /** Place of an id; what is asked for is mostly added next. */
    private long placeOf(final long k0, final long k1, final long k2, final long k3, final long k4) {
        if (k0 != asked0 || k1 != asked1 || k2 != asked2 || k3 != asked3 || k4 != asked4) {
            askedPlace = place(k0, k1, k2, k3, k4);
            asked0 = k0;
            asked1 = k1;
            asked2 = k2;
            asked3 = k3;
            asked4 = k4;
        }
        return askedPlace;
    }

    private static int bucket(final long place) {
        return (int) place;
    }

    private static int hash(final long place) {
        return (int) (place >>> 32);
    }

    private static int entry(final int link) {
        return link & ENTRY_MAX;
    }

    /**
     * Bucket of an id, and in the upper half the bits of its hash that are kept in links. The last character chooses
     * the bucket of a line, everything before it the line.
     */
    private long place(final long k0, final long k1, final long k2, final long k3, final long k4) {
        if ((int) k4 != 0) {
            return place(k0, k1, k2, k3, k4 & ~lastByte((int) k4 & 0xFFFF_FFFFL), character((int) k4 & 0xFFFF_FFFFL));
        }
        if (k3 != 0) {
            return place(k0, k1, k2, k3 & ~lastByte(k3), k4, character(k3));
        }
        if (k2 != 0) {
            return place(k0, k1, k2 & ~lastByte(k2), k3, k4, character(k2));
        }
        return k1 != 0 ? place(k0, k1 & ~lastByte(k1), k2, k3, k4, character(k1))
            : place(k0 & ~lastByte(k0), k1, k2, k3, k4, character(k0));
    }

    private static int shiftOfLast(final long word) {
        return 63 - Long.numberOfLeadingZeros(word | 1) & ~7;
    }

    private static long lastByte(final long word) {
        return 0xFFL << shiftOfLast(word);
    }

    /** Digits and the letters that follow them in hexadecimal have a bucket each. */
    private static int character(final long word) {
        final int c = (int) (word >>> shiftOfLast(word)) & 0xFF;
        return c + (c >> 6) * 9 & LINE_OF_BUCKETS;
    }

    private long place(final long k0, final long k1, final long k2, final long k3, final long k4,
        final int character) {
        long h = k0 * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 29 ^ k1) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 31 ^ k2) * 0x94D049BB133111EBL;
        h = (h ^ h >>> 29 ^ k3) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 31 ^ k4) * 0xBF58476D1CE4E5B9L;
        final int bucket = (int) (h >>> 32) & mask & ~LINE_OF_BUCKETS | character;
        return (h >>> 58) << Integer.SIZE + HASH_SHIFT | bucket;
    }

    /** The bound, which every entry is within, tells the compiler that no field's offset overflows. */
    private static int row(final int entry) {
        return (entry & ENTRY_MAX) * ROW;
    }

    private int day(final int entry) {
        return keys.getInt(row(entry) + DAY);
    }

    private void day(final int entry, final int value) {
        keys.putInt(row(entry) + DAY, value);
    }

    private int next(final int entry) {
        return keys.getInt(row(entry) + NEXT);
    }

    private void next(final int entry, final int value) {
        keys.putInt(row(entry) + NEXT, value);
    }

    private int newer(final int entry) {
        return rest.getInt(row(entry) + NEWER);
    }

    private void newer(final int entry, final int value) {
        rest.putInt(row(entry) + NEWER, value);
    }

    private int older(final int entry) {
        return rest.getInt(row(entry) + OLDER);
    }

    private void older(final int entry, final int value) {
        rest.putInt(row(entry) + OLDER, value);
    }
}
