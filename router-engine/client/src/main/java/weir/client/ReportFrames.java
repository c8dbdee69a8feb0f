package weir.client;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** Turns messages 80 to 84 into calls of the listener. Flyweights only. One thread. */
final class ReportFrames {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int REF_MSG_SEQ_NUM = HEADER + 28;

    private final ClientListener listener;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ExecutionReportDecoder execution = new ExecutionReportDecoder();
    private final CancelRejectDecoder cancelReject = new CancelRejectDecoder();
    private final BusinessRejectDecoder businessReject = new BusinessRejectDecoder();
    private final MassCancelReportDecoder massCancel = new MassCancelReportDecoder();
    private final AlertDecoder alert = new AlertDecoder();

    ReportFrames(final ClientListener listener) {
        this.listener = listener;
    }

    void dispatch(final long reportSeq, final boolean replayed, final DirectBuffer buffer, final int offset) {
        header.wrap(buffer, offset);
        final int body = offset + HEADER;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID:
                listener.onExecutionReport(reportSeq, replayed, execution.wrap(buffer, body, blockLength, version));
                break;
            case CancelRejectDecoder.TEMPLATE_ID:
                listener.onCancelReject(reportSeq, replayed, cancelReject.wrap(buffer, body, blockLength, version));
                break;
            case BusinessRejectDecoder.TEMPLATE_ID:
                listener.onBusinessReject(reportSeq, replayed, businessReject(buffer, offset));
                break;
            case MassCancelReportDecoder.TEMPLATE_ID:
                listener.onMassCancelReport(reportSeq, replayed,
                    massCancel.wrap(buffer, body, blockLength, version));
                break;
            case AlertDecoder.TEMPLATE_ID:
                listener.onAlert(reportSeq, replayed, alert.wrap(buffer, body, blockLength, version));
                break;
            default:
                // A kind of report that is younger than this library: its number counts all the same.
                break;
        }
    }

    BusinessRejectDecoder businessReject(final DirectBuffer buffer, final int offset) {
        return businessReject.wrapAndApplyHeader(buffer, offset, header);
    }

    /** Command that a report answers, 0 = none. */
    static int refMsgSeqNum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + REF_MSG_SEQ_NUM, ByteOrder.LITTLE_ENDIAN);
    }

    /** Did the gateway make it, and no journal record? */
    static boolean isGatewaysOwn(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + HEADER, ByteOrder.LITTLE_ENDIAN) == 0;
    }
}
