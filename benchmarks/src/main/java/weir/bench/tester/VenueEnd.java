package weir.bench.tester;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/** The venue: takes new orders, checks their order, answers each with one complete fill. One thread. */
class VenueEnd implements AutoCloseable {
    /** Fields of a report that change, in the order in which its template has them. */
    static final int SEQUENCE = 0;
    static final int SENDING_TIME = 1;
    static final int CL_ORD_ID = 2;
    static final int ORDER_ID = 3;
    static final int EXEC_ID = 4;
    static final int TRANSACT_TIME = 5;
    static final int PRICE = 6;
    static final int LAST_PX = 7;
    static final int AVG_PX = 8;
    static final int TRADE_ID = 9;

    private final TagFinder msgType = new TagFinder(35);
    private final TagFinder sender = new TagFinder(49);
    private final TagFinder clOrdId = new TagFinder(11);
    private final TagFinder price = new TagFinder(44);
    private final TagFinder testReqId = new TagFinder(112);
    private final FixTemplate fill = new FixTemplate();
    private final FixTemplate admin = new FixTemplate();
    private final byte[] id = new byte[64];
    private byte[] time = new byte[0];
    private TesterLink link;
    private String client = "RELAY";
    private boolean loggedOn;
    private int fillWidth;
    private int fillIdWidth;
    private long orders;

    void open(final TesterLink opened) {
        link = opened;
    }

    boolean isOpen() {
        return link != null;
    }

    boolean isReady() {
        return link != null && link.isReady();
    }

    boolean loggedOn() {
        return loggedOn;
    }

    long orders() {
        return orders;
    }

    void time(final byte[] value) {
        time = value;
    }

    void flush() throws IOException {
        link.flush();
    }

    /** Reads and answers what came; answers the time of the read. */
    long poll() throws IOException {
        final int limit = link.read();
        final long nowNs = System.nanoTime();
        int at = 0;
        int length = TagFinder.frame(link.in, at, limit);
        while (length > 0 && link.hasRoom()) {
            onMessage(at, at + length);
            at += length;
            length = TagFinder.frame(link.in, at, limit);
        }
        if (length < 0) {
            throw new IOException("the venue got what is no FIX message: " + FixDump.of(link.in, at, limit));
        }
        link.consumed(at);
        return nowNs;
    }

    private void onMessage(final int from, final int to) throws IOException {
        switch (msgType.first(link.in, from, to)) {
            case 'D':
                order(from, to);
                break;
            case 'A':
                client = text(sender.find(link.in, from, to));
                fillWidth = 0;
                link.resetSequence();
                admin.begin("A", "Coinbase", client).field(34, link.sequenceWidth())
                    .field(52, TesterLink.TIME_WIDTH).tag(98, "0").tag(108, "30").tag(141, "Y").tag(1137, "9")
                    .build();
                sendAdmin();
                loggedOn = true;
                break;
            case '1':
                final int at = testReqId.find(link.in, from, to);
                if (at > 0) {
                    admin.begin("0", "Coinbase", client).field(34, link.sequenceWidth())
                        .field(52, TesterLink.TIME_WIDTH).tag(112, text(at)).build();
                    sendAdmin();
                }
                break;
            case '3':
            case '5':
            case 'U':
                throw new IOException("the contestant sent the venue " + FixDump.of(link.in, from, to));
            default:
                break;
        }
    }

    void heartbeat() {
        if (loggedOn) {
            admin.begin("0", "Coinbase", client).field(34, link.sequenceWidth()).field(52, TesterLink.TIME_WIDTH)
                .build();
            sendAdmin();
        }
    }

    private void sendAdmin() {
        final UnsafeBuffer out = link.out;
        final int at = link.outPosition();
        admin.start(out, at);
        admin.finish(out, at, admin.number(out, at, SEQUENCE, link.nextSequence())
            + admin.text(out, at, SENDING_TIME, time));
        link.sent(admin.length());
    }

    /** Link to the contestant. */
    final TesterLink link() {
        return link;
    }

    /** CompID of the contestant, once it has logged on. */
    final String client() {
        return client;
    }

    /** Time of the next message. */
    final byte[] time() {
        return time;
    }

    /** Position of Price(44), -1 for none. */
    final int priceAt(final int from, final int to) {
        return price.find(link.in, from, to);
    }

    /** Position of ClOrdID(11), -1 for none. */
    final int clOrdIdAt(final int from, final int to) {
        return clOrdId.find(link.in, from, to);
    }

    /** Takes a NewOrderSingle(D). */
    void order(final int from, final int to) throws IOException {
        final int priceAt = priceAt(from, to);
        final int idAt = clOrdIdAt(from, to);
        final long cents = OrderNumber.cents(orders);
        if (priceAt < 0 || idAt < 0 || TagFinder.cents(link.in, priceAt) != cents) {
            throw new IOException("order " + orders + " came to the venue as " + FixDump.of(link.in, from, to));
        }
        final int width = TagFinder.length(link.in, idAt);
        link.in.getBytes(idAt, id, 0, width);
        template(width);
        final long number = OrderNumber.id(orders++);
        final UnsafeBuffer out = link.out;
        final int at = link.outPosition();
        fill.start(out, at);
        final int prices = fill.cents(out, at, PRICE, cents);
        fill.cents(out, at, LAST_PX, cents);
        fill.cents(out, at, AVG_PX, cents);
        final int numbers = fill.number(out, at, ORDER_ID, number);
        fill.number(out, at, EXEC_ID, number);
        fill.number(out, at, TRADE_ID, number);
        fill.finish(out, at, 3 * prices + 3 * numbers + fill.number(out, at, SEQUENCE, link.nextSequence())
            + fill.text(out, at, SENDING_TIME, time) + fill.text(out, at, CL_ORD_ID, id)
            + fill.text(out, at, TRANSACT_TIME, time));
        link.sent(fill.length());
    }

    private void template(final int idWidth) {
        if (fillWidth != link.sequenceWidth() || fillIdWidth != idWidth) {
            fillWidth = link.sequenceWidth();
            fillIdWidth = idWidth;
            fill.begin("8", "Coinbase", client).field(34, fillWidth).field(52, TesterLink.TIME_WIDTH)
                .field(11, idWidth).field(37, OrderNumber.ID_WIDTH).field(17, OrderNumber.ID_WIDTH).tag(39, "2")
                .tag(150, "F").tag(55, "BTC-USD").tag(54, "1").field(60, TesterLink.TIME_WIDTH)
                .tag(38, "0.01000000").field(44, OrderNumber.PRICE_WIDTH).tag(32, "0.01000000")
                .field(31, OrderNumber.PRICE_WIDTH).tag(14, "0.01000000").tag(151, "0")
                .field(6, OrderNumber.PRICE_WIDTH).field(1003, OrderNumber.ID_WIDTH).tag(1057, "Y").build();
        }
    }

    private String text(final int at) {
        return link.in.getStringWithoutLengthAscii(at, TagFinder.length(link.in, at));
    }

    @Override
    public void close() throws IOException {
        if (link != null) {
            link.close();
        }
    }
}
