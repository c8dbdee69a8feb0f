package weir.system;

import java.util.Map;
import weir.billing.rating.MeterKind;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.report.UsageReport;

/**
 * What is written at the end of a run.
 *
 * @param usage          what billing rated and delivered
 * @param reconciliation all records against each other
 * @param stripe         units that Stripe accepted, by event name over all customers
 */
record Books(UsageReport usage, ReconcileReport reconciliation, Map<String, Long> stripe) {
    /** Units of request, order_sent and order_filled, and the amount, as {@code 1 request, 1 sent, 0 filled: 2100}. */
    String bill(final int tenantId) {
        return units(tenantId, MeterKind.REQUEST) + " request, " + units(tenantId, MeterKind.ORDER_SENT) + " sent, "
            + units(tenantId, MeterKind.ORDER_FILLED) + " filled: " + usage.amountMicros(tenantId);
    }

    long units(final int tenantId, final MeterKind meter) {
        return usage.usage().stream().filter(row -> row.tenantId() == tenantId && row.meter() == meter)
            .mapToLong(UsageReport.Usage::units).sum();
    }
}
