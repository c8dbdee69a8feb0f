package weir.fix;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.wire.FixTransport;
import weir.protocol.sbe.NewOrderDecoder;

/**
 * Desks that trade at a steady rate, and the engine that acknowledges every order of any desk, on one thread: orders
 * leave at fixed times, and what holds one up is charged to it.
 */
final class Traders {
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);

    private final GatewayFixture fixture;
    private final List<WireDesk> desks;
    private final long intervalNs;
    private final Supplier<SSLEngine> tls;
    private final FixTransport transport = new FixTransport(new FixTransport.Context());
    private final UnsafeBuffer report = new UnsafeBuffer(new byte[1024]);
    private final NewOrderDecoder order = new NewOrderDecoder();
    private Histogram latencies = new Histogram(HIGHEST_NS, 3);
    private IntConsumer onOrder = sessionId -> {
    };
    private long records = 1;
    private volatile boolean sending = true;
    private volatile boolean ended;
    private volatile long sent;
    private volatile long answered;

    Traders(final GatewayFixture fixture, final List<WireDesk> desks, final int perSecond,
        final Supplier<SSLEngine> tls) throws IOException {
        this.fixture = fixture;
        this.desks = desks;
        this.tls = tls;
        intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Told of every order that the engine took, with its session; on the traders' thread. */
    void onOrder(final IntConsumer consumer) {
        onOrder = consumer;
    }

    boolean isLoggedOn() {
        return desks.stream().allMatch(WireDesk::isLoggedOn);
    }

    long sent() {
        return sent;
    }

    boolean isAnswered() {
        return sent == answered;
    }

    /** Sends nothing more, and goes on to answer. */
    void rest() {
        sending = false;
    }

    void end() {
        ended = true;
    }

    /** Latencies since it was last asked, each from the order's due time to its report. */
    synchronized Histogram take() {
        final Histogram taken = latencies;
        latencies = new Histogram(HIGHEST_NS, 3);
        return taken;
    }

    private synchronized void record(final long ns) {
        latencies.recordValue(Math.min(ns, HIGHEST_NS));
    }

    void run() throws IOException {
        for (final WireDesk desk : desks) {
            desk.onAnswer(ns -> {
                record(ns);
                answered++;
            });
            desk.connect(transport, fixture.gateway.address(), tls.get());
        }
        long nextNs = System.nanoTime();
        while (!ended) {
            final long nowNs = System.nanoTime();
            if (!isLoggedOn() || !sending) {
                nextNs = nowNs;
            }
            while (sending && nextNs - nowNs < 0) {
                desks.get((int)(sent % desks.size())).order(nextNs);
                sent++;
                nextNs += intervalNs;
            }
            if (transport.flush() + fixture.engine.pollCommands(this::onCommand)
                + transport.poll(System.nanoTime()) == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
        transport.close();
    }

    private void onCommand(final org.agrona.DirectBuffer buffer, final int offset, final int length) {
        if (FakeEngine.template(buffer, offset) == NewOrderDecoder.TEMPLATE_ID) {
            order.wrap(buffer, offset + 8, NewOrderDecoder.BLOCK_LENGTH, NewOrderDecoder.SCHEMA_VERSION);
            onOrder.accept(order.sessionId());
            fixture.engine.send(report,
                fixture.engine.encodeReport(report, order.sessionId(), 1, records++, 0, "C"));
        }
    }

    /** Microseconds. */
    static String text(final Histogram histogram) {
        return String.format(Locale.ROOT, "n=%d p50 %.0f p90 %.0f p99 %.0f p99.9 %.0f max %.0f",
            histogram.getTotalCount(), histogram.getValueAtPercentile(50) / 1e3,
            histogram.getValueAtPercentile(90) / 1e3, histogram.getValueAtPercentile(99) / 1e3,
            histogram.getValueAtPercentile(99.9) / 1e3, histogram.getMaxValue() / 1e3);
    }
}
