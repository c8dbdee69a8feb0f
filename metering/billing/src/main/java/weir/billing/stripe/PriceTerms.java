package weir.billing.stripe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import weir.billing.hash.Sha256;

/**
 * One meter's price of a plan version, in Stripe's terms.
 *
 * @param planId   plan
 * @param version  of the plan
 * @param meter    index
 * @param label    of the meter
 * @param currency lower case, as Stripe has it
 * @param tiers    graduated; the last is open
 */
public record PriceTerms(int planId, int version, int meter, String label, String currency, List<Tier> tiers) {
    /** Decimals of a micro-unit. */
    private static final int MICRO_DECIMALS = 6;
    private static final int HASH_CHARS = 16;

    /**
     * One tier.
     *
     * @param upTo   last unit of it; {@link Long#MAX_VALUE} = open
     * @param amount per unit in the currency's minor unit, exactly
     */
    public record Tier(long upTo, BigDecimal amount) {
    }

    /**
     * Terms from a plan's tiers.
     *
     * @param planId      plan
     * @param version     of the plan
     * @param meter       index
     * @param label       of the meter
     * @param currency    ISO 4217
     * @param upTo        bounds, ascending; {@link Long#MAX_VALUE} = open
     * @param priceMicros per unit, beside upTo
     * @return terms; a last bound that is closed is opened, since its price goes on
     */
    public static PriceTerms of(final int planId, final int version, final int meter, final String label,
        final String currency, final long[] upTo, final long[] priceMicros) {
        final List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < upTo.length; i++) {
            tiers.add(new Tier(i == upTo.length - 1 ? Long.MAX_VALUE : upTo[i], minor(priceMicros[i], currency)));
        }
        return new PriceTerms(planId, version, meter, label, currency.toLowerCase(Locale.ROOT), List.copyOf(tiers));
    }

    /**
     * Micro-units in the currency's minor unit: cents are micro-units / 10^4, yen micro-units / 10^6. Stripe takes up
     * to 12 decimals, so that nothing is rounded here.
     *
     * @param micros   micro-units
     * @param currency ISO 4217
     * @return exact amount
     * @throws IllegalArgumentException when there is no such currency
     */
    public static BigDecimal minor(final long micros, final String currency) {
        final BigDecimal amount = BigDecimal.valueOf(micros, MICRO_DECIMALS - decimals(currency)).stripTrailingZeros();
        return amount.scale() < 0 ? amount.setScale(0) : amount;
    }

    /**
     * Minor units of a currency in micro-units.
     *
     * @param minor    such as cents
     * @param currency ISO 4217
     * @return micro-units
     */
    public static long micros(final long minor, final String currency) {
        long factor = 1;
        for (int i = decimals(currency); i < MICRO_DECIMALS; i++) {
            factor *= 10;
        }
        return Math.multiplyExact(minor, factor);
    }

    /**
     * Micro-units in whole minor units, half a unit up.
     *
     * @param micros   not below zero
     * @param currency ISO 4217
     * @return such as cents
     */
    static long roundedMinor(final long micros, final String currency) {
        return minor(micros, currency).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /**
     * Whether amounts can be said in a currency's minor unit.
     *
     * @param currency code as a plan has it
     * @return false when ISO 4217 has no such currency, or one without a minor unit, as gold
     */
    public static boolean isCurrency(final String currency) {
        return Currency.getAvailableCurrencies().stream().anyMatch(one -> one.getCurrencyCode().equals(currency)
            && one.getDefaultFractionDigits() >= 0);
    }

    private static int decimals(final String currency) {
        return Currency.getInstance(currency.toUpperCase(Locale.ROOT)).getDefaultFractionDigits();
    }

    /**
     * Key under which the price is found again: it names plan, version and meter, and ends with a hash of the content,
     * so that a price of another content is another price.
     *
     * @param meterId Stripe's id of the meter
     * @return at most 200 characters
     */
    public String lookupKey(final String meterId) {
        final StringBuilder content = new StringBuilder(currency).append('|').append(meterId);
        for (final Tier tier : tiers) {
            content.append('|').append(tier.upTo == Long.MAX_VALUE ? "inf" : tier.upTo).append('=')
                .append(tier.amount.toPlainString());
        }
        return "weir-p" + planId + "-v" + version + '-' + label + '-'
            + Sha256.hex(content.toString()).substring(0, HASH_CHARS);
    }
}
