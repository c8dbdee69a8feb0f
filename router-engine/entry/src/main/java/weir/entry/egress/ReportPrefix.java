package weir.entry.egress;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** What messages 80 to 84 have in common: the first fields of their block. Reads at fixed places, no state. */
public final class ReportPrefix {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    /** Record, index, session, tenant, time, number answered. */
    private static final int LENGTH = HEADER + 32;

    private ReportPrefix() {
    }

    /**
     * Is it a report of our schema, whole up to its block?
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @return false for any other frame
     */
    public static boolean isReport(final DirectBuffer buffer, final int offset, final int length) {
        if (length < LENGTH || u16(buffer, offset + 4) != MessageHeaderDecoder.SCHEMA_ID) {
            return false;
        }
        final int blockLength;
        switch (u16(buffer, offset + 2)) {
            case ExecutionReportDecoder.TEMPLATE_ID:
                blockLength = ExecutionReportDecoder.BLOCK_LENGTH;
                break;
            case CancelRejectDecoder.TEMPLATE_ID:
                blockLength = CancelRejectDecoder.BLOCK_LENGTH;
                break;
            case BusinessRejectDecoder.TEMPLATE_ID:
                blockLength = BusinessRejectDecoder.BLOCK_LENGTH;
                break;
            case MassCancelReportDecoder.TEMPLATE_ID:
                blockLength = MassCancelReportDecoder.BLOCK_LENGTH;
                break;
            case AlertDecoder.TEMPLATE_ID:
                blockLength = AlertDecoder.BLOCK_LENGTH;
                break;
            default:
                return false;
        }
        return u16(buffer, offset) >= blockLength && length >= HEADER + blockLength;
    }

    /**
     * Is it an Alert(84), which goes to every session of its tenant?
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return true for template 84
     */
    public static boolean isAlert(final DirectBuffer buffer, final int offset) {
        return u16(buffer, offset + 2) == AlertDecoder.TEMPLATE_ID;
    }

    /**
     * Journal record that made it.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return record sequence
     */
    public static long recordSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + HEADER, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Its place among that record's outputs.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return index from 0
     */
    public static int outputIndex(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + HEADER + 8, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Session that it is for.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return session id
     */
    public static int sessionId(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + HEADER + 12, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Tenant that it is for.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return tenant id, 0 in an Alert for all
     */
    public static int tenantId(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + HEADER + 16, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Command that it answers.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @return MsgSeqNum, 0 when it answers none
     */
    public static int refMsgSeqNum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + HEADER + 28, ByteOrder.LITTLE_ENDIAN);
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
