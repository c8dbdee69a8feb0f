package weir.venue.binance;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.sim.binance.BinanceSimulator;
import weir.venue.EngineSide;

/** What every test against the simulator needs: venue, engine's side, adapter. */
abstract class VenueTest {
    static final String BTC = "BTCUSDT";
    static final int A = VenueSide.ACCOUNT_A;
    static final int B = VenueSide.ACCOUNT_B;

    @TempDir
    Path directory;
    VenueSide venue;
    EngineSide engine;
    BinanceAdapter adapter;

    @BeforeEach
    final void start() throws Exception {
        venue = new VenueSide(directory, this::venueSettings);
        engine = new EngineSide(directory, Venues.BINANCE);
    }

    @AfterEach
    final void stop() throws Exception {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    BinanceSimulator.Context venueSettings(final BinanceSimulator.Context context) {
        return context;
    }

    final void launch() {
        launch(context -> context);
    }

    final void launch(final UnaryOperator<BinanceAdapter.Context> settings) {
        final int from = engine.size();
        adapter = BinanceAdapter.launch(settings.apply(context().account(venue.accountA())));
        engine.awaitUp(from, A);
    }

    final BinanceAdapter.Context context() {
        return new BinanceAdapter.Context().aeron(engine.aeron()).reconnectMinMs(50).reconnectMaxMs(300)
            .requestTimeoutMs(1_000).recvWindowMs(1_000).settleMs(1_300).fillsGraceMs(200).pollMs(200);
    }

    final void awaitCounter(final BinanceCounter counter, final long value) {
        final long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (adapter.counter(counter) < value) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(counter + " is " + adapter.counter(counter) + ", not " + value);
            }
            engine.pollFor(5);
        }
    }
}
