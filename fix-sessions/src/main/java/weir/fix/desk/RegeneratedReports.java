package weir.fix.desk;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Client outputs that the journal replay made again, in journal order, for the gateway to store and send what its
 * sessions do not hold yet. Frames that a session already holds are dropped as they are added, so that a long replay
 * costs little memory. Filled by the thread that replays, then handed to the gateway; not thread safe.
 */
public final class RegeneratedReports {
    private final Map<Integer, RecordSeq> lastBound;
    private final RecordSeq highest;
    private final List<DirectBuffer> frames = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    /**
     * Starts a collection.
     *
     * @param lastBound by session id: the highest report that session's store holds
     */
    public RegeneratedReports(final Map<Integer, RecordSeq> lastBound) {
        this.lastBound = Map.copyOf(lastBound);
        highest = lastBound.values().stream().max(RecordSeq::compareTo).orElse(RecordSeq.NONE);
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
        // A session without a store here is another gateway's.
        final RecordSeq bound = templateId == AlertDecoder.TEMPLATE_ID ? highest : lastBound.get(view.getInt(12));
        if (bound != null && seq.compareTo(bound) > 0) {
            final byte[] copy = new byte[length];
            buffer.getBytes(offset, copy);
            frames.add(new UnsafeBuffer(copy));
        }
    }

    /**
     * What is left to store and send.
     *
     * @return frames in journal order
     */
    public List<DirectBuffer> frames() {
        return frames;
    }
}
