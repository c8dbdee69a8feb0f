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

/**
 * An order's worth of bytes to an echo on another thread and back, over two Aeron IPC streams. With a part of the work
 * the echo does that before it answers: what the part alone takes.
 */
final class BareRoundTrip implements AutoCloseable {
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final int LENGTH = 192;

    private final ExclusivePublication ping;
    private final Subscription pong;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler onPong = (buffer, offset, length, header) -> count();
    private final Echo echo;
    private long back;

    /** What an echo does, too. Its thread. */
    interface Part {
        /** Before the answer. */
        void before();

        /** Behind the answer. */
        void after();
    }

    /**
     * @param aeron  client
     * @param stream of the pings; pongs have the next one
     * @param part   of the work; null = none
     */
    BareRoundTrip(final Aeron aeron, final int stream, final Part part) {
        echo = new Echo(aeron, stream, part);
        ping = aeron.addExclusivePublication(CHANNEL, stream);
        pong = aeron.addSubscription(CHANNEL, stream + 1);
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

        private Echo(final Aeron aeron, final int stream, final Part part) {
            in = aeron.addSubscription(CHANNEL, stream);
            out = aeron.addExclusivePublication(CHANNEL, stream + 1);
            onPing = (buffer, offset, length, header) -> {
                if (part != null) {
                    part.before();
                }
                while (out.tryClaim(length, claim) <= 0) {
                    Thread.onSpinWait();
                }
                claim.buffer().putBytes(claim.offset(), buffer, offset, length);
                claim.commit();
                if (part != null) {
                    part.after();
                }
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
