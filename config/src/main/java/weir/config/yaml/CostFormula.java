package weir.config.yaml;

import java.util.Optional;

/**
 * The cost of a venue message in the number of orders in it: integers, {@code n}, {@code +} and {@code *}, as
 * {@code 9 + n} or {@code 2*n + 1}. It must come out linear, {@code fixed + item * n}, since the engine keeps two
 * integers per message kind.
 *
 * @param fixedCost units per message
 * @param itemCost  units per order in it
 */
public record CostFormula(int fixedCost, int itemCost) {

    /**
     * The formula in its plain form.
     *
     * @return {@code 9 + n}, {@code 2*n}, {@code 1}
     */
    public String text() {
        if (itemCost == 0) {
            return Integer.toString(fixedCost);
        }
        final String item = itemCost == 1 ? "n" : itemCost + "*n";
        return fixedCost == 0 ? item : fixedCost + " + " + item;
    }

    /**
     * Compiles a formula.
     *
     * @param text the formula
     * @return empty when it is none, is not linear, or does not fit
     */
    public static Optional<CostFormula> parse(final String text) {
        long fixed = 0;
        long item = 0;
        for (final String term : text.split("\\+", -1)) {
            long product = 1;
            int degree = 0;
            for (final String raw : term.split("\\*", -1)) {
                final String factor = raw.strip();
                if (factor.equals("n")) {
                    degree++;
                } else if (factor.matches("\\d{1,9}")) {
                    product *= Long.parseLong(factor);
                } else {
                    return Optional.empty();
                }
                if (product > Integer.MAX_VALUE || degree > 1) {
                    return Optional.empty();
                }
            }
            if (degree == 0) {
                fixed += product;
            } else {
                item += product;
            }
        }
        return fixed > Integer.MAX_VALUE || item > Integer.MAX_VALUE ? Optional.empty()
            : Optional.of(new CostFormula((int) fixed, (int) item));
    }
}
