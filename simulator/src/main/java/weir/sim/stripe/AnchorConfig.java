package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * {@code billing_cycle_anchor_config}: the anchor is the next time that is this day of the month, at this time of day,
 * in UTC; what is not given of the time of day is that of the creation. A day that a month does not have is found in a
 * later one, and {@link Periods} count from there: the last day of shorter months, also of the first. Known here for
 * prices of one month alone. Source: docs.stripe.com/billing/subscriptions/billing-cycle.
 */
final class AnchorConfig {
    static final String PARAM = "billing_cycle_anchor_config";

    private AnchorConfig() {
    }

    /** @return whether a subscription's anchor came from a day of the month */
    static boolean given(final JsonNode subscription) {
        return subscription.path(PARAM).isObject();
    }

    /** @return anchor of a new subscription, seconds since the epoch */
    static long anchor(final StripeRequest request, final long now) {
        if (request.hash(PARAM).isEmpty()) {
            return request.integer("billing_cycle_anchor", now);
        }
        if (request.get("billing_cycle_anchor") != null) {
            throw StripeRefusal.invalid(PARAM, "You may only specify one of these parameters: billing_cycle_anchor, "
                + "billing_cycle_anchor_config.");
        }
        final ObjectNode config = read(request, now);
        final ZonedDateTime from = Instant.ofEpochSecond(now).atZone(ZoneOffset.UTC);
        final int day = config.get("day_of_month").asInt();
        YearMonth month = YearMonth.from(from);
        while (!month.isValidDay(day) || at(month, day, config) <= now) {
            month = month.plusMonths(1);
        }
        return at(month, day, config);
    }

    /** Shows it on a subscription that was created with it. */
    static void show(final StripeRequest request, final ObjectNode subscription, final long now) {
        if (!request.hash(PARAM).isEmpty()) {
            subscription.set(PARAM, read(request, now));
        }
    }

    private static ObjectNode read(final StripeRequest request, final long now) {
        for (final String member : request.hash(PARAM).keySet()) {
            if (!member.matches("day_of_month|hour|minute|second")) {
                throw StripeRefusal.invalid("parameter_unknown", PARAM + '[' + member + ']',
                    "Received unknown parameter: " + PARAM + '[' + member + ']');
            }
        }
        final ZonedDateTime from = Instant.ofEpochSecond(now).atZone(ZoneOffset.UTC);
        request.required(PARAM + "[day_of_month]");
        return StripeStore.JSON.createObjectNode().put("day_of_month", member(request, "day_of_month", 1, 31, 1))
            .put("hour", member(request, "hour", 0, 23, from.getHour()))
            .put("minute", member(request, "minute", 0, 59, from.getMinute())).putNull("month")
            .put("second", member(request, "second", 0, 59, from.getSecond()));
    }

    private static long member(final StripeRequest request, final String name, final long least, final long most,
                               final long otherwise) {
        final long value = request.integer(PARAM + '[' + name + ']', otherwise);
        if (value < least || value > most) {
            throw StripeRefusal.invalid(PARAM + '[' + name + ']', "Invalid " + name + ": must be between " + least
                + " and " + most);
        }
        return value;
    }

    private static long at(final YearMonth month, final int day, final JsonNode config) {
        return month.atDay(day).atTime(config.get("hour").asInt(), config.get("minute").asInt(),
            config.get("second").asInt()).toEpochSecond(ZoneOffset.UTC);
    }
}
