package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import weir.billing.rating.MeterKind;

/** Usage per period and meter. */
final class UsageView {
    private final Books books;

    UsageView(final Books books) {
        this.books = books;
    }

    ObjectNode of(final TenantRow tenant) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        tenant.into(root);
        books.moment().into(root);
        final PlanPrices prices = new PlanPrices(books, tenant);
        prices.into(root);
        final ArrayNode periods = root.putArray("periods");
        for (final Map.Entry<Long, List<UsageLines.Line>> period
            : new UsageLines(books, tenant).byPeriod.descendingMap().entrySet()) {
            final boolean present = period.getKey() == tenant.periodStartNs();
            final ObjectNode node = periods.addObject().put("periodStartNs", period.getKey().longValue())
                .put("periodStart", Moment.time(period.getKey())).put("present", present);
            final ArrayNode meters = node.putArray("meters");
            long total = 0;
            for (final MeterKind meter : MeterKind.values()) {
                long units = 0;
                long amount = 0;
                for (final UsageLines.Line line : period.getValue()) {
                    units += line.meter() == meter.ordinal() ? line.units() : 0;
                    amount += line.meter() == meter.ordinal() ? line.amountMicros() : 0;
                }
                total = Math.addExact(total, amount);
                final ObjectNode row = meters.addObject().put("meter", meter.label()).put("units", units)
                    .put("amountMicros", amount);
                if (present) {
                    // the rater's own count, which decides the tier
                    prices.next(meter.ordinal(), tenant.units().get(meter.ordinal()), row);
                }
            }
            node.put("amountMicros", total);
        }
        return root;
    }
}
