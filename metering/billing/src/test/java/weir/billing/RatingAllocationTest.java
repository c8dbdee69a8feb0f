package weir.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    private static final int TRANSACTION = 4_096;
    private static final int WARM_UP = 2;
    private static final long DEOPTIMISED_BYTES = 128;

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
        for (int i = 0; i < 9_000; i++) {
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

    @Test
    void shouldAllocateNothingBetweenCommits(@TempDir final Path dir) {
        final World world = world();
        final BillingContext context = new BillingContext().windowRecords(10_000_000).windowMs(86_400_000L)
            .recordsPerTransaction(TRANSACTION).recordsPerTransactionMax(TRANSACTION);
        final Gauge gauge = new Gauge();
        try (Database database = Database.open("jdbc:sqlite:" + dir.resolve("billing.db"), 1);
            RecordSource source = new Wrapped(world)) {
            final RatingCycle cycle = new RatingCycle(context, database, source);
            cycle.begin(List.of(gauge));
            while (cycle.takeRecords() > 0) {
                assertTrue(gauge.transactions < 100, "no end after " + gauge.transactions);
            }
            assertEquals(world.frames.size(), cycle.position());
        }
        assertTrue(gauge.transactions >= 12, "transactions " + gauge.transactions);
        final long[] steady = Arrays.copyOfRange(gauge.bytes, WARM_UP, gauge.transactions);
        final long bytes = Arrays.stream(steady).sum();
        final long clean = Arrays.stream(steady).filter(b -> b == 0).count();
        // compiled code that is thrown away hands its objects to the interpreter: once, and some bytes
        assertTrue(bytes <= DEOPTIMISED_BYTES && clean >= steady.length - 1,
            () -> "bytes by transaction " + Arrays.toString(steady));
    }
}
