package weir.billing.export;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import weir.billing.intake.RecordView;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ClientLogonDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.SessionConfigDecoder;

/** Names of sessions and how each proved who it is, from the records. One thread. */
final class Sessions {
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<Integer> keyed = new HashSet<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionConfigDecoder config = new SessionConfigDecoder();

    void take(final RecordView view) {
        if (view.record().reason() != RejectReason.NONE.code()) {
            return;
        }
        if (view.templateId() == SessionConfigDecoder.TEMPLATE_ID) {
            config.wrapAndApplyHeader(view.input(), 0, header);
            names.put(config.sessionId(), config.compId().trim());
        } else if (view.templateId() == ClientLogonDecoder.TEMPLATE_ID) {
            keyed.add(view.record().sessionId());
        }
    }

    /** Null when it has none: CSV knows no empty text apart from nothing. */
    String name(final int sessionId) {
        return names.get(sessionId);
    }

    /**
     * {@code HMAC_VERIFIED}: a binary client, whose logon was signed with its key. {@code FIX_LOGON}: a desk, whose
     * FIX session logged on. Without either nothing it sends is journaled as a request.
     */
    String authentication(final int sessionId) {
        return keyed.contains(sessionId) ? "HMAC_VERIFIED" : "FIX_LOGON";
    }
}
