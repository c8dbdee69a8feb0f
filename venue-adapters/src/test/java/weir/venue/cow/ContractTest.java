package weir.venue.cow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.protocol.Venues;
import weir.venue.EngineSide;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/**
 * CoW Protocol keeps the contract of every adapter, all of it: an immediate order ends with its validity, a cancel when
 * no settlement can fill the order any more, a replace is a cancel and a new order.
 */
final class ContractTest extends VenueContractTest {
    @Override
    protected int venueId() {
        return Venues.COW;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        return new Bench(new CowSide(files));
    }

    private static final class Bench implements VenueBench {
        private static final CowPair PAIR = CowSide.WETH_EURX;
        private final CowSide venue;
        private CowAdapter adapter;

        Bench(final CowSide venue) {
            this.venue = venue;
        }

        @Override
        public int account() {
            return CowSide.ACCOUNT_A;
        }

        @Override
        public String symbol() {
            return PAIR.venueSymbol();
        }

        @Override
        public String qty() {
            return "0.03";
        }

        @Override
        public String third() {
            return "0.01";
        }

        @Override
        public String price() {
            return "2500";
        }

        @Override
        public String lowerPrice() {
            return "2000";
        }

        @Override
        public String refusedQty() {
            return "0.00000001";
        }

        @Override
        public void startAdapter(final EngineSide engine) {
            final int from = engine.size();
            adapter = CowAdapter.launch(venue.settings().aeron(engine.aeron()).epochClock(engine.clock()));
            engine.awaitUp(from, account());
        }

        @Override
        public void stopAdapter() {
            adapter.close();
        }

        @Override
        public void take(final String price, final String qty) {
            venue.take(PAIR, price, qty);
        }

        @Override
        public void offer(final String price, final String qty) {
            venue.house(PAIR, price, qty);
            venue.fault("{\"solversDown\":0}");
        }

        @Override
        public List<String> open() {
            final List<String> ids = new ArrayList<>();
            venue.open().forEach(order -> ids.add(order.path("appData").asText()));
            return ids;
        }

        @Override
        public void loseNextAnswerAfter() {
            venue.fault("{\"answerLostAfter\":1}");
        }

        @Override
        public void loseNextAnswerBefore() {
            venue.fault("{\"answerLostBefore\":1}");
        }

        @Override
        public void cutConnections() {
            venue.fault("{\"queryLost\":2}");
        }

        @Override
        public boolean cancelsOnDisconnect() {
            return false;
        }

        @Override
        public List<String> secrets() {
            return List.of(CowSide.KEY_A, CowSide.KEY_A.substring(2));
        }

        @Override
        public List<Integer> ports() {
            return List.of(venue.rest().getPort());
        }

        @Override
        public long skewMs() {
            return 8_000;
        }

        @Override
        public long refusedForRate() {
            return venue.stats().path("refused").asLong();
        }

        @Override
        public void close() throws IOException {
            venue.close();
        }
    }
}
