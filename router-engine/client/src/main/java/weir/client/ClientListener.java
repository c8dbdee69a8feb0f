package weir.client;

import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;

/**
 * What a client hears. Called within {@link WeirClient#poll}; decoders are good during the call only. Each report comes
 * once and in the order of its number; a report that was made while the client was away comes with {@code replayed}.
 * To survive its own restart an application keeps {@code reportSeq + 1} with what it did about the report, and gives it
 * to {@link WeirClientContext#nextExpectedReportSeq(long)}.
 */
public interface ClientListener {
    /**
     * Logged on.
     *
     * @param sessionId     of the session
     * @param nextReportSeq number of the next report that comes to be; those below it that are missing follow now
     * @param lastMsgSeqNum last command that the router has taken
     */
    default void onLoggedOn(final int sessionId, final long nextReportSeq, final int lastMsgSeqNum) {
    }

    /** Logon refused; the gateway does not say why. The client tries again after its longest wait. */
    default void onLogonRefused() {
    }

    /**
     * No longer logged on. The client logs on again by itself unless it logged out or was replaced.
     *
     * @param cause  why
     * @param reason code of the gateway, {@link RejectReason#NONE} when it gave none
     */
    default void onDisconnected(final DisconnectCause cause, final RejectReason reason) {
    }

    /**
     * ExecutionReport(8).
     *
     * @param reportSeq number of the report
     * @param replayed  sent again
     * @param report    decoder
     */
    default void onExecutionReport(final long reportSeq, final boolean replayed, final ExecutionReportDecoder report) {
    }

    /**
     * OrderCancelReject(9).
     *
     * @param reportSeq number of the report
     * @param replayed  sent again
     * @param report    decoder
     */
    default void onCancelReject(final long reportSeq, final boolean replayed, final CancelRejectDecoder report) {
    }

    /**
     * BusinessMessageReject(j). With recordSequence 0 it is the gateway's own: the command was not taken
     * (GATEWAY_BUSY, MALFORMED) and will not be sent again by the client.
     *
     * @param reportSeq number of the report, 0 for an answer outside the numbering
     * @param replayed  sent again
     * @param report    decoder
     */
    default void onBusinessReject(final long reportSeq, final boolean replayed, final BusinessRejectDecoder report) {
    }

    /**
     * OrderMassCancelReport(r), or with an action OrderMassActionReport(BZ).
     *
     * @param reportSeq number of the report
     * @param replayed  sent again
     * @param report    decoder
     */
    default void onMassCancelReport(final long reportSeq, final boolean replayed,
        final MassCancelReportDecoder report) {
    }

    /**
     * News(B) for the whole tenant.
     *
     * @param reportSeq number of the report
     * @param replayed  sent again
     * @param report    decoder
     */
    default void onAlert(final long reportSeq, final boolean replayed, final AlertDecoder report) {
    }

    /**
     * Reports that were asked for are not kept any more, or never were. Ask for the orders' states.
     *
     * @param asked first number asked for
     * @param next  number of the report that comes next
     */
    default void onReportsGone(final long asked, final long next) {
    }

    /**
     * A command that the router did not have was sent again under a new number.
     *
     * @param before MsgSeqNum(34) that it had
     * @param now    MsgSeqNum(34) that it has
     */
    default void onResent(final int before, final int now) {
    }
}
