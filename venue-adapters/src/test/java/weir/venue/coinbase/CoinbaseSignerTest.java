package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Vectors computed apart from this code; those marked "must differ" are the common mistakes. */
final class CoinbaseSignerTest {
    private static final String KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String SECRET =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    private static final String TIME = "20260304-14:36:16.725";
    private static final String TS = "1772634976";
    private static final String BODY = "{\"client_oid\":\"1985ca2d-61ef-49f1-bfce-6c39d8462914\","
        + "\"product_id\":\"BTC-USD\",\"side\":\"buy\",\"type\":\"limit\","
        + "\"price\":\"60000.10\",\"size\":\"0.001\",\"time_in_force\":\"GTC\","
        + "\"post_only\":true,\"stp\":\"dc\"}";

    private final CoinbaseSigner signer = new CoinbaseSigner(SECRET);

    @Test
    void shouldSignLogon() {
        assertEquals("LFy8c9m89vYZCvk6pJBzg75gZi4ETG2LEmM74z+PYyk=",
            signer.signLogon(TIME, "1", KEY, "Coinbase", "pass-1"));
    }

    @Test
    void shouldDifferFromSignatureWithoutSeparators() {
        final String wrong = signer.sign(TIME + "A1" + KEY + "Coinbasepass-1");
        assertEquals("m7AONDvtnQ12gjMtsGEOTf91aJ+pc/ahg82HEeP1oKA=", wrong);
        assertNotEquals(wrong, signer.signLogon(TIME, "1", KEY, "Coinbase", "pass-1"));
    }

    @Test
    void shouldDifferFromSignatureWithUndecodedSecret() {
        final String wrong = new CoinbaseSigner(SECRET.getBytes(StandardCharsets.US_ASCII))
            .signLogon(TIME, "1", KEY, "Coinbase", "pass-1");
        assertEquals("Zg/T9w5oRFzLX37vaIEaptwnmtk8MdK7NGxgA7jVEbo=", wrong);
    }

    @Test
    void shouldSignGet() {
        assertEquals("/mobrMr+JNlU2ZynpzT1uR55Qlf0DCiHaaYuz6Hgxf4=", signer.signRest(TS, "GET", "/fees", ""));
    }

    @Test
    void shouldSignPostBody() {
        assertEquals(188, BODY.length());
        assertEquals("SVCf02RlNyZT65IgP88f2Ui1HUQXRMttxd9t2Jfu+28=", signer.signRest(TS, "POST", "/orders", BODY));
    }

    @Test
    void shouldSignTheQueryToo() {
        assertEquals("XaOx4F3HzZ89G3fq9eOhAO+gW9mN/cT3EQvwyd9z7iQ=",
            signer.signRest(TS, "GET", "/fills?product_id=BTC-USD&limit=100", ""));
        assertEquals("GOxJGreRcIBdYqtS2iW1UZ8xIzfw9T+UA6WIuDUVFoM=", signer.signRest(TS, "GET", "/fills", ""));
    }

    @Test
    void shouldSignDeleteByClientId() {
        assertEquals("iTa81qOWf9nasdIMWV+c5ZZf+SJWSa5ni3arBFs/1vM=", signer.signRest(TS, "DELETE",
            "/orders/client:1985ca2d-61ef-49f1-bfce-6c39d8462914?product_id=BTC-USD", ""));
    }

    @Test
    void shouldSignFractionalTimestamp() {
        assertEquals("i49byq0ih//RYT0vnSxOcU4hx59HQ02MFeU5N9Zuo0g=",
            signer.signRest("1772634976.725", "GET", "/orders?status=open", ""));
    }

    @Test
    void shouldSignWebSocketSubscription() {
        assertEquals("lKpqKoWVtGDFVVzrsBuP6FJkZSPu9y4w0G4jkUWVE0I=",
            signer.signRest(TS, "GET", "/users/self/verify", ""));
    }

    @Test
    void shouldReproduceVectorOfAnotherProject() {
        assertEquals("3teBlL3TL0GqMxBvSIgY+X+IG+CXlsBGti7kI6fczBc=", signer.signRest("1789299703.123", "GET",
            "/orders?status=open&status=pending&status=active&limit=1000", ""));
    }

    @Test
    void shouldNotRepeatASecretThatIsNotBase64() {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> new CoinbaseSigner("se*cret"));
        assertFalse(error.getMessage().contains("se*cret"), error.getMessage());
    }
}
