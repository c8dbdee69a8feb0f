package weir.venue.intx;

import java.util.List;
import java.util.function.UnaryOperator;
import weir.protocol.sbe.VenuePath;

/** What a test of an account with both paths needs; the venue keeps orders when a session ends. */
abstract class TwoPathTest extends IntxTest {
    static final FixTerms TERMS = FixTerms.DEFAULTS.reconnecting(50, 200).cancelling('N');

    final void launchTwo(final UnaryOperator<IntxAdapter.Context> settings) {
        startTwo(settings);
        engine.awaitUp(A);
        engine.await(e -> "SECOND_UP".equals(e.type()), "the second path");
    }

    final void startTwo(final UnaryOperator<IntxAdapter.Context> settings) {
        adapter = IntxAdapter.launch(settings.apply(new IntxAdapter.Context().aeron(engine.aeron())
            .account(venue.accountOfTwoPaths()).reconnectMinMs(100).reconnectMaxMs(200).windowMs(50).graceMs(50)
            .idleProbeMs(100).fixTerms(TERMS)));
    }

    final void restDown() {
        final int from = engine.size();
        venue.fault("{\"maintenance\":true}");
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        engine.path(VenuePath.SECOND);
    }

    final void restUp() {
        final int from = engine.size();
        venue.fault("{\"maintenance\":false}");
        engine.awaitUp(from, A);
        engine.path(VenuePath.FIRST);
    }

    final long trades(final long orderId) {
        return engine.of("TRADE").stream().filter(e -> e.orderId() == orderId).count();
    }

    final List<String> byFix(final String type) {
        return venue.log("fix").stream().filter(line -> type.equals(line.path("msgType").asText()))
            .map(line -> line.path("clOrdId").asText()).toList();
    }
}
