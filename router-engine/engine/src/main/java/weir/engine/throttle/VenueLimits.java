package weir.engine.throttle;

import org.agrona.collections.Long2LongHashMap;
import weir.engine.registry.ConfigFrames;
import weir.engine.registry.IdIndex;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.StateImage;

/**
 * Limits of venue contracts. State is kept per limit and account (IP scope: per limit; INSTRUMENT scope: per instrument
 * too). All limits of a message admit it, or none is charged. News leave a reserve for cancels.
 */
public final class VenueLimits {
    /** LimitScope IP. */
    public static final byte SCOPE_IP = 0;
    /** LimitScope INSTRUMENT. */
    public static final byte SCOPE_INSTRUMENT = 4;
    /** LimitShape TOKEN_BUCKET. */
    public static final byte TOKEN_BUCKET = 0;
    /** LimitShape FIXED_WINDOW. */
    public static final byte FIXED_WINDOW = 1;
    /** LimitShape SLIDING_WINDOW. */
    public static final byte SLIDING_WINDOW = 2;
    /** LimitShape CREDIT: a token bucket with costs. */
    public static final byte CREDIT = 3;
    /** LimitShape CONCURRENT. */
    public static final byte CONCURRENT = 4;
    /** VenueMessageKind NEW. */
    public static final int NEW = 0;
    /** VenueMessageKind NEW_BATCH. */
    public static final int NEW_BATCH = 1;
    /** VenueMessageKind CANCEL. */
    public static final int CANCEL = 2;
    /** VenueMessageKind CANCEL_BATCH. */
    public static final int CANCEL_BATCH = 3;
    /** VenueMessageKind REPLACE. */
    public static final int REPLACE = 4;
    /** VenueMessageKind STATUS. */
    public static final int STATUS = 5;
    /** VenueMessageKind OPEN_ORDER. */
    public static final int OPEN_ORDER = 8;
    /** Number of VenueMessageKinds. */
    public static final int KINDS = 9;
    /** Most limits of one venue. */
    public static final int PER_VENUE = 32;
    /** A message never passes. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Limit id to slot. */
    public final IdIndex index;
    /** Venue id. */
    public final int[] venueId;
    /** LimitScope, raw. */
    public final byte[] scope;
    /** LimitShape, raw. */
    public final byte[] shape;
    /** Capacity after the margin. */
    public final long[] effective;
    /** Capacity as the venue documents it. */
    public final long[] capacity;
    /** Window length, ns. */
    public final long[] periodNs;
    /** Tokens per second. */
    public final long[] refillPerSecond;
    /** Part that news leave to cancels. */
    public final long[] cancelReserve;
    /** Configuration in force. */
    public final ConfigFrames frames;
    private final int[] fixedCost;
    private final int[] itemCost;
    private final int[] limitsOfVenue = new int[VenueBook.CAPACITY * PER_VENUE];
    private final int[] countOfVenue = new int[VenueBook.CAPACITY];
    private final Long2LongHashMap stateByKey;
    private final int stateCapacity;
    private final int[] stateLimit;
    private final long[] windowIndex;
    private final long[] windowUsed;
    private final long[] concurrent;
    private final TokenBuckets buckets;
    private final SlidingLogs logs;
    /** States of the venue's limits that the latest {@link #passNs} looked at. */
    private final int[] passed = new int[PER_VENUE];
    private int states;

    /**
     * Makes an empty set.
     *
     * @param limitCapacity most limits
     * @param stateCapacity most pairs of limit and account
     * @param logEntries    send times of all sliding windows
     */
    public VenueLimits(final int limitCapacity, final int stateCapacity, final int logEntries) {
        index = new IdIndex(limitCapacity);
        venueId = new int[limitCapacity];
        scope = new byte[limitCapacity];
        shape = new byte[limitCapacity];
        effective = new long[limitCapacity];
        capacity = new long[limitCapacity];
        periodNs = new long[limitCapacity];
        refillPerSecond = new long[limitCapacity];
        cancelReserve = new long[limitCapacity];
        frames = new ConfigFrames(limitCapacity, 320);
        fixedCost = new int[limitCapacity * KINDS];
        itemCost = new int[limitCapacity * KINDS];
        this.stateCapacity = stateCapacity;
        stateByKey = new Long2LongHashMap(2 * stateCapacity, 0.6f, -1);
        stateLimit = new int[stateCapacity];
        windowIndex = new long[stateCapacity];
        windowUsed = new long[stateCapacity];
        concurrent = new long[stateCapacity];
        buckets = new TokenBuckets(stateCapacity);
        logs = new SlidingLogs(stateCapacity, logEntries);
    }

    /**
     * Whether a sliding window of a capacity can be kept at all: each of its units may be a send time of its own.
     *
     * @param most capacity as documented
     * @return false when the log is smaller
     */
    public boolean canLog(final long most) {
        return logs.fits(most);
    }

    /**
     * Sets a limit; costs follow with {@link #cost}. State in use keeps its usage.
     *
     * @param l           limit slot
     * @param venue       venue id
     * @param limitScope  LimitScope, raw
     * @param limitShape  LimitShape, raw
     * @param most        capacity as documented
     * @param period      window length, ns
     * @param refill      tokens per second
     * @param marginBps   margin, basis points
     * @param reserve     part left to cancels
     * @param nowNs       now
     * @return false when the venue has its most limits
     */
    public boolean configure(final int l, final int venue, final byte limitScope, final byte limitShape,
        final long most, final long period, final long refill, final int marginBps, final long reserve,
        final long nowNs) {
        if (venueId[l] != venue) {
            if (venueId[l] != 0 || countOfVenue[venue] == PER_VENUE) {
                return false;
            }
            limitsOfVenue[venue * PER_VENUE + countOfVenue[venue]++] = l;
        }
        venueId[l] = venue;
        scope[l] = limitScope;
        shape[l] = limitShape;
        capacity[l] = most;
        effective[l] = most / 10_000 * (10_000 - marginBps) + most % 10_000 * (10_000 - marginBps) / 10_000;
        periodNs[l] = period;
        refillPerSecond[l] = refill;
        cancelReserve[l] = reserve;
        for (int k = 0; k < KINDS; k++) {
            fixedCost[l * KINDS + k] = 0;
            itemCost[l * KINDS + k] = 0;
        }
        for (int s = 0; s < states; s++) {
            if (stateLimit[s] == l) {
                fit(s, l, nowNs);
            }
        }
        return true;
    }

    /**
     * Sets the cost of a message kind.
     *
     * @param l     limit slot
     * @param kind  VenueMessageKind, raw
     * @param fixed per message
     * @param item  per order in it
     */
    public void cost(final int l, final int kind, final int fixed, final int item) {
        fixedCost[l * KINDS + kind] = fixed;
        itemCost[l * KINDS + kind] = item;
    }

    /**
     * Cost of a message under one limit.
     *
     * @param l    limit slot
     * @param kind VenueMessageKind, raw
     * @param n    orders in it
     * @return cost; a CONCURRENT limit counts orders that open
     */
    public long costOf(final int l, final int kind, final int n) {
        if (shape[l] == CONCURRENT) {
            return kind == NEW || kind == NEW_BATCH ? costOfOpen(l) * n : 0;
        }
        return fixedCost[l * KINDS + kind] + (long) itemCost[l * KINDS + kind] * n;
    }

    /**
     * Charges a message if all limits admit it.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param kind       VenueMessageKind, raw
     * @param n          orders in it
     * @param nowNs      now
     * @return 0 when charged, else the time at which it would pass, {@link #NEVER} when that is not known
     */
    public long tryCharge(final int venue, final int account, final int instrument, final int kind, final int n,
        final long nowNs) {
        final long pass = passNs(venue, account, instrument, kind, n, nowNs);
        if (pass == 0) {
            chargePassed(venue, kind, n, nowNs);
        }
        return pass;
    }

    /**
     * Charges the message that the latest {@link #passNs(int, int, int, int, int, long)} was asked about and let pass,
     * with nothing charged since.
     *
     * @param venue venue id
     * @param kind  VenueMessageKind, raw
     * @param n     orders in it
     * @param nowNs now
     */
    public void chargePassed(final int venue, final int kind, final int n, final long nowNs) {
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            final long cost = costOf(l, kind, n);
            if (cost > 0) {
                charge(passed[i], l, cost, nowNs);
            }
        }
    }

    /**
     * When would a message pass? Charges nothing.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param kind       VenueMessageKind, raw
     * @param n          orders in it
     * @param nowNs      now
     * @return 0 for now, else epoch ns or {@link #NEVER}
     */
    public long passNs(final int venue, final int account, final int instrument, final int kind, final int n,
        final long nowNs) {
        long latest = 0;
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            final long cost = costOf(l, kind, n);
            if (cost > 0) {
                final int s = state(l, account, instrument, nowNs);
                if (s < 0) {
                    return NEVER;
                }
                passed[i] = s;
                final long reserve = kind == CANCEL || kind == CANCEL_BATCH ? 0 : cancelReserve[l];
                latest = Math.max(latest, passNs(s, l, cost, reserve, nowNs));
            }
        }
        return latest;
    }

    /**
     * The CONCURRENT limit that one more order would break, if any.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param nowNs      now
     * @return limit slot or -1
     */
    public int openOrderCap(final int venue, final int account, final int instrument, final long nowNs) {
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            if (shape[l] == CONCURRENT) {
                final int s = state(l, account, instrument, nowNs);
                if (s < 0 || concurrent[s] + costOfOpen(l) > effective[l]) {
                    return l;
                }
            }
        }
        return -1;
    }

    /**
     * An order that was dispatched is final: CONCURRENT limits have room again.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param nowNs      now
     * @return true when a CONCURRENT limit holds for it
     */
    public boolean onClosed(final int venue, final int account, final int instrument, final long nowNs) {
        boolean any = false;
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            if (shape[l] == CONCURRENT) {
                final int s = state(l, account, instrument, nowNs);
                if (s >= 0) {
                    concurrent[s] = Math.max(0, concurrent[s] - costOfOpen(l));
                }
                any = true;
            }
        }
        return any;
    }

    /**
     * Is one batch of n no dearer under any limit than n single orders, and cheaper under one?
     *
     * @param venue venue id
     * @param n     orders
     * @return true when the batch pays
     */
    public boolean batchPays(final int venue, final int n) {
        return batchPays(venue, NEW_BATCH, NEW, n);
    }

    /**
     * Is one batch of n cancels no dearer under any limit than n single cancels, and cheaper under one?
     *
     * @param venue venue id
     * @param n     cancels
     * @return true when the batch pays
     */
    public boolean cancelBatchPays(final int venue, final int n) {
        return batchPays(venue, CANCEL_BATCH, CANCEL, n);
    }

    private boolean batchPays(final int venue, final int batchKind, final int singleKind, final int n) {
        boolean cheaper = false;
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            final long batch = costOf(l, batchKind, n);
            final long singles = costOf(l, singleKind, 1) * n;
            if (batch > singles) {
                return false;
            }
            cheaper |= batch < singles;
        }
        return cheaper;
    }

    /**
     * Weight of a message for fair sharing: its highest cost under any rate limit, at least 1.
     *
     * @param venue venue id
     * @param kind  VenueMessageKind, raw
     * @param n     orders in it
     * @return weight
     */
    public long weight(final int venue, final int kind, final int n) {
        long most = 1;
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            if (shape[l] != CONCURRENT) {
                most = Math.max(most, costOf(l, kind, n));
            }
        }
        return most;
    }

    /**
     * Raises the usage to what the venue reports.
     *
     * @param l       limit slot
     * @param account account slot
     * @param units   used in the venue's count
     * @param nowNs   now
     * @return true when that changed it
     */
    public boolean onReading(final int l, final int account, final long units, final long nowNs) {
        final int s = state(l, account, 0, nowNs);
        if (s < 0) {
            return false;
        }
        final long ours = used(s, l, nowNs);
        if (units <= ours) {
            return false;
        }
        switch (shape[l]) {
            case FIXED_WINDOW:
                windowUsed[s] = units;
                return true;
            case SLIDING_WINDOW:
                logs.add(s, (int) Math.min(units - ours, Integer.MAX_VALUE), nowNs);
                return true;
            case CONCURRENT:
                return false;
            default:
                return buckets.lowerTo(s, effective[l] - units, nowNs);
        }
    }

    /**
     * Usage of a limit by an account.
     *
     * @param l       limit slot
     * @param account account slot
     * @param nowNs   now
     * @return units in use
     */
    public long used(final int l, final int account, final int instrument, final long nowNs) {
        final long s = stateByKey.get(key(l, account, instrument));
        return s < 0 ? 0 : used((int) s, l, nowNs);
    }

    /**
     * Presets a CONCURRENT count, when the limit is configured while orders are open.
     *
     * @param l          limit slot
     * @param account    account slot
     * @param instrument instrument slot
     * @param nowNs      now
     */
    public void countOpen(final int l, final int account, final int instrument, final long nowNs) {
        final int s = state(l, account, instrument, nowNs);
        if (s >= 0) {
            concurrent[s] += costOfOpen(l);
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("venue-limits", 2);
        index.image(image);
        image.column(venueId);
        image.column(scope);
        image.column(shape);
        image.column(effective);
        image.column(capacity);
        image.column(periodNs);
        image.column(refillPerSecond);
        image.column(cancelReserve);
        image.column(fixedCost);
        image.column(itemCost);
        image.column(limitsOfVenue);
        image.column(countOfVenue);
        states = image.value(states);
        image.map(stateByKey);
        image.column(stateLimit);
        image.column(windowIndex);
        image.column(windowUsed);
        image.column(concurrent);
        buckets.image(image, 0, stateCapacity);
        logs.image(image);
        frames.image(image);
    }

    private long used(final int s, final int l, final long nowNs) {
        switch (shape[l]) {
            case FIXED_WINDOW:
                turn(s, l, nowNs);
                return windowUsed[s];
            case SLIDING_WINDOW:
                return logs.used(s, periodNs[l], nowNs);
            case CONCURRENT:
                return concurrent[s];
            default:
                return effective[l] - buckets.level(s, nowNs);
        }
    }

    private long passNs(final int s, final int l, final long cost, final long reserve, final long nowNs) {
        final long excess;
        switch (shape[l]) {
            case FIXED_WINDOW:
                turn(s, l, nowNs);
                if (cost > effective[l] - reserve) {
                    return NEVER;
                }
                return windowUsed[s] + cost <= effective[l] - reserve ? 0 : (windowIndex[s] + 1) * periodNs[l];
            case SLIDING_WINDOW:
                excess = logs.used(s, periodNs[l], nowNs) + cost - (effective[l] - reserve);
                if (cost > effective[l] - reserve) {
                    return NEVER;
                }
                return excess <= 0 ? 0 : logs.passNs(s, periodNs[l], excess);
            case CONCURRENT:
                return concurrent[s] + cost <= effective[l] ? 0 : NEVER;
            default:
                final long waitNs = buckets.waitNs(s, cost, reserve, nowNs);
                return waitNs == 0 ? 0 : waitNs == Long.MAX_VALUE ? NEVER : nowNs + waitNs;
        }
    }

    private void charge(final int s, final int l, final long cost, final long nowNs) {
        switch (shape[l]) {
            case FIXED_WINDOW:
                windowUsed[s] += cost;
                break;
            case SLIDING_WINDOW:
                logs.add(s, (int) cost, nowNs);
                break;
            case CONCURRENT:
                concurrent[s] += cost;
                break;
            default:
                buckets.take(s, cost);
                break;
        }
    }

    private void turn(final int s, final int l, final long nowNs) {
        if (nowNs >= (windowIndex[s] + 1) * periodNs[l]) {
            windowIndex[s] = Math.floorDiv(nowNs, periodNs[l]);
            windowUsed[s] = 0;
        }
    }

    private long costOfOpen(final int l) {
        final int at = l * KINDS + OPEN_ORDER;
        final int cost = fixedCost[at] + itemCost[at];
        return cost == 0 ? 1 : cost;
    }

    private long key(final int l, final int account, final int instrument) {
        final long a = scope[l] == SCOPE_IP ? 0xFFFFF : account;
        final long i = scope[l] == SCOPE_INSTRUMENT ? instrument : 0xFFFFF;
        return (long) l << 40 | a << 20 | i;
    }

    private int state(final int l, final int account, final int instrument, final long nowNs) {
        final long key = key(l, account, instrument);
        final int found = (int) stateByKey.get(key);
        if (found >= 0 || states == stateCapacity) {
            return found;
        }
        stateLimit[states] = l;
        if (!fit(states, l, nowNs)) {
            return -1;
        }
        stateByKey.put(key, states);
        return states++;
    }

    private boolean fit(final int s, final int l, final long nowNs) {
        if (shape[l] == SLIDING_WINDOW) {
            return logs.reserve(s, effective[l]);
        }
        if (shape[l] == TOKEN_BUCKET || shape[l] == CREDIT) {
            buckets.configure(s, effective[l], refillPerSecond[l], nowNs);
        }
        return true;
    }
}
