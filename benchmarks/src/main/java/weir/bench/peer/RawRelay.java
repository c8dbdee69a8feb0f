package weir.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The peer that marks the machine's limit: copies bytes from a desk's socket to a venue's and back, one busy thread, no
 * look inside. {@code RawRelay <venuePort>}; it ends when either side closes.
 */
public final class RawRelay {
    private static final int BUFFER = 1 << 18;

    private RawRelay() {
    }

    /**
     * Runs the relay.
     *
     * @param args the venue's port on loopback
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        ParentWatch.start();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(loopback, 0));
            System.out.println("READY port=" + server.socket().getLocalPort());
            try (SocketChannel venue = SocketChannel.open(
                     new InetSocketAddress(loopback, Integer.parseInt(args[0])));
                 SocketChannel desk = server.accept()) {
                prepare(venue);
                prepare(desk);
                final ByteBuffer toVenue = ByteBuffer.allocateDirect(BUFFER);
                final ByteBuffer toDesk = ByteBuffer.allocateDirect(BUFFER);
                boolean open = true;
                while (open) {
                    open = copy(desk, venue, toVenue) && copy(venue, desk, toDesk);
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void prepare(final SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static boolean copy(final SocketChannel from, final SocketChannel to, final ByteBuffer buffer)
        throws IOException {
        if (from.read(buffer) < 0) {
            return false;
        }
        if (buffer.position() > 0) {
            buffer.flip();
            to.write(buffer);
            buffer.compact();
        }
        return true;
    }
}
