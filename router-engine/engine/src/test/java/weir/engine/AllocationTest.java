package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;

/** No allocation on the engine thread: core and ring writer over a million orders of every fate. */
class AllocationTest {
    private static final int WARM_UP = Integer.getInteger("weir.test.warmup", 700_000);
    private static final int ORDERS = Integer.getInteger("weir.test.orders", 1_000_000);
    /**
     * When the compiler throws away code of this thread, the JVM may allocate on it, and new code makes the literals of
     * its messages. Our own allocations would show in every round (with -Xint, where there is no compiler, the first
     * round is 0); the sixth was, where the compiler was slow.
     */
    private static final int ROUNDS = 10;
    private static final long E8 = CoreHarness.E8;

    private final CoreHarness harness = new CoreHarness(new RouterCore.Context().openOrderCapacity(4096)
        .closedOrderCapacity(1024).clOrdIdCapacity(1 << 17).clOrdIdsPerSessionDay(1 << 17)
        .executionCapacity(1 << 14));
    private final RouterCore core = harness.core;
    private final Frames frames = harness.frames;
    private final ByteBuffer memory = BufferUtil.allocateDirectAligned(
        (1 << 20) + RingBufferDescriptor.TRAILER_LENGTH, 64);
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(memory));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final String[] ids = new String[100_000];
    private final long[] resting = new long[64];
    private final String[] idOf = new String[1 << 20];
    private final long[] arrived = new long[4096];
    private final long[] asked = new long[4096];
    private final int[] attempts = new int[4096];
    private final long[] gone = new long[4096];
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueOrderQueryDecoder query = new VenueOrderQueryDecoder();
    private final VenueCancelsDecoder cancels = new VenueCancelsDecoder();
    private int arrivedCount;
    private int askedCount;
    private int goneCount;
    private long batches;
    private long cancelBatches;
    private long unknown;
    private long drained;
    private long taken;
    private long trade;
    private int day;
    private final byte[] flat = new byte[256];
    private int flatLength;

    @Test
    void shouldNotAllocateOverAMillionOrders() {
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "ORDER-" + i;
        }
        harness.tenant.quotas = new long[] {1, 1, 0, 1_000_000_000L, 100_000_000L};
        harness.tenant.rateCapacity = 5_000;
        harness.tenant.ratePerSecond = 1_000_000;
        harness.ready();
        harness.take(frames.cancelBatchVenue(1, 15, 13, 4096, 2_000));
        harness.take(frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2_000, 100_000_000L, 0, 1_000,
            100, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1, 0));
        harness.take(frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 3_000, 0, 60_000, 0, 0, 0, 1, 0,
            1, 0, 1));
        harness.take(frames.price(1, 40_000 * E8, 40_001 * E8, CoreHarness.NULL, harness.now));
        final long wide = Long.MAX_VALUE >> 2;
        harness.take(frames.risk(1, false, 4, 0, wide, 5, 0, wide, 6, 0, wide, 7, 0, wide, 7, 1, wide, 9, 0, 1,
            10, 0, 3, 11, 0, 1, 14, 0, Integer.MAX_VALUE / 2, 15, 0, 0, 16, 0, Integer.MAX_VALUE / 2, 17, 0, 3_600_000,
            18, 0, 100_000, 19, 0, 1_000, 20, 2, 1, 22, 0, 1, 23, 0, wide, 24, 0, 100, 25, 0, 500));
        flatLength = frames.risk(1, false, 8, 1, 0);
        frames.buffer.getBytes(0, flat, 0, flatLength);
        for (int g = 0; g < 20; g++) {
            harness.take(frames.grant(100 + g, 1, GrantKind.TOP_UP, 1_000_000_000_000L));
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadAllocatedMemoryEnabled(true);
        final long self = Thread.currentThread().getId();
        trade(WARM_UP);
        long allocated = -1;
        for (int round = 0; round < ROUNDS && allocated != 0; round++) {
            final long before = threads.getThreadAllocatedBytes(self);
            trade(ORDERS);
            allocated = threads.getThreadAllocatedBytes(self) - before;
        }
        System.out.println("AllocationTest records=" + taken + " drained=" + drained + " batches=" + batches
            + " cancelBatches=" + cancelBatches
            + " unknown=" + unknown + " open=" + harness.view.openOrders() + " allocated=" + allocated);
        assertTrue(taken > 2L * ORDERS, "records " + taken);
        assertTrue(batches > 1_000 && unknown > 1_000, batches + " batches, " + unknown + " unknown");
        assertTrue(cancelBatches > 1_000, cancelBatches + " batches of cancels");
        assertTrue(harness.view.openOrders() < 256, "open " + harness.view.openOrders());
        assertEquals(0, allocated, "bytes allocated on the engine thread");
    }

    private void trade(final int orders) {
        for (int i = 0; i < orders; i++) {
            harness.now += 62_000;
            final String id = ids[i % ids.length];
            if (i % ids.length == 0) {
                run(frames.roll(0, PeriodKind.DAY, ++day));
                frames.buffer.putBytes(0, flat, 0, flatLength);
                run(flatLength);
                tick();
            }
            idOf[(int) core.nextSequence() & idOf.length - 1] = id;
            final boolean meetsOwn = i % 31 == 7;
            final int length = frames.newOrder(CoreHarness.SESSION, i, id, i % 97 == 0 ? "NONE" : "BTC-USD",
                meetsOwn ? Side.SELL : Side.BUY, OrdType.LIMIT, meetsOwn ? TimeInForce.IOC : TimeInForce.GTC, 3 * E8,
                40_000 * E8 + i % 1000 * (E8 / 100));
            frames.newOrder().strategyId(i % 3).selfTradePrevention(meetsOwn
                ? SelfTradePrevention.get((short) (1 + i / 31 % 4)) : SelfTradePrevention.NONE);
            run(length);
            tick();
            if (i % 5 == 0 && arrivedCount == 0) {
                run(frames.cancel(CoreHarness.SESSION, i, "CXL", id));
            }
            answerVenue(i);
            if (i % 512 == 511) {
                run(frames.massCancel(CoreHarness.SESSION, i, "MASS", MassCancelScope.SESSION, ""));
                answerVenue(i);
            }
        }
        settle();
    }

    private void answerVenue(final int i) {
        tick();
        while (arrivedCount > 0 || askedCount > 0 || goneCount > 0) {
            if (goneCount > 0) {
                run(frames.execution(1, gone[--goneCount], 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
                    CoreHarness.NULL, 0));
            } else if (askedCount > 0) {
                askedCount--;
                frames.attempts.put(asked[askedCount], attempts[askedCount]);
                run(frames.orderState(1, asked[askedCount], VenueAnswer.NOT_FOUND, OrdStatus.NEW, CoreHarness.NULL,
                    CoreHarness.NULL, CoreHarness.NULL));
                frames.attempts.remove(asked[askedCount]);
            } else {
                final long orderId = arrived[--arrivedCount];
                live(i + arrivedCount, orderId, idOf[(int) orderId & idOf.length - 1]);
            }
            tick();
        }
    }

    private void live(final int i, final long orderId, final String id) {
        run(frames.sentOne(CoreHarness.ACCOUNT, orderId));
        switch (i % 8) {
            case 0:
                run(frames.execution(1, orderId, 0, ExecType.REJECTED, OrdStatus.REJECTED, CoreHarness.NULL,
                    CoreHarness.NULL, 0));
                break;
            case 1:
                run(frames.notSent(1, orderId, 0, VenueMessageKind.NEW));
                run(frames.execution(1, orderId, 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
                    CoreHarness.NULL, 0));
                break;
            case 2:
                ack(orderId);
                run(frames.replace(CoreHarness.SESSION, i, "RPL", id, "BTC-USD", Side.BUY, OrdType.LIMIT,
                    TimeInForce.GTC, 5 * E8, 40_000 * E8));
                run(frames.execution(1, orderId, 0, ExecType.REPLACED, OrdStatus.NEW, CoreHarness.NULL,
                    CoreHarness.NULL, 0));
                fill(orderId, 5 * E8);
                break;
            case 3:
                ack(orderId);
                run(frames.cancel(CoreHarness.SESSION, i, "CXL", id));
                run(frames.execution(1, orderId, 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
                    CoreHarness.NULL, 0));
                break;
            case 4:
                rest(i, orderId);
                break;
            default:
                ack(orderId);
                fill(orderId, E8);
                run(frames.status(CoreHarness.SESSION, i, id));
                fill(orderId, 2 * E8);
                break;
        }
    }

    /** Leaves an order without an answer: its timer makes it UNKNOWN; an older one is resolved as not found. */
    private void rest(final int i, final long orderId) {
        final int at = i / 8 % resting.length;
        if (i % 64 == 4) {
            unknown++;
            return;
        }
        if (resting[at] != 0) {
            run(frames.execution(1, resting[at], 0, ExecType.EXPIRED, OrdStatus.EXPIRED, CoreHarness.NULL,
                CoreHarness.NULL, 0));
        }
        resting[at] = orderId;
    }

    private void ack(final long orderId) {
        run(frames.execution(1, orderId, 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL, CoreHarness.NULL, 0));
    }

    private void fill(final long orderId, final long qty) {
        run(frames.execution(1, orderId, 0, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, qty, 40_000 * E8, ++trade));
    }

    private void run(final int length) {
        if (!writer.hasRoom(0)) {
            throw new AssertionError("ring full");
        }
        after(core.onCommand(harness.now, frames.buffer, 0, length));
    }

    private void tick() {
        after(core.onTick(harness.now));
    }

    private void settle() {
        for (int i = 0; i < 1_000; i++) {
            harness.now += 100_000_000;
            answerVenue(i);
        }
        Arrays.fill(resting, 0);
    }

    private void after(final int result) {
        if (result == RouterCore.NO_ROOM) {
            throw new AssertionError("no room");
        }
        if (result == RouterCore.TAKEN) {
            if (!writer.append(core.record().buffer(), 0, core.record().length())) {
                throw new AssertionError("ring full");
            }
            taken++;
            readVenue(core.venueOutbox(1));
            drain(core.clientOutbox());
        }
        if (ring.size() > 1 << 18) {
            ring.read(AllocationTest::discard);
        }
    }

    private static void discard(final int type, final MutableDirectBuffer buffer, final int offset,
        final int length) {
        if (type != 1) {
            throw new AssertionError("type " + type);
        }
    }

    private void readVenue(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            header.wrap(outbox.buffer(), outbox.headOffset());
            if (header.templateId() == VenueNewOrdersDecoder.TEMPLATE_ID) {
                newOrders.wrapAndApplyHeader(outbox.buffer(), outbox.headOffset(), header);
                batches += newOrders.batchIdLow() == 0 ? 0 : 1;
                for (final VenueNewOrdersDecoder.OrdersDecoder order : newOrders.orders()) {
                    arrived[arrivedCount++] = order.orderId();
                }
            } else if (header.templateId() == VenueCancelsDecoder.TEMPLATE_ID) {
                cancels.wrapAndApplyHeader(outbox.buffer(), outbox.headOffset(), header);
                cancelBatches++;
                for (final VenueCancelsDecoder.OrdersDecoder order : cancels.orders()) {
                    gone[goneCount++] = order.orderId();
                }
            } else if (header.templateId() == VenueOrderQueryDecoder.TEMPLATE_ID) {
                query.wrapAndApplyHeader(outbox.buffer(), outbox.headOffset(), header);
                attempts[askedCount] = query.attempt();
                asked[askedCount++] = query.orderId();
            }
            drained += outbox.headLength();
            outbox.release();
        }
    }

    private void drain(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            drained += outbox.headLength();
            outbox.release();
        }
    }
}
