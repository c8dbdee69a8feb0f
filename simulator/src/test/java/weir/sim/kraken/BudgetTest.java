package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.sim.kraken.KrakenFixture.A;
import static weir.sim.kraken.KrakenFixture.B;
import static weir.sim.kraken.KrakenFixture.SUB;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may call, and how often, over real HTTP. */
class BudgetTest {
    private static final String FORM = "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000";
    @TempDir
    private Path dir;
    private KrakenFixture venue;

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @ParameterizedTest
    @EnumSource(WindowShape.class)
    void shouldRefuseTheFiftyFirstOrderWithoutCarryingItOut(final WindowShape shape) throws Exception {
        venue = new KrakenFixture(dir, context -> context.window(shape));
        for (int i = 0; i < 50; i++) {
            assertEquals("placed", venue.limit("buy", "0.001", "50000").path("status").asText());
        }
        final HttpResponse<String> refused = venue.send(A, "POST", "/derivatives/api/v3/sendorder", FORM);
        assertEquals(200, refused.statusCode());
        assertEquals("{\"result\":\"error\",\"serverTime\":\"2023-11-14T22:13:20.123Z\","
            + "\"error\":\"apiLimitExceeded\"}", refused.body());
        assertEquals(50, venue.openIds(A, "orderId").size());
        assertEquals(50, venue.log("order").size());
        venue.advance(200);
        assertEquals(shape == WindowShape.BUCKET ? "success" : "error", result());
        venue.advance(9_799);
        // 20.123 s + 9.999 s lies in the next fixed window, but not yet 10 s after the burst.
        assertEquals(shape == WindowShape.SLIDING_10S ? "error" : "success", result());
        venue.advance(1);
        assertEquals("success", result());
        final JsonNode stats = venue.stats(A);
        final int beyond = shape == WindowShape.BUCKET ? 20 : shape == WindowShape.FIXED_10S ? 10 : 0;
        assertEquals(500 + beyond, stats.path("peakChargedPer10s").asInt());
        assertEquals(shape == WindowShape.BUCKET ? 1 : shape == WindowShape.FIXED_10S ? 2 : 3,
            stats.path("refused").asInt());
    }

    private String result() throws Exception {
        return venue.call(A, "POST", "sendorder", FORM).path("result").asText();
    }

    @Test
    void shouldCarryMoreInBatches() throws Exception {
        venue = new KrakenFixture(dir);
        final String[] items = IntStream.range(0, 10)
            .mapToObj(i -> KrakenFixture.sendItem(Integer.toString(i), "buy", "50000")).toArray(String[]::new);
        for (int i = 0; i < 26; i++) {
            assertEquals("success", venue.batch(A, items).path("result").asText());
        }
        assertEquals("apiLimitExceeded", venue.batch(A, items).path("error").asText());
        final JsonNode stats = venue.stats(A);
        assertEquals(260, stats.path("instructions").asInt());
        assertEquals(26 * 19, stats.path("costCharged").asInt());
        assertEquals(27 * 19, stats.path("peakOfferedPer10s").asInt());
        assertEquals(1, stats.path("byEndpoint").path("POST batchorder").path("refused").asInt());
    }

    @Test
    void shouldChargeTheAccountOrTheAddress() throws Exception {
        venue = new KrakenFixture(dir);
        venue.call(A, "GET", "unwindqueue", "");
        venue.call(A, "GET", "unwindqueue", "");
        assertEquals("apiLimitExceeded", venue.call(A, "GET", "unwindqueue", "").path("error").asText());
        assertEquals("success", venue.call(SUB, "GET", "unwindqueue", "").path("result").asText());
        venue.close();
        venue = new KrakenFixture(dir, context -> context.limitPerAddress(true));
        venue.call(A, "GET", "unwindqueue", "");
        venue.call(B, "GET", "unwindqueue", "");
        assertEquals("apiLimitExceeded", venue.call(SUB, "GET", "unwindqueue", "").path("error").asText());
        assertEquals("IP", venue.control("GET", "/stats", "").path("scope").asText());
    }

    @Test
    void shouldChargeNothingForPublicCalls() throws Exception {
        venue = new KrakenFixture(dir);
        for (int i = 0; i < 60; i++) {
            venue.open("tickers");
        }
        assertEquals(0, venue.stats(A).path("requests").asInt());
        assertEquals("success", venue.call(A, "GET", "openorders", "").path("result").asText());
    }

    @Test
    void shouldKeepHistoryInAPoolOfItsOwn() throws Exception {
        venue = new KrakenFixture(dir);
        for (int i = 0; i < 100; i++) {
            assertEquals("success", venue.history("executions", "").path("result").asText());
        }
        assertEquals("apiLimitExceeded", venue.history("executions", "").path("error").asText());
        assertEquals("success", venue.call(A, "GET", "openorders", "").path("result").asText());
        venue.advance(6_000);
        assertEquals("success", venue.history("executions", "").path("result").asText());
    }

    @Test
    void shouldVerifyTheBytesAsTheyCame() throws Exception {
        venue = new KrakenFixture(dir);
        final String batch = KrakenFixture.batchForm(KrakenFixture.sendItem("1", "buy", "50000"));
        assertEquals("success", venue.call(A, "POST", "batchorder", batch).path("result").asText());
        final String decoded = java.net.URLDecoder.decode(batch, java.nio.charset.StandardCharsets.UTF_8);
        assertEquals("authenticationError", signed(A, "sendorder", FORM, FORM + "&x=1", "").path("error").asText());
        assertEquals("authenticationError", signed(A, "batchorder", batch, decoded, "").path("error").asText());
        assertEquals("signed the decoded form", venue.log("rest").get(2).path("hint").asText());
        assertEquals(2, venue.stats(A).path("authenticationErrors").asInt());
        final HttpRequest unknown = venue.request("POST", "/derivatives/api/v3/sendorder", FORM, "APIKey", "nobody",
            "Authent", "x");
        assertEquals("authenticationError", KrakenFixture.json(venue.send(unknown)).path("error").asText());
        final HttpRequest whole = venue.request("POST", "/derivatives/api/v3/sendorder", FORM, "APIKey", "key-a",
            "Authent", KrakenFixture.authent(A.secret(), FORM, "", "/derivatives/api/v3/sendorder"));
        assertEquals("authenticationError", KrakenFixture.json(venue.send(whole)).path("error").asText());
        assertEquals("signed with /derivatives", venue.log("rest").get(4).path("hint").asText());
        assertEquals(1, venue.log("order").size());
        assertEquals(10, venue.stats(A).path("costOffered").asInt());
    }

    @Test
    void shouldTakeDecodedFormByFlagAndParametersInTheQuery() throws Exception {
        venue = new KrakenFixture(dir, context -> context.acceptDecoded(true));
        final String batch = KrakenFixture.batchForm(KrakenFixture.sendItem("1", "buy", "50000"));
        final String decoded = java.net.URLDecoder.decode(batch, java.nio.charset.StandardCharsets.UTF_8);
        assertEquals("success", signed(A, "batchorder", batch, decoded, "").path("result").asText());
        final HttpRequest query = venue.request("POST", "/derivatives/api/v3/sendorder?" + FORM, "", "APIKey",
            "key-a", "Authent", KrakenFixture.authent(A.secret(), FORM, "", "/api/v3/sendorder"));
        assertEquals("placed", KrakenFixture.json(venue.send(query)).path("sendStatus").path("status").asText());
    }

    @Test
    void shouldRefuseNoncesThatAreLateOrUsed() throws Exception {
        venue = new KrakenFixture(dir);
        assertEquals("success", signed(A, "sendorder", FORM, FORM, "1700000000000").path("result").asText());
        assertEquals("nonceDuplicate", signed(A, "sendorder", FORM, FORM, "1700000000000").path("error").asText());
        assertEquals("success", signed(A, "sendorder", FORM, FORM, "1699999999500").path("result").asText());
        assertEquals("nonceBelowThreshold",
            signed(A, "sendorder", FORM, FORM, "1699999998000").path("error").asText());
        assertEquals("success", venue.call(A, "POST", "sendorder", FORM).path("result").asText());
        assertEquals(3, venue.log("order").size());
    }

    private JsonNode signed(
        final KrakenAccount account, final String endpoint, final String form, final String signedForm,
        final String nonce) throws Exception {
        final String authent = KrakenFixture.authent(account.secret(), signedForm, nonce, "/api/v3/" + endpoint);
        final String path = "/derivatives/api/v3/" + endpoint;
        return KrakenFixture.json(venue.send(nonce.isEmpty()
            ? venue.request("POST", path, form, "APIKey", account.apiKey(), "Authent", authent)
            : venue.request("POST", path, form, "APIKey", account.apiKey(), "Authent", authent, "Nonce", nonce)));
    }
}
