package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import weir.protocol.Streams;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenueState;

/**
 * No allocation in the agent's duty cycle: real Aeron IPC in and out, the ring, counters, and a million orders with
 * partial fills, rejects, cancels, answers that do not come, timers, limits and days that end. Only what the duty cycle
 * itself allocates counts, so the rest of the test may.
 */
class AgentAllocationTest {
    private static final int WARM_UP = Integer.getInteger("weir.test.warmup", 200_000);
    private static final int ORDERS = Integer.getInteger("weir.test.orders", 1_000_000);
    /** The compiler may throw code of this thread away, and the JVM allocates for that; ours would show every time. */
    private static final int ROUNDS = 3;
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final long E8 = CoreHarness.E8;
    private static final int IDS = 100_000;
    private static final MessageHandler NOTHING = (type, buffer, index, length) -> { };

    private final Frames frames = new Frames();
    private final RouterCore core = new RouterCore(new RouterCore.Context().openOrderCapacity(1 << 14)
        .closedOrderCapacity(1024).clOrdIdCapacity(1 << 17).clOrdIdsPerSessionDay(1 << 17)
        .executionCapacity(1 << 14).venueOutboxCapacity(1 << 18).clientOutboxCapacity(1 << 18));
    private final CoreView view = core.view();
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned((1 << 20) + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final AtomicReference<Throwable> error = new AtomicReference<>();
    private final String[] ids = new String[IDS];
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueOrderQueryDecoder query = new VenueOrderQueryDecoder();
    private final FragmentHandler toVenue = (buffer, offset, length, ignored) -> onVenue(buffer, offset);
    private ExclusivePublication clientIn;
    private ExclusivePublication venueIn;
    private ExclusivePublication controlIn;
    private Subscription clientOut;
    private Subscription venueOut;
    private RouterAgent agent;
    private long nowNs = 1_800_000_000_000_000_000L;
    private long allocated;
    private long reports;
    private final FragmentHandler toClient = (buffer, offset, length, ignored) -> reports++;
    private long trade;
    private long cancels;
    private long queries;
    private int seq = 1;
    private int day;

    @Test
    void shouldNotAllocateOverAMillionOrders() {
        for (int i = 0; i < IDS; i++) {
            ids[i] = "ORDER-" + i;
        }
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()))) {
            start(aeron);
            trade(WARM_UP);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least > 0; round++) {
                allocated = 0;
                trade(ORDERS);
                least = Math.min(least, allocated);
            }
            System.out.println("AgentAllocationTest records=" + core.nextSequence() + " reports=" + reports
                + " cancels=" + cancels + " queries=" + queries + " open=" + view.openOrders() + " allocated=" + least);
            assertNull(error.get());
            assertTrue(reports > ORDERS && cancels > ORDERS / 100 && queries > ORDERS / 1000,
                reports + " reports, " + cancels + " cancels, " + queries + " queries");
            assertEquals(0, least, "bytes allocated by the duty cycle");
            agent.onClose();
        }
    }

    private void start(final Aeron aeron) {
        agent = new RouterAgent(new RouterAgent.Context().aeron(aeron).core(core).ring(ring).clock(() -> nowNs)
            .channel(CHANNEL).bootCommands(boot()).errorHandler(error::set));
        agent.onStart();
        clientIn = aeron.addExclusivePublication(CHANNEL, Streams.CLIENT_INGRESS);
        venueIn = aeron.addExclusivePublication(CHANNEL, Streams.VENUE_INGRESS);
        controlIn = aeron.addExclusivePublication(CHANNEL, Streams.CONTROL_INGRESS);
        clientOut = aeron.addSubscription(CHANNEL, Streams.CLIENT_EGRESS);
        venueOut = aeron.addSubscription(CHANNEL, Streams.venueEgress(1));
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!(clientIn.isConnected() && venueIn.isConnected() && controlIn.isConnected() && clientOut.isConnected()
            && venueOut.isConnected())) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "streams connect");
            Thread.yield();
        }
        step();
        send(venueIn, frames.venueState(1, VenueState.UP, CoreHarness.NULL));
        send(clientIn, frames.connected(11, 1, seq++, false));
    }

    private List<UnsafeBuffer> boot() {
        final Frames.TenantSettings tenant = new Frames.TenantSettings();
        tenant.quotas = new long[] {1, 1, 0, 1_000_000_000L, 100_000_000L, 2, 0, 1, 0, 1L << 40};
        tenant.rateCapacity = 5_000;
        tenant.ratePerSecond = 1_000_000;
        tenant.budget = 1L << 60;
        final List<UnsafeBuffer> boot = new ArrayList<>();
        boot.add(frames.copy(frames.started(1, 2)));
        boot.add(frames.copy(frames.venue(1, 15, 4096, 2_000, true, true)));
        boot.add(frames.copy(frames.account(1, 1, 0)));
        boot.add(frames.copy(frames.instrument(1, 1, "BTC-USD", InstrumentKind.SPOT, 1, 1, 1, 1, CoreHarness.NULL,
            0)));
        boot.add(frames.copy(frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 20_000, 1_000_000_000L,
            0, 1_000, 100, 0, 1, 0, 1, 1, 0, 2, 1, 0, 5, 1, 0)));
        boot.add(frames.copy(frames.plan(1, 1, 1, 2, false, 0, 1_000_000, 2, 0, 0, 1, 1, 0, 10, 2, 0, 5)));
        boot.add(frames.copy(frames.tenant(1, tenant)));
        boot.add(frames.copy(frames.session(11, 1, CancelOnDisconnect.NONE, 0, 0, 0)));
        for (int g = 1; g <= 20; g++) {
            boot.add(frames.copy(frames.grant(g, 1, GrantKind.TOP_UP, 1_000_000_000_000L)));
        }
        return boot;
    }

    private void trade(final int orders) {
        for (int i = 0; i < orders; i++) {
            if (i % IDS == 0) {
                send(controlIn, frames.roll(0, PeriodKind.DAY, ++day));
            }
            final String id = ids[i % IDS];
            send(clientIn, frames.newOrder(11, seq++, id, i % 97 == 0 ? "NONE" : "BTC-USD", Side.BUY, OrdType.LIMIT,
                TimeInForce.GTC, 3 * E8, 40_000 * E8 + i % 1000 * (E8 / 100)));
            if (i % 5 == 0) {
                send(clientIn, frames.cancel(11, seq++, "CXL-" + i % IDS, id));
            }
            if (i % 1_000 == 999) {
                send(clientIn, new byte[7]);
            }
            step();
        }
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        for (int i = 0; i < 500 || view.openOrders() >= 1024 && System.nanoTime() - deadlineNs < 0; i++) {
            nowNs += 100_000_000;
            step();
            if (i >= 500) {
                Thread.yield(); // the driver moves the publishers' limits
            }
        }
        assertTrue(view.openOrders() < 1024, "open " + view.openOrders());
    }

    /** One duty cycle, and what the others do with its outputs. */
    private void step() {
        nowNs += 62_000;
        cycle();
        venueOut.poll(toVenue, 64);
    }

    private void cycle() {
        final long before = threads.getCurrentThreadAllocatedBytes();
        agent.doWork();
        allocated += threads.getCurrentThreadAllocatedBytes() - before;
        clientOut.poll(toClient, 256);
        if (ring.size() > 1 << 18) {
            ring.read(NOTHING);
        }
    }

    private void onVenue(final DirectBuffer buffer, final int offset) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case VenueNewOrdersDecoder.TEMPLATE_ID:
                newOrders.wrapAndApplyHeader(buffer, offset, header);
                for (final VenueNewOrdersDecoder.OrdersDecoder order : newOrders.orders()) {
                    live(order.orderId());
                }
                break;
            case VenueCancelDecoder.TEMPLATE_ID:
                cancels++;
                send(venueIn, frames.execution(1, cancel.wrapAndApplyHeader(buffer, offset, header).orderId(), 0,
                    ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL, CoreHarness.NULL, 0));
                break;
            case VenueOrderQueryDecoder.TEMPLATE_ID:
                queries++;
                final long askedFor = query.wrapAndApplyHeader(buffer, offset, header).orderId();
                frames.attempts.put(askedFor, query.attempt());
                send(venueIn, frames.orderState(1, askedFor, VenueAnswer.NOT_FOUND, OrdStatus.NEW, CoreHarness.NULL,
                    CoreHarness.NULL, CoreHarness.NULL));
                frames.attempts.remove(askedFor);
                break;
            default:
                break;
        }
    }

    private void live(final long orderId) {
        if (orderId % 61 == 0) {
            return; // no answer: a timer makes it UNKNOWN and asks
        }
        send(venueIn, frames.sentOne(1, orderId));
        if (orderId % 13 == 0) {
            send(venueIn, frames.execution(1, orderId, 0, ExecType.REJECTED, OrdStatus.REJECTED, CoreHarness.NULL,
                CoreHarness.NULL, 0));
            return;
        }
        send(venueIn, frames.execution(1, orderId, 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL, CoreHarness.NULL,
            0));
        send(venueIn, fill(orderId, E8));
        send(venueIn, fill(orderId, 2 * E8));
    }

    private int fill(final long orderId, final long qty) {
        return frames.execution(1, orderId, 0, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, qty, 40_000 * E8, ++trade);
    }

    private void send(final ExclusivePublication publication, final int length) {
        offer(publication, frames.buffer, length);
    }

    private void send(final ExclusivePublication publication, final byte[] garbage) {
        offer(publication, new UnsafeBuffer(garbage), garbage.length);
    }

    private void offer(final ExclusivePublication publication, final DirectBuffer buffer, final int length) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (publication.offer(buffer, 0, length) < 0) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "stream " + publication.streamId()
                + " takes nothing, open " + view.openOrders() + ", error " + error.get());
            cycle();
            Thread.yield(); // the driver moves the publisher's limit
        }
    }
}
