package weir.billing.readout;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Rated lines of a tenant by the period that they fall in. */
final class UsageLines {
    /** Lines by start of their period, epoch nanoseconds; 0 = before the first that is known. */
    final NavigableMap<Long, List<Line>> byPeriod = new TreeMap<>();

    /** Sum of the lines of one meter, version of the plan and price. */
    record Line(int meter, int planVersion, long priceMicros, long units, long amountMicros, long firstSequence,
                long lastSequence) {
    }

    UsageLines(final Books books, final TenantRow tenant) {
        final TreeMap<Long, Long> startBySequence = new TreeMap<>();
        books.ask("SELECT first_sequence, period_start_ns FROM usage_period WHERE tenant_id = ?",
            row -> startBySequence.merge(row.getLong(1), row.getLong(2), Math::max), tenant.tenantId());
        if (startBySequence.isEmpty()) {
            startBySequence.put(0L, tenant.periodStartNs());
        }
        byPeriod.put(tenant.periodStartNs(), new ArrayList<>());
        startBySequence.values().forEach(startNs -> byPeriod.putIfAbsent(startNs, new ArrayList<>()));
        final List<Long> firsts = new ArrayList<>(startBySequence.keySet());
        for (int i = -1; i < firsts.size(); i++) {
            final long from = i < 0 ? 0 : firsts.get(i);
            final long below = i + 1 < firsts.size() ? firsts.get(i + 1) : Long.MAX_VALUE;
            final List<Line> lines = new ArrayList<>();
            books.ask("SELECT meter, plan_version, price_micros, SUM(units), SUM(amount_micros), MIN(first_sequence), "
                + "MAX(last_sequence) FROM usage_line WHERE tenant_id = ? AND first_sequence >= ? "
                + "AND first_sequence < ? GROUP BY meter, plan_version, price_micros "
                + "ORDER BY meter, MIN(first_sequence), price_micros DESC", row -> lines.add(new Line(row.getInt(1),
                row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7))),
                tenant.tenantId(), from, below);
            if (!lines.isEmpty()) {
                byPeriod.computeIfAbsent(i < 0 ? 0L : startBySequence.get(firsts.get(i)), start -> new ArrayList<>())
                    .addAll(lines);
            }
        }
    }
}
