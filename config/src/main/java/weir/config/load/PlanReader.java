package weir.config.load;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.billing.stripe.PriceTerms;
import weir.config.model.Plan;
import weir.config.model.TenantControls;
import weir.config.yaml.Forms;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.engine.ledger.PlanBursts;
import weir.engine.ledger.Plans;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.TierStart;

/** Reads {@code plans/*.yaml}: one version of one plan per file. */
final class PlanReader {
    private final References references;
    private final Map<Integer, String> nameOfId = new HashMap<>();
    private final Map<String, Integer> idOfName = new HashMap<>();
    private final Map<String, String> currencyOfName = new HashMap<>();

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
        if (!currency.isEmpty() && !PriceTerms.isCurrency(currency)) {
            root.problem(ProblemCode.CONFIG_TYPE, "currency", "a code of ISO 4217 with a minor unit, such as USD",
                "'" + currency + '\'', "");
        }
        final String before = currencyOfName.putIfAbsent(name, currency);
        if (before != null && !before.equals(currency)) {
            root.problem(ProblemCode.CONFIG_CONFLICT, "currency", "the currency of the plan's other versions, "
                + before, '\'' + currency + '\'', "balances are in it; another currency is another plan");
        }
        final long effectiveNs = root.need("effective", Forms.instantNs(), 0L);
        final long validUntilNs = root.or("validUntil", Forms.instantNs(), 0L);
        if (root.has("validUntil") && validUntilNs <= effectiveNs) {
            root.problem(ProblemCode.CONFIG_CONFLICT, "validUntil", "a time after 'effective'",
                Instant.ofEpochSecond(0, validUntilNs).toString(), "it would never be in force");
        }
        final List<TenantControls.Burst> bursts = ControlsReader.bursts(root);
        if (bursts.size() > PlanBursts.PER_VERSION) {
            root.problem(ProblemCode.CONFIG_CONFLICT, "bursts", "at most " + PlanBursts.PER_VERSION + " windows",
                Integer.toString(bursts.size()), "");
        }
        final Plan plan = new Plan(id, name, version, effectiveNs, currency,
            (int) (long) root.or("fillsReserved", Forms.integer(1, 10_000), 1L),
            root.or("fillPerOrder", Forms.flag(), false), tiers(root), validUntilNs,
            root.or("tiers", Forms.choice(TierStart.class), TierStart.RESTART), TenantReader.rate(root), bursts);
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
        final Section included = root.sectionOrEmpty("included");
        for (final Meter meter : Meter.values()) {
            if (meter == Meter.NULL_VAL || meter.name().equals("SBE_UNKNOWN")) {
                continue;
            }
            final String key = Forms.name(meter);
            final List<Section> sections = prices.get().sections(key);
            long below = included.or(key, Forms.integer(0, Long.MAX_VALUE - 1), 0L);
            if (below > 0) {
                if (sections.isEmpty()) {
                    included.problem(ProblemCode.CONFIG_CONFLICT, key, "a price for what is above them", "none",
                        "a meter without prices is free");
                }
                tiers.add(new Plan.Tier(meter, below, 0));
            }
            for (int i = 0; i < sections.size(); i++) {
                final Plan.Tier tier = tier(sections.get(i), meter, below, i == sections.size() - 1);
                below = tier.upTo();
                tiers.add(tier);
            }
        }
        included.done();
        if (tiers.isEmpty()) {
            root.problem(ProblemCode.CONFIG_MISSING, "prices", "prices of at least one meter", "none", "");
        }
        prices.get().done();
        if (tiers.size() > Plans.TIERS) {
            root.problem(ProblemCode.CONFIG_CONFLICT, "prices", "at most " + Plans.TIERS
                + " tiers of all meters together, included units count as one", Integer.toString(tiers.size()), "");
        }
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
                section.problem(ProblemCode.CONFIG_CONFLICT, "upTo", "more than the tier before, or what is included ("
                    + below + ')', Long.toString(upTo), "tiers ascend");
            }
        }
        section.done();
        return new Plan.Tier(meter, upTo, priceMicros);
    }
}
