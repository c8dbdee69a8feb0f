package weir.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A process of its own for the tests: a journal writer that can be killed, a holder of locks, and how to start one.
 * What it has committed to the ring it says in a mapped file, which outlives it.
 */
final class JournalChild implements AutoCloseable {
    private static final int BURST = 20;

    private final Process process;
    private final Path log;
    private final Path committedFile;

    private JournalChild(final Process process, final Path log, final Path committedFile) {
        this.process = process;
        this.log = log;
        this.committedFile = committedFile;
    }

    /** {@code write <directory> <committed> <roll> <last> <pauseUs>}, {@code hold <directory>}, {@code fill ...}. */
    public static void main(final String[] args) throws IOException {
        switch (args[0]) {
            case "write":
                write(Path.of(args[1]), Path.of(args[2]), RollEvery.valueOf(args[3]), Long.parseLong(args[4]),
                    Long.parseLong(args[5]));
                break;
            case "hold":
                hold(Path.of(args[1]));
                break;
            case "fill":
                fill(Path.of(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
                break;
            case "open":
                open(Path.of(args[1]));
                break;
            case "archive":
                archive(Path.of(args[1]), Path.of(args[2]));
                break;
            case "snapshot":
                snapshot(Path.of(args[1]), Long.parseLong(args[2]));
                break;
            default:
                throw new IllegalArgumentException(args[0]);
        }
    }

    private static void write(final Path directory, final Path committedFile, final RollEvery roll, final long last,
        final long pauseUs) throws IOException {
        final UnsafeBuffer committed = map(committedFile);
        try (Journal journal = Journal.launch(Journals.context(directory).rollEvery(roll))) {
            final AgentRunner runner = new AgentRunner(new BackoffIdleStrategy(), error -> {
                System.out.println("agent failed: " + error);
                Runtime.getRuntime().halt(3);
            }, null, journal.agent());
            AgentRunner.startOnThread(runner);
            final Records records = new Records();
            for (long sequence = journal.recovery().lastSequence() + 1; sequence <= last; sequence++) {
                while (!records.offer(journal.ring().ringBuffer(), sequence)) {
                    LockSupport.parkNanos(10_000);
                }
                committed.putLongRelease(0, sequence);
                if (sequence % BURST == 0) {
                    LockSupport.parkNanos(pauseUs * 1000);
                }
            }
            runner.close();
        }
        System.out.println("done");
    }

    /** Stands still inside an excerpt, with Chronicle's write lock taken. */
    private static void hold(final Path directory) {
        final JournalDirectory owned = JournalDirectory.open(directory);
        final SingleChronicleQueue queue = ChronicleQueues.openWriter(owned.queuePath(), RollEvery.HOUR,
            Journals.BLOCK_SIZE, new ChronicleQueues.RollClock());
        final ExcerptAppender appender = queue.createAppender();
        final DocumentContext document = appender.writingDocument();
        document.wire().bytes().writeLong(-1);
        System.out.println("holding as pid " + ProcessHandle.current().pid());
        while (true) {
            LockSupport.parkNanos(Long.MAX_VALUE);
        }
    }

    /** Commits records to the ring, drains none and stands still. */
    private static void fill(final Path directory, final long first, final long last) {
        final Journal journal = Journal.launch(Journals.context(directory));
        final Records records = new Records();
        for (long sequence = first; sequence <= last; sequence++) {
            if (!records.offer(journal.ring().ringBuffer(), sequence)) {
                throw new IllegalStateException("no room for " + sequence);
            }
        }
        System.out.println("filled");
        while (true) {
            LockSupport.parkNanos(Long.MAX_VALUE);
        }
    }

    private static void open(final Path directory) {
        try {
            JournalDirectory.open(directory).close();
            System.out.println("opened");
        } catch (final JournalException ex) {
            System.out.println(ex.getMessage());
        }
    }

    private static void archive(final Path directory, final Path archive) {
        try (Journal journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND))) {
            journal.archivist(new Archivist.Context().archive(archive).bytesPerSecond(0)
                .consumers(List.of("billing"))).run();
        }
        System.out.println("archived");
    }

    private static void snapshot(final Path directory, final long sequence) {
        SnapshotStore.open(directory, JournalId.read(directory))
            .write(sequence, sequence, out -> out.write(new byte[100_000]));
        System.out.println("written");
    }

    private static UnsafeBuffer map(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
            return new UnsafeBuffer(mapped);
        }
    }

    static JournalChild startWriter(final Path directory, final RollEvery roll, final long last, final long pauseUs,
        final String crashPoint) throws IOException {
        final List<String> command = java(crashPoint);
        final Path committed = directory.resolve("committed");
        command.addAll(List.of("write", directory.toString(), committed.toString(), roll.name(),
            Long.toString(last), Long.toString(pauseUs)));
        return start(directory, command, committed);
    }

    static JournalChild startToCrash(final Path directory, final String crashPoint, final String... args)
        throws IOException {
        final List<String> command = java(crashPoint);
        command.addAll(List.of(args));
        return start(directory, command, directory.resolve("committed"));
    }

    static JournalChild start(final Path directory, final List<String> prefix, final String... args)
        throws IOException {
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(java(null));
        command.addAll(List.of(args));
        return start(directory, command, directory.resolve("committed"));
    }

    private static JournalChild start(final Path directory, final List<String> command, final Path committed)
        throws IOException {
        final Path log = Files.createTempFile(directory, "child", ".log");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(log.toFile()).start();
        return new JournalChild(process, log, committed);
    }

    private static List<String> java(final String crashPoint) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-Dchronicle")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        if (crashPoint != null) {
            command.add("-Dweir.crash.point=" + crashPoint);
        }
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(JournalChild.class.getName());
        return command;
    }

    /** Last sequence that the child committed to its ring. */
    long committed() throws IOException {
        if (!Files.exists(committedFile) || Files.size(committedFile) < Long.BYTES) {
            return 0;
        }
        return map(committedFile).getLongVolatile(0);
    }

    String output() {
        try {
            return Files.readString(log).strip();
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    void awaitOutput(final String text) {
        Journals.await(() -> output().contains(text) || !process.isAlive(), this::output);
        if (!output().contains(text)) {
            throw new AssertionError("child ended with: " + output());
        }
    }

    /** Waits for the child's end and reaps it. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("child still runs: " + output());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL to the child and what it started, and reaps it. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
