package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import quickfix.Message;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** Mistakes planted in the Logon: the venue refuses each, and the engine is told why. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class SigningFaultTest {
    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
    }

    private void launch(final CoinbaseAccount account, final WireRules rules) {
        adapter = CoinbaseAdapter.launch(
            new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron()).account(account).rules(rules));
    }

    private EngineSide.Event awaitDown() {
        return engine.await(e -> "DOWN".equals(e.type()), "DOWN");
    }

    @Test
    void shouldBeRefusedByTheVenueWhenPrehashHasNoSeparators() {
        launch(venue.accountA(), new WireRules() {
            @Override
            String logonSignature(final CoinbaseAccount account, final CoinbaseSigner signer,
                final String sendingTime) {
                return signer.sign(sendingTime + "A1" + account.apiKey() + "Coinbase" + account.passphrase());
            }
        });

        assertTrue(awaitDown().text().contains("invalid signature"), awaitDown().text());
        assertEquals(0, venue.stats(venue.keyA).path("logons").asInt());
    }

    @Test
    void shouldBeRefusedByTheVenueWhenSecretIsNotDecoded() {
        launch(venue.accountA(), new WireRules() {
            @Override
            String logonSignature(final CoinbaseAccount account, final CoinbaseSigner signer,
                final String sendingTime) {
                return new CoinbaseSigner(account.secret().getBytes(StandardCharsets.US_ASCII))
                    .signLogon(sendingTime, "1", account.apiKey(), "Coinbase", account.passphrase());
            }
        });

        assertTrue(awaitDown().text().contains("invalid signature"), awaitDown().text());
    }

    @Test
    void shouldBeRefusedByTheVenueWhenSendingTimeIsStale() {
        launch(venue.accountA(), new WireRules() {
            @Override
            void beforeSigning(final Message logon) {
                logon.getHeader().setString(52, "20260304-14:36:16.725");
            }
        });

        assertTrue(awaitDown().text().contains("SendingTime"), awaitDown().text());
    }

    @Test
    void shouldNotWriteALogonThatCouldNotBeSigned() throws Exception {
        launch(venue.accountA(), new WireRules() {
            @Override
            String logonSignature(final CoinbaseAccount account, final CoinbaseSigner signer,
                final String sendingTime) {
                throw new IllegalStateException("planted");
            }
        });

        assertTrue(awaitDown().text().contains("without signature"), awaitDown().text());
        engine.pollFor(200);
        assertTrue(!venue.fixLog().contains("35=A"), "nothing reached the venue");
    }
}
