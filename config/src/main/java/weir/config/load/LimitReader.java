package weir.config.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.config.model.LimitCost;
import weir.config.model.VenueLimit;
import weir.config.yaml.CostFormula;
import weir.config.yaml.Forms;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.VenueMessageKind;

/** Reads one limit of a venue's contract. */
final class LimitReader {
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long CAPACITY_MAX = 1_000_000_000L;
    private static final Forms.Rate ONE_PER_SECOND = new Forms.Rate(1, SECOND_NS);

    private final References references;
    private final String venue;

    LimitReader(final References references, final String venue) {
        this.references = references;
        this.venue = venue;
    }

    VenueLimit read(final Section section) {
        final int id = (int) (long) section.need("id", Forms.integer(1, 1_000_000), 0L);
        references.declare("limit id", Integer.toString(id), section, "id");
        references.declare("limit of venue " + venue, Integer.toString(id), section, "id");
        final LimitShape shape = section.need("shape", Forms.choice(LimitShape.class), LimitShape.NULL_VAL);
        final VenueLimit.Place place =
            section.or("at", Forms.choice(VenueLimit.Place.class), VenueLimit.Place.DISPATCH);
        final boolean fixed = shape == LimitShape.FIXED_WINDOW || shape == LimitShape.ORDER_VOLUME;
        final boolean window = fixed || shape == LimitShape.SLIDING_WINDOW;
        final boolean refilled = shape == LimitShape.TOKEN_BUCKET || shape == LimitShape.CREDIT;
        forbid(section, "period", window, shape);
        forbid(section, "refill", refilled, shape);
        forbid(section, "offset", fixed, shape);
        forbid(section, "skew", shape == LimitShape.FIXED_WINDOW, shape);
        forbid(section, "perVolume", shape == LimitShape.ORDER_VOLUME, shape);
        final List<VenueLimit.Tier> tiers = tiers(section, refilled);
        final Optional<VenueLimit.Tier> tier = tier(section, tiers);
        final boolean own = !section.has("tiers");
        final Forms.Rate rate = refilled ? own
            ? section.need("refill", Forms.rate(CAPACITY_MAX), ONE_PER_SECOND)
            : new Forms.Rate(tier.map(VenueLimit.Tier::refill).orElse(1L), SECOND_NS) : new Forms.Rate(0, SECOND_NS);
        final long periodNs = window ? section.need("period", Forms.durationNs(1_000_000L, 366 * DAY_NS), 1L)
            : rate.periodNs() == SECOND_NS ? 0 : rate.periodNs();
        final long refill = shape != LimitShape.ORDER_VOLUME ? rate.units()
            : section.need("perVolume", Forms.integer(1, CAPACITY_MAX), 1L);
        final long capacity = own ? section.need("capacity", Forms.integer(1, CAPACITY_MAX), 1L)
            : tier.map(VenueLimit.Tier::capacity).orElse(1L);
        final VenueLimit limit = new VenueLimit(id, section.need("name", Forms.ascii(32), ""), place,
            section.need("scope", Forms.choice(LimitScope.class), LimitScope.NULL_VAL), shape, capacity, periodNs,
            refill, section.or("margin", Forms.basisPoints(9_999), 0),
            (int) (long) section.or("cancelReserve", Forms.integer(0, Integer.MAX_VALUE), 0L), costs(section),
            section.or("offset", Forms.durationNs(0, 366 * DAY_NS), 0L),
            section.or("skew", Forms.durationNs(0, DAY_NS), 0L), tier.map(VenueLimit.Tier::name).orElse(""), tiers,
            methods(section, place), section.need("source", Forms.text(400), ""));
        check(section, limit);
        section.done();
        return limit;
    }

    private static void check(final Section section, final VenueLimit limit) {
        final long size = limit.tiers().stream().mapToLong(VenueLimit.Tier::capacity).map(limit::lessMargin).min()
            .orElse(limit.effectiveCapacity());
        if (size - limit.cancelReserve() < 1) {
            section.problem(ProblemCode.CONFIG_CONFLICT, section.has("cancelReserve") ? "cancelReserve" : "capacity",
                "less than the effective capacity of " + size + " (capacity less margin)",
                Integer.toString(limit.cancelReserve()), "new orders would never pass");
        }
        for (final LimitCost cost : limit.costs()) {
            if (cost.cost(1) > size) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "costs", "a cost within the effective capacity of "
                    + size, Forms.name(cost.kind()) + " costs " + cost.cost(1), "");
            }
        }
        limit.methods().forEach((name, cost) -> {
            if ((long) cost.fixedCost() + cost.itemCost() > size) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "methods", "a cost within the effective capacity of "
                    + size, name + " costs " + ((long) cost.fixedCost() + cost.itemCost()), "");
            }
        });
        if (limit.offsetNs() > 0 && limit.offsetNs() >= limit.periodNs()) {
            section.problem(ProblemCode.CONFIG_RANGE, "offset", "less than the period", "as long or longer", "");
        }
        if (limit.skewNs() > 0 && limit.skewNs() >= limit.periodNs() / 2) {
            section.problem(ProblemCode.CONFIG_RANGE, "skew", "less than half of the period", "as long or longer", "");
        }
    }

    private static List<VenueLimit.Tier> tiers(final Section section, final boolean refilled) {
        final List<VenueLimit.Tier> tiers = new ArrayList<>();
        final Section all = section.sectionOrEmpty("tiers");
        for (final String name : all.names()) {
            all.section(name).ifPresent(tier -> {
                final long capacity = tier.need("capacity", Forms.integer(1, CAPACITY_MAX), 1L);
                tiers.add(new VenueLimit.Tier(name, capacity,
                    refilled ? tier.need("refill", Forms.ratePerSecond(1, (int) CAPACITY_MAX), 1) : 0));
                tier.done();
            });
        }
        all.done();
        return tiers;
    }

    private static Optional<VenueLimit.Tier> tier(final Section section, final List<VenueLimit.Tier> tiers) {
        if (!section.has("tiers")) {
            return Optional.empty();
        }
        final String name = section.need("tier", Forms.ascii(32), "");
        final Optional<VenueLimit.Tier> found = tiers.stream().filter(t -> t.name().equals(name)).findFirst();
        if (found.isEmpty() && !name.isEmpty()) {
            section.problem(ProblemCode.CONFIG_REFERENCE, "tier", "one of the tiers "
                + String.join(", ", tiers.stream().map(VenueLimit.Tier::name).toList()), '\'' + name + '\'', "");
        }
        return found;
    }

    private static VenueLimit.MethodCost methodCost(final CostFormula cost) {
        return new VenueLimit.MethodCost(cost.fixedCost(), cost.itemCost(), cost.text());
    }

    /** What is no order message, by the venue's own name: the engine does not see it, the adapter's guard does. */
    private static Map<String, VenueLimit.MethodCost> methods(final Section limit, final VenueLimit.Place place) {
        final Map<String, VenueLimit.MethodCost> methods = new LinkedHashMap<>();
        final Section section = limit.sectionOrEmpty("methods");
        for (final String name : section.names()) {
            section.maybe(name, Forms.cost()).ifPresent(cost -> methods.put(name, methodCost(cost)));
        }
        section.done();
        if (!methods.isEmpty() && place != VenueLimit.Place.WIRE) {
            limit.problem(ProblemCode.CONFIG_CONFLICT, "methods", "at: wire", Forms.name(place),
                "the engine sees order messages only: give these a limit of their own at the wire");
        }
        return methods;
    }

    private static void forbid(final Section section, final String key, final boolean wanted, final LimitShape shape) {
        if (!wanted && section.has(key) && shape != LimitShape.NULL_VAL) {
            section.problem(ProblemCode.CONFIG_CONFLICT, key, "no " + key + " with shape " + Forms.name(shape),
                "one", "remove it");
        }
    }

    private static List<LimitCost> costs(final Section limit) {
        final List<LimitCost> result = new ArrayList<>();
        final Optional<Section> section = limit.section("costs");
        if (section.isEmpty()) {
            if (!limit.has("methods")) {
                limit.problem(ProblemCode.CONFIG_MISSING, "costs", "the cost of at least one message kind", "none", "");
            }
            return result;
        }
        for (final VenueMessageKind kind : VenueMessageKind.values()) {
            if (kind == VenueMessageKind.NULL_VAL || kind.name().equals("SBE_UNKNOWN")) {
                continue;
            }
            final String key = Forms.name(kind);
            section.get().maybe(key, Forms.cost()).ifPresent(formula ->
                result.add(new LimitCost(kind, formula.fixedCost(), formula.itemCost(), formula.text())));
        }
        section.get().done();
        return result;
    }
}
