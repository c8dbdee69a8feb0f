package weir.fix.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS of one connection. Records are made and read on the thread that polls it; what the engine delegates (key
 * exchange, signatures, certificates) runs on the executor, and the connection waits for it without holding up others.
 * The JDK's engine allocates for every record.
 */
public final class TlsLayer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Executor executor;
    private ByteBuffer netIn;
    private final ByteBuffer netOut;
    private volatile boolean taskRunning;
    /** Of a task: written before {@link #taskRunning} says that it is done. */
    private SSLException unusable;
    private boolean begun;
    private boolean established;
    private boolean endOfStream;
    private boolean held;

    /**
     * Prepares what {@link #begin()} begins.
     *
     * @param engine   in client or server mode
     * @param executor runs what the engine delegates, and its beginning
     */
    public TlsLayer(final SSLEngine engine, final Executor executor) {
        this.engine = engine;
        this.executor = executor;
        final int packet = engine.getSession().getPacketBufferSize();
        netIn = ByteBuffer.allocateDirect(packet);
        netOut = ByteBuffer.allocateDirect(2 * packet).flip();
    }

    /**
     * Begins the handshake, once: {@link #read} and {@link #write} bring it forward. The engine works out versions,
     * suites and signatures before the first byte, a third of a millisecond: on the executor, too. Before, what the
     * peer says is kept, and that it hung up is noticed.
     */
    public void begin() {
        begun = true;
        taskRunning = true;
        executor.execute(() -> {
            try {
                engine.beginHandshake();
            } catch (final SSLException ex) {
                unusable = ex;
            } catch (final RuntimeException ex) {
                unusable = new SSLException(ex);
            } finally {
                taskRunning = false;
            }
        });
    }

    SSLEngine engine() {
        return engine;
    }

    /**
     * Is the handshake done?
     *
     * @return true from then on
     */
    public boolean isEstablished() {
        return established;
    }

    /**
     * Has the peer ended?
     *
     * @return true once it said that it sends no more, or its stream ended
     */
    public boolean isEnd() {
        return endOfStream;
    }

    /**
     * Do records wait for the socket?
     *
     * @return true until {@link #write} got rid of them
     */
    public boolean hasOutput() {
        return netOut.hasRemaining();
    }

    boolean isBegun() {
        return begun;
    }

    /** A handshake waits for what is computed elsewhere: until then nothing is read or written. */
    boolean isComputing() {
        return taskRunning;
    }

    /** A record waits for room, whether or not the socket has more. */
    boolean isHeld() {
        return held;
    }

    /**
     * Reads records.
     *
     * @param channel non-blocking
     * @param target  for what was decrypted, positioned at its end
     * @return bytes decrypted
     * @throws IOException when the channel or a record is broken
     */
    public int read(final SocketChannel channel, final ByteBuffer target) throws IOException {
        if (taskRunning) {
            return 0;
        }
        checkUsable();
        final int before = target.position();
        if (netIn.hasRemaining() && !endOfStream && channel.read(netIn) < 0) {
            endOfStream = true;
        }
        if (!begun) {
            if (!netIn.hasRemaining()) {
                throw new SSLException("more than a record before its turn");
            }
            return 0;
        }
        netIn.flip();
        try {
            unwrap(channel, target);
        } finally {
            netIn.compact();
        }
        return target.position() - before;
    }

    /**
     * Writes records.
     *
     * @param channel non-blocking
     * @param source  what to encrypt; consumed as far as records were made of it
     * @return true when nothing waits any more
     * @throws IOException when the channel or the engine is broken
     */
    public boolean write(final SocketChannel channel, final ByteBuffer source) throws IOException {
        if (taskRunning || !begun) {
            return false;
        }
        checkUsable();
        if (!established) {
            advance(channel);
        }
        while (drain(channel)) {
            if (!established || !source.hasRemaining()) {
                return established && !source.hasRemaining();
            }
            wrap(source);
        }
        return false;
    }

    /**
     * Says goodbye, as far as the socket takes it at once. The engine's lock is the task's while one runs: a handshake
     * that is not at its end needs no goodbye.
     *
     * @param channel non-blocking, still open
     */
    public void close(final SocketChannel channel) {
        if (!begun || taskRunning) {
            return;
        }
        engine.closeOutbound();
        try {
            if (drain(channel)) {
                wrap(NOTHING);
                drain(channel);
            }
        } catch (final IOException ex) {
            // The peer is gone: nobody is left to be told.
        }
    }

    private void checkUsable() throws SSLException {
        if (unusable != null) {
            throw unusable;
        }
    }

    private void unwrap(final SocketChannel channel, final ByteBuffer target) throws IOException {
        held = false;
        while (netIn.hasRemaining() && !taskRunning) {
            final SSLEngineResult result = engine.unwrap(netIn, target);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                endOfStream = true;
                return;
            }
            if (!established && !advance(channel)) {
                return;
            }
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                growForRecord();
                return;
            }
            held = result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW;
            if (held || established && result.bytesConsumed() == 0) {
                return;
            }
        }
    }

    /** Goes on with the handshake; false while it waits for a task or for the socket. */
    private boolean advance(final SocketChannel channel) throws IOException {
        while (true) {
            final HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> {
                    delegate();
                    return false;
                }
                case NEED_WRAP -> {
                    if (!drain(channel)) {
                        return false;
                    }
                    wrap(NOTHING);
                }
                case NEED_UNWRAP -> {
                    drain(channel);
                    return true;
                }
                default -> {
                    established = true;
                    drain(channel);
                    return true;
                }
            }
        }
    }

    private void delegate() {
        final Runnable task = engine.getDelegatedTask();
        if (task != null) {
            taskRunning = true;
            executor.execute(() -> {
                try {
                    for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
                        next.run();
                    }
                } finally {
                    taskRunning = false;
                }
            });
        }
    }

    private void wrap(final ByteBuffer source) throws SSLException {
        netOut.compact();
        try {
            final SSLEngineResult result = engine.wrap(source, netOut);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                throw new SSLException("record larger than the session's packet size");
            }
        } finally {
            netOut.flip();
        }
    }

    private boolean drain(final SocketChannel channel) throws IOException {
        if (netOut.hasRemaining()) {
            channel.write(netOut);
        }
        return !netOut.hasRemaining();
    }

    private void growForRecord() {
        if (netIn.limit() == netIn.capacity() && netIn.position() == 0) {
            netIn = ByteBuffer.allocateDirect(2 * netIn.capacity()).put(netIn).flip();
        }
    }
}
