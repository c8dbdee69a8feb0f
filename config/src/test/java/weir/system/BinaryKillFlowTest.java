package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.cli.WeirCli;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.config.run.Actions;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** The kill switch in the hands of a binary client, over Aeron: the same as q and CA of a FIX desk. */
class BinaryKillFlowTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static InProcessCluster cluster;
    private static Ear ear;
    private static WeirClient client;
    private static int number;

    /** What the client heard. */
    private static final class Ear implements ClientListener {
        private final List<String> reports = new ArrayList<>();

        @Override
        public void onExecutionReport(final long reportSeq, final boolean replayed,
            final ExecutionReportDecoder report) {
            reports.add(report.clOrdId() + ' ' + (char) report.execType().value() + ' '
                + RejectReason.ofCode(report.reason()));
        }

        @Override
        public void onMassCancelReport(final long reportSeq, final boolean replayed,
            final MassCancelReportDecoder report) {
            reports.add(report.clOrdId() + ' ' + report.action() + ' ' + report.scope() + ' ' + report.accepted() + ' '
                + report.affectedOrders() + ' ' + RejectReason.ofCode(report.reason()));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start();
        ear = new Ear();
        client = WeirClient.launch(new WeirClientContext().aeronDirectory(BinaryClientFlowTest.entryDir(cluster))
            .keyId("alpha-bot-1").secret(cluster.environment().get("WEIR_DEMO_ALPHA_BOT_SECRET").toCharArray())
            .responseStreamId(1_001).listener(ear).errorHandler(error -> { }));
        await("logon", client::isLoggedOn);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        cluster.close();
    }

    private static void await(final String what, final InProcessCluster.Check condition) throws IOException {
        InProcessCluster.await(what, SOON, () -> {
            for (int i = 0; i < 100; i++) {
                client.poll(16);
            }
            return condition.holds();
        }, () -> client.state() + " " + ear.reports);
    }

    private static void heard(final String report) throws IOException {
        await(report, () -> ear.reports.contains(report));
    }

    /** Sends an order; its id. */
    private static String order(final int strategy, final String symbol) throws IOException {
        final String id = "b" + ++number;
        await("order " + id, () -> {
            client.newOrder().clOrdId(id).symbol(symbol).side(Side.BUY).ordType(OrdType.LIMIT)
                .timeInForce(TimeInForce.GTC).orderQty(Scale.E8 / 1_000).price(price(symbol) * Scale.E8)
                .strategyId(strategy);
            return client.trySend() > 0;
        });
        return id;
    }

    private static long price(final String symbol) {
        return symbol.startsWith("BTC") ? 50_000 : 2_600;
    }

    private static String resting(final int strategy, final String symbol) throws IOException {
        final String id = order(strategy, symbol);
        heard(id + " 0 NONE");
        return id;
    }

    private static String action(final MassActionType type, final MassCancelScope scope, final String symbol,
        final int strategy) throws IOException {
        final String id = "ca" + ++number;
        await("action " + id, () -> client.tryMassAction(id, type, scope, symbol, strategy) > 0);
        await("answer to " + id, () -> ear.reports.stream().anyMatch(report -> report.startsWith(id + ' ')));
        return ear.reports.stream().filter(report -> report.startsWith(id + ' ')).findFirst().orElseThrow()
            .substring(id.length() + 1);
    }

    @Test
    void shouldCancelWhatAMassCancelNamesAndNothingElse() throws Exception {
        final String btc = resting(0, "BTC-USD");
        final String eth = resting(0, "ETH-USD");
        await("mass cancel", () -> client.tryMassCancel("mc-1", MassCancelScope.SESSION_SYMBOL, "BTC-USD") > 0);
        heard("mc-1 NULL_VAL SESSION_SYMBOL TRUE 1 NONE");
        heard(btc + " 4 NONE");
        assertTrue(ear.reports.stream().noneMatch(report -> report.startsWith(eth + " 4")), ear.reports::toString);
        await("mass cancel", () -> client.tryMassCancel("mc-2", MassCancelScope.SESSION, "") > 0);
        heard("mc-2 NULL_VAL SESSION TRUE 1 NONE");
        heard(eth + " 4 NONE");
        InProcessCluster.await("both gone at the venue", SOON, () -> cluster.venue().of("cancel").size() >= 2,
            () -> cluster.venue().lines().toString());
    }

    @Test
    void shouldSuspendCancelAndReleaseAStrategyByMassAction() throws Exception {
        final String seventh = resting(7, "BTC-USD");
        final String eighth = resting(8, "BTC-USD");
        assertEquals("SUSPEND STRATEGY TRUE 1 NONE",
            action(MassActionType.SUSPEND, MassCancelScope.STRATEGY, "", 7));
        heard(order(7, "BTC-USD") + " 8 SUSPENDED");
        assertTrue(ear.reports.stream().noneMatch(report -> report.startsWith(seventh + " 4")), "suspended, it rests");
        assertEquals("CANCEL STRATEGY TRUE 1 NONE", action(MassActionType.CANCEL, MassCancelScope.STRATEGY, "", 7));
        heard(seventh + " 4 NONE");
        assertEquals("RELEASE STRATEGY TRUE 0 NONE", action(MassActionType.RELEASE, MassCancelScope.STRATEGY, "", 7));
        final String again = resting(7, "BTC-USD");
        assertTrue(action(MassActionType.SUSPEND, MassCancelScope.SESSION_SYMBOL, "BTC-USD", 0).contains(" FALSE 0 "),
            "a symbol can only be cancelled");
        assertEquals("CANCEL SESSION TRUE 2 NONE", action(MassActionType.CANCEL, MassCancelScope.SESSION, "", 0));
        heard(eighth + " 4 NONE");
        heard(again + " 4 NONE");
        assertEquals("RELEASE SESSION TRUE 0 NONE", action(MassActionType.RELEASE, MassCancelScope.SESSION, "", 0));
    }

    @Test
    void shouldReportKilledOrdersOfABinaryClientWithClientDeskAndStrategy() throws Exception {
        final String killed = resting(9, "BTC-USD");
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, weir(out, "kill", "--strategy", "alpha/9", "--actor", "alice", "--why", "test"), out::toString);
        final List<String> rows = new ArrayList<>();
        for (final String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
            final JsonNode row = line.startsWith("{") ? JSON.readTree(line) : JSON.createObjectNode();
            if (row.path("kind").asText().equals("killed")) {
                rows.add(row.path("client").asText() + ' ' + row.path("desk").asText() + ' '
                    + row.path("strategy").asText() + ' ' + row.path("ClOrdID").asText() + ' '
                    + row.path("fate").asText());
            }
        }
        assertEquals(List.of("alpha ALPHA-BOT 9 " + killed + " cancelled"), rows, out::toString);
        heard(killed + " 4 NONE");
        heard(order(9, "BTC-USD") + " 8 STRATEGY_HALTED");
        assertEquals(0, weir(out, "resume", "--strategy", "alpha/9"), out::toString);
        heard(resting(9, "BTC-USD") + " 0 NONE");
        await("mass cancel", () -> client.tryMassCancel("mc-3", MassCancelScope.SESSION, "") > 0);
        heard("mc-3 NULL_VAL SESSION TRUE 1 NONE");
    }

    private static int weir(final ByteArrayOutputStream out, final String... args) throws IOException {
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--config", cluster.configDir().toString()));
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new WeirCli(new Actions(), stream, stream, false, Map.of()).run(all.toArray(new String[0]));
    }
}
