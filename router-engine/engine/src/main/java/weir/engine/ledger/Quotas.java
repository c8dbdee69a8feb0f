package weir.engine.ledger;

import weir.engine.journal.Verdict;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;

/**
 * Period quotas of tenants. FIXED periods follow from the time alone (epoch ns / length); DAY, WEEK and MONTH begin
 * with a PeriodRoll. Admitted units never exceed a limit.
 */
public final class Quotas {
    /** Most quotas of one tenant. */
    public static final int PER_TENANT = 8;
    /** Counts D, G, H and q. */
    public static final byte REQUESTS = 0;
    /** Counts admitted D. */
    public static final byte ORDERS = 1;
    /** Period of fixed length. */
    public static final byte FIXED = 0;
    private static final int METERS = 2;

    /** Quota id, 0 = unused. */
    public final int[] quotaId;
    /** QuotaMeter, raw. */
    public final byte[] meter;
    /** PeriodKind, raw. */
    public final byte[] kind;
    /** Length of a FIXED period, ns. */
    public final long[] periodNs;
    /** Units in a period. */
    public final long[] limit;
    /** Units used in the period. */
    public final long[] used;
    /** Start of the period, epoch ns. */
    public final long[] periodStartNs;
    private final int[] announced;
    private final int[] count;
    /** By tenant and meter, REQUESTS and ORDERS: places of the quotas that count it, a bit each. */
    private final int[] places;

    /**
     * Makes empty columns.
     *
     * @param tenants tenant slots
     */
    public Quotas(final int tenants) {
        final int n = tenants * PER_TENANT;
        quotaId = new int[n];
        meter = new byte[n];
        kind = new byte[n];
        periodNs = new long[n];
        limit = new long[n];
        used = new long[n];
        periodStartNs = new long[n];
        announced = new int[n];
        count = new int[tenants];
        places = new int[tenants * METERS];
    }

    /**
     * Would one more unit of a meter fit every quota? Begins periods that are due.
     *
     * @param v     verdict, gets the numbers of a refusal
     * @param t     tenant slot
     * @param which REQUESTS or ORDERS
     * @return RejectReason code, 0 when it fits
     */
    public int check(final Verdict v, final int t, final byte which) {
        for (int left = places[t * METERS + which]; left != 0; left &= left - 1) {
            final int i = t * PER_TENANT + Integer.numberOfTrailingZeros(left);
            advance(i, v.nowNs);
            if (used[i] >= limit[i]) {
                final long waitNs = kind[i] == FIXED ? periodStartNs[i] + periodNs[i] - v.nowNs : 0;
                return v.refuse(RejectReason.QUOTA_EXHAUSTED.code(), limit[i], (waitNs + 999_999) / 1_000_000);
            }
        }
        return 0;
    }

    /**
     * Reads a little of the cache lines of a tenant's quotas: see {@code LookAhead}.
     *
     * @param t tenant slot
     * @return of no meaning
     */
    public long touch(final int t) {
        final int i = t * PER_TENANT;
        return quotaId[i] + limit[i] + used[i] + announced[i] + places[t * METERS];
    }

    /**
     * Takes one unit. {@link #check} answered 0 before.
     *
     * @param t     tenant slot
     * @param which REQUESTS or ORDERS
     */
    public void take(final int t, final byte which) {
        for (int left = places[t * METERS + which]; left != 0; left &= left - 1) {
            used[t * PER_TENANT + Integer.numberOfTrailingZeros(left)]++;
        }
    }

    /**
     * Begins a calendar period.
     *
     * @param t       tenant slot
     * @param which   PeriodKind, raw
     * @param startNs start, epoch ns
     */
    public void roll(final int t, final byte which, final long startNs) {
        for (int i = t * PER_TENANT; i < (t + 1) * PER_TENANT; i++) {
            if (quotaId[i] != 0 && kind[i] == which) {
                begin(i, startNs);
            }
        }
    }

    /**
     * Puts a quota of the tenant's configuration in its place; usage is kept when meter and period are the same.
     *
     * @param t         tenant slot
     * @param position  below {@link #PER_TENANT}
     * @param id        quota id, not 0
     * @param which     QuotaMeter, raw
     * @param period    PeriodKind, raw
     * @param lengthNs  length of a FIXED period
     * @param most      units in a period
     */
    public void configure(final int t, final int position, final int id, final byte which, final byte period,
        final long lengthNs, final long most) {
        final int to = t * PER_TENANT + position;
        for (int i = to; i < (t + 1) * PER_TENANT; i++) {
            if (quotaId[i] == id) {
                swap(i, to);
                break;
            }
        }
        if (quotaId[to] != id || meter[to] != which || kind[to] != period || periodNs[to] != lengthNs) {
            if (quotaId[to] != id && quotaId[to] != 0) {
                parkDisplaced(t, to);
            }
            used[to] = 0;
            announced[to] = 0;
            periodStartNs[to] = 0;
        }
        quotaId[to] = id;
        meter[to] = which;
        kind[to] = period;
        periodNs[to] = lengthNs;
        limit[to] = most;
        count[t] = Math.max(count[t], position + 1);
        findPlaces(t);
    }

    /**
     * Changes a limit while it runs; thresholds that are not reached any more can be announced again.
     *
     * @param t    tenant slot
     * @param id   quota id
     * @param most units in a period
     * @return the limit before, -1 when the tenant has no such quota
     */
    public long change(final int t, final int id, final long most) {
        for (int i = t * PER_TENANT; i < t * PER_TENANT + count[t]; i++) {
            if (quotaId[i] == id) {
                final long before = limit[i];
                limit[i] = most;
                announced[i] &= most > 0 ? Thresholds.reached(used[i], most) : 0;
                return before;
            }
        }
        return -1;
    }

    /**
     * Drops the quotas after the configured ones.
     *
     * @param t     tenant slot
     * @param configured quotas configured
     */
    public void trim(final int t, final int configured) {
        count[t] = configured;
        for (int i = t * PER_TENANT + configured; i < (t + 1) * PER_TENANT; i++) {
            quotaId[i] = 0;
        }
        findPlaces(t);
    }

    /**
     * Thresholds of a quota that were reached and not announced; they count as announced from now on.
     *
     * @param i tenant slot * {@link #PER_TENANT} + position
     * @return a bit per entry of {@link Thresholds}
     */
    public int newThresholds(final int i) {
        if (quotaId[i] == 0 || limit[i] <= 0) {
            return 0;
        }
        final int fresh = Thresholds.reached(used[i], limit[i]) & ~announced[i];
        announced[i] |= fresh;
        return fresh;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("quotas", 1);
        image.column(quotaId);
        image.column(meter);
        image.column(kind);
        image.column(periodNs);
        image.column(limit);
        image.column(used);
        image.column(periodStartNs);
        image.column(announced);
        for (int t = 0; image.loading() && t < count.length; t++) {
            count[t] = 0;
            while (count[t] < PER_TENANT && quotaId[t * PER_TENANT + count[t]] != 0) {
                count[t]++;
            }
            findPlaces(t);
        }
    }

    /**
     * Quotas of a tenant.
     *
     * @param t tenant slot
     * @return count
     */
    public int count(final int t) {
        return count[t];
    }

    private void findPlaces(final int t) {
        for (int which = 0; which < METERS; which++) {
            int bits = 0;
            for (int p = 0; p < count[t]; p++) {
                bits |= meter[t * PER_TENANT + p] == which ? 1 << p : 0;
            }
            places[t * METERS + which] = bits;
        }
    }

    private void advance(final int i, final long nowNs) {
        if (kind[i] == FIXED && nowNs - periodStartNs[i] >= periodNs[i]) {
            final long startNs = nowNs - Math.floorMod(nowNs, periodNs[i]);
            if (startNs > periodStartNs[i]) {
                begin(i, startNs);
            }
        }
    }

    private void begin(final int i, final long startNs) {
        used[i] = 0;
        announced[i] = 0;
        periodStartNs[i] = startNs;
    }

    private void parkDisplaced(final int t, final int from) {
        for (int i = from + 1; i < (t + 1) * PER_TENANT; i++) {
            if (quotaId[i] == 0) {
                swap(i, from);
                return;
            }
        }
    }

    private void swap(final int a, final int b) {
        final int id = quotaId[a];
        quotaId[a] = quotaId[b];
        quotaId[b] = id;
        final byte which = meter[a];
        meter[a] = meter[b];
        meter[b] = which;
        final byte period = kind[a];
        kind[a] = kind[b];
        kind[b] = period;
        swap(periodNs, a, b);
        swap(limit, a, b);
        swap(used, a, b);
        swap(periodStartNs, a, b);
        final int told = announced[a];
        announced[a] = announced[b];
        announced[b] = told;
    }

    private static void swap(final long[] column, final int a, final int b) {
        final long value = column[a];
        column[a] = column[b];
        column[b] = value;
    }
}
