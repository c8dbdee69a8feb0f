package weir.bench.entry;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.config.boot.BootCommands;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;
import weir.engine.RouterAgent;
import weir.engine.RouterCore;
import weir.entry.EntryAgent;
import weir.entry.EntryContext;
import weir.entry.client.AllowedPlaces;
import weir.entry.client.ClientConfig;
import weir.entry.client.ClientKey;
import weir.entry.store.ReportStores;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.Venues;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * From the client's call to the venue's stream, through gateway and engine on the demo's configuration. Between two
 * orders, outside the measured time, the venue says "sent" and fills the last one, the ring is emptied, and the
 * engine's clock moves 20 ms, so that no limit is ever spent and each is charged.
 */
final class EntryPath implements AutoCloseable {
    static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final String SECRET = "secret-of-a-benchmark";
    private static final long STEP_NS = 20_000_000L;
    private static final long ORDER_NS = 5_000_000_000L;
    private static final int LOOK_EVERY = 1 << 10;
    private static final int RING = 1 << 22;
    private static final int SESSION = 151;
    private static final int ACCOUNT = 1;
    private static final long PRICE = 60_000L * Scale.E8;
    private static final long QTY = Scale.E8 / 100;

    private final AtomicLong engineNs = new AtomicLong(SystemEpochNanoClock.INSTANCE.nanoTime());
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(RING + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final UnsafeBuffer frame = new UnsafeBuffer(BufferUtil.allocateDirectAligned(1_024, 64));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VenueNewOrdersDecoder orders = new VenueNewOrdersDecoder();
    private final MessageHeaderDecoder decoder = new MessageHeaderDecoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final FragmentHandler onVenueFrame = this::onVenueFrame;
    private final byte[] clOrdId = "ORDER-000000000000".getBytes(StandardCharsets.US_ASCII);
    private final StringBuilder id = new StringBuilder(36);
    private final Composite router;
    private final ExclusivePublication venueIn;
    private final Subscription venueOut;
    private final WeirClient client;
    private Throwable failure;
    private long fills;
    private long venueSeen;
    private long orderId;
    private long number;
    private boolean failed;

    EntryPath(final Aeron aeron, final String aeronDirectory, final Path directory, final int orderCount)
        throws IOException {
        final WeirConfig config = ConfigLoader.load(new DemoSource(), DemoSource.newSecrets()).orThrow();
        final int clOrdIds = Math.max(1 << 17, Integer.highestOneBit(2 * orderCount) << 1);
        final RouterCore core = new RouterCore(new RouterCore.Context().venueIds(Venues.COINBASE)
            .clOrdIdCapacity(clOrdIds).clOrdIdsPerSessionDay(clOrdIds));
        final List<DirectBuffer> boot = new ArrayList<>();
        BootCommands.frames(config, engineNs.get()).forEach(f -> boot.add(new UnsafeBuffer(f)));
        boot.add(grant());
        final ClientConfig bot = new ClientConfig(SESSION, 1, "bench", ClientKey.ofSecret(SECRET.toCharArray()),
            1_000, 30_000, AllowedPlaces.IPC);
        final RouterAgent engine = new RouterAgent(new RouterAgent.Context().aeron(aeron).channel(CHANNEL).core(core)
            .ring(ring).clock(engineNs::get).bootCommands(boot).errorHandler(this::onError));
        final EntryAgent entry = new EntryAgent(new EntryContext().clientAeron(aeron).engineAeron(aeron)
            .engineChannel(CHANNEL).entryChannel("aeron:ipc").client(bot)
            .stores(new ReportStores(directory, List.of(bot), 8 << 20, 64 << 20))
            .clock(SystemEpochNanoClock.INSTANCE).errorHandler(this::onError));
        router = new Composite(entry, engine);
        engine.onStart();
        entry.onStart();
        venueIn = aeron.addExclusivePublication(CHANNEL, Streams.VENUE_INGRESS);
        venueOut = aeron.addSubscription(CHANNEL, Streams.venueEgress(Venues.COINBASE));
        client = WeirClient.launch(new WeirClientContext().aeronDirectory(aeronDirectory).keyId("bench")
            .secret(SECRET.toCharArray()).responseStreamId(1_001).listener(new Fills())
            .errorHandler(this::onError));
        venueUp();
        while (!client.isLoggedOn()) {
            turn();
        }
    }

    private void onError(final Throwable error) {
        failure = error;
        failed = true;
    }

    private void turn() {
        router.doWork();
        between();
        if (failed) {
            throw new IllegalStateException(failure);
        }
    }

    /** Journal and client, outside the measured time. */
    private void between() {
        ring.read((type, buffer, index, length) -> { });
        client.poll(64);
    }

    private DirectBuffer grant() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final GrantEncoder grant = new GrantEncoder().wrapAndApplyHeader(buffer, 0, header).grantId(999_999)
            .tenantId(1).kind(GrantKind.TOP_UP).amountMicros(1_000_000_000_000L).reference("bench");
        return new UnsafeBuffer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + grant.encodedLength());
    }

    private void venueUp() {
        final VenueSessionStateEncoder state = new VenueSessionStateEncoder().wrapAndApplyHeader(frame, 0, header)
            .accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(0).state(VenueState.UP)
            .barredUntilNs(Scale.NULL).path(VenuePath.FIRST).text("");
        offer(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
        for (int i = 0; i < 1_000; i++) {
            turn();
        }
    }

    private void offer(final int length) {
        while (venueIn.offer(frame, 0, length) <= 0) {
            Thread.onSpinWait();
        }
    }

    private void onVenueFrame(final DirectBuffer buffer, final int offset, final int length,
        final Header ignored) {
        decoder.wrap(buffer, offset);
        if (decoder.templateId() == VenueNewOrdersDecoder.TEMPLATE_ID) {
            orderId = orders.wrapAndApplyHeader(buffer, offset, decoder).orders().next().orderId();
            venueSeen++;
        }
    }

    void run(final int count, final long mostNs, final Histogram latencies) {
        try (AgentRunner runner = new AgentRunner(new BusySpinIdleStrategy(), this::onError, null, router)) {
            AgentRunner.startOnThread(runner);
            final long endNs = System.nanoTime() + mostNs;
            for (int i = 0; i < count && System.nanoTime() - endNs < 0; i++) {
                engineNs.getAndAdd(STEP_NS);
                nextId();
                final long goal = venueSeen + 1;
                final long startNs = System.nanoTime();
                while (client.tryNewOrder(id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, QTY, PRICE) < 0) {
                    between();
                    await(startNs);
                }
                int spins = 0;
                while (venueSeen < goal) {
                    venueOut.poll(onVenueFrame, 1);
                    if (++spins % LOOK_EVERY == 0) {
                        await(startNs); // the bare round trip's wait reads no clock either
                    }
                }
                latencies.recordValue(Math.min(latencies.getHighestTrackableValue(), System.nanoTime() - startNs));
                final long filled = fills + 1;
                fill();
                while (fills < filled) {
                    between();
                    await(startNs);
                }
            }
        }
        final long deadlineNs = System.nanoTime() + 1_000_000L;
        while (System.nanoTime() - deadlineNs < 0) {
            turn();
        }
    }

    private void await(final long startNs) {
        if (failed || System.nanoTime() - startNs > ORDER_NS) {
            throw new IllegalStateException("order " + id + " did not come out or its fill not back: "
                + client.state(), failure);
        }
    }

    private void nextId() {
        long rest = number++;
        for (int i = 17; i >= 6; i--) {
            clOrdId[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        id.setLength(0);
        for (final byte b : clOrdId) {
            id.append((char) b);
        }
    }

    private void fill() {
        sent.wrapAndApplyHeader(frame, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(0)
            .kind(VenueMessageKind.NEW).sentNs(0).ordersCount(1).next().orderId(orderId);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + sent.encodedLength());
        execution.wrapAndApplyHeader(frame, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(0)
            .orderId(orderId).requestIdHigh(0).requestIdLow(0).execType(ExecType.TRADE).ordStatus(OrdStatus.FILLED)
            .liquidity(Liquidity.TAKER).reason(0).lastQty(QTY).lastPx(PRICE).cumQty(QTY).leavesQty(0).avgPx(PRICE)
            .orderQty(QTY).price(PRICE).fee(0).feeCurrency("USD").tradeId(orderId).transactNs(0).venueOrderId("0")
            .execId("0").recovered(BooleanType.FALSE).putText(clOrdId, 0, 0);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength());
    }

    @Override
    public void close() {
        client.close();
        router.entry.onClose();
        router.engine.onClose();
        venueIn.close();
        venueOut.close();
    }

    /** Counts fills that reached the client. */
    private final class Fills implements ClientListener {
        @Override
        public void onExecutionReport(final long reportSeq, final boolean replayed,
            final ExecutionReportDecoder report) {
            if (report.execType() == ExecType.TRADE) {
                fills++;
            }
        }
    }

    /** Gateway, then engine: an order goes through both in one turn of one thread. */
    private static final class Composite implements Agent {
        private final EntryAgent entry;
        private final RouterAgent engine;

        private Composite(final EntryAgent entry, final RouterAgent engine) {
            this.entry = entry;
            this.engine = engine;
        }

        @Override
        public int doWork() {
            return entry.doWork() + engine.doWork();
        }

        @Override
        public String roleName() {
            return "gateway and engine";
        }
    }
}
