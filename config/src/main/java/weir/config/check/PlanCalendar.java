package weir.config.check;

import java.time.Instant;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import weir.config.model.Plan;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.config.yaml.ExactDecimal;
import weir.config.yaml.Forms;
import weir.config.yaml.Location;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.engine.ledger.Plans;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.TierStart;

/** Which version of each plan is in force when, for people, and what of that is likely not meant. */
public final class PlanCalendar {
    private static final int MICROS_SCALE = 6;

    /**
     * A version of a plan.
     *
     * @param plan       name
     * @param version    version
     * @param state      in force, scheduled, ended, or superseded
     * @param effective  from when
     * @param validUntil until when, "" = no end
     * @param currency   of its prices
     * @param tiers      restart or continue
     * @param rate       rate class of its tenants, "" = no bound
     * @param prices     prices by meter
     * @param tenants    tenants of the plan
     */
    public record Row(String plan, int version, String state, String effective, String validUntil, String currency,
        String tiers, String rate, String prices, String tenants) {
    }

    /**
     * Something that is likely not meant.
     *
     * @param code kind
     * @param text sentence
     */
    public record Warning(String code, String text) {
    }

    private PlanCalendar() {
    }

    /**
     * Versions.
     *
     * @param config the configuration
     * @param nowNs  now, epoch nanoseconds
     * @return one row per version
     */
    public static List<Row> rows(final WeirConfig config, final long nowNs) {
        final List<Row> rows = new ArrayList<>();
        for (final List<Plan> versions : byId(config).values()) {
            final Optional<Plan> inForce = Plan.inForce(versions, nowNs);
            for (final Plan plan : versions) {
                final List<String> prices = new ArrayList<>();
                for (final Meter meter : new TreeSet<>(plan.tiers().stream().map(Plan.Tier::meter).toList())) {
                    prices.add(Forms.name(meter) + ' ' + prices(plan, meter));
                }
                rows.add(new Row(plan.name(), plan.version(), state(plan, inForce, nowNs), time(plan.effectiveNs()),
                    plan.validUntilNs() == 0 ? "" : time(plan.validUntilNs()), plan.currency(),
                    Forms.name(plan.tierStart()), rate(plan.rate().burst(), plan.rate().perSecond()),
                    String.join("; ", prices), config.tenants().stream().filter(t -> t.plan().equals(plan.name()))
                        .map(Tenant::name).collect(Collectors.joining(" "))));
            }
        }
        return rows;
    }

    /**
     * Versions that never come into force, spans of time without any, tenants without a plan now, or with months that
     * Stripe does not have.
     *
     * @param config the configuration
     * @param nowNs  now, epoch nanoseconds
     * @return sentences
     */
    public static List<Warning> warnings(final WeirConfig config, final long nowNs) {
        final List<Warning> warnings = new ArrayList<>();
        for (final List<Plan> versions : byId(config).values()) {
            final Set<Plan> used = new HashSet<>();
            final TreeSet<Long> edges = new TreeSet<>();
            versions.forEach(plan -> edges.add(plan.effectiveNs()));
            versions.stream().filter(plan -> plan.validUntilNs() != 0).forEach(plan -> edges.add(plan.validUntilNs()));
            long gapFromNs = 0;
            for (final long edge : edges) {
                final Optional<Plan> inForce = Plan.inForce(versions, edge);
                inForce.ifPresent(used::add);
                if (inForce.isEmpty() && gapFromNs == 0) {
                    gapFromNs = edge;
                } else if (inForce.isPresent() && gapFromNs != 0) {
                    warnings.add(gap(versions.get(0), gapFromNs, " to " + time(edge)));
                    gapFromNs = 0;
                }
            }
            if (gapFromNs != 0) {
                warnings.add(gap(versions.get(0), gapFromNs, " on"));
            }
            versions.stream().filter(plan -> !used.contains(plan)).forEach(plan -> warnings.add(new Warning(
                "PLAN_NEVER_IN_FORCE", "version " + plan.version() + " of plan " + plan.name()
                + " never comes into force: at its effective time, " + time(plan.effectiveNs())
                + ", a higher version does")));
            if (versions.size() > 1) {
                versions.forEach(plan -> tiersAtStripe(config, plan).ifPresent(warnings::add));
            }
        }
        for (final Tenant tenant : config.tenants()) {
            monthAtStripe(config, tenant, nowNs).ifPresent(warnings::add);
            if (Plan.inForce(config.plans().stream().filter(p -> p.name().equals(tenant.plan())).toList(), nowNs)
                .isEmpty()) {
                warnings.add(new Warning("PLAN_NOT_IN_FORCE", "no version of plan " + tenant.plan()
                    + " is in force now: new orders of tenant " + tenant.name() + " are refused with NO_PLAN, and what "
                    + "its open orders do is free"));
            }
        }
        return warnings;
    }

    /**
     * Tiers that continue cannot be said to Stripe: a price there sees the usage of its own time alone, and the tenants
     * of a plan share its prices. Billing puts the difference on the invoice while it is a draft, which it learns by
     * webhook.
     *
     * @param config says whether Stripe bills by the plans, and whether webhooks are taken
     * @param plan   version that is not the plan's only one
     * @return empty when its tiers restart, Stripe does not bill by the plans, or billing hears of drafts
     */
    public static Optional<Warning> tiersAtStripe(final WeirConfig config, final Plan plan) {
        final boolean billed = config.billing().stripe().filter(stripe -> stripe.side().subscriptions()
            && stripe.side().webhookSecrets().isEmpty()).isPresent();
        return billed && plan.tierStart() == TierStart.CONTINUE ? Optional.of(new Warning("PLAN_TIERS_AT_STRIPE",
            "version " + plan.version() + " of plan " + plan.name() + " has tiers: continue. When it comes into force "
            + "within a period Stripe begins in its first tier, so that Stripe's invoice of that period differs from "
            + "what is charged here. Billing puts the difference on the draft when stripeWebhooks are taken, which are "
            + "off; tiers: restart bills the same in both"))
            : Optional.empty();
    }

    /**
     * Stripe steps from month to month in UTC, so that in a zone of another offset in summer its months begin at
     * another time of day than the zone's.
     */
    private static Optional<Warning> monthAtStripe(final WeirConfig config, final Tenant tenant, final long nowNs) {
        final boolean billed =
            config.billing().stripe().filter(stripe -> stripe.side().subscriptions()).isPresent();
        final ZoneRules rules = tenant.timeZone().getRules();
        return billed && rules.nextTransition(Instant.ofEpochSecond(0, nowNs)) != null
            ? Optional.of(new Warning("ZONE_AT_STRIPE", "the offset of time zone " + tenant.timeZone() + " of tenant "
            + tenant.name() + " changes. Stripe keeps the one of its first month, so that its months begin an hour "
            + "beside the tenant's for a part of the year, and the usage of that hour is on the neighbouring invoice"))
            : Optional.empty();
    }

    /**
     * More plans than a router has room for, or more versions of one that are or can be in force.
     *
     * @param config the configuration
     * @param nowNs  now, epoch nanoseconds
     * @param files  where the plans are, for people
     * @return one for the plans, and one per plan
     */
    public static List<Problem> problems(final WeirConfig config, final long nowNs, final String files) {
        final List<Problem> problems = new ArrayList<>();
        final Location place = new Location(files, 0, 0);
        final TreeMap<Integer, List<Plan>> plans = byId(config);
        if (plans.size() > Plans.PLANS_KEPT) {
            problems.add(new Problem(ProblemCode.CONFIG_RANGE, place, "", "at most " + Plans.PLANS_KEPT + " plans",
                Integer.toString(plans.size()), "remove plans that no tenant names"));
        }
        for (final List<Plan> versions : plans.values()) {
            final long live = versions.stream().filter(plan -> !plan.isOverAt(versions, nowNs)).count();
            if (live > Plans.VERSIONS_KEPT) {
                problems.add(new Problem(ProblemCode.CONFIG_RANGE, place, versions.get(0).name(), "at most "
                    + Plans.VERSIONS_KEPT + " versions of a plan that are or can be in force", Long.toString(live),
                    "add later versions when earlier ones are over"));
            }
        }
        return problems;
    }

    private static Warning gap(final Plan plan, final long fromNs, final String to) {
        return new Warning("PLAN_GAP", "no version of plan " + plan.name() + " is in force from " + time(fromNs) + to
            + ": its tenants' new orders are refused with NO_PLAN then, and what their open orders do is free");
    }

    private static TreeMap<Integer, List<Plan>> byId(final WeirConfig config) {
        return config.plans().stream().collect(Collectors.groupingBy(Plan::id, TreeMap::new, Collectors.toList()));
    }

    private static String state(final Plan plan, final Optional<Plan> inForce, final long nowNs) {
        if (inForce.filter(plan::equals).isPresent()) {
            return "in force";
        }
        if (plan.effectiveNs() > nowNs) {
            return "scheduled";
        }
        return plan.isValidAt(nowNs) ? "superseded" : "ended";
    }

    /**
     * Prices of a meter.
     *
     * @param plan  version
     * @param meter meter
     * @return tiers, "free" when there are none
     */
    public static String prices(final Plan plan, final Meter meter) {
        final String text = plan.tiers().stream().filter(tier -> tier.meter() == meter)
            .map(tier -> tier(tier.upTo() == Plan.UNBOUNDED ? 0 : tier.upTo(), tier.priceMicros()))
            .collect(Collectors.joining(", "));
        return text.isEmpty() ? "free" : text;
    }

    /**
     * A tier.
     *
     * @param upTo        last unit, 0 = no bound
     * @param priceMicros micro-units per unit
     * @return as {@code to 1000 0.002}
     */
    public static String tier(final long upTo, final long priceMicros) {
        final String price = priceMicros == 0 ? "included" : ExactDecimal.format(priceMicros, MICROS_SCALE);
        return upTo == 0 ? price : "to " + upTo + ' ' + price;
    }

    /**
     * A rate class.
     *
     * @param burst     messages at once, 0 = no bound
     * @param perSecond messages per second
     * @return text, "" for no bound
     */
    public static String rate(final int burst, final int perSecond) {
        return burst == 0 ? "" : perSecond + "/s burst " + burst;
    }

    private static String time(final long epochNs) {
        return Instant.ofEpochSecond(0, epochNs).toString();
    }
}
