package weir.config.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.TierStart;

/**
 * One version of a plan: its prices and terms.
 *
 * @param id            number in messages and records, the same for all versions
 * @param name          as tenants name it
 * @param version       rises with each change
 * @param effectiveNs   epoch nanoseconds from which it counts
 * @param currency      ISO 4217
 * @param fillsReserved executions whose price is reserved when an order is admitted
 * @param fillPerOrder  true: order_filled is charged once per order, false: per execution
 * @param tiers         by meter, then ascending {@code upTo}; included units are a first tier at price 0
 * @param validUntilNs  epoch nanoseconds from which it does not count any more; 0 = no end
 * @param tierStart     where its tiers begin when it comes into force within a period
 * @param rate          rate class that each of its tenants has beside its own
 * @param bursts        windows with another such class, UTC
 */
public record Plan(int id, String name, int version, long effectiveNs, String currency, int fillsReserved,
    boolean fillPerOrder, List<Tier> tiers, long validUntilNs, TierStart tierStart, RateClass rate,
    List<TenantControls.Burst> bursts) {

    /** {@link Tier#upTo()} of a meter's last tier. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** Copies the lists. */
    public Plan {
        tiers = List.copyOf(tiers);
        bursts = List.copyOf(bursts);
    }

    /**
     * Could it be in force, were it the only version?
     *
     * @param epochNs time
     * @return true from its effective time to the end of its validity
     */
    public boolean isValidAt(final long epochNs) {
        return effectiveNs <= epochNs && (validUntilNs == 0 || epochNs < validUntilNs);
    }

    /**
     * Version in force: of those whose time it is, the one that came last; of equal times the higher version.
     *
     * @param versions of one plan
     * @param epochNs  time
     * @return empty when none is
     */
    public static Optional<Plan> inForce(final List<Plan> versions, final long epochNs) {
        return versions.stream().filter(plan -> plan.isValidAt(epochNs))
            .max(Comparator.comparingLong(Plan::effectiveNs).thenComparingInt(Plan::version));
    }

    /**
     * Can it never be in force again? Its validity has ended, or a version without an end took its place.
     *
     * @param versions of the plan
     * @param epochNs  now
     * @return true for one that a core needs not to keep
     */
    public boolean isOverAt(final List<Plan> versions, final long epochNs) {
        return validUntilNs != 0 && validUntilNs <= epochNs || versions.stream().anyMatch(other ->
            other.effectiveNs <= epochNs && other.validUntilNs == 0 && (other.effectiveNs > effectiveNs
                || other.effectiveNs == effectiveNs && other.version > version));
    }

    /**
     * A price for the units of a period up to a bound.
     *
     * @param meter       what is counted
     * @param upTo        last unit of the period that has this price, {@link #UNBOUNDED} for the last tier
     * @param priceMicros micro-units of the currency, at least 1; 0 for units that are included
     */
    public record Tier(Meter meter, long upTo, long priceMicros) {
    }
}
