package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The venue's verifier against vectors that were computed without it. */
class KrakenSignatureTest {
    private static final byte[] S1 = Base64.getDecoder().decode(KrakenFixture.S1);
    private static final byte[] S2 = Base64.getDecoder().decode(
        "7zxMEF5p/Z8l2p2U7Ghv6x14Af+Fx+92tPgUdVQ748FOIrEoT9bgT+bTRfXc5pz8na+hL/QdrCVG7bh9KpT0eMTm");
    private static final String BATCH = "json=%7B%22batchOrder%22%3A%5B%7B%22order%22%3A%22send%22%2C%22order_tag%22"
        + "%3A%221%22%2C%22orderType%22%3A%22lmt%22%2C%22symbol%22%3A%22PF_XBTUSD%22%2C%22side%22%3A%22buy%22%2C%22"
        + "size%22%3A0.001%2C%22limitPrice%22%3A50000%2C%22cliOrdId%22%3A%22t-1%22%7D%2C%7B%22order%22%3A%22cancel"
        + "%22%2C%22order_id%22%3A%22566942c8-a3b5-4184-a451-622b09493129%22%7D%5D%7D";
    private static final String BATCH_NEW =
        "EprOtGRSYf/fsQkCXQKg8dZdPJsfmVvlQ+Ur33yXogL1jYvNZDPeiCu6ljlMjjUbMvmKHnDGH6bccQXS+52r7A==";
    private static final String BATCH_OLD =
        "6U2CDHxoAYeKQ7uNDj+IHwpcc7e4UaZVl+hc5BAMjIMpLkBqIF2v+aFQoRJW0nE0UuycpDz09xvjZcZDJRYOVw==";
    private static final KrakenAccount ACCOUNT = new KrakenAccount("key", KrakenFixture.S1, "a");

    @ParameterizedTest
    @CsvSource({
        "/derivatives/api/v3/accounts,'',1415957147987,"
            + "LVqnLfJRGPMS35HnKMh450lyVzAr1ZLSv5KCzdB5HGJ4lvOQrU9V4pGp/a8vj7epsibODPuVLOmoIlRWdaRQgQ==",
        "/api/v3/accounts,'',1415957147987,"
            + "LVqnLfJRGPMS35HnKMh450lyVzAr1ZLSv5KCzdB5HGJ4lvOQrU9V4pGp/a8vj7epsibODPuVLOmoIlRWdaRQgQ==",
        "/derivatives/api/v3/accounts,'','',"
            + "QBye7cezp0pKjoos3UxEPd8Y4zfzoNG4k2coPuQvof0HlKBQn7RFH8fqt7jPNYVUD32XTYNtlcH/m28djrR8KA==",
        "/derivatives/api/v3/sendorder,"
            + "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000&cliOrdId=t-1,1415957147987,"
            + "D46pkZoSGyXlad6bfZ+p+5Z6NcC9jd6ZvIH9eduLGbbC8nwiRpDNeZkDEPQOzlSfkSEJNdfo/lPKGPLrwewN5g=="})
    void shouldSignCallsAsTheVenueDoes(
        final String path, final String postData, final String nonce, final String authent) {
        assertEquals(authent, KrakenSignature.authent(S1, bytes(postData), nonce, path));
    }

    @Test
    void shouldSignEncodedBatchByTheNewRule() {
        assertEquals(BATCH_NEW,
            KrakenSignature.authent(S1, bytes(BATCH), "1415957147987", "/derivatives/api/v3/batchorder"));
    }

    @ParameterizedTest
    @CsvSource({
        "greeting=hello%20world,1415957147987,/derivatives/api/v3/orderbook,"
            + "4GTtimAHS5anKATjKFsPyFVkivQfLEoQnQTZs4Nc4bgw3NFPNKupX6cERKjemZgQptLUPUBik8XpRgWgPgY4kQ==",
        "timeout=60,1700000000000,/derivatives/api/v3/cancelallordersafter,"
            + "Ej6Edbbjn7aCn04IBHoGJ0e6MLXFKOVyrbz0ec3K/UPgTiHlLL7Rurfd+P+v0favLNTCVs5vgFo8SfCNU+Pd3Q=="})
    void shouldSignWithSecondSecret(
        final String postData, final String nonce, final String path, final String authent) {
        assertEquals(authent, KrakenSignature.authent(S2, bytes(postData), nonce, path));
    }

    @Test
    void shouldKnowTheSignatureOfTheWholePath() {
        final String wrong = "UkM2Oe+t3zS5sBWfbS1bs45YdxAu+E5e15B1yP2WsbBbcMMfwpkqmLJc0ouceYG6z7jbhJOdXixqDYNrqVta5Q==";
        assertEquals(wrong, KrakenSignature.raw(S2, bytes("greeting=hello%20world"), "1415957147987",
            "/derivatives/api/v3/orderbook"));
        assertNotEquals(wrong, KrakenSignature.authent(S2, bytes("greeting=hello%20world"), "1415957147987",
            "/derivatives/api/v3/orderbook"));
    }

    @Test
    void shouldSignChallenges() {
        final String challenge = "c100b894-1729-464d-ace1-52dbce11db42";
        assertEquals("4JEpF3ix66GA2B+ooK128Ift4XQVtc137N9yeg4Kqsn9PI0Kpzbysl9M1IeCEdjg0zl00wkVqcsnG4bmnlMb3A==",
            KrakenSignature.challenge(S2, challenge));
        assertEquals("Z/2B9JBJvBEo7IpcdELQv1DD5CEeJ4COiBQpC0qwpHYDoCj45hz66VsEjvT7cS4IPFhsdAtjmi+YfgoLaF2HrQ==",
            KrakenSignature.challenge(S1, challenge));
    }

    @Test
    void shouldTakeTheDecodedFormOnlyIfToldTo() {
        final String path = "/derivatives/api/v3/batchorder";
        final CallerCheck strict = new CallerCheck(List.of(ACCOUNT), 1000, false);
        final CallerCheck lenient = new CallerCheck(List.of(ACCOUNT), 1000, true);
        final CallerCheck.Result refused = strict.check("key", BATCH_OLD, "1415957147987", bytes(BATCH), path);
        assertEquals("authenticationError", refused.error());
        assertEquals("signed the decoded form", refused.hint());
        assertNull(lenient.check("key", BATCH_OLD, "1415957147987", bytes(BATCH), path).error());
        assertNull(strict.check("key", BATCH_NEW, "1415957147987", bytes(BATCH), path).error());
        assertEquals("authenticationError", lenient.check("key", BATCH_OLD, "1", bytes(BATCH), path).error());
    }

    @Test
    void shouldTakeNoncesLateByTheToleranceButNoneTwice() {
        final NonceWindow nonces = new NonceWindow(10);
        assertNull(nonces.refusal(100));
        assertNull(nonces.refusal(105));
        assertNull(nonces.refusal(95));
        assertEquals("nonceDuplicate", nonces.refusal(100));
        assertEquals("nonceBelowThreshold", nonces.refusal(94));
        assertNull(nonces.refusal(200));
        assertEquals("nonceBelowThreshold", nonces.refusal(105));
        assertNull(nonces.refusal(190));
        assertEquals("nonceDuplicate", nonces.refusal(200));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
