package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documents' vectors, and those computed from their keys. */
final class BinanceSignerTest {
    private final BinanceSigner hmac = new BinanceSigner(VenueSide.SECRET_A);
    private final BinanceSigner ed25519 = new BinanceSigner(VenueSide.SECRET_B);

    @Test
    void shouldSignTheDocumentedQueryByHmac() {
        assertEquals("c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71", hmac.sign("symbol=LTCBTC"
            + "&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"));
    }

    @Test
    void shouldSignASymbolThatIsNoAsciiAsItIsPercentEncoded() {
        final String symbol = RestPath.encoded("１２３４５６");
        assertEquals("%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96", symbol);
        assertEquals("e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3", hmac.sign("symbol=" + symbol
            + "&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"));
    }

    @Test
    void shouldSignQueryAndBodyWithoutASeparator() {
        assertEquals("0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
            hmac.sign("symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
                + "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"));
    }

    @Test
    void shouldSignParametersOfTheSocketSortedByName() {
        final Map<String, String> params = Map.of("symbol", "BTCUSDT", "side", "SELL", "type", "LIMIT", "timeInForce",
            "GTC", "quantity", "0.01000000", "price", "52000.00", "recvWindow", "100", "timestamp", "1645423376532",
            "apiKey", "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A");
        assertEquals("aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24", hmac.signSorted(params));
    }

    @Test
    void shouldSignByEd25519() {
        assertTrue(ed25519.isEd25519());
        assertFalse(hmac.isEd25519());
        assertEquals("inDT086KVIP8vgUfw5sV3VTkescWztiAGlf4x8FLKHM4NInsn0c1kYVLoGMO8cyjfR6vmTku2YQE0gtfVVlfCw==",
            ed25519.sign("symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2"
                + "&timestamp=1668481559918&recvWindow=5000"));
        assertEquals("QkxRSX10rV71REvvMibSfvHCKvHoDFDweKdzKXhHhcKIGkHoZPXAPVNsZYgJtf0CuKIm+cVrCqO07JHjZCVpAg==",
            ed25519.signSorted(Map.of("timestamp", "1649729878532", "apiKey",
                "sBRXrJx2DsOraMXOaUovEhgVRcjOvCtQwnWj8VxkOh1xqboS02SPGfKi2h8spZJb")));
        assertEquals("4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==",
            ed25519.sign("A\u0001EXAMPLE\u0001SPOT\u00011\u000120240627-11:17:25.223"));
    }

    @Test
    void shouldTakeAKeyAsPemAndRefuseOneOfAnotherKindWithoutRepeatingIt() {
        assertTrue(new BinanceSigner("-----BEGIN PRIVATE KEY-----\n" + VenueSide.SECRET_B
            + "\n-----END PRIVATE KEY-----\n").isEd25519());
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
            () -> new BinanceSigner("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"));
        assertFalse(refused.getMessage().contains("MIIEpA"));
        assertFalse(hmac.toString().contains(VenueSide.SECRET_A));
    }
}
