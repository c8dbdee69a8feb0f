package weir.engine.risk;

import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;

/**
 * Strategies of tenants that are watched for running away: equal rejects in a row, and executed orders since a person
 * enabled it or within a window. Orders without a strategy are watched by session. A lock holds until a person lifts
 * it. A tenant has room for {@link #PER_TENANT}; the one idle longest goes for a new one, a locked one never. Engine
 * thread only.
 */
public final class StrategyWatch {
    /** Strategies watched per tenant. */
    public static final int PER_TENANT = 32;
    /** Most executed orders that are counted within a window. */
    public static final int WINDOWED_MAX = 128;
    /** Strategies of all tenants whose executions are counted within a window; of others they count for ever. */
    public static final int WINDOWS = 1024;
    /** No row. */
    public static final int NONE = -1;
    private static final long STRATEGY = 1L << 32;
    private static final long SESSION = 2L << 32;

    private final Registry registry;
    private final long[] who;
    private final long[] usedNs;
    private final int[] lastReason;
    private final int[] equalRejects;
    private final int[] executed;
    private final int[] lockedBy;
    private final int[] oldest;
    /** Window of a row plus one, 0 = none. */
    private final int[] window;
    private final long[] executedNs = new long[WINDOWS * WINDOWED_MAX];
    private int windows;

    /**
     * Makes an empty one.
     *
     * @param registry       tenants
     * @param tenantCapacity tenant slots
     */
    public StrategyWatch(final Registry registry, final int tenantCapacity) {
        this.registry = registry;
        final int n = Math.multiplyExact(tenantCapacity, PER_TENANT);
        who = new long[n];
        usedNs = new long[n];
        lastReason = new int[n];
        equalRejects = new int[n];
        executed = new int[n];
        lockedBy = new int[n];
        oldest = new int[n];
        window = new int[n];
    }

    /**
     * Whom an order's conduct is counted to.
     *
     * @param strategyId strategy of the order, 0 = none
     * @param session    session slot
     * @return number for the other methods
     */
    public static long who(final int strategyId, final int session) {
        return strategyId != 0 ? STRATEGY | strategyId & 0xFFFF_FFFFL : SESSION | session;
    }

    /**
     * Row of one that is watched.
     *
     * @param tenant tenant slot
     * @param key    as {@link #who} made it
     * @return row or {@link #NONE}
     */
    public int find(final int tenant, final long key) {
        final int first = tenant * PER_TENANT;
        for (int i = first; i < first + PER_TENANT; i++) {
            if (who[i] == key) {
                return i;
            }
        }
        return NONE;
    }

    /**
     * Row of one that is to be watched.
     *
     * @param tenant tenant slot
     * @param key    as {@link #who} made it
     * @param nowNs  now
     * @return row, or {@link #NONE} when all rows of the tenant are locked
     */
    public int watch(final int tenant, final long key, final long nowNs) {
        int row = find(tenant, key);
        if (row == NONE) {
            final int first = tenant * PER_TENANT;
            for (int i = first; i < first + PER_TENANT; i++) {
                if (lockedBy[i] == 0 && (row == NONE || usedNs[i] < usedNs[row])) {
                    row = i;
                }
            }
            if (row == NONE) {
                return NONE;
            }
            who[row] = key;
            enable(row);
        }
        usedNs[row] = nowNs;
        return row;
    }

    /**
     * Why it is locked.
     *
     * @param row row
     * @return RejectReason code of the rejects, or STRATEGY_LOCKED's for executions; 0 = it is not
     */
    public int lockedBy(final int row) {
        return lockedBy[row];
    }

    /**
     * Strategy of a row.
     *
     * @param row row
     * @return strategy id, 0 = the orders of a session that name none, {@link #NONE} = nobody is watched there
     */
    public int strategyOf(final int row) {
        return who[row] == 0 ? NONE : who[row] >>> 32 == STRATEGY >>> 32 ? (int) who[row] : 0;
    }

    /**
     * Session of a row that watches orders without a strategy.
     *
     * @param row row
     * @return session slot
     */
    public int sessionOf(final int row) {
        return (int) who[row];
    }

    /**
     * Equal rejects in a row.
     *
     * @param row row
     * @return count
     */
    public int equalRejects(final int row) {
        return equalRejects[row];
    }

    /**
     * An order was refused.
     *
     * @param row    row
     * @param reason RejectReason code
     * @param most   equal ones until it is locked, 0 = any number
     * @return true when this one locked it
     */
    public boolean rejected(final int row, final int reason, final long most) {
        equalRejects[row] = lastReason[row] == reason ? Math.min(Integer.MAX_VALUE - 1, equalRejects[row]) + 1 : 1;
        lastReason[row] = reason;
        return most > 0 && equalRejects[row] >= most && lock(row, reason);
    }

    /**
     * An order of it works.
     *
     * @param row row
     */
    public void worked(final int row) {
        equalRejects[row] = 0;
        lastReason[row] = 0;
    }

    /**
     * An order of it was executed.
     *
     * @param row      row
     * @param most     executed orders until it is locked, 0 = any number
     * @param windowNs within so long; 0 = since it was enabled
     * @param nowNs    now
     * @param by       what {@link #lockedBy} then says
     * @return true when this one locked it
     */
    public boolean executed(final int row, final long most, final long windowNs, final long nowNs, final int by) {
        if (windowNs > 0 && window[row] == 0 && windows < WINDOWS) {
            window[row] = ++windows;
            executed[row] = 0;
        }
        final int base = (window[row] - 1) * WINDOWED_MAX;
        if (windowNs > 0 && window[row] > 0) {
            while (executed[row] > 0 && nowNs - executedNs[base + oldest[row]] >= windowNs) {
                oldest[row] = (oldest[row] + 1) % WINDOWED_MAX;
                executed[row]--;
            }
            if (executed[row] >= WINDOWED_MAX) {
                oldest[row] = (oldest[row] + 1) % WINDOWED_MAX;
                executed[row] = WINDOWED_MAX - 1;
            }
            executedNs[base + (oldest[row] + executed[row]) % WINDOWED_MAX] = nowNs;
        }
        executed[row] = Math.min(Integer.MAX_VALUE - 1, executed[row]) + 1;
        final long counted = windowNs > 0 && window[row] > 0 ? Math.min(most, WINDOWED_MAX) : most;
        return most > 0 && executed[row] >= counted && lock(row, by);
    }

    /**
     * A person enables it: counts begin anew.
     *
     * @param row row
     */
    public void enable(final int row) {
        lockedBy[row] = 0;
        equalRejects[row] = 0;
        lastReason[row] = 0;
        executed[row] = 0;
        oldest[row] = 0;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("strategy-watch", 1);
        final int rows = registry.tenants.index.size() * PER_TENANT;
        image.column(who, 0, rows);
        image.column(usedNs, 0, rows);
        image.column(lastReason, 0, rows, 0);
        image.column(equalRejects, 0, rows, 0);
        image.column(executed, 0, rows, 0);
        image.column(lockedBy, 0, rows, 0);
        image.column(oldest, 0, rows, 0);
        image.column(window, 0, rows, 0);
        windows = image.value(windows);
        image.column(executedNs, 0, windows * WINDOWED_MAX);
    }

    private boolean lock(final int row, final int by) {
        if (lockedBy[row] != 0) {
            return false;
        }
        lockedBy[row] = by;
        return true;
    }
}
