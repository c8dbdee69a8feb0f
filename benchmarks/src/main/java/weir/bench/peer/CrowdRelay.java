package weir.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;
import weir.bench.tester.TagFinder;

/**
 * The peer that marks the machine's limit where there are many desks: copies messages from their sockets to the venue's
 * and reports back to the desk whose order has the price, one busy thread, one write per socket and turn. It reads
 * lengths and prices and nothing else: no session, no check, no store. {@code CrowdRelay <venuePort> <desks>}; it ends
 * when a side closes.
 */
public final class CrowdRelay {
    private static final int VENUE_BUFFER = 1 << 18;
    private static final int DESK_BUFFER = 1 << 14;
    private static final int CENTS_MAX = 1 << 23;

    private final Selector selector;
    private final Pipe venue;
    private final Pipe[] desks;
    private final short[] deskOfCents = new short[CENTS_MAX];
    private final ArrayDeque<Pipe> dirty = new ArrayDeque<>();
    private final TagFinder orderPrice = new TagFinder(44);
    private final TagFinder reportPrice = new TagFinder(44);
    private boolean open = true;

    private CrowdRelay(final Selector selector, final SocketChannel venue, final ServerSocketChannel server,
        final int desks) throws IOException {
        this.selector = selector;
        this.venue = new Pipe(0, venue, VENUE_BUFFER);
        this.desks = new Pipe[desks];
        for (int i = 0; i < desks; i++) {
            final SocketChannel desk = server.accept();
            this.desks[i] = new Pipe(i, desk, DESK_BUFFER);
            desk.register(selector, SelectionKey.OP_READ, this.desks[i]);
        }
    }

    /**
     * Runs the relay.
     *
     * @param args the venue's port on loopback, and how many desks come
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        final int desks = Integer.parseInt(args[1]);
        ParentWatch.start();
        try (ServerSocketChannel server = ServerSocketChannel.open(); Selector selector = Selector.open()) {
            server.bind(new InetSocketAddress(loopback, 0), desks);
            System.out.println("READY port=" + server.socket().getLocalPort());
            try (SocketChannel venue = SocketChannel.open(
                new InetSocketAddress(loopback, Integer.parseInt(args[0])))) {
                final CrowdRelay relay = new CrowdRelay(selector, venue, server, desks);
                while (relay.open) {
                    relay.turn();
                    Thread.onSpinWait();
                }
            }
        }
    }

    private void turn() throws IOException {
        selector.selectNow(key -> {
            try {
                fromDesk((Pipe)key.attachment());
            } catch (final IOException ex) {
                System.err.println("relay: " + ex);
                open = false;
            }
        });
        venue.flush();
        fromVenue();
        for (Pipe desk = dirty.poll(); desk != null; desk = dirty.poll()) {
            desk.dirty = false;
            desk.flush();
        }
    }

    private void fromDesk(final Pipe desk) throws IOException {
        final int limit = read(desk);
        int at = 0;
        for (int length = TagFinder.frame(desk.view, at, limit); length > 0;
            length = TagFinder.frame(desk.view, at, limit)) {
            final int price = orderPrice.find(desk.view, at, at + length);
            deskOfCents[(int)TagFinder.cents(desk.view, price)] = (short)desk.index;
            copy(desk, at, length, venue);
            at += length;
        }
        desk.consumed(at, limit);
    }

    private void fromVenue() throws IOException {
        final int limit = read(venue);
        int at = 0;
        for (int length = TagFinder.frame(venue.view, at, limit); length > 0;
            length = TagFinder.frame(venue.view, at, limit)) {
            final int price = reportPrice.find(venue.view, at, at + length);
            final Pipe desk = desks[deskOfCents[(int)TagFinder.cents(venue.view, price)]];
            copy(venue, at, length, desk);
            if (!desk.dirty) {
                desk.dirty = true;
                dirty.add(desk);
            }
            at += length;
        }
        venue.consumed(at, limit);
    }

    private int read(final Pipe from) throws IOException {
        if (from.channel.read(from.in) < 0) {
            System.err.println("relay: a side closed");
            open = false;
        }
        return from.in.position();
    }

    private static void copy(final Pipe from, final int at, final int length, final Pipe to) throws IOException {
        while (to.out.remaining() < length) {
            to.flush();
        }
        to.out.put(from.in.duplicate().position(at).limit(at + length));
    }

    /** A socket and what waits on both sides of it. */
    private static final class Pipe {
        private final int index;
        private final SocketChannel channel;
        private final ByteBuffer in;
        private final UnsafeBuffer view;
        private final ByteBuffer out;
        private boolean dirty;

        private Pipe(final int index, final SocketChannel channel, final int buffer) throws IOException {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            this.index = index;
            this.channel = channel;
            in = ByteBuffer.allocateDirect(buffer);
            view = new UnsafeBuffer(in);
            out = ByteBuffer.allocateDirect(buffer);
        }

        private void flush() throws IOException {
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            out.clear();
        }

        private void consumed(final int until, final int limit) {
            in.position(until).limit(limit);
            in.compact();
        }
    }
}
