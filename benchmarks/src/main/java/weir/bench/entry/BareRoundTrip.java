package weir.bench.entry;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BusySpinIdleStrategy;

/** An order's worth of bytes to an echo on another thread and back, over two Aeron IPC streams. */
final class BareRoundTrip implements AutoCloseable {
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final int PING = 9_001;
    private static final int PONG = 9_002;
    private static final int LENGTH = 192;

    private final ExclusivePublication ping;
    private final Subscription pong;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler onPong = (buffer, offset, length, header) -> count();
    private final Echo echo;
    private long back;

    BareRoundTrip(final Aeron aeron) {
        echo = new Echo(aeron);
        ping = aeron.addExclusivePublication(CHANNEL, PING);
        pong = aeron.addSubscription(CHANNEL, PONG);
        while (!ping.isConnected() || !pong.isConnected()) {
            Thread.onSpinWait();
        }
    }

    /** The echo spins only while it is measured, so that the contestants never share a processor. */
    void run(final int messages, final long mostNs, final Histogram latencies) {
        final AgentRunner runner = new AgentRunner(new BusySpinIdleStrategy(), error -> { }, null, echo);
        AgentRunner.startOnThread(runner);
        final long endNs = System.nanoTime() + mostNs;
        for (int i = 0; i < messages && System.nanoTime() - endNs < 0; i++) {
            final long goal = back + 1;
            final long startNs = System.nanoTime();
            while (ping.tryClaim(LENGTH, claim) <= 0) {
                Thread.onSpinWait();
            }
            claim.buffer().putLong(claim.offset(), startNs);
            claim.commit();
            while (back < goal) {
                pong.poll(onPong, 1);
            }
            latencies.recordValue(Math.min(latencies.getHighestTrackableValue(), System.nanoTime() - startNs));
        }
        runner.close();
    }

    private void count() {
        back++;
    }

    @Override
    public void close() {
        ping.close();
        pong.close();
        echo.in.close();
        echo.out.close();
    }

    /** Sends back what it gets. */
    private static final class Echo implements Agent {
        private final Subscription in;
        private final ExclusivePublication out;
        private final BufferClaim claim = new BufferClaim();
        private final FragmentHandler onPing;

        private Echo(final Aeron aeron) {
            in = aeron.addSubscription(CHANNEL, PING);
            out = aeron.addExclusivePublication(CHANNEL, PONG);
            onPing = (buffer, offset, length, header) -> {
                while (out.tryClaim(length, claim) <= 0) {
                    Thread.onSpinWait();
                }
                claim.buffer().putBytes(claim.offset(), buffer, offset, length);
                claim.commit();
            };
        }

        @Override
        public int doWork() {
            return in.poll(onPing, 1);
        }

        @Override
        public String roleName() {
            return "echo";
        }
    }
}
