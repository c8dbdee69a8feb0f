package weir.fix;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.StageTimes;
import weir.fix.wire.FixWriter;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * The gateway's thread over a million orders through a real socket: each is answered with an acknowledgement and a
 * partial fill, or refused. The desk and the engine are another thread.
 */
class GatewayAllocationTest {
    private static final int ORDERS = Integer.getInteger("weir.allocation.orders", 1_000_000);
    private static final int WARM_UP = 120_000;
    private static final int IN_FLIGHT = 128;
    private static final long WAIT_MS = 300_000;

    @TempDir
    Path directory;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong answered = new AtomicLong();
    private final StageTimes stages = new StageTimes();
    private volatile boolean stop;

    @Test
    void shouldAllocateNothingPerOrder() throws Exception {
        try (AnsweringEngine engine = new AnsweringEngine()) {
            final GatewayFixture fixture = new GatewayFixture(engine.fake, directory, DeskTransport.WEIR);
            fixture.launch(context -> context.invoked(true).ingressRetryUs(1_000_000)
                .clock(new OffsetEpochNanoClock()).stageTimes(stages));
            final Thread tester = start("tester", () -> trade(fixture.gateway.address(), engine));
            // This thread is the gateway's.
            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            long allocatedBefore = 0;
            final long deadline = System.currentTimeMillis() + WAIT_MS;
            while (answered.get() < WARM_UP + ORDERS && failure.get() == null) {
                for (int i = 0; i < 10_000; i++) {
                    fixture.gateway.agent().doWork();
                }
                if (allocatedBefore == 0 && answered.get() >= WARM_UP) {
                    allocatedBefore = threads.getCurrentThreadAllocatedBytes();
                }
                if (System.currentTimeMillis() > deadline) {
                    fail("only " + answered + " orders answered, " + fixture.gateway.counters());
                }
            }
            final long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
            // Between two cycles and while the desk is there: what is stored for one that has gone is not written.
            assertEquals(fixture.gateway.counters().get(Counter.FAST_IN), stages.decoded().getTotalCount());
            assertEquals(fixture.gateway.counters().get(Counter.FAST_IN), stages.offered().getTotalCount());
            assertEquals(fixture.gateway.counters().get(Counter.FAST_OUT), stages.written().getTotalCount());
            stop = true;
            while (tester.isAlive()) {
                // It may be in the middle of a report that needs room.
                fixture.gateway.agent().doWork();
            }
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
            assertEquals(0, fixture.gateway.counters().get(Counter.SLOW_IN) - 1, fixture.gateway.counters()::toString);
            fixture.close();
            // An object for each hundredth order would be more; what is once, the bean's own call or code that is
            // compiled anew, is less.
            assertEquals(0, allocated * 100 / ORDERS, "bytes allocated over " + ORDERS + " orders: " + allocated);
        }
    }

    private Thread start(final String name, final Task task) {
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final Exception | AssertionError ex) {
                failure.compareAndSet(null, ex);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Task {
        void run() throws Exception;
    }

    /** Sends orders as answers come, at most so many ahead. */
    private void trade(final InetSocketAddress address, final AnsweringEngine engine) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final String logon = RawDesk.frame("35=A|34=1|49=ALPHA1|52=" + RawDesk.now() + "|56=WEIR|98=0|108=60|"
                + "1137=9|" + GatewayFixture.ALPHA1);
            channel.write(ByteBuffer.wrap(logon.getBytes(StandardCharsets.ISO_8859_1)));
            final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
            channel.read(in);
            channel.configureBlocking(false);
            final FixWriter writer = new FixWriter("FIXT.1.1", 512);
            final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
            final UnsafeBuffer outBytes = new UnsafeBuffer(out);
            long sent = 0;
            while (!stop) {
                final long nowNs = System.currentTimeMillis() * 1_000_000L;
                while (sent - answered.get() < IN_FLIGHT && out.remaining() > 512) {
                    writer.begin().raw("35=D\u0001".getBytes(StandardCharsets.US_ASCII)).number(34, sent + 2)
                        .text(49, "ALPHA1").timestamp(52, nowNs, 3).text(56, "WEIR").number(11, sent).number(38, 1)
                        .character(40, (byte)'2').decimal(44, 6_500_000_000_000L + sent).character(54, (byte)'1')
                        .text(55, "BTC-USD").character(59, (byte)'1').timestamp(60, nowNs, 3).finish();
                    outBytes.putBytes(out.position(), writer.buffer(), writer.offset(), writer.length());
                    out.position(out.position() + writer.length());
                    sent++;
                }
                out.flip();
                channel.write(out);
                out.compact();
                in.clear();
                if (channel.read(in) < 0) {
                    fail("the gateway ended the connection after " + sent + " orders");
                }
                engine.doWork();
            }
        }
    }

    /** Answers orders: two of three with an acknowledgement and a partial fill, one with a refusal. */
    private final class AnsweringEngine implements AutoCloseable {
        private final FakeEngine fake = new FakeEngine();
        private final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private final ExecutionReportEncoder report = new ExecutionReportEncoder();
        private long record = 1;
        private long orders;

        void doWork() {
            fake.pollCommands((buffer, offset, length) -> {
                if (length > 100) {
                    if (orders++ % 3 == 2) {
                        send(ExecType.REJECTED, OrdStatus.REJECTED, RejectReason.MAX_QTY, 0);
                    } else {
                        send(ExecType.NEW, OrdStatus.NEW, RejectReason.NONE, 0);
                        send(ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, RejectReason.NONE, Scale.E8 / 3);
                    }
                    answered.lazySet(orders);
                }
            });
        }

        private void send(final ExecType execType, final OrdStatus status, final RejectReason reason, final long qty) {
            report.wrapAndApplyHeader(frame, 0, header).recordSequence(record++).outputIndex(0)
                .sessionId(GatewayFixture.ALPHA1_SESSION).tenantId(1).transactNs(1_767_225_600_000_000_000L + record)
                .refMsgSeqNum(2).reason(reason.code()).detailA(record).detailB(qty).orderId(record).clOrdId("C")
                .origClOrdId("").symbol("BTC-USD").execType(execType).ordStatus(status).side(Side.BUY)
                .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC).liquidity(Liquidity.TAKER).orderQty(Scale.E8)
                .price(65_000 * Scale.E8).stopPx(Scale.NULL).lastQty(qty).lastPx(64_999 * Scale.E8).cumQty(qty)
                .leavesQty(Scale.E8 - qty).avgPx(64_999 * Scale.E8).fee(qty / 1000).feeCurrency("USD")
                .tradeId(record).unknownState(BooleanType.FALSE).text("");
            fake.send(frame, MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength());
        }

        @Override
        public void close() {
            fake.close();
        }
    }
}
