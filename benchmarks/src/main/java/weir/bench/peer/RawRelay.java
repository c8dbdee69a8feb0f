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
 * ends when either side closes. Others do more between read and write by {@link Between}.
 */
public final class RawRelay {
    private static final int BUFFER = 1 << 18;

    private RawRelay() {
    }

    /** What is done between read and write. One thread. */
    public interface Between {
        /**
         * Bytes came.
         *
         * @param bytes  holds them
         * @param from   the first
         * @param to     behind the last
         * @param ofDesk they are the desk's
         */
        void came(ByteBuffer bytes, int from, int to, boolean ofDesk);

        /** What came was written, or what the socket took of it. */
        void passed();
    }

    /**
     * Runs the relay.
     *
     * @param args the venue's port on loopback; where what passes is kept, and how many times
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        run(Integer.parseInt(args[0]), args.length > 1 ? kept(args) : null);
    }

    /**
     * What keeps bytes, and does no more.
     *
     * @param args as of the relay
     * @return keeps
     * @throws IOException if the file cannot be made
     */
    public static Between kept(final String[] args) throws IOException {
        return new KeptBytes(Path.of(args[1]), Integer.parseInt(args[2]));
    }

    /**
     * Runs a relay.
     *
     * @param venuePort on loopback
     * @param between   read and write; null = nothing
     * @throws IOException if a socket fails
     */
    public static void run(final int venuePort, final Between between) throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        ParentWatch.start();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(loopback, 0));
            System.out.println("READY port=" + server.socket().getLocalPort());
            try (SocketChannel venue = SocketChannel.open(new InetSocketAddress(loopback, venuePort));
                 SocketChannel desk = server.accept()) {
                prepare(venue);
                prepare(desk);
                final ByteBuffer toVenue = ByteBuffer.allocateDirect(BUFFER);
                final ByteBuffer toDesk = ByteBuffer.allocateDirect(BUFFER);
                boolean open = true;
                while (open) {
                    open = copy(desk, venue, toVenue, between, true) && copy(venue, desk, toDesk, between, false);
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
        final Between between, final boolean ofDesk) throws IOException {
        final int before = buffer.position();
        if (from.read(buffer) < 0) {
            return false;
        }
        final boolean came = between != null && buffer.position() > before;
        if (came) {
            between.came(buffer, before, buffer.position(), ofDesk);
        }
        if (buffer.position() > 0) {
            buffer.flip();
            to.write(buffer);
            buffer.compact();
        }
        if (came) {
            between.passed();
        }
        return true;
    }
}
