package weir.config.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.config.model.Plan;
import weir.config.yaml.Forms;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.sbe.Meter;

/** Reads {@code plans/*.yaml}: one version of one plan per file. */
final class PlanReader {
    private final References references;
    private final Map<Integer, String> nameOfId = new HashMap<>();
    private final Map<String, Integer> idOfName = new HashMap<>();

    PlanReader(final References references) {
        this.references = references;
    }

    Plan read(final Section root) {
        final String name = root.need("plan", Forms.ascii(32), "");
        final int id = (int) (long) root.need("id", Forms.integer(1, 1_000_000), 0L);
        final int version = (int) (long) root.need("version", Forms.integer(1, Integer.MAX_VALUE), 1L);
        final String other = nameOfId.putIfAbsent(id, name);
        final Integer otherId = idOfName.putIfAbsent(name, id);
        if (id != 0 && other != null && !other.equals(name) || otherId != null && otherId != id) {
            root.problem(ProblemCode.CONFIG_CONFLICT, "id", "one id for all versions of a plan, and no other",
                "id " + id + " with plan '" + name + '\'', "");
        }
        references.declare("plan version", name + " version " + version, root, "version");
        if (otherId == null) {
            references.declare("plan", name, root, "plan");
        }
        final String currency = root.need("currency", Forms.ascii(3), "");
        if (!currency.isEmpty() && !currency.matches("[A-Z]{3}")) {
            root.problem(ProblemCode.CONFIG_TYPE, "currency", "an ISO 4217 code such as USD",
                "'" + currency + '\'', "");
        }
        final Plan plan = new Plan(id, name, version, root.need("effective", Forms.instantNs(), 0L), currency,
            (int) (long) root.or("fillsReserved", Forms.integer(1, 10_000), 1L),
            root.or("fillPerOrder", Forms.flag(), false), tiers(root));
        root.done();
        return plan;
    }

    private static List<Plan.Tier> tiers(final Section root) {
        final List<Plan.Tier> tiers = new ArrayList<>();
        final Optional<Section> prices = root.section("prices");
        if (prices.isEmpty()) {
            root.problem(ProblemCode.CONFIG_MISSING, "prices", "prices of at least one meter", "none", "");
            return tiers;
        }
        for (final Meter meter : Meter.values()) {
            if (meter == Meter.NULL_VAL || meter.name().equals("SBE_UNKNOWN")) {
                continue;
            }
            final String key = Forms.name(meter);
            final List<Section> sections = prices.get().sections(key);
            long below = 0;
            for (int i = 0; i < sections.size(); i++) {
                final Plan.Tier tier = tier(sections.get(i), meter, below, i == sections.size() - 1);
                below = tier.upTo();
                tiers.add(tier);
            }
        }
        prices.get().done();
        return tiers;
    }

    private static Plan.Tier tier(final Section section, final Meter meter, final long below, final boolean last) {
        final long priceMicros = section.need("price", Forms.micros(1, Long.MAX_VALUE / 1_000_000), 1L);
        long upTo = Plan.UNBOUNDED;
        if (last) {
            if (section.has("upTo")) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "upTo", "no bound in the last tier", "one",
                    "remove it, or add a tier for the units above");
            }
        } else {
            upTo = section.need("upTo", Forms.integer(1, Long.MAX_VALUE - 1), below + 1);
            if (upTo <= below) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "upTo", "more than the tier before (" + below + ')',
                    Long.toString(upTo), "tiers ascend");
            }
        }
        section.done();
        return new Plan.Tier(meter, upTo, priceMicros);
    }
}
