package weir.entry;

import java.util.ArrayList;
import java.util.List;
import weir.client.ClientListener;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecutionReportDecoder;

/** Keeps what a client heard. */
class Recorder implements ClientListener {
    final List<Long> sequences = new ArrayList<>();
    final List<String> reports = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    int replayed;

    @Override
    public void onLoggedOn(final int sessionId, final long nextReportSeq, final int lastMsgSeqNum) {
        events.add("on last=" + lastMsgSeqNum);
    }

    @Override
    public void onLogonRefused() {
        events.add("refused");
    }

    @Override
    public void onDisconnected(final DisconnectCause cause, final RejectReason reason) {
        events.add("off " + cause + ' ' + reason);
    }

    @Override
    public void onReportsGone(final long asked, final long next) {
        events.add("gone " + asked + ' ' + next);
    }

    @Override
    public void onResent(final int before, final int now) {
        events.add("resent " + before + ' ' + now);
    }

    @Override
    public void onExecutionReport(final long reportSeq, final boolean again, final ExecutionReportDecoder report) {
        note(reportSeq, again, report.clOrdId() + ' ' + (char) report.execType().value() + ' '
            + RejectReason.ofCode(report.reason()) + " ref=" + report.refMsgSeqNum());
    }

    @Override
    public void onCancelReject(final long reportSeq, final boolean again, final CancelRejectDecoder report) {
        note(reportSeq, again, report.clOrdId() + " cancel-reject " + RejectReason.ofCode(report.reason()));
    }

    @Override
    public void onBusinessReject(final long reportSeq, final boolean again, final BusinessRejectDecoder report) {
        if (reportSeq == 0) {
            events.add("reject " + RejectReason.ofCode(report.reason()) + " ref=" + report.refMsgSeqNum());
        } else {
            note(reportSeq, again, "reject " + RejectReason.ofCode(report.reason()) + " ref=" + report.refMsgSeqNum());
        }
    }

    @Override
    public void onAlert(final long reportSeq, final boolean again, final AlertDecoder report) {
        note(reportSeq, again, "alert " + report.kind());
    }

    private void note(final long reportSeq, final boolean again, final String text) {
        sequences.add(reportSeq);
        reports.add(text);
        if (again) {
            replayed++;
        }
    }

    @Override
    public String toString() {
        return events + " " + reports;
    }
}
