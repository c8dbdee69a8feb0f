package weir.config.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a thread runs, and when: told to the system by {@code taskset} and {@code chrt} of util-linux, once, by the
 * thread itself when it starts. Where that cannot be done it runs as any other, and a warning says why: a router that
 * trades slower is better than none.
 */
final class Scheduling {
    /** Runs wherever the kernel puts it. */
    static final int ANY = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final long TIMEOUT_S = 5;

    private Scheduling() {
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
    static ThreadFactory pinned(final String name, final int cpu) {
        return daemons(name, () -> pin(cpu));
    }

    /** Makes daemon threads that get what others leave of the processors. */
    static ThreadFactory idle(final String name) {
        return daemons(name, Scheduling::idle);
    }

    /**
     * Binds the calling thread.
     *
     * @param cpu processor, {@link #ANY} = leave it
     * @return true when it is bound
     */
    static boolean pin(final int cpu) {
        return cpu != ANY && tell("on processor " + cpu, "taskset", "--cpu-list", "--pid", Integer.toString(cpu));
    }

    /**
     * Puts the calling thread into the system's idle class (SCHED_IDLE): any other that wakes takes its place at once.
     *
     * @return true when it is there
     */
    static boolean idle() {
        return tell("when no other does", "chrt", "--idle", "--pid", "0");
    }

    private static ThreadFactory daemons(final String name, final Runnable first) {
        return task -> {
            final Thread thread = new Thread(() -> {
                first.run();
                task.run();
            }, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static boolean tell(final String what, final String... command) {
        final String name = Thread.currentThread().getName();
        try {
            final List<String> line = new ArrayList<>(List.of(command));
            line.add(Files.readSymbolicLink(SELF).getFileName().toString());
            final Process tool = new ProcessBuilder(line).redirectErrorStream(true).start();
            if (!tool.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                tool.destroyForcibly();
                LOG.warn("thread {} does not run {}: {} does not end", name, what, command[0]);
            } else if (tool.exitValue() == 0) {
                LOG.info("thread {} runs {}", name, what);
                return true;
            } else {
                LOG.warn("thread {} does not run {}: {}", name, what,
                    new String(tool.getInputStream().readAllBytes()).strip());
            }
        } catch (final IOException ex) {
            LOG.warn("thread {} does not run {}: {}", name, what, ex.toString());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
