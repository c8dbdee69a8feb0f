package weir.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixTransport;
import weir.fix.wire.FixWriter;

/**
 * A Coinbase session on a thread of its own that answers as fast as it reads; what becomes of an order follows from its
 * quantity. For load and allocation: the rules of the venue are the simulator's.
 */
final class FateVenue implements AutoCloseable, FixConnectionHandler {
    /** Acknowledged, filled in two parts. */
    static final String FILLS = "0.02";
    /** Acknowledged, stays until it is cancelled. */
    static final String RESTS = "0.03";
    /** Rejected by the venue. */
    static final String REJECTED = "0.04";

    private static final String SESSION_TYPES = "A012345";
    private static final byte[] HEAD = field("49=Coinbase");

    private final FixTransport transport = new FixTransport(new FixTransport.Context().bufferBytes(1 << 20));
    private final FixFrame frame = new FixFrame();
    private final FixWriter writer = new FixWriter("FIXT.1.1", 2048);
    private final InetSocketAddress address;
    private final Thread thread;
    private byte[] target = field("56=?");
    private int seq;
    private long nowEpochNs;
    private volatile boolean ended;
    private volatile Throwable failure;
    private volatile long sessionMessages;

    FateVenue() throws IOException {
        address = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, c -> this);
        thread = new Thread(this::run, "fate-venue");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return address.getPort();
    }

    /** Messages of the session layer that came. */
    long sessionMessages() {
        return sessionMessages;
    }

    /** What went wrong; null when nothing did. */
    Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        ended = true;
        for (int i = 0; thread.isAlive() && i < 5_000; i++) {
            LockSupport.parkNanos(1_000_000L);
        }
    }

    private void run() {
        while (!ended) {
            nowEpochNs = System.currentTimeMillis() * 1_000_000L;
            if (transport.poll(System.nanoTime()) + transport.flush() == 0) {
                LockSupport.parkNanos(20_000L);
            }
        }
        transport.close();
    }

    @Override
    public void onConnected(final FixConnection c, final long nowNs) {
        seq = 0;
    }

    @Override
    public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        if (!frame.wrap(buffer, offset, length) || !frame.isChecksumValid()) {
            failure = new AssertionError("not a message: " + buffer.getStringWithoutLengthAscii(offset, length));
            return true;
        }
        if (frame.lengthAt(2) == 1 && SESSION_TYPES.indexOf(frame.charAt(2)) >= 0) {
            sessionMessages++;
        }
        switch (frame.lengthAt(2) == 1 ? frame.charAt(2) : (byte)'U') {
            case 'A':
                target = field("56=" + frame.textAt(frame.indexOf(49, 3)));
                head("A").raw(field("98=0")).raw(field("108=30")).raw(field("141=Y")).raw(field("1137=9"));
                send(c);
                break;
            case '1':
                head("0").text(112, frame.textAt(frame.indexOf(112, 3)));
                send(c);
                break;
            case '5':
                head("5");
                send(c);
                c.closeWhenFlushed("logout");
                break;
            case 'D':
                onNew(c, frame.indexOf(11, 3), frame.textAt(frame.indexOf(38, 3)));
                break;
            case 'F':
                final int origAt = frame.indexOf(41, 3);
                report('4', '4', origAt).raw(field("151=0"))
                    .bytes(41, frame.buffer(), frame.startAt(origAt), frame.lengthAt(origAt));
                send(c);
                break;
            case 'U':
            case '3':
                failure = new AssertionError("unexpected: " + buffer.getStringWithoutLengthAscii(offset, length));
                break;
            default:
                break;
        }
        return true;
    }

    private void onNew(final FixConnection c, final int idAt, final String qty) {
        final double amount = Double.parseDouble(qty);
        if (amount == Double.parseDouble(REJECTED)) {
            report('8', '8', idAt).text(58, "Insufficient funds");
            send(c);
            return;
        }
        report('0', '0', idAt).text(151, qty);
        send(c);
        if (amount == Double.parseDouble(FILLS)) {
            fill(c, idAt, '1', "0.01", "0.01");
            fill(c, idAt, '2', "0.02", "0");
        }
    }

    private void fill(final FixConnection c, final int idAt, final char status, final String done, final String left) {
        report('F', status, idAt).text(151, left).raw(field("6=50000")).text(14, done).raw(field("31=50000"))
            .raw(field("32=0.01")).number(1003, seq).raw(field("1057=N"));
        send(c);
    }

    private FixWriter report(final char execType, final char ordStatus, final int idAt) {
        return head("8").bytes(11, frame.buffer(), frame.startAt(idAt), frame.lengthAt(idAt)).number(17, seq)
            .bytes(37, frame.buffer(), frame.startAt(idAt), frame.lengthAt(idAt)).character(39, (byte)ordStatus)
            .text(55, "BTC-USD").timestamp(60, nowEpochNs, 6).character(150, (byte)execType);
    }

    private FixWriter head(final String type) {
        return writer.begin().raw(field("35=" + type)).number(34, ++seq).raw(HEAD).timestamp(52, nowEpochNs, 6)
            .raw(target);
    }

    private void send(final FixConnection c) {
        writer.finish();
        if (!c.send(writer.buffer(), writer.offset(), writer.length())) {
            failure = new AssertionError("the adapter does not read");
        }
    }

    @Override
    public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        failure = new AssertionError("garbage: " + buffer.getStringWithoutLengthAscii(offset, length));
    }

    @Override
    public void onClosed(final FixConnection c, final String reason, final long nowNs) {
        // the adapter's end is not of interest here
    }

    private static byte[] field(final String text) {
        return (text + '\u0001').getBytes(StandardCharsets.US_ASCII);
    }
}
