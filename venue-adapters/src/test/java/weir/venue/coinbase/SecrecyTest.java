package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.parallel.Isolated;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** No secret in any log line of any library, at any level, nor in any text form of ours. */
@Isolated("captures every log line of the process")
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class SecrecyTest {
    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;

    @Test
    void shouldNeverLogSecretPassphraseOrSignature() throws Exception {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();
        final Logger root = Logger.getLogger("");
        final Level before = root.getLevel();
        final Handler[] handlers = root.getHandlers();
        final Handler capture = new Capture(lines);
        for (final Handler handler : handlers) {
            root.removeHandler(handler);
        }
        root.addHandler(capture);
        root.setLevel(Level.ALL);
        String signature = "";
        try (VenueSide venue = new VenueSide(directory);
            EngineSide engine = new EngineSide(directory, Venues.COINBASE)) {
            venue.fault("{\"refuseLogon\":1}");
            final CoinbaseAdapter adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context()
                .transport(transport).aeron(engine.aeron())
                .account(venue.accountA()).account(venue.accountB()));
            engine.awaitUp(VenueSide.ACCOUNT_A);
            engine.awaitUp(VenueSide.ACCOUNT_B);
            engine.newOrder(1, 1, "BTC-USD", Side.BUY, "0.1", "50000");
            engine.awaitExecution(1, "NEW");
            final int from = engine.size();
            engine.query(1, 77, EngineSide.id(9, 9), "", "BTC-USD", "0", 1);
            engine.awaitState(from, 77);
            venue.control("POST", "/disconnect", "");
            engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
            adapter.close();
            signature = RawMessage.field(venue.fixLog().substring(venue.fixLog().indexOf("\u000135=A")), "96");
        } finally {
            root.removeHandler(capture);
            for (final Handler handler : handlers) {
                root.addHandler(handler);
            }
            root.setLevel(before);
        }

        assertTrue(lines.size() > 20, "log lines captured: " + lines.size());
        assertTrue(lines.stream().anyMatch(line -> line.contains("35=A")), "the Logon itself is logged, masked");
        assertTrue(signature.length() == 44, "signature " + signature.length());
        for (final String line : lines) {
            for (final String secret : new String[]{VenueSide.SECRET_A, VenueSide.SECRET_B, VenueSide.PASSPHRASE_A,
                VenueSide.PASSPHRASE_B, signature}) {
                assertFalse(line.contains(secret), () -> "a secret stands in: " + line.replace(secret, "[secret]"));
            }
        }
    }

    @Test
    void shouldNotShowSecretsInText() {
        final CoinbaseAccount account = new CoinbaseAccount(1, "key", VenueSide.SECRET_A, VenueSide.PASSPHRASE_A,
            "host", 1, java.net.URI.create("http://host"), true);
        assertFalse(account.toString().contains(VenueSide.SECRET_A), "secret");
        assertFalse(account.toString().contains(VenueSide.PASSPHRASE_A), "passphrase");
        assertFalse(new CoinbaseSigner(VenueSide.SECRET_A).toString().contains(VenueSide.SECRET_A), "signer");
        assertFalse(MaskedLogFactory.masked("x\u000196=abc\u0001554=pw\u0001553=u").matches(".*(abc|pw|u$).*"), "mask");
    }

    private static final class Capture extends Handler {
        private final Queue<String> lines;
        private final SimpleFormatter formatter = new SimpleFormatter();

        private Capture(final Queue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(final LogRecord entry) {
            lines.add(formatter.format(entry));
        }

        @Override
        public void flush() {
            // lines are kept as they come
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
