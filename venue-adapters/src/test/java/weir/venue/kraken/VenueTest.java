package weir.venue.kraken;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** What every test against the simulator needs: venue, engine's side, adapter. */
abstract class VenueTest {
    static final String XBT = "PF_XBTUSD";
    static final int A = VenueSide.ACCOUNT_A;

    @TempDir
    Path directory;
    VenueSide venue;
    EngineSide engine;
    KrakenAdapter adapter;

    @BeforeEach
    final void start() throws Exception {
        venue = venue();
        engine = new EngineSide(directory, Venues.KRAKEN_FUTURES);
    }

    @AfterEach
    final void stop() throws Exception {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    VenueSide venue() throws Exception {
        return new VenueSide(directory);
    }

    final void launch() {
        launch(context -> context);
    }

    final void launch(final UnaryOperator<KrakenAdapter.Context> settings) {
        adapter = KrakenAdapter.launch(settings.apply(new KrakenAdapter.Context().aeron(engine.aeron())
            .account(venue.accountA()).reconnectMinMs(100).reconnectMaxMs(500)));
        engine.awaitUp(engine.size(), A);
        awaitCounter(KrakenCounter.SOCKET_LIVE, 1);
    }

    final void awaitCounter(final KrakenCounter counter, final long value) {
        final long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (adapter.counter(counter) < value) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(counter + " is " + adapter.counter(counter) + ", not " + value);
            }
            engine.pollFor(5);
        }
    }
}
