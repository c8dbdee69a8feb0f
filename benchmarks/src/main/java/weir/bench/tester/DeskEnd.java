package weir.bench.tester;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/** The desk: sends new orders, counts and checks their fills. One thread. */
final class DeskEnd implements AutoCloseable {
    private static final int SEQUENCE = 0;
    private static final int SENDING_TIME = 1;
    private static final int CL_ORD_ID = 2;
    private static final int TRANSACT_TIME = 3;
    private static final int PRICE = 4;

    private final TagFinder msgType = new TagFinder(35);
    private final TagFinder execType = new TagFinder(150);
    private final TagFinder lastPx = new TagFinder(31);
    private final TagFinder testReqId = new TagFinder(112);
    private final FixTemplate order = new FixTemplate();
    private final FixTemplate admin = new FixTemplate();
    private final Tester.Wiring wiring;
    private final Tester.DeskLogon logon;
    private final Expected expected;
    private byte[] time = new byte[0];
    private TesterLink link;
    private boolean loggedOn;
    private int orderWidth;
    private long fills;

    DeskEnd(final Tester.Wiring wiring, final Tester.DeskLogon logon) {
        this(wiring, logon, (fills, cents) -> cents == OrderNumber.cents(fills));
    }

    DeskEnd(final Tester.Wiring wiring, final Tester.DeskLogon logon, final Expected expected) {
        this.wiring = wiring;
        this.logon = logon;
        this.expected = expected;
    }

    /** Which fill may come: by default that of the next order. */
    interface Expected {
        /** Whether a fill at a price may follow so many fills. */
        boolean isFill(long fills, long cents);
    }

    Tester.Wiring wiring() {
        return wiring;
    }

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

    long fills() {
        return fills;
    }

    boolean hasRoom() {
        return link.hasRoom();
    }

    void time(final byte[] value) {
        time = value;
    }

    void logOn() {
        admin.begin("A", logon.compId(), "WEIR").field(34, link.sequenceWidth()).field(52, TesterLink.TIME_WIDTH)
            .tag(98, "0").tag(108, "30").tag(141, "Y").tag(553, logon.compId()).tag(554, logon.password())
            .tag(1137, "9").build();
        sendAdmin();
    }

    void heartbeat() {
        if (loggedOn) {
            admin.begin("0", logon.compId(), "WEIR").field(34, link.sequenceWidth())
                .field(52, TesterLink.TIME_WIDTH).build();
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

    void order(final long number) {
        if (orderWidth != link.sequenceWidth()) {
            orderWidth = link.sequenceWidth();
            order.begin("D", logon.compId(), "WEIR").field(34, orderWidth).field(52, TesterLink.TIME_WIDTH)
                .field(11, OrderNumber.ID_WIDTH).tag(55, "BTC-USD").tag(54, "1").field(60, TesterLink.TIME_WIDTH)
                .tag(38, "0.01000000").tag(40, "2").field(44, OrderNumber.PRICE_WIDTH).tag(59, "1").build();
        }
        final UnsafeBuffer out = link.out;
        final int at = link.outPosition();
        order.start(out, at);
        order.finish(out, at, order.number(out, at, SEQUENCE, link.nextSequence())
            + order.text(out, at, SENDING_TIME, time) + order.number(out, at, CL_ORD_ID, OrderNumber.id(number))
            + order.text(out, at, TRANSACT_TIME, time) + order.cents(out, at, PRICE, OrderNumber.cents(number)));
        link.sent(order.length());
    }

    void flush() throws IOException {
        link.flush();
    }

    /** Reads and takes what came; answers the time of the read. */
    long poll() throws IOException {
        final int limit = link.read();
        final long nowNs = System.nanoTime();
        int at = 0;
        int length = TagFinder.frame(link.in, at, limit);
        while (length > 0) {
            onMessage(at, at + length);
            at += length;
            length = TagFinder.frame(link.in, at, limit);
        }
        if (length < 0) {
            throw new IOException("the desk got what is no FIX message: " + FixDump.of(link.in, at, limit));
        }
        link.consumed(at);
        return nowNs;
    }

    private void onMessage(final int from, final int to) throws IOException {
        switch (msgType.first(link.in, from, to)) {
            case '8':
                report(from, to);
                break;
            case 'A':
                loggedOn = true;
                break;
            case '1':
                testRequest(from, to);
                break;
            case '3':
            case 'j':
            case '5':
                throw new IOException("the contestant answered " + FixDump.of(link.in, from, to));
            default:
                break;
        }
    }

    private void report(final int from, final int to) throws IOException {
        final byte type = execType.first(link.in, from, to);
        if (type == 'F') {
            final int at = lastPx.find(link.in, from, to);
            final long cents = at < 0 ? -1 : TagFinder.cents(link.in, at);
            if (!expected.isFill(fills, cents)) {
                throw new IOException("fill " + fills + " came to the desk as " + FixDump.of(link.in, from, to));
            }
            fills++;
        } else if (type == '8') {
            throw new IOException("the contestant refused an order: " + FixDump.of(link.in, from, to));
        }
    }

    private void testRequest(final int from, final int to) {
        final int at = testReqId.find(link.in, from, to);
        if (at > 0) {
            admin.begin("0", logon.compId(), "WEIR").field(34, link.sequenceWidth())
                .field(52, TesterLink.TIME_WIDTH)
                .tag(112, link.in.getStringWithoutLengthAscii(at, TagFinder.length(link.in, at))).build();
            sendAdmin();
        }
    }

    @Override
    public void close() throws IOException {
        if (link != null) {
            link.close();
        }
    }
}
