package weir.venue.coinbase;

import java.util.Arrays;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixLayout;

/**
 * Where the first field of each tag lies that a report's reading needs, found in one pass, which also sees what asks
 * for another reading. Of a form that the frame knows it is found once, and what was read of the last message of the
 * form is kept for the next. Agent's thread.
 */
final class ReportIndex {
    /** Other tags. */
    private static final int OTHER = 0;
    /** Tags of a repeat, or of data that may hold anything. */
    private static final int ODD = 1;
    static final int MSG_SEQ_NUM = 2;
    static final int SENDER_COMP_ID = 3;
    static final int TARGET_COMP_ID = 4;
    static final int AVG_PX = 5;
    static final int CL_ORD_ID = 6;
    static final int CUM_QTY = 7;
    static final int EXEC_ID = 8;
    static final int LAST_PX = 9;
    static final int LAST_QTY = 10;
    static final int ORDER_ID = 11;
    static final int ORDER_QTY = 12;
    static final int ORD_STATUS = 13;
    static final int ORIG_CL_ORD_ID = 14;
    static final int PRICE = 15;
    static final int TEXT = 16;
    static final int TRANSACT_TIME = 17;
    static final int CXL_REJ_REASON = 18;
    static final int NO_MISC_FEES = 19;
    static final int EXEC_TYPE = 20;
    static final int LEAVES_QTY = 21;
    static final int CXL_REJ_RESPONSE_TO = 22;
    static final int TRADE_ID = 23;
    static final int AGGRESSOR = 24;

    private static final int NONE = -1;
    /** Of each kind from {@link #MSG_SEQ_NUM} on, its tag. */
    private static final int[] TAGS = {34, 49, 56, 6, 11, 14, 17, 31, 32, 37, 38, 39, 41, 44, 58, 60, 102, 136, 150,
        151, 434, 1003, 1057};
    private static final int[] ODD_TAGS =
        {43, 97, 90, 93, 95, 212, 348, 350, 352, 354, 358, 360, 362, 364, 445, 618, 621};
    private static final int KINDS = MSG_SEQ_NUM + TAGS.length;
    private static final byte[] KIND_OF_TAG = new byte[2048];
    private static final long ONCE = 1L << MSG_SEQ_NUM | 1L << SENDER_COMP_ID | 1L << TARGET_COMP_ID;

    static {
        for (int i = 0; i < TAGS.length; i++) {
            KIND_OF_TAG[TAGS[i]] = (byte)(MSG_SEQ_NUM + i);
        }
        for (final int tag : ODD_TAGS) {
            KIND_OF_TAG[tag] = ODD;
        }
    }

    /** What is known of one form. */
    private static final class Known {
        private final int[] places = new int[KINDS];
        private final ReportValues values = new ReportValues();
        private FixLayout form;
        private int use;
        private int readUse;
        private boolean ordinary;

        /** Was the message before this one, of the same form, the last? */
        private boolean precedes(final FixLayout next) {
            return form == next && next.follows(use);
        }
    }

    private final Known unknown = new Known();
    private final Known[] forms;
    private Known known = unknown;

    /** For a frame that remembers so many forms. */
    ReportIndex(final int forms) {
        this.forms = new Known[forms];
        Arrays.setAll(this.forms, i -> new Known());
    }

    /**
     * Finds the fields of a message.
     *
     * @return false when MsgSeqNum(34), SenderCompID(49) or TargetCompID(56) is not there once, or a tag is that may
     *     change the sense of all others
     */
    boolean wrap(final FixFrame frame) {
        final FixLayout form = frame.form();
        if (form == null) {
            known = unknown;
            return isOrdinary(frame, unknown.places);
        }
        known = forms[form.place()];
        if (!known.precedes(form)) {
            known.form = form;
            known.readUse = form.use() - 2;
            known.ordinary = isOrdinary(frame, known.places);
        }
        known.use = form.use();
        return known.ordinary;
    }

    private static boolean isOrdinary(final FixFrame frame, final int[] found) {
        Arrays.fill(found, NONE);
        long seen = 0;
        long twice = 0;
        for (int i = frame.count() - 1; i >= 0; i--) {
            final int tag = frame.tagAt(i);
            final int kind = tag < KIND_OF_TAG.length ? KIND_OF_TAG[tag] : OTHER;
            found[kind] = i;
            twice |= seen & 1L << kind;
            seen |= 1L << kind;
        }
        return (seen & (ONCE | 1L << ODD)) == ONCE && (twice & ONCE) == 0;
    }

    /** Index in the frame of the first field of a kind, below 0 when there is none. */
    int at(final int kind) {
        return known.places[kind];
    }

    /** Where the message's numbers are kept. */
    ReportValues values() {
        return known.values;
    }

    /** Fields, a bit for each index, that may differ from those which {@link #values()} were read of. */
    long changed() {
        return known.form != null && known.readUse + 1 == known.use ? known.form.changedFields() : -1;
    }

    /** {@link #values()} are those of the message. */
    void markRead() {
        known.readUse = known.use;
    }
}
