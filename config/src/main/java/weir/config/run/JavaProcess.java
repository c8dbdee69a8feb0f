package weir.config.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A child JVM on the class path and with the module flags of this one. Its standard output is read line by line, its
 * standard error goes to a file. Used by the demo and by the tests that kill processes.
 */
public final class JavaProcess implements AutoCloseable {
    private static final String END = new String("end of output");
    private static final int STOP_TIMEOUT_S = 20;
    /** Directories last: of the class path in front of them classes may come from a JVM's archive. */
    private static final String CLASS_PATH = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .sorted(Comparator.comparing((String entry) -> !entry.endsWith(".jar")))
        .collect(Collectors.joining(File.pathSeparator));
    /** Class data archive of children, where it exists ({@code -XX:SharedArchiveFile}): they start in half the time. */
    private static final String ARCHIVE = System.getProperty("weir.child.archive", "");

    private final String name;
    private final Process process;
    private final Path errorLog;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private JavaProcess(final String name, final Process process, final Path errorLog) {
        this.name = name;
        this.process = process;
        this.errorLog = errorLog;
        final Thread reader = new Thread(this::read, name + "-stdout");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a class's {@code main}.
     *
     * @param name        for messages and the log's name
     * @param logDir      where {@code name.err} goes; made when missing
     * @param jvmArgs     beside the inherited module flags, for example {@code -Xmx256m}
     * @param mainClass   what to run
     * @param args        its arguments
     * @param environment beside what it inherits; secrets go this way and never on a command line
     * @return the running process
     * @throws IOException if it cannot be started
     */
    public static JavaProcess start(final String name, final Path logDir, final List<String> jvmArgs,
        final String mainClass, final List<String> args, final Map<String, String> environment) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedFlags());
        if (Files.isRegularFile(Path.of(ARCHIVE))) {
            // of another build or JVM it is left aside, with a warning that is no output of the child
            command.addAll(List.of("-Xlog:cds=off", "-XX:SharedArchiveFile=" + ARCHIVE));
        }
        command.addAll(jvmArgs);
        command.add("-cp");
        command.add(CLASS_PATH);
        command.add(mainClass);
        command.addAll(args);
        Files.createDirectories(logDir);
        final Path errorLog = logDir.resolve(name + ".err");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errorLog.toFile()));
        builder.environment().putAll(environment);
        return new JavaProcess(name, builder.start(), errorLog);
    }

    /** Module and library flags of this JVM, which every child needs too. */
    static List<String> inheritedFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(arg -> arg.startsWith("--add-") || arg.startsWith("--enable-native")
                || arg.startsWith("--sun-misc") || arg.startsWith("-Dchronicle.")
                || arg.startsWith("-Djava.util.logging.")).toList();
    }

    /**
     * Waits for a line.
     *
     * @param prefix    how the line begins
     * @param timeoutMs bound
     * @return the whole line
     * @throws IOException when the process ends or the time is over first, with what it printed
     */
    public String awaitLine(final String prefix, final long timeoutMs) throws IOException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            while (true) {
                final String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new IOException(
                        name + " did not print '" + prefix + "' within " + timeoutMs + " ms: " + tail());
                }
                if (line == END) {
                    throw new IOException(name + " ended before it printed '" + prefix + "': " + tail());
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
     * Value of {@code key=value} in a line such as {@code READY fix=1 rest=2}.
     *
     * @param line the line
     * @param key  before the equals sign
     * @return the value
     */
    public static String value(final String line, final String key) {
        for (final String word : line.split(" ")) {
            if (word.startsWith(key + "=")) {
                return word.substring(key.length() + 1);
            }
        }
        throw new IllegalArgumentException("no " + key + " in '" + line + "'");
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
     * Whether it runs.
     *
     * @return false after its end
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(STOP_TIMEOUT_S);
    }

    /**
     * Sends SIGTERM and waits for the end; SIGKILL when it does not come.
     *
     * @return exit code
     */
    public int terminate() {
        process.toHandle().destroy(); // Process.destroy() would close the pipe before the last lines are read
        if (!awaitEnd(STOP_TIMEOUT_S)) {
            kill();
        }
        return process.exitValue();
    }

    /**
     * Waits for the end.
     *
     * @param timeoutS bound, seconds
     * @return false when it still runs
     */
    public boolean awaitEnd(final long timeoutS) {
        try {
            return process.waitFor(timeoutS, TimeUnit.SECONDS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Exit code.
     *
     * @return of the ended process
     */
    public int exitCode() {
        return process.exitValue();
    }

    /**
     * The last of what it printed, for messages.
     *
     * @return several lines
     */
    public String tail() {
        final StringBuilder text = new StringBuilder();
        synchronized (seen) {
            for (final String line : seen.subList(Math.max(0, seen.size() - 20), seen.size())) {
                text.append('\n').append(line);
            }
        }
        try {
            final List<String> errors = Files.readAllLines(errorLog);
            for (final String line : errors.subList(Math.max(0, errors.size() - 20), errors.size())) {
                text.append('\n').append(line);
            }
        } catch (final IOException ex) {
            text.append("\n(no ").append(errorLog).append(": ").append(ex.getMessage()).append(')');
        }
        return text.toString();
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

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
    }
}
