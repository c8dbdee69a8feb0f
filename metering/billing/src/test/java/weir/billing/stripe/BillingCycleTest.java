package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BillingCycleTest {
    /** By Stripe's rule: whole months from the anchor in UTC, on the day that it has or the month's last. */
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati",
        "America/Sao_Paulo", "Etc/GMT+12", "Pacific/Honolulu"})
    void shouldStepThroughTheStartsOfALocalYearInUtc(final String name) {
        final ZoneId zone = ZoneId.of(name);
        for (int month = 1; month <= 12; month++) {
            final LocalDate created = LocalDate.of(2027, month, 10);
            final BillingCycle.Anchor anchor =
                BillingCycle.anchor(created.atStartOfDay(zone).toInstant().toEpochMilli(), zone);
            final LocalDateTime first = Instant.ofEpochSecond(anchor.seconds()).atZone(ZoneOffset.UTC)
                .toLocalDateTime();
            for (int step = 0; step <= 12; step++) {
                final YearMonth in = YearMonth.from(first).plusMonths(step);
                final int day = Math.min(anchor.dayOfMonth(), in.lengthOfMonth());
                assertEquals(created.withDayOfMonth(1).plusMonths(step + 1L).atStartOfDay(zone).toInstant(),
                    in.atDay(day).atTime(first.toLocalTime()).toInstant(ZoneOffset.UTC), created + " + " + step);
            }
        }
    }
}
