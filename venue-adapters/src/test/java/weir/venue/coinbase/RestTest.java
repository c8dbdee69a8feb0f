package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** REST beside the FIX session: the rate answer, the clock, the budget. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class RestTest {
    private static final String BTC = "BTC-USD";
    /** More than the venue's burst of 30. */
    private static final int QUERIES = 40;

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private HttpServer rest;
    private final AtomicInteger orderCalls = new AtomicInteger();
    private volatile long clockOffsetS;
    private volatile int refusals;
    private volatile String retryAfter = "";

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
        rest = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        rest.createContext("/", this::answer);
        rest.start();
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        rest.stop(0);
        engine.close();
        venue.close();
    }

    private void launch(final URI restUri) {
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .clockIntervalMs(1_000)
            .account(new CoinbaseAccount(1, venue.keyA, VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "127.0.0.1",
                venue.fixPort(), restUri, false)));
        engine.awaitUp(1);
    }

    private URI scripted() {
        return URI.create("http://127.0.0.1:" + rest.getAddress().getPort());
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final boolean time = exchange.getRequestURI().getPath().equals("/time");
        int status = 200;
        String body = "{\"iso\":\"x\",\"epoch\":" + (System.currentTimeMillis() / 1000.0 + clockOffsetS) + "}";
        if (!time) {
            final boolean refused = orderCalls.incrementAndGet() <= refusals;
            status = refused ? 429 : 404;
            body = refused ? "{\"message\":\"Private rate limit exceeded\"}" : "{\"message\":\"NotFound\"}";
        }
        final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (status == 429 && !retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void shouldHoldAndAskAgainWhenRefusedForTheRate() {
        refusals = 1;
        launch(scripted());
        final int from = engine.size();
        final long startNs = System.nanoTime();
        engine.query(1, 1, EngineSide.id(5, 0), "", BTC, "0", 1);

        assertEquals("STATE_NOT_FOUND", engine.awaitState(from, 1).type());
        assertTrue(System.nanoTime() - startNs >= 1_000_000_000L, "held one second");
        assertEquals(1, adapter.counter(CoinbaseCounter.REST_RATE_LIMITED));
        assertEquals(2, orderCalls.get());
    }

    @Test
    void shouldHoldRestAsLongAsRetryAfterSaysAndBarNoOrder() {
        refusals = 1;
        retryAfter = "2";
        launch(scripted());
        final int from = engine.size();
        final long startNs = System.nanoTime();
        engine.query(1, 1, EngineSide.id(5, 0), "", BTC, "0", 1);

        assertEquals("STATE_NOT_FOUND", engine.awaitState(from, 1).type());
        assertTrue(System.nanoTime() - startNs >= 2_000_000_000L, "held two seconds");
        assertEquals(java.util.List.of(), engine.of("BAR"), "orders go by FIX, which has a budget of its own");
    }

    @Test
    void shouldKeepItsOwnBudgetUnderTheVenuesAndAnswerEachQueryOnce() {
        launch(venue.restUri());
        final int from = engine.size();
        for (int i = 0; i < QUERIES; i++) {
            engine.query(1, 100 + i, EngineSide.id(5, i), "", BTC, "0", 1);
        }

        for (int i = 0; i < QUERIES; i++) {
            assertEquals("STATE_NOT_FOUND", engine.awaitState(from, 100 + i).type());
        }
        assertEquals(0, adapter.counter(CoinbaseCounter.REST_RATE_LIMITED));
        assertEquals(QUERIES, engine.events().stream().filter(e -> e.type().startsWith("STATE_")).count());
    }

    @Test
    void shouldRaiseAlarmWhenClocksDriftApart() {
        clockOffsetS = 12;
        launch(scripted());
        for (int i = 0; i < 200 && adapter.counter(CoinbaseCounter.CLOCK_ALARMS) == 0; i++) {
            engine.pollFor(20);
        }

        assertTrue(adapter.counter(CoinbaseCounter.CLOCK_ALARMS) > 0, "alarm");
        assertEquals(12_000, adapter.counter(CoinbaseCounter.CLOCK_OFFSET_MS), 500);
    }

    @Test
    void shouldMeasureTheVenuesClockWithoutAlarmWhenTheyAgree() {
        launch(venue.restUri());
        engine.pollFor(1_500);

        assertEquals(0, adapter.counter(CoinbaseCounter.CLOCK_ALARMS));
        assertEquals(0, adapter.counter(CoinbaseCounter.CLOCK_OFFSET_MS), 500);
    }
}
