package weir.billing.store;

import weir.billing.rating.PlanTerms;
import weir.billing.rating.RatingState;
import weir.billing.rating.TenantAccount;

/** Terms of plan versions and the tenants' places in their tiers, in the transaction of the caller. Billing thread. */
final class PlanTermsStore {
    private PlanTermsStore() {
    }

    static void load(final Sql sql, final RatingState state) {
        sql.query("SELECT plan_id, version, valid_until_ns, restart FROM plan_terms", row -> state.putTerms(
            new PlanTerms(row.getInt(1), row.getInt(2), row.getLong(3), row.getInt(4) != 0)));
        state.takeNewTerms();
    }

    static void loadTiers(final Sql sql, final RatingState state) {
        sql.query("SELECT tenant_id, plan_id, version, units_request, units_sent, units_filled, units_compute "
            + "FROM tenant_tiers", row -> state.tenant(row.getInt(1)).restoreTiers(row.getInt(2), row.getInt(3),
                new long[]{row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7)}));
    }

    static void save(final Sql sql, final RatingState state) {
        for (final PlanTerms terms : state.takeNewTerms()) {
            sql.update("INSERT INTO plan_terms (plan_id, version, valid_until_ns, restart) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (plan_id, version) DO UPDATE SET valid_until_ns = excluded.valid_until_ns, "
                + "restart = excluded.restart", terms.planId(), terms.version(), terms.validUntilNs(),
                terms.restart() ? 1 : 0);
        }
    }

    static void saveTiers(final Sql sql, final TenantAccount tenant) {
        sql.update("INSERT INTO tenant_tiers (tenant_id, plan_id, version, units_request, units_sent, units_filled, "
            + "units_compute) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id) DO UPDATE SET "
            + "plan_id = excluded.plan_id, version = excluded.version, units_request = excluded.units_request, "
            + "units_sent = excluded.units_sent, units_filled = excluded.units_filled, "
            + "units_compute = excluded.units_compute", tenant.tenantId(), tenant.tierPlanId(), tenant.tierVersion(),
            tenant.tierUnits(0), tenant.tierUnits(1), tenant.tierUnits(2), tenant.tierUnits(3));
    }
}
