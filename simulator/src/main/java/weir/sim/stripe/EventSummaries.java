package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * {@code GET /v1/billing/meters/ID/event_summaries}: usage of one customer in [start_time, end_time), whole or by hour
 * or day in UTC. An event shows only when the lag since its receipt has passed. Windows without events give no row.
 * Guarded by the simulator's lock.
 */
final class EventSummaries {
    private final StripeStore store;
    private final Meters meters;
    private final MeterEvents events;
    private final Clock clock;
    private final LongSupplier lagMs;
    private final boolean livemode;

    EventSummaries(final StripeStore store, final Meters meters, final MeterEvents events, final Clock clock,
                   final LongSupplier lagMs, final boolean livemode) {
        this.store = store;
        this.meters = meters;
        this.events = events;
        this.clock = clock;
        this.lagMs = lagMs;
        this.livemode = livemode;
    }

    StripeAnswer list(final StripeRequest request, final String meterId) {
        request.allow("customer", "start_time", "end_time", "value_grouping_window", "limit", "starting_after",
            "ending_before");
        final ObjectNode meter = meters.known(meterId);
        final String customer = request.required("customer");
        final long step = step(request.get("value_grouping_window"));
        final long start = aligned(request, "start_time", step);
        final long end = aligned(request, "end_time", step);
        if (end <= start) {
            throw StripeRefusal.invalid("end_time", "end_time must be after start_time.");
        }
        if (store.get(Customers.TYPE, customer) == null) {
            throw StripeRefusal.noSuch(400, "customer", customer, "customer");
        }
        final long visibleMs = clock.millis() - lagMs.getAsLong();
        final Map<Long, List<MeterEvent>> windows = new TreeMap<>(Comparator.reverseOrder());
        for (final MeterEvent event : events.counted(meterId, customer)) {
            if (event.timestamp() >= start && event.timestamp() < end && event.receivedMs() <= visibleMs) {
                final long window = step == 0 ? start : event.timestamp() / step * step;
                windows.computeIfAbsent(window, key -> new ArrayList<>()).add(event);
            }
        }
        final String formula = meter.get("default_aggregation").get("formula").asText();
        final List<ObjectNode> rows = new ArrayList<>();
        windows.forEach((window, members) ->
            rows.add(row(meterId, customer, window, step == 0 ? end : window + step, aggregate(formula, members))));
        return StripeAnswer.ok(StripeStore.page(request, rows));
    }

    private ObjectNode row(final String meterId, final String customer, final long start, final long end,
                           final BigInteger value) {
        final String key = meterId + customer + start + end;
        final ObjectNode row = StripeStore.JSON.createObjectNode();
        row.put("id", "mtrusg_" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString()
            .replace("-", ""));
        row.put("object", "billing.meter_event_summary");
        row.put("aggregated_value", new BigDecimal(value).setScale(1));
        row.put("end_time", end);
        row.put("livemode", livemode);
        row.put("meter", meterId);
        row.put("start_time", start);
        return row;
    }

    /** @return usage of one customer in [from, to) in seconds, as the meter's formula makes it of its events */
    BigInteger usage(final String meterId, final String customer, final long from, final long to) {
        final List<MeterEvent> members = events.counted(meterId, customer);
        members.removeIf(event -> event.timestamp() < from || event.timestamp() >= to);
        final String formula = meters.known(meterId).get("default_aggregation").get("formula").asText();
        return members.isEmpty() ? BigInteger.ZERO : aggregate(formula, members);
    }

    private static BigInteger aggregate(final String formula, final List<MeterEvent> events) {
        return switch (formula) {
            case "count" -> BigInteger.valueOf(events.size());
            case "last" -> events.stream().max(Comparator.comparingLong(MeterEvent::timestamp)
                .thenComparingLong(MeterEvent::receivedMs)).orElseThrow().units();
            default -> events.stream().map(MeterEvent::units).reduce(BigInteger.ZERO, BigInteger::add);
        };
    }

    private static long step(final String window) {
        if (window == null) {
            return 0;
        }
        return switch (window) {
            case "hour" -> 3600;
            case "day" -> 86_400;
            default -> throw StripeRefusal.invalid("value_grouping_window",
                "Invalid value_grouping_window: must be one of day or hour");
        };
    }

    private static long aligned(final StripeRequest request, final String param, final long step) {
        request.required(param);
        final long time = request.integer(param, 0);
        final long unit = step == 0 ? 60 : step;
        if (time % unit != 0) {
            throw StripeRefusal.invalid(param, "The " + param + " must be aligned with "
                + (unit == 60 ? "minute" : unit == 3600 ? "hour" : "day (UTC)") + " boundaries.");
        }
        return time;
    }
}
