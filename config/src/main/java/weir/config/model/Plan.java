package weir.config.model;

import java.util.List;
import weir.protocol.sbe.Meter;

/**
 * One version of a plan's prices.
 *
 * @param id            number in messages and records, the same for all versions
 * @param name          as tenants name it
 * @param version       rises with each change
 * @param effectiveNs   epoch nanoseconds from which it counts
 * @param currency      ISO 4217
 * @param fillsReserved executions whose price is reserved when an order is admitted
 * @param fillPerOrder  true: order_filled is charged once per order, false: per execution
 * @param tiers         by meter, then ascending {@code upTo}
 */
public record Plan(int id, String name, int version, long effectiveNs, String currency, int fillsReserved,
    boolean fillPerOrder, List<Tier> tiers) {

    /** {@link Tier#upTo()} of a meter's last tier. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** Copies the list. */
    public Plan {
        tiers = List.copyOf(tiers);
    }

    /**
     * A price for the units of a period up to a bound.
     *
     * @param meter       what is counted
     * @param upTo        last unit of the period that has this price, {@link #UNBOUNDED} for the last tier
     * @param priceMicros micro-units of the currency, at least 1
     */
    public record Tier(Meter meter, long upTo, long priceMicros) {
    }
}
