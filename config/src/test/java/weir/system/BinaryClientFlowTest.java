package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import weir.billing.rating.MeterKind;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.config.run.JavaProcess;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.sim.desk.DeskClient;

/** Binary order entry in the whole router: the same as FIX, by shared memory and UDP, over kill -9 of either side. */
class BinaryClientFlowTest {
    /** What a client heard. */
    private static final class Ear implements ClientListener {
        private final List<Long> sequences = new ArrayList<>();
        private final List<String> reports = new ArrayList<>();

        @Override
        public void onExecutionReport(final long reportSeq, final boolean replayed,
            final ExecutionReportDecoder report) {
            sequences.add(reportSeq);
            reports.add(report.clOrdId() + ' ' + (char) report.execType().value() + ' '
                + RejectReason.ofCode(report.reason()));
        }
    }

    private static WeirClientContext context(final InProcessCluster cluster, final Ear ear) {
        return context(entryDir(cluster), cluster.environment().get("WEIR_DEMO_ALPHA_BOT_SECRET"), ear);
    }

    static String entryDir(final InProcessCluster cluster) {
        return cluster.config().router().resolve(cluster.config().router().entry().aeronDir()).toString();
    }

    private static WeirClientContext context(final String dir, final String secret, final ClientListener ear) {
        return new WeirClientContext().aeronDirectory(dir).keyId("alpha-bot-1").secret(secret.toCharArray())
            .responseStreamId(1_001).listener(ear).errorHandler(error -> { });
    }

    private static void await(final String what, final WeirClient client, final InProcessCluster.Check condition,
        final Ear ear) throws IOException {
        InProcessCluster.await(what, SOON.multipliedBy(3), () -> {
            for (int i = 0; i < 100; i++) {
                client.poll(16);
            }
            return condition.holds();
        }, () -> client.state() + " " + ear.reports);
    }

    private static void order(final WeirClient client, final Ear ear, final String id, final String symbol,
        final long qty, final long price) throws IOException {
        await("order " + id, client, () -> client.tryNewOrder(id, symbol, Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, qty, price) > 0, ear);
    }

    @Test
    void shouldGiveSameVerdictCodeAndMeterAsFix() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start()) {
            final DeskClient desk = cluster.desk("ALPHA1");
            final Ear ear = new Ear();
            try (WeirClient client = WeirClient.launch(context(cluster, ear)
                .commandLog(cluster.clientLog("alpha-bot-1")))) {
                await("logon", client, client::isLoggedOn, ear);
                final String[][] cases = {{"good", "BTC-USD", "0.01", "50000"}, {"toomuch", "BTC-USD", "1000", "50000"},
                    {"nosymbol", "NONE-USD", "1", "50000"}, {"collar", "BTC-USD", "0.01", "1"},
                    {"tick", "BTC-USD", "0.01", "50000.00000001"}, {"good", "BTC-USD", "0.01", "50000"}};
                for (final String[] c : cases) {
                    desk.newOrder("fix-" + c[0], c[1], '1', '2', '1', c[2], c[3]);
                    order(client, ear, "sbe-" + c[0], c[1], e8(c[2]), e8(c[3]));
                }
                final int wanted = cases.length;
                await("answers", client, () -> ear.reports.stream().filter(r -> r.contains(" A ") || r.contains(" 8 "))
                    .count() == wanted && verdicts(cluster, "fix-").size() == wanted, ear);
                assertEquals(verdicts(cluster, "fix-"), verdicts(cluster, "sbe-"));
                assertTrue(ear.reports.contains("sbe-good A NONE"), ear.reports::toString);
                assertTrue(ear.reports.contains("sbe-good 8 DUPLICATE_CLORDID"), ear.reports::toString);
            }
            requestsOfBothAreOnTheBill(cluster);
        }
    }

    /** The bill is computed again, from what desk and client wrote of what they sent. */
    private static void requestsOfBothAreOnTheBill(final InProcessCluster cluster) throws Exception {
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences());
        assertEquals(12, books.units(1, MeterKind.REQUEST));
        final String meters = "oracle: tenants and meters";
        Files.delete(cluster.clientLog("alpha-bot-1"));
        assertEquals(books.reconciliation().compared().get(meters) - 2, cluster.reconcile().compared().get(meters),
            "without the log requests and compute_ms of that tenant are not compared");
    }

    private static long e8(final String decimal) {
        return new java.math.BigDecimal(decimal).movePointRight(8).longValueExact();
    }

    /** Reason, flags and units of each order of a session, in order. */
    private static List<String> verdicts(final InProcessCluster cluster, final String prefix) throws IOException {
        final List<String> result = new ArrayList<>();
        for (final JsonNode line : cluster.journal().lines()) {
            final JsonNode input = line.path("input");
            if (input.path("clOrdId").asText().startsWith(prefix)) {
                result.add(input.path("clOrdId").asText().substring(prefix.length()) + ' ' + line.path("reason") + ' '
                    + line.path("flags") + ' ' + line.path("requestUnits") + ' ' + line.path("debitMicros") + ' '
                    + line.path("reservedMicros"));
            }
        }
        return result;
    }

    @Test
    void shouldTradeOverUdpThroughADriverOfTheClientsOwn() throws Exception {
        final int entryPort = freePort();
        final int responsePort = freePort();
        try (InProcessCluster cluster = InProcessCluster.start(edit("router.yaml", "channels: [\"aeron:ipc\"]",
            "channels: [\"aeron:ipc\", \"aeron:udp?endpoint=127.0.0.1:" + entryPort + "\"]"));
            MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .dirDeleteOnStart(true).dirDeleteOnShutdown(true))) {
            final Ear ear = new Ear();
            try (WeirClient client = WeirClient.launch(context(cluster, ear)
                .aeronDirectory(driver.aeronDirectoryName())
                .entryChannel("aeron:udp?endpoint=127.0.0.1:" + entryPort)
                .responseChannel("aeron:udp?endpoint=127.0.0.1:" + responsePort))) {
                await("logon", client, client::isLoggedOn, ear);
                order(client, ear, "udp-1", "BTC-USD", Scale.E8 / 100, 50_000 * Scale.E8);
                await("report", client, () -> ear.reports.contains("udp-1 0 NONE"), ear);
                assertEquals(LongStream.rangeClosed(1, ear.sequences.size()).boxed().toList(), ear.sequences);
            }
        }
    }

    @Test
    void shouldCancelOrdersOfClientThatWasKilled() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start()) {
            final JavaProcess bot = JavaProcess.start("bot", cluster.root(), List.of("-Xmx128m"), Bot.class.getName(),
                List.of(entryDir(cluster)), cluster.environment());
            try {
                bot.awaitLine("RESTING", 30_000);
            } finally {
                bot.kill();
            }
            cluster.journalWhen("disconnect of the dead client", journal -> journal.text().contains("HEARTBEAT_TIMEOUT")
                || journal.text().contains("CONNECTION_LOST"));
            InProcessCluster.await("cancel at the venue", SOON.multipliedBy(2), () ->
                !cluster.venue().of("cancel").isEmpty(), () -> cluster.venue().lines().toString());
        }
    }

    /** A client in a process of its own, which rests one order and waits to be killed. */
    static final class Bot {
        private Bot() {
        }

        public static void main(final String[] args) throws Exception {
            final Ear ear = new Ear();
            final WeirClient client =
                WeirClient.launch(context(args[0], System.getenv("WEIR_DEMO_ALPHA_BOT_SECRET"), ear));
            await("logon", client, client::isLoggedOn, ear);
            order(client, ear, "bot-1", "BTC-USD", Scale.E8 / 100, 50_000 * Scale.E8);
            await("resting", client, () -> ear.reports.contains("bot-1 0 NONE"), ear);
            System.out.println("RESTING");
            while (true) {
                client.poll(16);
                Thread.sleep(1);
            }
        }
    }

    @Test
    void shouldGoOnAfterKillOfTheRouterWithNoReportLostOrDoubled() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.prepare()) {
            final List<String> command = List.of("router", "--config", cluster.configDir().toString());
            JavaProcess router = JavaProcess.start("router", cluster.root(), List.of("-Xmx512m"), "weir.cli.WeirMain",
                command, cluster.environment());
            final Ear ear = new Ear();
            try (WeirClient client = WeirClient.launch(context(cluster, ear))) {
                router.awaitLine("READY", 60_000);
                await("logon", client, client::isLoggedOn, ear);
                for (int i = 0; i < 40; i++) {
                    order(client, ear, "kill-" + i, "BTC-USD", Scale.E8 / 100, 50_000 * Scale.E8);
                }
                router.kill();
                for (int i = 40; i < 45; i++) {
                    client.tryNewOrder("kill-" + i, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
                        Scale.E8 / 100, 50_000 * Scale.E8);
                }
                final int sent = 40 + client.unacknowledged();
                router = JavaProcess.start("router2", cluster.root(), List.of("-Xmx512m"), "weir.cli.WeirMain",
                    command, cluster.environment());
                router.awaitLine("READY", 120_000);
                await("answers", client, () -> client.isLoggedOn() && LongStream.range(0, 40).allMatch(i ->
                    answers(ear, i) > 0), ear);
                await("acknowledged", client, () -> client.unacknowledged() == 0, ear);
                assertTrue(sent >= 40);
                assertEquals(ear.sequences.stream().distinct().toList(), ear.sequences);
                assertEquals(ear.sequences.stream().sorted().toList(), ear.sequences);
                for (int i = 0; i < 45; i++) {
                    final long times = answers(ear, i);
                    assertTrue(times <= 1 && (i >= 40 || times == 1), "kill-" + i + " answered " + times + " times");
                }
            } finally {
                router.kill();
            }
        }
    }

    /** First answers to an order: admitted, or refused while the venue was not up yet. */
    private static long answers(final Ear ear, final long order) {
        return ear.reports.stream().filter(report -> report.startsWith("kill-" + order + " A ")
            || report.equals("kill-" + order + " 8 VENUE_DOWN")).count();
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
