package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** The venue's signatures against vectors worked out apart from this code. */
final class DeribitSignerTest {
    private static final String SECRET = "W0H6FJW4IRPZ1MOQ8FP6KMC5RZDUUKXS";
    private static final long MS = 1_700_000_000_000L;
    private static final String NONCE = "1iqt2wls";

    private final DeribitSigner signer = new DeribitSigner("AMANDA", SECRET);

    @Test
    void shouldSignAuthenticationWithAndWithoutData() {
        assertEquals("c5e048463d2b843244bee4abad7b062c4005277edaf075604bc85aa221fcb2be",
            signer.auth(MS, NONCE, ""));
        assertEquals("a4ae74b6b8be3c99c18fd94d956ed5840aafae9c84433f5d270eafe732ab048d",
            signer.auth(MS, NONCE, "some data"));
    }

    @Test
    void shouldSignHttpRequestsOverPathQueryAndBody() {
        assertEquals("66facc272906140b3ac11d3f1a543f20d641da377a68629d1ee4ab826f623e38", signer.http(MS, NONCE, "GET",
            "/api/v2/private/get_account_summary?currency=BTC", ""));
        assertEquals("9969463c27690f9676e27040f2c91f4a427b9d8c0f513c7338185e49b14ff2a2", signer.http(MS, NONCE, "POST",
            "/api/v2/private/buy", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"private/buy\",\"params\":"
                + "{\"instrument_name\":\"BTC-PERPETUAL\",\"amount\":10,\"type\":\"limit\",\"price\":10000,"
                + "\"label\":\"t1\"}}"));
    }

    @Test
    void shouldWriteTheHeaderAsTheVenueReadsIt() {
        assertEquals("deri-hmac-sha256 id=AMANDA,ts=1700000000000,sig="
            + "66facc272906140b3ac11d3f1a543f20d641da377a68629d1ee4ab826f623e38,nonce=1iqt2wls",
            signer.header(MS, NONCE, "GET", "/api/v2/private/get_account_summary?currency=BTC", ""));
    }

    @Test
    void shouldRefuseAnEmptySecretAndNeverShowOne() {
        assertThrows(IllegalArgumentException.class, () -> new DeribitSigner("AMANDA", ""));
        assertFalse(new DeribitAccount(1, "AMANDA", SECRET, URI.create("https://x/api/v2"),
            URI.create("wss://x/ws/api/v2"), false).toString().contains(SECRET));
    }
}
