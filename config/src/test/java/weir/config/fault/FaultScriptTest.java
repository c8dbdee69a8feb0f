package weir.config.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.config.failure.CommandFailure;
import weir.protocol.Venues;

/** The language of fault scripts, and that they are played as they say. */
class FaultScriptTest {
    /** In the order of the columns. */
    private static final int[] VENUES = {Venues.COINBASE, Venues.INTX, Venues.BINANCE, Venues.DERIBIT,
        Venues.KRAKEN_FUTURES, Venues.COW};
    private static final String SCRIPT = """
        script: storm
        seed: 7
        steps:
          - venue: kraken-futures
            at: 20ms
            times: 3
            every: 10ms
            jitter: 5ms
            faults:
              limitStorm: 2
              wsDrop: 2.5%
          - venue: coinbase
            at: 0s
            call: /disconnect?session=k
          - venue: deribit
            at: 1ms
            call: /reset
        """;

    @Test
    void shouldGiveTheSameTimesForTheSameSeed() {
        final List<FaultScript.Call> calls = FaultScriptPlayer.calls(FaultScriptReader.read("x", SCRIPT));
        assertEquals(5, calls.size());
        assertEquals(calls, FaultScriptPlayer.calls(FaultScriptReader.read("x", SCRIPT)));
        assertNotEquals(calls,
            FaultScriptPlayer.calls(FaultScriptReader.read("x", SCRIPT.replace("seed: 7", "seed: 8"))));
        assertEquals(Venues.COINBASE, calls.get(0).step().venueId());
        for (int i = 2; i < 5; i++) {
            final long base = 20 + 10L * (i - 2);
            assertTrue(calls.get(i).atMs() >= base && calls.get(i).atMs() <= base + 5, calls.toString());
        }
        assertEquals("{\"limitStorm\":2,\"wsDrop\":\"2.5%\"}", calls.get(2).step().body());
    }

    @Test
    void shouldDoAtEachVenueWhatTheReadmeSays() throws Exception {
        final Map<String, String[]> rows = new HashMap<>();
        for (final String line : Files.readAllLines(Path.of("README.md"))) {
            final String[] cells = line.split("\\|");
            if (cells.length == 2 + VENUES.length && Files.exists(Path.of("faults", cells[1].trim() + ".yaml"))) {
                rows.put(cells[1].trim(), Arrays.copyOfRange(cells, 2, cells.length));
            }
        }
        try (Stream<Path> files = Files.list(Path.of("faults"))) {
            for (final Path file : files.toList()) {
                final FaultScript script = FaultScriptReader.read(file);
                assertEquals(script.name() + ".yaml", file.getFileName().toString());
                assertTrue(rows.containsKey(script.name()), script.name() + " is in no row");
                for (int i = 0; i < VENUES.length; i++) {
                    final int venueId = VENUES[i];
                    final String cell = rows.get(script.name())[i];
                    final List<String> done = script.steps().stream().filter(step -> step.venueId() == venueId)
                        .flatMap(step -> words(step).stream()).toList();
                    assertEquals(done.isEmpty(), cell.startsWith(" - "), script.name() + ':' + cell);
                    done.forEach(word -> assertTrue(cell.contains('`' + word + '`'), script.name() + " at "
                        + Venues.name(venueId) + ": " + word + " is not in" + cell));
                }
            }
        }
    }

    /** Faults that a step sets, or the call that it makes. */
    private static List<String> words(final FaultScript.Step step) {
        if (!"/faults".equals(step.path())) {
            return List.of(step.path().split("\\?")[0]);
        }
        return Pattern.compile("\"(\\w+)\":[^0]").matcher(step.body()).results().map(found -> found.group(1)).toList();
    }

    @Test
    void shouldTellEveryErrorAtOnceWithItsLine() {
        final CommandFailure failure = assertThrows(CommandFailure.class, () -> FaultScriptReader.read("bad.yaml", """
            script: storm
            sede: 7
            steps:
              - venue: nowhere
                at: soon
              - venue: coinbase
                at: 1s
                times: 2
                call: /x
                faults: {a: 1}
            """));
        assertEquals("FAULT_SCRIPT", failure.code());
        for (final String wanted : new String[] {"sede", "nowhere", "soon", "neither", "both", "every", "bad.yaml:4"}) {
            assertTrue(failure.getMessage().contains(wanted), wanted + " in " + failure.getMessage());
        }
    }

    @Test
    void shouldCallEachControlInterfaceAndSayWhatWasRefused() throws Exception {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        final HttpServer control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        control.createContext("/", exchange -> {
            final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            heard.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + body);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/faults") ? 200 : 400, -1);
            exchange.close();
        });
        control.start();
        final List<String> said = Collections.synchronizedList(new ArrayList<>());
        try (FaultScriptPlayer player = new FaultScriptPlayer(FaultScriptReader.read("x", SCRIPT),
            venueId -> venueId == Venues.DERIBIT ? 0 : control.getAddress().getPort(), said::add)) {
            assertTrue(player.await(20_000), "ends");
            assertEquals(3, player.played());
            assertEquals(2, player.refused());
        } finally {
            control.stop(0);
        }
        assertEquals("POST /disconnect?session=k ", heard.get(0));
        assertEquals(3, Collections.frequency(heard, "POST /faults {\"limitStorm\":2,\"wsDrop\":\"2.5%\"}"));
        assertTrue(said.stream().anyMatch(line -> line.contains("deribit") && line.endsWith("not running")),
            said.toString());
    }
}
