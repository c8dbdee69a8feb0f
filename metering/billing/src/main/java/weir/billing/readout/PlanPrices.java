package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import weir.billing.rating.MeterKind;

/** The version of a tenant's plan in force at the position, with its terms, as the rater was given it. */
final class PlanPrices {
    private final Books books;
    private final int planId;
    private final List<Long> ofVersion = new ArrayList<>();
    private int version;
    private long validUntilNs;
    private boolean restart;
    private String currency = "";

    PlanPrices(final Books books, final TenantRow tenant) {
        this.books = books;
        planId = tenant.planId();
        // all versions of a plan have one currency, and balances are in it when none is in force too
        books.ask("SELECT currency FROM plan WHERE plan_id = ? ORDER BY version DESC LIMIT 1",
            row -> currency = row.getString(1), planId);
        books.ask("SELECT p.version, t.valid_until_ns, t.restart FROM plan p LEFT JOIN plan_terms t "
            + "ON t.plan_id = p.plan_id AND t.version = p.version WHERE p.plan_id = ? AND p.effective_ns <= ? "
            + "AND (t.valid_until_ns IS NULL OR t.valid_until_ns = 0 OR t.valid_until_ns > ?) "
            + "ORDER BY p.effective_ns DESC, p.version DESC LIMIT 1", row -> {
                version = row.getInt(1);
                validUntilNs = row.getLong(2);
                restart = row.getInt(3) != 0;
            }, planId, books.moment().epochNs(), books.moment().epochNs());
        books.ask("SELECT units_request, units_sent, units_filled, units_compute FROM tenant_tiers "
            + "WHERE tenant_id = ? AND plan_id = ? AND version = ?", row -> {
                for (int meter = 1; meter <= MeterKind.COUNT; meter++) {
                    ofVersion.add(row.getLong(meter));
                }
            }, tenant.tenantId(), planId, version);
    }

    void into(final ObjectNode node) {
        node.put("planId", planId).put("planVersion", version).put("currency", currency);
        if (version != 0) {
            node.put("tiers", restart ? "restart" : "continue");
        }
        if (validUntilNs != 0) {
            node.put("validUntil", Moment.time(validUntilNs));
        }
    }

    /** Units that lie before the next one in the tiers: the version's own, or all of the period. */
    private long before(final int meter, final long ofPeriod) {
        if (!restart) {
            return ofPeriod;
        }
        return ofVersion.isEmpty() ? 0 : ofVersion.get(meter);
    }

    private record Tier(int number, long upTo, long priceMicros) {
    }

    /**
     * Where the next unit falls.
     *
     * @param meter    index
     * @param ofPeriod units of the period so far
     * @param node     takes price, tier, units left at that price, and included units; nothing when no plan is in
     *                 force
     */
    void next(final int meter, final long ofPeriod, final ObjectNode node) {
        if (version == 0) {
            return;
        }
        final List<Tier> tiers = new ArrayList<>();
        books.ask("SELECT tier, up_to, price_micros FROM plan_price WHERE plan_id = ? AND version = ? AND meter = ? "
            + "ORDER BY tier", row -> {
                final long upTo = row.getLong(2);
                tiers.add(new Tier(row.getInt(1), row.wasNull() ? Long.MAX_VALUE : upTo, row.getLong(3)));
            }, planId, version, meter);
        final long units = before(meter, ofPeriod);
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
        if (restart) {
            tier.put("unitsBefore", units);
        }
        final Tier first = tiers.get(0);
        if (first.priceMicros == 0 && first.upTo != Long.MAX_VALUE) {
            node.putObject("included").put("units", first.upTo).put("unitsLeft", Math.max(0, first.upTo - units));
        }
    }
}
