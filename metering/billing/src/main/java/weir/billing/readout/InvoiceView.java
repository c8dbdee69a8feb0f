package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import weir.billing.rating.MeterKind;

/** The lines of one period's invoice. */
final class InvoiceView {
    private final Books books;

    InvoiceView(final Books books) {
        this.books = books;
    }

    Optional<ObjectNode> of(final TenantRow tenant, final Long startNs) {
        final long period = startNs == null ? tenant.periodStartNs() : startNs;
        final List<UsageLines.Line> lines = new UsageLines(books, tenant).byPeriod.get(period);
        if (lines == null) {
            return Optional.empty();
        }
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        tenant.into(root);
        books.moment().into(root);
        new PlanPrices(books, tenant).into(root);
        root.put("periodStartNs", period).put("periodStart", Moment.time(period))
            .put("final", period < tenant.periodStartNs());
        final ArrayNode rows = root.putArray("lines");
        long total = 0;
        for (final UsageLines.Line line : lines) {
            rows.addObject().put("meter", MeterKind.of(line.meter()).label()).put("planVersion", line.planVersion())
                .put("priceMicros", line.priceMicros()).put("units", line.units())
                .put("amountMicros", line.amountMicros()).put("firstRecord", line.firstSequence())
                .put("lastRecord", line.lastSequence());
            total = Math.addExact(total, line.amountMicros());
        }
        return Optional.of(root.put("totalMicros", total));
    }
}
