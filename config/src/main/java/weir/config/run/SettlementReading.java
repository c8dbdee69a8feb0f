package weir.config.run;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import weir.billing.grant.Settlement;
import weir.cli.CommandActions.SettlementOptions;
import weir.config.failure.CommandFailure;

/** What a grant was paid in: from options, and as text. */
final class SettlementReading {
    private static final Map<String, Integer> DECIMALS = Map.of("USD", 2, "EUR", 2, "USDC", 6, "USDT", 6, "ETH", 18,
        "BTC", 8);

    private SettlementReading() {
    }

    static Settlement read(final SettlementOptions options, final String reference) {
        final Integer known = DECIMALS.get(options.asset());
        if (known == null && options.decimals().isEmpty()) {
            throw new CommandFailure(CommandFailure.USAGE, "--decimals is needed for the asset " + options.asset());
        }
        final BigDecimal rate = options.rate().stripTrailingZeros();
        try {
            return new Settlement(options.asset(), options.decimals().orElseGet(() -> known), options.atoms(),
                rate.unscaledValue().longValueExact(), -rate.scale(), options.rateSource(),
                options.rateTime().toEpochMilli(), rounding(options.rounding()), options.reference().orElse(reference));
        } catch (final ArithmeticException ex) {
            throw new CommandFailure(CommandFailure.USAGE, "--rate has too many digits: " + options.rate());
        }
    }

    private static Settlement.Rounding rounding(final String text) {
        for (final Settlement.Rounding one : Settlement.Rounding.values()) {
            if (one.name().replace('_', '-').equalsIgnoreCase(text)) {
                return one;
            }
        }
        throw new CommandFailure(CommandFailure.USAGE, "--rounding must be exact, down or half-even, is " + text);
    }

    /** One sentence per line: amount in atoms and whole units, rate, source, time and reference. */
    static String text(final List<Settlement> lines) {
        return lines.stream().map(line -> line.atoms() + " atoms = "
            + new BigDecimal(line.atoms()).movePointLeft(line.decimals()).toPlainString() + ' ' + line.asset() + " at "
            + line.rate().toPlainString() + " (" + line.rateSource() + ", " + Instant.ofEpochMilli(line.rateMs()) + ", "
            + line.rounding().name().toLowerCase(Locale.ROOT).replace('_', '-') + ") " + line.reference())
            .collect(Collectors.joining("; "));
    }
}
