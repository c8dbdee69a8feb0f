package weir.entry;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.engine.CoreReplay;
import weir.engine.RouterAgent;
import weir.engine.RouterCore;
import weir.entry.client.AllowedPlaces;
import weir.entry.client.ClientConfig;
import weir.entry.client.ClientKey;
import weir.entry.logon.LogonLimits;
import weir.entry.logon.LogonOutcome;
import weir.entry.store.ReportStores;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * Media driver, core, engine agent, gateway and clients, all real; the agents are stepped by the test's one thread.
 * What goes to the journal ring is kept, so that a router can be killed and come back by replay.
 */
final class EntrySystem implements AutoCloseable {
    static final String SECRET = "secret-of-session-";
    static final int HEARTBEAT_MS = 200;
    static final int TIMEOUT_MS = 1_000;
    private static final String ENGINE_CHANNEL = "aeron:ipc?term-length=1m";
    private static final int RING = 1 << 22;

    final List<byte[]> journal = new ArrayList<>();
    final List<Integer> venueTemplates = new ArrayList<>();
    final List<LogonOutcome> logons = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final List<WeirClient> clients = new ArrayList<>();
    RouterCore core;
    EntryAgent entry;
    long regenerated;
    boolean entryRuns = true;
    boolean engineRuns = true;
    private final Path directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final List<DirectBuffer> boot;
    private final UnaryOperator<EntryContext> settings;
    private final List<String> entryChannels;
    private OneToOneRingBuffer ring;
    private RouterAgent engine;
    private ReportStores stores;
    private Subscription venueOut;
    private int nextStream = Streams.CLIENT_RESPONSE_MIN;

    EntrySystem(final Path directory) {
        this(directory, BootFrames.make(CancelOnDisconnect.NONE, 0), context -> context, List.of("aeron:ipc"));
    }

    EntrySystem(final Path directory, final List<DirectBuffer> boot, final UnaryOperator<EntryContext> settings,
        final List<String> entryChannels) {
        this.directory = directory;
        this.boot = boot;
        this.settings = settings;
        this.entryChannels = entryChannels;
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context().threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new SleepingMillisIdleStrategy(1)).dirDeleteOnStart(true).dirDeleteOnShutdown(true)
            .clientLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(10)));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())
            .idleStrategy(new SleepingMillisIdleStrategy(1)).errorHandler(errors::add));
        start();
    }

    static ClientConfig client(final int sessionId, final int tenantId) {
        return new ClientConfig(sessionId, tenantId, "bot-" + sessionId,
            ClientKey.ofSecret((SECRET + sessionId).toCharArray()), HEARTBEAT_MS, TIMEOUT_MS,
            new AllowedPlaces(true, address -> address.isLoopbackAddress()));
    }

    /** Replays what the journal holds, then starts engine and gateway, as a router does. */
    void start() {
        try {
            final List<ClientConfig> configs = List.of(client(501, 1), client(502, 1), client(601, 2));
            stores = new ReportStores(directory, configs, 16 * 1024, 256 * 1024);
            core = new RouterCore(new RouterCore.Context().openOrderCapacity(8_192).clOrdIdCapacity(1 << 17)
                .clOrdIdsPerSessionDay(1 << 17));
            final CoreReplay replay = new CoreReplay(core, new CoreReplay.Listener() {
                @Override
                public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset,
                    final int length) {
                    try {
                        stores.onRegenerated(buffer, offset, length);
                    } catch (final IOException ex) {
                        throw new java.io.UncheckedIOException(ex);
                    }
                }

                @Override
                public void onVenueOutput(final long sequence, final int venueId, final DirectBuffer buffer,
                    final int offset, final int length) {
                    // The venue saw them.
                }
            });
            journal.forEach(record -> replay.onRecord(new UnsafeBuffer(record), 0, record.length));
            regenerated = stores.regenerated();
            ring = new OneToOneRingBuffer(new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(RING + RingBufferDescriptor.TRAILER_LENGTH, 64)));
            engine = new RouterAgent(new RouterAgent.Context().aeron(aeron).core(core).ring(ring)
                .clock(SystemEpochNanoClock.INSTANCE).channel(ENGINE_CHANNEL).bootCommands(boot)
                .errorHandler(errors::add));
            final EntryContext context = settings.apply(new EntryContext().clientAeron(aeron).engineAeron(aeron)
                .engineChannel(ENGINE_CHANNEL).stores(stores).clock(SystemEpochNanoClock.INSTANCE)
                .errorHandler(errors::add).logonListener((key, source, outcome) -> logons.add(outcome))
                .logonLimits(quick()));
            configs.forEach(context::client);
            configs.forEach(c -> context.recoveredMsgSeqNum(c.sessionId(), core.lastInboundMsgSeqNum(c.sessionId())));
            entryChannels.forEach(context::entryChannel);
            venueOut = aeron.addSubscription(ENGINE_CHANNEL, Streams.venueEgress(1));
            engine.onStart();
            entry = new EntryAgent(context);
            entry.onStart();
            venueUp();
        } catch (final IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    static LogonLimits quick() {
        final LogonLimits d = LogonLimits.DEFAULT;
        return new LogonLimits(d.toleranceNs(), 1_000, 1_000_000, 10_000, 1_000, 1_000, d.lockoutNs(),
            TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(10), d.maxPending());
    }

    private void venueUp() {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
        try (ExclusivePublication venueIn = aeron.addExclusivePublication(ENGINE_CHANNEL, Streams.VENUE_INGRESS)) {
            for (int account = 1; account <= 2; account++) {
                final VenueSessionStateEncoder e = new VenueSessionStateEncoder()
                    .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).accountId(account).venueId(1)
                    .receivedNs(0).state(VenueState.UP).barredUntilNs(Scale.NULL).path(VenuePath.FIRST).text("");
                final int length = MessageHeaderEncoder.ENCODED_LENGTH + e.encodedLength();
                await(() -> venueIn.offer(frame, 0, length) > 0, "venue up", () -> "");
            }
            // A venue without a connection would be taken down again before it is up.
            final int before = journal.size();
            await(() -> journal.size() >= before + 2, "venue state journaled", () -> "records " + journal.size());
        }
    }

    /** Kills engine and gateway: nothing of theirs is told to anybody. What the ring holds is the journal. */
    void kill() throws IOException {
        drainRing();
        // Closing the streams alone is what a dead process does; onClose of the agent would say goodbye.
        engine.onClose();
        entry.abandon();
        venueOut.close();
    }

    int step() {
        int work = 0;
        if (engineRuns) {
            work += engine.doWork();
            drainRing();
        }
        if (entryRuns) {
            work += entry.doWork();
        }
        work += venueOut.poll((buffer, offset, length, header) ->
            venueTemplates.add(buffer.getShort(offset + 2) & 0xFFFF), 100);
        for (final WeirClient client : clients) {
            work += client.poll(256);
        }
        return work;
    }

    private void drainRing() {
        ring.read((type, buffer, index, length) -> {
            final byte[] copy = new byte[length];
            buffer.getBytes(index, copy);
            journal.add(copy);
        });
    }

    void await(final BooleanSupplier condition, final String what, final Supplier<String> stateOf) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (step() == 0) {
                Thread.yield();
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited 20 s for " + what + ": " + stateOf.get() + "\n" + entry.counters()
                    + "\n" + entry.session(501) + "\n" + entry.session(502) + "\n" + entry.session(601) + "\nlogons "
                    + logons + "\nerrors " + errors);
            }
        }
    }

    /** Steps for a while, for things that must not happen. */
    void steps(final int ms) {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() - deadlineNs < 0) {
            if (step() == 0) {
                Thread.yield();
            }
        }
    }

    WeirClientContext context(final int sessionId, final Recorder recorder) {
        return new WeirClientContext().aeronDirectory(driver.aeronDirectoryName()).keyId("bot-" + sessionId)
            .secret((SECRET + sessionId).toCharArray()).responseStreamId(nextStream++).listener(recorder)
            .errorHandler(errors::add);
    }

    WeirClient launch(final WeirClientContext context) {
        final WeirClient client = WeirClient.launch(context);
        clients.add(client);
        return client;
    }

    WeirClient logOn(final int sessionId, final Recorder recorder) {
        final WeirClient client = launch(context(sessionId, recorder));
        await(client::isLoggedOn, "logon of " + sessionId, () -> client.state() + " " + recorder);
        return client;
    }

    Aeron aeron() {
        return aeron;
    }

    String aeronDirectory() {
        return driver.aeronDirectoryName();
    }

    static int template(final DirectBuffer buffer, final int offset) {
        return new MessageHeaderDecoder().wrap(buffer, offset).templateId();
    }

    @Override
    public void close() {
        clients.forEach(WeirClient::close);
        engine.onClose();
        entry.abandon();
        aeron.close();
        driver.close();
    }
}
