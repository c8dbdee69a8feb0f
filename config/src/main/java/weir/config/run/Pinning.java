package weir.config.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds a thread to a processor, by {@code taskset} of util-linux, once, before its first duty cycle. Where that cannot
 * be done the thread runs unbound, and a warning says why: a router that trades slower is better than none.
 */
final class Pinning {
    /** Runs wherever the kernel puts it. */
    static final int ANY = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Pinning.class);
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final long TIMEOUT_S = 5;

    private Pinning() {
    }

    /** An agent whose thread binds itself when it starts; the agent itself for {@link #ANY}. */
    static Agent pinned(final Agent agent, final int cpu) {
        return cpu == ANY ? agent : new Agent() {
            @Override
            public void onStart() {
                pin(cpu);
                agent.onStart();
            }

            @Override
            public int doWork() throws Exception {
                return agent.doWork();
            }

            @Override
            public void onClose() {
                agent.onClose();
            }

            @Override
            public String roleName() {
                return agent.roleName();
            }
        };
    }

    /** Makes daemon threads that bind themselves when they start. */
    static ThreadFactory threads(final String name, final int cpu) {
        return task -> {
            final Thread thread = new Thread(() -> {
                pin(cpu);
                task.run();
            }, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Binds the calling thread.
     *
     * @param cpu processor, {@link #ANY} = leave it
     * @return true when it is bound
     */
    static boolean pin(final int cpu) {
        if (cpu == ANY) {
            return false;
        }
        final String name = Thread.currentThread().getName();
        try {
            final String thread = Files.readSymbolicLink(SELF).getFileName().toString();
            final Process taskset = new ProcessBuilder("taskset", "--pid", "--cpu-list", Integer.toString(cpu), thread)
                .redirectErrorStream(true).start();
            final String said = new String(taskset.getInputStream().readAllBytes()).strip();
            if (taskset.waitFor(TIMEOUT_S, TimeUnit.SECONDS) && taskset.exitValue() == 0) {
                LOG.info("thread {} runs on processor {}", name, cpu);
                return true;
            }
            LOG.warn("thread {} is not bound to processor {}: {}", name, cpu, said);
        } catch (final IOException ex) {
            LOG.warn("thread {} is not bound to processor {}: {}", name, cpu, ex.toString());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
