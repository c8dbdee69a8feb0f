package weir.fix.desk;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Client outputs that the journal replay made again, in journal order, for the gateway to store and send what its
 * sessions do not hold yet. Frames that a session already holds are dropped as they are added; of the others as many
 * are held in memory as fit a buffer of 1 MiB, and the rest in a file. Filled by the thread that
 * replays, then handed to the gateway; not thread safe.
 */
public final class RegeneratedReports implements Closeable {
    /** Memory that frames take, however many they are. */
    static final int HEAP_BYTES = 1 << 20;

    private final Map<Integer, RecordSeq> lastBound;
    private final RecordSeq highest;
    private final Path overflow;
    private final ByteBuffer heap = ByteBuffer.allocate(HEAP_BYTES);
    private final UnsafeBuffer bytes = new UnsafeBuffer(heap.array());
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private FileChannel file;
    private long count;

    /** Gets each frame. */
    @FunctionalInterface
    public interface FrameHandler {
        /**
         * @param buffer holds the frame until this returns
         * @param offset of the header
         * @param length of the frame
         */
        void onFrame(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Starts a collection.
     *
     * @param lastBound by session id: the highest report that session's store holds
     * @param overflow  file for what memory has no room for; made then, and gone at {@link #close()} or a kill
     */
    public RegeneratedReports(final Map<Integer, RecordSeq> lastBound, final Path overflow) {
        this.lastBound = Map.copyOf(lastBound);
        this.overflow = overflow;
        highest = lastBound.values().stream().max(RecordSeq::compareTo).orElse(null);
    }

    /**
     * Adds one client output: an SBE frame with its header, templates 80 to 84.
     *
     * @param buffer holds the frame; copied
     * @param offset of the header
     * @param length of the frame
     */
    public void add(final DirectBuffer buffer, final int offset, final int length) {
        // Every client output starts with recordSequence int64, outputIndex int32, sessionId int32.
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        view.wrap(buffer, body, length - MessageHeaderDecoder.ENCODED_LENGTH);
        final RecordSeq seq = new RecordSeq(view.getLong(0), view.getInt(8));
        final int templateId = buffer.getShort(offset + 2) & 0xFFFF;
        // A session without a store here is another gateway's, or its store is gone: nothing tells what it misses.
        final RecordSeq bound = templateId == AlertDecoder.TEMPLATE_ID ? highest : lastBound.get(view.getInt(12));
        if (bound != null && seq.compareTo(bound) > 0) {
            if (heap.remaining() < Integer.BYTES + length) {
                spill();
            }
            heap.putInt(length);
            buffer.getBytes(offset, heap, length);
            count++;
        }
    }

    /**
     * What is left to store and send.
     *
     * @return frames
     */
    public long count() {
        return count;
    }

    /**
     * Hands over what is left to store and send, in journal order, and {@link #close() closes}. Once.
     *
     * @param handler gets each frame
     */
    public void drain(final FrameHandler handler) {
        if (file == null) {
            drainHeap(handler);
            return;
        }
        try (FileChannel source = file) {
            spill();
            for (long position = 0; position < source.size();) {
                heap.clear();
                int read = 0;
                while (heap.hasRemaining() && read >= 0) {
                    read = source.read(heap, position + heap.position());
                }
                final int whole = drainHeap(handler);
                if (whole == 0) {
                    throw new EOFException(overflow + " ends within a frame");
                }
                position += whole;
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** Hands over the whole frames in memory; returns their bytes. */
    private int drainHeap(final FrameHandler handler) {
        heap.flip();
        int end = 0;
        while (heap.limit() - end >= Integer.BYTES && heap.limit() - end - Integer.BYTES >= heap.getInt(end)) {
            final int length = heap.getInt(end);
            handler.onFrame(bytes, end + Integer.BYTES, length);
            end += Integer.BYTES + length;
        }
        return end;
    }

    private void spill() {
        try {
            if (file == null) {
                file = FileChannel.open(overflow, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            }
            heap.flip();
            while (heap.hasRemaining()) {
                file.write(heap);
            }
            heap.clear();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
