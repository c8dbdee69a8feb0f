package weir.fix.ingress;

import weir.fix.wire.FixFrame;
import weir.fix.wire.FixLayout;
import weir.protocol.NativeBuffer;

/**
 * The last NewOrderSingle(D) of one form, and the command that was made of it: of the next of that form only what it
 * changed is decoded. Not thread safe.
 */
final class KnownOrder {
    /** Fields from BeginString(8) to MsgType(35): a message that changes them is decoded whole. */
    private static final long PREFIX = (1L << FixTags.FIRST_FIELD) - 1;
    /** MaxQueueMs(20003) says a time that counts from the message's arrival: such an order is decoded whole. */
    private static final long NEVER = 1L << FixTags.MAX_QUEUE_MS;

    /** The command, header included; it has a session and an arrival that are not the next one's. */
    final NativeBuffer command;
    int length;
    int msgSeqNum;
    long sendingNs;
    int lastProcessed;
    private final byte[] slots = new byte[Long.SIZE];
    private FixLayout form;
    private byte[] desk;
    private int use;
    private long fields;

    KnownOrder(final int capacity) {
        command = new NativeBuffer(capacity);
    }

    /** Is this what was before the message that the frame holds, of the same desk, and may it be taken up? */
    boolean precedes(final FixLayout itsForm, final byte[] itsDesk) {
        return form == itsForm && itsForm.follows(use) && desk == itsDesk
            && (itsForm.changedFields() & PREFIX) == 0;
    }

    /**
     * Notes whose the form's last order is; true when the one before it was this desk's, too. Desks whose orders
     * alternate in one form are not worth a copy.
     */
    boolean noteDesk(final byte[] itsDesk) {
        final boolean same = desk == itsDesk;
        desk = itsDesk;
        if (!same) {
            form = null;
        }
        return same;
    }

    /** Indexes of the fields that the frame's message changed, a bit each; CheckSum(10) is none. */
    long changed() {
        return form.changedFields() & fields;
    }

    int slotAt(final int index) {
        return slots[index];
    }

    /** The message of the form was decoded from this one. */
    void next() {
        use = form.use();
    }

    void forget() {
        form = null;
    }

    /** Takes a message that was decoded whole; its command is copied by the caller. */
    void take(final FixFrame frame, final long seen) {
        form = (seen & NEVER) == 0 ? frame.form() : null;
        if (form != null) {
            use = form.use();
            final int last = frame.count() - 1;
            fields = (1L << last) - 1 & ~PREFIX;
            for (int i = FixTags.FIRST_FIELD; i < last; i++) {
                slots[i] = (byte)FixTags.slot(frame.tagAt(i));
            }
        }
    }
}
