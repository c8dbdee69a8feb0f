package weir.venue.coinbase;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixTransport;
import weir.fix.wire.FixWriter;
import weir.venue.UuidText;

/**
 * A venue on a thread of its own that answers as fast as it reads. What becomes of an order follows from its number,
 * the lower half of its id: see {@link #fate(long)}. For load and allocation; rules of the venue are the simulator's.
 */
final class LoopVenue implements AutoCloseable, FixConnectionHandler {
    /** What becomes of an order. */
    enum Fate { FILL_IN_TWO, REJECT, CANCEL, REFUSE_CANCEL_AND_FILL, REPLACE_AND_FILL }

    private static final byte[] HEAD = field("49=Coinbase");

    private final FixTransport transport = new FixTransport(new FixTransport.Context().bufferBytes(1 << 20));
    private final FixFrame frame = new FixFrame();
    private final FixWriter writer = new FixWriter("FIXT.1.1", 2048);
    private final UuidText.Reader uuid = new UuidText.Reader();
    private final UnsafeBuffer orderId = new UnsafeBuffer(new byte[UuidText.LENGTH]);
    private final InetSocketAddress address;
    private final Thread thread;
    private byte[] target = field("56=?");
    private int seq;
    private long nowEpochNs;
    private volatile boolean ended;

    LoopVenue() throws IOException {
        address = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, c -> this);
        thread = new Thread(this::run, "loop-venue");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return address.getPort();
    }

    /** By the number of the order. */
    static Fate fate(final long number) {
        switch ((int)(number & 7)) {
            case 4:
                return Fate.REJECT;
            case 5:
                return Fate.CANCEL;
            case 6:
                return Fate.REPLACE_AND_FILL;
            case 7:
                return Fate.REFUSE_CANCEL_AND_FILL;
            default:
                return Fate.FILL_IN_TWO;
        }
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
            throw new AssertionError("not a message: " + buffer.getStringWithoutLengthAscii(offset, length));
        }
        final byte type = frame.lengthAt(2) == 1 ? frame.charAt(2) : (byte)'U';
        switch (type) {
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
            case 'U':
                for (int i = frame.indexOf(11, 3); i >= 0; i = frame.indexOf(11, i + 1)) {
                    onNew(c, i);
                }
                break;
            case 'F':
                onCancel(c);
                break;
            case 'G':
                onReplace(c);
                break;
            default:
                break;
        }
        return true;
    }

    private void onNew(final FixConnection c, final int idAt) {
        final Fate fate = fate(number(idAt));
        if (fate == Fate.REJECT) {
            report('8', '8', idAt).text(58, "Insufficient funds");
            send(c);
            return;
        }
        report('0', '0', idAt).raw(field("151=2"));
        send(c);
        if (fate == Fate.FILL_IN_TWO) {
            fill(c, idAt, false);
            fill(c, idAt, true);
        }
    }

    private void onCancel(final FixConnection c) {
        final int idAt = frame.indexOf(11, 3);
        final int origAt = frame.indexOf(41, 3);
        if (fate(number(origAt)) == Fate.CANCEL) {
            report('4', '4', origAt).raw(field("151=0")).bytes(41, frame.buffer(), frame.startAt(origAt), 36);
            send(c);
            return;
        }
        final long number = number(origAt);
        head("9").bytes(11, frame.buffer(), frame.startAt(idAt), 36);
        venueId(number);
        writer.bytes(41, frame.buffer(), frame.startAt(origAt), 36).raw(field("39=8")).raw(field("102=0"))
            .raw(field("434=1")).text(58, "Order already done");
        send(c);
        fill(c, origAt, true);
    }

    private void onReplace(final FixConnection c) {
        final int origAt = frame.indexOf(41, 3);
        report('5', '5', frame.indexOf(11, 3), number(origAt)).raw(field("151=3"))
            .bytes(41, frame.buffer(), frame.startAt(origAt), 36);
        send(c);
        fill(c, origAt, true);
    }

    private void fill(final FixConnection c, final int idAt, final boolean whole) {
        report('F', whole ? '2' : '1', idAt).raw(field(whole ? "151=0" : "151=1")).raw(field("6=60000.123456789012"))
            .raw(field("14=1")).raw(field("31=60000.12")).raw(field("32=1")).raw(field("136=1"))
            .raw(field("137=0.249900039985")).raw(field("138=USD")).raw(field("139=4")).raw(field("891=0"))
            .number(1003, seq).raw(field("1057=N"));
        send(c);
    }

    private FixWriter report(final char execType, final char ordStatus, final int idAt) {
        return report(execType, ordStatus, idAt, number(idAt));
    }

    private FixWriter report(final char execType, final char ordStatus, final int idAt, final long number) {
        head("8").bytes(11, frame.buffer(), frame.startAt(idAt), 36).text(17, "5f3d2a10-6a56-4a9d-9b1d-2f6f8c7a1b01");
        venueId(number);
        return writer.character(39, (byte)ordStatus).text(55, "BTC-USD").timestamp(60, nowEpochNs, 6)
            .character(150, (byte)execType);
    }

    private void venueId(final long number) {
        UuidText.put(orderId, 0, 0x1234_5678_9abc_4defL, number ^ 0x8fed_cba9_8765_4321L);
        writer.bytes(37, orderId, 0, UuidText.LENGTH);
    }

    private long number(final int idAt) {
        if (!uuid.read(frame.buffer(), frame.startAt(idAt), frame.lengthAt(idAt))) {
            throw new AssertionError("no UUID: " + frame.textAt(idAt));
        }
        return uuid.low() & 0xFFFF_FFFF_FFFFL;
    }

    private FixWriter head(final String type) {
        return writer.begin().raw(field("35=" + type)).number(34, ++seq).raw(HEAD).timestamp(52, nowEpochNs, 6)
            .raw(target);
    }

    private void send(final FixConnection c) {
        writer.finish();
        if (!c.send(writer.buffer(), writer.offset(), writer.length())) {
            throw new AssertionError("the adapter does not read");
        }
    }

    @Override
    public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        throw new AssertionError("garbage: " + buffer.getStringWithoutLengthAscii(offset, length));
    }

    @Override
    public void onClosed(final FixConnection c, final String reason, final long nowNs) {
        // the adapter's end is not of interest here
    }

    private static byte[] field(final String text) {
        return (text + '\u0001').getBytes(StandardCharsets.US_ASCII);
    }
}
