package weir.billing.stripe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Where a tenant's calendar month ends. */
final class BillingCycle {
    /** Of {@code billing_cycle_anchor_config}: the last day of every month. */
    static final int LAST_DAY = 31;

    private BillingCycle() {
    }

    /**
     * Where Stripe's months begin; it counts them in UTC from the anchor.
     *
     * @param seconds    the first, epoch seconds
     * @param dayOfMonth in UTC: 1, or {@link #LAST_DAY} ahead of it, where a local month begins on the last day of the
     *                   month before, which the day of the first would not say in all months
     */
    record Anchor(long seconds, int dayOfMonth) {
    }

    /**
     * Start of the next month in a zone. In a zone whose offset changes the months of the other offset begin beside the
     * local ones by as much.
     *
     * @param nowMs wall clock
     * @param zone  of the tenant
     * @return anchor, after now
     */
    static Anchor anchor(final long nowMs, final ZoneId zone) {
        final ZonedDateTime now = Instant.ofEpochMilli(nowMs).atZone(zone);
        final ZonedDateTime start = now.toLocalDate().withDayOfMonth(1).plus(1, ChronoUnit.MONTHS).atStartOfDay(zone);
        final boolean first = start.withZoneSameInstant(ZoneOffset.UTC).getDayOfMonth() == 1;
        return new Anchor(start.toEpochSecond(), first ? 1 : LAST_DAY);
    }
}
