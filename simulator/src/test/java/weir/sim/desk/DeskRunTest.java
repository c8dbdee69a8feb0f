package weir.sim.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.Message;

class DeskRunTest {
    private static final DeskInstrument BTC = DeskInstrument.parse("BTC-USD:60000:0.01:0.001");
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    private Path dir;
    private ScriptedRouter router;
    private DeskClient client;

    @BeforeEach
    void setUp() throws Exception {
        router = new ScriptedRouter("ALPHA1", dir.resolve("router"), 0);
        router.script(this::answer);
    }

    @AfterEach
    void tearDown() {
        router.close();
        if (client != null) {
            client.close();
        }
    }

    private DeskContext context() {
        return new DeskContext().port(router.port).senderCompId("ALPHA1").journalDirectory(dir.resolve("log"));
    }

    /** Acknowledges new orders, fills them in halves when immediate, refuses everything else. */
    private void answer(final Message message) {
        final String id = ScriptedRouter.get(message, 11);
        final String qty = ScriptedRouter.get(message, 38);
        switch (ScriptedRouter.get(message, 35)) {
            case "D" -> {
                if ("NOPE-USD".equals(ScriptedRouter.get(message, 55))) {
                    router.report("11", id, "55", "NOPE-USD", "150", "8", "39", "8", "14", "0", "151", "0", "58",
                        "UNKNOWN_SYMBOL symbol=NOPE-USD");
                    return;
                }
                router.report("11", id, "150", "0", "39", "0", "14", "0", "151", qty, "38", qty);
                if ("3".equals(ScriptedRouter.get(message, 59))) {
                    fill(id, qty, ScriptedRouter.get(message, 44));
                }
            }
            default -> {
                final Message reject = new Message();
                reject.getHeader().setString(35, "9");
                router.send(reject, "37", "NONE", "11", id, "41", ScriptedRouter.get(message, 41), "39", "8", "434",
                    "1", "58", "UNKNOWN_ORDER");
            }
        }
    }

    private void fill(final String id, final String qty, final String price) {
        final BigDecimal half = new BigDecimal(qty).divide(BigDecimal.valueOf(2));
        router.report("11", id, "150", "F", "39", "1", "14", half.toPlainString(), "151", half.toPlainString(), "38",
            qty, "31", price, "32", half.toPlainString(), "6", price);
        router.report("11", id, "150", "F", "39", "2", "14", qty, "151", "0", "38", qty, "31", price, "32",
            half.toPlainString(), "6", price);
    }

    @Test
    void shouldMakeTheSameStepsWhenSeedIsTheSame() {
        final List<DeskStep> first = scenario().seed(7).generate();
        assertEquals(first, scenario().seed(7).generate());
        assertNotEquals(first, scenario().seed(8).generate());
    }

    @Test
    void shouldContainEveryKindAndNeverCrossItself() {
        final List<DeskStep> steps = scenario().steps(3_000).burst(50, 100, 1_000).generate();
        final Map<StepKind, Integer> kinds = new TreeMap<>();
        steps.forEach(step -> kinds.merge(step.kind(), 1, Integer::sum));
        assertEquals(StepKind.values().length, kinds.size(), kinds.toString());
        assertTrue(steps.stream().allMatch(step -> step.side() == '1'));
        for (final DeskStep step : steps) {
            if (step.price() != null) {
                assertEquals(0, new BigDecimal(step.price()).remainder(BTC.tick()).signum(), step.toString());
            }
            if (step.kind() == StepKind.REST) {
                assertTrue(new BigDecimal(step.price()).compareTo(BTC.mid()) < 0, step.toString());
            }
        }
        for (int i = 1; i < steps.size(); i++) {
            assertTrue(steps.get(i - 1).offsetNs() <= steps.get(i).offsetNs());
        }
    }

    @Test
    void shouldPutBurstIntoItsWindow() {
        final List<DeskStep> burst = scenario().burst(200, 100, 500).generate().stream()
            .filter(step -> step.kind() == StepKind.BURST).toList();
        assertEquals(200, burst.size());
        assertTrue(burst.get(0).offsetNs() >= 500_000_000L);
        assertTrue(burst.get(199).offsetNs() < 600_000_000L);
    }

    @Test
    void shouldMeasureEveryStepAndEndCleanWhenAllIsAnswered() throws Exception {
        client = DeskClient.launch(context());
        final List<DeskStep> steps = scenario().weight(StepKind.DUPLICATE, 0).steps(400).perSecond(400).generate();
        final DeskRunResult result = new DeskRun(client, steps).patience(SOON).run();
        assertTrue(result.clean(), result + " " + result.ledger().violations());
        assertEquals(400, result.total());
        assertEquals(400, result.roundTrip().getTotalCount());
        assertTrue(result.ledger().executions() > 0);
        assertTrue(result.ledger().countsByCode().get("UNKNOWN_SYMBOL") > 0);
        final List<String> lines = Files.readAllLines(client.journalFile());
        assertEquals(400, lines.stream().filter(line -> line.contains("\"dir\":\"out\"")).count());
        assertEquals(client.reports().size(), lines.stream().filter(line -> line.contains("\"dir\":\"in\"")).count());
    }

    @Test
    void shouldShowStallInFullWhenRouterStopsAnswering() {
        router.script(message -> {
            if ("s-50".equals(ScriptedRouter.get(message, 11))) {
                pause(500);
            }
            answer(message);
        });
        client = DeskClient.launch(context());
        final DeskRunResult result = new DeskRun(client,
            scenario().only(StepKind.REST).steps(100).perSecond(100).generate()).patience(SOON).run();
        // about 50 orders were due during the stall; each waited for what was left of it
        assertTrue(result.roundTrip().getMaxValue() >= 490_000_000L, result.toJson());
        assertTrue(result.roundTrip().getValueAtPercentile(80) >= 100_000_000L, result.toJson());
        assertTrue(result.sendDelay().getMaxValue() < 400_000_000L, result.toJson());
    }

    @Test
    void shouldListUnansweredWhenRouterSwallowsAnOrder() {
        router.script(message -> {
            if (!"s-3".equals(ScriptedRouter.get(message, 11))) {
                answer(message);
            }
        });
        client = DeskClient.launch(context());
        final DeskRunResult result = new DeskRun(client,
            scenario().only(StepKind.REST).steps(10).perSecond(200).generate()).patience(Duration.ofSeconds(3)).run();
        assertFalse(result.clean());
        assertEquals(List.of("s-3"), result.unanswered());
    }

    @Test
    void shouldGoOnWhenRouterIsKilledAndRestartedMidRun() throws Exception {
        client = DeskClient.launch(context().storeDirectory(dir.resolve("client")));
        final List<DeskStep> steps = scenario().only(StepKind.REST).steps(60).perSecond(40).generate();
        final int port = router.port;
        final Thread killer = new Thread(() -> {
            client.awaitThat(() -> client.reports().size() >= 20, "20 reports", SOON);
            router.kill();
            try {
                router = new ScriptedRouter("ALPHA1", dir.resolve("router"), port).script(this::answer);
            } catch (final Exception e) {
                throw new IllegalStateException(e);
            }
        });
        killer.start();
        final DeskRunResult result = new DeskRun(client, steps).patience(Duration.ofSeconds(15)).run();
        killer.join();
        assertEquals(2, client.logons());
        assertTrue(result.clean(), client.dump() + result.unanswered() + result.ledger().violations());
        assertEquals(60, result.ledger().orders().size());
    }

    @Test
    void shouldRunFromTheCommandLineAndExitByOutcome() throws Exception {
        final Process run = load("--port", Integer.toString(router.port), "--desk", "ALPHA1", "--orders", "40",
            "--rate", "200", "--log-dir", dir.toString(), "--prefix", "cli");
        final String out = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(run.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, run.exitValue(), out);
        assertTrue(out.contains("\"sent\":40"), out);
        final Process misused = load("--desk", "A");
        assertTrue(misused.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, misused.exitValue());
    }

    @Test
    void shouldRefuseScenarioWithoutInstruments() {
        assertThrows(IllegalArgumentException.class, () -> new DeskScenario().generate());
        assertThrows(IllegalArgumentException.class, () -> DeskInstrument.parse("BTC-USD:60000"));
    }

    private static DeskScenario scenario() {
        return new DeskScenario().instruments(BTC).seed(3);
    }

    private static Process load(final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
            System.getProperty("java.class.path"), DeskLoadMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
