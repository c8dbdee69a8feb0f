package weir.billing.reconcile;

import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import weir.billing.rating.MeterKind;

/**
 * What the {@link BillOracle} is told of a tenant.
 *
 * @param tenantId      tenant
 * @param meters        what the logs show of it in full; other meters are not compared
 * @param plans         versions of its plan
 * @param periodStartNs start of the period that holds a time, epoch nanoseconds
 */
public record OracleTerms(int tenantId, Set<MeterKind> meters, List<OraclePlan> plans,
                          LongUnaryOperator periodStartNs) {
    /** Copies the collections. */
    public OracleTerms {
        meters = Set.copyOf(meters);
        plans = List.copyOf(plans);
    }

    /** @return version in force: of those published for a time the one that came last; null when there is none */
    OraclePlan inForce(final long epochNs) {
        OraclePlan found = null;
        for (final OraclePlan plan : plans) {
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
