package weir.fix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLEngine;
import org.agrona.DirectBuffer;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixTransport;
import weir.fix.wire.FixWriter;

/**
 * One of many desks on a {@link FixTransport} of the test: logs on when it is connected, keeps its numbers over
 * connections, sends orders and times their first answer from when each was due. Owned by the transport's thread.
 */
final class WireDesk implements FixConnectionHandler {
    private static final byte[] NEW_ORDER = "35=D\u0001".getBytes(StandardCharsets.US_ASCII);
    private static final int IN_FLIGHT = 1 << 15;

    private final String compId;
    private final String proof;
    private final FixWriter writer = new FixWriter("FIXT.1.1", 512);
    private long[] dueNs = new long[0];
    private LongConsumer onAnswer = ns -> {
    };
    private FixConnection wire;
    private int sequence = 1;
    private int sent;
    private int answered;
    private volatile boolean loggedOn;
    private volatile String end;

    WireDesk(final String compId, final String proof) {
        this.compId = compId;
        this.proof = proof;
    }

    void connect(final FixTransport transport, final InetSocketAddress address, final SSLEngine tls)
        throws IOException {
        end = null;
        wire = transport.connect(address, tls, this);
    }

    void onAnswer(final LongConsumer consumer) {
        onAnswer = consumer;
        dueNs = new long[IN_FLIGHT];
    }

    boolean isLoggedOn() {
        return loggedOn;
    }

    /** Why it is not; null when nothing ended it. */
    String end() {
        return end;
    }

    @Override
    public String toString() {
        return compId + (wire == null ? " without a connection" : wire.isOpen() ? " connected" : " cut off")
            + ", next number " + sequence + ", end " + end;
    }

    void cut() {
        if (wire != null) {
            wire.close("cut");
        }
    }

    /** Sends an order that was due then. */
    void order(final long intendedNs) {
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        dueNs[sent++ & IN_FLIGHT - 1] = intendedNs;
        writer.begin().raw(NEW_ORDER).number(34, sequence++).text(49, compId).timestamp(52, nowNs, 3)
            .text(56, "WEIR").number(11, sent).number(38, 1).character(40, (byte)'2')
            .decimal(44, 6_500_000_000_000L + sent).character(54, (byte)'1').text(55, "BTC-USD")
            .character(59, (byte)'1').timestamp(60, nowNs, 3).finish();
        wire.send(writer.buffer(), writer.offset(), writer.length());
    }

    @Override
    public void onConnected(final FixConnection c, final long nowNs) {
        c.send(RawDesk.frame("35=A|34=" + sequence++ + "|49=" + compId + "|52=" + RawDesk.now()
            + "|56=WEIR|98=0|108=60|1137=9|" + proof));
    }

    @Override
    public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        switch (type(buffer, offset)) {
            case 'A':
                loggedOn = true;
                break;
            case '8':
                onAnswer.accept(System.nanoTime() - dueNs[answered++ & IN_FLIGHT - 1]);
                break;
            case '3':
            case '5':
            case 'j':
                end = buffer.getStringWithoutLengthAscii(offset, length).replace('\u0001', '|');
                break;
            default:
                break;
        }
        return true;
    }

    /** MsgType(35), the third field. */
    private static byte type(final DirectBuffer buffer, final int offset) {
        int at = offset;
        for (int fields = 0; fields < 2; at++) {
            fields += buffer.getByte(at) == 1 ? 1 : 0;
        }
        return buffer.getByte(at + 3);
    }

    @Override
    public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        end = "garbage of " + length + " bytes";
    }

    @Override
    public void onClosed(final FixConnection c, final String reason, final long nowNs) {
        loggedOn = false;
        end = end == null ? reason : end + ", " + reason;
    }
}
