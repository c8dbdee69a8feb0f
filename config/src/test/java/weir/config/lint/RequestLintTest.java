package weir.config.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.model.SecretRef;
import weir.config.model.VenueAccount;
import weir.protocol.sbe.SelfTradePrevention;

/** Requests signed by the test's own code, right and wrong, for each way of signing. */
class RequestLintTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String SECRET = Base64.getEncoder().encodeToString("s".repeat(64).getBytes());
    private static final long NOW_S = 1_790_000_000L;
    private static final SecretResolver SECRETS =
        new SecretResolver(Map.of("K", KEY, "S", SECRET, "P", "words"), Path.of("."));

    private static SecretRef ref(final String variable) {
        return new SecretRef(SecretRef.Kind.ENV, variable, "test", 1);
    }

    private static RequestLint.Verdict judge(final String venue, final String request) throws Exception {
        return RequestLint.judge(request, new VenueAccount(1, "a", venue, "simulator", false,
            SelfTradePrevention.NONE, ref("K"), ref("S"),
            Optional.of(ref("P")), VenueAccount.Scopes.DEFAULT), SECRETS, () -> NOW_S * 1_000_000_000L);
    }

    private static byte[] hmac(final String algorithm, final byte[] key, final byte[] data) throws Exception {
        final Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(data);
    }

    private static String cb(final String method, final String target, final String signed, final long timeS,
        final String body) throws Exception {
        final String signature = Base64.getEncoder().encodeToString(hmac("HmacSHA256",
            Base64.getDecoder().decode(SECRET), (timeS + method + signed + body).getBytes(StandardCharsets.UTF_8)));
        return method + ' ' + target + " HTTP/1.1\nHost: the.venue\nCB-ACCESS-KEY: " + KEY + "\nCB-ACCESS-SIGN: "
            + signature + "\nCB-ACCESS-TIMESTAMP: " + timeS + "\nCB-ACCESS-PASSPHRASE: words\n"
            + (body.isEmpty() ? "" : "Content-Type: application/json\n") + '\n' + body;
    }

    @Test
    void shouldTakeWhatCoinbaseTakesAndRefuseAStaleOne() throws Exception {
        assertTrue(judge("coinbase", cb("GET", "/orders?status=open", "/orders?status=open", NOW_S, "")).accepted());
        final RequestLint.Verdict business = judge("coinbase", cb("POST", "/orders", "/orders", NOW_S,
            "{\"product_id\":\"NO-SUCH\",\"side\":\"buy\",\"price\":\"1\",\"size\":\"1\"}"));
        assertTrue(business.accepted() && business.status() / 100 == 4, "well signed, and refused: " + business);
        final RequestLint.Verdict stale = judge("coinbase", cb("GET", "/orders", "/orders", NOW_S - 31, ""));
        assertFalse(stale.accepted(), stale.toString());
        assertFalse(judge("coinbase", cb("GET", "/orders?status=open", "/orders", NOW_S, "")).accepted(), "path alone");
    }

    @Test
    void shouldNameTheMistakeOfAQuerySignedAtIntx() throws Exception {
        assertTrue(judge("intx", cb("GET", "/api/v1/orders?portfolio=account", "/api/v1/orders", NOW_S, ""))
            .accepted());
        final RequestLint.Verdict query = judge("intx",
            cb("GET", "/api/v1/orders?portfolio=account", "/api/v1/orders?portfolio=account", NOW_S, ""));
        assertFalse(query.accepted());
        assertTrue(query.hint().contains("query"), query.toString());
        assertFalse(judge("intx", cb("GET", "/api/v1/orders", "/api/v1/orders", NOW_S - 6, "")).accepted(), "5 s");
    }

    @Test
    void shouldJudgeBinanceByQueryAndTime() throws Exception {
        final String good = "symbol=BTCUSDT&recvWindow=5000&timestamp=" + NOW_S * 1_000;
        assertTrue(judge("binance", binance(good)).accepted());
        final RequestLint.Verdict late = judge("binance", binance(good.replace(NOW_S + "000", NOW_S - 6 + "000")));
        assertFalse(late.accepted());
        assertTrue(late.answer().contains("-1021"), late.toString());
        final RequestLint.Verdict wrong = judge("binance", binance(good).replace("symbol=BTCUSDT", "symbol=ETHUSDT"));
        assertTrue(!wrong.accepted() && wrong.answer().contains("-1022"), wrong.toString());
    }

    private static String binance(final String query) throws Exception {
        return "GET /api/v3/openOrders?" + query + "&signature=" + HexFormat.of().formatHex(hmac("HmacSHA256",
            SECRET.getBytes(StandardCharsets.UTF_8), query.getBytes(StandardCharsets.UTF_8)))
            + " HTTP/1.1\nX-MBX-APIKEY: " + KEY + "\n\n";
    }

    @Test
    void shouldJudgeKrakenByDigestAndPath() throws Exception {
        assertTrue(judge("kraken-futures", kraken("/api/v3/openorders")).accepted());
        final RequestLint.Verdict wrong = judge("kraken-futures", kraken("/derivatives/api/v3/openorders"));
        assertFalse(wrong.accepted(), "the prefix is not signed");
        assertTrue(wrong.answer().contains("authenticationError"), wrong.toString());
    }

    private static String kraken(final String signedPath) throws Exception {
        final byte[] digest = MessageDigest.getInstance("SHA-256").digest(signedPath.getBytes(StandardCharsets.UTF_8));
        return "GET /derivatives/api/v3/openorders HTTP/1.1\nAPIKey: " + KEY + "\nAuthent: "
            + Base64.getEncoder().encodeToString(hmac("HmacSHA512", Base64.getDecoder().decode(SECRET), digest))
            + "\n\n";
    }

    @Test
    void shouldSayWhatIsNoRequest() {
        assertEquals("LINT_REQUEST",
            assertThrows(CommandFailure.class, () -> HttpText.parse("hello\nworld")).code());
        assertTrue(assertThrows(CommandFailure.class, () -> HttpText.parse("GET / HTTP/1.1\nno header")).getMessage()
            .contains("line 2"));
        final HttpText parsed = HttpText.parse("POST https://a.b/c?d=e HTTP/1.1\r\nHost: a.b\r\nX: y\r\n\r\nbody\r\n");
        assertEquals("/c?d=e", parsed.target());
        assertEquals("body", new String(parsed.body(), StandardCharsets.UTF_8));
        assertEquals(1, parsed.headers().size());
    }
}
