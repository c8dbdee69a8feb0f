package weir.venue;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
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
    /** A frame in the store of kept events begins at a multiple of this, with its length. */
    private static final int SLOT = 8;
    private static final int EVENT_BYTES = 320;
    private static final int WRAP = -1;

    private final ExclusivePublication publication;
    private final int capacity;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[MAX_FRAME]);
    private UnsafeBuffer kept;
    private long head;
    private long tail;
    private int keptCount;
    private final BufferClaim claim = new BufferClaim();
    private boolean claimed;

    /**
     * Wraps the publication, which the outbox closes.
     *
     * @param publication of {@code VENUE_INGRESS}
     * @param capacity    events kept before {@link #isFull()}
     */
    public VenueEventOutbox(final ExclusivePublication publication, final int capacity) {
        this.publication = publication;
        this.capacity = capacity;
        kept = new UnsafeBuffer(new byte[Integer.highestOneBit(Math.max(64, capacity) * EVENT_BYTES) * 2]);
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
        if (keptCount > 0 || !tryPublish(scratch, 0, length)) {
            keep(length);
        }
    }

    /**
     * Begins an event whose length is known: in its place in the stream where it can go at once, else in the scratch.
     * It is encoded into {@link #begun()} from the offset on and ended by {@link #end(int)}, with nothing in between
     * that may fail.
     *
     * @param length its bytes, all of which are written
     * @return offset of its first byte
     */
    public int begin(final int length) {
        abortBroken();
        claimed = keptCount == 0 && tryClaim(length);
        return claimed ? claim.offset() : 0;
    }

    /**
     * Where the event begun last is encoded.
     *
     * @return buffer
     */
    public MutableDirectBuffer begun() {
        return claimed ? claim.buffer() : scratch;
    }

    /**
     * Sends the event begun last, or keeps it.
     *
     * @param length the one of {@link #begin(int)}
     */
    public void end(final int length) {
        if (claimed) {
            claimed = false;
            claim.commit();
        } else {
            commit(length);
        }
    }

    /**
     * Offers kept events again.
     *
     * @return events sent
     */
    public int drain() {
        int sent = 0;
        while (keptCount > 0) {
            int index = (int)(head % kept.capacity());
            if (kept.getInt(index) == WRAP) {
                head += kept.capacity() - index;
                index = 0;
            }
            final int length = kept.getInt(index);
            if (!tryPublish(kept, index + Integer.BYTES, length)) {
                break;
            }
            head += slot(length);
            keptCount--;
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
        return keptCount >= capacity;
    }

    /**
     * Events that wait.
     *
     * @return count
     */
    public int size() {
        return keptCount;
    }

    @Override
    public void close() {
        publication.close();
    }

    /** Appends the scratch to the store, which doubles when it is full: what the engine must hear is never dropped. */
    private void keep(final int length) {
        while (!tryKeep(scratch, 0, length)) {
            grow();
        }
    }

    private boolean tryKeep(final UnsafeBuffer source, final int offset, final int length) {
        final int size = slot(length);
        int index = (int)(tail % kept.capacity());
        final int toEnd = kept.capacity() - index;
        final int skipped = toEnd < size ? toEnd : 0;
        if (tail + skipped + size - head > kept.capacity()) {
            return false;
        }
        if (skipped > 0) {
            kept.putInt(index, WRAP);
            tail += skipped;
            index = 0;
        }
        kept.putInt(index, length);
        kept.putBytes(index + Integer.BYTES, source, offset, length);
        tail += size;
        keptCount++;
        return true;
    }

    private void grow() {
        final UnsafeBuffer old = kept;
        long from = head;
        kept = new UnsafeBuffer(new byte[old.capacity() * 2]);
        head = 0;
        tail = 0;
        final int count = keptCount;
        keptCount = 0;
        for (int i = 0; i < count; i++) {
            int index = (int)(from % old.capacity());
            if (old.getInt(index) == WRAP) {
                from += old.capacity() - index;
                index = 0;
            }
            final int length = old.getInt(index);
            tryKeep(old, index + Integer.BYTES, length);
            from += slot(length);
        }
    }

    private static int slot(final int length) {
        return Integer.BYTES + length + SLOT - 1 & -SLOT;
    }

    private boolean tryPublish(final UnsafeBuffer source, final int offset, final int length) {
        if (!tryClaim(length)) {
            return false;
        }
        claim.buffer().putBytes(claim.offset(), source, offset, length);
        claim.commit();
        return true;
    }

    /** An event whose encoding failed: its claim, left open, would hold up all that follow. */
    private void abortBroken() {
        if (claimed) {
            claimed = false;
            claim.abort();
        }
    }

    private boolean tryClaim(final int length) {
        abortBroken();
        for (int attempt = 0; attempt < 3; attempt++) {
            final long position = publication.tryClaim(length, claim);
            if (position > 0) {
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
