package weir.venue;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.util.ArrayDeque;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Events on their way to the engine, in order. What Aeron does not take at once is kept and offered again: an event is
 * lost only with the process. The owner looks at {@link #isFull()} before it takes in what makes new events. One
 * thread.
 */
public final class VenueEventOutbox implements AutoCloseable {
    private static final int MAX_FRAME = 1376;

    private final ExclusivePublication publication;
    private final int capacity;
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[MAX_FRAME]);
    private final UnsafeBuffer keptFrame = new UnsafeBuffer(0, 0);
    private final BufferClaim claim = new BufferClaim();

    /**
     * Wraps the publication, which the outbox closes.
     *
     * @param publication of {@code VENUE_INGRESS}
     * @param capacity    events kept before {@link #isFull()}
     */
    public VenueEventOutbox(final ExclusivePublication publication, final int capacity) {
        this.publication = publication;
        this.capacity = capacity;
    }

    /**
     * Where the next event is encoded, from offset 0; at most 1376 bytes.
     *
     * @return scratch buffer
     */
    public MutableDirectBuffer scratch() {
        return scratch;
    }

    /**
     * Sends the encoded event, or keeps it.
     *
     * @param length bytes encoded
     */
    public void commit(final int length) {
        if (!kept.isEmpty() || !tryPublish(scratch, length)) {
            final byte[] copy = new byte[length];
            scratch.getBytes(0, copy);
            kept.addLast(copy);
        }
    }

    /**
     * Offers kept events again.
     *
     * @return events sent
     */
    public int drain() {
        int sent = 0;
        while (!kept.isEmpty()) {
            keptFrame.wrap(kept.peekFirst());
            if (!tryPublish(keptFrame, keptFrame.capacity())) {
                break;
            }
            kept.removeFirst();
            sent++;
        }
        return sent;
    }

    /**
     * Whether no further cause of events should be taken in.
     *
     * @return true when the capacity is reached
     */
    public boolean isFull() {
        return kept.size() >= capacity;
    }

    /**
     * Events that wait.
     *
     * @return count
     */
    public int size() {
        return kept.size();
    }

    @Override
    public void close() {
        publication.close();
    }

    private boolean tryPublish(final UnsafeBuffer source, final int length) {
        for (int attempt = 0; attempt < 3; attempt++) {
            final long position = publication.tryClaim(length, claim);
            if (position > 0) {
                claim.buffer().putBytes(claim.offset(), source, 0, length);
                claim.commit();
                return true;
            }
            if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                throw new AgentTerminationException("VENUE_INGRESS: " + Publication.errorString(position));
            }
            if (position != Publication.ADMIN_ACTION) {
                return false;
            }
        }
        return false;
    }
}
