package weir.venue.coinbase;

/**
 * The venue's MsgSeqNum(34) of one connection: the next one, or one that was there before, or a SequenceReset(4); a
 * number left out is a gap. The thread that receives.
 */
final class InboundSequence {
    private int next = 1;

    void reset() {
        next = 1;
    }

    /** The number that a message in order has. */
    int next() {
        return next;
    }

    /** A message with the expected number came. */
    void advance() {
        next++;
    }

    /** Takes a message in; false when it leaves a gap. */
    boolean accept(final String message, final String type) {
        final int seq = RawMessage.number(RawMessage.value(message, RawMessage.MSG_SEQ_NUM));
        if (seq <= 0 || "Y".equals(RawMessage.value(message, RawMessage.POSS_DUP))) {
            return true;
        }
        final boolean reset = "4".equals(type);
        final boolean inOrder = reset || seq <= next;
        next = reset ? RawMessage.number(RawMessage.value(message, RawMessage.NEW_SEQ_NO)) : Math.max(next, seq + 1);
        return inOrder;
    }
}
