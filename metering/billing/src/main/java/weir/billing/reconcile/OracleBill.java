package weir.billing.reconcile;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import weir.billing.rating.MeterKind;

/**
 * Prices what one tenant used, unit by unit of all meters in the order of time, as its published plans say. Tiers of a
 * version that restarts count from the first unit that it priced since another version priced one, or since the period
 * began. A unit while no version is in force counts and costs nothing. One use; one thread.
 */
final class OracleBill {
    private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000L);

    private final OracleTerms terms;
    private final long toleranceNs;
    private final Map<MeterKind, Sum> sums = new EnumMap<>(MeterKind.class);
    private final Set<String> filled = new HashSet<>();
    private long periodNs = Long.MIN_VALUE;
    private OraclePlan pricedLast;

    /**
     * What one meter costs a tenant.
     *
     * @param units     counted
     * @param micros    price of all of them, micro-units
     * @param uncertain units so near a change of price or period that two clocks may differ about them
     */
    record Line(long units, BigDecimal micros, long uncertain) {
    }

    private static final class Sum {
        private long units;
        private long ofPeriod;
        private long ofVersion;
        private long uncertain;
        private BigDecimal price = BigDecimal.ZERO;
    }

    /**
     * A bill without units.
     *
     * @param terms       of the tenant
     * @param toleranceNs by how much two clocks may differ
     */
    OracleBill(final OracleTerms terms, final long toleranceNs) {
        this.terms = terms;
        this.toleranceNs = toleranceNs;
        for (final MeterKind meter : MeterKind.values()) {
            sums.put(meter, new Sum());
        }
    }

    /**
     * Adds the next unit.
     *
     * @param meter   of it
     * @param epochNs when, not before the last one
     * @param orderId order of an execution
     */
    void add(final MeterKind meter, final long epochNs, final String orderId) {
        final OraclePlan plan = terms.inForce(epochNs);
        final boolean again = meter == MeterKind.ORDER_FILLED && !filled.add(orderId);
        if (again && plan != null && plan.fillPerOrder()) {
            return;
        }
        final long startNs = terms.periodStartNs().applyAsLong(epochNs);
        if (startNs != periodNs) {
            periodNs = startNs;
            for (final Sum each : sums.values()) {
                each.ofPeriod = 0;
                each.ofVersion = 0;
            }
        }
        final Sum sum = sums.get(meter);
        sum.units++;
        sum.ofPeriod++;
        sum.uncertain += terms.changesNear(epochNs, toleranceNs) ? 1 : 0;
        if (plan != null) {
            if (plan != pricedLast) {
                pricedLast = plan;
                sums.values().forEach(each -> each.ofVersion = 0);
            }
            sum.ofVersion++;
            sum.price = sum.price.add(plan.price(meter, plan.restart() ? sum.ofVersion : sum.ofPeriod));
        }
    }

    /** @return what was added of a meter */
    Line line(final MeterKind meter) {
        final Sum sum = sums.get(meter);
        return new Line(sum.units, sum.price.multiply(MICROS), sum.uncertain);
    }
}
