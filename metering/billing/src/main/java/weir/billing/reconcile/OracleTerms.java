package weir.billing.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import weir.billing.rating.MeterKind;

/**
 * What the {@link BillOracle} is told of a tenant.
 *
 * @param tenantId      tenant
 * @param meters        what the logs show of it in full; other meters are not compared
 * @param plans         versions of its plan, by the time from which it was the tenant's, epoch nanoseconds; the first
 *                      one holds before its time too
 * @param periodStartNs start of the period that holds a time, epoch nanoseconds
 */
public record OracleTerms(int tenantId, Set<MeterKind> meters, NavigableMap<Long, List<OraclePlan>> plans,
                          LongUnaryOperator periodStartNs) {
    /** Copies the collections. */
    public OracleTerms {
        meters = Set.copyOf(meters);
        plans = new TreeMap<>(plans);
        plans.replaceAll((fromNs, versions) -> new ArrayList<>(versions));
    }

    /**
     * A tenant that always had one plan.
     *
     * @param tenantId      tenant
     * @param meters        what the logs show of it in full
     * @param plans         versions of its plan
     * @param periodStartNs start of the period that holds a time
     */
    public OracleTerms(final int tenantId, final Set<MeterKind> meters, final List<OraclePlan> plans,
        final LongUnaryOperator periodStartNs) {
        this(tenantId, meters, new TreeMap<>(Map.of(Long.MIN_VALUE, plans)), periodStartNs);
    }

    /** @return version in force: of those published for a time the one that came last; null when there is none */
    OraclePlan inForce(final long epochNs) {
        final Map.Entry<Long, List<OraclePlan>> assigned = plans.floorEntry(epochNs);
        OraclePlan found = null;
        for (final OraclePlan plan : assigned == null ? plans.firstEntry().getValue() : assigned.getValue()) {
            if (plan.isPublishedFor(epochNs) && (found == null || plan.cameAfter(found))) {
                found = plan;
            }
        }
        return found;
    }

    /** @return whether price or period differ between two times this far before and after */
    boolean changesNear(final long epochNs, final long toleranceNs) {
        return inForce(epochNs - toleranceNs) != inForce(epochNs + toleranceNs)
            || periodStartNs.applyAsLong(epochNs - toleranceNs) != periodStartNs.applyAsLong(epochNs + toleranceNs);
    }
}
