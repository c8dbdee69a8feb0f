package weir.billing.rating;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * All that rating remembers besides orders: tenants, sessions, plans, active schedules, grants applied. Single writer:
 * the billing thread. Changes are listed until they are taken for storing.
 */
public final class RatingState {
    private static final int NO_TENANT = 0;
    private static final Plan[] NO_PLANS = {};

    private final Map<Integer, TenantAccount> tenants = new TreeMap<>();
    private final Int2ObjectHashMap<TenantAccount> byTenant = new Int2ObjectHashMap<>();
    private final Int2IntHashMap tenantBySession = new Int2IntHashMap(NO_TENANT);
    private final Int2ObjectHashMap<Plan[]> plans = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<PlanTerms> terms = new Long2ObjectHashMap<>();
    private final Map<Schedule.Key, Schedule> schedules = new HashMap<>();
    private final LongHashSet grants = new LongHashSet();
    private final List<Plan> newPlans = new ArrayList<>();
    private final List<PlanTerms> newTerms = new ArrayList<>();
    private Plan instead;
    private final List<Integer> changedSessions = new ArrayList<>();
    private final List<Schedule.Key> changedSchedules = new ArrayList<>();

    /**
     * Tenant, made when it is first named.
     *
     * @param tenantId tenant
     * @return its account
     */
    public TenantAccount tenant(final int tenantId) {
        final TenantAccount known = byTenant.get(tenantId);
        if (known != null) {
            return known;
        }
        final TenantAccount made = new TenantAccount(tenantId);
        tenants.put(tenantId, made);
        byTenant.put(tenantId, made);
        return made;
    }

    /**
     * Every tenant, by id.
     *
     * @return live view
     */
    public Collection<TenantAccount> tenants() {
        return tenants.values();
    }

    /**
     * Whose session it is.
     *
     * @param sessionId session
     * @return tenant; 0 when unknown
     */
    public int tenantOfSession(final int sessionId) {
        return tenantBySession.get(sessionId);
    }

    /**
     * Remembers a session.
     *
     * @param sessionId session
     * @param tenantId  whose it is
     */
    public void putSession(final int sessionId, final int tenantId) {
        if (tenantId == NO_TENANT) {
            tenantBySession.remove(sessionId);
        } else {
            tenantBySession.put(sessionId, tenantId);
        }
        changedSessions.add(sessionId);
    }

    /**
     * Remembers a plan version.
     *
     * @param plan version
     */
    public void putPlan(final Plan plan) {
        final TreeMap<Integer, Plan> versions = new TreeMap<>();
        for (final Plan known : plans.getOrDefault(plan.planId(), NO_PLANS)) {
            versions.put(known.version(), known);
        }
        versions.put(plan.version(), plan);
        plans.put(plan.planId(), versions.values().toArray(NO_PLANS));
        newPlans.add(plan);
    }

    /**
     * Remembers the terms of a plan version.
     *
     * @param of terms
     */
    public void putTerms(final PlanTerms of) {
        terms.put(key(of.planId(), of.version()), of);
        newTerms.add(of);
    }

    /**
     * Terms that are new.
     *
     * @return terms put since the last call
     */
    public List<PlanTerms> takeNewTerms() {
        return take(newTerms);
    }

    /**
     * Rates everything by one plan version, whatever plans the journal has: a simulation.
     *
     * @param plan version
     */
    public void rateBy(final Plan plan) {
        instead = plan;
    }

    /**
     * Whether the tiers of a version count only the units that it priced.
     *
     * @param plan version
     * @return false: all units of the period
     */
    public boolean restarts(final Plan plan) {
        final PlanTerms of = terms.get(key(plan.planId(), plan.version()));
        return of != null && of.restart();
    }

    private boolean isOver(final Plan plan, final long epochNs) {
        final PlanTerms of = terms.get(key(plan.planId(), plan.version()));
        return of != null && of.isOver(epochNs);
    }

    private static long key(final int planId, final int version) {
        return (long)planId << 32 | version;
    }

    /**
     * Plan in force: of the versions whose time has come and has not ended the one that came last; of equal times the
     * higher version.
     *
     * @param planId  plan
     * @param epochNs journaled time
     * @return the version; null when there is none
     */
    public Plan planInForce(final int planId, final long epochNs) {
        if (instead != null) {
            return instead;
        }
        final Plan[] versions = plans.get(planId);
        if (versions == null) {
            return null;
        }
        Plan best = null;
        for (final Plan plan : versions) {
            if (plan.effectiveNs() <= epochNs && (best == null || plan.effectiveNs() >= best.effectiveNs())
                && !isOver(plan, epochNs)) {
                best = plan;
            }
        }
        return best;
    }

    /**
     * Remembers an active schedule.
     *
     * @param schedule schedule
     */
    public void putSchedule(final Schedule schedule) {
        schedules.put(schedule.key(), schedule);
        changedSchedules.add(schedule.key());
    }

    /**
     * Active schedule.
     *
     * @param key which
     * @return null when it is not active
     */
    public Schedule schedule(final Schedule.Key key) {
        return schedules.get(key);
    }

    /**
     * Is a schedule of that id active, whosever it is?
     *
     * @param scheduleId schedule
     * @return true when one is
     */
    public boolean isScheduleTaken(final long scheduleId) {
        return schedules.keySet().stream().anyMatch(key -> key.scheduleId() == scheduleId);
    }

    /**
     * A schedule ended.
     *
     * @param key which
     * @return what it was; null when it was not active
     */
    public Schedule removeSchedule(final Schedule.Key key) {
        changedSchedules.add(key);
        return schedules.remove(key);
    }

    /**
     * Applies a grant once.
     *
     * @param grantId grant
     * @return true the first time
     */
    public boolean firstGrant(final long grantId) {
        return grants.add(grantId);
    }

    /**
     * Tenant of a session that changed.
     *
     * @return sessions changed since the last call
     */
    public List<Integer> takeChangedSessions() {
        return take(changedSessions);
    }

    /**
     * Plans that are new.
     *
     * @return plans put since the last call
     */
    public List<Plan> takeNewPlans() {
        return take(newPlans);
    }

    /**
     * Schedules that started or ended.
     *
     * @return which, since the last call
     */
    public List<Schedule.Key> takeChangedSchedules() {
        return take(changedSchedules);
    }

    private static <T> List<T> take(final List<T> list) {
        if (list.isEmpty()) {
            return List.of();
        }
        final List<T> taken = new ArrayList<>(list);
        list.clear();
        return taken;
    }
}
