package weir.bench.contest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.bench.tester.Latencies;
import weir.bench.tester.Probe;
import weir.bench.tester.Throughput;
import weir.bench.tls.TlsKeys;

/** Peers as processes over real sockets; the tester fails on a loss, a reordering or a refusal. */
@Timeout(60)
class PeersTest {
    private static final int RATE = 500;

    @TempDir
    private Path directory;

    private LineUp lineUp() {
        return new LineUp(directory, new LineUp.RouterSetup(Map.of(), List.of(),
            Path.of("../config/jvm/router-one-thread.options"), "one-thread"));
    }

    private static Latencies orders(final Contestant contestant) throws IOException {
        final Latencies latencies = new Latencies();
        contestant.resume();
        contestant.tester().openLoop(RATE, 200, 400, latencies);
        return latencies;
    }

    @Test
    void shouldPassEveryOrderThroughTheRelay() throws IOException {
        try (Contestant relay = lineUp().relay()) {
            final Latencies latencies = orders(relay);
            assertEquals(RATE * 400 / 1_000, latencies.oneWay().getTotalCount());
            assertEquals(RATE * 400 / 1_000, latencies.roundTrip().getTotalCount());
            assertTrue(latencies.roundTrip().getMinValue() > latencies.oneWay().getMinValue());
        }
    }

    @Test
    void shouldKeepWhatPassesFiveTimesOver() throws Exception {
        final Path file = directory.resolve("kept");
        final int sent = RATE * (200 + 400) / 1_000;
        try (Contestant relay = lineUp().relay(file)) {
            assertEquals(RATE * 400 / 1_000, orders(relay).roundTrip().getTotalCount());
            long size = -1;
            while (size != Files.size(file)) { // the second thread hands over what is there every 5 ms
                size = Files.size(file);
                Thread.sleep(100);
            }
        }
        final String kept = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertEquals(5 * sent, kept.split("\u000135=D\u0001", -1).length - 1);
        assertEquals(5 * sent, kept.split("\u000135=8\u0001", -1).length - 1);
        assertEquals(2_250, kept.length() / sent, 50);
    }

    @Test
    void shouldTakeEveryOrderThroughTheCoreOfTheRelay() throws Exception {
        try (Contestant relay = lineUp().relayWithCore(directory.resolve("kept"))) {
            assertEquals(RATE * 400 / 1_000, orders(relay).roundTrip().getTotalCount());
            // more than a session day's, and than the table of ClOrdIDs holds
            relay.tester().closedWindow(1_024, 0, 30_000, 1_100_000, Probe.NONE);
            final long sent = relay.tester().sent();
            relay.tester().close();
            assertEquals("ORDERS " + sent, relay.process().awaitLine("ORDERS", 10_000));
        }
    }

    @Test
    void shouldPassEveryOrderThroughTheRelayWithTls() throws IOException {
        final TlsKeys keys = TlsKeys.make(directory.resolve("tls"));
        try (Contestant relay = lineUp().relay(keys)) {
            final Latencies latencies = orders(relay);
            assertEquals(RATE * 400 / 1_000, latencies.oneWay().getTotalCount());
            assertEquals(RATE * 400 / 1_000, latencies.roundTrip().getTotalCount());
            final Throughput window = relay.tester().closedWindow(256, 0, 20_000, 5_000, Probe.NONE);
            assertTrue(window.roundTrips() >= 5_000, window.toString());
            assertTrue(relay.description().toString().contains("TLSv1.3 "), relay.description().toString());
        }
    }

    @Test
    void shouldGiveEachDeskItsReportsThroughTheRelayOfACrowd() throws IOException {
        try (CrowdContestant relay = lineUp().relay("relay-crowd", new Crowd(1, 30, 200))) {
            final Histogram oneWay = Latencies.histogram();
            relay.turn(tester -> {
                tester.openLoop(RATE, 200, 400, oneWay);
                return 0;
            });
            assertEquals(RATE * 400 / 1_000, oneWay.getTotalCount());
            assertTrue(relay.turn(tester -> tester.closedWindow(64, 0, 200).perSecond()) > 0);
        }
    }

    @Test
    void shouldAnswerEveryOrderFromPhiladelphia() throws IOException {
        for (final boolean batched : new boolean[] {false, true}) {
            try (Contestant echo = lineUp().echo(batched)) {
                assertEquals(RATE * 400 / 1_000, orders(echo).roundTrip().getTotalCount());
                final Throughput window = echo.tester().closedWindow(64, 0, 20_000, 500, Probe.NONE);
                assertTrue(window.roundTrips() >= 500, window.toString());
            }
        }
    }

    @Test
    void shouldPassOrdersThroughQuickFixAndWriteAUsageLineEach() throws IOException {
        try (Contestant pass = lineUp().passThrough(PassThroughKind.G1, "file")) {
            final Latencies latencies = orders(pass);
            assertEquals(RATE * 400 / 1_000, latencies.oneWay().getTotalCount());
            assertEquals(RATE * 400 / 1_000, latencies.roundTrip().getTotalCount());
            pass.tester().closedWindow(64, 0, 20_000, 500, Probe.NONE);
            assertTrue(pass.description().toString().contains("store=FileStore"), pass.description().toString());
            final String usage = Files.readString(directory.resolve("qfj-g1/usage.jsonl"));
            assertTrue(usage.startsWith("{\"ts\":") && usage.contains("\"clOrdId\":\"1000000000\""),
                usage.substring(0, Math.min(300, usage.length())));
        }
    }

    @Test
    void shouldLetAPausedContestantUseNoProcessorAndGoOnAfterwards() throws IOException {
        try (Contestant relay = lineUp().relay()) {
            orders(relay);
            relay.pause();
            final CpuUse use = new CpuUse(relay.process().pid());
            use.begin();
            java.util.concurrent.locks.LockSupport.parkNanos(300_000_000L);
            assertEquals(0, use.end().processNs());
            assertEquals(RATE * 400 / 1_000, orders(relay).oneWay().getTotalCount());
        }
    }
}
