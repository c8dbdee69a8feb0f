package weir.bench.contest;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.journal.JournalRing;
import weir.protocol.JournalRingDescriptor;

/**
 * How full a router's journal ring is, sampled from this process by reading the mapped file's positions. A thread of
 * its own that mostly sleeps.
 */
public final class RingGauge implements AutoCloseable {
    private static final long EVERY_NS = 50_000_000L;
    private static final int SAMPLES_MAX = 1 << 16;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer ring;
    private final int capacity;
    private final int[] samples = new int[SAMPLES_MAX];
    private final Thread thread = new Thread(this::sample, "ring-gauge");
    private volatile boolean running = true;
    private volatile int count;

    /**
     * Begins to sample.
     *
     * @param journal journal directory of a running router
     * @throws IOException when its ring cannot be read
     */
    public RingGauge(final Path journal) throws IOException {
        final Path file = Path.of(Files.readAllLines(journal.resolve(JournalRing.LOCATION_FILE)).get(0));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
        capacity = (int)new UnsafeBuffer(mapped).getLong(JournalRingDescriptor.CAPACITY_OFFSET);
        ring = new UnsafeBuffer(mapped, JournalRingDescriptor.RING_OFFSET,
            capacity + RingBufferDescriptor.TRAILER_LENGTH);
        thread.setDaemon(true);
        thread.start();
    }

    private void sample() {
        while (running && count < SAMPLES_MAX) {
            final long head = ring.getLongVolatile(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET);
            final long tail = ring.getLongVolatile(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET);
            samples[count] = (int)Math.max(0, tail - head);
            count++;
            LockSupport.parkNanos(EVERY_NS);
        }
    }

    /**
     * What was seen.
     *
     * @param capacity    bytes of the ring
     * @param firstMean   mean bytes in use over the first third of the samples
     * @param lastMean    over the last third
     * @param most        the most
     * @param sampleCount how many samples
     */
    public record Occupancy(int capacity, long firstMean, long lastMean, int most, int sampleCount) {
        /**
         * Whether the ring is not filling up: the last third is no fuller than the first by more than a tenth of it.
         *
         * @return true when flat
         */
        public boolean flat() {
            return lastMean - firstMean <= capacity / 10;
        }
    }

    /**
     * Ends the sampling.
     *
     * @return what was seen
     * @throws IOException when interrupted
     */
    public Occupancy end() throws IOException {
        running = false;
        LockSupport.unpark(thread);
        try {
            thread.join(1_000);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        final int third = count / 3;
        int most = 0;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, samples[i]);
        }
        return new Occupancy(capacity, mean(0, third), mean(count - third, count), most, count);
    }

    private long mean(final int from, final int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += samples[i];
        }
        return to > from ? sum / (to - from) : 0;
    }

    @Override
    public void close() {
        running = false;
        if (!thread.isAlive()) {
            IoUtil.unmap(mapped); // a sampler that still reads keeps the mapping until the process ends
        }
    }
}
