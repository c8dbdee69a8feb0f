package weir.config.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a router's runtime has opened, in order, and closes in the reverse order. Any thread.
 */
final class RouterParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterParts.class);
    private static final int JOIN_MS = (int)TimeUnit.SECONDS.toMillis(5);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Consumer<Throwable> onFatal;

    /**
     * Nothing opened yet.
     *
     * @param onFatal told of an {@link Error} and of the end of an agent, with what no part can go on
     */
    RouterParts(final Consumer<Throwable> onFatal) {
        this.onFatal = onFatal;
    }

    /** Takes over the closing of a part. */
    synchronized <T extends AutoCloseable> T own(final T part) {
        opened.push(part);
        return part;
    }

    /** Runs an agent on a thread of its own, which ends when the part is closed. */
    AutoCloseable run(final Agent agent, final IdleStrategy idle) {
        final AgentRunner runner = new AgentRunner(idle, errorHandler(), null, agent);
        final AutoCloseable part = own(() -> runner.close(JOIN_MS, thread -> stuck(agent, thread)));
        AgentRunner.startOnThread(runner);
        return part;
    }

    /** For parts that take an error handler: what an agent survives is logged, what ends it is told. */
    ErrorHandler errorHandler() {
        return error -> {
            if (error instanceof Error || error instanceof AgentTerminationException) {
                onFatal.accept(error);
            } else {
                LOG.error("agent", error);
            }
        };
    }

    private static void stuck(final Agent agent, final Thread thread) {
        final StringBuilder stack = new StringBuilder();
        for (final StackTraceElement element : thread.getStackTrace()) {
            stack.append("\n    at ").append(element);
        }
        LOG.error("agent {} does not end{}", agent.roleName(), stack);
    }

    /** Closes all, the last opened first. A part that fails to close is logged. */
    @Override
    public void close() {
        AutoCloseable part = next();
        while (part != null) {
            try {
                part.close();
            } catch (final Exception ex) {
                LOG.error("closing {}", part, ex);
            }
            part = next();
        }
    }

    private synchronized AutoCloseable next() {
        return opened.poll();
    }
}
