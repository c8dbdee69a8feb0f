package weir.engine.ledger;

import weir.engine.journal.Verdict;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;

/**
 * The one enforcer of money. Prepaid: {@code available = granted - debited - reserved}, never below zero; what a fill
 * costs beyond that is owed (receivable) and stops new orders until a grant covers it. Columns are indexed by tenant
 * slot; amounts are micro-units.
 */
public final class Ledger {
    /** Meter request. */
    public static final int REQUEST = 0;
    /** Meter order_sent. */
    public static final int ORDER_SENT = 1;
    /** Meter order_filled. */
    public static final int ORDER_FILLED = 2;
    /** Meter compute_ms. */
    public static final int COMPUTE_MS = 3;
    private static final byte PREPAID = 0;

    /** Credit granted. */
    public final long[] granted;
    /** Credit debited. */
    public final long[] debited;
    /** Credit reserved for open orders. */
    public final long[] reserved;
    /** Owed beyond credit. */
    public final long[] receivable;
    /** Charged in the plan period. */
    public final long[] spent;
    /** Budget of the plan period; 0 or less = none. */
    public final long[] budget;
    /** Start of the plan period, epoch ns. */
    public final long[] periodStartNs;
    /** CreditMode, raw. */
    public final byte[] creditMode;
    /** Plan id. */
    public final int[] planId;
    /** Thresholds announced in the period, a bit each. */
    public final int[] announced;
    /** Units in the plan period, per tenant and meter. */
    public final long[] units;
    /** Plan whose version {@link #tierUnits} are of. */
    public final int[] tierPlan;
    /** Version that {@link #tierUnits} are of, also from a period before, where these are 0; 0 = none yet. */
    public final int[] tierVersion;
    /** Units in the plan period priced by one version without another between, per tenant and meter. */
    public final long[] tierUnits;
    private final Plans plans;
    /** Slot found of the tenant's plan, and the plan that it is of. */
    private final int[] planSlot;
    private final int[] slottedPlanId;
    /** What {@link #check} found, for the request and the reserve that follow it in the same call. */
    private int checkedVersion;
    private long checkedRequestMicros;
    private long checkedReserveMicros;

    /**
     * Makes an empty ledger.
     *
     * @param tenants tenant slots
     * @param plans   prices
     */
    public Ledger(final int tenants, final Plans plans) {
        granted = new long[tenants];
        debited = new long[tenants];
        reserved = new long[tenants];
        receivable = new long[tenants];
        spent = new long[tenants];
        budget = new long[tenants];
        periodStartNs = new long[tenants];
        creditMode = new byte[tenants];
        planId = new int[tenants];
        announced = new int[tenants];
        units = new long[tenants * Plans.METERS];
        tierPlan = new int[tenants];
        tierVersion = new int[tenants];
        tierUnits = new long[tenants * Plans.METERS];
        this.plans = plans;
        planSlot = new int[tenants];
        slottedPlanId = new int[tenants];
        java.util.Arrays.fill(planSlot, -1);
    }

    /**
     * Credit that new orders may use.
     *
     * @param t tenant slot
     * @return micros
     */
    public long available(final int t) {
        return granted[t] - debited[t] - reserved[t];
    }

    /**
     * Plan version in force for a tenant.
     *
     * @param t     tenant slot
     * @param nowNs now
     * @return version slot, -1 when none
     */
    public int version(final int t, final long nowNs) {
        final int plan = plan(t);
        return plan < 0 ? -1 : plans.inForce(plan, nowNs);
    }

    /**
     * Would one request, and a reserve beside it, be covered? Changes nothing.
     *
     * @param v       verdict, gets the numbers of a refusal
     * @param t       tenant slot
     * @param reserve reserve the order needs: true for an order that adds exposure
     * @return RejectReason code, 0 when covered
     */
    public int check(final Verdict v, final int t, final boolean reserve) {
        final int plan = plan(t);
        final int version = plan < 0 ? -1 : plans.inForce(plan, v.nowNs);
        if (version < 0) {
            return v.refuse(RejectReason.NO_PLAN.code(), planId[t], 0);
        }
        if (budget[t] > 0 && spent[t] >= budget[t]) {
            return v.refuse(RejectReason.BUDGET_EXHAUSTED.code(), budget[t], spent[t]);
        }
        checkedVersion = version;
        checkedRequestMicros = plans.price(version, REQUEST,
            tierPosition(t, version, REQUEST, units[t * Plans.METERS + REQUEST]), 1);
        checkedReserveMicros = reserve ? plans.worstCase(plan, v.nowNs) : 0;
        if (creditMode[t] == PREPAID) {
            final long needed = checkedRequestMicros + checkedReserveMicros;
            if (needed > available(t) || reserve && receivable[t] > 0) {
                return v.refuse(RejectReason.CREDIT_EXHAUSTED.code(), needed, available(t));
            }
        }
        return 0;
    }

    /**
     * Charges one request. {@link #check} answered 0 for the tenant before, in the same call; its plan and price hold.
     *
     * @param v verdict
     * @param t tenant slot
     */
    public void request(final Verdict v, final int t) {
        v.requestUnits++;
        bind(v, t, checkedVersion);
        count(t, checkedVersion, REQUEST, 1);
        debit(v, t, checkedRequestMicros, 0);
    }

    /**
     * Reserves the worst case of an order. {@link #check} with reserve answered 0 for the tenant before, in the same
     * call.
     *
     * @param v verdict
     * @param t tenant slot
     * @return micros reserved, 0 for a postpaid tenant
     */
    public long reserve(final Verdict v, final int t) {
        bind(v, t, checkedVersion);
        if (creditMode[t] != PREPAID) {
            return 0;
        }
        reserved[t] += checkedReserveMicros;
        v.reservedMicros += checkedReserveMicros;
        return checkedReserveMicros;
    }

    /**
     * Gives back what is left of an order's reserve.
     *
     * @param v      verdict
     * @param t      tenant slot
     * @param amount micros
     */
    public void release(final Verdict v, final int t, final long amount) {
        if (amount != 0) {
            touch(v, t);
            reserved[t] -= amount;
            v.reservedMicros -= amount;
            coverReceivable(t);
        }
    }

    /**
     * Charges order_sent.
     *
     * @param v            verdict
     * @param t            tenant slot
     * @param orderReserve what is left of the order's reserve
     * @return micros taken from the reserve
     */
    public long sent(final Verdict v, final int t, final long orderReserve) {
        v.sentUnits++;
        return debit(v, t, charge(v, t, ORDER_SENT, 1), orderReserve);
    }

    /**
     * Charges order_filled for a new execution.
     *
     * @param v            verdict
     * @param t            tenant slot
     * @param firstFill    it is the order's first
     * @param orderReserve what is left of the order's reserve
     * @return micros taken from the reserve
     */
    public long filled(final Verdict v, final int t, final boolean firstFill, final long orderReserve) {
        final int version = version(t, v.nowNs);
        if (version >= 0 && plans.fillPerOrder[version] && !firstFill) {
            touch(v, t);
            return 0;
        }
        v.filledUnits++;
        return debit(v, t, charge(v, t, ORDER_FILLED, 1), orderReserve);
    }

    /**
     * Charges compute time.
     *
     * @param v  verdict
     * @param t  tenant slot
     * @param ms milliseconds
     */
    public void compute(final Verdict v, final int t, final long ms) {
        v.computeMs += ms;
        debit(v, t, charge(v, t, COMPUTE_MS, ms), 0);
    }

    /**
     * Does the sum of all grants still fit?
     *
     * @param t      tenant slot
     * @param amount micros, of either sign
     * @return false when it would overflow
     */
    public boolean holds(final int t, final long amount) {
        final long sum = granted[t] + amount;
        return ((granted[t] ^ sum) & (amount ^ sum)) >= 0;
    }

    /**
     * May a refund be paid out? What is reserved for open orders is not available, and what is owed comes first.
     *
     * @param t      tenant slot
     * @param amount micros, negative for money that leaves
     * @return false when it would take more than is available
     */
    public boolean coversRefund(final int t, final long amount) {
        return amount >= 0 || creditMode[t] != PREPAID || receivable[t] == 0 && available(t) + amount >= 0;
    }

    /**
     * Books a grant. A negative amount takes credit; what is spent already becomes owed.
     *
     * @param v      verdict
     * @param t      tenant slot
     * @param amount micros
     */
    public void grant(final Verdict v, final int t, final long amount) {
        touch(v, t);
        v.creditedMicros += amount;
        granted[t] += amount;
        if (amount < 0 && creditMode[t] == PREPAID && available(t) < 0) {
            final long shortfall = -available(t);
            granted[t] += shortfall;
            receivable[t] += shortfall;
        }
        coverReceivable(t);
    }

    /**
     * Begins a plan period.
     *
     * @param t       tenant slot
     * @param startNs start, epoch ns
     */
    public void roll(final int t, final long startNs) {
        for (int meter = 0; meter < Plans.METERS; meter++) {
            units[t * Plans.METERS + meter] = 0;
            tierUnits[t * Plans.METERS + meter] = 0;
        }
        spent[t] = 0;
        announced[t] = 0;
        periodStartNs[t] = startNs;
    }

    /**
     * Thresholds of the budget that were reached and not announced; they count as announced from now on.
     *
     * @param t tenant slot
     * @return a bit per entry of {@link Thresholds}
     */
    public int newThresholds(final int t) {
        if (budget[t] <= 0) {
            return 0;
        }
        final int fresh = Thresholds.reached(spent[t], budget[t]) & ~announced[t];
        announced[t] |= fresh;
        return fresh;
    }

    /**
     * Binds the verdict to the tenant's money and notes its plan.
     *
     * @param v verdict
     * @param t tenant slot
     */
    public void touch(final Verdict v, final int t) {
        bind(v, t);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("ledger", 2);
        image.column(granted);
        image.column(debited);
        image.column(reserved);
        image.column(receivable);
        image.column(spent);
        image.column(budget);
        image.column(periodStartNs);
        image.column(creditMode);
        image.column(planId);
        image.column(announced);
        image.column(units);
        image.column(tierPlan);
        image.column(tierVersion);
        image.column(tierUnits);
        if (image.loading()) {
            java.util.Arrays.fill(planSlot, -1);
        }
    }

    /**
     * Reads a little of the cache lines of a tenant's money: see {@code LookAhead}.
     *
     * @param t tenant slot
     * @return of no meaning
     */
    public long touch(final int t) {
        return granted[t] + debited[t] + reserved[t] + receivable[t] + spent[t] + budget[t] + planId[t] + announced[t]
            + units[t * Plans.METERS] + tierPlan[t] + tierVersion[t] + tierUnits[t * Plans.METERS] + planSlot[t];
    }

    /** Slot of the tenant's plan, which a plan keeps once it has one; -1 when it has none. */
    private int plan(final int t) {
        if (planSlot[t] < 0 || slottedPlanId[t] != planId[t]) {
            planSlot[t] = plans.index.slotOf(planId[t]);
            slottedPlanId[t] = planId[t];
        }
        return planSlot[t];
    }

    /** Binds the verdict to the tenant's money; answers the plan version in force, -1 when none is. */
    private int bind(final Verdict v, final int t) {
        final int version = version(t, v.nowNs);
        bind(v, t, version);
        return version;
    }

    private void bind(final Verdict v, final int t, final int version) {
        v.moneyTenant = t;
        v.planId = planId[t];
        v.planVersion = version < 0 ? 0 : plans.version[version];
    }

    private long charge(final Verdict v, final int t, final int meter, final long count) {
        final int version = bind(v, t);
        if (version < 0) {
            units[t * Plans.METERS + meter] += count;
            return 0;
        }
        final long price = plans.price(version, meter,
            tierPosition(t, version, meter, units[t * Plans.METERS + meter]), count);
        count(t, version, meter, count);
        return price;
    }

    /** Counts units that a version priced. */
    private void count(final int t, final int version, final int meter, final long count) {
        final int at = t * Plans.METERS + meter;
        units[at] += count;
        if (count > 0 && !isTierOf(t, version)) {
            tierPlan[t] = planId[t];
            tierVersion[t] = plans.version[version];
            for (int m = 0; m < Plans.METERS; m++) {
                tierUnits[t * Plans.METERS + m] = 0;
            }
        }
        tierUnits[at] += count;
    }

    /** Units that lie before the next one in the tiers of a version. */
    private long tierPosition(final int t, final int version, final int meter, final long inPeriod) {
        if (!plans.restart[version]) {
            return inPeriod;
        }
        return isTierOf(t, version) ? tierUnits[t * Plans.METERS + meter] : 0;
    }

    private boolean isTierOf(final int t, final int version) {
        return tierPlan[t] == planId[t] && tierVersion[t] == plans.version[version];
    }

    private long debit(final Verdict v, final int t, final long price, final long orderReserve) {
        v.debitMicros += price;
        spent[t] += price;
        if (orderReserve == 0 && (creditMode[t] != PREPAID || price >= 0 && price <= available(t))) {
            debited[t] += price;
            return 0;
        }
        final long fromReserve = Math.min(price, orderReserve);
        reserved[t] -= fromReserve;
        v.reservedMicros -= fromReserve;
        debited[t] += fromReserve;
        final long rest = price - fromReserve;
        if (rest == 0) {
            return fromReserve;
        }
        final long fromAvailable = Math.min(rest, Math.max(0, available(t)));
        debited[t] += fromAvailable;
        receivable[t] += rest - fromAvailable;
        return fromReserve;
    }

    private void coverReceivable(final int t) {
        final long covered = Math.min(receivable[t], Math.max(0, available(t)));
        debited[t] += covered;
        receivable[t] -= covered;
    }
}
