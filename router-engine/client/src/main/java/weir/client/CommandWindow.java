package weir.client;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * Commands that the router is not yet known to have journaled, by MsgSeqNum(34), oldest first. A command is encoded as
 * the draft, in a slot that holds no other; it gets its number when it is sent, and stays until it is acknowledged. All
 * memory is taken at the start. One thread.
 */
final class CommandWindow {
    static final int SLOT_LENGTH = 256;
    private static final int SESSION_ID = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int MSG_SEQ_NUM = SESSION_ID + 4;
    private static final int FLAGS = MSG_SEQ_NUM + 4;
    private static final byte POSS_RESEND = 2;

    private final UnsafeBuffer buffer;
    private final int[] lengths;
    private final boolean[] refused;
    private final int mask;
    private final int draft;
    private int first = 1;
    private int next = 1;
    private int shift;

    CommandWindow(final int capacity) {
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned((capacity + 1) * SLOT_LENGTH,
            BitUtil.CACHE_LINE_LENGTH));
        lengths = new int[capacity];
        refused = new boolean[capacity];
        mask = capacity - 1;
        draft = capacity * SLOT_LENGTH;
    }

    boolean isFull() {
        return next - first > mask;
    }

    /** Number of the next command. */
    int next() {
        return next;
    }

    /** Oldest number that is held; {@link #next()} when none is. */
    int first() {
        return first;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    private int slot(final int number) {
        return number + shift & mask;
    }

    int offset(final int number) {
        return slot(number) * SLOT_LENGTH;
    }

    int length(final int number) {
        return lengths[slot(number)];
    }

    /** Offset of the command that is being encoded; it needs neither session nor number. */
    int draft() {
        return draft;
    }

    /** Gives the draft its session and the next number. */
    void stamp(final int sessionId) {
        buffer.putInt(draft + SESSION_ID, sessionId, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(draft + MSG_SEQ_NUM, next, ByteOrder.LITTLE_ENDIAN);
    }

    /** The draft left, and is held under the number of {@link #next()}; not called on a full window. */
    void onSent(final int length) {
        buffer.putBytes(offset(next), buffer, draft, length);
        lengths[slot(next)] = length;
        refused[slot(next)] = false;
        next++;
    }

    /** The router has journaled everything up to a number. */
    void acknowledge(final int upTo) {
        first = Math.max(first, Math.min(upTo + 1, next));
    }

    /** A command was answered as not taken: it must not be sent again. */
    void refuse(final int number) {
        if (number >= first && number < next) {
            refused[slot(number)] = true;
        }
    }

    /** Forgets all, and goes on with a number. */
    void restart(final int number) {
        first = number;
        next = number;
    }

    /** What a rebase tells of each command that moves. */
    interface Moves {
        void onMove(int before, int now);
    }

    /**
     * The router's last number is {@code last}: what is above it goes on from there, without what was refused, marked
     * as a possible resend. Returns the first number to send again.
     */
    int rebase(final int last, final Moves moves) {
        if (next <= last + 1) {
            restartAfter(last);
            return next;
        }
        // Lower than all that is held: the commands keep their slots, or a full window would run over itself.
        final int back = Math.max(0, first - last - 1);
        shift += back;
        first -= back;
        next -= back;
        int target = last + 1;
        for (int number = target; number < next; number++) {
            if (refused[slot(number)]) {
                continue;
            }
            if (target != number) {
                buffer.putBytes(offset(target), buffer, offset(number), length(number));
                lengths[slot(target)] = lengths[slot(number)];
            }
            refused[slot(target)] = false;
            buffer.putInt(offset(target) + MSG_SEQ_NUM, target, ByteOrder.LITTLE_ENDIAN);
            final int flags = offset(target) + FLAGS;
            buffer.putByte(flags, (byte) (buffer.getByte(flags) | POSS_RESEND));
            moves.onMove(number + back, target);
            target++;
        }
        next = target;
        return last + 1;
    }

    /** Another logon of the session used numbers that are not ours. */
    private void restartAfter(final int last) {
        if (next != last + 1) {
            restart(last + 1);
        }
    }
}
