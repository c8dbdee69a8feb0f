package weir.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The peer that marks the machine's limit: copies bytes from a desk's socket to a venue's and back, one busy thread, no
 * look inside. {@code RawRelay <venuePort> [<file> <times>]}: with a file it keeps what passes there, so many times. It
 * ends when either side closes.
 */
public final class RawRelay {
    private static final int BUFFER = 1 << 18;

    private RawRelay() {
    }

    /**
     * Runs the relay.
     *
     * @param args the venue's port on loopback; where what passes is kept, and how many times
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        final KeptBytes kept = args.length > 1 ? new KeptBytes(Path.of(args[1])) : null;
        final int times = args.length > 1 ? Integer.parseInt(args[2]) : 0;
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
                    open = copy(desk, venue, toVenue, kept, times) && copy(venue, desk, toDesk, kept, times);
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void prepare(final SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static boolean copy(final SocketChannel from, final SocketChannel to, final ByteBuffer buffer,
        final KeptBytes kept, final int times) throws IOException {
        final int before = buffer.position();
        if (from.read(buffer) < 0) {
            return false;
        }
        if (kept != null && buffer.position() > before) {
            kept.add(buffer, before, buffer.position(), times);
        }
        if (buffer.position() > 0) {
            buffer.flip();
            to.write(buffer);
            buffer.compact();
        }
        return true;
    }
}
