package weir.bench.tester;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/** The desk's NewOrderSingle(D) as bytes, for what is measured without a socket. One thread. */
public final class OrderBytes {
    private static final int SEQUENCE_WIDTH = 9;
    private static final int SEQUENCE_BASE = 100_000_000;

    private final FixTemplate order;
    private final byte[] time;

    /**
     * Prepares the message.
     *
     * @param compId SenderCompID(49)
     */
    public OrderBytes(final String compId) {
        time = "20260102-03:04:05.678".getBytes(StandardCharsets.US_ASCII);
        order = new FixTemplate().begin("D", compId, "WEIR").field(34, SEQUENCE_WIDTH)
            .field(52, TesterLink.TIME_WIDTH).field(11, OrderNumber.ID_WIDTH).tag(55, "BTC-USD").tag(54, "1")
            .field(60, TesterLink.TIME_WIDTH).tag(38, "0.01000000").tag(40, "2")
            .field(44, OrderNumber.PRICE_WIDTH).tag(59, "1").build();
    }

    /**
     * Bytes of every order.
     *
     * @return length
     */
    public int length() {
        return order.length();
    }

    /**
     * Writes an order.
     *
     * @param number of the order; its ClOrdID(11) and price tell it
     * @param out    where to
     * @param at     offset
     */
    public void write(final long number, final MutableDirectBuffer out, final int at) {
        order.start(out, at);
        order.finish(out, at, order.number(out, at, 0, SEQUENCE_BASE + number % SEQUENCE_BASE)
            + order.text(out, at, 1, time) + order.number(out, at, 2, OrderNumber.id(number))
            + order.text(out, at, 3, time) + order.cents(out, at, 4, OrderNumber.cents(number)));
    }
}
