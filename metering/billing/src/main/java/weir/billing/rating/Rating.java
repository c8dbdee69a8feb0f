package weir.billing.rating;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * What one record charges, as billing sees it. Reused. Slices are (meter, price, units) with one price each, so that
 * amount = units x price holds exactly.
 */
public final class Rating {
    long sequence;
    long epochNs;
    int tenantId;
    int planId;
    int planVersion;
    boolean postpaid;
    long grantMicros;
    long grantId;
    int alertPercent;
    int alertAbovePercent;
    boolean periodRolled;
    int rolledTenantId;
    long periodStartNs;
    final IntArrayList begunTenants = new IntArrayList();
    final long[] units = new long[MeterKind.COUNT];
    final long[] amountMicros = new long[MeterKind.COUNT];
    private int sliceCount;
    private int[] sliceMeter = new int[8];
    private long[] slicePrice = new long[8];
    private long[] sliceUnits = new long[8];

    void reset(final long newSequence, final long newEpochNs) {
        sequence = newSequence;
        epochNs = newEpochNs;
        tenantId = 0;
        planId = 0;
        planVersion = 0;
        postpaid = false;
        grantMicros = 0;
        grantId = 0;
        alertPercent = 0;
        alertAbovePercent = 0;
        periodRolled = false;
        rolledTenantId = 0;
        periodStartNs = 0;
        begunTenants.clear();
        sliceCount = 0;
        Arrays.fill(units, 0);
        Arrays.fill(amountMicros, 0);
    }

    void addSlice(final int meter, final long priceMicros, final long count) {
        if (sliceCount == sliceMeter.length) {
            sliceMeter = Arrays.copyOf(sliceMeter, sliceCount * 2);
            slicePrice = Arrays.copyOf(slicePrice, sliceCount * 2);
            sliceUnits = Arrays.copyOf(sliceUnits, sliceCount * 2);
        }
        sliceMeter[sliceCount] = meter;
        slicePrice[sliceCount] = priceMicros;
        sliceUnits[sliceCount] = count;
        sliceCount++;
        amountMicros[meter] = Math.addExact(amountMicros[meter], Math.multiplyExact(priceMicros, count));
    }

    /**
     * Record rated.
     *
     * @return sequence
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Journaled time.
     *
     * @return epoch nanoseconds
     */
    public long epochNs() {
        return epochNs;
    }

    /**
     * Who pays.
     *
     * @return tenant; 0 nobody
     */
    public int tenantId() {
        return tenantId;
    }

    /**
     * Plan used.
     *
     * @return id; 0 none
     */
    public int planId() {
        return planId;
    }

    /**
     * Version of the plan used.
     *
     * @return version; 0 none
     */
    public int planVersion() {
        return planVersion;
    }

    /**
     * Whether the tenant pays after the fact.
     *
     * @return true for postpaid
     */
    public boolean postpaid() {
        return postpaid;
    }

    /**
     * Credit that the record gives.
     *
     * @return micro-units, negative for a charge-back
     */
    public long grantMicros() {
        return grantMicros;
    }

    /**
     * Grant that the record applies.
     *
     * @return id; 0 none
     */
    public long grantId() {
        return grantId;
    }

    /**
     * Highest budget threshold that this record passed.
     *
     * @return percent; 0 none
     */
    public int alertPercent() {
        return alertPercent;
    }

    /**
     * Highest budget threshold that had been passed before; those above it, up to {@link #alertPercent()}, are new.
     *
     * @return percent; 0 none
     */
    public int alertAbovePercent() {
        return alertAbovePercent;
    }

    /**
     * Whether a plan period began: windows of {@link #rolledTenantId()} are cut here.
     *
     * @return true for a month roll
     */
    public boolean periodRolled() {
        return periodRolled;
    }

    /**
     * Whose period began.
     *
     * @return tenant; 0 all
     */
    public int rolledTenantId() {
        return rolledTenantId;
    }

    /**
     * Start of the period that began with this record; what was journaled before the record is of the period before.
     *
     * @param tenant whose
     * @return epoch nanoseconds; {@link Long#MAX_VALUE} when it had begun before, or there was none before
     */
    public long periodStartNs(final int tenant) {
        return begunTenants.containsInt(tenant) ? periodStartNs : Long.MAX_VALUE;
    }

    /**
     * Units of a meter.
     *
     * @param meter index
     * @return units
     */
    public long units(final int meter) {
        return units[meter];
    }

    /**
     * Amount of a meter.
     *
     * @param meter index
     * @return micro-units
     */
    public long amountMicros(final int meter) {
        return amountMicros[meter];
    }

    /**
     * Sum over the meters.
     *
     * @return micro-units
     */
    public long debitMicros() {
        long sum = 0;
        for (final long amount : amountMicros) {
            sum = Math.addExact(sum, amount);
        }
        return sum;
    }

    /**
     * Number of slices.
     *
     * @return count
     */
    public int sliceCount() {
        return sliceCount;
    }

    /**
     * Meter of a slice.
     *
     * @param slice index
     * @return meter index
     */
    public int sliceMeter(final int slice) {
        return sliceMeter[slice];
    }

    /**
     * Price of a slice.
     *
     * @param slice index
     * @return micro-units per unit
     */
    public long slicePriceMicros(final int slice) {
        return slicePrice[slice];
    }

    /**
     * Units of a slice.
     *
     * @param slice index
     * @return units
     */
    public long sliceUnits(final int slice) {
        return sliceUnits[slice];
    }
}
