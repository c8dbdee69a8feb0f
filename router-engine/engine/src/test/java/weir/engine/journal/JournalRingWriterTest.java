package weir.engine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import weir.protocol.JournalRecordDescriptor;

/** Frames come out of the ring as they went in, whatever its memory was fetched for in between. */
class JournalRingWriterTest {
    private static final int CAPACITY = Integer.highestOneBit(8 * JournalRecordDescriptor.MAX_LENGTH - 1) << 1;

    private final OneToOneRingBuffer ring =
        new OneToOneRingBuffer(new UnsafeBuffer(new byte[CAPACITY + RingBufferDescriptor.TRAILER_LENGTH]));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final ArrayDeque<byte[]> unread = new ArrayDeque<>();

    /** Reads up to so many, and no further than to where the ring wraps. */
    private void read(final int most) {
        ring.read((type, buffer, index, length) -> {
            final byte[] frame = new byte[length];
            buffer.getBytes(index, frame);
            assertArrayEquals(unread.remove(), frame);
        }, most);
    }

    @Test
    void shouldKeepEveryFrameWhenMemoryIsFetchedAhead() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        final Random random = new Random(seed);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[JournalRecordDescriptor.MAX_LENGTH]);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? frame.capacity() : 600)];
            random.nextBytes(bytes);
            frame.putBytes(0, bytes);
            if (writer.append(frame, 0, bytes.length)) {
                unread.add(bytes);
            } else {
                refused++;
            }
            for (int turn = random.nextInt(3); turn > 0; turn--) {
                writer.fetchAhead();
            }
            if (random.nextInt(200) == 0) {
                read(random.nextInt(400));
            }
        }
        while (ring.size() > 0) {
            read(Integer.MAX_VALUE);
        }
        assertTrue(unread.isEmpty(), "seed " + seed + ": " + unread.size() + " unread");
        assertTrue(refused > 0, "seed " + seed + ": the ring was never full");
    }
}
