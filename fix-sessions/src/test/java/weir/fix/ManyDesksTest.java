package weir.fix;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;
import weir.protocol.sbe.NewOrderDecoder;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** A thousand desks logged on, ten of them busy: nobody waits for an answer, no heartbeat is late. */
class ManyDesksTest {
    private static final int DESKS = Integer.getInteger("weir.desks", 1_000);
    private static final int BUSY = 10;
    private static final int WINDOW = 16;
    private static final int HEARTBEAT_S = 3;
    private static final long RUN_MS = Long.getLong("weir.desks.runMs", 10_000);
    private static final long LOGON_MS = 60_000;

    @TempDir
    Path directory;
    private final AtomicLong records = new AtomicLong(1);

    @Test
    void shouldServeBusyDesksAndKeepEveryHeartbeat() throws Exception {
        try (FakeEngine engine = new FakeEngine()) {
            final GatewayFixture fixture = new GatewayFixture(engine, directory, DeskTransport.WEIR);
            final FixGatewayContext context = fixture.context();
            // The engine shares a thread with all desks here: it may pause.
            context.ingressRetryUs(1_000_000).logonLimits(context.logonLimits().withThrottle(10_000, 10_000, 1)
                .withConnections(2 * DESKS, 2 * DESKS, (int)LOGON_MS, 16_384));
            for (int i = 0; i < DESKS; i++) {
                context.desk(GatewayFixture.desk(1 + i, 1, "DESK" + i)
                    .credential(GatewayFixture.password("desk" + i)));
            }
            fixture.gateway = FixGateway.launch(context);
            try (Selector selector = Selector.open()) {
                final List<Desk> desks = connect(fixture.gateway.address(), selector, engine);
                poll(selector, engine, desks, LOGON_MS, () ->
                    desks.stream().allMatch(desk -> desk.loggedOn), "logons", fixture.gateway.counters());
                final long startNs = System.nanoTime();
                desks.forEach(desk -> desk.lastInNs = startNs);
                desks.subList(0, BUSY).forEach(desk -> desk.busy = true);
                poll(selector, engine, desks, RUN_MS + 5_000,
                    () -> System.nanoTime() - startNs > RUN_MS * 1_000_000, "run",
                    fixture.gateway.counters());
                final String counters = fixture.gateway.counters().toString();
                for (final Desk desk : desks) {
                    assertTrue(desk.loggedOn, () -> desk.compId + " was logged out; " + counters);
                    assertEquals(0, desk.testRequests, () -> desk.compId + " was asked for a sign of life");
                    assertTrue(desk.longestNs < (HEARTBEAT_S + 1) * 1_000_000_000L,
                        () -> desk.compId + " heard nothing for " + desk.longestNs / 1_000_000 + " ms; " + counters);
                }
                final LongSummaryStatistics answers =
                    desks.subList(0, BUSY).stream().mapToLong(desk -> desk.answers).summaryStatistics();
                final long least = answers.getMin();
                final long most = answers.getMax();
                assertTrue(least > 100 && most < 4 * least, "answers between " + least + " and " + most);
                assertEquals(0, fixture.gateway.counters().get(Counter.BUSY));
                for (final Desk desk : desks) {
                    desk.channel.close();
                }
            } finally {
                // The engine is told of a thousand ends: somebody must read them.
                final AtomicBoolean closed = new AtomicBoolean();
                final Thread reader = new Thread(() -> {
                    while (!closed.get()) {
                        engine.poll();
                        Thread.yield();
                    }
                });
                reader.start();
                fixture.close();
                closed.set(true);
                reader.join();
            }
        }
    }

    private static List<Desk> connect(final InetSocketAddress address, final Selector selector, final FakeEngine engine)
        throws IOException {
        final List<Desk> desks = new ArrayList<>();
        for (int i = 0; i < DESKS; i++) {
            final Desk desk = new Desk(SocketChannel.open(address), "DESK" + i);
            desk.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            desk.channel.configureBlocking(false);
            desk.channel.register(selector, SelectionKey.OP_READ, desk);
            desk.send("A", "98=0|108=" + HEARTBEAT_S + "|1137=9|553=desk" + i + "|554="
                + GatewayFixture.PASSWORD + "|");
            desks.add(desk);
            engine.poll();
        }
        return desks;
    }

    private interface Condition {
        boolean holds();
    }

    private void poll(final Selector selector, final FakeEngine engine, final List<Desk> desks,
        final long maxMs, final Condition until, final String what, final GatewayCounters counters)
        throws IOException {
        final long deadline = System.currentTimeMillis() + maxMs;
        final UnsafeBuffer report = new UnsafeBuffer(new byte[1024]);
        final NewOrderDecoder order = new NewOrderDecoder();
        while (!until.holds()) {
            if (System.currentTimeMillis() > deadline) {
                fail(what + " not done in " + maxMs + " ms; logged on "
                    + desks.stream().filter(desk -> desk.loggedOn).count() + ", ended "
                    + desks.stream().filter(desk -> desk.end != null).map(desk -> desk.compId + " " + desk.end)
                    .limit(3).toList() + " " + counters);
            }
            engine.pollCommands((buffer, offset, length) -> {
                if (FakeEngine.template(buffer, offset) == NewOrderDecoder.TEMPLATE_ID) {
                    order.wrap(buffer, offset + 8, NewOrderDecoder.BLOCK_LENGTH, NewOrderDecoder.SCHEMA_VERSION);
                    engine.send(report, engine.encodeReport(report, order.sessionId(), 1, records.getAndIncrement(), 0,
                        "C"));
                }
            });
            selector.selectNow(key -> {
                try {
                    ((Desk)key.attachment()).read();
                } catch (final IOException ex) {
                    ((Desk)key.attachment()).onEnd(ex.toString());
                    key.cancel();
                }
            });
            final long nowNs = System.nanoTime();
            for (final Desk desk : desks) {
                if (desk.loggedOn) {
                    desk.onTime(nowNs);
                }
            }
            Thread.yield();
        }
    }

    /** One desk of the tester's thread. */
    private static final class Desk {
        private final SocketChannel channel;
        private final String compId;
        private final ByteBuffer in = ByteBuffer.allocate(16_384);
        private int seq = 1;
        private boolean loggedOn;
        private boolean busy;
        private long lastInNs;
        private long lastOutNs;
        private long longestNs;
        private long sent;
        private long answers;
        private int testRequests;
        private String end;

        Desk(final SocketChannel channel, final String compId) {
            this.channel = channel;
            this.compId = compId;
        }

        void onTime(final long nowNs) throws IOException {
            longestNs = Math.max(longestNs, lastInNs == 0 ? 0 : nowNs - lastInNs);
            while (busy && sent - answers < WINDOW) {
                sent++;
                send("D", OrderFlowTest.newOrder("C" + sent));
            }
            if (nowNs - lastOutNs > HEARTBEAT_S * 900_000_000L) {
                send("0", "");
            }
        }

        void send(final String type, final String fields) throws IOException {
            final ByteBuffer bytes = ByteBuffer.wrap(RawDesk.frame("35=" + type + "|34=" + seq++ + "|49=" + compId
                + "|52=" + RawDesk.now() + "|56=WEIR|" + fields).getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lastOutNs = System.nanoTime();
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("end");
            }
            lastInNs = System.nanoTime();
            in.flip();
            final String text = StandardCharsets.ISO_8859_1.decode(in).toString();
            int from = 0;
            for (int trailer = text.indexOf("\u000110=", from); trailer >= 0 && text.length() >= trailer + 8;
                trailer = text.indexOf("\u000110=", from)) {
                onMessage(text.substring(from, trailer));
                from = trailer + 8;
            }
            in.clear();
            in.put(text.substring(from).getBytes(StandardCharsets.ISO_8859_1));
        }

        private void onMessage(final String message) {
            if (message.contains("\u000135=A\u0001")) {
                loggedOn = true;
            } else if (message.contains("\u000135=8\u0001")) {
                answers++;
            } else if (message.contains("\u000135=1\u0001")) {
                testRequests++;
            } else if (message.contains("\u000135=5\u0001")) {
                onEnd(message.replace('\u0001', '|'));
            }
        }

        void onEnd(final String reason) {
            loggedOn = false;
            end = end == null ? reason : end + ", " + reason;
        }
    }
}
