package weir.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps bytes, so many times, in a file in the cheapest way there is: the busy thread copies them into a ring, and
 * every 5 ms, as Weir's journal does, a second thread hands the file what is there by one call or two. Nothing is
 * framed, summed or forced to the device. One busy thread adds.
 */
final class KeptBytes implements RawRelay.Between {
    private static final int CAPACITY = 1 << 26;
    private static final long PAUSE_NS = 5_000_000L;

    private final ByteBuffer ring = ByteBuffer.allocateDirect(CAPACITY);
    private final ByteBuffer written = ring.duplicate();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final FileChannel file;
    private final int times;

    KeptBytes(final Path path, final int times) throws IOException {
        this.times = times;
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        final Thread thread = new Thread(this::run, "keeper");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits while the ring is full. */
    @Override
    public void came(final ByteBuffer bytes, final int from, final int to, final boolean ofDesk) {
        final int length = to - from;
        long end = added.get();
        for (int i = 0; i < times; i++) {
            while (end + length - taken.get() > CAPACITY) {
                Thread.onSpinWait();
            }
            final int at = (int)(end & CAPACITY - 1);
            final int first = Math.min(length, CAPACITY - at);
            ring.put(at, bytes, from, first);
            ring.put(0, bytes, from + first, length - first);
            end += length;
        }
        added.lazySet(end);
    }

    @Override
    public void passed() {
        // The second thread does the rest.
    }

    private void run() {
        try {
            while (true) {
                LockSupport.parkNanos(PAUSE_NS);
                long begin = taken.get();
                final long end = added.get();
                while (begin < end) {
                    final int at = (int)(begin & CAPACITY - 1);
                    written.limit((int)Math.min(CAPACITY, at + end - begin)).position(at);
                    begin += file.write(written);
                    taken.lazySet(begin);
                }
            }
        } catch (final IOException ex) {
            System.err.println("keeper: " + ex);
            Runtime.getRuntime().halt(1);
        }
    }
}
