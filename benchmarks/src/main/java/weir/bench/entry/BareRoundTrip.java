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
    private static final int LOOK_EVERY = 1 << 20;
    private static final long ANSWER_NS = 5_000_000_000L;

    private final ExclusivePublication ping;
    private final Subscription pong;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler onPong = (buffer, offset, length, header) -> count();
    private final Echo echo;
    private volatile Throwable failure;
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
        try (AgentRunner runner = new AgentRunner(new BusySpinIdleStrategy(), error -> failure = error, null, echo)) {
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
                int spins = 0;
                while (back < goal) {
                    pong.poll(onPong, 1);
                    if (++spins % LOOK_EVERY == 0) {
                        await(startNs);
                    }
                }
                latencies.recordValue(Math.min(latencies.getHighestTrackableValue(), System.nanoTime() - startNs));
                while (echo.done < goal) { // what comes behind the answer is not the next one's to wait for
                    Thread.onSpinWait();
                    if (++spins % LOOK_EVERY == 0) {
                        await(startNs);
                    }
                }
            }
        }
    }

    private void await(final long startNs) {
        if (failure != null || System.nanoTime() - startNs > ANSWER_NS) {
            throw new IllegalStateException("the echo does not answer", failure);
        }
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
        /** Pings that nothing is left to do for; this thread's alone to write. */
        private volatile long done;

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
                done = done + 1;
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
