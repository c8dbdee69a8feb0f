package weir.engine.ledger;

import weir.engine.snapshot.StateImage;

/**
 * Windows of the week, in UTC, in which a plan gives its tenants another rate class. Columns are indexed by version
 * slot and window. Engine thread.
 */
public final class PlanBursts {
    /** Most windows of one version. */
    public static final int PER_VERSION = 8;
    /** Seconds of a day. */
    public static final int DAY_S = 86_400;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int WEEK_DAYS = 7;
    /** 1 January 1970 was a Thursday. */
    private static final int EPOCH_WEEKDAY = 3;

    private final int[] count;
    private final byte[] weekdays;
    private final int[] fromSecond;
    private final int[] lengthSeconds;
    private final int[] capacity;
    private final int[] perSecond;

    /**
     * Makes empty tables.
     *
     * @param slots version slots
     */
    PlanBursts(final int slots) {
        count = new int[slots];
        weekdays = new byte[slots * PER_VERSION];
        fromSecond = new int[slots * PER_VERSION];
        lengthSeconds = new int[slots * PER_VERSION];
        capacity = new int[slots * PER_VERSION];
        perSecond = new int[slots * PER_VERSION];
    }

    /**
     * Drops the windows of a version.
     *
     * @param slot version slot
     */
    public void clear(final int slot) {
        count[slot] = 0;
    }

    /**
     * Adds a window; there is room for {@link #PER_VERSION}.
     *
     * @param slot    version slot
     * @param days    weekdays on which it begins, bit 0 = Monday
     * @param from    begin, seconds of the day
     * @param length  seconds, at most a day
     * @param size    burst; 0 = no bound
     * @param perS    per second
     */
    public void add(final int slot, final int days, final int from, final int length, final int size,
        final int perS) {
        final int at = slot * PER_VERSION + count[slot]++;
        weekdays[at] = (byte) days;
        fromSecond[at] = from;
        lengthSeconds[at] = length;
        capacity[at] = size;
        perSecond[at] = perS;
    }

    /**
     * Window that a moment lies in, the first of several.
     *
     * @param slot  version slot
     * @param nowNs now, epoch ns
     * @return window, -1 when it lies in none
     */
    public int at(final int slot, final long nowNs) {
        final long now = Math.floorDiv(nowNs, NS_PER_S);
        final long today = Math.floorDiv(now, DAY_S);
        for (int i = slot * PER_VERSION; i < slot * PER_VERSION + count[slot]; i++) {
            for (int back = 0; back <= 1; back++) {
                final long begin = (today - back) * DAY_S + fromSecond[i];
                if (begins(i, today - back) && begin <= now && now < begin + lengthSeconds[i]) {
                    return i;
                }
            }
        }
        return -1;
    }

    /**
     * When the next window begins or one that is open ends.
     *
     * @param slot  version slot
     * @param nowNs now, epoch ns
     * @return epoch ns, Long.MAX_VALUE when there are no windows
     */
    public long nextChangeNs(final int slot, final long nowNs) {
        final long now = Math.floorDiv(nowNs, NS_PER_S);
        final long today = Math.floorDiv(now, DAY_S);
        long next = Long.MAX_VALUE / NS_PER_S;
        for (int i = slot * PER_VERSION; i < slot * PER_VERSION + count[slot]; i++) {
            for (int day = -1; day <= WEEK_DAYS; day++) {
                if (begins(i, today + day)) {
                    final long begin = (today + day) * DAY_S + fromSecond[i];
                    if (begin > now) {
                        next = Math.min(next, begin);
                    } else if (begin + lengthSeconds[i] > now) {
                        next = Math.min(next, begin + lengthSeconds[i]);
                    }
                }
            }
        }
        return next == Long.MAX_VALUE / NS_PER_S ? Long.MAX_VALUE : next * NS_PER_S;
    }

    /**
     * Burst within a window.
     *
     * @param window as {@link #at} answered
     * @return tokens, 0 = no bound
     */
    public int capacity(final int window) {
        return capacity[window];
    }

    /**
     * Rate within a window.
     *
     * @param window as {@link #at} answered
     * @return tokens per second
     */
    public int perSecond(final int window) {
        return perSecond[window];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    void image(final StateImage image) {
        image.section("plan-bursts", 1);
        image.column(count);
        image.column(weekdays);
        image.column(fromSecond);
        image.column(lengthSeconds);
        image.column(capacity);
        image.column(perSecond);
    }

    private boolean begins(final int window, final long day) {
        return (weekdays[window] >> Math.floorMod(day + EPOCH_WEEKDAY, WEEK_DAYS) & 1) != 0;
    }
}
