package weir.billing.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests that one desk owes for, from its raw FIX bytes: D, G, H and q, each once, less what the session layer
 * answered by itself, what was refused for want of money, and repeats of a known order that were marked as such. An
 * answer that a record stands behind names it in tag 20001 (RecordSeq).
 */
final class OracleRequests {
    private static final Set<String> CHARGED = Set.of("D", "G", "H", "q");
    private static final Set<String> FREE = Set.of("CREDIT_EXHAUSTED", "BUDGET_EXHAUSTED", "NO_PLAN",
        "SESSION_UNKNOWN", "SESSION_NOT_CONNECTED", "MALFORMED");
    private static final Set<String> EDGE = Set.of("GATEWAY_BUSY", "UNSUPPORTED_MESSAGE", "MALFORMED");

    /** Orders that the desk was told the venue does not have: order id to time. */
    final Map<String, Long> lost = new TreeMap<>();

    private final Map<Request, List<Asked>> asked = new LinkedHashMap<>();
    private final Map<Integer, Asked> lastOfSeqNum = new HashMap<>();
    private final Map<Request, Set<String>> refusedAtTheEdge = new HashMap<>();
    private final Map<Request, Set<String>> free = new HashMap<>();
    private final Map<Request, Set<String>> duplicates = new HashMap<>();

    private record Request(String type, String id) {
    }

    private static final class Asked {
        private final int seqNum;
        private final long epochNs;
        private boolean marked;
        private boolean refused;

        Asked(final int seqNum, final long epochNs, final boolean marked) {
            this.seqNum = seqNum;
            this.epochNs = epochNs;
            this.marked = marked;
        }
    }

    void read(final FixLog log, final String routerCompId) {
        log.each((epochNs, fields) -> {
            if (routerCompId.equals(fields.get(56))) {
                onSent(epochNs, fields);
            } else if (routerCompId.equals(fields.get(49))) {
                onAnswer(epochNs, fields);
            }
        });
    }

    private void onSent(final long epochNs, final FixFields fields) {
        final String type = fields.get(35);
        if (!CHARGED.contains(type)) {
            return;
        }
        final int seqNum = FixFacts.number(fields.get(34));
        final List<Asked> same = asked.computeIfAbsent(new Request(type, RequestKey.shaped(fields.get(11))),
            key -> new ArrayList<>());
        if (fields.isYes(43)) {
            for (final Asked earlier : same) {
                if (earlier.seqNum == seqNum) {
                    earlier.marked = true;
                    return;
                }
            }
        }
        final Asked one = new Asked(seqNum, epochNs, fields.isYes(43) || fields.isYes(97));
        same.add(one);
        lastOfSeqNum.put(seqNum, one);
    }

    private void onAnswer(final long epochNs, final FixFields fields) {
        final String type = fields.get(35);
        final String text = fields.getOr(58, "");
        final String code = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : text;
        final String record = fields.getOr(20001, "8".equals(type) ? fields.get(17) : null);
        final Request about = about(type, fields);
        final boolean edge = about != null && fields.get(20001) == null && ("j".equals(type) || EDGE.contains(code));
        if ("3".equals(type) || edge) {
            if (!refuse(fields) && about != null) {
                note(refusedAtTheEdge, about, Long.toString(epochNs));
            }
        } else if (about != null && record != null) {
            if (FREE.contains(code) && !refuse(fields)) {
                note(free, about, record);
            } else if ("DUPLICATE_CLORDID".equals(code)) {
                note(duplicates, about, record);
            } else if ("NOT_AT_VENUE".equals(code) && "8".equals(type) && "8".equals(fields.get(39))) {
                lost.putIfAbsent(fields.getOr(37, record), epochNs);
            }
        }
    }

    /** @return whether RefSeqNum(45) says which message it was */
    private boolean refuse(final FixFields answer) {
        final Asked one = answer.get(45) == null ? null : lastOfSeqNum.get(FixFacts.number(answer.get(45)));
        if (one != null) {
            one.refused = true;
        }
        return one != null;
    }

    /** @return what an answer is about; null when it is about no request that is charged */
    private static Request about(final String type, final FixFields fields) {
        final String asked = switch (type) {
            case "8" -> "D";
            case "9" -> "2".equals(fields.get(434)) ? "G" : null;
            case "r" -> "q";
            case "j" -> fields.get(372);
            default -> null;
        };
        return asked == null || !CHARGED.contains(asked) ? null
            : new Request(asked, RequestKey.shaped(fields.getOr(11, fields.get(379))));
    }

    private static void note(final Map<Request, Set<String>> notes, final Request about, final String record) {
        notes.computeIfAbsent(about, key -> new HashSet<>()).add(record);
    }

    /** @return when each request that is owed for was sent, epoch nanoseconds */
    List<Long> owed() {
        final List<Long> owed = new ArrayList<>();
        asked.forEach((request, each) -> {
            final List<Asked> left = new ArrayList<>(each);
            left.removeIf(one -> one.refused);
            drop(left, count(refusedAtTheEdge, request), false);
            drop(left, count(free, request), false);
            final int repeats = left.size() - 1 - count(duplicates, request);
            if (repeats > 0 && ("D".equals(request.type) || "G".equals(request.type))) {
                drop(left, repeats, true);
            }
            left.forEach(one -> owed.add(one.epochNs));
        });
        return owed;
    }

    private static int count(final Map<Request, Set<String>> notes, final Request request) {
        return notes.getOrDefault(request, Set.of()).size();
    }

    private static void drop(final List<Asked> from, final int count, final boolean marked) {
        int left = count;
        for (int i = from.size() - 1; i >= 0 && left > 0; i--) {
            if (!marked || from.get(i).marked) {
                from.remove(i);
                left--;
            }
        }
    }
}
