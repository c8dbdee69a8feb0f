package weir.sim.kraken;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** What accounts hold, by account and contract. Owned by the {@link KrakenEngine}'s monitor. */
final class Positions {
    private final Map<String, Map<String, Position>> byAccount = new LinkedHashMap<>();

    /**
     * A holding.
     *
     * @param size  above 0 long, below 0 short.
     * @param price average entry price.
     */
    record Position(BigDecimal size, BigDecimal price, long updatedNs) {
    }

    /** The signed size an account holds of a contract. */
    BigDecimal size(final String account, final String symbol) {
        final Position position = of(account).get(symbol);
        return position == null ? BigDecimal.ZERO : position.size;
    }

    /** Holdings by contract, none of them 0. */
    Map<String, Position> of(final String account) {
        return byAccount.getOrDefault(account, Map.of());
    }

    void onFill(final KrakenFill fill, final KrakenInstrument instrument) {
        final Map<String, Position> held =
            byAccount.computeIfAbsent(fill.order().account().name(), name -> new LinkedHashMap<>());
        final BigDecimal change = fill.order().isBuy() ? fill.size() : fill.size().negate();
        final Position before = held.get(instrument.symbol());
        final BigDecimal oldSize = before == null ? BigDecimal.ZERO : before.size;
        final BigDecimal size = oldSize.add(change);
        if (size.signum() == 0) {
            held.remove(instrument.symbol());
            return;
        }
        final BigDecimal price;
        if (oldSize.signum() == 0 || oldSize.signum() != size.signum()) {
            price = fill.price();
        } else if (oldSize.signum() == change.signum()) {
            price = average(oldSize.abs(), before.price, fill.size(), fill.price(), instrument.inverse());
        } else {
            price = before.price;
        }
        held.put(instrument.symbol(), new Position(size, price, fill.tradedNs()));
    }

    void clear() {
        byAccount.clear();
    }

    /** Weighted by size; of inverse contracts the harmonic mean, because their size is in the quote currency. */
    private static BigDecimal average(
        final BigDecimal sizeA, final BigDecimal priceA, final BigDecimal sizeB, final BigDecimal priceB,
        final boolean inverse) {
        final BigDecimal size = sizeA.add(sizeB);
        if (inverse) {
            return size.divide(sizeA.divide(priceA, MathContext.DECIMAL64)
                .add(sizeB.divide(priceB, MathContext.DECIMAL64)), MathContext.DECIMAL64);
        }
        return sizeA.multiply(priceA).add(sizeB.multiply(priceB)).divide(size, MathContext.DECIMAL64);
    }
}
