package weir.sim.desk;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What a {@link DeskRun} saw, frozen at its end except for the ledger, which goes on living. */
public final class DeskRunResult {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

    private final String desk;
    private final Map<StepKind, Integer> sent;
    private final long sendingNs;
    private final boolean settled;
    private final Histogram roundTrip;
    private final Histogram sendDelay;
    private final ClientLedger ledger;

    DeskRunResult(final String desk, final Map<StepKind, Integer> sent, final long sendingNs, final boolean settled,
                  final Histogram roundTrip, final Histogram sendDelay, final ClientLedger ledger) {
        this.desk = desk;
        this.sent = new TreeMap<>(sent);
        this.sendingNs = sendingNs;
        this.settled = settled;
        this.roundTrip = roundTrip.copy();
        this.sendDelay = sendDelay.copy();
        this.ledger = ledger;
    }

    /** @return messages sent per kind */
    public Map<StepKind, Integer> sent() {
        return sent;
    }

    /** @return messages sent */
    public int total() {
        return sent.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** @return nanoseconds from the intended send time to the first report */
    public Histogram roundTrip() {
        return roundTrip;
    }

    /** @return nanoseconds from the intended send time to the hand-over: how late the sender itself was */
    public Histogram sendDelay() {
        return sendDelay;
    }

    /** @return the client's ledger */
    public ClientLedger ledger() {
        return ledger;
    }

    /** @return true when every message was answered and the ledger found no breach */
    public boolean clean() {
        return settled && ledger.violationCount() == 0;
    }

    /** @return ClOrdIDs nothing has answered yet */
    public List<String> unanswered() {
        return ledger.unanswered();
    }

    /** @return one JSON object, times in microseconds */
    public String toJson() {
        final ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("desk", desk);
        node.put("sent", total());
        node.put("sendingMs", sendingNs / 1_000_000L);
        sent.forEach((kind, count) -> node.withObject("/kinds").put(kind.name().toLowerCase(Locale.ROOT), count));
        ledger.countsByStatus().forEach((status, count) -> node.withObject("/ordStatus").put(status, count));
        ledger.countsByCode().forEach((code, count) -> node.withObject("/codes").put(code, count));
        node.put("executions", ledger.executions());
        node.put("duplicateReports", ledger.duplicateReports());
        node.put("unanswered", unanswered().size());
        node.put("breaches", ledger.violationCount());
        percentiles(node.putObject("roundTripUs"), roundTrip);
        percentiles(node.putObject("sendDelayUs"), sendDelay);
        return node.toString();
    }

    private static void percentiles(final ObjectNode into, final Histogram histogram) {
        into.put("count", histogram.getTotalCount());
        for (final double percentile : PERCENTILES) {
            final String name = percentile == 100 ? "max" : "p" + String.valueOf(percentile).replace(".0", "");
            into.put(name, histogram.getValueAtPercentile(percentile) / 1_000);
        }
    }

    @Override
    public String toString() {
        return toJson();
    }
}
