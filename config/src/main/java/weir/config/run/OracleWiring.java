package weir.config.run;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import weir.billing.rating.MeterKind;
import weir.billing.reconcile.BillOracle;
import weir.billing.reconcile.OraclePlan;
import weir.billing.reconcile.OracleTerms;
import weir.cli.CommandActions.TenantPlan;
import weir.config.failure.CommandFailure;
import weir.config.load.PlanFile;
import weir.config.model.Desk;
import weir.config.model.Plan;
import weir.config.model.Tenant;
import weir.config.model.VenueAccount;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.TierStart;

/**
 * Names to the bill oracle who is who and what is published: tenants, their desks and accounts at venues, the prices
 * and terms of {@code config/plans} and of the files of versions that were applied to a running router, and since when
 * a tenant has its plan where it changed. Orders of a tenant whose account others share are left out.
 */
final class OracleWiring {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int MICROS_DIGITS = 6;

    private OracleWiring() {
    }

    /**
     * The oracle of a configuration.
     *
     * @param config  the configuration
     * @param applied plan files that are not among its own; one that is there too must be the same
     * @param changes plans that tenants had, from when on; a tenant that is not there always had the plan that it has
     * @throws CommandFailure PLAN_CONFLICT or PLAN_VERSION_EXISTS where they contradict what is there; UNKNOWN_TENANT,
     *                        UNKNOWN_PLAN, TENANT_PLAN_TWICE
     */
    static BillOracle oracle(final WeirConfig config, final List<Path> applied, final List<TenantPlan> changes) {
        final List<Plan> plans = plans(config, applied);
        check(config, plans, changes);
        final BillOracle oracle = new BillOracle();
        final Set<String> shared = new HashSet<>();
        for (final Tenant tenant : config.tenants()) {
            tenant.accounts().stream().filter(VenueAccount::shared).forEach(account -> shared.add(account.name()));
        }
        for (final Tenant tenant : config.tenants()) {
            final ZoneId zone = tenant.timeZone();
            oracle.tenant(new OracleTerms(tenant.id(), seen(tenant, shared), assigned(tenant, plans, changes),
                epochNs -> monthStartNs(epochNs, zone)));
            tenant.clients().forEach(client -> oracle.client(client.sessionId(), tenant.id()));
            for (final Desk desk : tenant.desks()) {
                oracle.session(desk.sessionId(), tenant.id());
            }
            for (final VenueAccount account : tenant.accounts()) {
                oracle.account(account.name(), tenant.id());
            }
        }
        return oracle;
    }

    private static void check(final WeirConfig config, final List<Plan> plans, final List<TenantPlan> changes) {
        final Set<Map.Entry<String, Long>> stated = new HashSet<>();
        for (final TenantPlan change : changes) {
            if (config.tenants().stream().noneMatch(tenant -> tenant.name().equals(change.tenant()))) {
                throw new CommandFailure("UNKNOWN_TENANT", "there is no tenant " + change.tenant());
            }
            if (plans.stream().noneMatch(plan -> plan.name().equals(change.plan()))) {
                throw new CommandFailure("UNKNOWN_PLAN", "there is no plan " + change.plan());
            }
            if (!stated.add(Map.entry(change.tenant(), change.fromNs()))) {
                throw new CommandFailure("TENANT_PLAN_TWICE", "tenant " + change.tenant()
                    + " is said to have two plans since " + Instant.ofEpochSecond(0, change.fromNs()));
            }
        }
    }

    /** Versions of the plans that a tenant had, by the time from which it had them. */
    private static NavigableMap<Long, List<OraclePlan>> assigned(final Tenant tenant, final List<Plan> plans,
        final List<TenantPlan> changes) {
        final NavigableMap<Long, List<OraclePlan>> assigned = new TreeMap<>();
        for (final TenantPlan change : changes) {
            if (change.tenant().equals(tenant.name())) {
                assigned.put(change.fromNs(), versions(change.plan(), plans));
            }
        }
        if (assigned.isEmpty()) {
            assigned.put(Long.MIN_VALUE, versions(tenant.plan(), plans));
        }
        return assigned;
    }

    private static List<OraclePlan> versions(final String name, final List<Plan> plans) {
        return plans.stream().filter(plan -> plan.name().equals(name)).map(OracleWiring::published).toList();
    }

    private static List<Plan> plans(final WeirConfig config, final List<Path> applied) {
        final List<Plan> plans = new ArrayList<>(config.plans());
        for (final Path file : applied) {
            final Plan plan = PlanFile.load(file);
            PlanActions.checkAgainst(config, plan);
            final Optional<Plan> there = plans.stream().filter(known -> known.id() == plan.id()
                && known.version() == plan.version()).findFirst();
            if (there.isEmpty()) {
                plans.add(plan);
            } else if (!there.get().equals(plan)) {
                throw new CommandFailure("PLAN_VERSION_EXISTS", file + ": version " + plan.version() + " of plan "
                    + plan.name() + " is there with other content; a change is a new version");
            }
        }
        return plans;
    }

    private static Set<MeterKind> seen(final Tenant tenant, final Set<String> shared) {
        final Set<MeterKind> seen = EnumSet.allOf(MeterKind.class);
        if (shared.contains(tenant.defaultAccount())
            || tenant.accounts().stream().anyMatch(account -> shared.contains(account.name()))) {
            seen.remove(MeterKind.ORDER_SENT);
            seen.remove(MeterKind.ORDER_FILLED);
        }
        return seen;
    }

    private static OraclePlan published(final Plan plan) {
        final Map<MeterKind, List<OraclePlan.Tier>> tiers = new EnumMap<>(MeterKind.class);
        for (final Plan.Tier tier : plan.tiers()) {
            tiers.computeIfAbsent(MeterKind.of(tier.meter()), meter -> new ArrayList<>()).add(new OraclePlan.Tier(
                tier.upTo() == Plan.UNBOUNDED ? null : BigDecimal.valueOf(tier.upTo()),
                BigDecimal.valueOf(tier.priceMicros(), MICROS_DIGITS)));
        }
        return new OraclePlan(plan.version(), plan.effectiveNs(), plan.validUntilNs(),
            plan.tierStart() == TierStart.RESTART, plan.fillPerOrder(), tiers);
    }

    private static long monthStartNs(final long epochNs, final ZoneId zone) {
        final ZonedDateTime time = Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_S)).atZone(zone);
        return Math.multiplyExact(time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toLocalDate()
            .atStartOfDay(zone).toEpochSecond(), NS_PER_S);
    }
}
