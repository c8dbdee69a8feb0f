package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.sbe.SelfTradePrevention;
import weir.venue.EventQueue;

/** REST against a peer that stops in the middle of its answer and keeps the connection. */
final class RestPathTest {
    private static final String HALF =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

    @ParameterizedTest
    @EnumSource(value = Method.class, names = {"TIME", "CANCEL"})
    void shouldEndARequestWhoseAnswerStopsAfterItsHeaders(final Method method) throws Exception {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final List<Socket> kept = new ArrayList<>();
            final Thread peer = new Thread(() -> answerHalf(door, kept), "half-answer");
            peer.start();
            final BinanceCounters counters = new BinanceCounters();
            final EventQueue events = new EventQueue(64);
            final URI uri = URI.create("http://127.0.0.1:" + door.getLocalPort());
            final RestPath path = new RestPath(new BinanceAdapter.Context().requestTimeoutMs(300)
                .epochClock(new SystemEpochNanoClock()), new BinanceAccount(1, "key", VenueSide.SECRET_A, uri, uri,
                false, SelfTradePrevention.NONE), HttpClient.newHttpClient(), events,
                new VenueJson(new Decimals(counters)));
            final List<Answer> answers = new ArrayList<>();
            path.send(method, new LinkedHashMap<>(), () -> { }, answers::add);
            final long deadlineNs = System.nanoTime() + 10_000_000_000L;
            while (answers.isEmpty()) {
                assertFalse(System.nanoTime() - deadlineNs > 0, "no end");
                final Runnable event = events.poll();
                if (event == null) {
                    LockSupport.parkNanos(1_000_000L);
                } else {
                    event.run();
                }
            }
            assertEquals(Answer.Kind.LOST, answers.get(0).kind(), "it left, and may have been carried out");
            peer.join(10_000);
            for (final Socket socket : kept) {
                socket.close();
            }
        }
    }

    private static void answerHalf(final ServerSocket door, final List<Socket> kept) {
        try {
            final Socket socket = door.accept();
            kept.add(socket);
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }
}
