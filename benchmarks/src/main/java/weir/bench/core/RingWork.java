package weir.bench.core;

import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.engine.journal.JournalRingWriter;

/** One journal record into the ring. Its space is released by the same thread, outside the time that counts. */
final class RingWork implements Work {
    private static final int CAPACITY = 1 << 24;
    private static final MessageHandler NOTHING = (type, buffer, index, length) -> { };

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final UnsafeBuffer record = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2048, 64));
    private final int length;
    private final int most;

    RingWork(final int length) {
        this.length = length;
        most = CAPACITY / 2 / (length + 64);
    }

    @Override
    public long run(final int times) {
        long elapsedNs = 0;
        for (int done = 0; done < times;) {
            final int now = Math.min(most, times - done);
            final long startNs = System.nanoTime();
            for (int i = 0; i < now; i++) {
                if (!writer.append(record, 0, length)) {
                    throw new IllegalStateException("the ring is full");
                }
            }
            elapsedNs += System.nanoTime() - startNs;
            while (ring.size() > 0) {
                ring.read(NOTHING);
            }
            done += now;
        }
        return elapsedNs;
    }
}
