package weir.bench.tester;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import javax.net.ssl.SSLEngine;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.wire.TlsLayer;

/**
 * One end of the tester: a non-blocking socket, with TLS or without, a buffer each way and the outgoing sequence
 * number. One thread, handshakes included.
 */
final class TesterLink implements AutoCloseable {
    /** Bytes of SendingTime(52) with milliseconds. */
    static final int TIME_WIDTH = 21;
    private static final int CAPACITY = 1 << 20;
    private static final int MESSAGE_MAX = 2_048;
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    final UnsafeBuffer in;
    final UnsafeBuffer out;
    private final ByteBuffer inBytes;
    private final ByteBuffer outBytes;
    private final String name;
    private final SocketChannel socket;
    private final TlsLayer tls;
    private int sequence = 1;
    private int sequenceWidth = 1;
    private int sequenceBound = 10;

    TesterLink(final String name, final SocketChannel socket, final SSLEngine engine) throws IOException {
        this(name, socket, engine, CAPACITY);
    }

    /** With buffers of a size, both alike. */
    TesterLink(final String name, final SocketChannel socket, final SSLEngine engine, final int capacity)
        throws IOException {
        this.name = name;
        this.socket = socket;
        inBytes = ByteBuffer.allocateDirect(capacity);
        outBytes = ByteBuffer.allocateDirect(capacity);
        in = new UnsafeBuffer(inBytes);
        out = new UnsafeBuffer(outBytes);
        tls = engine == null ? null : new TlsLayer(engine, Runnable::run);
        if (tls != null) {
            tls.begin();
        }
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    static byte[] time() {
        return TIME.format(Instant.now()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Digits of the next sequence number: templates are as wide. */
    int sequenceWidth() {
        return sequenceWidth;
    }

    int nextSequence() {
        final int next = sequence++;
        if (sequence == sequenceBound) {
            sequenceWidth++;
            sequenceBound = sequenceBound == 1_000_000_000 ? Integer.MAX_VALUE : sequenceBound * 10;
        }
        return next;
    }

    /** The numbers begin anew with a Logon(A) that resets them. */
    void resetSequence() {
        sequence = 1;
        sequenceWidth = 1;
        sequenceBound = 10;
    }

    /** Room for one more message of any length this tester sends. */
    boolean hasRoom() {
        return outBytes.remaining() > MESSAGE_MAX;
    }

    int outPosition() {
        return outBytes.position();
    }

    void sent(final int length) {
        outBytes.position(outBytes.position() + length);
    }

    /** Without TLS at once, with TLS when its handshake is done. */
    boolean isReady() {
        return tls == null || tls.isEstablished();
    }

    void flush() throws IOException {
        if (outBytes.position() > 0 || tls != null && (tls.hasOutput() || !tls.isEstablished())) {
            outBytes.flip();
            if (tls == null) {
                socket.write(outBytes);
            } else {
                tls.write(socket, outBytes);
            }
            if (outBytes.hasRemaining()) {
                outBytes.compact();
            } else {
                outBytes.clear();
            }
        }
    }

    /** Reads what is there; answers how many bytes now wait in {@link #in}. */
    int read() throws IOException {
        final boolean ended;
        if (tls == null) {
            ended = socket.read(inBytes) < 0;
        } else {
            tls.read(socket, inBytes);
            ended = tls.isEnd();
        }
        if (ended) {
            throw new IOException("the contestant closed the connection of the " + name);
        }
        return inBytes.position();
    }

    void consumed(final int bytes) {
        if (bytes == inBytes.position()) {
            inBytes.clear();
        } else if (bytes > 0) {
            inBytes.flip().position(bytes);
            inBytes.compact();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
