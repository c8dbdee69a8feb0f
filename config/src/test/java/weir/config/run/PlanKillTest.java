package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import weir.cli.CommandActions;
import weir.cli.Output;
import weir.config.boot.BootCommands;
import weir.config.failure.CommandFailure;
import weir.config.load.PlanFile;
import weir.protocol.sbe.AdminKind;

/**
 * A plan version that was applied to a router process, also after half of it arrived before, is there after SIGKILL,
 * with its file nowhere.
 */
class PlanKillTest {
    /** A version whose terms arrived and whose prices did not. */
    private static void awaitTerms(final ControlLink control) {
        List<JsonNode> versions = List.of();
        for (int i = 0; i < 1_000; i++) {
            versions = control.ask(AdminKind.PLANS, 0, 0);
            if (versions.stream().anyMatch(row -> row.path("version").asInt() == 2
                && row.path("awaited").asInt() == 1)) {
                return;
            }
            LockSupport.parkNanos(5_000_000L);
        }
        throw new AssertionError("no terms of version 2 in " + versions);
    }

    private static CommandActions.PlanSimulateOptions simulation(final TestCluster cluster, final Path plan,
        final String tenant) {
        return new CommandActions.PlanSimulateOptions(cluster.configDir(), plan, Optional.empty(), Optional.empty(),
            Optional.of(tenant), OptionalLong.empty(), OptionalLong.empty());
    }

    @Test
    void shouldHaveTheAppliedVersionAfterAKill() throws Exception {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        final Output output = new Output(stream, stream, Output.Mode.JSON);
        try (TestCluster cluster = TestCluster.launch()) {
            cluster.startRouter();
            final String text = Files.readString(cluster.configDir().resolve("plans/demo.yaml"));
            final Path file = Files.createTempFile("weir-plan", ".yaml");
            try {
                Files.writeString(file, text.replace("version: 1", "version: 2")
                    .replaceAll("effective: .*", "effective: " + Instant.now().plusSeconds(3_600)));
                try (ControlLink control = ControlLink.connect(Configs.load(cluster.configDir(), System.getenv())
                    .router())) {
                    final byte[] terms = BootCommands.plan(PlanFile.load(file), "half").get(0);
                    control.send(buffer -> {
                        buffer.putBytes(0, terms);
                        return terms.length;
                    });
                    awaitTerms(control);
                }
                Files.writeString(file, Files.readString(file) + "tiers: continue\n");
                assertEquals(0, PlanActions.apply(new CommandActions.PlanApplyOptions(cluster.configDir(), file,
                    "pricing", false), output), out::toString);
            } finally {
                Files.delete(file);
            }
            cluster.killRouter();
            cluster.startRouter();
            out.reset();
            assertEquals(0, PlanActions.list(new CommandActions.PlanListOptions(cluster.configDir(), false), output));
            final String printed = out.toString(StandardCharsets.UTF_8);
            final Path demo = cluster.configDir().resolve("plans/demo.yaml");
            assertEquals(0, PlanActions.simulate(simulation(cluster, demo, "alpha"), output), out::toString);
            assertEquals(CommandFailure.USAGE, assertThrows(CommandFailure.class,
                () -> PlanActions.simulate(simulation(cluster, demo, "alpah"), output)).code());
            assertTrue(printed.lines().anyMatch(line -> line.contains("\"version\":2")
                && line.contains("scheduled") && line.contains("continue")),
                printed);
        }
    }
}
