package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Mistakes planted in what we send after the logon: the venue notices each, and the engine is told. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class PlantedFaultTest {
    private static final String BTC = "BTC-USD";

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private final AtomicReference<String> fault = new AtomicReference<>("");

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .account(venue.accountA()).rules(new WireRules() {
                @Override
                String idText(final UUID id) {
                    return "id".equals(fault.get()) ? new UUID(1, 2).toString() : super.idText(id);
                }

                @Override
                String symbol(final String symbol, final int indexInBatch) {
                    return "symbol".equals(fault.get()) && indexInBatch == 1 ? "ETH-USD" : symbol;
                }

                @Override
                int batchMax() {
                    return "batch".equals(fault.get()) ? 100 : super.batchMax();
                }
            }));
        engine.awaitUp(VenueSide.ACCOUNT_A);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
    }

    private static long[] orderIds(final int count) {
        final long[] orderIds = new long[count];
        for (int i = 0; i < count; i++) {
            orderIds[i] = 900 + i;
        }
        return orderIds;
    }

    @Test
    void shouldTellMessageRejectWhenIdIsNoUuidOfVersionFour() {
        fault.set("id");
        engine.newOrder(1, 900, BTC, Side.BUY, "0.1", "50000");

        final EngineSide.Event reject = engine.await(e -> "MESSAGE_REJECT".equals(e.type()), "3");
        assertEquals(900, reject.orderId(), "found by RefSeqNum(45)");
        assertEquals("NEW", reject.kind());
        assertEquals(1, venue.stats(venue.keyA).path("sessionRejects").asInt());
    }

    @Test
    void shouldTellMessageRejectWhenBatchMixesSymbols() {
        fault.set("symbol");
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", orderIds(2));

        final EngineSide.Event reject = engine.await(e -> "MESSAGE_REJECT".equals(e.type()), "U7");
        assertTrue(reject.text().contains("same symbol"), reject.text());
        assertEquals(0, venue.openOrders("profile-a").size());
    }

    @Test
    void shouldTellMessageRejectWhenBatchIsTooLarge() {
        fault.set("batch");
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", orderIds(16));

        engine.await(e -> "MESSAGE_REJECT".equals(e.type()) && e.orderId() == 915, "U7 for the sixteenth");
        assertEquals(0, venue.openOrders("profile-a").size());
    }

    @Test
    void shouldNotSendABatchThatIsTooLargeWhenNothingIsPlanted() {
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", orderIds(16));

        final EngineSide.Event last = engine.await(e -> e.orderId() == 915, "an answer");
        assertEquals("NOT_SENT", last.type());
        assertEquals(RejectReason.MALFORMED.code(), last.reason());
    }
}
