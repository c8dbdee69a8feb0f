package weir.engine.throttle;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import weir.engine.registry.ConfigFrames;
import weir.engine.registry.IdIndex;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.StateImage;

/**
 * Limits of venue contracts. State is kept per limit and what its scope counts together: the address, the owner, the
 * key, or the account, which INSTRUMENT splits by instrument. All limits of a message admit it, or none is charged.
 * News leave a reserve for cancels.
 */
public final class VenueLimits {
    /** LimitScope IP. */
    public static final byte SCOPE_IP = 0;
    /** LimitScope ACCOUNT. */
    public static final byte SCOPE_ACCOUNT = 1;
    /** LimitScope KEY. */
    public static final byte SCOPE_KEY = 2;
    /** LimitScope INSTRUMENT. */
    public static final byte SCOPE_INSTRUMENT = 4;
    /** Number of LimitScopes. */
    public static final int SCOPES = 6;
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
    /** LimitShape ORDER_VOLUME: messages in a window, of which traded volume earns more. */
    public static final byte ORDER_VOLUME = 5;
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
    /** VenueMessageKind SECOND_NEW. */
    public static final int SECOND_NEW = 9;
    /** VenueMessageKind SECOND_CANCEL. */
    public static final int SECOND_CANCEL = 10;
    /** VenueMessageKind SECOND_STATUS. */
    public static final int SECOND_STATUS = 11;
    /** Number of VenueMessageKinds. */
    public static final int KINDS = 12;
    /**
     * No VenueMessageKind: SECOND_CANCEL and then SECOND_NEW of one order, asked for and charged as one message. It
     * opens no order that is not counted already; where the new order costs nothing it is a cancel.
     */
    public static final int SECOND_REPLACE = -1;
    /** Most limits of one venue. */
    public static final int PER_VENUE = 32;
    /** A message never passes. */
    public static final long NEVER = Long.MAX_VALUE;
    /** Bits of a member of a scope, and of an instrument, in a key. */
    private static final int MEMBER_BITS = 20;
    private static final int NO_INSTRUMENT = (1 << MEMBER_BITS) - 1;
    /** Marks a member that is an id and no account slot. */
    private static final int BY_ID = 1 << MEMBER_BITS - 1;
    private static final int ACCOUNTS = 1 << 10;
    private static final long WHOLE = 10_000;
    private static final long RATE_MAX = Long.MAX_VALUE / WHOLE / 2;
    /** Most that a window counts: far beyond any capacity, and sums with it fit. */
    private static final long USED_MAX = Long.MAX_VALUE / 2;
    private static final long PERIOD_MAX_NS = 32L * 86_400_000_000_000L;
    /** Volume, and what it earns, is counted with 8 decimals. */
    private static final long E8 = 100_000_000L;

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
    /** Tokens per second; per period where a bucket has one; messages that one unit of volume earns. */
    public final long[] refillPerSecond;
    /** Part of the capacity left unused, 1/10000. */
    private final int[] marginBps;
    /** What a bucket gets in its period. */
    private final long[] bucketRefill;
    private final long[] bucketPeriodNs;
    /** Where windows begin. */
    private final long[] offsetNs;
    /** Reach of an edge between windows. */
    private final long[] skewNs;
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
    private final long[] stateEffective;
    private final long[] windowIndex;
    private final long[] windowUsed;
    /** Charged in the reach of the window's end: counts in the next one too. */
    private final long[] nextUsed;
    private final long[] earned;
    private final long[] earnedPartE8;
    private final long[] concurrent;
    private final TokenBuckets buckets;
    private final SlidingLogs logs;
    /** By scope and account: who is counted together. */
    private final int[] member;
    private final int accounts;
    /** By venue and kind: which of the venue's limits a message of the kind costs anything, a bit each. */
    private final int[] costing = new int[VenueBook.CAPACITY * KINDS];
    /** By venue: which of its limits are CONCURRENT, a bit each. */
    private final int[] counting = new int[VenueBook.CAPACITY];
    /** Cost of a message of one order, by limit and kind. */
    private final long[] costOfOne;
    /** State + 1 of a limit for an account, where no instrument splits it; 0 = not looked for yet. */
    private final int[] stateOf;
    /** Of a limit that instruments split: for whom a state was found last, and that state + 1; 0 = none yet. */
    private final long[] whoFound;
    private final int[] stateFound;
    /** States of the venue's limits that the latest {@link #passNs} looked at. */
    private final int[] passed = new int[PER_VENUE];
    private int states;

    /**
     * Makes an empty set for few accounts.
     *
     * @param limitCapacity most limits
     * @param stateCapacity most pairs of limit and account
     * @param logEntries    send times of all sliding windows
     */
    public VenueLimits(final int limitCapacity, final int stateCapacity, final int logEntries) {
        this(limitCapacity, stateCapacity, logEntries, ACCOUNTS);
    }

    /**
     * Makes an empty set.
     *
     * @param limitCapacity   most limits
     * @param stateCapacity   most pairs of limit and account
     * @param logEntries      send times of all sliding windows
     * @param accountCapacity account slots
     */
    public VenueLimits(final int limitCapacity, final int stateCapacity, final int logEntries,
        final int accountCapacity) {
        index = new IdIndex(limitCapacity);
        venueId = new int[limitCapacity];
        scope = new byte[limitCapacity];
        shape = new byte[limitCapacity];
        effective = new long[limitCapacity];
        capacity = new long[limitCapacity];
        periodNs = new long[limitCapacity];
        refillPerSecond = new long[limitCapacity];
        cancelReserve = new long[limitCapacity];
        marginBps = new int[limitCapacity];
        bucketRefill = new long[limitCapacity];
        bucketPeriodNs = new long[limitCapacity];
        offsetNs = new long[limitCapacity];
        skewNs = new long[limitCapacity];
        frames = new ConfigFrames(limitCapacity, 320);
        fixedCost = new int[limitCapacity * KINDS];
        itemCost = new int[limitCapacity * KINDS];
        this.stateCapacity = stateCapacity;
        stateByKey = new Long2LongHashMap(2 * stateCapacity, 0.6f, -1);
        stateLimit = new int[stateCapacity];
        stateEffective = new long[stateCapacity];
        windowIndex = new long[stateCapacity];
        windowUsed = new long[stateCapacity];
        nextUsed = new long[stateCapacity];
        earned = new long[stateCapacity];
        earnedPartE8 = new long[stateCapacity];
        concurrent = new long[stateCapacity];
        buckets = new TokenBuckets(stateCapacity);
        logs = new SlidingLogs(stateCapacity, logEntries);
        accounts = accountCapacity;
        member = new int[SCOPES * accounts];
        costOfOne = new long[limitCapacity * KINDS];
        whoFound = new long[limitCapacity];
        stateFound = new int[limitCapacity];
        stateOf = new int[Math.multiplyExact(limitCapacity, accounts)];
        for (int i = 0; i < member.length; i++) {
            member[i] = i / accounts == SCOPE_IP ? BY_ID : i % accounts;
        }
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
     * Can a limit be one of a venue? One that is another venue's cannot, and a venue has {@link #PER_VENUE} at most.
     *
     * @param l     limit slot, -1 = a new one
     * @param venue venue id
     * @return true when {@link #configure} will take it
     */
    public boolean canConfigure(final int l, final int venue) {
        return l >= 0 && venueId[l] == venue || (l < 0 || venueId[l] == 0) && countOfVenue[venue] < PER_VENUE;
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
     * @param refill      tokens per second, or per period; messages earned by a unit of volume
     * @param margin      margin, basis points
     * @param reserve     part left to cancels
     * @param nowNs       now
     * @return false when the venue has its most limits
     */
    public boolean configure(final int l, final int venue, final byte limitScope, final byte limitShape,
        final long most, final long period, final long refill, final int margin, final long reserve,
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
        marginBps[l] = margin;
        effective[l] = lessMargin(l, most);
        periodNs[l] = period;
        refillPerSecond[l] = refill;
        bucketRefill[l] = refill;
        bucketPeriodNs[l] = period > 0 ? period : TokenBuckets.NANO;
        cancelReserve[l] = reserve;
        for (int k = 0; k < KINDS; k++) {
            fixedCost[l * KINDS + k] = 0;
            itemCost[l * KINDS + k] = 0;
        }
        Arrays.fill(stateOf, l * accounts, (l + 1) * accounts, 0);
        stateFound[l] = 0;
        compile(venue);
        for (int s = 0; s < states; s++) {
            if (stateLimit[s] == l) {
                fit(s, l, nowNs);
            }
        }
        return true;
    }

    /**
     * Sets how the windows of a limit lie. Usage of the windows that are open stays.
     *
     * @param l      limit slot
     * @param offset windows begin at offset + k * period, ns
     * @param skew   how far our clock and the way may shift a message: within this of an edge it counts in both
     *               windows, ns; less than half of the period
     * @param nowNs  now
     * @return false when they lie so already
     */
    public boolean terms(final int l, final long offset, final long skew, final long nowNs) {
        final boolean moved = offsetNs[l] != offset || skewNs[l] != skew;
        for (int s = 0; s < states && moved && isWindow(l); s++) {
            if (stateLimit[s] == l) {
                turn(s, l, nowNs);
                windowUsed[s] = Math.max(windowUsed[s], nextUsed[s]);
                nextUsed[s] = windowUsed[s];
                windowIndex[s] = Math.floorDiv(nowNs - skew - offset, periodNs[l]);
            }
        }
        offsetNs[l] = offset;
        skewNs[l] = skew;
        return moved;
    }

    /**
     * Sets whom an account is counted with. What it used under what it was counted with before it has used under the
     * new; counts of open orders are begun anew by the caller.
     *
     * @param venue   venue id
     * @param account account slot
     * @param address address id, 0 = the one of all
     * @param owner   owner id, 0 = the account itself
     * @param key     key id, 0 = its own
     * @param nowNs   now
     * @return false when it is counted so already
     */
    public boolean scopes(final int venue, final int account, final int address, final int owner, final int key,
        final long nowNs) {
        return join(venue, SCOPE_IP, account, BY_ID | address, nowNs)
            | join(venue, SCOPE_ACCOUNT, account, owner == 0 ? account : BY_ID | owner, nowNs)
            | join(venue, SCOPE_KEY, account, key == 0 ? account : BY_ID | key, nowNs);
    }

    /**
     * Can an id of an address, owner or key be kept?
     *
     * @param id the id
     * @return true for 0 to 524287
     */
    public static boolean isScopeId(final int id) {
        return id >= 0 && id < BY_ID;
    }

    /**
     * Are two accounts of one address?
     *
     * @param account account slot
     * @param other   account slot
     * @return true when the venue sees one address
     */
    public boolean shareAddress(final int account, final int other) {
        return member[account] == member[other];
    }

    private boolean join(final int venue, final byte byScope, final int account, final int group, final long nowNs) {
        final int at = byScope * accounts + account;
        if (member[at] == group) {
            return false;
        }
        final int before = member[at];
        for (int l = 0; l < venueId.length; l++) {
            stateOf[l * accounts + account] = 0;
        }
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            if (scope[l] == byScope && shape[l] != CONCURRENT) {
                member[at] = before;
                final int s = find(l, account, 0);
                final long used = s < 0 ? 0 : used(s, l, nowNs);
                member[at] = group;
                if (used > 0) {
                    onReading(l, account, used, nowNs);
                }
            }
        }
        member[at] = group;
        return true;
    }

    /**
     * Forgets the open orders of a CONCURRENT limit, which the caller counts again with {@link #countOpen}.
     *
     * @param l limit slot
     */
    public void forgetOpen(final int l) {
        for (int s = 0; s < states; s++) {
            if (stateLimit[s] == l) {
                concurrent[s] = 0;
            }
        }
    }

    /**
     * Number of limits of a venue.
     *
     * @param venue venue id
     * @return count
     */
    public int countOf(final int venue) {
        return countOfVenue[venue];
    }

    /**
     * One of a venue's limits.
     *
     * @param venue venue id
     * @param i     from 0
     * @return limit slot
     */
    public int limitOf(final int venue, final int i) {
        return limitsOfVenue[venue * PER_VENUE + i];
    }

    /**
     * The venue states size and rate of a limit for an account; the margin goes off. What is used stays used.
     *
     * @param l       limit slot
     * @param account account slot
     * @param most    capacity as the venue states it
     * @param refill  as {@link #configure} takes it
     * @param nowNs   now
     * @return true when that changed it
     */
    public boolean onTier(final int l, final int account, final long most, final long refill, final long nowNs) {
        final int known = find(l, account, 0);
        final long size = lessMargin(l, most);
        final boolean bucket = isBucket(l);
        final long each = bucketPeriodNs[l] == refillPeriodNs(l) ? refill : refill * keptParts(l);
        final long sizeNow = known >= 0 ? stateEffective[known] : effective[l];
        final long eachNow = known >= 0 ? buckets.rate(known) : bucketRefill[l];
        if (sizeNow == size && (!bucket || eachNow == each) || known < 0 && !canMake(l)
            || shape[l] == SLIDING_WINDOW && !logs.canGrow(known, known < 0 ? effective[l] : 0, size)) {
            return false;
        }
        final int s = state(l, account, 0, nowNs);
        stateEffective[s] = size;
        if (shape[l] == SLIDING_WINDOW) {
            logs.reserve(s, size);
        }
        if (bucket) {
            buckets.configure(s, size, each, bucketPeriodNs[l], nowNs);
        }
        return true;
    }

    /**
     * Can a limit have such a size and rate?
     *
     * @param l      limit slot
     * @param most   capacity
     * @param refill per period
     * @return false when it does not fit
     */
    public boolean canBe(final int l, final long most, final long refill) {
        return most <= TokenBuckets.capacityMax(bucketPeriodNs[l]) && refill >= 0 && refill <= RATE_MAX
            && (shape[l] != SLIDING_WINDOW || canLog(most));
    }

    /**
     * Volume that earns messages under ORDER_VOLUME limits.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param qtyE8      traded quantity
     * @param nowNs      now
     */
    public void onVolume(final int venue, final int account, final int instrument, final long qtyE8,
        final long nowNs) {
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            if (shape[l] == ORDER_VOLUME) {
                final int s = state(l, account, instrument, nowNs);
                if (s >= 0) {
                    turn(s, l, nowNs);
                    earn(s, qtyE8, lessMargin(l, refillPerSecond[l]));
                }
            }
        }
    }

    /** Adds what a quantity earns; more than sums can hold counts as the most. */
    private void earn(final int s, final long qtyE8, final long each) {
        final long product = qtyE8 * each;
        if (qtyE8 <= 0 || each <= 0) {
            return;
        }
        if (Math.multiplyHigh(qtyE8, each) != 0 || product < 0) {
            earned[s] = TokenBuckets.CAPACITY_MAX;
            return;
        }
        final long part = earnedPartE8[s] + product % E8;
        earned[s] = Math.min(TokenBuckets.CAPACITY_MAX, earned[s] + product / E8 + part / E8);
        earnedPartE8[s] = part % E8;
    }

    /**
     * Takes the margin off the refill of a bucket too: at its full rate the venue's clock, running slower than ours,
     * would be overtaken in the end, whatever the capacity leaves.
     *
     * @param l     limit slot
     * @param nowNs now
     */
    public void slowRefill(final int l, final long nowNs) {
        if (!isBucket(l) || marginBps[l] == 0) {
            return;
        }
        bucketRefill[l] = refillPerSecond[l] * keptParts(l);
        bucketPeriodNs[l] = refillPeriodNs(l) * (WHOLE / parts(l));
        for (int s = 0; s < states; s++) {
            if (stateLimit[s] == l) {
                fit(s, l, nowNs);
            }
        }
    }

    /**
     * Could a bucket with a margin be kept?
     *
     * @param most   capacity
     * @param refill per period
     * @param period refill period, 0 = a second
     * @param margin 1/10000
     * @return false when sums could not hold it
     */
    public static boolean canBucket(final long most, final long refill, final long period, final int margin) {
        final long each = period > 0 ? period : TokenBuckets.NANO;
        return refill <= RATE_MAX && each <= PERIOD_MAX_NS
            && most <= TokenBuckets.capacityMax(each * (WHOLE / gcd(WHOLE, WHOLE - margin)));
    }

    private long keptParts(final int l) {
        return (WHOLE - marginBps[l]) / parts(l);
    }

    private long parts(final int l) {
        return gcd(WHOLE, WHOLE - marginBps[l]);
    }

    private static long gcd(final long a, final long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private boolean isBucket(final int l) {
        return shape[l] == TOKEN_BUCKET || shape[l] == CREDIT;
    }

    private long refillPeriodNs(final int l) {
        return periodNs[l] > 0 ? periodNs[l] : TokenBuckets.NANO;
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
        compile(venueId[l]);
    }

    /** Works out which of a venue's limits concern a message. */
    private void compile(final int venue) {
        counting[venue] = 0;
        for (int k = 0; k < KINDS; k++) {
            costing[venue * KINDS + k] = 0;
        }
        for (int i = 0; i < countOfVenue[venue]; i++) {
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            counting[venue] |= shape[l] == CONCURRENT ? 1 << i : 0;
            for (int k = 0; k < KINDS; k++) {
                costOfOne[l * KINDS + k] = costOf(l, k, 1);
                costing[venue * KINDS + k] |= costOf(l, k, 1) > 0 ? 1 << i : 0;
            }
        }
    }

    private int costing(final int venue, final int kind) {
        return kind == SECOND_REPLACE
            ? costing[venue * KINDS + SECOND_CANCEL] | costing[venue * KINDS + SECOND_NEW]
            : costing[venue * KINDS + kind];
    }

    /**
     * Cost of a message under one limit.
     *
     * @param l    limit slot
     * @param kind VenueMessageKind, raw, or {@link #SECOND_REPLACE}
     * @param n    orders in it
     * @return cost; a CONCURRENT limit counts orders that open
     */
    public long costOf(final int l, final int kind, final int n) {
        if (shape[l] == CONCURRENT) {
            return kind == NEW || kind == NEW_BATCH || kind == SECOND_NEW ? costOfOpen(l) * n : 0;
        }
        if (kind == SECOND_REPLACE) {
            return costOf(l, SECOND_CANCEL, n) + costOf(l, SECOND_NEW, n);
        }
        return fixedCost[l * KINDS + kind] + (long) itemCost[l * KINDS + kind] * n;
    }

    /**
     * Charges a message if all limits admit it.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @param kind       VenueMessageKind, raw, or {@link #SECOND_REPLACE}
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
        for (int left = costing(venue, kind); left != 0; left &= left - 1) {
            final int i = Integer.numberOfTrailingZeros(left);
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            final long cost = cost(l, kind, n);
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
     * @param kind       VenueMessageKind, raw, or {@link #SECOND_REPLACE}
     * @param n          orders in it
     * @param nowNs      now
     * @return 0 for now, else epoch ns or {@link #NEVER}
     */
    public long passNs(final int venue, final int account, final int instrument, final int kind, final int n,
        final long nowNs) {
        final boolean cancels = kind == CANCEL || kind == CANCEL_BATCH || kind == SECOND_CANCEL;
        long latest = 0;
        for (int left = costing(venue, kind); left != 0; left &= left - 1) {
            final int i = Integer.numberOfTrailingZeros(left);
            final int l = limitsOfVenue[venue * PER_VENUE + i];
            final long cost = cost(l, kind, n);
            if (cost > 0) {
                final int s = state(l, account, instrument, nowNs);
                if (s < 0) {
                    return NEVER;
                }
                passed[i] = s;
                final boolean cancel = cancels || kind == SECOND_REPLACE && costOf(l, SECOND_NEW, n) == 0;
                if (!cancel || shape[l] != ORDER_VOLUME) { // a guardrail stops news and never a cancel
                    latest = Math.max(latest, passNs(s, l, cost, cancel ? 0 : cancelReserve[l], nowNs));
                }
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
        for (int left = counting[venue]; left != 0; left &= left - 1) {
            final int l = limitsOfVenue[venue * PER_VENUE + Integer.numberOfTrailingZeros(left)];
            final int s = state(l, account, instrument, nowNs);
            if (s < 0 || concurrent[s] + costOfOne[l * KINDS + NEW] > stateEffective[s]) {
                return l;
            }
        }
        return -1;
    }

    /**
     * Reads what a new order of an account is to be charged under: see {@code LookAhead}.
     *
     * @param venue   venue id
     * @param account account slot
     * @return of no meaning
     */
    public long touchNew(final int venue, final int account) {
        long seen = 0;
        for (int left = costing(venue, NEW); left != 0; left &= left - 1) {
            final int l = limitsOfVenue[venue * PER_VENUE + Integer.numberOfTrailingZeros(left)];
            final int s = stateOf[l * accounts + account] - 1;
            if (s >= 0) {
                seen += shape[l] == SLIDING_WINDOW ? logs.touch(s) : isBucket(l) ? buckets.touch(s) : windowUsed[s];
            }
        }
        return seen;
    }

    /**
     * Reads what the CONCURRENT limits of an account are to be asked for: see {@code LookAhead}.
     *
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     * @return of no meaning
     */
    public long touch(final int venue, final int account, final int instrument) {
        long seen = 0;
        for (int left = counting[venue]; left != 0; left &= left - 1) {
            final int l = limitsOfVenue[venue * PER_VENUE + Integer.numberOfTrailingZeros(left)];
            final int s = scope[l] == SCOPE_INSTRUMENT ? findSplit(l, account, instrument)
                : stateOf[l * accounts + account] - 1;
            seen += s < 0 ? 0 : concurrent[s] + stateEffective[s];
        }
        return seen;
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
        for (int left = counting[venue]; left != 0; left &= left - 1) {
            final int l = limitsOfVenue[venue * PER_VENUE + Integer.numberOfTrailingZeros(left)];
            final int s = state(l, account, instrument, nowNs);
            if (s >= 0) {
                concurrent[s] = Math.max(0, concurrent[s] - costOfOne[l * KINDS + NEW]);
            }
        }
        return counting[venue] != 0;
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
     * Raises the usage to what the venue reports. A report that raises nothing changes nothing at all: it is not
     * journaled, and a replay must come to the same state without it.
     *
     * @param l       limit slot
     * @param account account slot
     * @param units   used in the venue's count
     * @param nowNs   now
     * @return true when that changed it
     */
    public boolean onReading(final int l, final int account, final long units, final long nowNs) {
        final int known = find(l, account, 0);
        if (units <= (known < 0 ? 0 : usedAt(known, l, nowNs)) || !canRaise(known, l, units, nowNs)) {
            return false;
        }
        final int s = state(l, account, 0, nowNs);
        final long ours = used(s, l, nowNs);
        switch (shape[l]) {
            case FIXED_WINDOW:
            case ORDER_VOLUME:
                windowUsed[s] = units;
                return true;
            case SLIDING_WINDOW:
                logs.add(s, (int) Math.min(units - ours, Integer.MAX_VALUE), nowNs);
                return true;
            default:
                return buckets.lowerTo(s, stateEffective[s] - units, nowNs);
        }
    }

    private boolean canRaise(final int known, final int l, final long units, final long nowNs) {
        if (shape[l] == CONCURRENT || known < 0 && !canMake(l)) {
            return false;
        }
        if (shape[l] == SLIDING_WINDOW) {
            return known < 0 ? effective[l] > 0 : logs.holds(known);
        }
        return !isBucket(l) || (known < 0 ? effective[l] > 0
            : buckets.isAbove(known, stateEffective[known] - units, nowNs));
    }

    /**
     * Usage of a limit by an account; changes nothing.
     *
     * @param l       limit slot
     * @param account account slot
     * @param instrument instrument slot
     * @param nowNs   now
     * @return units in use
     */
    public long used(final int l, final int account, final int instrument, final long nowNs) {
        final int s = account < 0 ? -1 : find(l, account, instrument);
        return s < 0 ? 0 : usedAt(s, l, nowNs);
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
        image.section("venue-limits", 3);
        index.image(image);
        image.column(venueId);
        image.column(scope);
        image.column(shape);
        image.column(effective);
        image.column(capacity);
        image.column(periodNs);
        image.column(refillPerSecond);
        image.column(cancelReserve);
        image.column(marginBps);
        image.column(bucketRefill);
        image.column(bucketPeriodNs);
        image.column(offsetNs);
        image.column(skewNs);
        image.column(fixedCost);
        image.column(itemCost);
        image.column(limitsOfVenue);
        image.column(countOfVenue);
        states = image.value(states);
        image.map(stateByKey);
        image.column(stateLimit);
        image.column(stateEffective);
        image.column(windowIndex);
        image.column(windowUsed);
        image.column(nextUsed);
        image.column(earned);
        image.column(earnedPartE8);
        final int saved = image.extent(accounts);
        for (int i = 0; i < SCOPES; i++) {
            for (int a = 0; a < saved; a++) {
                member[i * accounts + a] = image.value(member[i * accounts + a]);
            }
        }
        image.column(concurrent);
        buckets.image(image, 0, stateCapacity);
        logs.image(image);
        frames.image(image);
        if (image.loading()) {
            forgetFound();
        }
    }

    /** Forgets what follows from the rest and is kept only to be found sooner. */
    void forgetFound() {
        Arrays.fill(stateOf, 0);
        Arrays.fill(stateFound, 0);
        for (int venue = 0; venue < VenueBook.CAPACITY; venue++) {
            compile(venue);
        }
    }

    /** What {@link #used(int, int, long)} answers, without putting the state right for the time. */
    private long usedAt(final int s, final int l, final long nowNs) {
        switch (shape[l]) {
            case FIXED_WINDOW:
            case ORDER_VOLUME:
                return nowNs - skewNs[l] < edgeNs(s, l) ? windowUsed[s]
                    : windowAt(l, nowNs) == windowIndex[s] + 1 ? nextUsed[s] : 0;
            case SLIDING_WINDOW:
                return logs.usedAt(s, periodNs[l], nowNs);
            case CONCURRENT:
                return concurrent[s];
            default:
                return stateEffective[s] - buckets.levelAt(s, nowNs);
        }
    }

    private long used(final int s, final int l, final long nowNs) {
        switch (shape[l]) {
            case FIXED_WINDOW:
            case ORDER_VOLUME:
                turn(s, l, nowNs);
                return windowUsed[s];
            case SLIDING_WINDOW:
                return logs.used(s, periodNs[l], nowNs);
            case CONCURRENT:
                return concurrent[s];
            default:
                return stateEffective[s] - buckets.level(s, nowNs);
        }
    }

    private long passNs(final int s, final int l, final long cost, final long reserve, final long nowNs) {
        final long room = stateEffective[s] - reserve - cost;
        switch (shape[l]) {
            case FIXED_WINDOW:
                return room < 0 ? NEVER : windowPassNs(s, l, room, nowNs);
            case SLIDING_WINDOW:
                if (room < 0) {
                    return NEVER;
                }
                final long excess = logs.used(s, periodNs[l], nowNs) - room;
                return excess <= 0 ? 0 : logs.passNs(s, periodNs[l], excess);
            case CONCURRENT:
                return concurrent[s] + cost <= stateEffective[s] ? 0 : NEVER;
            case ORDER_VOLUME:
                turn(s, l, nowNs);
                return windowUsed[s] - room <= earned[s] ? 0 : room < 0 ? NEVER : edgeNs(s, l);
            default:
                final long waitNs = buckets.waitNs(s, cost, reserve, nowNs);
                return waitNs == 0 ? 0 : waitNs == Long.MAX_VALUE ? NEVER : nowNs + waitNs;
        }
    }

    private long windowPassNs(final int s, final int l, final long room, final long nowNs) {
        turn(s, l, nowNs);
        if (windowUsed[s] <= room && (nextUsed[s] <= room || !reaches(s, l, nowNs))) {
            return 0;
        }
        return edgeNs(s, l) + skewNs[l] + (nextUsed[s] <= room ? 0 : periodNs[l]);
    }

    private void charge(final int s, final int l, final long cost, final long nowNs) {
        switch (shape[l]) {
            case FIXED_WINDOW:
                windowUsed[s] += cost;
                if (skewNs[l] > 0 && reaches(s, l, nowNs)) {
                    nextUsed[s] += cost;
                }
                break;
            case ORDER_VOLUME:
                turn(s, l, nowNs);
                // nothing stops a cancel here, so nothing but this bounds the sum
                windowUsed[s] = Math.min(USED_MAX - cost, windowUsed[s]) + cost;
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

    /** Opens the window that the venue is surely in; no division unless one ended. */
    private void turn(final int s, final int l, final long nowNs) {
        if (nowNs - skewNs[l] >= edgeNs(s, l)) {
            final long at = windowAt(l, nowNs);
            windowUsed[s] = at == windowIndex[s] + 1 ? nextUsed[s] : 0;
            nextUsed[s] = 0;
            earned[s] = 0;
            earnedPartE8[s] = 0;
            windowIndex[s] = at;
        }
    }

    private long windowAt(final int l, final long nowNs) {
        return Math.floorDiv(nowNs - skewNs[l] - offsetNs[l], periodNs[l]);
    }

    private long edgeNs(final int s, final int l) {
        return (windowIndex[s] + 1) * periodNs[l] + offsetNs[l];
    }

    /** May a message sent now be counted by the venue in the next window? */
    private boolean reaches(final int s, final int l, final long nowNs) {
        return nowNs + skewNs[l] >= edgeNs(s, l);
    }

    private boolean isWindow(final int l) {
        return shape[l] == FIXED_WINDOW || shape[l] == ORDER_VOLUME;
    }

    private long lessMargin(final int l, final long most) {
        return most / 10_000 * (10_000 - marginBps[l]) + most % 10_000 * (10_000 - marginBps[l]) / 10_000;
    }

    private long costOfOpen(final int l) {
        final int at = l * KINDS + OPEN_ORDER;
        final int cost = fixedCost[at] + itemCost[at];
        return cost == 0 ? 1 : cost;
    }

    private long key(final int l, final int account, final int instrument) {
        final long split = scope[l] == SCOPE_INSTRUMENT ? instrument : NO_INSTRUMENT;
        return (long) l << 2 * MEMBER_BITS | (long) member[scope[l] * accounts + account] << MEMBER_BITS | split;
    }

    private int find(final int l, final int account, final int instrument) {
        return (int) stateByKey.get(key(l, account, instrument));
    }

    /** {@link #costOf}, which most often is asked about one order. */
    private long cost(final int l, final int kind, final int n) {
        return n == 1 && kind >= 0 ? costOfOne[l * KINDS + kind] : costOf(l, kind, n);
    }

    /** Is there room for one more state of a limit? */
    private boolean canMake(final int l) {
        return states < stateCapacity && (shape[l] != SLIDING_WINDOW || logs.canGrow(-1, 0, effective[l]));
    }

    private int state(final int l, final int account, final int instrument, final long nowNs) {
        final int known = stateOf[l * accounts + account];
        return known > 0 ? known - 1 : findState(l, account, instrument, nowNs);
    }

    /** State that a limit split by instruments has, -1 = none; the one found last is known. */
    private int findSplit(final int l, final int account, final int instrument) {
        final long who = (long) account << Integer.SIZE | instrument;
        if (whoFound[l] == who && stateFound[l] > 0) { // accounts are never joined where instruments split a limit
            return stateFound[l] - 1;
        }
        final int s = find(l, account, instrument);
        if (s >= 0) {
            whoFound[l] = who;
            stateFound[l] = s + 1;
        }
        return s;
    }

    private int findState(final int l, final int account, final int instrument, final long nowNs) {
        final boolean split = scope[l] == SCOPE_INSTRUMENT;
        final int known = split ? findSplit(l, account, instrument) : -1;
        if (known >= 0) {
            return known;
        }
        final int s = makeState(l, key(l, account, instrument), nowNs);
        if (s >= 0 && !split) {
            stateOf[l * accounts + account] = s + 1;
        }
        return s;
    }

    private int makeState(final int l, final long key, final long nowNs) {
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
        stateEffective[s] = effective[l];
        if (shape[l] == SLIDING_WINDOW) {
            return logs.reserve(s, effective[l]);
        }
        if (shape[l] == TOKEN_BUCKET || shape[l] == CREDIT) {
            buckets.configure(s, effective[l], bucketRefill[l], bucketPeriodNs[l], nowNs);
        }
        return true;
    }
}
