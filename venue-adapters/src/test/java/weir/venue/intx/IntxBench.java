package weir.venue.intx;

import java.io.IOException;
import java.util.List;
import weir.venue.EngineSide;
import weir.venue.VenueBench;

/** The simulator of the venue for the contract suite; orders go by REST. */
class IntxBench implements VenueBench {
    private static final String BTC = "BTC-PERP";
    private final VenueSide venue;
    private IntxAdapter adapter;

    IntxBench(final VenueSide venue) {
        this.venue = venue;
    }

    final VenueSide venue() {
        return venue;
    }

    /** Starts an adapter, to be stopped by {@link #stopAdapter()}. */
    final void launch(final IntxAdapter.Context context) {
        adapter = IntxAdapter.launch(context);
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
        return "0.003";
    }

    @Override
    public String third() {
        return "0.001";
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
        return "0.00001234";
    }

    @Override
    public void startAdapter(final EngineSide engine) {
        final int from = engine.size();
        adapter = IntxAdapter.launch(new IntxAdapter.Context().aeron(engine.aeron())
            .epochClock(engine.clock()).account(venue.accountA()).reconnectMinMs(100).reconnectMaxMs(500));
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
        return venue.open("a");
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
        venue.disconnect();
    }

    @Override
    public boolean cancelsOnDisconnect() {
        return false;
    }

    @Override
    public List<String> secrets() {
        return List.of(VenueSide.SECRET_A, VenueSide.PASSPHRASE, venue.keyA);
    }

    @Override
    public List<Integer> ports() {
        return List.of(venue.rest().getPort());
    }

    @Override
    public long refusedForRate() {
        return venue.stats("a").get("refused").asLong();
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }
}
