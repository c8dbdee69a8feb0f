package weir.billing.rating;

import java.util.Arrays;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * One version of a plan: graduated prices per meter. A tier holds the units up to and including its bound, counted in
 * the period; the last tier is open.
 *
 * @param planId       plan
 * @param version      of the plan
 * @param effectiveNs  epoch nanoseconds from which it holds
 * @param currency     of the amounts
 * @param fillPerOrder order_filled counts once per order and not per execution
 * @param upTo         per meter, bounds of the tiers, ascending; {@link Long#MAX_VALUE} is open
 * @param priceMicros  per meter, micro-units per unit, beside {@code upTo}
 */
public record Plan(int planId, int version, long effectiveNs, String currency, boolean fillPerOrder,
                   long[][] upTo, long[][] priceMicros) {
    /** Bounds must ascend; what the engine took is trusted to be a plan. */
    public Plan {
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            for (int tier = 1; tier < upTo[meter].length; tier++) {
                if (upTo[meter][tier] <= upTo[meter][tier - 1]) {
                    throw new BillingException(BillingError.JOURNAL_CORRUPT, "plan " + planId + " version " + version
                        + ": tiers of " + MeterKind.of(meter).label() + " do not ascend "
                        + Arrays.toString(upTo[meter]));
                }
            }
        }
    }

    /**
     * Prices units and hands on one slice per tier touched.
     *
     * @param meter      index
     * @param unitsSoFar units of the period before these
     * @param units      to price
     * @param rating     takes the slices
     */
    void price(final int meter, final long unitsSoFar, final long units, final Rating rating) {
        long position = unitsSoFar;
        long left = units;
        final long[] bounds = upTo[meter];
        for (int tier = 0; tier < bounds.length && left > 0; tier++) {
            final long room = bounds[tier] == Long.MAX_VALUE ? left : Math.max(0, bounds[tier] - position);
            final long take = Math.min(left, room);
            if (take > 0) {
                rating.addSlice(meter, priceMicros[meter][tier], take);
                position += take;
                left -= take;
            }
        }
        if (left > 0) {
            // past the last bound the last price goes on; a meter without prices costs nothing
            rating.addSlice(meter, bounds.length == 0 ? 0 : priceMicros[meter][bounds.length - 1], left);
        }
    }
}
