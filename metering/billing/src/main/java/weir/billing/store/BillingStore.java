package weir.billing.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.batch.Aggregator;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchState;
import weir.billing.batch.RatedLine;
import weir.billing.batch.Window;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.ledger.Ledger;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MeterKind;
import weir.billing.rating.OrderMemory;
import weir.billing.rating.Plan;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.rating.Schedule;
import weir.billing.rating.TenantAccount;

/**
 * Writes what records changed, and reads it back at start. {@link #save} writes without committing: the caller commits
 * once, so that the position and its effects become true together. Billing thread.
 */
public final class BillingStore {
    private final Sql sql;
    private final StoredOrders orders;
    private final LedgerStore books;
    private long sequence;
    private long epochNs;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public BillingStore(final Database database) {
        this(database, StoredOrders.CACHED_PAGES);
    }

    BillingStore(final Database database, final int cachedPages) {
        sql = new Sql(database);
        orders = new StoredOrders(sql, cachedPages);
        books = new LedgerStore(sql);
    }

    /**
     * Orders, in the same transaction.
     *
     * @return memory for the rater
     */
    public OrderMemory orders() {
        return orders;
    }

    /**
     * Last record whose effects are stored.
     *
     * @return sequence; 0 none
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Binds an empty database to a journal, or checks that it is bound to this one; reads the position.
     *
     * @param journalId 32 hex digits
     * @param nowMs     wall clock
     * @throws BillingException JOURNAL_MISMATCH
     */
    public void bind(final String journalId, final long nowMs) {
        final List<String> bound = new ArrayList<>();
        sql.query("SELECT journal_id, sequence, epoch_ns FROM journal_position", row -> {
            bound.add(row.getString(1));
            sequence = row.getLong(2);
            epochNs = row.getLong(3);
        });
        if (bound.isEmpty()) {
            sql.update("INSERT INTO journal_position (id, journal_id, sequence, epoch_ns, updated_ms) "
                + "VALUES (1, ?, 0, 0, ?)", journalId, nowMs);
        } else if (!bound.get(0).equals(journalId)) {
            throw new BillingException(BillingError.JOURNAL_MISMATCH,
                "database bills journal " + bound.get(0) + ", the directory holds " + journalId);
        }
    }

    /**
     * Restores everything.
     *
     * @param state      empty
     * @param ledger     empty
     * @param aggregator empty
     */
    public void load(final RatingState state, final Ledger ledger, final Aggregator aggregator) {
        orders.load();
        loadPlans(state);
        PlanTermsStore.load(sql, state);
        sql.query("SELECT session_id, tenant_id FROM desk_session",
            row -> state.putSession(row.getInt(1), row.getInt(2)));
        sql.query("SELECT schedule_id, tenant_id, start_ns FROM tenant_schedule",
            row -> state.putSchedule(new Schedule(row.getLong(1), row.getInt(2), row.getLong(3))));
        sql.query("SELECT grant_id FROM credit_grant", row -> state.firstGrant(row.getLong(1)));
        sql.query("SELECT tenant_id, name, postpaid, plan_id, budget_micros, period_start_ns, spent_micros, "
            + "alerted_percent, units_request, units_sent, units_filled, units_compute FROM tenant", row ->
            state.tenant(row.getInt(1)).restore(row.getString(2), row.getInt(3) != 0, row.getInt(4), row.getLong(5),
                row.getLong(6), row.getLong(7), row.getInt(8),
                new long[]{row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12)}));
        PlanTermsStore.loadTiers(sql, state);
        state.takeChangedSessions();
        state.takeChangedSchedules();
        books.load(ledger);
        loadWindows(aggregator);
    }

    private void loadPlans(final RatingState state) {
        final Map<Long, long[][]> bounds = new HashMap<>();
        final Map<Long, long[][]> prices = new HashMap<>();
        sql.query("SELECT plan_id, version, meter, up_to, price_micros FROM plan_price "
            + "ORDER BY plan_id, version, meter, tier", row -> {
                final long key = (long)row.getInt(1) << 32 | row.getInt(2);
                final int meter = row.getInt(3);
                final long upTo = row.getLong(4);
                append(bounds, key, meter, row.wasNull() ? Long.MAX_VALUE : upTo);
                append(prices, key, meter, row.getLong(5));
            });
        sql.query("SELECT plan_id, version, effective_ns, currency, fill_per_order FROM plan", row -> {
            final long key = (long)row.getInt(1) << 32 | row.getInt(2);
            state.putPlan(new Plan(row.getInt(1), row.getInt(2), row.getLong(3), row.getString(4), row.getInt(5) != 0,
                bounds.getOrDefault(key, new long[MeterKind.COUNT][0]),
                prices.getOrDefault(key, new long[MeterKind.COUNT][0])));
        });
        state.takeNewPlans();
    }

    private static void append(final Map<Long, long[][]> tables, final long key, final int meter, final long value) {
        final long[][] table = tables.computeIfAbsent(key, k -> new long[MeterKind.COUNT][0]);
        final int length = table[meter].length;
        table[meter] = Arrays.copyOf(table[meter], length + 1);
        table[meter][length] = value;
    }

    private void loadWindows(final Aggregator aggregator) {
        final Map<Long, Window> windows = new TreeMap<>();
        sql.query("SELECT tenant_id, meter, first_sequence, last_sequence, opened_ns, last_ns, records "
            + "FROM open_window", row -> windows.put((long)row.getInt(1) << 8 | row.getInt(2),
            aggregator.restore(row.getInt(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5),
                row.getLong(6), row.getInt(7))));
        sql.query("SELECT tenant_id, meter, plan_id, plan_version, price_micros, units, first_sequence, last_sequence "
            + "FROM usage_line WHERE identifier IS NULL ORDER BY first_sequence", row ->
            windows.get((long)row.getInt(1) << 8 | row.getInt(2)).restoreLine(RatedLine.restored(row.getInt(3),
                row.getInt(4), row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8))));
    }

    /**
     * Notes what belongs to one record alone: a grant, a budget alert.
     *
     * @param rating  the record's
     * @param account the tenant's, after the record
     */
    public void onRated(final Rating rating, final TenantAccount account) {
        if (rating.grantId() != 0) {
            sql.update("INSERT INTO credit_grant (grant_id, tenant_id, amount_micros, sequence) VALUES (?, ?, ?, ?)",
                rating.grantId(), rating.tenantId(), rating.grantMicros(), rating.sequence());
        }
        for (final int percent : Rater.alertPercents()) {
            if (percent > rating.alertAbovePercent() && percent <= rating.alertPercent()) {
                sql.update("INSERT INTO budget_alert (tenant_id, period_start_ns, percent, sequence) "
                    + "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rating.tenantId(), account.periodStartNs(), percent,
                    rating.sequence());
            }
        }
    }

    /**
     * Notes a difference between the engine and billing.
     *
     * @param found the difference
     */
    public void onDiscrepancy(final Discrepancy found) {
        sql.update("INSERT INTO discrepancy (sequence, kind, tenant_id, expected, found) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT DO NOTHING", found.sequence(), found.kind().name(), found.tenantId(), found.expected(),
            found.found());
    }

    /**
     * Forgets orders that were final before a time, a page of them at once when the last has been.
     *
     * @param beforeNs journaled epoch nanoseconds
     */
    public void forgetClosedBefore(final long beforeNs) {
        orders.forgetClosedBefore(beforeNs);
    }

    /**
     * Writes all changes and the position; does not commit.
     *
     * @param newSequence last record taken
     * @param newEpochNs  its journaled time
     * @param nowMs       wall clock
     * @param state       of rating
     * @param ledger      balances
     * @param aggregator  windows
     */
    public void save(final long newSequence, final long newEpochNs, final long nowMs, final RatingState state,
        final Ledger ledger, final Aggregator aggregator) {
        saveState(state);
        orders.flush();
        books.save(ledger);
        for (final Aggregator.Sealed sealed : aggregator.takeSealed()) {
            saveLines(sealed.window(), sealed.batch().identifier());
            saveBatch(sealed.batch());
        }
        for (final Window window : aggregator.open()) {
            if (window.takeDirty()) {
                saveLines(window, null);
                saveWindow(window);
            }
        }
        sequence = newSequence;
        epochNs = newEpochNs;
        sql.update("UPDATE journal_position SET sequence = ?, epoch_ns = ?, updated_ms = ? WHERE id = 1",
            newSequence, newEpochNs, nowMs);
    }

    /**
     * Writes what parts moved in the ledger beside records; does not commit.
     *
     * @param ledger balances
     */
    public void saveBooks(final Ledger ledger) {
        books.save(ledger);
    }

    /**
     * Journaled time of the last record stored.
     *
     * @return epoch nanoseconds
     */
    public long epochNs() {
        return epochNs;
    }

    private void saveState(final RatingState state) {
        for (final Plan plan : state.takeNewPlans()) {
            savePlan(plan);
        }
        PlanTermsStore.save(sql, state);
        for (final int sessionId : state.takeChangedSessions()) {
            sql.update("INSERT INTO desk_session (session_id, tenant_id) VALUES (?, ?) "
                + "ON CONFLICT (session_id) DO UPDATE SET tenant_id = excluded.tenant_id",
                sessionId, state.tenantOfSession(sessionId));
        }
        for (final Schedule.Key key : state.takeChangedSchedules()) {
            final Schedule schedule = state.schedule(key);
            sql.update("DELETE FROM tenant_schedule WHERE tenant_id = ? AND schedule_id = ?", key.tenantId(),
                key.scheduleId());
            if (schedule != null) {
                sql.update("INSERT INTO tenant_schedule (tenant_id, schedule_id, start_ns) VALUES (?, ?, ?)",
                    key.tenantId(), key.scheduleId(), schedule.startNs());
            }
        }
        for (final TenantAccount tenant : state.tenants()) {
            if (tenant.takeDirty()) {
                saveTenant(tenant);
            }
        }
    }

    private void saveTenant(final TenantAccount tenant) {
        sql.update("INSERT INTO tenant (tenant_id, name, postpaid, plan_id, budget_micros, period_start_ns, "
            + "spent_micros, alerted_percent, units_request, units_sent, units_filled, units_compute) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name, "
            + "postpaid = excluded.postpaid, plan_id = excluded.plan_id, budget_micros = excluded.budget_micros, "
            + "period_start_ns = excluded.period_start_ns, spent_micros = excluded.spent_micros, "
            + "alerted_percent = excluded.alerted_percent, units_request = excluded.units_request, "
            + "units_sent = excluded.units_sent, units_filled = excluded.units_filled, "
            + "units_compute = excluded.units_compute",
            tenant.tenantId(), tenant.name(), tenant.postpaid() ? 1 : 0, tenant.planId(), tenant.budgetMicros(),
            tenant.periodStartNs(), tenant.spentMicros(), tenant.alertedPercent(), tenant.units(0), tenant.units(1),
            tenant.units(2), tenant.units(3));
        PlanTermsStore.saveTiers(sql, tenant);
    }

    private void savePlan(final Plan plan) {
        sql.update("INSERT INTO plan (plan_id, version, effective_ns, currency, fill_per_order) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT (plan_id, version) DO UPDATE SET effective_ns = excluded.effective_ns, "
            + "currency = excluded.currency, fill_per_order = excluded.fill_per_order",
            plan.planId(), plan.version(), plan.effectiveNs(), plan.currency(), plan.fillPerOrder() ? 1 : 0);
        sql.update("DELETE FROM plan_price WHERE plan_id = ? AND version = ?", plan.planId(), plan.version());
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            for (int tier = 0; tier < plan.upTo()[meter].length; tier++) {
                final long upTo = plan.upTo()[meter][tier];
                sql.update("INSERT INTO plan_price (plan_id, version, meter, tier, up_to, price_micros) "
                    + "VALUES (?, ?, ?, ?, ?, ?)", plan.planId(), plan.version(), meter, tier,
                    upTo == Long.MAX_VALUE ? null : (Long)upTo, plan.priceMicros()[meter][tier]);
            }
        }
    }

    private void saveLines(final Window window, final String identifier) {
        for (final RatedLine line : window.lines()) {
            sql.update("INSERT INTO usage_line (tenant_id, meter, window_sequence, plan_id, plan_version, "
                + "price_micros, "
                + "units, amount_micros, first_sequence, last_sequence, identifier) "
                + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, meter, window_sequence, plan_id, "
                + "plan_version, price_micros) DO UPDATE SET units = excluded.units, "
                + "amount_micros = excluded.amount_micros, last_sequence = excluded.last_sequence, "
                + "identifier = excluded.identifier",
                window.tenantId(), window.meter(), window.firstSequence(), line.planId(), line.planVersion(),
                line.priceMicros(), line.units(), line.amountMicros(), line.firstSequence(), line.lastSequence(),
                identifier);
        }
    }

    private void saveWindow(final Window window) {
        sql.update("INSERT INTO open_window (tenant_id, meter, first_sequence, last_sequence, opened_ns, last_ns, "
            + "records) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, meter) DO UPDATE SET "
            + "first_sequence = excluded.first_sequence, last_sequence = excluded.last_sequence, "
            + "opened_ns = excluded.opened_ns, last_ns = excluded.last_ns, records = excluded.records",
            window.tenantId(), window.meter(), window.firstSequence(), window.lastSequence(), window.openedNs(),
            window.lastNs(), window.records());
    }

    private void saveBatch(final Batch batch) {
        sql.update("DELETE FROM open_window WHERE tenant_id = ? AND meter = ?", batch.tenantId(), batch.meter());
        sql.update("INSERT INTO batch (identifier, tenant_id, meter, first_sequence, last_sequence, units, "
            + "amount_micros, event_ns, state, attempts, next_attempt_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            batch.identifier(), batch.tenantId(), batch.meter(), batch.firstSequence(), batch.lastSequence(),
            batch.units(), batch.amountMicros(), batch.eventNs(), BatchState.SEALED.ordinal());
    }
}
