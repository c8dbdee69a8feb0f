package weir.billing.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the desks' FIX logs say: chargeable messages in, fills out. */
final class FixFacts {
    private static final Set<String> CHARGEABLE = Set.of("D", "G", "H", "q");

    /** Chargeable messages, possible duplicates (43=Y) of one collapsed. */
    final Map<RequestKey, Integer> requests = new LinkedHashMap<>();
    /** Fill reports (150=F) per session and ExecID(17). */
    final Map<String, List<Fill>> fills = new LinkedHashMap<>();
    /** Sessions with a log. */
    final Set<Integer> sessions = new HashSet<>();
    int garbled;

    private final Map<Integer, Set<Integer>> refusedSeqNums = new HashMap<>();
    private final Map<Integer, Set<String>> notTaken = new HashMap<>();

    record Fill(int sessionId, String execId, String lastQty, String lastPx, boolean repeated) {
    }

    void read(final FixLog log, final String routerCompId) {
        sessions.add(log.sessionId());
        garbled += log.each((epochNs, fields) -> {
            if (routerCompId.equals(fields.get(56))) {
                onInbound(fields, log.sessionId());
            } else if (routerCompId.equals(fields.get(49))) {
                onOutbound(fields, log.sessionId());
            }
        });
    }

    private void onInbound(final FixFields fields, final int sessionId) {
        final String type = fields.get(35);
        if (!CHARGEABLE.contains(type)) {
            return;
        }
        final RequestKey key = new RequestKey(sessionId, type.charAt(0), number(fields.get(34)),
            RequestKey.shaped(fields.get(11)));
        if (fields.isYes(43)) {
            requests.putIfAbsent(key, 1);
        } else {
            requests.merge(key, 1, Integer::sum);
        }
    }

    private void onOutbound(final FixFields fields, final int sessionId) {
        final String type = fields.get(35);
        if ("3".equals(type) && fields.get(45) != null) {
            refusedSeqNums.computeIfAbsent(sessionId, id -> new HashSet<>()).add(number(fields.get(45)));
        }
        final String text = fields.getOr(58, "");
        if (text.startsWith("GATEWAY_BUSY") || text.startsWith("UNSUPPORTED_MESSAGE") || text.startsWith("MALFORMED")) {
            if (fields.get(45) != null) {
                refusedSeqNums.computeIfAbsent(sessionId, id -> new HashSet<>()).add(number(fields.get(45)));
            }
            if (fields.get(11) != null) {
                notTaken.computeIfAbsent(sessionId, id -> new HashSet<>()).add(fields.get(11));
            }
        }
        if ("8".equals(type) && "F".equals(fields.get(150))) {
            final String execId = fields.getOr(17, "");
            fills.computeIfAbsent(sessionId + "/" + execId, key -> new ArrayList<>()).add(new Fill(sessionId, execId,
                fields.getOr(32, "0"), fields.getOr(31, "0"), fields.isYes(43) || fields.isYes(97)));
        }
    }

    /** Whether the session layer answered this message itself, so that the engine never saw it. */
    boolean refusedAtTheEdge(final RequestKey key) {
        return refusedSeqNums.getOrDefault(key.sessionId(), Set.of()).contains(key.seqNum())
            || notTaken.getOrDefault(key.sessionId(), Set.of()).contains(key.clOrdId());
    }

    static int number(final String value) {
        try {
            return value == null ? -1 : Integer.parseInt(value);
        } catch (final NumberFormatException ex) {
            return -1;
        }
    }
}
