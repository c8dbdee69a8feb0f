package weir.venue.intx;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** What every test against the simulator needs: venue, engine's side, adapter. */
abstract class IntxTest {
    static final String BTC = "BTC-PERP";
    static final int A = VenueSide.ACCOUNT_A;

    @TempDir
    Path directory;
    VenueSide venue;
    EngineSide engine;
    IntxAdapter adapter;

    @BeforeEach
    final void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.INTX);
    }

    @AfterEach
    final void stop() throws Exception {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    /** The venue's window as the adapter keeps it: a start waits for one, which only tests of the rate have to. */
    long windowMs() {
        return 50;
    }

    final void launch() {
        launch(context -> context);
    }

    final void launch(final UnaryOperator<IntxAdapter.Context> settings) {
        start(settings);
        engine.awaitUp(engine.size(), A);
    }

    final void start(final UnaryOperator<IntxAdapter.Context> settings) {
        start(settings, venue.accountA());
    }

    final void start(final UnaryOperator<IntxAdapter.Context> settings, final IntxAccount account) {
        adapter = IntxAdapter.launch(settings.apply(new IntxAdapter.Context().aeron(engine.aeron())
            .account(account).reconnectMinMs(100).reconnectMaxMs(500).windowMs(windowMs())
            .graceMs(windowMs())));
    }

    final void awaitCounter(final IntxCounter counter, final long value) {
        final long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (adapter.counter(counter) < value) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(counter + " is " + adapter.counter(counter) + ", not " + value);
            }
            engine.pollFor(5);
        }
    }
}
