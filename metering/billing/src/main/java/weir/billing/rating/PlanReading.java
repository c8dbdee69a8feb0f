package weir.billing.rating;

import java.util.Arrays;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.PlanConfigDecoder;

/** Reads a plan from its configuration record. */
final class PlanReading {
    private PlanReading() {
    }

    static Plan read(final PlanConfigDecoder config) {
        final long[][] upTo = new long[MeterKind.COUNT][0];
        final long[][] price = new long[MeterKind.COUNT][0];
        for (final PlanConfigDecoder.PricesDecoder tier : config.prices()) {
            final int meter = MeterKind.of(tier.meter()).ordinal();
            final int count = upTo[meter].length;
            upTo[meter] = Arrays.copyOf(upTo[meter], count + 1);
            price[meter] = Arrays.copyOf(price[meter], count + 1);
            upTo[meter][count] = tier.upTo() <= 0 ? Long.MAX_VALUE : tier.upTo();
            price[meter][count] = tier.priceMicros();
        }
        return new Plan(config.planId(), config.version(), config.effectiveNs(), config.currency().trim(),
            config.fillPerOrder() == BooleanType.TRUE, upTo, price);
    }
}
