package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/**
 * A venue that takes the Logon and reads nothing more, until the operating system takes nothing more from us; then it
 * hangs up. What the operating system had is sent, what still waited in a lane is not sent, and of what lay between
 * nothing is said: it is for the engine to call it unknown.
 */
final class StalledVenueTest {
    private static final int BATCH = 10;
    private static final int BATCHES = 8_000;
    /** Bytes that may wait for the socket, as orders of this test: some 97 bytes each. */
    private static final int BETWEEN_MAX = (64 + 8) * 1024 / 90;

    @TempDir
    private Path directory;

    @Test
    void shouldSayNothingAboutWhatWasHandedOverAndNotWritten() throws Exception {
        final CountDownLatch hangUp = new CountDownLatch(1);
        final EngineSide engine = new EngineSide(directory, Venues.COINBASE);
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(8 * 1024);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            final Thread venue = new Thread(() -> serve(server, hangUp), "stalled-venue");
            venue.setDaemon(true);
            venue.start();
            final CoinbaseAdapter adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(engine.aeron())
                .account(new CoinbaseAccount(1, "stalled-key", VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "127.0.0.1",
                    server.getLocalPort(), URI.create("http://127.0.0.1:1"), false))
                .venueLimits(100_000, 200_000).newsPerSecond(50_000).messagesPerSecond(60_000).guardHold(150_000)
                .guardDrop(160_000).venueQueueMax(100_000).inFlightMax(50_000).laneCapacity(BATCHES));
            try {
                engine.awaitUp(1);
                final long[] orderIds = new long[BATCH];
                for (int i = 0; i < BATCHES; i++) {
                    for (int k = 0; k < BATCH; k++) {
                        orderIds[k] = 1 + (long)i * BATCH + k;
                    }
                    engine.newOrders(1, "BTC-USD", TimeInForce.GTC, Side.BUY, "0.123456", "50000.12", orderIds);
                }
                awaitStall(engine);
                hangUp.countDown();
                engine.await(e -> "DOWN".equals(e.type()), "DOWN");
                check(engine.events());
            } finally {
                adapter.close();
            }
        } finally {
            engine.close();
        }
    }

    private static void check(final List<EngineSide.Event> events) {
        final List<Long> sent = new ArrayList<>();
        final List<Long> notSent = new ArrayList<>();
        for (final EngineSide.Event event : events) {
            if ("SENT".equals(event.type())) {
                sent.addAll(event.orderIds());
            } else if ("NOT_SENT".equals(event.type())) {
                notSent.add(event.orderId());
            }
        }
        final int between = BATCHES * BATCH - sent.size() - notSent.size();
        final String context = "sent " + sent.size() + ", not sent " + notSent.size() + ", between " + between;
        assertTrue(between > 0 && between <= BETWEEN_MAX, context);
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(1 + i, sent.get(i), context);
        }
        for (int i = 0; i < notSent.size(); i++) {
            assertEquals(1 + sent.size() + between + i, notSent.get(i), context);
        }
        assertTrue(!sent.isEmpty() && !notSent.isEmpty(), context);
    }

    /** Until nothing was sent for half a second. */
    private static void awaitStall(final EngineSide engine) {
        int before = -1;
        for (int i = 0; i < 100 && engine.size() != before; i++) {
            before = engine.size();
            engine.pollFor(500);
        }
        assertEquals(before, engine.size(), "still sending after 50 s");
    }

    private static void serve(final ServerSocket server, final CountDownLatch hangUp) {
        try (Socket socket = server.accept()) {
            final InputStream in = socket.getInputStream();
            int last = 0;
            for (int c = in.read(); c >= 0 && !(c == 1 && last == 7); c = in.read()) {
                last = c == 1 ? 1 : last == 1 && c == '1' ? 2 : last == 2 && c == '0' ? 3 : last == 3 && c == '=' ? 4
                    : last >= 4 && c >= '0' && c <= '9' ? last + 1 : 0;
            }
            socket.getOutputStream().write(
                PlaybackVenue.message("stalled-key", "A", 1, "98=0|108=30|141=Y|1137=9|"));
            hangUp.await();
        } catch (final IOException | InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
