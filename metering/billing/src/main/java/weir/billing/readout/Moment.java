package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * How far billing had committed when a read transaction began.
 *
 * @param journalId journal that is billed
 * @param position  last record whose effects are committed
 * @param epochNs   its journaled time, epoch nanoseconds
 * @param updatedMs wall clock of the commit, epoch milliseconds
 * @param moved     digest of the balances that were moved beside records; empty when none was
 */
public record Moment(String journalId, long position, long epochNs, long updatedMs, String moved) {
    /**
     * Strong entity tag of everything that depends on the position and on what was moved beside records.
     *
     * @return with its quotes
     */
    public String etag() {
        return '"' + journalId + '-' + position + moved + '"';
    }

    void into(final ObjectNode node) {
        node.put("journalId", journalId).put("position", position).put("positionTime", time(epochNs));
    }

    static String time(final long epochNs) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L), Math.floorMod(epochNs, 1_000_000_000L))
            .toString();
    }
}
