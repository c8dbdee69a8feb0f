package weir.engine.throttle;

import java.util.Arrays;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Plans;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;

/**
 * Rate classes, each a token bucket ({@link CellRates}), nested: a message kind of a session (route), the session
 * (key), its tenant, the whole gateway, and beside the tenant's own the class that its plan gives. All admit, or none
 * is charged; of those that refuse the one with the longest wait decides and is named. A burst window replaces a
 * tenant's class for a time, one of its plan the plan's: what the tenant pays for never lifts what was set for the
 * tenant. Engine thread.
 */
public final class RateClasses {
    /** Route: NewOrderSingle(D). */
    public static final int NEW = 0;
    /** Route: OrderCancelReplaceRequest(G). */
    public static final int REPLACE = 1;
    /** Route: OrderStatusRequest(H). */
    public static final int STATUS = 2;
    /** Routes of a session. */
    public static final int ROUTES = 3;
    /** Before, the first of session, tenant and gateway that refused was named. */
    private static final int STRICTEST_SINCE = 3;

    private final CellRates buckets;
    private final Registry registry;
    private final int[] capacity;
    private final int[] rate;
    private final int[] usualCapacity;
    private final int[] usualRate;
    private final int[] burstCapacity;
    private final int[] burstRate;
    private final long[] burstFromNs;
    private final long[] burstUntilNs;
    private final boolean[] bursting;
    /** Until when the class that a tenant's plan gives is as it is; 0 = to be found. */
    private final long[] planUntilNs;
    private final Ledger ledger;
    private final Plans plans;
    private final int sessions;
    private final int gateway;
    private final int ofPlans;

    /**
     * Makes classes without bounds.
     *
     * @param registry for the rules by which inputs are judged
     * @param sessions session slots
     * @param tenants  tenant slots
     * @param ledger   says which plan version is a tenant's
     * @param plans    say what class it gives
     */
    public RateClasses(final Registry registry, final int sessions, final int tenants, final Ledger ledger,
        final Plans plans) {
        this.registry = registry;
        this.ledger = ledger;
        this.plans = plans;
        this.sessions = sessions;
        gateway = sessions + tenants;
        ofPlans = gateway + 1 + sessions * ROUTES;
        final int all = ofPlans + tenants;
        buckets = new CellRates(all);
        capacity = new int[all];
        rate = new int[all];
        usualCapacity = new int[tenants];
        usualRate = new int[tenants];
        burstCapacity = new int[tenants];
        burstRate = new int[tenants];
        burstFromNs = new long[tenants];
        burstUntilNs = new long[tenants];
        bursting = new boolean[tenants];
        planUntilNs = new long[tenants];
    }

    /** A plan, or which plan a tenant has, is another: the classes that plans give are looked up again. */
    public void plansChanged() {
        Arrays.fill(planUntilNs, 0);
    }

    /**
     * Sets the class of a session.
     *
     * @param session session slot
     * @param size    burst; 0 = unbounded
     * @param rate    per second
     * @param nowNs   now
     */
    public void session(final int session, final int size, final int rate, final long nowNs) {
        configure(session, size, rate, nowNs);
    }

    /**
     * Sets the class of a tenant.
     *
     * @param tenant tenant slot
     * @param size   burst; 0 = unbounded
     * @param rate   per second
     * @param nowNs  now
     */
    public void tenant(final int tenant, final int size, final int rate, final long nowNs) {
        usualCapacity[tenant] = size;
        usualRate[tenant] = rate;
        if (!bursting[tenant]) {
            configure(sessions + tenant, size, rate, nowNs);
        }
    }

    /**
     * Sets the class of a message kind of a session.
     *
     * @param session session slot
     * @param route   NEW, REPLACE or STATUS
     * @param size    burst; 0 = unbounded
     * @param perS    per second
     * @param nowNs   now
     */
    public void route(final int session, final int route, final int size, final int perS, final long nowNs) {
        configure(routeIndex(session, route), size, perS, nowNs);
    }

    /**
     * Gives a tenant another class for a time; a window given before is forgotten.
     *
     * @param tenant  tenant slot
     * @param size    burst of the window; 0 = unbounded
     * @param perS    per second
     * @param fromNs  begin
     * @param untilNs end
     * @param nowNs   now
     */
    public void burst(final int tenant, final int size, final int perS, final long fromNs, final long untilNs,
        final long nowNs) {
        endBurst(tenant, nowNs);
        burstCapacity[tenant] = size;
        burstRate[tenant] = perS;
        burstFromNs[tenant] = fromNs;
        burstUntilNs[tenant] = untilNs;
        turn(tenant, nowNs);
    }

    /**
     * Is it the window that a tenant has, or had last?
     *
     * @param tenant  tenant slot
     * @param size    burst
     * @param perS    per second
     * @param fromNs  begin
     * @param untilNs end
     * @return true when nothing would change
     */
    public boolean isBurst(final int tenant, final int size, final int perS, final long fromNs,
        final long untilNs) {
        return burstCapacity[tenant] == size && burstRate[tenant] == perS && burstFromNs[tenant] == fromNs
            && burstUntilNs[tenant] == untilNs;
    }

    /**
     * Is a class as given?
     *
     * @param i    index as of {@link #gatewayIndex()} or {@link #routeIndex(int, int)}
     * @param size burst
     * @param perS per second
     * @return true when nothing would change
     */
    public boolean is(final int i, final int size, final int perS) {
        return capacity[i] == Math.max(0, size) && rate[i] == Math.max(0, perS);
    }

    /**
     * Index of a session's class.
     *
     * @param session session slot
     * @return index
     */
    public int sessionIndex(final int session) {
        return session;
    }

    /**
     * Index of a tenant's class.
     *
     * @param tenant tenant slot
     * @return index
     */
    public int tenantIndex(final int tenant) {
        return sessions + tenant;
    }

    /**
     * Index of the gateway's class.
     *
     * @return index
     */
    public int gatewayIndex() {
        return gateway;
    }

    /**
     * Index of a route's class.
     *
     * @param session session slot
     * @param route   NEW, REPLACE or STATUS
     * @return index
     */
    public int routeIndex(final int session, final int route) {
        return gateway + 1 + session * ROUTES + route;
    }

    /**
     * Index of the class that a tenant's plan gives.
     *
     * @param tenant tenant slot
     * @return index
     */
    public int planIndex(final int tenant) {
        return ofPlans + tenant;
    }

    /**
     * Plan version that gives a tenant a class now; changes nothing.
     *
     * @param tenant tenant slot
     * @param nowNs  now
     * @return version slot, -1 when no version is in force
     */
    public int planVersion(final int tenant, final long nowNs) {
        final int plan = plans.index.slotOf(ledger.planId[tenant]);
        return plan < 0 ? -1 : plans.inForce(plan, nowNs);
    }

    /**
     * Burst of the class that a plan version gives.
     *
     * @param version version slot
     * @param window  window of it that is open, -1 = none
     * @return tokens, 0 = unbounded
     */
    public int planCapacity(final int version, final int window) {
        return window < 0 ? plans.rateCapacity[version] : plans.bursts.capacity(window);
    }

    /**
     * Rate of the class that a plan version gives.
     *
     * @param version version slot
     * @param window  window of it that is open, -1 = none
     * @return tokens per second
     */
    public int planRate(final int version, final int window) {
        return window < 0 ? plans.ratePerSecond[version] : plans.bursts.perSecond(window);
    }

    /**
     * Burst of a class.
     *
     * @param i index
     * @return tokens, 0 = unbounded
     */
    public int capacity(final int i) {
        return capacity[i];
    }

    /**
     * Rate of a class.
     *
     * @param i index
     * @return tokens per second
     */
    public int rate(final int i) {
        return rate[i];
    }

    /**
     * Burst of a tenant's class outside its window.
     *
     * @param tenant tenant slot
     * @return tokens, 0 = unbounded
     */
    public int usualCapacity(final int tenant) {
        return usualCapacity[tenant];
    }

    /**
     * Rate of a tenant's class outside its window.
     *
     * @param tenant tenant slot
     * @return tokens per second
     */
    public int usualRate(final int tenant) {
        return usualRate[tenant];
    }

    /**
     * What a class has left; changes nothing.
     *
     * @param i     index
     * @param nowNs now
     * @return whole tokens
     */
    public long left(final int i, final long nowNs) {
        return buckets.level(i, nowNs);
    }

    /**
     * End of the burst window that a tenant is in.
     *
     * @param tenant tenant slot
     * @param nowNs  now
     * @return epoch ns, 0 when it is in none
     */
    public long burstUntilNs(final int tenant, final long nowNs) {
        return burstFromNs[tenant] <= nowNs && nowNs < burstUntilNs[tenant] ? burstUntilNs[tenant] : 0;
    }

    /**
     * Sets the class of the gateway.
     *
     * @param size  burst; 0 = unbounded
     * @param rate  per second
     * @param nowNs now
     */
    public void gateway(final int size, final int rate, final long nowNs) {
        configure(gateway, size, rate, nowNs);
    }

    /**
     * Takes one token of each class.
     *
     * @param v       verdict, gets the numbers of a refusal: burst size, ms until it would pass
     * @param session session slot
     * @param tenant  tenant slot
     * @param route   NEW, REPLACE or STATUS
     * @return RejectReason code, 0 when taken
     */
    public int tryTake(final Verdict v, final int session, final int tenant, final int route) {
        final long nowNs = v.nowNs;
        if (burstUntilNs[tenant] != 0) {
            turn(tenant, nowNs);
        }
        if (nowNs >= planUntilNs[tenant]) {
            findPlanClass(tenant, nowNs);
        }
        final int routed = routeIndex(session, route);
        if (isThere(ofPlans + tenant, nowNs) && isThere(routed, nowNs) && isThere(session, nowNs)
            && isThere(sessions + tenant, nowNs) && isThere(gateway, nowNs)) {
            take(routed, nowNs);
            take(session, nowNs);
            take(sessions + tenant, nowNs);
            take(gateway, nowNs);
            take(ofPlans + tenant, nowNs);
            return 0;
        }
        return registry.rulesVersion >= STRICTEST_SINCE ? refuseStrictest(v, routed, session, tenant)
            : refuse(v, session, tenant);
    }

    private int refuseStrictest(final Verdict v, final int routed, final int session, final int tenant) {
        long longestNs = 0;
        longestNs = refusal(v, routed, RejectReason.RATE_LIMITED_ROUTE, longestNs);
        longestNs = refusal(v, session, RejectReason.RATE_LIMITED_SESSION, longestNs);
        longestNs = refusal(v, sessions + tenant, RejectReason.RATE_LIMITED_TENANT, longestNs);
        longestNs = refusal(v, gateway, RejectReason.RATE_LIMITED_GATEWAY, longestNs);
        refusal(v, ofPlans + tenant, RejectReason.RATE_LIMITED_PLAN, longestNs);
        return v.reason;
    }

    private long refusal(final Verdict v, final int i, final RejectReason reason, final long longestNs) {
        final long waitNs = capacity[i] == 0 ? 0 : buckets.waitNs(i, v.nowNs);
        if (waitNs <= longestNs) {
            return longestNs;
        }
        v.reason = reason.code();
        v.detailA = capacity[i];
        v.detailB = waitNs == Long.MAX_VALUE ? waitNs : (waitNs + 999_999) / 1_000_000;
        return waitNs;
    }

    private int refuse(final Verdict v, final int session, final int tenant) {
        if (!admits(v, session)) {
            v.reason = RejectReason.RATE_LIMITED_SESSION.code();
        } else if (!admits(v, sessions + tenant)) {
            v.reason = RejectReason.RATE_LIMITED_TENANT.code();
        } else {
            admits(v, gateway);
            v.reason = RejectReason.RATE_LIMITED_GATEWAY.code();
        }
        return v.reason;
    }

    /**
     * Counts a cancel: it uses up tokens, and passes without.
     *
     * @param session session slot
     * @param tenant  tenant slot
     * @param nowNs   now
     */
    public void count(final int session, final int tenant, final long nowNs) {
        if (burstUntilNs[tenant] != 0) {
            turn(tenant, nowNs);
        }
        countOne(session, nowNs);
        countOne(sessions + tenant, nowNs);
        countOne(gateway, nowNs);
        if (nowNs >= planUntilNs[tenant]) {
            findPlanClass(tenant, nowNs);
        }
        countOne(ofPlans + tenant, nowNs);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("rate-classes", 5);
        image(image, 0, sessions);
        image(image, sessions, gateway);
        image(image, gateway, gateway + 1);
        image(image, gateway + 1, ofPlans);
        image(image, ofPlans, capacity.length);
        image.column(usualCapacity);
        image.column(usualRate);
        image.column(burstCapacity);
        image.column(burstRate);
        image.column(burstFromNs);
        image.column(burstUntilNs);
        image.column(bursting);
        image.column(planUntilNs);
    }

    private void image(final StateImage image, final int from, final int to) {
        image.column(capacity, from, to, 0);
        image.column(rate, from, to, 0);
        buckets.image(image, from, to);
    }

    private void configure(final int i, final int size, final int perS, final long nowNs) {
        capacity[i] = Math.max(0, size);
        rate[i] = Math.max(0, perS);
        buckets.configure(i, capacity[i], rate[i], nowNs);
    }

    /** Puts the class in force that the time asks for. */
    private void turn(final int tenant, final long nowNs) {
        if (nowNs >= burstUntilNs[tenant]) {
            endBurst(tenant, nowNs);
        } else if (!bursting[tenant] && nowNs >= burstFromNs[tenant]) {
            bursting[tenant] = true;
            configure(sessions + tenant, burstCapacity[tenant], burstRate[tenant], nowNs);
        }
    }

    /** Puts the class in force that the tenant's plan gives now. */
    private void findPlanClass(final int tenant, final long nowNs) {
        final int plan = plans.index.slotOf(ledger.planId[tenant]);
        final int version = planVersion(tenant, nowNs);
        int size = 0;
        int perS = 0;
        long untilNs = plan < 0 ? Long.MAX_VALUE : plans.unchangedUntilNs(plan, nowNs);
        if (version >= 0) {
            final int window = plans.bursts.at(version, nowNs);
            size = planCapacity(version, window);
            perS = planRate(version, window);
            untilNs = Math.min(untilNs, plans.bursts.nextChangeNs(version, nowNs));
        }
        if (!is(ofPlans + tenant, size, perS)) {
            configure(ofPlans + tenant, size, perS, nowNs);
        }
        planUntilNs[tenant] = untilNs;
    }

    private void endBurst(final int tenant, final long nowNs) {
        if (bursting[tenant]) {
            bursting[tenant] = false;
            configure(sessions + tenant, usualCapacity[tenant], usualRate[tenant], nowNs);
        }
    }

    private boolean admits(final Verdict v, final int i) {
        if (capacity[i] == 0) {
            return true;
        }
        final long waitNs = buckets.waitNs(i, v.nowNs);
        if (waitNs == 0) {
            return true;
        }
        v.detailA = capacity[i];
        v.detailB = waitNs == Long.MAX_VALUE ? waitNs : (waitNs + 999_999) / 1_000_000;
        return false;
    }

    private boolean isThere(final int i, final long nowNs) {
        return capacity[i] == 0 || buckets.isThere(i, nowNs);
    }

    private void take(final int i, final long nowNs) {
        if (capacity[i] != 0) {
            buckets.take(i, nowNs);
        }
    }

    private void countOne(final int i, final long nowNs) {
        if (capacity[i] != 0) {
            buckets.takeUpToOne(i, nowNs);
        }
    }
}
