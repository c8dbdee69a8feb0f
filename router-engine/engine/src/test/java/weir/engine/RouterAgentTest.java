package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.RejectReason;
import weir.protocol.Streams;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueState;

/** The agent over real Aeron IPC; its duty cycle is stepped by the test. */
class RouterAgentTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k";
    private static final long E8 = CoreHarness.E8;
    private static MediaDriver driver;
    private static Aeron aeron;

    private final Frames frames = new Frames();
    private final RouterCore core = new RouterCore(new RouterCore.Context().openOrderCapacity(8192)
        .clientOutboxCapacity(1 << 18).venueOutboxCapacity(1 << 18));
    private final AtomicBoolean lowSpace = new AtomicBoolean();
    private final AtomicReference<Throwable> error = new AtomicReference<>();
    private final List<Long> recordedSequences = new ArrayList<>();
    private final ExecutionReportDecoder report = new ExecutionReportDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private OneToOneRingBuffer ring;
    private RouterAgent agent;
    private ExclusivePublication clientIn;
    private ExclusivePublication venueIn;
    private Subscription clientOut;
    private Subscription venueOut;
    private int seq = 1;
    private int venueSeen;
    private long clock = 1_800_000_000_000_000_000L;

    @BeforeAll
    static void launch() {
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context().threadingMode(ThreadingMode.SHARED)
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
    }

    @AfterAll
    static void close() {
        aeron.close();
        driver.close();
    }

    @BeforeEach
    void start() {
        start(1 << 20);
    }

    private void start(final int ringCapacity) {
        ring = new OneToOneRingBuffer(new UnsafeBuffer(BufferUtil.allocateDirectAligned(
            ringCapacity + RingBufferDescriptor.TRAILER_LENGTH, 64)));
        agent = new RouterAgent(new RouterAgent.Context().aeron(aeron).core(core).ring(ring).clock(() -> clock)
            .channel(CHANNEL).bootCommands(boot()).lowSpace(lowSpace::get).errorHandler(error::set));
        agent.onStart();
        clientIn = aeron.addExclusivePublication(CHANNEL, Streams.CLIENT_INGRESS);
        venueIn = aeron.addExclusivePublication(CHANNEL, Streams.VENUE_INGRESS);
        clientOut = aeron.addSubscription(CHANNEL, Streams.CLIENT_EGRESS);
        venueOut = aeron.addSubscription(CHANNEL, Streams.venueEgress(1));
        await(() -> clientIn.isConnected() && venueIn.isConnected() && clientOut.isConnected()
            && venueOut.isConnected(), "streams connect");
        step();
        send(venueIn, frames.venueState(1, VenueState.UP, CoreHarness.NULL));
        send(clientIn, frames.connected(11, 1, seq++, false));
        steps(10);
    }

    @AfterEach
    void stop() {
        agent.onClose();
        clientIn.close();
        venueIn.close();
        clientOut.close();
        venueOut.close();
    }

    private List<UnsafeBuffer> boot() {
        final List<UnsafeBuffer> boot = new ArrayList<>();
        boot.add(frames.copy(frames.started(1, 2)));
        boot.add(frames.copy(frames.venue(1, 15, 100, 2_000, true, true)));
        boot.add(frames.copy(frames.account(1, 1, 0)));
        boot.add(frames.copy(frames.instrument(1, 1, "BTC-USD", InstrumentKind.SPOT, 1, 1, 1, 1, CoreHarness.NULL,
            0)));
        boot.add(frames.copy(frames.plan(1, 1, 1, 1, false, 0, 0, 1)));
        boot.add(frames.copy(frames.tenant(1, new Frames.TenantSettings())));
        boot.add(frames.copy(frames.session(11, 1, CancelOnDisconnect.NONE, 0, 0, 0)));
        boot.add(frames.copy(frames.grant(1, 1, GrantKind.TOP_UP, 1_000_000_000L)));
        return boot;
    }

    @Test
    void shouldWriteRecordToRingBeforeVenueMessageCanBeSeen() {
        for (int i = 0; i < 200; i++) {
            send(clientIn, order("A" + i));
            step();
            readRing();
            venueOut.poll((buffer, offset, length, ignored) -> {
                assertEquals(Streams.venueEgress(1), ignored.streamId());
                header.wrap(buffer, offset);
                final long sequence = buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH);
                assertTrue(recordedSequences.contains(sequence), "J2: " + sequence);
                venueSeen += header.templateId() == VenueNewOrdersDecoder.TEMPLATE_ID ? 1 : 0;
            }, 100);
            clientOut.poll((b, o, l, h) -> { }, 100);
        }
        assertEquals(200, core.view().openOrders());
        assertTrue(venueSeen > 100, "venue saw " + venueSeen);
    }

    @Test
    void shouldNamePlanAndVersionWhenAStartIsRefusedForThem() {
        final List<UnsafeBuffer> boot = boot();
        boot.add(frames.copy(frames.planTerms(3, 7, 0, TierStart.RESTART, 0, 0)));
        boot.add(frames.copy(frames.plan(3, 7, 1, 0, false, 0, 0, 10)));
        boot.add(frames.copy(frames.plan(3, 7, 1, 0, false, 0, 0, 11)));
        assertEquals("plan id 3 version 7 differs from what the journal has: PLAN_VERSION_EXISTS; give the change a "
            + "new version", refusedStart(boot));
        boot.set(boot.size() - 1, frames.copy(frames.planTerms(3, 7, 0, TierStart.CONTINUE, 0, 0)));
        assertTrue(refusedStart(boot).startsWith("terms of plan id 3 version 7 differs"));
        boot.set(boot.size() - 1, frames.copy(frames.plan(3, 8, 1, -1, false, 0, 0, 10)));
        assertTrue(refusedStart(boot).startsWith("plan id 3 version 8 refused: MALFORMED, "));
    }

    @Test
    void shouldTakeAConfigurationWhoseFanOutIsMoreThanTheTablesOfWaitingWorkHold() {
        final int tenants = 3_000;
        final List<UnsafeBuffer> boot = boot();
        for (int i = 2; i <= tenants; i++) {
            boot.add(frames.copy(frames.tenant(i, new Frames.TenantSettings())));
        }
        for (int i = 1; i <= tenants; i++) {
            for (final PeriodKind kind : new PeriodKind[] {PeriodKind.DAY, PeriodKind.MONTH}) {
                boot.add(frames.copy(frames.roll(i, kind, clock)));
            }
        }
        final OneToOneRingBuffer wide = new OneToOneRingBuffer(new UnsafeBuffer(BufferUtil.allocateDirectAligned(
            (1 << 24) + RingBufferDescriptor.TRAILER_LENGTH, 64)));
        final RouterCore crowded = new RouterCore(new RouterCore.Context().tenantCapacity(tenants + 1));
        final RouterAgent large = new RouterAgent(new RouterAgent.Context().aeron(aeron).core(crowded).ring(wide)
            .clock(() -> clock).channel(CHANNEL).bootCommands(boot).lowSpace(lowSpace::get)
            .errorHandler(error::set));
        large.onStart();
        large.onClose();
        final int[] rolls = new int[1];
        final JournalRecordDecoder d = new JournalRecordDecoder();
        wide.read((type, buffer, index, length) -> {
            header.wrap(buffer, index + JournalRecordDescriptor.HEADER_OFFSET);
            d.wrap(buffer, index + 16, header.blockLength(), header.version());
            rolls[0] += d.inputTemplateId() == PeriodRollDecoder.TEMPLATE_ID ? 1 : 0;
        }, Integer.MAX_VALUE);
        assertEquals(2 * tenants, rolls[0]);
    }

    /** A core that comes with jobs waiting and its reports staged, as many as there is room for. */
    private RouterCore full() {
        final RouterCore full = new RouterCore(new RouterCore.Context().clientOutboxCapacity(1 << 18));
        boot().forEach(command -> full.onCommand(clock, command, 0, command.capacity()));
        given(full, frames.connected(11, 1, 1, false));
        given(full, frames.venueState(1, VenueState.UP, CoreHarness.NULL));
        given(full, frames.newOrder(11, 2, "F2", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, E8));
        given(full, frames.massCancel(11, 3, "M", weir.protocol.sbe.MassCancelScope.SESSION, ""));
        int number = 4;
        while (given(full, frames.newOrder(11, number, "F" + number, "BTC-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8, E8)) == RouterCore.TAKEN) {
            assertTrue(++number < 10_000, "never full");
        }
        assertTrue(full.isDue(clock));
        assertEquals(RouterCore.NO_ROOM, full.onTick(clock));
        return full;
    }

    private int given(final RouterCore full, final int length) {
        final int result = full.onCommand(clock, frames.buffer, 0, length);
        while (!full.venueOutbox(1).isEmpty()) {
            full.venueOutbox(1).release();
        }
        return result;
    }

    private RouterAgent starting(final RouterCore full, final int waitMs) {
        return new RouterAgent(new RouterAgent.Context().aeron(aeron).core(full).ring(ring).clock(() -> clock)
            .channel(CHANNEL).bootCommands(boot()).bootWaitNs(waitMs * 1_000_000L).errorHandler(error::set));
    }

    @Test
    void shouldEndAStartWhenNobodyTakesTheReportsThatLeaveNoRoom() {
        clientOut.close();
        final RouterAgent stuck = starting(full(), 200);
        try {
            final Exception told = assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertThrows(IllegalArgumentException.class, stuck::onStart));
            assertEquals("boot command 0, template 20, refused: no room", told.getMessage());
        } finally {
            stuck.onClose();
        }
    }

    @Test
    void shouldStartWhenTheReportsThatLeaveNoRoomAreTaken() {
        final RouterCore full = full();
        final RouterAgent large = starting(full, 10_000);
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(20), large::onStart);
            assertTrue(clientOut.poll((buffer, offset, length, ignored) -> { }, 100) > 0, "sent while it started");
        } finally {
            large.onClose();
        }
    }

    private String refusedStart(final List<UnsafeBuffer> boot) {
        final RouterAgent refused = new RouterAgent(new RouterAgent.Context().aeron(aeron)
            .core(new RouterCore(new RouterCore.Context())).ring(ring).clock(() -> clock).channel(CHANNEL)
            .bootCommands(boot).lowSpace(lowSpace::get).errorHandler(error::set));
        try {
            return assertThrows(IllegalArgumentException.class, refused::onStart).getMessage();
        } finally {
            refused.onClose();
        }
    }

    @Test
    void shouldKeepOutputsInOrderAndLoseNoneUnderBackPressure() {
        int offered = 0;
        int blocked = 0;
        while (blocked < 2_000 && offered < 20_000) {
            final int length = order("B" + offered);
            if (clientIn.offer(frames.buffer, 0, length) > 0) {
                offered++;
                blocked = 0;
            } else {
                seq--;
                blocked++;
            }
            step();
            readRing();
            venueOut.poll((b, o, l, h) -> { }, 100);
        }
        assertTrue(blocked > 0, "client outbox never pushed back after " + offered);
        final List<Integer> numbers = new ArrayList<>();
        final int expected = offered;
        await(() -> {
            clientOut.poll((buffer, offset, length, h) -> {
                if (header.wrap(buffer, offset).templateId() == ExecutionReportDecoder.TEMPLATE_ID
                    && report.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(),
                    header.version()).execType() == ExecType.PENDING_NEW) { // the first of an order: time goes on
                    numbers.add(refMsgSeqNum(buffer, offset));
                }
            }, 50);
            venueOut.poll((b, o, l, h) -> { }, 100);
            step();
            readRing();
            return numbers.size() == expected;
        }, "all reports arrive");
        for (int i = 0; i < numbers.size(); i++) {
            assertEquals(i + 2, numbers.get(i));
        }
    }

    @Test
    void shouldStopTakingOrdersButTakeCancelsWhenRingIsNearlyFull() {
        stop();
        recordedSequences.clear();
        final RouterAgentTest small = new RouterAgentTest();
        small.start(1 << 16);
        try {
            long last = 0;
            for (int offered = 0, idle = 0; offered < 400 && idle < 10;) {
                offered += small.clientIn.offer(small.frames.copy(small.order("R" + offered))) > 0 ? 1 : 0;
                small.step();
                final boolean refuses = small.core.nextSequence() == last
                    && offered > small.core.view().openOrders(); // not: waits for the driver to take an order in
                idle = refuses ? idle + 1 : 0;
                last = small.core.nextSequence();
                small.clientOut.poll((b, o, l, h) -> { }, 100);
                small.venueOut.poll((b, o, l, h) -> { }, 100);
            }
            final long stopped = small.core.nextSequence();
            final int open = small.core.view().openOrders();
            small.steps(10);
            assertEquals(stopped, small.core.nextSequence());
            assertTrue(open > 50 && open < 400, "open " + open);
            assertTrue(small.ring.size() < small.ring.capacity());
            small.readRing();
            small.steps(100);
            assertTrue(small.core.nextSequence() > stopped, "goes on when the ring has room");
        } finally {
            small.stop();
            start(1 << 20);
        }
    }

    @Test
    void shouldRefuseOrdersAndResumeWhenJournalSpaceIsLowAndBack() {
        lowSpace.set(true);
        steps(3);
        send(clientIn, order("L1"));
        steps(3);
        assertEquals(0, core.view().openOrders());
        assertEquals(RejectReason.JOURNAL_LOW_SPACE.code(), core.lastReason());
        lowSpace.set(false);
        steps(3);
        send(clientIn, order("L2"));
        steps(3);
        assertEquals(1, core.view().openOrders());
    }

    @Test
    void shouldHoldAccountDownWhenAdapterGoesAway() {
        assertEquals(1, core.view().accountState(1));
        venueOut.close();
        await(() -> {
            step();
            return core.view().accountState(1) == 0;
        }, "account down");
        venueOut = aeron.addSubscription(CHANNEL, Streams.venueEgress(1));
        await(venueOut::isConnected, "adapter is back");
        step();
        assertEquals(0, core.view().accountState(1), "up only when the adapter says so");
    }

    @Test
    void shouldRefuseToStartWhenBootCommandIsMalformed() {
        final RouterAgent failing = new RouterAgent(new RouterAgent.Context().aeron(aeron)
            .core(new RouterCore(new RouterCore.Context())).ring(ring).clock(() -> clock).channel(CHANNEL)
            .bootCommands(List.of(new UnsafeBuffer(new byte[4]))).errorHandler(error::set));
        assertThrows(IllegalArgumentException.class, failing::onStart);
        failing.onClose();
    }

    @Test
    void shouldCountAndDropFrameOfOtherSchema() {
        final long before = core.malformedCount();
        frames.buffer.setMemory(0, 64, (byte) 7);
        send(clientIn, 64);
        steps(3);
        assertEquals(before + 1, core.malformedCount());
        assertFalse(error.get() instanceof AgentTerminationException);
    }

    private int order(final String id) {
        return frames.newOrder(11, seq++, id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, E8);
    }

    private static int refMsgSeqNum(final DirectBuffer buffer, final int offset) {
        final ExecutionReportDecoder d = new ExecutionReportDecoder();
        d.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        return d.refMsgSeqNum();
    }

    private void step() {
        clock += 1_000_000;
        agent.doWork();
    }

    private void steps(final int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    private void readRing() {
        ring.read((type, buffer, index, length) -> {
            header.wrap(buffer, index + 8);
            final JournalRecordDecoder d = new JournalRecordDecoder();
            d.wrap(buffer, index + 16, header.blockLength(), header.version());
            recordedSequences.add(d.sequence());
        });
    }

    private void send(final ExclusivePublication publication, final int length) {
        final UnsafeBuffer copy = frames.copy(length);
        final long deadline = System.nanoTime() + 2_000_000_000L;
        while (publication.offer(copy, 0, length) < 0) {
            if (System.nanoTime() > deadline) {
                return;
            }
            step();
        }
    }

    private static void await(final java.util.function.BooleanSupplier condition, final String what) {
        final long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("timed out: " + what);
            }
            Thread.yield();
        }
    }
}
