package weir.sim.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.sim.stripe.StripeContext;
import weir.sim.stripe.StripeSimulator;

/**
 * stripe of npm, as published, with another host: meters, prices, a flexible subscription, usage by both APIs, a price
 * change in mid-cycle, an invoice, a webhook. Needs Node and {@code npm install} in {@code src/test/clients}.
 */
final class NpmStripeTest {
    private static final Path CLIENTS = Path.of("src/test/clients").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeAll
    static void needNodeAndStripe() throws Exception {
        assumeTrue(Files.isDirectory(CLIENTS.resolve("node_modules/stripe")), "npm install in " + CLIENTS);
        boolean node;
        try {
            node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (final IOException e) {
            node = false;
        }
        assumeTrue(node, "node");
    }

    @Test
    void shouldBillACustomer() throws Exception {
        final JsonNode seen;
        try (StripeSimulator stripe = StripeSimulator.launch(new StripeContext().logDir(directory.resolve("stripe"))
            .summaryLagMs(0))) {
            final Path out = directory.resolve("seen.json");
            final Process process = new ProcessBuilder("node", "stripe.mjs", JSON.createObjectNode()
                .put("port", stripe.port()).put("key", "sk_test_weir").toString()).directory(CLIENTS.toFile())
                .redirectOutput(out.toFile()).redirectError(directory.resolve("err").toFile()).start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "node did not end");
            final String text = Files.readString(out);
            assertEquals(0, process.exitValue(), text + Files.readString(directory.resolve("err")));
            seen = JSON.readTree(text);
        }
        final String all = seen.toString();
        assertEquals(3, seen.path("tiers").asInt(), all);
        assertEquals("[true]", seen.path("byLookupKey").toString(), all);
        assertEquals("flexible", seen.path("mode").asText(), all);
        assertEquals("400 StripeInvalidRequestError: An event already exists with identifier v1-1.",
            seen.path("duplicate").asText(), all);
        assertEquals("[12345]", seen.path("used").toString(), all);
        assertEquals("ready", seen.path("clock").asText(), all);
        // 57,345 c of the graduated price until the switch, 12,345 units of a quarter cent after it
        assertEquals(57_345 + 3_086, seen.path("preview").asInt(), all);
        assertEquals("{\"status\":\"paid\",\"total\":60431,\"paid\":60431,\"lines\":[3086,10000,45000,2345]}",
            seen.path("invoice").toString(), all);
        assertEquals("[3086,10000,45000,2345]", seen.path("allLines").toString(), all);
        assertEquals("{\"type\":\"invoice.paid\",\"same\":true}", seen.path("webhook").toString(), all);
        assertEquals("StripeSignatureVerificationError", seen.path("tampered").asText(), all);
        assertEquals("invoice.paid", seen.path("event").asText(), all);
        assertTrue(seen.path("wrongKey").asText().startsWith("401 StripeAuthenticationError"), all);
    }
}
