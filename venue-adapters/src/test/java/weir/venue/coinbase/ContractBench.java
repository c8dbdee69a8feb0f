package weir.venue.coinbase;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;
import weir.venue.VenueBench;

/** The simulated venue as the contract needs it, over FIX or, with FIX refused, over REST. */
final class ContractBench implements VenueBench {
    private static final String BTC = "BTC-USD";
    private final VenueSide venue;
    private final boolean byRest;
    private CoinbaseAdapter adapter;

    ContractBench(final VenueSide venue, final boolean byRest) {
        this.venue = venue;
        this.byRest = byRest;
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
        if (byRest) {
            venue.fault("{\"refuseLogon\":100000}");
            engine.path(VenuePath.SECOND);
            adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(engine.aeron())
                .epochClock(engine.clock()).clockIntervalMs(1_000).account(venue.accountOfTwoPaths())
                .products(List.of(BTC)).signatureLifeMs(1_500)
                .reconnectMaxMs(1_000));
            engine.await(from, e -> "SECOND_UP".equals(e.type()), "the second path");
            return;
        }
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(engine.aeron())
            .epochClock(engine.clock()).clockIntervalMs(1_000).account(venue.accountA()));
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
        venue.fault(byRest ? "{\"restDropAnswer\":1}" : "{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
    }

    @Override
    public void loseNextAnswerBefore() {
        venue.fault(byRest ? "{\"restDropRequest\":1}" : "{\"dropBeforeReceive\":1}");
    }

    @Override
    public void cutConnections() {
        venue.control("POST", byRest ? "/feed/disconnect" : "/disconnect?session=" + venue.keyA, "");
    }

    @Override
    public boolean cancelsOnDisconnect() {
        return !byRest;
    }

    @Override
    public List<String> secrets() {
        return List.of(VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, venue.keyA);
    }

    @Override
    public List<String> names() {
        return List.of(venue.keyA);
    }

    @Override
    public List<Integer> ports() {
        return byRest ? List.of(venue.restPort()) : List.of(venue.fixPort(), venue.restPort());
    }

    @Override
    public long skewMs() {
        return 12_000;
    }

    @Override
    public long refusedForRate() {
        return byRest ? venue.control("GET", "/stats", "").path("rest").path("private").path("owners")
            .path("profile-a").path("refused").asLong() : venue.stats(venue.keyA).get("limitRejects").asLong();
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }
}
