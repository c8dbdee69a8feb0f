package weir.billing.webhook.out;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignerTest {
    private static final String BODY = "{\"type\":\"budget.threshold\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":"
        + "{\"tenant\":\"desk-7\",\"threshold_pct\":85,\"spent_micro_usd\":850000000,\"limit_micro_usd\":1000000000}}";
    private static final String ID = "msg_budget_0001";
    private static final long AT_S = 1_767_225_600L;
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final Path CLIENTS = Path.of("../../simulator/src/test/clients").toAbsolutePath().normalize();

    private static String sign(final String secrets, final String id, final long atS, final String body) {
        return WebhookSecrets.parse(secrets).sign(id, atS, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String ed25519() {
        return "whsk_" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED));
    }

    private static Map<String, List<String>> headers(final String id, final long atS, final String signature) {
        return Map.of("webhook-id", List.of(id), "webhook-timestamp", List.of(Long.toString(atS)), "webhook-signature",
            List.of(signature));
    }

    @Test
    void shouldSignThePublishedVectors() {
        assertEquals("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            sign(OTHER, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, "{\"test\": 2432232314}"));
        assertEquals("v1,pfut/tKNNr54n8mI02qre4+es4ZkEX2x5QqXa1kJe2s=", sign(SECRET, ID, AT_S, BODY));
        assertEquals("v1a,YmgSqz8FSbpBWyloEHFniYoLoNLe2dHLChx9soq8by9mEhrrvRMXccxOFp0mBgGf7Vik2d/Kh+2dGiVGFPwABw==",
            sign(ed25519(), ID, AT_S, BODY));
    }

    @Test
    void shouldSignWithEveryKeyWhileTheyOverlapAndWithTheNewestAlone() {
        final String both = SECRET + "\n" + OTHER + " until=2026-01-01T00:00:01Z\n";
        assertEquals(sign(SECRET, ID, AT_S, BODY) + ' ' + sign(OTHER, ID, AT_S, BODY), sign(both, ID, AT_S, BODY));
        assertEquals(sign(SECRET, ID, AT_S + 1, BODY), sign(both, ID, AT_S + 1, BODY));
        assertEquals(2, WebhookSecrets.parse(both).valid(AT_S * 1_000));
        final String rotated = WebhookSecrets.parse(both).rotated(ed25519(), AT_S * 1_000, AT_S * 1_000 + 60_000);
        assertEquals(ed25519() + "\n" + SECRET + " until=2026-01-01T00:01:00Z\n" + OTHER
            + " until=2026-01-01T00:00:01Z\n", rotated);
        assertEquals(ed25519() + "\n", WebhookSecrets.parse(both).rotated(ed25519(), AT_S * 1_000, AT_S * 1_000));
        final String fresh = WebhookSecrets.newKey();
        assertEquals(1, WebhookSecrets.parse(fresh).valid(0));
        assertFalse(WebhookSecrets.parse(fresh).toString().contains(fresh.substring(10)), "it never prints itself");
    }

    @Test
    void shouldBeVerifiedByTheReferenceLibraryOfJava() throws Exception {
        final long nowS = Instant.now().getEpochSecond();
        final String right = sign(SECRET, ID, nowS, BODY);
        final String list = sign(ed25519() + ";" + OTHER + ";" + SECRET, ID, nowS, BODY);
        assertEquals(3, list.split(" ").length);
        for (final String signature : List.of(right, list, sign(OTHER, ID, nowS, BODY) + ' ' + right)) {
            assertDoesNotThrow(() -> new Webhook(SECRET).verify(BODY, headers(ID, nowS, signature)), signature);
        }
        for (final String signature : List.of(sign(OTHER, ID, nowS, BODY), sign(SECRET, "other", nowS, BODY),
            sign(SECRET, ID, nowS + 1, BODY), sign(SECRET, ID, nowS, BODY + ' '))) {
            assertThrows(WebhookVerificationException.class,
                () -> new Webhook(SECRET).verify(BODY, headers(ID, nowS, signature)), signature);
        }
        final long oldS = nowS - 400;
        assertThrows(WebhookVerificationException.class,
            () -> new Webhook(SECRET).verify(BODY, headers(ID, oldS, sign(SECRET, ID, oldS, BODY))));
    }

    @Test
    void shouldBeVerifiedByTheReferenceLibraryOfNode() throws Exception {
        assumeTrue(Files.isDirectory(CLIENTS.resolve("node_modules/standardwebhooks")), "npm install in " + CLIENTS);
        assumeTrue(hasNode(), "node");
        final long nowS = Instant.now().getEpochSecond();
        final String right = sign(SECRET, ID, nowS, BODY);
        assertEquals("ok", node(ID, nowS, right));
        assertEquals("ok", node(ID, nowS, sign(ed25519() + ";" + OTHER + ";" + SECRET, ID, nowS, BODY)));
        assertEquals("No matching signature found", node(ID, nowS, sign(OTHER, ID, nowS, BODY)));
        assertEquals("Message timestamp too old", node(ID, nowS - 400, sign(SECRET, ID, nowS - 400, BODY)));
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (final IOException ex) {
            return false;
        }
    }

    private static String node(final String id, final long atS, final String signature) throws Exception {
        final Process process = new ProcessBuilder("node", "webhooks.mjs", SECRET, id, Long.toString(atS), signature,
            BODY).directory(CLIENTS.toFile()).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "node did not end");
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "whsk_c2hvcnQ=", "plain",
        "whpk_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw until=soon", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw other"})
    void shouldRefuseWhatIsNoKeyWithoutRepeatingIt(final String text) {
        final String said = assertThrows(IllegalArgumentException.class, () -> WebhookSecrets.parse(text)).getMessage();
        assertFalse(said.contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") || said.contains("c2hvcnQ"), said);
    }

    @Test
    void shouldRefuseAnIdWithAFullStop() {
        assertThrows(IllegalArgumentException.class, () -> sign(SECRET, "a.b", AT_S, BODY));
    }
}
