package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/**
 * What a tenant was granted (less refunds), used, has reserved and has left. Double entry makes them one sum:
 * granted + receivable + rounding + written off = used + reserved + left.
 */
final class BalanceView {
    private final Books books;

    BalanceView(final Books books) {
        this.books = books;
    }

    ObjectNode of(final TenantRow tenant) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        tenant.into(root);
        books.moment().into(root);
        new PlanPrices(books, tenant).into(root);
        final Map<String, Long> accounts = new HashMap<>();
        final long[] used = new long[1];
        books.ask("SELECT account, amount_micros FROM balance WHERE tenant_id = ?", row -> {
            final String account = row.getString(1);
            accounts.put(account, row.getLong(2));
            if (account.startsWith("USAGE")) {
                used[0] = Math.addExact(used[0], row.getLong(2));
            }
        }, tenant.tenantId());
        final long receivable = -accounts.getOrDefault("RECEIVABLE", 0L);
        root.put("creditMode", tenant.postpaid() ? "postpaid" : "prepaid")
            .put("grantedMicros", -accounts.getOrDefault("FUNDING", 0L))
            .put("usedMicros", used[0]).put("reservedMicros", accounts.getOrDefault("RESERVE", 0L))
            .put("leftMicros", accounts.getOrDefault("CREDIT", 0L)).put("receivableMicros", receivable)
            .put("roundingMicros", -accounts.getOrDefault("ROUNDING", 0L))
            .put("writtenOffMicros", -accounts.getOrDefault("WRITE_OFF", 0L));
        // what the engine's records said last, less what stands here: 0 unless J9 is broken
        books.ask("SELECT balance_micros, receivable_micros FROM balance_gap WHERE tenant_id = ?", row ->
            root.put("engineBalanceGapMicros", row.getLong(1)).put("engineReceivableGapMicros", row.getLong(2)),
            tenant.tenantId());
        budget(tenant, root);
        return root;
    }

    private void budget(final TenantRow tenant, final ObjectNode root) {
        final ObjectNode budget = root.putObject("budget").put("periodStart", Moment.time(tenant.periodStartNs()))
            .put("spentMicros", tenant.spentMicros());
        if (tenant.budgetMicros() > 0) {
            budget.put("budgetMicros", tenant.budgetMicros())
                .put("leftMicros", Math.max(0, tenant.budgetMicros() - tenant.spentMicros()))
                .put("exhausted", tenant.spentMicros() >= tenant.budgetMicros());
        }
        final ArrayNode passed = budget.putArray("thresholdsPassed");
        books.ask("SELECT percent, sequence FROM budget_alert WHERE tenant_id = ? AND period_start_ns = ? "
            + "ORDER BY sequence, percent", row ->
            passed.addObject().put("percent", row.getInt(1)).put("sequence", row.getLong(2)), tenant.tenantId(),
            tenant.periodStartNs());
    }
}
