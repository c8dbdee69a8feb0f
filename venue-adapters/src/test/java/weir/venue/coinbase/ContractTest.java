package weir.venue.coinbase;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.protocol.Venues;
import weir.venue.EngineSide;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/** Coinbase Exchange keeps the contract of every adapter. */
final class ContractTest extends VenueContractTest {

    @Override
    protected int venueId() {
        return Venues.COINBASE;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        return new Bench(new VenueSide(files));
    }

    private static final class Bench implements VenueBench {
        private static final String BTC = "BTC-USD";
        private final VenueSide venue;
        private CoinbaseAdapter adapter;

        Bench(final VenueSide venue) {
            this.venue = venue;
        }

        @Override
        public int account() {
            return VenueSide.ACCOUNT_A;
        }

        @Override
        public String symbol() {
            return BTC;
        }

        @Override
        public String qty() {
            return "0.3";
        }

        @Override
        public String third() {
            return "0.1";
        }

        @Override
        public String price() {
            return "50000";
        }

        @Override
        public String lowerPrice() {
            return "49000";
        }

        @Override
        public String refusedQty() {
            return "0.00000001";
        }

        @Override
        public void startAdapter(final EngineSide engine) {
            final int from = engine.size();
            adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(engine.aeron())
                .account(venue.accountA()));
            engine.awaitUp(from, account());
        }

        @Override
        public void stopAdapter() {
            adapter.close();
        }

        @Override
        public void take(final String price, final String qty) {
            venue.take(BTC, "sell", price, qty);
        }

        @Override
        public void offer(final String price, final String qty) {
            venue.quote(BTC, "sell", price, qty);
        }

        @Override
        public List<String> open() {
            final List<String> ids = new ArrayList<>();
            venue.openOrders("profile-a").forEach(order -> ids.add(order.get("clOrdId").asText()));
            return ids;
        }

        @Override
        public void loseNextAnswerAfter() {
            venue.fault("{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
        }

        @Override
        public void loseNextAnswerBefore() {
            venue.fault("{\"dropBeforeReceive\":1}");
        }

        @Override
        public void cutConnections() {
            venue.control("POST", "/disconnect?session=" + venue.keyA, "");
        }

        @Override
        public boolean cancelsOnDisconnect() {
            return true;
        }

        @Override
        public List<String> secrets() {
            return List.of(VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, venue.keyA);
        }

        @Override
        public long refusedForRate() {
            return venue.stats(venue.keyA).get("limitRejects").asLong();
        }

        @Override
        public void close() throws IOException {
            venue.close();
        }
    }
}
