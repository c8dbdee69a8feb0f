package weir.billing.store;

import java.util.Map;
import java.util.TreeMap;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.ledger.Account;
import weir.billing.ledger.Balances;
import weir.billing.ledger.EntryKind;
import weir.billing.ledger.Ledger;

/** Balances and entries of the ledger, in the transaction of the records that made them. Billing thread. */
final class LedgerStore {
    private final Sql sql;

    LedgerStore(final Sql sql) {
        this.sql = sql;
    }

    /** Restores the balances, after checking that they are what the entries come to and that all sums to zero. */
    void load(final Ledger ledger) {
        final Map<String, Long> entries = new TreeMap<>();
        sql.query("SELECT tenant_id, account, SUM(amount_micros) FROM ledger_entry GROUP BY tenant_id, account", row ->
            entries.put(row.getInt(1) + "/" + row.getString(2), row.getLong(3)));
        sql.query("SELECT tenant_id, account, amount_micros FROM balance", row -> {
            final String name = row.getInt(1) + "/" + row.getString(2);
            final Long entered = entries.remove(name);
            final long stored = row.getLong(3);
            if (entered == null ? stored != 0 : entered != stored) {
                throw new BillingException(BillingError.LEDGER_MISMATCH, "account " + name + " holds " + stored
                    + ", its entries come to " + entered);
            }
            ledger.tenant(row.getInt(1)).restore(Account.valueOf(row.getString(2)), stored);
        });
        entries.values().removeIf(amount -> amount == 0);
        if (!entries.isEmpty()) {
            throw new BillingException(BillingError.LEDGER_MISMATCH, "entries without a balance: " + entries);
        }
        sql.query("SELECT tenant_id, span, kind, SUM(amount_micros) FROM ledger_entry GROUP BY tenant_id, span, kind "
            + "HAVING SUM(amount_micros) <> 0 ORDER BY tenant_id, span, kind", row -> {
                throw new BillingException(BillingError.LEDGER_MISMATCH, row.getString(3) + " of tenant "
                    + row.getInt(1) + " from record " + row.getLong(2) + " on sums to " + row.getLong(4));
            });
        ledger.check();
        sql.query("SELECT tenant_id, balance_micros, receivable_micros FROM balance_gap",
            row -> ledger.tenant(row.getInt(1)).restoreGaps(row.getLong(2), row.getLong(3)));
    }

    /** Writes what changed; all books are checked before. */
    void save(final Ledger ledger) {
        ledger.check();
        for (final Balances balances : ledger.all()) {
            save(balances);
        }
    }

    private void save(final Balances balances) {
        if (balances.takeGapChange()) {
            sql.update("INSERT INTO balance_gap (tenant_id, balance_micros, receivable_micros) VALUES (?, ?, ?) "
                + "ON CONFLICT (tenant_id) DO UPDATE SET balance_micros = excluded.balance_micros, "
                + "receivable_micros = excluded.receivable_micros",
                balances.tenantId(), balances.balanceGap(), balances.receivableGap());
        }
        if (balances.pending().isEmpty()) {
            return;
        }
        final boolean[] moved = new boolean[Account.COUNT];
        for (final Balances.Span span : balances.pending()) {
            for (int kind = 0; kind < EntryKind.COUNT; kind++) {
                saveKind(balances.tenantId(), span, EntryKind.of(kind), moved);
            }
        }
        for (int account = 0; account < Account.COUNT; account++) {
            if (moved[account]) {
                sql.update("INSERT INTO balance (tenant_id, account, amount_micros) VALUES (?, ?, ?) "
                    + "ON CONFLICT (tenant_id, account) DO UPDATE SET amount_micros = excluded.amount_micros",
                    balances.tenantId(), Account.of(account).name(), balances.amount(Account.of(account)));
            }
        }
        balances.clearPending();
    }

    private void saveKind(final int tenantId, final Balances.Span span, final EntryKind kind, final boolean[] moved) {
        for (int index = 0; index < Account.COUNT; index++) {
            final Account account = Account.of(index);
            if (span.firstSequence(kind, account) != 0) {
                moved[index] = true;
                sql.update("INSERT INTO ledger_entry (tenant_id, span, kind, account, amount_micros, first_sequence, "
                    + "last_sequence) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, span, kind, account) "
                    + "DO UPDATE SET amount_micros = ledger_entry.amount_micros + excluded.amount_micros, "
                    + "last_sequence = excluded.last_sequence", tenantId, span.first(), kind.name(), account.name(),
                    span.amount(kind, account), span.firstSequence(kind, account), span.lastSequence(kind, account));
            }
        }
    }
}
