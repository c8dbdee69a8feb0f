package weir.billing.stripe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Where a tenant's calendar month ends. */
final class BillingCycle {
    private BillingCycle() {
    }

    /**
     * Start of the next month in a zone.
     *
     * @param nowMs wall clock
     * @param zone  of the tenant
     * @return epoch seconds, after now
     */
    static long nextMonthSeconds(final long nowMs, final ZoneId zone) {
        final ZonedDateTime now = Instant.ofEpochMilli(nowMs).atZone(zone);
        return now.toLocalDate().withDayOfMonth(1).plus(1, ChronoUnit.MONTHS).atStartOfDay(zone).toEpochSecond();
    }
}
