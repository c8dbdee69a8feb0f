package weir.engine.book;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.snapshot.StateImage;

/**
 * Every ClOrdID(11) used in the session day, in full (36 bytes), with the order it stands for and, once that order's
 * slot is gone, its final state. Chained hashing over an arena of entries, so that an entry keeps its place; entries of
 * a session form a list in order of use, so that the day's end takes them out in bounded slices.
 */
public final class ClOrdIdTable {
    /** Bytes of a ClOrdID(11). */
    public static final int LENGTH = 36;
    /** No entry. */
    public static final int NONE = -1;
    /** {@link #add}: the session used up its share. */
    public static final int FULL = -2;
    private static final int KEY_LONGS = 5;

    /** Order id the entry stands for; 0 = none (refused, or a mass cancel). */
    public final long[] orderId;
    /** Order slot, -1 when the order has none any more. */
    public final int[] orderSlot;
    /** Entry of the same order's previous ClOrdID, -1 = none. */
    public final int[] previous;
    /** Final state: OrderQty(38). */
    public final long[] orderQty;
    /** Final state: CumQty(14). */
    public final long[] cumQty;
    /** Final state: AvgPx(6). */
    public final long[] avgPx;
    /** Final state: instrument slot, -1 = unknown. */
    public final int[] instrument;
    /** Final state: reason. */
    public final short[] reason;
    /** Final state: OrdStatus(39). */
    public final byte[] ordStatus;
    /** Final state: Side(54). */
    public final byte[] side;
    /** Final state: OrdType(40). */
    public final byte[] ordType;
    /** Final state: TimeInForce(59). */
    public final byte[] timeInForce;
    private final UnsafeBuffer keys;
    private final int[] day;
    private final int[] next;
    private final int[] newer;
    private final int[] older;
    private final int[] bucketHead;
    private final int[] oldestOfSession;
    private final int[] newestOfSession;
    private final int[] usedOfSession;
    private final int mask;
    private final int perSession;
    private int free;
    private int size;
    private int highWater;

    /**
     * Makes an empty table.
     *
     * @param capacity   entries of all sessions
     * @param sessions   session slots
     * @param perSession most entries of one session in one session day
     */
    public ClOrdIdTable(final int capacity, final int sessions, final int perSession) {
        orderId = new long[capacity];
        orderSlot = new int[capacity];
        previous = new int[capacity];
        orderQty = new long[capacity];
        cumQty = new long[capacity];
        avgPx = new long[capacity];
        instrument = new int[capacity];
        reason = new short[capacity];
        ordStatus = new byte[capacity];
        side = new byte[capacity];
        ordType = new byte[capacity];
        timeInForce = new byte[capacity];
        keys = new UnsafeBuffer(new byte[capacity * KEY_LONGS * 8]);
        day = new int[capacity];
        next = new int[capacity];
        newer = new int[capacity];
        older = new int[capacity];
        bucketHead = new int[buckets(capacity)];
        mask = bucketHead.length - 1;
        oldestOfSession = new int[sessions];
        newestOfSession = new int[sessions];
        usedOfSession = new int[sessions];
        this.perSession = perSession;
        java.util.Arrays.fill(bucketHead, NONE);
        java.util.Arrays.fill(oldestOfSession, NONE);
        java.util.Arrays.fill(newestOfSession, NONE);
        for (int i = 0; i < capacity; i++) {
            next[i] = i + 1 < capacity ? i + 1 : NONE;
        }
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
        int entry = bucketHead[bucket(k0, k1, k2, k3, k4)];
        while (entry != NONE) {
            final int key = entry * KEY_LONGS * 8;
            if (keys.getLong(key) == k0 && keys.getLong(key + 8) == k1 && keys.getLong(key + 16) == k2
                && keys.getLong(key + 24) == k3 && keys.getLong(key + 32) == k4) {
                return entry;
            }
            entry = next[entry];
        }
        return NONE;
    }

    /**
     * Is there room for one more of a session?
     *
     * @param session session slot
     * @return false when {@link #add} would answer {@link #FULL}
     */
    public boolean hasRoom(final int session) {
        return free != NONE && usedOfSession[session] < perSession;
    }

    /**
     * Adds a ClOrdID that {@link #find} does not find.
     *
     * @param session    session slot
     * @param sessionDay day of the session
     * @param buffer     with the id
     * @param offset     of it
     * @return entry, or {@link #FULL}
     */
    public int add(final int session, final int sessionDay, final DirectBuffer buffer, final int offset) {
        if (!hasRoom(session)) {
            return FULL;
        }
        final int entry = free;
        free = next[entry];
        highWater = Math.max(highWater, entry + 1);
        final int key = entry * KEY_LONGS * 8;
        keys.putBytes(key, buffer, offset, LENGTH);
        keys.putInt(key + LENGTH, session);
        final int bucket = bucketOf(entry);
        next[entry] = bucketHead[bucket];
        bucketHead[bucket] = entry;
        orderId[entry] = 0;
        orderSlot[entry] = NONE;
        previous[entry] = NONE;
        orderQty[entry] = 0;
        cumQty[entry] = 0;
        avgPx[entry] = 0;
        instrument[entry] = NONE;
        reason[entry] = 0;
        ordStatus[entry] = 0;
        side[entry] = 0;
        ordType[entry] = 0;
        timeInForce[entry] = 0;
        append(session, entry, sessionDay);
        usedOfSession[session]++;
        size++;
        return entry;
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
        return day[entry];
    }

    /**
     * Session of an entry.
     *
     * @param entry entry
     * @return session slot
     */
    public int sessionOf(final int entry) {
        return keys.getInt(entry * KEY_LONGS * 8 + LENGTH);
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
        final int bucket = bucketOf(entry);
        if (bucketHead[bucket] == entry) {
            bucketHead[bucket] = next[entry];
        } else {
            int i = bucketHead[bucket];
            while (next[i] != entry) {
                i = next[i];
            }
            next[i] = next[entry];
        }
        unlink(sessionOf(entry), entry);
        orderId[entry] = 0;
        orderSlot[entry] = NONE;
        next[entry] = free;
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

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("cl-ord-ids", 1);
        final int saved = image.extent(next.length);
        size = image.value(size);
        free = image.value(free);
        highWater = image.value(highWater);
        image.first(orderId, highWater);
        image.first(orderSlot, highWater);
        image.first(previous, highWater);
        image.first(orderQty, highWater);
        image.first(cumQty, highWater);
        image.first(avgPx, highWater);
        image.first(instrument, highWater);
        image.first(reason, highWater);
        image.first(ordStatus, highWater);
        image.first(side, highWater);
        image.first(ordType, highWater);
        image.first(timeInForce, highWater);
        image.first(day, highWater);
        image.first(next, highWater);
        image.first(newer, highWater);
        image.first(older, highWater);
        image.first(keys, highWater * KEY_LONGS * Long.BYTES);
        image.column(oldestOfSession, 0, oldestOfSession.length, NONE);
        image.column(newestOfSession, 0, newestOfSession.length, NONE);
        image.column(usedOfSession);
        final int[] heads = saved == next.length ? bucketHead : new int[buckets(saved)];
        image.column(heads, 0, heads.length, NONE);
        if (image.loading() && saved < next.length) {
            refile(saved);
        }
    }

    private static int buckets(final int capacity) {
        return Integer.highestOneBit(Math.max(4, capacity * 2 - 1));
    }

    /** Files the entries of a smaller table; what this one has beyond it is taken after all that were free in it. */
    private void refile(final int firstNew) {
        final java.util.BitSet unused = new java.util.BitSet(firstNew);
        int last = NONE;
        for (int entry = free; entry != NONE && entry < highWater; entry = next[entry]) {
            unused.set(entry);
            last = entry;
        }
        if (highWater == firstNew) {
            if (last == NONE) {
                free = firstNew;
            } else {
                next[last] = firstNew;
            }
        }
        for (int entry = 0; entry < highWater; entry++) {
            if (!unused.get(entry)) {
                final int bucket = bucketOf(entry);
                next[entry] = bucketHead[bucket];
                bucketHead[bucket] = entry;
            }
        }
    }

    private void append(final int session, final int entry, final int sessionDay) {
        day[entry] = sessionDay;
        newer[entry] = NONE;
        older[entry] = newestOfSession[session];
        if (newestOfSession[session] == NONE) {
            oldestOfSession[session] = entry;
        } else {
            newer[newestOfSession[session]] = entry;
        }
        newestOfSession[session] = entry;
    }

    private void unlink(final int session, final int entry) {
        if (older[entry] == NONE) {
            oldestOfSession[session] = newer[entry];
        } else {
            newer[older[entry]] = newer[entry];
        }
        if (newer[entry] == NONE) {
            newestOfSession[session] = older[entry];
        } else {
            older[newer[entry]] = older[entry];
        }
    }

    private int bucketOf(final int entry) {
        final int key = entry * KEY_LONGS * 8;
        return bucket(keys.getLong(key), keys.getLong(key + 8), keys.getLong(key + 16), keys.getLong(key + 24),
            keys.getLong(key + 32));
    }

    private int bucket(final long k0, final long k1, final long k2, final long k3, final long k4) {
        long h = k0 * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 29 ^ k1) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 31 ^ k2) * 0x94D049BB133111EBL;
        h = (h ^ h >>> 29 ^ k3) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 31 ^ k4) * 0xBF58476D1CE4E5B9L;
        return (int) (h >>> 32) & mask;
    }
}
