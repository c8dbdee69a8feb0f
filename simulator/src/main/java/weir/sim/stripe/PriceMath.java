package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a quantity costs under a price, in cents, exactly: per unit, in packages ({@code transform_quantity}), by
 * graduated or by volume tiers. Each charge is one line of an invoice and is rounded to whole cents by itself. A
 * quantity below zero costs as much as none. The flat amount of the first tier is due even for no units.
 */
final class PriceMath {
    /** How Stripe's cents are made of fractions of a cent; half a cent is not documented. */
    static final RoundingMode ROUNDING = RoundingMode.HALF_UP;

    private PriceMath() {
    }

    /**
     * One line's worth.
     *
     * @param tier       number of the tier from 1, or 0 without tiers
     * @param quantity   units of this line
     * @param unitAmount cents per unit
     * @param exact      cents, not rounded
     * @param flat       the flat amount of the tier
     */
    record Charge(int tier, BigInteger quantity, BigDecimal unitAmount, BigDecimal exact, boolean flat) {
        /** @return whole cents */
        long amount() {
            return cents(exact);
        }
    }

    static long cents(final BigDecimal exact) {
        return exact.setScale(0, ROUNDING).longValueExact();
    }

    static List<Charge> charges(final JsonNode price, final BigInteger units) {
        final BigInteger quantity = units.max(BigInteger.ZERO);
        if (!"tiered".equals(price.get("billing_scheme").asText())) {
            final BigDecimal unit = decimal(price, "unit_amount_decimal");
            return List.of(new Charge(0, quantity, unit,
                unit.multiply(new BigDecimal(packages(price.path("transform_quantity"), quantity))), false));
        }
        final boolean graduated = "graduated".equals(price.get("tiers_mode").asText());
        final List<Charge> charges = new ArrayList<>();
        BigInteger lower = BigInteger.ZERO;
        int number = 0;
        for (final JsonNode tier : price.get("tiers")) {
            number++;
            final BigInteger upper = tier.get("up_to").isNull() ? null : tier.get("up_to").bigIntegerValue();
            final boolean last = upper == null || quantity.compareTo(upper) <= 0;
            if (graduated) {
                add(charges, tier, number, (last ? quantity : upper).subtract(lower));
            } else if (last) {
                add(charges, tier, number, quantity);
            }
            if (last) {
                break;
            }
            lower = upper;
        }
        return charges;
    }

    /** @return exact cents of all charges together */
    static BigDecimal exact(final List<Charge> charges) {
        return charges.stream().map(Charge::exact).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static void add(final List<Charge> charges, final JsonNode tier, final int number,
                            final BigInteger quantity) {
        final BigDecimal unit = decimal(tier, "unit_amount_decimal");
        charges.add(new Charge(number, quantity, unit, unit.multiply(new BigDecimal(quantity)), false));
        final BigDecimal flat = decimal(tier, "flat_amount_decimal");
        if (flat.signum() != 0) {
            charges.add(new Charge(number, BigInteger.ZERO, flat, flat, true));
        }
    }

    private static BigInteger packages(final JsonNode transform, final BigInteger quantity) {
        if (!transform.isObject()) {
            return quantity;
        }
        final BigInteger[] split = quantity.divideAndRemainder(transform.get("divide_by").bigIntegerValue());
        final boolean up = "up".equals(transform.get("round").asText()) && split[1].signum() != 0;
        return up ? split[0].add(BigInteger.ONE) : split[0];
    }

    private static BigDecimal decimal(final JsonNode node, final String field) {
        final JsonNode value = node.path(field);
        return value.isTextual() ? new BigDecimal(value.asText()) : BigDecimal.ZERO;
    }
}
