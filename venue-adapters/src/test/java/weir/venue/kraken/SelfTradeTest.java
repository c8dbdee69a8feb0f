package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** The account's self-trade strategy at the venue: set before the first order, verified, and never overridden. */
final class SelfTradeTest {
    private static final String XBT = "PF_XBTUSD";
    private static final int ACCOUNT = ScriptedVenue.ACCOUNT;
    private static final String STRATEGY = "/api/v3/self-trade-strategy";

    @TempDir
    private Path directory;
    private final AtomicReference<String> strategy = new AtomicReference<>("REJECT_TAKER");
    private ScriptedVenue venue;
    private EngineSide engine;
    private KrakenAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new ScriptedVenue();
        venue.script((path, data) -> {
            if (path.endsWith("/self-trade-strategy")) {
                if (data.startsWith("strategy=")) {
                    strategy.set(data.substring("strategy=".length()));
                }
                return ScriptedVenue.Answer.ok("{\"result\":\"success\",\"strategy\":\"" + strategy.get() + "\"}");
            }
            return path.endsWith("/sendorder") ? ScriptedVenue.Answer.ok("{\"result\":\"success\",\"sendStatus\":"
                + "{\"order_id\":\"179f9af8-e45e-469d-b3e9-2fd4675cb7d0\",\"status\":\"placed\"}}") : null;
        });
        engine = new EngineSide(directory, Venues.KRAKEN_FUTURES);
    }

    @AfterEach
    void stop() {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    private KrakenAdapter.Context context(final SelfTradePrevention wanted) {
        final KrakenAccount plain = venue.account();
        return new KrakenAdapter.Context().aeron(engine.aeron()).newsWaitMs(60_000).reconnectMinMs(50)
            .reconnectMaxMs(200).account(new KrakenAccount(plain.accountId(), plain.apiKey(), plain.secret(),
                plain.restUri(), plain.socketUri(), false, wanted));
    }

    private void launch(final SelfTradePrevention wanted) {
        adapter = KrakenAdapter.launch(context(wanted));
        engine.awaitUp(ACCOUNT);
    }

    @Test
    void shouldSetTheStrategyBeforeTheFirstOrderAndVerifyIt() {
        launch(SelfTradePrevention.CANCEL_OLDEST);
        engine.newOrder(ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");

        assertEquals("CANCEL_MAKER_SELF", strategy.get());
        assertEquals(3, venue.requests(STRATEGY).size(), "asked, set, verified: " + venue.requests(STRATEGY));
        assertEquals(1, adapter.counter(KrakenCounter.SELF_TRADE_CONFIRMED));
        assertEquals(0, adapter.counter(KrakenCounter.SELF_TRADE_ALARMS));
    }

    @Test
    void shouldOnlyAskWhenTheStrategyIsTheWantedOne() {
        launch(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        assertEquals(1, venue.requests(STRATEGY).size());
    }

    @Test
    void shouldRaiseAnAlarmWhenTheStrategyReachesOtherAccounts() {
        strategy.set("CANCEL_MAKER_ANY");
        launch(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");

        assertEquals(1, adapter.counter(KrakenCounter.SELF_TRADE_ALARMS));
        assertEquals("REJECT_TAKER", strategy.get(), "and it is ours again");
    }

    @Test
    void shouldSendNoOrderWhileTheStrategyIsNotKnown() {
        venue.script((path, data) -> path.endsWith("/self-trade-strategy")
            ? ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"insufficientPrivileges\"}") : null);
        launch(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
        engine.pollFor(700);
        assertTrue(venue.requests("/api/v3/sendorder").isEmpty());
        assertTrue(engine.events().stream().noneMatch(e -> "SENT".equals(e.type())), engine.events().toString());
    }

    @Test
    void shouldRefuseAnOrderWhoseFlagIsNotTheAccounts() {
        launch(SelfTradePrevention.CANCEL_NEWEST);
        engine.selfTrade(SelfTradePrevention.CANCEL_OLDEST);
        engine.newOrder(ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
        final EngineSide.Event refused = engine.await(e -> e.orderId() == 1, "an answer");
        assertEquals("NOT_SENT", refused.type());
        assertEquals(RejectReason.SELF_TRADE_UNSUPPORTED.code(), refused.reason());
        engine.selfTrade(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(ACCOUNT, 2, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(2, "NEW");
        assertEquals(1, adapter.counter(KrakenCounter.SELF_TRADE_REFUSED));
    }

    @Test
    void shouldRefuseSettingsTheVenueHasNoStrategyFor() {
        for (final SelfTradePrevention wanted : new SelfTradePrevention[] {SelfTradePrevention.DECREMENT,
            SelfTradePrevention.CANCEL_BOTH}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> KrakenAdapter.launch(context(wanted)))
                .getMessage().contains("selfTrade"));
        }
    }
}
