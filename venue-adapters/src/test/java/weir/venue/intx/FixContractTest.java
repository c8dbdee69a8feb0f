package weir.venue.intx;

import java.nio.file.Path;
import java.util.List;
import weir.protocol.Venues;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/** The second path of Coinbase International Exchange keeps the contract of every adapter. */
final class FixContractTest extends VenueContractTest {

    @Override
    protected int venueId() {
        return Venues.INTX;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        // questions are not what this suite is about: no second of waiting for a window of the venue's
        return new Bench(new VenueSide(files, context -> context.restPerSecond(1_000)));
    }

    private static final class Bench extends IntxBench {
        Bench(final VenueSide venue) {
            super(venue);
        }

        @Override
        public void startAdapter(final EngineSide engine) {
            final int from = engine.size();
            launch(new IntxAdapter.Context().aeron(engine.aeron()).epochClock(engine.clock())
                .account(venue().accountOfTwoPaths()).reconnectMinMs(100).reconnectMaxMs(500).windowMs(50).graceMs(50)
                .fixTerms(FixTerms.DEFAULTS.cancelling('N').reconnecting(50, 200)));
            engine.awaitUp(from, account());
            engine.await(from, e -> "SECOND_UP".equals(e.type()), "the second path");
            engine.path(VenuePath.SECOND);
        }

        @Override
        public void loseNextAnswerAfter() {
            venue().fault("{\"fixAnswerLostAfter\":1}");
        }

        @Override
        public void loseNextAnswerBefore() {
            venue().fault("{\"fixAnswerLostBefore\":1}");
        }

        @Override
        public void cutConnections() {
            venue().disconnect("fix");
        }

        @Override
        public List<Integer> ports() {
            return List.of(venue().rest().getPort(), venue().fix().port());
        }

        /** The key is SenderCompID(49). */
        @Override
        public List<String> names() {
            return List.of(venue().keyA);
        }

        @Override
        public long skewMs() {
            return 2_500;
        }

        @Override
        public long refusedForRate() {
            return venue().stats("a").path("fix").path("throttled").asLong();
        }
    }
}
