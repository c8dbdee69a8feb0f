package weir.bench.tester;

/** An order's number in its price and in its ClOrdID. */
final class OrderNumber {
    /** Bytes of a price, two decimals. */
    static final int PRICE_WIDTH = 8;
    /** Bytes of an identifier. */
    static final int ID_WIDTH = 10;
    /** Cents; with the span within the demo's price collar around 60,000. */
    private static final long PRICE_BASE = 4_000_000;
    /** So many numbers have a price of their own. */
    static final int PRICE_SPAN = 4_000_000;
    private static final long ID_BASE = 1_000_000_000;

    private OrderNumber() {
    }

    static long cents(final long number) {
        return PRICE_BASE + number % PRICE_SPAN;
    }

    /** What is left of the number in a price. */
    static int index(final long cents) {
        return (int)(cents - PRICE_BASE);
    }

    static long id(final long number) {
        return ID_BASE + number;
    }
}
