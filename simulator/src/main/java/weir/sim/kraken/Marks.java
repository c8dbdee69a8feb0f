package weir.sim.kraken;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import weir.sim.market.OrderBook;

/** Mark prices: the book's middle, else its last trade, unless the tester set one. In the engine's monitor. */
final class Marks {
    private final Map<String, OrderBook<KrakenOrder>> books;
    private final Map<String, BigDecimal> set = new HashMap<>();

    Marks(final Map<String, OrderBook<KrakenOrder>> books) {
        this.books = books;
    }

    /** Sets a mark price; null goes back to the book's. */
    void set(final String symbol, final BigDecimal price) {
        set.put(symbol, price);
    }

    /** The mark price, or null if there is nothing to go by. */
    BigDecimal mark(final String symbol) {
        final BigDecimal fixed = set.get(symbol);
        if (fixed != null) {
            return fixed;
        }
        final OrderBook<KrakenOrder> book = books.get(symbol);
        final BigDecimal bid = book.bestPrice(true);
        final BigDecimal ask = book.bestPrice(false);
        return bid == null || ask == null ? book.lastPrice() : bid.add(ask).divide(BigDecimal.valueOf(2));
    }
}
