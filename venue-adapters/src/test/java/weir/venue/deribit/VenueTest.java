package weir.venue.deribit;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** What every test against the simulator needs: venue, engine's side, adapter. */
abstract class VenueTest {
    static final String BTC = "BTC-PERPETUAL";
    static final String LINEAR = "BTC_USDC-PERPETUAL";
    static final int A = VenueSide.ACCOUNT_A;
    static final BigDecimal TIER_1_USD = new BigDecimal("30000000");

    @TempDir
    Path directory;
    VenueSide venue;
    EngineSide engine;
    DeribitAdapter adapter;

    @BeforeEach
    final void start() throws Exception {
        venue = venue();
        engine = new EngineSide(directory, Venues.DERIBIT);
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
        return new VenueSide(directory, TIER_1_USD, context -> context.heartbeatMinS(1));
    }

    final void launch() {
        launch(context -> context);
    }

    final void launch(final UnaryOperator<DeribitAdapter.Context> settings) {
        adapter = DeribitAdapter.launch(settings.apply(context()));
        engine.awaitUp(engine.size(), A);
        awaitCounter(DeribitCounter.SOCKET_LIVE, 1);
    }

    final DeribitAdapter.Context context() {
        return new DeribitAdapter.Context().aeron(engine.aeron()).account(venue.accountA()).reconnectMinMs(100)
            .reconnectMaxMs(500);
    }

    final EngineSide.Event query(final long orderId, final UUID id, final String venueOrderId, final String cumQty) {
        final int from = engine.size();
        engine.query(A, orderId, id, venueOrderId, BTC, cumQty, 1);
        return engine.awaitState(from, orderId);
    }

    final void awaitCounter(final DeribitCounter counter, final long value) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (adapter.counter(counter) < value) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(counter + " is " + adapter.counter(counter) + ", not " + value + "; "
                    + engine.events());
            }
            engine.pollFor(5);
        }
    }
}
