package weir.venue.coinbase;

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
import io.aeron.logbuffer.Header;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.Venues;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueCancelEncoder;
import weir.protocol.sbe.VenueCancelRejectDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueNewOrdersEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueReplaceEncoder;
import weir.protocol.sbe.VenueSentDecoder;
import weir.protocol.sbe.VenueSessionStateDecoder;
import weir.venue.EngineSide;

/**
 * A million messages over a real socket and real Aeron IPC, orders singly and in batches, with partial fills, rejects,
 * cancels, refused cancels and replaces: the adapter's thread allocates nothing.
 */
final class AllocationTest implements FragmentHandler {
    /** Some three messages each; -Dweir.allocation.orders for more. */
    private static final int ORDERS = Integer.getInteger("weir.allocation.orders", 250_000);
    /** With less, SBE's checks of the order of fields allocated a few KB at what is rare: docs/decisions/0041. */
    private static final int WARM_UP = 500_000;
    private static final int OPEN_MAX = 64;
    private static final long ID_HIGH = EngineSide.id(0, 0).getMostSignificantBits();
    private static final long ID_LOW = EngineSide.id(0, 0).getLeastSignificantBits();
    private static final long REPLACE_BIT = 1L << 48;

    @TempDir
    private Path directory;
    private ExclusivePublication toAdapter;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VenueNewOrdersEncoder newOrders = new VenueNewOrdersEncoder();
    private final VenueCancelEncoder cancel = new VenueCancelEncoder();
    private final VenueReplaceEncoder replace = new VenueReplaceEncoder();
    private final MessageHeaderDecoder head = new MessageHeaderDecoder();
    private final VenueExecutionDecoder execution = new VenueExecutionDecoder();
    private final VenueSentDecoder sent = new VenueSentDecoder();
    private final UnsafeBuffer follow = new UnsafeBuffer(new byte[OPEN_MAX * 8 * 4]);
    private int followCount;
    private long number;
    private int open;
    private int up;
    private long partial;
    private long filled;
    private long rejected;
    private long cancelled;
    private long replaced;
    private long cancelRejects;
    private long sentOrders;
    private final StageTimes times = new StageTimes();
    private volatile boolean ended;
    private volatile Throwable failure;

    @Test
    void shouldAllocateNothingOverAMillionMessages() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (LoopVenue venue = new LoopVenue();
            MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.resolve("aeron").toString()).dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true).threadingMode(ThreadingMode.SHARED).ipcTermBufferLength(1 << 20)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()))) {
            toAdapter = aeron.addExclusivePublication("aeron:ipc?term-length=1m",
                Streams.venueEgress(Venues.COINBASE));
            final Subscription fromAdapter = aeron.addSubscription("aeron:ipc", Streams.VENUE_INGRESS);
            final CoinbaseAdapter adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(aeron)
                .account(new CoinbaseAccount(1, "loop", VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "127.0.0.1",
                    venue.port(), URI.create("http://127.0.0.1:1"), false))
                .venueLimits(500_000, 1_000_000).newsPerSecond(400_000).messagesPerSecond(450_000)
                .guardHold(800_000).guardDrop(900_000).venueQueueMax(1_000).inFlightMax(500).finalOrdersMax(10_000)
                .clockIntervalMs(3_600_000).invoked(true).stageTimes(times));
            assertEquals(0, times.out().getTotalCount());
            final Thread agent = new Thread(() -> run(adapter), "adapter");
            agent.start();
            trade(fromAdapter, WARM_UP);
            final long before = threads.getThreadAllocatedBytes(agent.getId());
            final long fastBefore = adapter.counter(CoinbaseCounter.FAST_LANE_IN);
            trade(fromAdapter, ORDERS);
            final long allocated = threads.getThreadAllocatedBytes(agent.getId()) - before;
            final long fast = adapter.counter(CoinbaseCounter.FAST_LANE_IN) - fastBefore;
            final long heartbeats = adapter.counter(CoinbaseCounter.SESSION_LANE_OUT);
            System.out.println("AllocationTest orders=" + ORDERS + " reports=" + fast + " " + state() + " allocated="
                + allocated);
            final Histogram out = times.out();
            final Histogram venueTime = times.venue();
            final Histogram in = times.in();
            System.out.println("AllocationTest p50 ns: out " + out.getValueAtPercentile(50) + ", venue "
                + venueTime.getValueAtPercentile(50) + ", in " + in.getValueAtPercentile(50));
            ended = true;
            agent.join();
            adapter.close();
            assertNull(failure, () -> "adapter: " + failure);
            assertTrue(fast > 2L * ORDERS, "reports " + fast + ", messages of the session layer " + heartbeats);
            assertTrue(out.getTotalCount() >= ORDERS && venueTime.getTotalCount() >= ORDERS
                && in.getTotalCount() == fast + fastBefore, "stages " + out.getTotalCount() + ", "
                + venueTime.getTotalCount() + ", " + in.getTotalCount());
            assertEquals(0, allocated, "bytes allocated on the adapter's thread");
        }
    }

    private void run(final CoinbaseAdapter adapter) {
        final AgentInvoker invoker = new AgentInvoker(error -> failure = error, null, adapter.agent());
        invoker.start();
        while (!ended) {
            if (invoker.invoke() == 0) {
                Thread.yield();
            }
        }
        invoker.close();
    }

    private String state() {
        return "open=" + open + " partial=" + partial + " filled=" + filled + " rejected=" + rejected + " cancelled="
            + cancelled + " replaced=" + replaced + " cancelRejects=" + cancelRejects + " sent=" + sentOrders;
    }

    private void trade(final Subscription fromAdapter, final int orders) {
        final long last = number + orders;
        final long allSent = sentOrders + orders + orders / 8 * 3L;
        long progress = number;
        long deadlineNs = System.nanoTime() + 60_000_000_000L;
        while (number < last || open > 0 || followCount > 0 || sentOrders < allSent) {
            if (up == 0 || open + 3 > OPEN_MAX || number >= last || !newOrders((number & 31) == 0 ? 3 : 1)) {
                Thread.yield();
            }
            fromAdapter.poll(this, 32);
            follow();
            if (System.nanoTime() - deadlineNs > 0) {
                if (progress == number) {
                    throw new AssertionError("nothing moves at " + number + " of " + last + ": " + state());
                }
                progress = number;
                deadlineNs = System.nanoTime() + 60_000_000_000L;
            }
        }
    }

    private boolean newOrders(final int count) {
        newOrders.wrapAndApplyHeader(buffer, 0, header).recordSequence(number).accountId(1).instrumentId(1)
            .batchIdHigh(ID_HIGH).batchIdLow(ID_LOW | 100L << 48 | number).venueSymbol("BTC-USD")
            .path(VenuePath.FIRST);
        final VenueNewOrdersEncoder.OrdersEncoder group = newOrders.ordersCount(count);
        for (int i = 0; i < count; i++) {
            final long next = number + 1 + i;
            group.next().orderId(next).venueClOrdIdHigh(ID_HIGH).venueClOrdIdLow(ID_LOW | next).side(Side.BUY)
                .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC);
            group.execInst().clear();
            group.selfTradePrevention(SelfTradePrevention.NONE).orderQty(2 * Scale.E8).price(6_000_012_000_000L)
                .stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL).receivedNs(0);
        }
        if (toAdapter.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + newOrders.encodedLength()) < 0) {
            return false;
        }
        number += count;
        open += count;
        return true;
    }

    /** Cancels and replaces that follow a first report. */
    private void follow() {
        while (followCount > 0) {
            final long order = follow.getLong(8 * (followCount - 1));
            final boolean taken = LoopVenue.fate(order) == LoopVenue.Fate.REPLACE_AND_FILL
                ? replace(order) : cancel(order);
            if (!taken) {
                return;
            }
            followCount--;
        }
    }

    private boolean cancel(final long order) {
        cancel.wrapAndApplyHeader(buffer, 0, header).recordSequence(order).accountId(1).instrumentId(1).orderId(order)
            .requestIdHigh(ID_HIGH).requestIdLow(ID_LOW | REPLACE_BIT | order).origIdHigh(ID_HIGH)
            .origIdLow(ID_LOW | order).venueOrderId("").venueSymbol("BTC-USD").side(Side.BUY).path(VenuePath.FIRST);
        return toAdapter.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + cancel.encodedLength()) > 0;
    }

    private boolean replace(final long order) {
        replace.wrapAndApplyHeader(buffer, 0, header).recordSequence(order).accountId(1).instrumentId(1).orderId(order)
            .requestIdHigh(ID_HIGH).requestIdLow(ID_LOW | REPLACE_BIT | order).origIdHigh(ID_HIGH)
            .origIdLow(ID_LOW | order).venueOrderId("").venueSymbol("BTC-USD").side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC).orderQty(3 * Scale.E8).price(6_000_012_000_000L).stopPx(Scale.NULL)
            .path(VenuePath.FIRST);
        return toAdapter.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + replace.encodedLength()) > 0;
    }

    @Override
    public void onFragment(final DirectBuffer frame, final int offset, final int length, final Header aeronHeader) {
        head.wrap(frame, offset);
        switch (head.templateId()) {
            case VenueExecutionDecoder.TEMPLATE_ID -> onExecution(execution.wrapAndApplyHeader(frame, offset, head));
            case VenueSentDecoder.TEMPLATE_ID ->
                sentOrders += sent.wrapAndApplyHeader(frame, offset, head).orders().count();
            case VenueCancelRejectDecoder.TEMPLATE_ID -> cancelRejects++;
            case VenueSessionStateDecoder.TEMPLATE_ID -> up++;
            default -> throw new AssertionError("unexpected template " + head.templateId());
        }
    }

    private void onExecution(final VenueExecutionDecoder report) {
        final ExecType execType = report.execType();
        final OrdStatus status = report.ordStatus();
        if (execType == ExecType.NEW && LoopVenue.fate(report.orderId()) != LoopVenue.Fate.FILL_IN_TWO) {
            follow.putLong(8 * followCount++, report.orderId());
        }
        partial += status == OrdStatus.PARTIALLY_FILLED ? 1 : 0;
        filled += status == OrdStatus.FILLED ? 1 : 0;
        rejected += status == OrdStatus.REJECTED ? 1 : 0;
        cancelled += status == OrdStatus.CANCELED ? 1 : 0;
        replaced += execType == ExecType.REPLACED ? 1 : 0;
        if (status == OrdStatus.FILLED || status == OrdStatus.REJECTED || status == OrdStatus.CANCELED) {
            open--;
        }
    }
}
