package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** Golden signatures, computed independently of this code. */
final class IntxSignerTest {
    private static final String KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String TIME = "1772634976";
    private static final String FIX_TIME = "20260304-14:36:16.725";
    private static final String BODY = "{\"client_order_id\":\"1985ca2d-61ef-49f1-bfce-6c39d8462914\",\"side\":\"BUY\","
        + "\"size\":\"0.01\",\"tif\":\"GTC\",\"instrument\":\"BTC-PERP\",\"type\":\"LIMIT\",\"price\":\"60000\","
        + "\"portfolio\":\"1ap32qsc-1-0\",\"stp_mode\":\"BOTH\",\"post_only\":true}";

    private final IntxSigner signer = new IntxSigner(VenueSide.SECRET_A);

    @Test
    void shouldSignOrdersWithTheirBody() {
        assertEquals("xIDMzeVTRKpplOb64581tJXt7on7AKx9o9pJFCGK9so=",
            signer.signRest(TIME, "POST", "/api/v1/orders", BODY));
        assertEquals("dAO0MrAoMOt/UeJ2I6jL1u5vDS/b+11NG5OocXNMaio=",
            signer.signRest(TIME, "DELETE", "/api/v1/orders/1xbfv8yw-1-0", ""));
    }

    @Test
    void shouldSignThePathAndNeverTheQuery() {
        final String signed = signer.signRest(TIME, "GET",
            new WireRules().signedPath("/api/v1/orders", "portfolio=1ap32qsc-1-0"), "");
        assertEquals("aIzxKhGoU1Ocih6jGajRDbvhnrE4ssoi2Rvs7fiUykA=", signed);
        assertNotEquals("MBFeO2jrb6YgrFDBSSGulnsbJDc/eqQiEeUHUuhA4pI=", signed);
        assertEquals("MBFeO2jrb6YgrFDBSSGulnsbJDc/eqQiEeUHUuhA4pI=",
            signer.signRest(TIME, "GET", "/api/v1/orders?portfolio=1ap32qsc-1-0", ""), "the vector that must fail");
    }

    @Test
    void shouldSignLogonsWithoutSeparators() {
        assertEquals("za8xnRFQ2p29tGiEpTnrPlm9Pi0tv3/zApYlAGiOe1Y=",
            signer.signLogon(FIX_TIME, KEY, "CBINTLOE", "pass-1"));
        assertEquals("rBZTso0Ig114Mjt0LDzDZT/mmihnUGj9wJREfrIE0qc=",
            signer.signLogon(FIX_TIME, KEY, "CBINTLDC", "pass-1"));
    }

    @Test
    void shouldSignSubscriptions() {
        assertEquals("SrVt5G7RUs/cUo9ep3MM8+D5bOH3IkOBuDN9wHwzHf4=", signer.signSocket(TIME, KEY, "pass-1"));
    }

    @Test
    void shouldSendWholeSeconds() {
        assertEquals("1772634976", new WireRules().timestamp(1_772_634_976_999_999_999L));
    }

    @Test
    void shouldShowNoSecretInTexts() {
        final String account = new IntxAccount(1, KEY, VenueSide.SECRET_A, "pass-1", "1ap32qsc-1-0",
            URI.create("http://127.0.0.1/api/v1")).toString();
        assertFalse(account.contains(VenueSide.SECRET_A) || account.contains("pass-1") || account.contains(KEY));
        assertEquals("IntxSigner", signer.toString());
        assertEquals("secret is not base64",
            assertThrows(IllegalArgumentException.class, () -> new IntxSigner("no base64!")).getMessage());
    }
}
