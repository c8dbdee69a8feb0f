package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The version of a tenant's plan in force at the position, as the rater was given it. */
final class PlanPrices {
    private final Books books;
    private final int planId;
    private int version;
    private String currency = "";

    PlanPrices(final Books books, final TenantRow tenant) {
        this.books = books;
        planId = tenant.planId();
        books.ask("SELECT version, currency FROM plan WHERE plan_id = ? AND effective_ns <= ? "
            + "ORDER BY effective_ns DESC, version DESC LIMIT 1", row -> {
                version = row.getInt(1);
                currency = row.getString(2);
            }, planId, books.moment().epochNs());
    }

    void into(final ObjectNode node) {
        node.put("planId", planId).put("planVersion", version).put("currency", currency);
    }

    private record Tier(int number, long upTo, long priceMicros) {
    }

    /**
     * Where the next unit falls.
     *
     * @param meter index
     * @param units of the period so far
     * @param node  takes price, tier, and units left at that price; nothing when no plan is in force
     */
    void next(final int meter, final long units, final ObjectNode node) {
        if (version == 0) {
            return;
        }
        final List<Tier> tiers = new ArrayList<>();
        books.ask("SELECT tier, up_to, price_micros FROM plan_price WHERE plan_id = ? AND version = ? AND meter = ? "
            + "ORDER BY tier", row -> {
                final long upTo = row.getLong(2);
                tiers.add(new Tier(row.getInt(1), row.wasNull() ? Long.MAX_VALUE : upTo, row.getLong(3)));
            }, planId, version, meter);
        if (tiers.isEmpty()) {
            node.put("priceMicros", 0);
            return;
        }
        Tier in = tiers.get(tiers.size() - 1);
        for (int i = tiers.size() - 1; i >= 0; i--) {
            in = units < tiers.get(i).upTo ? tiers.get(i) : in;
        }
        node.put("priceMicros", in.priceMicros);
        final ObjectNode tier = node.putObject("tier").put("number", in.number + 1).put("of", tiers.size());
        if (in.upTo != Long.MAX_VALUE && units < in.upTo) {
            tier.put("upTo", in.upTo).put("unitsLeft", in.upTo - units);
        }
    }
}
