package weir.fix.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.agrona.DirectBuffer;
import weir.protocol.NativeBuffer;

/**
 * One connection of a {@link FixTransport}: bytes in, found to be messages where they lie, and bytes out, collected
 * until the end of the duty cycle. Owned by the transport's thread, but for {@link #remote()}.
 */
public final class FixConnection {
    private static final int READ_ROOM = 4096;

    private final FixTransport transport;
    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final TlsLayer tls;
    private final FixFraming framing = new FixFraming();
    private final int maxFrame;
    private final int maxOut;
    FixConnectionHandler handler;
    SelectionKey key;
    boolean connected;
    boolean dirty;
    boolean queued;
    boolean inLine;
    long turn;
    boolean dropped;
    long deadlineNs;
    long turnNs;
    private ByteBuffer in;
    private NativeBuffer inBytes;
    private int readFrom;
    private ByteBuffer out;
    private NativeBuffer outBytes;
    private int writeFrom;
    private int outEnd;
    private long sentBytes;
    private long writtenBytes;
    private boolean backlog;
    private boolean suspended;
    private boolean endOfStream;
    private boolean closing;
    private boolean draining;
    private boolean closed;
    private CloseCause cause;
    private String reason = "";

    FixConnection(final FixTransport transport, final SocketChannel channel, final InetSocketAddress remote,
        final TlsLayer tls, final FixTransport.Context context) {
        this.transport = transport;
        this.channel = channel;
        this.remote = remote;
        this.tls = tls;
        this.maxFrame = context.maxFrameBytes();
        this.maxOut = context.maxOutBytes();
        // A TLS record is decrypted whole: there must be room for it beside the part of a message before it.
        in(ByteBuffer.allocateDirect(tls == null ? context.bufferBytes()
            : Math.max(context.bufferBytes(), READ_ROOM + 2 * tls.engine().getSession().getApplicationBufferSize())));
        out(ByteBuffer.allocateDirect(context.bufferBytes()));
    }

    /**
     * The other end.
     *
     * @return address and port; any thread
     */
    public InetSocketAddress remote() {
        return remote;
    }

    /**
     * How long those who came before it keep it waiting, as it was accepted.
     *
     * @return milliseconds until its TLS handshake may begin
     */
    public long turnMs() {
        return turnNs / 1_000_000;
    }

    /**
     * Certificate that the peer proved in the handshake.
     *
     * @return null without TLS or certificate
     */
    public X509Certificate peerCertificate() {
        if (tls != null) {
            try {
                final Certificate[] chain = tls.engine().getSession().getPeerCertificates();
                return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
            } catch (final SSLPeerUnverifiedException ex) {
                return null;
            }
        }
        return null;
    }

    /**
     * Sends bytes with the next flush. A peer that left more than the bound unread, and whose socket takes nothing more
     * now, is disconnected: who has much to send that can wait asks {@link #isHalfFree()} first.
     *
     * @param buffer of the bytes, copied
     * @param offset of the first
     * @param length how many
     * @return false when the connection ends or ended
     */
    public boolean send(final DirectBuffer buffer, final int offset, final int length) {
        if (!isOpen() || !hasRoom(length)) {
            return false;
        }
        outBytes.putBytes(outEnd, buffer, offset, length);
        onSent(length);
        return true;
    }

    /**
     * Sends text with the next flush, as {@link #send(DirectBuffer, int, int)}.
     *
     * @param raw one character per byte
     * @return false when the connection ends or ended
     */
    public boolean send(final String raw) {
        if (!isOpen() || !hasRoom(raw.length())) {
            return false;
        }
        outBytes.putBytes(outEnd, raw.getBytes(StandardCharsets.ISO_8859_1));
        onSent(raw.length());
        return true;
    }

    /**
     * Asks whether there is room for what can wait.
     *
     * @return true while no more than half of what may wait for the peer does
     */
    public boolean isHalfFree() {
        return outEnd - writeFrom <= maxOut / 2;
    }

    /** Takes nothing in until {@link #resumeRead()}; what has arrived waits. */
    public void suspendRead() {
        suspended = true;
        transport.interest(this, 0);
    }

    /** Goes on after {@link #suspendRead()}. */
    public void resumeRead() {
        suspended = false;
        transport.interest(this, SelectionKey.OP_READ);
        backlog = true;
        transport.onBacklog(this);
    }

    /**
     * Ends the connection with the next poll; what was not written is lost.
     *
     * @param why for people
     */
    public void close(final String why) {
        close(CloseCause.LOCAL, why);
    }

    /**
     * Ends the connection once everything sent is written, or a second later.
     *
     * @param why for people
     */
    public void closeWhenFlushed(final String why) {
        if (isOpen()) {
            closing = true;
            cause = CloseCause.LOCAL;
            reason = why;
            suspended = true;
            transport.onClosing(this);
        }
    }

    /**
     * Can it send?
     *
     * @return true from the start until it is closed by either side
     */
    public boolean isOpen() {
        return !closing && !closed;
    }

    /**
     * Why it ended.
     *
     * @return null while it is open
     */
    public CloseCause closeCause() {
        return cause;
    }

    /**
     * Counts what {@link #send} took.
     *
     * @return bytes since the connection began
     */
    public long sentBytes() {
        return sentBytes;
    }

    /**
     * Counts what no longer waits for the socket's room; of TLS, what was made records.
     *
     * @return bytes of {@link #sentBytes()}
     */
    public long takenBytes() {
        return sentBytes - (outEnd - writeFrom);
    }

    /**
     * Counts what left; of TLS, what was made records that left whole.
     *
     * @return bytes of {@link #sentBytes()} that the operating system has
     */
    public long writtenBytes() {
        return writtenBytes;
    }

    void close(final CloseCause why, final String text) {
        if (!closed) {
            closed = true;
            if (cause == null) {
                cause = why;
                reason = text;
            }
            transport.onClosed(this);
        }
    }

    String reason() {
        return reason;
    }

    SocketChannel channel() {
        return channel;
    }

    TlsLayer tls() {
        return tls;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isSuspended() {
        return suspended;
    }

    boolean isClosing() {
        return closing;
    }

    /** Reads once and hands on what is whole, at most so many messages; returns how many bytes and messages. */
    int read(final int maxMessages, final long nowNs) {
        if (closed || suspended) {
            return 0;
        }
        int work = 0;
        try {
            work = backlog && !endOfStream ? 0 : receive();
        } catch (final IOException ex) {
            if (tls != null && !connected) {
                close(CloseCause.TLS, "TLS handshake: " + ex.getMessage());
                return 1;
            }
            endOfStream = true;
            cause = tls != null && ex instanceof javax.net.ssl.SSLException ? CloseCause.TLS : CloseCause.IO;
            reason = ex.getClass().getSimpleName() + ": " + ex.getMessage();
        }
        if (tls != null && !connected && tls.isEstablished() && !closed) {
            connected = true;
            handler.onConnected(this, nowNs);
        }
        return work + dispatch(maxMessages, nowNs);
    }

    /** Writes what was sent; returns bytes written. */
    int flush() {
        if (draining) {
            return 0;
        }
        final int before = writeFrom;
        try {
            if (outEnd > writeFrom || tls != null) {
                out.limit(outEnd).position(writeFrom);
                if (tls == null) {
                    channel.write(out);
                } else {
                    tls.write(channel, out);
                }
                writeFrom = out.position();
            }
        } catch (final IOException ex) {
            onWriteFailed(ex);
            return 0;
        }
        final int written = writeFrom - before;
        if (tls == null || !tls.hasOutput()) {
            // A record that the operating system has not taken whole is not written, nor is what stands in it.
            writtenBytes = sentBytes - (outEnd - writeFrom);
        }
        if (writeFrom == outEnd) {
            writeFrom = 0;
            outEnd = 0;
        }
        return written;
    }

    /** What the peer sent before it hung up is still read: the connection ends with its stream, or a second later. */
    private void onWriteFailed(final IOException ex) {
        if (tls != null && ex instanceof javax.net.ssl.SSLException) {
            close(CloseCause.TLS, "write: " + ex.getMessage());
            return;
        }
        closing = true;
        draining = true;
        if (cause == null) {
            cause = CloseCause.IO;
            reason = "write: " + ex.getMessage();
        }
        writeFrom = 0;
        outEnd = 0;
        transport.onClosing(this);
    }

    /** True once a write failed: nothing is written any more, and what arrived is read to its end. */
    boolean isDraining() {
        return draining;
    }

    boolean isFlushed() {
        return outEnd == 0 && (tls == null || draining || !tls.hasOutput());
    }

    void free() {
        if (tls != null) {
            tls.close(channel);
        }
        try {
            channel.close();
        } catch (final IOException ex) {
            // It is gone either way.
        }
    }

    private int receive() throws IOException {
        final int room = tls == null ? READ_ROOM : in.capacity() / 2;
        if (readFrom > 0 && readFrom == in.position()) {
            in.clear();
            readFrom = 0;
        } else if (readFrom > 0 && in.remaining() < room) {
            in.limit(in.position()).position(readFrom);
            in.compact();
            readFrom = 0;
        }
        if (tls != null) {
            if (in.remaining() < room) {
                grow();
            }
            final int bytes = tls.read(channel, in);
            endOfStream |= tls.isEnd();
            return bytes;
        }
        final int bytes = channel.read(in);
        if (bytes < 0) {
            endOfStream = true;
            return 0;
        }
        return bytes;
    }

    private int dispatch(final int maxMessages, final long nowNs) {
        int messages = 0;
        boolean more = false;
        while (!closed && !suspended && readFrom < in.position()) {
            if (messages == maxMessages) {
                more = true;
                break;
            }
            final int length = framing.scan(inBytes, readFrom, in.position());
            if (length > 0) {
                if (!handler.onFrame(this, inBytes, readFrom, length, nowNs)) {
                    more = true;
                    break;
                }
                readFrom += length;
                messages++;
            } else if (length < 0) {
                final boolean logon = framing.isLogonBroken();
                handler.onGarbage(this, inBytes, readFrom, -length, nowNs);
                readFrom -= length;
                if (logon) {
                    close(CloseCause.BROKEN_LOGON, "a Logon whose length is wrong");
                }
            } else {
                onIncomplete();
                break;
            }
        }
        backlog = more;
        if (more || tls != null && tls.isHeld()) {
            transport.onBacklog(this);
        } else if (endOfStream && !closed) {
            close(CloseCause.PEER, "closed by the peer");
        }
        return messages;
    }

    private void onIncomplete() {
        final int waiting = in.position() - readFrom;
        if (waiting > maxFrame) {
            close(CloseCause.OVERSIZED, "no whole message in " + waiting + " bytes");
        } else if (in.remaining() == 0 && readFrom == 0) {
            grow();
        }
    }

    private boolean hasRoom(final int length) {
        if (outEnd + length <= out.capacity()) {
            return true;
        }
        if (outEnd - writeFrom + length > maxOut && channel.isConnected()) {
            flush(); // what one cycle sends may be more than waits for the peer
        }
        final int waiting = outEnd - writeFrom;
        if (!isOpen()) {
            return false;
        }
        if (waiting + length > maxOut) {
            close(CloseCause.SLOW_READER, waiting + " bytes wait for a peer that does not read");
            return false;
        }
        if (outEnd + length <= out.capacity()) {
            return true;
        }
        final int capacity = waiting + length <= out.capacity() / 2 ? out.capacity()
            : Math.max(waiting + length, Math.min(maxOut, 2 * out.capacity()));
        final ByteBuffer larger = capacity == out.capacity() ? out : ByteBuffer.allocateDirect(capacity);
        if (larger == out) {
            out.limit(outEnd).position(writeFrom);
            out.compact();
        } else {
            out.limit(outEnd).position(writeFrom);
            larger.put(out);
        }
        larger.clear();
        out(larger);
        writeFrom = 0;
        outEnd = waiting;
        return true;
    }

    private void onSent(final int length) {
        outEnd += length;
        sentBytes += length;
        transport.onDirty(this);
    }

    private void grow() {
        final ByteBuffer larger = ByteBuffer.allocateDirect(2 * in.capacity());
        in.flip();
        larger.put(in);
        in(larger);
    }

    private void in(final ByteBuffer buffer) {
        in = buffer;
        inBytes = new NativeBuffer(buffer);
    }

    private void out(final ByteBuffer buffer) {
        out = buffer;
        outBytes = new NativeBuffer(buffer);
    }
}
