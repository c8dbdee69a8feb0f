package weir.bench.contest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of a contestant: on a JDK of choice, with flags of its own, on this process's class path. It can be stopped
 * (SIGSTOP) while others are measured, so that a busy thread of its takes no processor from them.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String END = new String("end of output");
    private static final int STOP_TIMEOUT_S = 15;
    private static final int TAIL = 20;

    private final String name;
    private final Process process;
    private final Path errors;
    private final Thread hook = new Thread(this::killNow, "kill-child");
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private boolean paused;

    private ChildJvm(final String name, final Process process, final Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        final Thread reader = new Thread(this::read, name + "-stdout");
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a class.
     *
     * @param name        for messages
     * @param directory   where its standard error goes
     * @param jdk         to run on
     * @param flags       of the JVM
     * @param main        class with {@code main}
     * @param args        its arguments
     * @param environment beside what it inherits; secrets go this way
     * @return the running process
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(final String name, final Path directory, final Jdk jdk, final List<String> flags,
        final String main, final List<String> args, final Map<String, String> environment) throws IOException {
        final List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(args);
        Files.createDirectories(directory);
        final Path errors = directory.resolve(name + ".err");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(environment);
        return new ChildJvm(name, builder.start(), errors);
    }

    /**
     * Waits for a line.
     *
     * @param prefix    how it begins
     * @param timeoutMs bound
     * @return the whole line
     * @throws IOException when the process ends or the time is over first, with what it printed
     */
    public String awaitLine(final String prefix, final long timeoutMs) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            while (true) {
                final String line = lines.poll(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null || line == END) {
                    throw new IOException(name + (line == null ? " did not print '" : " ended before it printed '")
                        + prefix + "' within " + timeoutMs + " ms: " + tail());
                }
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + name, ex);
        }
    }

    /**
     * Value of {@code key=value} in a line.
     *
     * @param line the line
     * @param key  before the equals sign
     * @return the value
     * @throws IOException when it is not there
     */
    public static String value(final String line, final String key) throws IOException {
        for (final String word : line.split(" ")) {
            if (word.startsWith(key + '=')) {
                return word.substring(key.length() + 1);
            }
        }
        throw new IOException("no " + key + " in '" + line + "'");
    }

    /**
     * Operating-system process id.
     *
     * @return pid
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Stops all of its threads, until {@link #resume}.
     *
     * @throws IOException when the signal cannot be sent
     */
    public void pause() throws IOException {
        if (!paused && process.isAlive()) {
            signal("-STOP");
            paused = true;
        }
    }

    /**
     * Lets it run again.
     *
     * @throws IOException when the signal cannot be sent
     */
    public void resume() throws IOException {
        if (paused) {
            signal("-CONT");
            paused = false;
        }
    }

    private void signal(final String signal) throws IOException {
        try {
            final Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).inheritIO().start();
            if (kill.waitFor() != 0) {
                throw new IOException("kill " + signal + " of " + name + " failed");
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    /**
     * Waits for its end by itself.
     *
     * @param timeoutMs bound
     * @return exit code
     * @throws IOException when it does not end in time
     */
    public int awaitEnd(final long timeoutMs) throws IOException {
        try {
            if (!process.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " did not end within " + timeoutMs + " ms: " + tail());
            }
            return process.exitValue();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    /**
     * The last of what it printed.
     *
     * @return several lines
     */
    public String tail() {
        final List<String> all = new ArrayList<>();
        synchronized (seen) {
            all.addAll(seen.subList(Math.max(0, seen.size() - TAIL), seen.size()));
        }
        try {
            final List<String> text = Files.readAllLines(errors);
            all.addAll(text.subList(Math.max(0, text.size() - TAIL), text.size()));
        } catch (final IOException ex) {
            all.add("(its errors cannot be read: " + ex.getMessage() + ')');
        }
        return String.join("\n", all);
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (seen) {
                    seen.add(line);
                }
                lines.add(line);
            }
        } catch (final IOException ex) {
            lines.add("(output lost: " + ex.getMessage() + ')');
        } finally {
            lines.add(END);
        }
    }

    private void killNow() {
        process.destroyForcibly(); // SIGKILL also ends a stopped process
    }

    /** SIGTERM, and SIGKILL when that is not enough. */
    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException ex) {
            process.destroyForcibly(); // this JVM is ending and the hook runs
            return;
        }
        resume();
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException ex) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
