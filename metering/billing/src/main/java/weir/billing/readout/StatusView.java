package weir.billing.readout;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.billing.batch.BatchState;

/** How billing stands. */
final class StatusView {
    private final Books books;

    StatusView(final Books books) {
        this.books = books;
    }

    ObjectNode at(final long nowMs) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        final Moment moment = books.moment();
        moment.into(root);
        root.put("committedMsAgo", Math.max(0, nowMs - moment.updatedMs()))
            .put("positionAgeMs", Math.max(0, nowMs - moment.epochNs() / 1_000_000L));
        final ObjectNode undelivered = root.putObject("undelivered");
        books.ask("SELECT COUNT(*), COALESCE(SUM(units), 0), COALESCE(MIN(event_ns), 0) FROM batch WHERE state IN ("
            + BatchState.SEALED.ordinal() + ", " + BatchState.SENT.ordinal() + ')', row -> {
                undelivered.put("batches", row.getLong(1)).put("units", row.getLong(2));
                if (row.getLong(3) != 0) {
                    undelivered.put("oldestAgeMs", Math.max(0, nowMs - row.getLong(3) / 1_000_000L));
                }
            });
        books.ask("SELECT COUNT(*), COALESCE(SUM(units), 0) FROM batch WHERE state = "
            + BatchState.QUARANTINED.ordinal(), row ->
            root.putObject("quarantined").put("batches", row.getLong(1)).put("units", row.getLong(2)));
        root.put("openUnits", books.number("SELECT COALESCE(SUM(units), 0) FROM usage_line WHERE identifier IS NULL"));
        books.ask("SELECT COUNT(*), COALESCE(MAX(sequence), 0) FROM discrepancy", row ->
            root.putObject("drift").put("discrepancies", row.getLong(1)).put("lastRecord", row.getLong(2)));
        return root;
    }
}
