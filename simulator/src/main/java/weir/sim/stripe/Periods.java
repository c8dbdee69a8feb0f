package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Billing periods: the moments that lie a whole number of a price's intervals from the billing cycle anchor, in UTC. An
 * anchor on the 31st gives the last day of shorter months and the 31st again afterwards. Seconds since the epoch.
 */
final class Periods {
    private Periods() {
    }

    /** @return the first boundary after {@code time} */
    static long endAfter(final long anchor, final JsonNode recurring, final long time) {
        long steps = guess(anchor, recurring, time);
        while (at(anchor, recurring, steps) > time) {
            steps--;
        }
        while (at(anchor, recurring, steps) <= time) {
            steps++;
        }
        return at(anchor, recurring, steps);
    }

    /** @return the last boundary at or before {@code time} */
    static long startAtOrBefore(final long anchor, final JsonNode recurring, final long time) {
        long steps = guess(anchor, recurring, time);
        while (at(anchor, recurring, steps) <= time) {
            steps++;
        }
        while (at(anchor, recurring, steps) > time) {
            steps--;
        }
        return at(anchor, recurring, steps);
    }

    /** @return {@code start} and a number of intervals */
    static long plus(final long start, final String interval, final long count) {
        final ZonedDateTime from = Instant.ofEpochSecond(start).atZone(ZoneOffset.UTC);
        return switch (interval) {
            case "day" -> from.plusDays(count).toEpochSecond();
            case "week" -> from.plusWeeks(count).toEpochSecond();
            case "month" -> from.plusMonths(count).toEpochSecond();
            default -> from.plusYears(count).toEpochSecond();
        };
    }

    private static long at(final long anchor, final JsonNode recurring, final long steps) {
        return plus(anchor, recurring.get("interval").asText(), steps * recurring.get("interval_count").asLong());
    }

    private static long guess(final long anchor, final JsonNode recurring, final long time) {
        final long dayCount = switch (recurring.get("interval").asText()) {
            case "day" -> 1;
            case "week" -> 7;
            case "month" -> 30;
            default -> 365;
        };
        return (time - anchor) / (dayCount * 86_400 * recurring.get("interval_count").asLong());
    }
}
