package weir.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import weir.bench.tls.TlsKeys;
import weir.fix.wire.TlsLayer;

/**
 * The raw relay with TLS: ends TLS of a desk, begins TLS to a venue, and copies what it decrypted, one busy thread, no
 * look inside. What TLS costs with the JDK's engine, without any router. {@code TlsRelay <venuePort> <keys>}; it ends
 * when either side closes.
 */
public final class TlsRelay {
    private static final int BUFFER = 1 << 18;

    private TlsRelay() {
    }

    /**
     * Runs the relay.
     *
     * @param args the venue's port on loopback; directory of the keys, whose password is in the environment
     * @throws IOException if a socket or a record fails
     */
    public static void main(final String[] args) throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        final int venuePort = Integer.parseInt(args[0]);
        final TlsKeys keys = TlsKeys.open(Path.of(args[1]), System.getenv(TlsKeys.PASSWORD_VARIABLE));
        ParentWatch.start();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(loopback, 0));
            System.out.println("READY port=" + server.socket().getLocalPort());
            try (SocketChannel venue = SocketChannel.open(new InetSocketAddress(loopback, venuePort));
                 SocketChannel desk = server.accept()) {
                final Side toVenue = new Side(venue, keys.client(venuePort));
                final Side toDesk = new Side(desk, keys.server());
                while (toDesk.copyTo(toVenue) && toVenue.copyTo(toDesk)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** One side: its socket, its records, and what came from it. */
    private static final class Side {
        private final SocketChannel channel;
        private final TlsLayer tls;
        private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER);

        Side(final SocketChannel channel, final SSLEngine engine) throws IOException {
            this.channel = channel;
            tls = new TlsLayer(engine, Runnable::run);
            tls.begin();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        boolean copyTo(final Side other) throws IOException {
            tls.read(channel, received);
            if (received.position() > 0 || other.tls.hasOutput() || !other.tls.isEstablished()) {
                received.flip();
                other.tls.write(other.channel, received);
                received.compact();
            }
            return !tls.isEnd();
        }
    }
}
