package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import weir.protocol.CrashPoint;
import weir.protocol.sbe.JournalRecordDecoder;

/**
 * Appends excerpts of whole frames to the Chronicle Queue. Frames are staged, then appended as one excerpt or, on any
 * {@link Throwable}, not at all. One thread at a time; {@link #handOver()} lets another thread continue. The counters
 * may be read from any thread.
 */
final class JournalStore implements AutoCloseable {
    /** Bytes of a ring that a record takes at least: no more of them can have been lost with one. */
    private static final int SHORTEST_IN_RING = RecordDescriptor.HEADER_LENGTH + RecordFrame.BLOCK_OFFSET
        + JournalRecordDecoder.BLOCK_LENGTH + Short.BYTES;

    private final Path queuePath;
    private final SingleChronicleQueue queue;
    private final JournalProgress progress;
    private final boolean groupSync;
    private final int excerptCapacity;
    private final ByteBuffer stagingBytes;
    private final UnsafeBuffer staging;
    private final UnsafeBuffer target = new UnsafeBuffer(0, 0);
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong excerpts = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lastSequence = new AtomicLong();
    private final AtomicLong durableSequence = new AtomicLong();
    private final long lostToPowerFailure;
    private final boolean ringLost;
    private final FileCall write = this::writeStaged;
    private final FileCall force = this::force;

    private ExcerptAppender appender;
    private FileChannel file;
    private int fileCycle = Integer.MIN_VALUE;
    private long writePosition;
    private int lastCycle;
    private int stagedLength;
    private int stagedRecords;

    JournalStore(final JournalDirectory directory, final Journal.Context context) {
        queuePath = directory.queuePath();
        excerptCapacity = context.excerptBytes();
        groupSync = context.syncIntervalMs() > 0;
        stagingBytes = BufferUtil.allocateDirectAligned(excerptCapacity, 64);
        staging = new UnsafeBuffer(stagingBytes);
        CutFiles.setEmptyAside(queuePath);
        CutFiles.verifyAll(queuePath);
        queue = ChronicleQueues.openWriter(queuePath, context.rollEvery(), context.blockSize(),
            new ChronicleQueues.RollClock());
        JournalProgress opened = null;
        boolean ready = false;
        try {
            opened = JournalProgress.openWriter(directory.path(), directory.id());
            progress = opened;
            lastCycle = queue.lastCycle();
            lastSequence.set(TailExcerpt.lastSequence(queue, Retained.read(directory.path()).firstSequence() - 1));
            lostToPowerFailure = reconcile(directory.path());
            ringLost = settleRing(directory, context);
            markRun();
            ready = true;
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, "ring: " + ex, ex);
        } finally {
            if (!ready) {
                CloseHelper.quietCloseAll(file, opened);
                queue.close();
            }
        }
    }

    /** What a run before said it had appended must be here, unless the machine itself died before writing it back. */
    private long reconcile(final Path directory) {
        final long last = lastSequence.get();
        final long appended = progress.appended();
        final long durable = progress.durable();
        if (last < appended && progress.sameBoot() || last < durable) {
            throw new JournalException(JournalError.JOURNAL_TRUNCATED, directory + " ends at sequence " + last
                + ", but " + appended + " was appended and " + durable + " made durable");
        }
        return Math.max(0, appended - last);
    }

    /**
     * A ring that was not closed must be here, too, unless the machine itself died or an operator has said that its
     * records are to be done without. Forgotten before the boot is marked: a start that gets no further asks again.
     */
    private boolean settleRing(final JournalDirectory owned, final Journal.Context context) throws IOException {
        final Path directory = owned.path();
        final Path missing = JournalRing.missing(owned, context.ringFile(), context.ringCapacity());
        if (missing == null) {
            if (!JournalRing.isAccepted(directory)) {
                return false;
            }
            progress.highest(Math.max(progress.highest(),
                progress.appended() + context.ringCapacity() / SHORTEST_IN_RING));
            return JournalRing.takeAccepted(directory);
        }
        if (progress.sameBoot()) {
            throw new JournalException(JournalError.JOURNAL_RING_LOST, missing + " is gone, with all that was "
                + "acknowledged after sequence " + lastSequence + ", at which " + directory + " ends; bring it back, "
                + "or to go on without, rename " + directory.resolve(JournalRing.LOCATION_FILE) + " to "
                + JournalRing.LOST_FILE);
        }
        return JournalRing.forget(directory);
    }

    private void markRun() {
        final long durable = groupSync ? lastSequence.get() : 0;
        if (progress.durable() < durable) {
            // A run without group sync, or one that was killed, left it to the kernel.
            for (final int cycle : ChronicleQueues.cycles(queue)) {
                withFile(cycle, force);
            }
        }
        progress.markBoot();
        progress.groupSync(groupSync);
        progress.highest(Math.max(progress.highest(), progress.appended()));
        progress.appended(lastSequence.get());
        progress.durable(durable);
        durableSequence.set(durable);
    }

    /** Whether a frame of this length still fits into the staged excerpt. */
    boolean hasRoom(final int length) {
        return stagedLength + length <= excerptCapacity;
    }

    boolean hasStaged() {
        return stagedRecords > 0;
    }

    /** Sequence that the next staged frame must have. */
    long nextSequence() {
        return lastSequence.get() + stagedRecords + 1;
    }

    void stage(final DirectBuffer source, final int offset, final int length, final long sequence) {
        if (sequence != nextSequence() || !hasRoom(length)) {
            throw new IllegalStateException("sequence " + sequence + " of " + length + " bytes after "
                + lastSequence.get() + "+" + stagedRecords + " with " + stagedLength + " bytes staged");
        }
        staging.putBytes(stagedLength, source, offset, length);
        stagedLength += length;
        stagedRecords++;
    }

    /** Appends what is staged as one excerpt. When it throws, nothing was appended and the store must not go on. */
    void append() {
        if (appender == null) {
            appender = queue.createAppender();
        }
        final DocumentContext document = appender.writingDocument();
        try {
            final int cycle = queue.rollCycle().toCycle(document.index());
            if (cycle != lastCycle) {
                CrashPoint.hit(CrashPoint.MID_ROLL);
                if (groupSync && file != null) {
                    withFile(fileCycle, force);
                }
                lastCycle = cycle;
            }
            final Bytes<?> out = document.wire().bytes();
            writePosition = out.writePosition();
            // Maps the file so far that what follows ends within it.
            target.wrap(out.addressForWrite(writePosition), stagedLength);
            withFile(cycle, write);
            readBack(0);
            claimEnd();
            out.writeSkip(stagedLength);
        } catch (final Throwable ex) {
            // Closing commits; a half excerpt must never be committed, whatever went wrong.
            document.rollbackOnClose();
            throw ex;
        } finally {
            document.close();
        }
        final long last = lastSequence.get() + stagedRecords;
        lastSequence.lazySet(last);
        records.lazySet(records.get() + stagedRecords);
        bytes.lazySet(bytes.get() + stagedLength);
        excerpts.lazySet(excerpts.get() + 1);
        stagedRecords = 0;
        stagedLength = 0;
        progress.appended(last);
    }

    /**
     * Writes what is staged into the file and not into its mapping: the first touch of a mapped page costs more than a
     * call that writes sixteen, and a full device answers before the excerpt is committed.
     */
    private void writeStaged() throws IOException {
        stagingBytes.limit(stagedLength).position(0);
        while (stagingBytes.hasRemaining()) {
            file.write(stagingBytes, writePosition + stagingBytes.position());
        }
    }

    private void force() throws IOException {
        file.force(false);
    }

    /** An interrupt closes a file: then it is opened again, and the thread stays interrupted. */
    private void withFile(final int cycle, final FileCall call) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    open(cycle);
                    call.run();
                    return;
                } catch (final ClosedByInterruptException ex) {
                    interrupted |= Thread.interrupted();
                }
            }
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, queuePath + ": " + ex, ex);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void open(final int cycle) throws IOException {
        if (file != null && file.isOpen() && cycle == fileCycle) {
            return;
        }
        CloseHelper.close(file);
        file = FileChannel.open(queuePath.resolve(ChronicleQueues.fileName(queue, cycle)), StandardOpenOption.WRITE);
        if (cycle != fileCycle && groupSync) {
            DurableFiles.syncDirectory(queuePath);
        }
        fileCycle = cycle;
    }

    /** What lies in the file must be what the mapping shows. */
    private void readBack(final int index) {
        require(target.getLong(index) == staging.getLong(index));
    }

    /**
     * The same for the last whole word, by a write of what is there: Chronicle's next header lies beside it, and a page
     * that is read first and written after is faulted in twice.
     */
    private void claimEnd() {
        final int index = stagedLength - Long.BYTES - (int)(target.addressOffset() + stagedLength & Long.BYTES - 1);
        final long word = staging.getLong(index);
        require(target.compareAndSetLong(index, word, word));
    }

    private void require(final boolean there) {
        if (!there) {
            throw new JournalException(JournalError.JOURNAL_IO,
                "what was written to " + queuePath + " is not there; is the device full?");
        }
    }

    /**
     * Puts on the device what was appended and publishes it. Synchronises whole files and not a mapping, so that what
     * lies in an earlier chunk or in the file before the roll is covered.
     */
    void sync() {
        final long last = lastSequence.get();
        if (!groupSync || last == durableSequence.get()) {
            return;
        }
        withFile(lastCycle, force);
        progress.durable(last);
        durableSequence.lazySet(last);
    }

    /** Gives the appender up, so that another thread may append. */
    void handOver() {
        CloseHelper.close(appender);
        appender = null;
    }

    long lastSequence() {
        return lastSequence.get();
    }

    long durableSequence() {
        return durableSequence.get();
    }

    long records() {
        return records.get();
    }

    long excerpts() {
        return excerpts.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** Makes this process and its readers see that files were taken away. Any thread. */
    void refreshListing() {
        queue.refreshDirectoryListing();
    }

    /** Records that were appended and had not reached the device when the machine died. */
    long lostToPowerFailure() {
        return lostToPowerFailure;
    }

    /** Highest sequence that was ever given to a record, as far as it is known. */
    long highestSequence() {
        return Math.max(lastSequence.get(), progress.highest());
    }

    /** A ring with records, of which nobody knows how many, is gone. */
    boolean ringLost() {
        return ringLost;
    }

    @Override
    public void close() {
        handOver();
        CloseHelper.quietClose(file);
        queue.close();
        progress.close();
    }

    @FunctionalInterface
    private interface FileCall {
        void run() throws IOException;
    }
}
