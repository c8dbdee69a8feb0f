package weir.billing.rating;

import java.util.Arrays;

/** What rating knows of a tenant: terms, units and spend in the plan period. Owned by the billing thread. */
public final class TenantAccount {
    final int tenantId;
    String name;
    boolean postpaid;
    int planId;
    long budgetMicros;
    long periodStartNs;
    long spentMicros;
    int alertedPercent;
    final long[] units = new long[MeterKind.COUNT];
    private int tierPlanId;
    private int tierVersion;
    private final long[] tierUnits = new long[MeterKind.COUNT];
    boolean dirty = true;

    /**
     * A tenant that nothing is known of yet.
     *
     * @param tenantId tenant
     */
    public TenantAccount(final int tenantId) {
        this.tenantId = tenantId;
        this.name = "tenant-" + tenantId;
    }

    /**
     * Restores what was stored.
     *
     * @param name           of the tenant
     * @param postpaid       no balance check
     * @param planId         plan of the tenant
     * @param budgetMicros   of the period
     * @param periodStartNs  epoch nanoseconds
     * @param spentMicros    debits in the period
     * @param alertedPercent highest threshold passed in the period
     * @param unitsInPeriod  per meter
     */
    public void restore(final String name, final boolean postpaid, final int planId, final long budgetMicros,
        final long periodStartNs, final long spentMicros, final int alertedPercent, final long[] unitsInPeriod) {
        this.name = name;
        this.postpaid = postpaid;
        this.planId = planId;
        this.budgetMicros = budgetMicros;
        this.periodStartNs = periodStartNs;
        this.spentMicros = spentMicros;
        this.alertedPercent = alertedPercent;
        System.arraycopy(unitsInPeriod, 0, units, 0, MeterKind.COUNT);
        dirty = false;
    }

    /**
     * Restores which version priced last, and how much of the period.
     *
     * @param planId  plan
     * @param version of the plan
     * @param priced  units per meter
     */
    public void restoreTiers(final int planId, final int version, final long[] priced) {
        tierPlanId = planId;
        tierVersion = version;
        System.arraycopy(priced, 0, tierUnits, 0, MeterKind.COUNT);
    }

    /** Units that lie before the next one in the tiers of a version. */
    long tierPosition(final int meter, final Plan plan, final boolean restarts) {
        if (!restarts) {
            return units[meter];
        }
        return plan.planId() == tierPlanId && plan.version() == tierVersion ? tierUnits[meter] : 0;
    }

    /** Counts units priced by a version, null when none was in force. */
    void count(final int meter, final long more, final Plan plan) {
        units[meter] = Math.addExact(units[meter], more);
        if (plan != null) {
            if (plan.planId() != tierPlanId || plan.version() != tierVersion) {
                tierPlanId = plan.planId();
                tierVersion = plan.version();
                Arrays.fill(tierUnits, 0);
            }
            tierUnits[meter] = Math.addExact(tierUnits[meter], more);
        }
    }

    /** The period begins. */
    void clearUnits() {
        Arrays.fill(units, 0);
        Arrays.fill(tierUnits, 0);
    }

    /**
     * Plan whose version priced last.
     *
     * @return id; 0 none
     */
    public int tierPlanId() {
        return tierPlanId;
    }

    /**
     * Version that priced last.
     *
     * @return version; 0 none
     */
    public int tierVersion() {
        return tierVersion;
    }

    /**
     * Units of the period that it priced since another did.
     *
     * @param meter index
     * @return units
     */
    public long tierUnits(final int meter) {
        return tierUnits[meter];
    }

    /**
     * Tenant.
     *
     * @return id
     */
    public int tenantId() {
        return tenantId;
    }

    /**
     * Name from its configuration record.
     *
     * @return name
     */
    public String name() {
        return name;
    }

    /**
     * Billed after the fact, without a balance check.
     *
     * @return true for postpaid
     */
    public boolean postpaid() {
        return postpaid;
    }

    /**
     * Plan of the tenant.
     *
     * @return id; 0 none
     */
    public int planId() {
        return planId;
    }

    /**
     * Budget of the period.
     *
     * @return micro-units; 0 or less means none
     */
    public long budgetMicros() {
        return budgetMicros;
    }

    /**
     * Start of the plan period.
     *
     * @return epoch nanoseconds; 0 before the first roll
     */
    public long periodStartNs() {
        return periodStartNs;
    }

    /**
     * Debits in the period.
     *
     * @return micro-units
     */
    public long spentMicros() {
        return spentMicros;
    }

    /**
     * Highest budget threshold passed in the period.
     *
     * @return 0, 70, 85, 95 or 100
     */
    public int alertedPercent() {
        return alertedPercent;
    }

    /**
     * Units in the period.
     *
     * @param meter index
     * @return units
     */
    public long units(final int meter) {
        return units[meter];
    }

    /**
     * Whether it changed since it was stored; asking clears it.
     *
     * @return true when it is to be stored
     */
    public boolean takeDirty() {
        final boolean was = dirty;
        dirty = false;
        return was;
    }
}
