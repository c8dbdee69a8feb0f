package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.sim.market.UuidSource;

/** The published vectors: one key, one passphrase, one instant; computed elsewhere. */
class CoinbaseSignatureTest {
    private static final String TIME = "20260304-14:36:16.725";
    private static final String TS = "1772634976";
    private static final long TS_NS = 1_772_634_976_000_000_000L;
    private static final VenueAccount ACCOUNT = VenueFixture.A;
    private static final String ORDER = "{\"client_oid\":\"1985ca2d-61ef-49f1-bfce-6c39d8462914\","
        + "\"product_id\":\"BTC-USD\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"60000.10\",\"size\":\"0.001\","
        + "\"time_in_force\":\"GTC\",\"post_only\":true,\"stp\":\"dc\"}";

    private final SessionDirectory sessions = new SessionDirectory(List.of(ACCOUNT), 0);
    private final LogonCheck logonCheck = new LogonCheck(sessions, 30_000_000_000L);
    private final RestAuth restAuth = new RestAuth(sessions, 30_000_000_000L, false, false);

    @Test
    void shouldAcceptLogonOfVectorOne() throws Exception {
        final LogonCheck.Terms terms =
            logonCheck.check(logon("LFy8c9m89vYZCvk6pJBzg75gZi4ETG2LEmM74z+PYyk="), FixTime.parse(TIME));
        assertEquals(ACCOUNT, terms.key().account());
        assertEquals('S', terms.cancelOn());
        assertEquals(30, terms.heartbeatSeconds());
    }

    @Test
    void shouldSeeThePrehashAsPublished() throws Exception {
        final byte[] prehash = CoinbaseSignature.fixPrehash(logon("x")).getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(74, prehash.length);
        final StringBuilder hex = new StringBuilder();
        for (final byte b : prehash) {
            hex.append(String.format("%02x", b));
        }
        assertEquals("32303236303330342d31343a33363a31362e3732350141013101306131623263336434653566363037313832393361"
            + "346235633664376538663901436f696e6261736501706173732d31", hex.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "m7AONDvtnQ12gjMtsGEOTf91aJ+pc/ahg82HEeP1oKA=, prehash joined without SOH",
        "Zg/T9w5oRFzLX37vaIEaptwnmtk8MdK7NGxgA7jVEbo=, secret not base64-decoded"})
    void shouldRefuseWrongSignaturesAndNameTheMistake(final String signature, final String mistake) throws Exception {
        final FixMessage logon = logon(signature);
        final FixReject reject = refused(logon, FixTime.parse(TIME));
        assertEquals(FixReject.SIGNATURE_PROBLEM, reject.reason());
        assertEquals(96, reject.refTag());
        assertEquals(mistake, CoinbaseSignature.diagnose(logon, ACCOUNT));
    }

    @Test
    void shouldNotNameAMistakeItDoesNotKnow() throws Exception {
        assertNull(CoinbaseSignature.diagnose(logon("AAAA"), ACCOUNT));
    }

    @Test
    void shouldRefuseLogonOutsideTolerance() throws Exception {
        final FixMessage logon = logon("LFy8c9m89vYZCvk6pJBzg75gZi4ETG2LEmM74z+PYyk=");
        assertEquals(FixReject.SENDING_TIME_ACCURACY,
            refused(logon, FixTime.parse(TIME) + 30_000_000_001L).reason());
        assertEquals(FixReject.SENDING_TIME_ACCURACY,
            refused(logon, FixTime.parse(TIME) - 30_000_000_001L).reason());
        logonCheck.check(logon, FixTime.parse(TIME) + 30_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "GET; /fees; ; 1772634976; /mobrMr+JNlU2ZynpzT1uR55Qlf0DCiHaaYuz6Hgxf4=",
        "GET; /fills; product_id=BTC-USD&limit=100; 1772634976; XaOx4F3HzZ89G3fq9eOhAO+gW9mN/cT3EQvwyd9z7iQ=",
        "DELETE; /orders/client:1985ca2d-61ef-49f1-bfce-6c39d8462914; product_id=BTC-USD; 1772634976; "
            + "iTa81qOWf9nasdIMWV+c5ZZf+SJWSa5ni3arBFs/1vM=",
        "GET; /orders; status=open; 1772634976.725; i49byq0ih//RYT0vnSxOcU4hx59HQ02MFeU5N9Zuo0g=",
        "GET; /users/self/verify; ; 1772634976; lKpqKoWVtGDFVVzrsBuP6FJkZSPu9y4w0G4jkUWVE0I="})
    void shouldAcceptRestVectors(
        final String method, final String path, final String query, final String timestamp, final String signature) {
        assertEquals(ACCOUNT, restAuth.check(headers(timestamp, signature)::getFirst, method, path, query,
            new byte[0], TS_NS)
            .account());
    }

    @Test
    void shouldAcceptRestVectorWithBody() {
        final byte[] body = ORDER.getBytes(StandardCharsets.UTF_8);
        assertEquals(188, body.length);
        final String signature = "SVCf02RlNyZT65IgP88f2Ui1HUQXRMttxd9t2Jfu+28=";
        assertEquals(ACCOUNT,
            restAuth.check(headers(TS, signature)::getFirst, "POST", "/orders", null, body, TS_NS).account());
        body[10]++;
        assertEquals("invalid signature",
            restAuth.check(headers(TS, signature)::getFirst, "POST", "/orders", null, body, TS_NS).refusal().message());
    }

    @Test
    void shouldAcceptSignatureWithoutQueryOnlyWhenToldTo() {
        final Headers headers = headers(TS, "GOxJGreRcIBdYqtS2iW1UZ8xIzfw9T+UA6WIuDUVFoM=");
        final String query = "product_id=BTC-USD&limit=100";
        assertEquals(401, restAuth.check(headers::getFirst, "GET", "/fills", query, new byte[0], TS_NS)
            .refusal().status());
        final RestAuth lenient = new RestAuth(sessions, 30_000_000_000L, true, true);
        assertNull(lenient.check(headers::getFirst, "GET", "/fills", query, new byte[0], TS_NS).refusal());
        assertEquals(400, lenient.check(headers::getFirst, "GET", "/fees", null, new byte[0], TS_NS)
            .refusal().status());
    }

    @Test
    void shouldRefuseRestInTheOrderKeyPassphraseTimestampSignature() {
        final Headers headers = headers("1", "x");
        headers.set("CB-ACCESS-KEY", "nobody");
        headers.set("CB-ACCESS-PASSPHRASE", "wrong");
        assertEquals("Invalid API Key", message(headers));
        headers.set("CB-ACCESS-KEY", ACCOUNT.apiKey());
        assertEquals("Invalid Passphrase", message(headers));
        headers.set("CB-ACCESS-PASSPHRASE", ACCOUNT.passphrase());
        assertEquals("request timestamp expired", message(headers));
        headers.set("CB-ACCESS-TIMESTAMP", "NaN");
        assertEquals("invalid timestamp", message(headers));
        headers.set("CB-ACCESS-TIMESTAMP", TS);
        assertEquals("invalid signature", message(headers));
    }

    @Test
    void shouldTellUuidV4FromOthers() {
        assertTrue(UuidSource.isV4("1985ca2d-61ef-49f1-bfce-6c39d8462914"));
        assertFalse(UuidSource.isV4("1985ca2d-61ef-59f1-bfce-6c39d8462914"));
        assertFalse(UuidSource.isV4("1985ca2d61ef49f1bfce6c39d8462914"));
        final UuidSource source = new UuidSource(1);
        for (int i = 0; i < 1000; i++) {
            assertTrue(UuidSource.isV4(source.next()));
        }
    }

    private String message(final Headers headers) {
        return restAuth.check(headers::getFirst, "GET", "/fees", null, new byte[0], TS_NS).refusal().message();
    }

    private static Headers headers(final String timestamp, final String signature) {
        final Headers headers = new Headers();
        headers.set("CB-ACCESS-KEY", ACCOUNT.apiKey());
        headers.set("CB-ACCESS-PASSPHRASE", ACCOUNT.passphrase());
        headers.set("CB-ACCESS-TIMESTAMP", timestamp);
        headers.set("CB-ACCESS-SIGN", signature);
        return headers;
    }

    private FixReject refused(final FixMessage logon, final long nowNs) {
        try {
            logonCheck.check(logon, nowNs);
        } catch (final FixReject e) {
            return e;
        }
        throw new AssertionError("accepted: " + logon.text());
    }

    private static FixMessage logon(final String signature) throws Exception {
        final String text = "8=FIXT.1.1|9=224|35=A|34=1|49=" + ACCOUNT.apiKey() + "|52=" + TIME + "|56=Coinbase|95="
            + signature.length() + "|96=" + signature + "|98=0|108=30|141=Y|553=" + ACCOUNT.apiKey()
            + "|554=" + ACCOUNT.passphrase() + "|1137=9|8013=S|9406=N|10=003|";
        assertEquals(64, Base64.getDecoder().decode(ACCOUNT.secret()).length);
        return FixMessage.parse(text.replace('|', '\u0001').getBytes(StandardCharsets.ISO_8859_1));
    }
}
