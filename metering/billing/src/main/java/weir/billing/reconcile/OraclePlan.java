package weir.billing.reconcile;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import weir.billing.rating.MeterKind;

/**
 * One version of a plan as it is published: what the {@link BillOracle} prices by.
 *
 * @param effectiveNs  epoch nanoseconds from which it holds
 * @param fillPerOrder order_filled counts once per order and not per execution
 * @param tiers        per meter, ascending; a meter that is not named costs nothing
 */
public record OraclePlan(long effectiveNs, boolean fillPerOrder, Map<MeterKind, List<Tier>> tiers) {
    /** Copies the map. */
    public OraclePlan {
        tiers = Map.copyOf(tiers);
    }

    /**
     * A price up to a unit of the period.
     *
     * @param upTo  last unit of the period that has this price; null = all further ones
     * @param price per unit, in the plan's currency
     */
    public record Tier(BigDecimal upTo, BigDecimal price) {
    }

    /** @return price of the unit that is the n-th of its period, in the plan's currency */
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
