package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import weir.engine.journal.JournalRingWriter;

/** What does a journal record cost the engine's thread? Includes releasing the space, amortised, on the same thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingAppendBenchmark {
    private static final int CAPACITY = 1 << 24;
    private static final MessageHandler NOTHING = (type, buffer, index, length) -> { };

    /** Bytes of a record. */
    @Param({"128", "320"})
    public int length;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final UnsafeBuffer record = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2048, 64));

    /**
     * Appends one record.
     *
     * @return true
     */
    @Benchmark
    public boolean append() {
        if (ring.size() > CAPACITY / 2) {
            ring.read(NOTHING);
        }
        return writer.append(record, 0, length);
    }
}
