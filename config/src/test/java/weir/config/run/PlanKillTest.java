package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import weir.cli.CommandActions;
import weir.cli.Output;

/** A plan version that was applied to a router process is there after SIGKILL, with its file nowhere. */
class PlanKillTest {
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
            assertTrue(printed.lines().anyMatch(line -> line.contains("\"version\":2") && line.contains("scheduled")),
                printed);
        }
    }
}
