package weir.entry.ingress;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.ClientHeartbeatDecoder;
import weir.protocol.sbe.ClientLogoutDecoder;
import weir.protocol.sbe.MassActionDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ReplayRequestDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;

/**
 * Is a client's frame what its header says, byte by byte? Schema, a version we know, the exact length, and a value of
 * its enum in every enum field. A field left unset (255) passes: the engine refuses it with a code of its own, as it
 * does for a desk. Fixed tables, no state.
 */
public final class CommandCheck {
    /** Place of sessionId in a frame. */
    public static final int SESSION_ID_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;
    /** Place of msgSeqNum in a frame. */
    public static final int MSG_SEQ_NUM_OFFSET = SESSION_ID_OFFSET + 4;
    /** Place of messageFlags in a frame. */
    public static final int FLAGS_OFFSET = MSG_SEQ_NUM_OFFSET + 4;
    /** Place of receivedNs in a frame. */
    public static final int RECEIVED_NS_OFFSET = FLAGS_OFFSET + 1;
    /** Place of ClOrdID(11), in those commands that have one. */
    public static final int CL_ORD_ID_OFFSET = RECEIVED_NS_OFFSET + 8;
    /** Length up to receivedNs and with it: what names session and number. */
    public static final int PREFIX_LENGTH = CL_ORD_ID_OFFSET;

    private static final int TEMPLATES = 35;
    private static final int UNSET = 255;
    private static final long FLAGS = 0b11;
    private static final long EXEC_INST = 0b111;
    private static final int[] BLOCK_LENGTH = new int[TEMPLATES];
    /** Triples: place in the block, bit mask of values (enum) or of bits (set), 1 for a set. */
    private static final long[][] FIELDS = new long[TEMPLATES][];

    static {
        final long side = bits(1, 2);
        final long ordType = bits(1, 2, 3, 4);
        final long timeInForce = bits(0, 1, 3, 4, 6);
        final long selfTrade = bits(0, 1, 2, 3, 4);
        final long shapeError = bits(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        of(NewOrderDecoder.TEMPLATE_ID, NewOrderDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            NewOrderDecoder.sideEncodingOffset(), side, 0, NewOrderDecoder.ordTypeEncodingOffset(), ordType, 0,
            NewOrderDecoder.timeInForceEncodingOffset(), timeInForce, 0,
            NewOrderDecoder.execInstEncodingOffset(), EXEC_INST, 1,
            NewOrderDecoder.selfTradePreventionEncodingOffset(), selfTrade, 0,
            NewOrderDecoder.shapeErrorEncodingOffset(), shapeError, 0);
        of(ReplaceOrderDecoder.TEMPLATE_ID, ReplaceOrderDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            ReplaceOrderDecoder.sideEncodingOffset(), side, 0, ReplaceOrderDecoder.ordTypeEncodingOffset(), ordType, 0,
            ReplaceOrderDecoder.timeInForceEncodingOffset(), timeInForce, 0,
            ReplaceOrderDecoder.execInstEncodingOffset(), EXEC_INST, 1,
            ReplaceOrderDecoder.selfTradePreventionEncodingOffset(), selfTrade, 0,
            ReplaceOrderDecoder.shapeErrorEncodingOffset(), shapeError, 0);
        of(CancelOrderDecoder.TEMPLATE_ID, CancelOrderDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            CancelOrderDecoder.sideEncodingOffset(), side, 0);
        of(OrderStatusRequestDecoder.TEMPLATE_ID, OrderStatusRequestDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            OrderStatusRequestDecoder.sideEncodingOffset(), side, 0);
        of(MassCancelDecoder.TEMPLATE_ID, MassCancelDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            MassCancelDecoder.scopeEncodingOffset(), bits(1, 7, 9), 0);
        of(MassActionDecoder.TEMPLATE_ID, MassActionDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            MassActionDecoder.actionEncodingOffset(), bits(1, 2, 3), 0);
        of(ClientLogoutDecoder.TEMPLATE_ID, ClientLogoutDecoder.BLOCK_LENGTH, 8, FLAGS, 1);
        of(ClientHeartbeatDecoder.TEMPLATE_ID, ClientHeartbeatDecoder.BLOCK_LENGTH, 8, FLAGS, 1);
        of(ReplayRequestDecoder.TEMPLATE_ID, ReplayRequestDecoder.BLOCK_LENGTH, 8, FLAGS, 1);
        of(ScheduleStartDecoder.TEMPLATE_ID, ScheduleStartDecoder.BLOCK_LENGTH, 8, FLAGS, 1);
        of(ScheduleStopDecoder.TEMPLATE_ID, ScheduleStopDecoder.BLOCK_LENGTH, 8, FLAGS, 1,
            ScheduleStopDecoder.causeEncodingOffset(), bits(0, 1, 2, 3), 0);
    }

    private CommandCheck() {
    }

    /**
     * Template of a frame of our schema, in a version that we know.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @return template id, -1 when the header is cut or another's
     */
    public static int templateId(final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH
            || u16(buffer, offset + 4) != MessageHeaderDecoder.SCHEMA_ID) {
            return -1;
        }
        final int version = u16(buffer, offset + 6);
        return version < 1 || version > MessageHeaderDecoder.SCHEMA_VERSION ? -1 : u16(buffer, offset + 2);
    }

    /**
     * May a client send it, once it is logged on?
     *
     * @param template as {@link #templateId} found it
     * @return false for a ClientLogon, for everything that is not a client's, and for -1
     */
    public static boolean isCommand(final int template) {
        return template > 0 && template < TEMPLATES && BLOCK_LENGTH[template] > 0;
    }

    /**
     * Has it the length of its template, and a value of its enum in every field?
     *
     * @param template of the frame, {@link #isCommand}
     * @param buffer   holds the frame
     * @param offset   of the header
     * @param length   of the frame
     * @return true when it can be acted on
     */
    public static boolean isWhole(final int template, final DirectBuffer buffer, final int offset, final int length) {
        final int blockLength = BLOCK_LENGTH[template];
        if (u16(buffer, offset) != blockLength || length != MessageHeaderDecoder.ENCODED_LENGTH + blockLength) {
            return false;
        }
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final long[] fields = FIELDS[template];
        for (int i = 0; i < fields.length; i += 3) {
            final int value = buffer.getByte(body + (int) fields[i]) & 0xFF;
            final boolean good = fields[i + 2] == 1 ? (value & ~fields[i + 1]) == 0
                : value == UNSET || value < Long.SIZE && (fields[i + 1] >>> value & 1) != 0;
            if (!good) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has the command a ClOrdID(11)?
     *
     * @param template of the frame
     * @return true for 1 to 5 and 12
     */
    public static boolean hasClOrdId(final int template) {
        return template >= NewOrderDecoder.TEMPLATE_ID && template <= MassCancelDecoder.TEMPLATE_ID
            || template == MassActionDecoder.TEMPLATE_ID;
    }

    private static void of(final int template, final int blockLength, final long... fields) {
        BLOCK_LENGTH[template] = blockLength;
        FIELDS[template] = fields;
        fields[0] = FLAGS_OFFSET - MessageHeaderDecoder.ENCODED_LENGTH;
    }

    private static long bits(final int... values) {
        long mask = 0;
        for (final int value : values) {
            mask |= 1L << value;
        }
        return mask;
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
