package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Vectors: the challenge of S2 is the venue's own; the others are made once by an independent implementation. */
final class KrakenSignerTest {
    private static final String S1 =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    private static final String S2 =
        "7zxMEF5p/Z8l2p2U7Ghv6x14Af+Fx+92tPgUdVQ748FOIrEoT9bgT+bTRfXc5pz8na+hL/QdrCVG7bh9KpT0eMTm";
    private static final String NONCE = "1415957147987";
    private static final String CHALLENGE = "c100b894-1729-464d-ace1-52dbce11db42";

    @Test
    void shouldSignGetWithoutData() {
        assertEquals("LVqnLfJRGPMS35HnKMh450lyVzAr1ZLSv5KCzdB5HGJ4lvOQrU9V4pGp/a8vj7epsibODPuVLOmoIlRWdaRQgQ==",
            new KrakenSigner(S1).authent("", NONCE, "/api/v3/accounts"));
    }

    @Test
    void shouldSignWithoutNonce() {
        assertEquals("QBye7cezp0pKjoos3UxEPd8Y4zfzoNG4k2coPuQvof0HlKBQn7RFH8fqt7jPNYVUD32XTYNtlcH/m28djrR8KA==",
            new KrakenSigner(S1).authent("", "", "/api/v3/accounts"));
    }

    @Test
    void shouldSignForm() {
        assertEquals("D46pkZoSGyXlad6bfZ+p+5Z6NcC9jd6ZvIH9eduLGbbC8nwiRpDNeZkDEPQOzlSfkSEJNdfo/lPKGPLrwewN5g==",
            new KrakenSigner(S1).authent(
                "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000&cliOrdId=t-1", NONCE,
                "/api/v3/sendorder"));
    }

    @Test
    void shouldSignBatchAsEncodedAndNotAsDecoded() {
        final String json = "{\"batchOrder\":[{\"order\":\"send\",\"order_tag\":\"1\",\"orderType\":\"lmt\","
            + "\"symbol\":\"PF_XBTUSD\",\"side\":\"buy\",\"size\":0.001,\"limitPrice\":50000,\"cliOrdId\":\"t-1\"},"
            + "{\"order\":\"cancel\",\"order_id\":\"566942c8-a3b5-4184-a451-622b09493129\"}]}";
        final KrakenSigner signer = new KrakenSigner(S1);
        final String encoded = signer.authent("json=" + RequestForms.encoded(json), NONCE, "/api/v3/batchorder");
        assertEquals("EprOtGRSYf/fsQkCXQKg8dZdPJsfmVvlQ+Ur33yXogL1jYvNZDPeiCu6ljlMjjUbMvmKHnDGH6bccQXS+52r7A==",
            encoded);
        assertEquals("6U2CDHxoAYeKQ7uNDj+IHwpcc7e4UaZVl+hc5BAMjIMpLkBqIF2v+aFQoRJW0nE0UuycpDz09xvjZcZDJRYOVw==",
            signer.authent("json=" + json, NONCE, "/api/v3/batchorder"));
    }

    @Test
    void shouldSignPathWithoutDerivatives() {
        final KrakenSigner signer = new KrakenSigner(S2);
        assertEquals("4GTtimAHS5anKATjKFsPyFVkivQfLEoQnQTZs4Nc4bgw3NFPNKupX6cERKjemZgQptLUPUBik8XpRgWgPgY4kQ==",
            signer.authent("greeting=hello%20world", NONCE, "/api/v3/orderbook"));
        assertEquals("UkM2Oe+t3zS5sBWfbS1bs45YdxAu+E5e15B1yP2WsbBbcMMfwpkqmLJc0ouceYG6z7jbhJOdXixqDYNrqVta5Q==",
            signer.authent("greeting=hello%20world", NONCE, "/derivatives/api/v3/orderbook"));
    }

    @Test
    void shouldSignDeadMansSwitch() {
        assertEquals("Ej6Edbbjn7aCn04IBHoGJ0e6MLXFKOVyrbz0ec3K/UPgTiHlLL7Rurfd+P+v0favLNTCVs5vgFo8SfCNU+Pd3Q==",
            new KrakenSigner(S2).authent("timeout=60", "1700000000000", "/api/v3/cancelallordersafter"));
    }

    @Test
    void shouldSignTheVenuesOwnChallenge() {
        assertEquals("4JEpF3ix66GA2B+ooK128Ift4XQVtc137N9yeg4Kqsn9PI0Kpzbysl9M1IeCEdjg0zl00wkVqcsnG4bmnlMb3A==",
            new KrakenSigner(S2).challenge(CHALLENGE));
        assertEquals("Z/2B9JBJvBEo7IpcdELQv1DD5CEeJ4COiBQpC0qwpHYDoCj45hz66VsEjvT7cS4IPFhsdAtjmi+YfgoLaF2HrQ==",
            new KrakenSigner(S1).challenge(CHALLENGE));
        assertNotEquals(new KrakenSigner(S1).challenge(CHALLENGE), new KrakenSigner(S1).challenge(""));
    }

    @Test
    void shouldNotRepeatASecretThatIsNotBase64() {
        final String secret = "not/base64!";
        final String message =
            assertThrows(IllegalArgumentException.class, () -> new KrakenSigner(secret)).getMessage();
        assertFalse(message.contains(secret), message);
        assertThrows(IllegalArgumentException.class, () -> new KrakenSigner(""));
    }
}
