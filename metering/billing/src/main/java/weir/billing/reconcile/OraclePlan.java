package weir.billing.reconcile;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import weir.billing.rating.MeterKind;

/**
 * One version of a plan as it is published: what the {@link BillOracle} prices by.
 *
 * @param version      of the plan; of two that came at the same time the higher one holds
 * @param effectiveNs  epoch nanoseconds from which it holds
 * @param validUntilNs epoch nanoseconds from which it does not hold any more; 0 = no end
 * @param restart      its tiers count from the first unit that it prices; false: all units of the period
 * @param fillPerOrder order_filled counts once per order and not per execution
 * @param tiers        per meter, ascending, included units as a first tier at price 0; a meter that is not named costs
 *                     nothing
 */
public record OraclePlan(int version, long effectiveNs, long validUntilNs, boolean restart, boolean fillPerOrder,
                         Map<MeterKind, List<Tier>> tiers) {
    /** Copies the map. */
    public OraclePlan {
        tiers = Map.copyOf(tiers);
    }

    /**
     * A price up to a unit.
     *
     * @param upTo  last unit that has this price; null = all further ones
     * @param price per unit, in the plan's currency
     */
    public record Tier(BigDecimal upTo, BigDecimal price) {
    }

    /** @return whether it could hold at a time, were it the only version */
    boolean isPublishedFor(final long epochNs) {
        return effectiveNs <= epochNs && (validUntilNs == 0 || epochNs < validUntilNs);
    }

    /** @return whether it came after another version */
    boolean cameAfter(final OraclePlan other) {
        return effectiveNs == other.effectiveNs ? version > other.version : effectiveNs > other.effectiveNs;
    }

    /** @return price of the n-th unit that its tiers count, in the plan's currency */
    BigDecimal price(final MeterKind meter, final long unit) {
        BigDecimal price = BigDecimal.ZERO;
        for (final Tier tier : tiers.getOrDefault(meter, List.of())) {
            price = tier.price();
            if (tier.upTo() == null || tier.upTo().compareTo(BigDecimal.valueOf(unit)) >= 0) {
                return price;
            }
        }
        return price;
    }
}
