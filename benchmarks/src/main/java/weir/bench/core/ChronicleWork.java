package weir.bench.core;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;

/** What the ring replaces: a record of as many bytes appended to a Chronicle Queue by the thread itself. */
final class ChronicleWork implements Work.Whole, AutoCloseable {
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<?> record;

    ChronicleWork(final Path directory, final int length) {
        queue = ChronicleQueue.singleBuilder(directory.toFile()).blockSize(64 << 20).build();
        appender = queue.createAppender();
        record = Bytes.allocateDirect(new byte[length]);
    }

    @Override
    public long once() {
        record.readPosition(0);
        appender.writeBytes(record);
        return record.readRemaining();
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
        record.releaseLast();
    }
}
