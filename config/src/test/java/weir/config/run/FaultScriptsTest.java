package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.config.fault.FaultScript;
import weir.config.fault.FaultScriptPlayer;
import weir.config.fault.FaultScriptReader;

/**
 * Every fault script that is shipped, played while desks trade: J1 to J6, J8 and J9 hold afterwards. One run of all of
 * them by default; {@code -Dweir.faults.each=true} checks after each, {@code -Dweir.faults=NAME} plays one.
 */
class FaultScriptsTest {
    private static final Path SCRIPTS = Path.of("faults");
    private static final long PLAY_MS = 20_000;
    private static final long REST_MS = 600;
    /** What a script changes at a venue and does not undo itself. */
    private static final String CALM_KRAKEN = "{\"wsSilent\":0,\"answerLostAfter\":0,\"answerLostBefore\":0,"
        + "\"disconnectMidBatch\":0,\"slowAnswer\":0,\"truncatedAnswer\":0,\"serverErrorBefore\":0,"
        + "\"serverErrorAfter\":0,\"limitStorm\":0,\"duplicateFill\":0,\"dropFill\":0,\"visibilityDelayMs\":0,"
        + "\"fillFirstMs\":0,\"clockOffsetMs\":0}";
    private static final String CALM_COINBASE = "{\"dropAck\":0,\"ackDelayMs\":0,\"dropAfterReceive\":0,"
        + "\"disconnectMidBatch\":0,\"batchBackwards\":0,\"shuffleBody\":0,\"halfOpen\":0,\"duplicateReport\":0,"
        + "\"refuseLogon\":0,\"restGarbage\":0,\"visibilityDelayMs\":0,\"sendingTimeOffsetMs\":0}";

    @Test
    void shouldHoldTheInvariantsUnderEveryFaultScript() throws Exception {
        final boolean each = Boolean.getBoolean("weir.faults.each");
        final List<FaultScript> scripts = scripts(System.getProperty("weir.faults", ""));
        try (TestCluster cluster = TestCluster.launchAtBoth()) {
            cluster.ensureRunning();
            if (each) {
                for (final FaultScript script : scripts) {
                    play(cluster, List.of(script));
                }
            } else {
                play(cluster, scripts);
            }
        }
    }

    private static List<FaultScript> scripts(final String one) throws Exception {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            final List<FaultScript> scripts = new ArrayList<>();
            files.sorted().map(FaultScriptReader::read).filter(script -> one.isEmpty() || script.name().equals(one))
                .forEach(scripts::add);
            assertTrue(!scripts.isEmpty(), "no script");
            return scripts;
        }
    }

    private static void play(final TestCluster cluster, final List<FaultScript> scripts) throws Exception {
        cluster.awaitDesks();
        final List<String> names = scripts.stream().map(FaultScript::name).toList();
        final List<String> said = Collections.synchronizedList(new ArrayList<>());
        final String prefix = "f" + names.get(0).charAt(0) + Integer.toString(Math.abs(names.hashCode()), 36);
        try (Trading trading = Trading.calm(cluster, prefix, names.hashCode(), 8)) {
            cluster.awaitAcknowledged();
            for (final FaultScript script : scripts) {
                try (FaultScriptPlayer player =
                    new FaultScriptPlayer(script, cluster.simulators()::control, said::add)) {
                    assertTrue(player.await(PLAY_MS), script.name() + " did not end");
                    assertEquals(0, player.refused(), said.toString());
                }
                Thread.sleep(REST_MS);
            }
            cluster.fault(CALM_COINBASE);
            cluster.krakenControl("POST", "/faults", CALM_KRAKEN);
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, "fault scripts " + names);
        cluster.ensureRunning();
    }
}
