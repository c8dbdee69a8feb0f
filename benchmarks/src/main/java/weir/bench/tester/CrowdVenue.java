package weir.bench.tester;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A venue at which many orders stay open: each new order is acknowledged, and once as many are open as shall be, one of
 * them, drawn at random, is filled for it. One thread.
 */
final class CrowdVenue extends VenueEnd {
    /** Bytes of the identifiers that Weir gives its orders at this venue. */
    static final int WEIR_ID_WIDTH = 36;

    private final FixTemplate acknowledgement = new FixTemplate();
    private final FixTemplate fill = new FixTemplate();
    private final byte[] ids;
    private final long[] prices;
    private final long[] numbers;
    private final int idWidth;
    private final byte[] id;
    private final Arrivals arrivals;
    private int width;
    private int open;
    private long taken;
    private long executions;
    private long random = 88_172_645_463_325_252L;

    /** Told of each order as it is read. */
    interface Arrivals {
        /** Price's number, see {@link OrderNumber#index}. */
        void onOrder(int index);
    }

    CrowdVenue(final int openOrders, final int idWidth, final Arrivals arrivals) {
        this.idWidth = idWidth;
        id = new byte[idWidth];
        ids = new byte[openOrders * idWidth];
        prices = new long[openOrders];
        numbers = new long[openOrders];
        this.arrivals = arrivals;
    }

    int open() {
        return open;
    }

    @Override
    long orders() {
        return taken;
    }

    @Override
    void order(final int from, final int to) throws IOException {
        final UnsafeBuffer in = link().in;
        final int priceAt = priceAt(from, to);
        final int idAt = clOrdIdAt(from, to);
        if (priceAt < 0 || idAt < 0 || TagFinder.length(in, idAt) != idWidth) {
            throw new IOException("order " + taken + " came to the venue as " + FixDump.of(in, from, to));
        }
        final long cents = TagFinder.cents(in, priceAt);
        arrivals.onOrder(OrderNumber.index(cents));
        in.getBytes(idAt, id);
        final long number = taken++;
        write(acknowledgement, cents, number);
        if (open < prices.length) {
            keep(open++, cents, number);
        } else {
            final int drawn = draw(open);
            final int idFrom = drawn * idWidth;
            System.arraycopy(ids, idFrom, id, 0, idWidth);
            write(fill, prices[drawn], numbers[drawn]);
            in.getBytes(idAt, id);
            keep(drawn, cents, number);
        }
    }

    private void keep(final int at, final long cents, final long number) {
        System.arraycopy(id, 0, ids, at * idWidth, idWidth);
        prices[at] = cents;
        numbers[at] = number;
    }

    private int draw(final int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int)((random >>> 33) % bound);
    }

    private void write(final FixTemplate report, final long cents, final long number) {
        final TesterLink link = link();
        final UnsafeBuffer out = link.out;
        final int at = link.outPosition();
        templates();
        report.start(out, at);
        final long execution = OrderNumber.id(executions++);
        int sum = report.number(out, at, SEQUENCE, link.nextSequence()) + report.text(out, at, SENDING_TIME, time())
            + report.text(out, at, CL_ORD_ID, id) + report.number(out, at, ORDER_ID, OrderNumber.id(number))
            + report.number(out, at, EXEC_ID, execution) + report.text(out, at, TRANSACT_TIME, time())
            + report.cents(out, at, PRICE, cents);
        if (report == fill) {
            sum += report.cents(out, at, LAST_PX, cents) + report.cents(out, at, AVG_PX, cents)
                + report.number(out, at, TRADE_ID, execution);
        }
        report.finish(out, at, sum);
        link.sent(report.length());
    }

    private void templates() {
        if (width != link().sequenceWidth()) {
            width = link().sequenceWidth();
            begin(acknowledgement).tag(39, "0").tag(150, "0").tag(55, "BTC-USD").tag(54, "1")
                .field(60, TesterLink.TIME_WIDTH).tag(38, "0.01000000").field(44, OrderNumber.PRICE_WIDTH)
                .tag(14, "0").tag(151, "0.01000000").build();
            begin(fill).tag(39, "2").tag(150, "F").tag(55, "BTC-USD").tag(54, "1")
                .field(60, TesterLink.TIME_WIDTH).tag(38, "0.01000000").field(44, OrderNumber.PRICE_WIDTH)
                .tag(32, "0.01000000").field(31, OrderNumber.PRICE_WIDTH).tag(14, "0.01000000").tag(151, "0")
                .field(6, OrderNumber.PRICE_WIDTH).field(1003, OrderNumber.ID_WIDTH).tag(1057, "Y").build();
        }
    }

    private FixTemplate begin(final FixTemplate template) {
        return template.begin("8", "Coinbase", client()).field(34, width).field(52, TesterLink.TIME_WIDTH)
            .field(11, idWidth).field(37, OrderNumber.ID_WIDTH).field(17, OrderNumber.ID_WIDTH);
    }
}
