package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import weir.sim.desk.DeskClient;

/** What desks wrote down: their messages and every report, held against the journal. */
final class DeskEvidence {
    private static final Set<String> CHARGED_TYPES = Set.of("D", "G", "H", "q");
    private static final Set<String> NO_MONEY = Set.of("CREDIT_EXHAUSTED", "BUDGET_EXHAUSTED", "NO_PLAN");

    /** Messages per tenant that the bill must hold, each once. */
    final Map<Integer, Long> requestsSent = new TreeMap<>();
    /** Orders of which a desk was told that the venue does not have them. */
    final Set<Long> toldAbsent = new HashSet<>();

    private final JournalPicture journal;
    private final Breaches breaches;

    DeskEvidence(final JournalPicture journal, final Breaches breaches) {
        this.journal = journal;
        this.breaches = breaches;
    }

    /** J1, and its other half: whatever the journal says to a desk, the desk has. Also: each message was answered. */
    void check(final TestCluster cluster, final Map<String, Object> compared) throws IOException {
        final Set<String> got = new HashSet<>();
        final Map<Integer, Set<String>> accepted = new HashMap<>();
        for (final Map.Entry<String, DeskClient> entry : cluster.desks().entrySet()) {
            final int sessionId = TestCluster.SESSIONS.get(entry.getKey());
            final DeskClient desk = entry.getValue();
            desk.ledger().violations().forEach(violation -> breaches.add("FIX " + entry.getKey() + ": " + violation));
            desk.rejectsSent().forEach(reject -> breaches.add("desk refused " + reject));
            desk.ledger().unanswered().forEach(id -> breaches.add("unanswered " + entry.getKey() + ' ' + id));
            final Map<Integer, String> charged = new HashMap<>();
            final Set<Integer> free = new HashSet<>();
            final Repeats repeats = new Repeats();
            breaches.read(desk.journalFile(), line -> {
                final JsonNode fields = line.path("fields");
                final String type = line.path("type").asText();
                if (!"in".equals(line.path("dir").asText())) {
                    if (CHARGED_TYPES.contains(type)) {
                        charged.putIfAbsent(line.path("seq").asInt(), fields.path("11").asText());
                        repeats.sent(line);
                    }
                    return;
                }
                repeats.answered(fields);
                onReport(sessionId, type, fields, got);
                if (fields.path("150").asText().equals("A")) {
                    accepted.computeIfAbsent(sessionId, id -> new HashSet<>()).add(fields.path("11").asText());
                }
                // 39=4 with this code: the venue had it, and does not have it any more
                if (fields.path("58").asText().startsWith("NOT_AT_VENUE") && "8".equals(type)
                    && fields.path("39").asText().equals("8")) {
                    toldAbsent.add(fields.path("37").asLong());
                }
                free(type, fields, charged, free);
            });
            requestsSent.merge(TestCluster.TENANT_OF_SESSION.get(sessionId),
                (long)charged.size() - free.size() - repeats.free(breaches), Long::sum);
        }
        journal.reports.forEach((key, report) -> {
            if (TestCluster.TENANT_OF_SESSION.containsKey(report.sessionId()) && !got.contains(key)) {
                breaches.add("J1 journaled and never received: " + report);
            }
        });
        journal.orders.forEach((orderId, order) -> breaches.expect(
            accepted.getOrDefault(order.sessionId(), Set.of()).contains(order.clOrdId()),
            () -> "J1 admitted and never acknowledged: " + orderId + ' ' + order));
        compared.put("reports", got.size());
    }

    /**
     * Orders whose ClOrdID(11) a desk had used before. Refused as a duplicate, such a message is charged; one that came
     * first as a possible duplicate (43=Y), because its first sending was lost, gets the known order's state for free.
     */
    private static final class Repeats {
        private final Map<String, Integer> seqById = new HashMap<>();
        private final Map<Integer, String> repeats = new HashMap<>();
        private final Set<Integer> resent = new HashSet<>();
        private final Map<String, Set<String>> refused = new HashMap<>();

        void sent(final JsonNode line) {
            final String id = line.path("fields").path("11").asText();
            final int seq = line.path("seq").asInt();
            if ("resend".equals(line.path("dir").asText())) {
                resent.add(seq);
            } else if ("D".equals(line.path("type").asText()) && seqById.putIfAbsent(id, seq) != null) {
                repeats.put(seq, id);
            }
        }

        void answered(final JsonNode fields) {
            if (fields.path("58").asText().startsWith("DUPLICATE_CLORDID")) {
                refused.computeIfAbsent(fields.path("11").asText(), id -> new HashSet<>())
                    .add(fields.path("20001").asText());
            }
        }

        long free(final Breaches breaches) {
            final Map<String, Integer> count = new HashMap<>();
            final Map<String, Integer> countResent = new HashMap<>();
            repeats.forEach((seq, id) -> {
                count.merge(id, 1, Integer::sum);
                countResent.merge(id, resent.contains(seq) ? 1 : 0, Integer::sum);
            });
            long free = 0;
            for (final Map.Entry<String, Integer> entry : count.entrySet()) {
                final int notRefused = entry.getValue() - refused.getOrDefault(entry.getKey(), Set.of()).size();
                if (notRefused < 0 || notRefused > countResent.get(entry.getKey())) {
                    breaches.add("J4 " + entry + " repeated, refused " + refused.get(entry.getKey()));
                }
                free += notRefused;
            }
            return free;
        }
    }

    /** Messages that the session layer answered, or that money did not cover, are not charged. */
    private static void free(final String type, final JsonNode fields, final Map<Integer, String> charged,
        final Set<Integer> free) {
        final String text = fields.path("58").asText();
        final String code = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : text;
        if ("3".equals(type) || "j".equals(type) && !fields.has("20001")) {
            if (charged.containsKey(fields.path("45").asInt())) {
                free.add(fields.path("45").asInt());
            }
        } else if (NO_MONEY.contains(code)) {
            charged.forEach((seq, id) -> {
                if (id.equals(fields.path("11").asText())) {
                    free.add(seq);
                }
            });
        }
    }

    private void onReport(final int sessionId, final String type, final JsonNode fields, final Set<String> got) {
        final String recordSeq = fields.path("20001").asText();
        if (!Set.of("8", "9", "r").contains(type)) {
            return;
        }
        final JournalPicture.Report report = journal.reports.get(sessionId + "/" + recordSeq);
        if (report == null) {
            breaches.add("J1 received and not journaled: " + fields);
            return;
        }
        final boolean repeated = "Y".equals(fields.path("43").asText()) || "Y".equals(fields.path("97").asText());
        breaches.expect(got.add(sessionId + "/" + recordSeq) || repeated, () -> "reported twice as new: " + fields);
        boolean same = report.clOrdId().equals(fields.path("11").asText());
        if ("8".equals(type)) {
            same &= fields.path("17").asText().equals(recordSeq)
                && fields.path("150").asText().equals(String.valueOf(report.execType()))
                && fields.path("39").asText().equals(String.valueOf(report.ordStatus()))
                && Breaches.equal(fields.path("14").asText("0"), report.cumQty())
                && Breaches.equal(fields.path("151").asText("0"), report.leavesQty());
        }
        if (!same) {
            breaches.add("J1 journal says " + report + ", the desk got " + fields);
        }
    }
}
