package weir.sim.desk;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a scenario needs to know of an instrument.
 *
 * @param symbol  Symbol(55)
 * @param mid     price around which orders are placed
 * @param tick    price step
 * @param baseQty smallest quantity sent; quantities are multiples of it
 */
public record DeskInstrument(String symbol, BigDecimal mid, BigDecimal tick, BigDecimal baseQty) {

    /** @param text {@code SYMBOL:MID:TICK:BASE_QTY}, such as {@code BTC-USD:60000:0.01:0.001} */
    public static DeskInstrument parse(final String text) {
        final String[] parts = text.split(":");
        if (parts.length != 4) {
            throw new IllegalArgumentException("an instrument is SYMBOL:MID:TICK:BASE_QTY, got '" + text + "'");
        }
        try {
            return new DeskInstrument(parts[0], new BigDecimal(parts[1]), new BigDecimal(parts[2]),
                new BigDecimal(parts[3]));
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("not a decimal in instrument '" + text + "'", e);
        }
    }

    /** @return the mid moved by basis points of 1/100 %, on the tick grid */
    String priceAt(final int bps) {
        final BigDecimal raw = mid.multiply(BigDecimal.valueOf(10_000L + bps)).movePointLeft(4);
        return raw.divide(tick, 0, RoundingMode.HALF_UP).multiply(tick).toPlainString();
    }

    String quantity(final long multiple) {
        return baseQty.multiply(BigDecimal.valueOf(multiple)).toPlainString();
    }
}
