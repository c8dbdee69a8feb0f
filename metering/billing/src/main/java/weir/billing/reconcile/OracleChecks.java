package weir.billing.reconcile;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import weir.billing.rating.MeterKind;

/** Holds the oracle's bill against what billing rated and what Stripe counted, per tenant and meter. */
final class OracleChecks {
    private final BillOracle oracle;
    private final long toleranceNs;
    private final Consumer<Difference> out;

    OracleChecks(final BillOracle oracle, final long toleranceNs, final Consumer<Difference> out) {
        this.oracle = oracle;
        this.toleranceNs = toleranceNs;
        this.out = out;
    }

    /**
     * Compares.
     *
     * @param ledger   what billing rated
     * @param stripe   units that Stripe counted; null when its log was not given
     * @param compared takes what was compared
     */
    void bills(final LedgerFacts ledger, final Map<TenantMeter, Long> stripe, final Map<String, Long> compared) {
        long meters = 0;
        long count = 0;
        BigDecimal amount = BigDecimal.ZERO;
        final Map<Integer, OracleBill> bills = new HashMap<>();
        for (final TenantMeter of : oracle.known()) {
            final long[] used = ledger.usage.getOrDefault(of, new long[2]);
            final OracleBill.Line bill = bills.computeIfAbsent(of.tenantId(), tenantId -> bill(tenantId, ledger))
                .line(MeterKind.of(of.meter()));
            meters++;
            count += bill.units();
            amount = amount.add(bill.micros());
            if (used[0] != bill.units()) {
                add(Difference.Kind.ORACLE_UNITS, of.toString(), Long.toString(bill.units()), Long.toString(used[0]));
            } else if (bill.micros().compareTo(BigDecimal.valueOf(used[1])) != 0) {
                add(Difference.Kind.ORACLE_AMOUNT, of + (bill.uncertain() == 0 ? ""
                    : ", " + bill.uncertain() + " units near a change of price"),
                    bill.micros().stripTrailingZeros().toPlainString(), Long.toString(used[1]));
            }
            final long counted = stripe == null ? bill.units() : stripe.getOrDefault(of, 0L);
            if (counted != bill.units()) {
                add(Difference.Kind.ORACLE_STRIPE, of.toString(), Long.toString(bill.units()), Long.toString(counted));
            }
        }
        compared.put("oracle: tenants and meters", meters);
        compared.put("oracle: units", count);
        compared.put("oracle: micro-units", amount.longValue());
        if (oracle.unattributed() > 0) {
            compared.put("oracle: venue lines of accounts that are no tenant's", oracle.unattributed());
        }
    }

    /** Orders lost on the way count as sent as far as billing says so and desks were told of them. */
    private OracleBill bill(final int tenantId, final LedgerFacts ledger) {
        final OracleBill bill = oracle.bill(tenantId, 0, toleranceNs);
        final long billed = ledger.usage.getOrDefault(new TenantMeter(tenantId, MeterKind.ORDER_SENT.ordinal()),
            new long[2])[0];
        final long more = billed - bill.line(MeterKind.ORDER_SENT).units();
        return more > 0 && more <= oracle.lost(tenantId) ? oracle.bill(tenantId, (int)more, toleranceNs) : bill;
    }

    private void add(final Difference.Kind kind, final String where, final String expected, final String found) {
        out.accept(new Difference(kind, where, expected, found, 0));
    }
}
