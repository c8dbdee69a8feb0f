package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.cli.WeirCli;
import weir.config.load.ConfigTree;

/** Settlement of grants, and bills, as a command line sees them. */
class BillCommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir
    private Path dir;

    @BeforeEach
    void configure() throws IOException {
        new ConfigTree(dir).replace("router.yaml", "/var/lib/weir", dir.resolve("data").toString());
    }

    private int run(final String... args) {
        out.reset();
        err.reset();
        final String[] all = Stream.concat(Arrays.stream(args), Stream.of("--config", dir.toString()))
            .toArray(String[]::new);
        return new WeirCli(new Actions(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(all);
    }

    private List<JsonNode> lines() throws IOException {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldRecordWhatAGrantWasPaidIn() throws IOException {
        assertEquals(0, run("grant", "--tenant", "alpha", "--amount", "24.995", "--id", "7", "--asset", "USDC",
            "--atoms", "25000000", "--rate", "0.9998", "--rate-source", "desk", "--rate-time", "2026-01-31T12:00:00Z",
            "--settlement", "0x1234"), this::err);
        assertEquals("25000000", lines().get(0).path("atoms").asText());
        assertEquals(0, run("grants"), this::err);
        assertEquals("25000000 atoms = 25.000000 USDC at 0.9998 (desk, 2026-01-31T12:00:00Z, exact) 0x1234",
            lines().get(0).path("settlement").asText());
    }

    @Test
    void shouldRecordNothingWhenTheSettlementComesToAnotherAmount() throws IOException {
        assertEquals(1, run("grant", "--tenant", "alpha", "--amount", "25.000001", "--asset", "USD", "--atoms", "2500",
            "--rate", "1", "--rate-source", "stripe"), this::err);
        assertTrue(err().contains("SETTLEMENT_MISMATCH"), this::err);
        assertEquals(2, run("grant", "--tenant", "alpha", "--amount", "25", "--asset", "PEPE", "--atoms", "2500",
            "--rate", "1", "--rate-source", "desk"), this::err);
        assertTrue(err().contains("USAGE --decimals is needed"), this::err);
        assertEquals(2, run("grant", "--tenant", "alpha", "--amount", "25", "--asset", "USD"), this::err);
        assertEquals(0, run("grants"), this::err);
        assertEquals(List.of(), lines());
    }

    @Test
    void shouldShowABillAndSayWhatCannotBeTraced() throws IOException {
        assertEquals(0, run("grant", "--tenant", "alpha", "--amount", "25"), this::err);
        assertEquals(0, run("bill", "show", "--tenant", "alpha", "--period", "2026-01"), this::err);
        assertEquals("{\"kind\":\"bill\",\"tenant\":\"alpha\",\"period\":\"2026-01\",\"currency\":\"\","
            + "\"amountMicros\":0,\"amount\":\"0.000000\",\"record\":0}", lines().get(0).toString());
        assertEquals(2, run("bill", "show", "--tenant", "alpha", "--period", "January"), this::err);
        assertEquals(2, run("bill", "trace", "--line", "w1:x", "--record", "7"), this::err);
        assertEquals(2, run("bill", "trace", "--tenant", "alpha"), this::err);
        assertEquals(1, run("bill", "trace", "--line", "w1:x"), this::err);
        assertTrue(err().contains("TRACE_NOT_FOUND"), this::err);
    }
}
