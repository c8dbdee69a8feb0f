package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.cli.CommandActions;
import weir.cli.WeirCli;
import weir.config.run.Actions;

/** {@code weir drill} against the real simulator: the contract's bound from trigger to last cancel holds. */
class DrillTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static int weir(final CommandActions actions, final ByteArrayOutputStream out, final String... args) {
        return new WeirCli(actions, new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false, Map.of())
            .run(args);
    }

    @Test
    void shouldHoldTheContractsBoundFromTriggerToLastCancel(@TempDir final Path dir) throws Exception {
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        assertEquals(0, weir(new Actions(), printed, "drill", "--scope", "tenant", "--orders", "120", "--out",
            dir.toString()), () -> printed.toString(StandardCharsets.UTF_8));
        final JsonNode report = JSON.readTree(printed.toString(StandardCharsets.UTF_8));
        System.out.println("drill " + report);
        assertEquals(120, report.path("cancelsAtVenue").asInt());
        assertEquals(120, report.path("reportedWithAlgoDeskClient").asInt());
        assertEquals(2, report.path("periodsNeeded").asInt(), "120 cancels by a lane of 90 a second");
        assertEquals(0, report.path("venueRefused").asInt(-1), "never over the venue's limit, by its own count");
        assertEquals("TENANT_HALTED", report.path("newOrderGets").asText());
        assertEquals("untouched", report.path("otherTenant").asText());
        final JsonNode file = JSON.readTree(dir.resolve("drill.json").toFile());
        assertEquals(120, file.path("fates").size());
        file.path("fates").forEach(fate -> assertEquals("cancelled", fate.asText()));
        assertTrue(Files.readString(dir.resolve("drill.txt")).contains("withinBound"));
    }

    @Test
    void shouldRefuseWhatCannotBeDrilled() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(2, weir(new Actions(), out, "drill", "--orders", "0"));
        assertEquals(2, weir(new Actions(), out, "drill", "--scope", "account"));
    }
}
