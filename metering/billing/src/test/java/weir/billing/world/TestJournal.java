package weir.billing.world;

import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import weir.journal.Journal;
import weir.protocol.JournalRecordDescriptor;

/** A real journal of a router that plays a {@link World}; frames are appended through ring and agent. */
public final class TestJournal implements AutoCloseable {
    private final Journal journal;
    private final World world;
    private int written;

    public TestJournal(final Path directory) {
        this(directory, 0);
    }

    /** With group sync where the interval is not 0; the first sync is done here. */
    public TestJournal(final Path directory, final long syncIntervalMs) {
        journal = Journal.launch(new Journal.Context().directory(directory).ringCapacity(1 << 20).blockSize(1 << 20)
            .ringFile(directory.resolve("ring")).spaceMarks(1024, 2048, 4096).syncIntervalMs(syncIntervalMs));
        journal.agent().doWork();
        world = World.standard(String.format("%016x%016x", journal.id().high(), journal.id().low()));
    }

    public World world() {
        return world;
    }

    /** Appends what the world made since the last call. */
    public void write() {
        while (written < world.frames.size()) {
            final byte[] frame = world.frames.frame(written + 1L);
            if (journal.ring().ringBuffer().write(JournalRecordDescriptor.RING_MESSAGE_TYPE, new UnsafeBuffer(frame), 0,
                frame.length)) {
                written++;
            } else {
                journal.agent().doWork();
            }
        }
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!journal.ring().isDrained()) {
            journal.agent().doWork();
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("ring holds " + journal.ring().occupancy());
            }
        }
    }

    /** Puts all that was written on the device. */
    public void sync() {
        journal.agent().onClose();
    }

    /** Last record on the device. */
    public long durable() {
        return journal.agent().durableSequence();
    }

    @Override
    public void close() {
        journal.close();
    }
}
