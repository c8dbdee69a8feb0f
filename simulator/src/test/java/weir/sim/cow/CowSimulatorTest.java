package weir.sim.cow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.sim.market.Json;

/**
 * The venue over HTTP, with the published order and cancellation that three other implementations signed (contracts
 * library, ethers, viem): what it accepts was not signed by code of ours. The clock stands a day before it expires.
 */
class CowSimulatorTest {
    private static final String OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private static final String WETH = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
    private static final String USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
    private static final String UID = "0x2e81305e808be357d349a6e5533469088279ade99d81c3f22071b636fc20e1d1"
        + "70997970c51812dc3a010c7d01b50e0d17dc79c86955b900";
    private static final String SIGNATURE = "0x874f7ebddceb92338965dc1c10eb2bcb19bf802f71f39cf7eabb9ed7d87f3749"
        + "06dea0246f509ed856ee6e389f363d84ac44ece40be9532a0bf8dfcaa18874d01b";
    private static final String ETHSIGN = "0x21fbbcf525d27e0d5ee714cfa830d88134ea282d60cc991ba2246e2d59edca50"
        + "4b4c56165fbce664e0efc4041bab7e11d6aaa28ce6de7e0dab9679758ebd5a9f1c";
    private static final String CANCELLATION = "0x9f867ae73d18ed3f6d0b79b670ef2fc7983e882bb331afadb6a7d0b9751026e9"
        + "7adca2acbf4dd6cdf79198a3aafd09eb2ec4f6ea3f71e7e4206eb50e59196de01b";
    private static final long VALID_TO = 1_767_225_600L;

    @TempDir
    private Path dir;
    private final AtomicLong nowNs = new AtomicLong((VALID_TO - 86_400) * 1_000_000_000L);
    private final HttpClient client = HttpClient.newHttpClient();
    private CowSimulator venue;

    @BeforeEach
    void start() throws Exception {
        launch(Map.of());
    }

    private void launch(final Map<String, BigDecimal> allowances) throws Exception {
        if (venue != null) {
            venue.close();
        }
        venue = CowSimulator.launch(new CowSimulator.Context().logDir(dir).clock(nowNs::get)
            .accounts(List.of(new CowAccount("a", OWNER, Map.of(), allowances))));
    }

    @AfterEach
    void stop() throws Exception {
        venue.close();
    }

    private HttpResponse<String> call(final String method, final String path, final String body) throws Exception {
        nowNs.addAndGet(250_000_000L); // keeps to the rate
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.httpPort() + path))
            .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode control(final String what, final String body) throws Exception {
        return Json.parse(client.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + '/' + what))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofByteArray()).body());
    }

    private static JsonNode json(final HttpResponse<String> response) throws Exception {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode order() {
        final ObjectNode order = Json.object().put("sellToken", WETH).put("buyToken", USDC).put("receiver", OWNER)
            .put("sellAmount", "1000000000000000000").put("buyAmount", "3000000000").put("validTo", VALID_TO)
            .put("feeAmount", "0").put("kind", "sell").put("partiallyFillable", false)
            .put("sellTokenBalance", "erc20").put("buyTokenBalance", "erc20").put("signingScheme", "eip712")
            .put("signature", SIGNATURE).put("from", OWNER).put("appData", "{}");
        return order;
    }

    private void refused(final int status, final String type, final String field, final Object value)
        throws Exception {
        final ObjectNode order = order();
        order.set(field, value == null ? null : Json.parse(String.valueOf(value).getBytes(StandardCharsets.UTF_8)));
        final HttpResponse<String> answer = call("POST", "/api/v1/orders", order.toString());
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(type, status == 422 ? "" : json(answer).path("errorType").asText(), answer.body());
    }

    @Test
    void shouldTakeTheOrderThatOthersSignedByItsUidOnce() throws Exception {
        final HttpResponse<String> taken = call("POST", "/api/v1/orders", order().toString());
        assertEquals(201, taken.statusCode(), taken.body());
        assertEquals('"' + UID + '"', taken.body());
        refused(400, "DuplicatedOrder", "fullBalanceCheck", false);
        final JsonNode shown = json(call("GET", "/api/v1/orders/" + UID, null));
        assertEquals("open", shown.path("status").asText());
        assertEquals("0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d",
            shown.path("appData").asText());
        assertEquals(shown, json(call("POST", "/api/v1/orders/by_uids", "[\"" + UID + "\"]")).path(0).path("order"));
        assertEquals(1, json(call("GET", "/api/v1/account/" + OWNER + "/orders", null)).size());
        final JsonNode status = json(call("GET", "/api/v1/orders/" + UID + "/status", null));
        assertTrue(Set.of("open", "active").contains(status.path("type").asText()), status.toString());
    }

    @Test
    void shouldTakeTheSameOrderSignedAsAMessage() throws Exception {
        final HttpResponse<String> taken = call("POST", "/api/v1/orders",
            order().put("signingScheme", "ethsign").put("signature", ETHSIGN).toString());
        assertEquals('"' + UID + '"', taken.body());
    }

    @Test
    void shouldRefuseAsTheServiceDoes() throws Exception {
        refused(400, "WrongOwner", "sellAmount", "\"1000000000000000001\"");
        refused(400, "WrongOwner", "receiver", null);
        refused(400, "InvalidSignature", "signature", "\"0x\"");
        refused(400, "InvalidSignature", "signature", '"' + SIGNATURE.replaceAll("1b$", "1d") + '"');
        refused(400, "NonZeroFee", "feeAmount", "\"1\"");
        refused(400, "ZeroAmount", "buyAmount", "\"0\"");
        refused(400, "SameBuyAndSellToken", "buyToken", '"' + WETH + '"');
        refused(400, "UnsupportedToken", "buyToken", "\"0x00000000000000000000000000000000000000ee\"");
        refused(400, "UnsupportedSellTokenSource", "sellTokenBalance", "\"external\"");
        refused(400, "InsufficientValidTo", "validTo", VALID_TO - 86_400);
        refused(400, "ExcessiveValidTo", "validTo", VALID_TO + 366L * 86_400);
        refused(400, "InvalidAppData", "appData", "\"[]\"");
        refused(400, "AppDataHashMismatch", "appDataHash", "\"0x00\"");
        refused(400, "QuoteNotFound", "quoteId", 77);
        refused(400, "IncompatibleSigningScheme", "signingScheme", "\"presign\"");
        refused(422, "", "kind", "\"short\"");
        refused(422, "", "sellAmount", 5);
        assertEquals(422, call("POST", "/api/v1/orders", "{").statusCode());
        assertEquals(404, call("GET", "/api/v1/orders/" + UID, null).statusCode());
    }

    @Test
    void shouldRefuseWhatIsNotFundedAndWhoIsNotListed() throws Exception {
        launch(Map.of("WETH", new BigDecimal("0.9")));
        refused(400, "InsufficientAllowance", "fullBalanceCheck", false);
        venue.close();
        venue = CowSimulator.launch(new CowSimulator.Context().logDir(dir).clock(nowNs::get)
            .accounts(List.of(new CowAccount("b", "0x00000000000000000000000000000000000000bb"))));
        refused(403, "Forbidden", "fullBalanceCheck", false);
    }

    @Test
    void shouldSettleInABatchAtNoWorseThanTheLimitAndListTheTrade() throws Exception {
        call("POST", "/api/v1/orders", order().toString());
        control("settle", "{}");
        assertEquals(0, json(call("GET", "/api/v2/trades?owner=" + OWNER, null)).size(), "the house pays 2997");
        control("token", "{\"symbol\":\"WETH\",\"priceUsd\":\"3010\"}");
        control("settle", "{}");
        final JsonNode trade = json(call("GET", "/api/v2/trades?orderUid=" + UID, null)).path(0);
        assertEquals("1000000000000000000", trade.path("sellAmount").asText());
        assertTrue(trade.path("buyAmount").asLong() > 3_000_000_000L, trade.toString());
        final JsonNode done = json(call("GET", "/api/v1/orders/" + UID, null));
        assertEquals("fulfilled", done.path("status").asText());
        assertEquals(trade.path("buyAmount"), done.path("executedBuyAmount"));
        final String log = Files.readString(dir.resolve("venue.jsonl"));
        assertTrue(log.contains("\"kind\":\"exec\"") && log.contains("\"remainingAtoms\":\"0\""), log);
    }

    @Test
    void shouldLetACancellationLoseAgainstABatchUnderWay() throws Exception {
        call("POST", "/api/v1/orders", order().toString());
        control("token", "{\"symbol\":\"WETH\",\"priceUsd\":\"3010\"}");
        awaitStatus("executing");
        final ObjectNode body = Json.object().put("signature", CANCELLATION).put("signingScheme", "eip712");
        body.putArray("orderUids").add(UID);
        assertEquals(200, call("DELETE", "/api/v1/orders", body.toString()).statusCode());
        assertEquals("cancelled", json(call("GET", "/api/v1/orders/" + UID, null)).path("status").asText());
        control("settle", "{}");
        assertEquals("fulfilled", json(call("GET", "/api/v1/orders/" + UID, null)).path("status").asText());
        assertEquals("OrderFullyExecuted",
            json(call("DELETE", "/api/v1/orders", body.toString())).path("errorType").asText());
    }

    /** Lets the auctions' clock run until the order is where it is wanted. */
    private void awaitStatus(final String wanted) throws Exception {
        String status = "";
        for (int i = 0; i < 400 && !wanted.equals(status); i++) {
            nowNs.addAndGet(6_000_000_000L);
            Thread.sleep(25);
            status = json(call("GET", "/api/v1/orders/" + UID + "/status", null)).path("type").asText();
        }
        assertEquals(wanted, status);
    }

    @Test
    void shouldCancelByASignatureOfTheOwnerAndNobodyElse() throws Exception {
        final ObjectNode body = Json.object().put("signature", CANCELLATION).put("signingScheme", "eip712");
        body.putArray("orderUids").add(UID);
        assertEquals("OrderNotFound",
            json(call("DELETE", "/api/v1/orders", body.toString())).path("errorType").asText());
        call("POST", "/api/v1/orders", order().toString());
        final HttpResponse<String> foreign =
            call("DELETE", "/api/v1/orders", body.deepCopy().put("signature", SIGNATURE).toString());
        assertEquals(401, foreign.statusCode(), foreign.body());
        assertEquals(200, call("DELETE", "/api/v1/orders", body.toString()).statusCode());
        assertEquals("AlreadyCancelled",
            json(call("DELETE", "/api/v1/orders", body.toString())).path("errorType").asText());
        nowNs.addAndGet(2 * 86_400_000_000_000L);
        assertEquals("cancelled", json(call("GET", "/api/v1/orders/" + UID, null)).path("status").asText());
    }

    @Test
    void shouldQuoteWhatItThenSettles() throws Exception {
        final ObjectNode ask = Json.object().put("sellToken", WETH).put("buyToken", USDC).put("from", OWNER)
            .put("kind", "sell").put("sellAmountBeforeFee", "1000000000000000000");
        final JsonNode answer = json(call("POST", "/api/v1/quote", ask.toString()));
        final JsonNode quote = answer.path("quote");
        assertEquals(1_000_000_000_000_000_000L,
            quote.path("sellAmount").asLong() + quote.path("feeAmount").asLong(), answer.toString());
        assertTrue(Math.abs(quote.path("buyAmount").asLong() - 2_996_500_500L) < 1_000, answer.toString());
        assertTrue(answer.path("verified").asBoolean());
        final JsonNode small = json(call("POST", "/api/v1/quote", ask.put("sellAmountBeforeFee", "1000").toString()));
        assertEquals("SellAmountDoesNotCoverFee", small.path("errorType").asText());
        assertTrue(small.path("data").path("fee_amount").asText().length() > 10);
        assertEquals(404, call("POST", "/api/v1/quote", ask.put("buyToken", OWNER).toString()).statusCode());
        assertEquals(333_333_333.3,
            json(call("GET", "/api/v1/token/" + USDC + "/native_price", null)).path("price").doubleValue(), 0.1);
    }

    @Test
    void shouldBarWhoPassesTheRate() throws Exception {
        for (int i = 0; i < 5; i++) {
            nowNs.addAndGet(-250_000_000L);
            assertEquals(200, call("GET", "/api/v1/version", null).statusCode());
        }
        nowNs.addAndGet(-250_000_000L);
        assertEquals(429, call("GET", "/api/v1/version", null).statusCode());
        nowNs.addAndGet(60_000_000_000L);
        assertEquals(429, call("GET", "/api/v1/version", null).statusCode(), "five minutes");
        nowNs.addAndGet(300_000_000_000L);
        assertEquals(200, call("GET", "/api/v1/version", null).statusCode());
    }

    @Test
    void shouldLogWhichOrderARefusedOneWasToGoOnWith() throws Exception {
        final String body = order().put("appData",
            "{\"appCode\":\"weir\",\"metadata\":{\"weir\":{\"after\":\"a\",\"id\":\"b\"}}}").toString();
        control("faults", "{\"limitStorm\":1}");
        assertEquals(429, call("POST", "/api/v1/orders", body).statusCode());
        nowNs.addAndGet(600_000_000_000L);
        assertEquals(400, call("POST", "/api/v1/orders", body).statusCode());
        final List<String> refused = Files.readAllLines(dir.resolve("venue.jsonl")).stream()
            .filter(line -> line.contains("\"kind\":\"reject\"")).toList();
        assertEquals(2, refused.size(), refused.toString());
        for (final String line : refused) {
            final JsonNode node = Json.parse(line.getBytes(StandardCharsets.UTF_8));
            assertEquals("b after a", node.path("clOrdId").asText() + " after " + node.path("replaces").asText(), line);
        }
    }

    @Test
    void shouldHashAndRecoverAsEverybodyElse() {
        assertEquals("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            OrderDigest.hex(KeccakSponge.hash()));
        final byte[] million = new byte[1_000];
        java.util.Arrays.fill(million, (byte)'a');
        assertArrayEquals(KeccakSponge.hash(million), KeccakSponge.hash(java.util.Arrays.copyOf(million, 136),
            java.util.Arrays.copyOfRange(million, 136, 1_000)));
        assertEquals("0x4c89efb91ae246f78d2fe68b47db2fa1444a121a4f2dc3fda7a5a408c2e3588e",
            OrderDigest.hashOf("OrderCancellations(bytes[] orderUids)"));
        assertEquals(Instant.ofEpochSecond(VALID_TO), Instant.parse("2026-01-01T00:00:00Z"));
        final byte[] digest = OrderDigest.bytes(UID.substring(0, 66));
        assertEquals(OWNER.toLowerCase(java.util.Locale.ROOT),
            OrderDigest.hex(CurveRecovery.signer(digest, OrderDigest.bytes(SIGNATURE))));
        assertNull(CurveRecovery.signer(digest, new byte[65]));
        assertNull(CurveRecovery.signer(digest, new byte[64]));
    }
}
