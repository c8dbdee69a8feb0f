package weir.fix.ingress;

import java.util.Arrays;

/**
 * The tags that the fast lane knows, as bits, and which of them each type may and must have. The same as in
 * {@code desk-fixt11.xml} and {@code desk-fix50sp2.xml}, but for PossDupFlag(43) and OrigSendingTime(122), which are
 * for the other lane; a test compares them. Stateless; any thread.
 */
final class FixTags {
    /** Index of the first field after BeginString(8), BodyLength(9) and MsgType(35). */
    static final int FIRST_FIELD = 3;
    /** How many there are. */
    static final int SLOTS = 32;

    static final int MSG_SEQ_NUM = 0;
    static final int SENDER = 1;
    static final int SENDING_TIME = 2;
    static final int TARGET = 3;
    static final int POSS_RESEND = 4;
    static final int LAST_PROCESSED = 5;
    static final int APPL_VER_ID = 6;
    static final int CL_ORD_ID = 8;
    static final int EXEC_INST = 9;
    static final int HANDL_INST = 10;
    static final int ORDER_ID = 11;
    static final int ORDER_QTY = 12;
    static final int ORD_TYPE = 13;
    static final int ORIG_CL_ORD_ID = 14;
    static final int PRICE = 15;
    static final int SIDE = 16;
    static final int SYMBOL = 17;
    static final int TIME_IN_FORCE = 18;
    static final int TRANSACT_TIME = 19;
    static final int POSITION_EFFECT = 20;
    static final int STOP_PX = 21;
    static final int EXPIRE_TIME = 22;
    static final int CASH_ORDER_QTY = 23;
    static final int MASS_CANCEL_TYPE = 24;
    static final int SELF_TRADE_TYPE = 25;
    static final int MAX_QUEUE_MS = 26;
    static final int STRATEGY_ID = 27;

    /** Fields of the header. */
    static final long HEADER = 0x7F;

    private static final int NONE = -1;
    private static final byte[] SLOT_OF_TAG = new byte[1152];
    private static final long HEADER_REQUIRED = bits(MSG_SEQ_NUM, SENDER, SENDING_TIME, TARGET);
    private static final long ORDER = HEADER | bits(CL_ORD_ID, EXEC_INST, HANDL_INST, ORDER_QTY, ORD_TYPE, PRICE, SIDE,
        SYMBOL, TIME_IN_FORCE, TRANSACT_TIME, POSITION_EFFECT, STOP_PX, EXPIRE_TIME, CASH_ORDER_QTY, SELF_TRADE_TYPE,
        MAX_QUEUE_MS, STRATEGY_ID);
    private static final long REPLACE = ORDER | bits(ORDER_ID, ORIG_CL_ORD_ID);
    private static final long CANCEL = HEADER | bits(ORDER_ID, ORIG_CL_ORD_ID, CL_ORD_ID, SYMBOL, SIDE, TRANSACT_TIME,
        ORDER_QTY);
    private static final long STATUS = HEADER | bits(ORDER_ID, CL_ORD_ID, SYMBOL, SIDE);
    private static final long MASS_CANCEL = HEADER | bits(CL_ORD_ID, MASS_CANCEL_TYPE, SYMBOL, TRANSACT_TIME);
    private static final long ORDER_REQUIRED =
        HEADER_REQUIRED | bits(CL_ORD_ID, SYMBOL, SIDE, TRANSACT_TIME, ORD_TYPE);
    private static final long CANCEL_REQUIRED = HEADER_REQUIRED | bits(CL_ORD_ID, SYMBOL, SIDE, TRANSACT_TIME);
    private static final long STATUS_REQUIRED = HEADER_REQUIRED | bits(SYMBOL, SIDE);
    private static final long MASS_CANCEL_REQUIRED =
        HEADER_REQUIRED | bits(CL_ORD_ID, MASS_CANCEL_TYPE, TRANSACT_TIME);

    static {
        Arrays.fill(SLOT_OF_TAG, (byte)NONE);
        final int[][] pairs = {{34, MSG_SEQ_NUM}, {49, SENDER}, {52, SENDING_TIME}, {56, TARGET}, {97, POSS_RESEND},
            {369, LAST_PROCESSED}, {1128, APPL_VER_ID}, {11, CL_ORD_ID}, {18, EXEC_INST}, {21, HANDL_INST},
            {37, ORDER_ID}, {38, ORDER_QTY}, {40, ORD_TYPE}, {41, ORIG_CL_ORD_ID}, {44, PRICE}, {54, SIDE},
            {55, SYMBOL}, {59, TIME_IN_FORCE}, {60, TRANSACT_TIME}, {77, POSITION_EFFECT}, {99, STOP_PX},
            {126, EXPIRE_TIME}, {152, CASH_ORDER_QTY}, {530, MASS_CANCEL_TYPE}};
        for (final int[] pair : pairs) {
            SLOT_OF_TAG[pair[0]] = (byte)pair[1];
        }
    }

    private FixTags() {
    }

    /** Slot of a tag, -1 for one that is not known. */
    static int slot(final int tag) {
        if (tag < SLOT_OF_TAG.length) {
            return SLOT_OF_TAG[tag];
        }
        return switch (tag) {
            case 7928 -> SELF_TRADE_TYPE;
            case 20003 -> MAX_QUEUE_MS;
            case 20004 -> STRATEGY_ID;
            default -> NONE;
        };
    }

    /** What a type may have; 0 for a type that is not known. */
    static long allowed(final byte type) {
        return switch (type) {
            case 'D' -> ORDER;
            case 'G' -> REPLACE;
            case 'F' -> CANCEL;
            case 'H' -> STATUS;
            case 'q' -> MASS_CANCEL;
            default -> 0;
        };
    }

    /** What a type must have. */
    static long required(final byte type) {
        return switch (type) {
            case 'D', 'G' -> ORDER_REQUIRED;
            case 'F' -> CANCEL_REQUIRED;
            case 'H' -> STATUS_REQUIRED;
            default -> MASS_CANCEL_REQUIRED;
        };
    }

    private static long bits(final int... slots) {
        long result = 0;
        for (final int slot : slots) {
            result |= 1L << slot;
        }
        return result;
    }
}
