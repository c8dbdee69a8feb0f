package weir.config.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
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
    /** The documents' example, of which they name the public half. */
    private static final String ED25519 = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u";
    private static final long NOW_S = 1_790_000_000L;
    private static final SecretResolver SECRETS =
        new SecretResolver(Map.of("K", KEY, "S", SECRET, "P", "words"), Path.of("."));

    private static SecretRef ref(final String variable) {
        return new SecretRef(SecretRef.Kind.ENV, variable, "test", 1);
    }

    private static RequestLint.Verdict judge(final String venue, final String request) throws Exception {
        return RequestLint.judge(request, account(venue), SECRETS, () -> NOW_S * 1_000_000_000L);
    }

    private static VenueAccount account(final String venue) {
        return new VenueAccount(1, "a", venue, "simulator", false, SelfTradePrevention.NONE, ref("K"), ref("S"),
            Optional.of(ref("P")), VenueAccount.Scopes.DEFAULT);
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
    void shouldJudgeRequestsAndFramesSignedWithAnEd25519Key() throws Exception {
        final String query = "symbol=BTCUSDT&timestamp=" + NOW_S * 1_000;
        final String rest = "GET /api/v3/openOrders?" + query + "&signature=%s HTTP/1.1\nX-MBX-APIKEY: " + KEY + "\n\n";
        final String signature = ed25519(query);
        assertTrue(judgeEd25519(String.format(rest, URLEncoder.encode(signature, StandardCharsets.UTF_8))).accepted());
        assertFalse(judgeEd25519(String.format(rest,
            URLEncoder.encode(ed25519(query + " "), StandardCharsets.UTF_8))).accepted());
        String plus = query;
        for (int i = 0; !ed25519(plus).contains("+"); i++) {
            plus = query + "&recvWindow=" + (5_000 + i);
        }
        final RequestLint.Verdict bare = judgeEd25519(String.format(rest, ed25519(plus)).replace(query, plus));
        assertFalse(bare.accepted());
        assertTrue(bare.hint().contains("not percent-encoded"), bare.toString());

        final String payload = "apiKey=" + KEY + "&timestamp=" + NOW_S * 1_000;
        final String logon = "{\"id\":\"1\",\"method\":\"session.logon\",\"params\":{\"apiKey\":\"" + KEY
            + "\",\"timestamp\":" + NOW_S * 1_000 + ",\"signature\":\"" + ed25519(payload) + "\"}}";
        final String status = "{\"id\":2,\"method\":\"openOrders.status\",\"params\":{\"timestamp\":" + NOW_S * 1_000
            + "}}";
        final RequestLint.Verdict both = judgeEd25519(logon + '\n' + status + '\n');
        assertTrue(both.accepted() && both.target().equals("openOrders.status"), both.toString());
        assertFalse(judgeEd25519(status).accepted(), "no session and no signature");
        final RequestLint.Verdict wrong = judgeEd25519(logon.replace(NOW_S + "000,", NOW_S + "001,") + '\n' + status);
        assertTrue(!wrong.accepted() && wrong.target().equals("session.logon"), wrong.toString());
    }

    @Test
    void shouldKnowThePublicHalfOfAnEd25519Key() {
        final byte[] spki = Base64.getDecoder().decode(EdwardsKey.publicOf(ED25519));
        assertEquals("GUIKv9dSpWXBViXp2m6vAIb8QMFJYBgyFEQsFJlqgA0=",
            Base64.getEncoder().encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
        assertTrue(EdwardsKey.isOne("-----BEGIN PRIVATE KEY-----\n" + ED25519 + "\n-----END PRIVATE KEY-----\n"));
        assertFalse(EdwardsKey.isOne(SECRET));
    }

    private static String ed25519(final String payload) throws Exception {
        final Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(KeyFactory.getInstance("Ed25519")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(ED25519))));
        signer.update(payload.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signer.sign());
    }

    private static RequestLint.Verdict judgeEd25519(final String text) throws Exception {
        return RequestLint.judge(text, account("binance"), new SecretResolver(Map.of("K", KEY, "S", ED25519, "P", "-"),
            Path.of(".")), () -> NOW_S * 1_000_000_000L);
    }

    @Test
    void shouldJudgeFramesOfBinanceByTheirSortedParameters() throws Exception {
        final String time = "timestamp=" + NOW_S * 1_000;
        final String sorted = "apiKey=" + KEY + "&price=52000.00&quantity=0.01&recvWindow=100&side=SELL&symbol=BTCUSDT"
            + "&timeInForce=GTC&" + time + "&type=LIMIT";
        final String asSent = "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&price=52000.00&quantity=0.01&apiKey="
            + KEY + "&recvWindow=100&" + time;
        assertTrue(judge("binance", frame(asSent, sorted)).accepted());
        final RequestLint.Verdict unsorted = judge("binance", frame(asSent, asSent));
        assertTrue(!unsorted.accepted() && unsorted.answer().contains("-1022"), unsorted.toString());
        assertEquals("the parameters were not sorted by name", unsorted.hint());
        assertEquals("apiKey was not signed",
            judge("binance", frame(asSent, sorted.replace("apiKey=" + KEY + '&', ""))).hint());
        final RequestLint.Verdict business =
            judge("binance", frame(asSent.replace("0.01", "0.0000001"), sorted.replace("0.01", "0.0000001")));
        assertTrue(business.accepted() && business.status() == 400, "well signed, and refused: " + business);
        final RequestLint.Verdict stale = judge("binance",
            frame(asSent.replace(time, "timestamp=" + (NOW_S - 1) * 1_000),
            sorted.replace(time, "timestamp=" + (NOW_S - 1) * 1_000)));
        assertTrue(!stale.accepted() && stale.answer().contains("-1021"), stale.toString());
    }

    /** Every parameter as text but the numbers, in the order given. */
    private static String frame(final String parameters, final String signed) throws Exception {
        final StringBuilder text = new StringBuilder("{\"id\":7,\"method\":\"order.place\",\"params\":{");
        for (final String pair : parameters.split("&")) {
            final String[] parts = pair.split("=");
            final boolean number = parts[0].equals("timestamp") || parts[0].equals("recvWindow");
            text.append('"').append(parts[0]).append("\":").append(number ? parts[1] : '"' + parts[1] + '"')
                .append(',');
        }
        return text.append("\"signature\":\"").append(HexFormat.of().formatHex(hmac("HmacSHA256",
            SECRET.getBytes(StandardCharsets.UTF_8), signed.getBytes(StandardCharsets.UTF_8)))).append("\"}}")
            .toString();
    }

    @Test
    void shouldJudgeTheLogonFrameOfDeribitAndItsRequests() throws Exception {
        final long ms = NOW_S * 1_000;
        assertTrue(judge("deribit", deribit(ms, ms + "\nn1\n")).accepted());
        final RequestLint.Verdict wrong = judge("deribit", deribit(ms, ms + "\nn1"));
        assertTrue(!wrong.accepted() && wrong.answer().contains("invalid_credentials"), wrong.toString());
        assertFalse(judge("deribit", deribit(ms - 3_600_000, ms - 3_600_000 + "\nn1\n")).accepted(), "an hour old");
        final RequestLint.Verdict order = judge("deribit", deribit(ms, ms + "\nn1\n")
            + "\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"private/get_open_orders\",\"params\":{}}");
        assertTrue(order.accepted() && order.target().equals("private/get_open_orders"), order.toString());
    }

    private static String deribit(final long timestampMs, final String signed) throws Exception {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/auth\",\"params\":{"
            + "\"grant_type\":\"client_signature\",\"client_id\":\"" + KEY + "\",\"timestamp\":" + timestampMs
            + ",\"nonce\":\"n1\",\"data\":\"\",\"signature\":\"" + HexFormat.of().formatHex(hmac("HmacSHA256",
            SECRET.getBytes(StandardCharsets.UTF_8), signed.getBytes(StandardCharsets.UTF_8))) + "\"}}";
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
        for (final String frame : new String[] {"{\"id\":1}", "{\"id\":1,\"method\":\"x\"", "{\"method\":\"x\"}"}) {
            assertEquals("LINT_REQUEST", assertThrows(CommandFailure.class, () -> FrameText.parse(frame)).code());
        }
        assertEquals("LINT_REQUEST", assertThrows(CommandFailure.class, () -> judge("kraken-futures",
            "{\"id\":1,\"method\":\"x\"}")).code(), "takes no signed frames");
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
