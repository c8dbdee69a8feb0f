package weir.billing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.intake.RecordHandler;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;
import weir.billing.store.Database;
import weir.billing.world.World;

/** From the first record of a transaction to its last, nothing is allocated. */
class RatingAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final int TRANSACTION = 1_024;
    private static final int ORDERS = 1_500;
    private static final String RESULT = "BYTES ";

    /** Frames in buffers that are there before. */
    private static final class Wrapped implements RecordSource {
        private final World world;
        private final UnsafeBuffer[] frames;
        private int next;

        Wrapped(final World world) {
            this.world = world;
            frames = new UnsafeBuffer[world.frames.size()];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = new UnsafeBuffer(world.frames.frame(i + 1L));
            }
        }

        @Override
        public int poll(final RecordHandler handler, final int limit) {
            int count = 0;
            while (next < frames.length && count < limit) {
                handler.onRecord(frames[next], 0, frames[next].capacity(), ++next);
                count++;
            }
            return count;
        }

        @Override
        public void seek(final long sequence) {
            next = (int)sequence - 1;
        }

        @Override
        public String journalId() {
            return world.frames.journalId();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    /** Bytes between the first and the last record of each transaction. */
    private static final class Gauge implements BillingPart {
        final long[] bytes = new long[1_000];
        int transactions;
        private long first = -1;
        private long last;

        @Override
        public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
            last = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            if (first < 0) {
                first = last;
            }
        }

        @Override
        public void save(final long sequence, final long epochNs, final long nowMs) {
            bytes[transactions++] = last - first;
            first = -1;
        }
    }

    private static World world() {
        final World world = World.standard(World.JOURNAL_ID);
        for (int i = 0; i < ORDERS; i++) {
            final long orderId = world.newOrder(1 + i % 3, null);
            world.sent(orderId);
            world.ack(orderId);
            world.fill(orderId, "0.1", "1");
            if (i % 3 == 0) {
                world.cancel(orderId);
            } else {
                world.inquire(1 + i % 3, i % 2 == 0);
            }
            world.tick();
        }
        return world;
    }

    /** Plays the world into the given directory and prints the bytes of each transaction. */
    public static void main(final String[] args) {
        final World world = world();
        final BillingContext context = new BillingContext().windowRecords(10_000_000).windowMs(86_400_000L)
            .recordsPerTransaction(TRANSACTION).recordsPerTransactionMax(TRANSACTION);
        final Gauge gauge = new Gauge();
        try (Database database = Database.open("jdbc:sqlite:" + Path.of(args[0]).resolve("billing.db"), 1);
            RecordSource source = new Wrapped(world)) {
            final RatingCycle cycle = new RatingCycle(context, database, source);
            cycle.begin(List.of(gauge));
            while (cycle.takeRecords() > 0) {
                // to the end
            }
            if (cycle.position() != world.frames.size()) {
                throw new AssertionError("stopped at " + cycle.position());
            }
        }
        System.out.println(RESULT + Arrays.toString(Arrays.copyOf(gauge.bytes, gauge.transactions)));
    }

    /**
     * Interpreted, in a JVM of its own: whatever the code allocates is counted, also what the compiler would remove,
     * and the compiler's own doings are not.
     */
    @Test
    void shouldAllocateNothingBetweenCommits(@TempDir final Path dir) throws IOException, InterruptedException {
        final Path log = dir.resolve("log");
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("--enable") || flag.startsWith("--sun")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xint", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            RatingAllocationTest.class.getName(), dir.toString()));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
            .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        final String result = Files.readString(log).lines().filter(line -> line.startsWith(RESULT)).findFirst()
            .orElseThrow(() -> new AssertionError(read(log)));
        final long[] bytes = Arrays.stream(result.substring(RESULT.length() + 1, result.length() - 1).split(", "))
            .mapToLong(Long::parseLong).toArray();
        assertTrue(bytes.length >= 5, result);
        // the first transaction makes tenants, windows, lines and classes
        bytes[0] = 0;
        assertArrayEquals(new long[bytes.length], bytes, result);
    }

    private static String read(final Path log) {
        try {
            return Files.readString(log);
        } catch (final IOException ex) {
            return ex.toString();
        }
    }
}
