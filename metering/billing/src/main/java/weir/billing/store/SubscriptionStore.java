package weir.billing.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchState;
import weir.billing.rating.MeterKind;

/** What was created at Stripe, and what the journal says should be there. Writes do not commit. Billing thread. */
public final class SubscriptionStore {
    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public SubscriptionStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * A plan version.
     *
     * @param planId  plan
     * @param version of the plan
     */
    public record PlanVersion(int planId, int version) {
        /** No plan. */
        public static final PlanVersion NONE = new PlanVersion(0, 0);
    }

    /**
     * A subscription.
     *
     * @param tenantId       tenant
     * @param subscriptionId Stripe's id
     * @param prices         plan version whose prices its items have
     * @param switchedNs     since when, epoch nanoseconds
     * @param status         Stripe's
     */
    public record Subscription(int tenantId, String subscriptionId, PlanVersion prices, long switchedNs,
                               String status) {
    }

    /**
     * An object that we create.
     *
     * @param objectId Stripe's id; null = not known yet
     * @param attempt  part of its idempotency key
     */
    public record Named(String objectId, int attempt) {
    }

    /**
     * Tiers of a plan version.
     *
     * @param currency    ISO 4217
     * @param upTo        per meter
     * @param priceMicros per meter, beside upTo
     */
    public record Prices(String currency, List<List<Long>> upTo, List<List<Long>> priceMicros) {
    }

    /**
     * The plan version in force for each tenant at the journal's position: when one has ended, the one before again.
     *
     * @return by tenant; tenants without a plan are left out
     */
    public Map<Integer, PlanVersion> wanted() {
        final Map<Integer, PlanVersion> wanted = new TreeMap<>();
        sql.query("SELECT t.tenant_id, p.plan_id, p.version FROM tenant t JOIN plan p ON p.plan_id = t.plan_id "
            + "JOIN journal_position j ON p.effective_ns <= j.epoch_ns LEFT JOIN plan_terms v ON v.plan_id = p.plan_id "
            + "AND v.version = p.version WHERE COALESCE(v.valid_until_ns, 0) = 0 OR v.valid_until_ns > j.epoch_ns "
            + "ORDER BY t.tenant_id, p.effective_ns, p.version",
            row -> wanted.put(row.getInt(1), new PlanVersion(row.getInt(2), row.getInt(3))));
        return wanted;
    }

    /**
     * Prices of a plan version.
     *
     * @param plan plan version
     * @return tiers; a meter without is free
     */
    public Prices prices(final PlanVersion plan) {
        final String[] currency = {"USD"};
        sql.query("SELECT currency FROM plan WHERE plan_id = ? AND version = ?", row -> currency[0] = row.getString(1),
            plan.planId(), plan.version());
        final List<List<Long>> upTo = new ArrayList<>();
        final List<List<Long>> price = new ArrayList<>();
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            upTo.add(new ArrayList<>());
            price.add(new ArrayList<>());
        }
        sql.query("SELECT meter, up_to, price_micros FROM plan_price WHERE plan_id = ? AND version = ? "
            + "ORDER BY meter, tier", row -> {
                final long bound = row.getLong(2);
                upTo.get(row.getInt(1)).add(row.wasNull() ? Long.MAX_VALUE : bound);
                price.get(row.getInt(1)).add(row.getLong(3));
            }, plan.planId(), plan.version());
        return new Prices(currency[0], upTo, price);
    }

    /**
     * An object of ours.
     *
     * @param name of it
     * @return null when it was never begun
     */
    public Named named(final String name) {
        final Named[] found = new Named[1];
        sql.query("SELECT object_id, attempt FROM stripe_object WHERE name = ?",
            row -> found[0] = new Named(row.getString(1), row.getInt(2)), name);
        return found[0];
    }

    /**
     * Its creation begins.
     *
     * @param name  of it
     * @param nowMs wall clock
     */
    public void begun(final String name, final long nowMs) {
        sql.update("INSERT INTO stripe_object (name, attempt, begun_ms) VALUES (?, 1, ?) ON CONFLICT (name) DO NOTHING",
            name, nowMs);
    }

    /**
     * It exists.
     *
     * @param name     of it
     * @param objectId Stripe's id
     */
    public void created(final String name, final String objectId) {
        sql.update("UPDATE stripe_object SET object_id = ?, outcome = NULL WHERE name = ?", objectId, name);
    }

    /**
     * An attempt came to nothing.
     *
     * @param name    of it
     * @param outcome code
     * @param newKey  whether the next one is to have another idempotency key
     */
    public void failed(final String name, final String outcome, final boolean newKey) {
        sql.update("UPDATE stripe_object SET outcome = ?, attempt = attempt + ? WHERE name = ?", outcome,
            newKey ? 1 : 0, name);
    }

    /**
     * Stripe's ids of our objects.
     *
     * @param prefix of their names
     * @return ids of those that are known to exist
     */
    public Set<String> objectIds(final String prefix) {
        final Set<String> ids = new HashSet<>();
        sql.query("SELECT object_id FROM stripe_object WHERE object_id IS NOT NULL AND name LIKE ?",
            row -> ids.add(row.getString(1)), prefix + '%');
        return ids;
    }

    /**
     * All subscriptions.
     *
     * @return by tenant
     */
    public Map<Integer, Subscription> subscriptions() {
        final Map<Integer, Subscription> all = new TreeMap<>();
        sql.query("SELECT tenant_id, subscription_id, plan_id, version, switched_ns, status FROM stripe_subscription",
            row -> all.put(row.getInt(1), new Subscription(row.getInt(1), row.getString(2),
                new PlanVersion(row.getInt(3), row.getInt(4)), row.getLong(5), row.getString(6))));
        return all;
    }

    /**
     * Stores a subscription.
     *
     * @param one subscription
     */
    public void put(final Subscription one) {
        sql.update("INSERT INTO stripe_subscription (tenant_id, subscription_id, plan_id, version, switched_ns, "
            + "status, status_created_ms) VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (tenant_id) DO UPDATE SET "
            + "subscription_id = excluded.subscription_id, plan_id = excluded.plan_id, version = excluded.version, "
            + "switched_ns = excluded.switched_ns, status = excluded.status", one.tenantId(), one.subscriptionId(),
            one.prices().planId(), one.prices().version(), one.switchedNs(), one.status());
    }

    /**
     * Takes a status that Stripe stated; an older statement never overwrites a newer one, and nothing comes after the
     * end.
     *
     * @param subscriptionId Stripe's id
     * @param status         such as past_due
     * @param createdMs      Stripe's time of the statement
     * @return whether it was taken
     */
    public boolean status(final String subscriptionId, final String status, final long createdMs) {
        return sql.update("UPDATE stripe_subscription SET status = ?, status_created_ms = ? WHERE subscription_id = ? "
            + "AND status_created_ms <= ? AND status <> 'canceled'", status, createdMs, subscriptionId, createdMs) > 0;
    }

    /**
     * Plan version that a batch was rated at: that of its first line.
     *
     * @param batch batch
     * @return null when it has no line, as a correction has none
     */
    public PlanVersion ratedAt(final Batch batch) {
        final PlanVersion[] found = new PlanVersion[1];
        sql.query("SELECT plan_id, plan_version FROM usage_line WHERE tenant_id = ? AND meter = ? "
            + "AND window_sequence = ? AND identifier = ? ORDER BY first_sequence, plan_version LIMIT 1",
            row -> found[0] = new PlanVersion(row.getInt(1), row.getInt(2)), batch.tenantId(), batch.meter(),
            batch.firstSequence(), batch.identifier());
        return found[0];
    }

    /**
     * Usage of a tenant that is not delivered.
     *
     * @param ratedAt       plan version
     * @param firstSequence first record of its window
     */
    public record Usage(PlanVersion ratedAt, long firstSequence) {
    }

    /**
     * Oldest usage of a tenant that is not delivered, in a batch or in a window that is open. Reads one row of an index
     * per state.
     *
     * @param tenantId tenant
     * @return null when all of it is delivered
     */
    public Usage oldest(final int tenantId) {
        final Usage[] oldest = new Usage[1];
        final Sql.Row older = row -> {
            if (oldest[0] == null || row.getLong(3) < oldest[0].firstSequence) {
                oldest[0] = new Usage(new PlanVersion(row.getInt(1), row.getInt(2)), row.getLong(3));
            }
        };
        for (final BatchState state : List.of(BatchState.SEALED, BatchState.SENT)) {
            // CROSS JOIN: batches in the order of their index, and the lines of each
            sql.query("SELECT l.plan_id, l.plan_version, b.first_sequence FROM batch b CROSS JOIN usage_line l "
                + "WHERE b.tenant_id = ? AND b.state = ? AND l.tenant_id = b.tenant_id AND l.meter = b.meter "
                + "AND l.window_sequence = b.first_sequence AND l.identifier = b.identifier "
                + "ORDER BY b.first_sequence LIMIT 1", older, tenantId, state.ordinal());
        }
        sql.query("SELECT l.plan_id, l.plan_version, w.first_sequence FROM open_window w CROSS JOIN usage_line l "
            + "WHERE w.tenant_id = ? AND l.tenant_id = w.tenant_id AND l.meter = w.meter "
            + "AND l.window_sequence = w.first_sequence AND l.identifier IS NULL ORDER BY w.first_sequence LIMIT 1",
            older, tenantId);
        return oldest[0];
    }

    /**
     * First window of a tenant, from a record on, that was rated at another plan version.
     *
     * @param tenantId     tenant
     * @param plan         plan version
     * @param fromSequence inclusive
     * @return its first record; {@link Long#MAX_VALUE} none
     */
    public long firstOther(final int tenantId, final PlanVersion plan, final long fromSequence) {
        final long[] first = {Long.MAX_VALUE};
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            sql.query("SELECT window_sequence FROM usage_line WHERE tenant_id = ? AND meter = ? "
                + "AND window_sequence >= ? AND NOT (plan_id = ? AND plan_version = ?) "
                + "ORDER BY window_sequence LIMIT 1", row -> first[0] = Math.min(first[0], row.getLong(1)), tenantId,
                meter, fromSequence, plan.planId(), plan.version());
        }
        return first[0];
    }

    /**
     * Last record whose effects are stored.
     *
     * @return sequence; 0 none
     */
    public long position() {
        final long[] position = new long[1];
        sql.query("SELECT sequence FROM journal_position", row -> position[0] = row.getLong(1));
        return position[0];
    }

    /**
     * Objects that were begun and of which it is not known that they exist.
     *
     * @param prefix of their names
     * @return names
     */
    public List<String> unresolved(final String prefix) {
        final List<String> names = new ArrayList<>();
        sql.query("SELECT name FROM stripe_object WHERE object_id IS NULL AND name LIKE ?",
            row -> names.add(row.getString(1)), prefix + '%');
        return names;
    }
}
