package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ContextTest {
    @Test
    void shouldNameEveryMistakeAtOnceAndNoSecret() {
        final CoinbaseAdapter.Context context = new CoinbaseAdapter.Context().newsPerSecond(120).guardDrop(250)
            .cancelOnDisconnect('X').reconnectMinMs(10).heartBtIntS(60).clockAlarmMs(40_000)
            .trustStore(Path.of("/no/such/store"))
            .account(new CoinbaseAccount(1, "key", "not base64!", "pass", "host", 6121, URI.create("https://host"),
                true))
            .account(new CoinbaseAccount(1, "key", VenueSide.SECRET_A, "", "", 0, URI.create("ftp://host"), false));

        final String text = assertThrows(IllegalArgumentException.class, context::conclude).getMessage();
        for (final String part : new String[]{"COINBASE_CONFIG", "aeron", "newsPerSecond", "guardDrop",
            "cancelOnDisconnect", "reconnectMinMs", "heartBtIntS", "clockAlarmMs", "trustStore", "given twice",
            "used twice", "not base64", "passphrase", "fixHost", "restUri"}) {
            assertTrue(text.contains(part), part + " in " + text);
        }
        assertFalse(text.contains("not base64!"), text);
        assertFalse(text.contains(VenueSide.SECRET_A), text);
    }
}
