package weir.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SocketChannel;

/** Collects what is written and hands it to the socket at once. One thread; a full buffer is written through. */
final class BatchedChannel implements GatheringByteChannel {
    private final SocketChannel socket;
    private final ByteBuffer pending;

    BatchedChannel(final SocketChannel socket, final int capacity) {
        this.socket = socket;
        pending = ByteBuffer.allocateDirect(capacity);
    }

    /** Writes what is pending; returns when the operating system has all of it. */
    void flush() throws IOException {
        if (pending.position() > 0) {
            pending.flip();
            while (pending.hasRemaining()) {
                socket.write(pending);
            }
            pending.clear();
        }
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int length = source.remaining();
        if (length > pending.remaining()) {
            flush();
        }
        pending.put(source);
        return length;
    }

    @Override
    public long write(final ByteBuffer[] sources, final int offset, final int length) throws IOException {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(sources[i]);
        }
        return written;
    }

    @Override
    public long write(final ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
