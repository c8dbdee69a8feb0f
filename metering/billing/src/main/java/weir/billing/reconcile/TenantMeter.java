package weir.billing.reconcile;

import java.util.Comparator;
import weir.billing.rating.MeterKind;

/**
 * A tenant and one of its meters.
 *
 * @param tenantId tenant
 * @param meter    index
 */
record TenantMeter(int tenantId, int meter) implements Comparable<TenantMeter> {
    @Override
    public int compareTo(final TenantMeter other) {
        return Comparator.comparingInt(TenantMeter::tenantId).thenComparingInt(TenantMeter::meter).compare(this, other);
    }

    @Override
    public String toString() {
        return "tenant " + tenantId + " meter " + MeterKind.of(meter).label();
    }
}
