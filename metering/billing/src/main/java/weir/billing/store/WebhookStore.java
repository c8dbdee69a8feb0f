package weir.billing.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Webhook messages and what became of them. Writes do not commit. One thread and one database; the command line has a
 * connection of its own.
 */
public final class WebhookStore {
    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public WebhookStore(final Database database) {
        sql = new Sql(database);
    }

    /** How far a message has come at an endpoint. The order is that of the database. */
    public enum State {
        /** An attempt is due, or will be. */
        PENDING,
        /** The endpoint answered 2xx. */
        DELIVERED,
        /** The last attempt failed; an operator may have it sent again. */
        DEAD
    }

    /**
     * What is known of an endpoint beside its configuration.
     *
     * @param endpoint         {@code TENANT_ID/NAME}
     * @param tenantId         tenant
     * @param url              target at the last start
     * @param disabledMs       wall clock since which nothing is sent there; 0 it is served
     * @param disabledWhy      reason
     * @param throttledUntilMs nothing is sent there before
     * @param pending          messages that wait
     * @param dead             dead letters
     */
    public record Endpoint(String endpoint, int tenantId, String url, long disabledMs, String disabledWhy,
        long throttledUntilMs, long pending, long dead) {
    }

    /**
     * A message at an endpoint.
     *
     * @param endpoint      {@code TENANT_ID/NAME}
     * @param messageId     webhook-id
     * @param type          of the event
     * @param body          as sent
     * @param sequence      record that caused it; 0 none
     * @param state         how far it has come
     * @param attempts      that ended
     * @param nextAttemptMs wall clock of the next, when pending
     * @param lastAttemptMs wall clock of the last; 0 none
     * @param status        HTTP status of the last; 0 none
     * @param detail        what went wrong
     */
    public record Delivery(String endpoint, String messageId, String type, String body, long sequence, State state,
        int attempts, long nextAttemptMs, long lastAttemptMs, int status, String detail) {
    }

    /**
     * Notes an endpoint of the configuration; its state stays.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @param tenantId tenant
     * @param url      target
     */
    public void configure(final String endpoint, final int tenantId, final String url) {
        sql.update("INSERT INTO webhook_endpoint (endpoint, tenant_id, url, disabled_ms, disabled_why, "
            + "throttled_until_ms) VALUES (?, ?, ?, 0, '', 0) ON CONFLICT (endpoint) DO UPDATE SET url = excluded.url",
            endpoint, tenantId, url);
    }

    /**
     * Records a message.
     *
     * @param messageId webhook-id
     * @param tenantId  tenant; 0 all
     * @param type      of the event
     * @param body      JSON
     * @param sequence  record that caused it; 0 none
     * @param nowMs     wall clock
     * @return false when it is there already, and nothing was changed
     */
    public boolean insert(final String messageId, final int tenantId, final String type, final String body,
        final long sequence, final long nowMs) {
        return sql.update("INSERT INTO webhook_message (message_id, tenant_id, type, body, sequence, created_ms) "
            + "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING", messageId, tenantId, type, body,
            sequence, nowMs) > 0;
    }

    /**
     * Puts a message on its way to an endpoint.
     *
     * @param endpoint      {@code TENANT_ID/NAME}
     * @param messageId     webhook-id
     * @param nextAttemptMs wall clock of the first attempt
     */
    public void address(final String endpoint, final String messageId, final long nextAttemptMs) {
        sql.update("INSERT INTO webhook_delivery (endpoint, message_id, state, attempts, next_attempt_ms, "
            + "last_attempt_ms, status, detail) VALUES (?, ?, 0, 0, ?, 0, 0, '') "
            + "ON CONFLICT (endpoint, message_id) DO NOTHING", endpoint, messageId, nextAttemptMs);
    }

    /**
     * Endpoints that are served and have a message that is due.
     *
     * @param nowMs wall clock
     * @return names, that which waits longest first
     */
    public List<String> dueEndpoints(final long nowMs) {
        final List<String> due = new ArrayList<>();
        sql.query("SELECT d.endpoint, MIN(d.next_attempt_ms) AS first_ms FROM webhook_delivery d "
            + "JOIN webhook_endpoint e ON e.endpoint = d.endpoint "
            + "WHERE d.state = 0 AND d.next_attempt_ms <= ? AND e.disabled_ms = 0 AND e.throttled_until_ms <= ? "
            + "GROUP BY d.endpoint ORDER BY first_ms, d.endpoint", row -> due.add(row.getString(1)), nowMs, nowMs);
        return due;
    }

    /**
     * The message that has been due at an endpoint for longest.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @param nowMs    wall clock
     * @return null when none is due
     */
    public Delivery due(final String endpoint, final long nowMs) {
        final List<Delivery> due = deliveries("WHERE d.endpoint = ? AND d.state = 0 AND d.next_attempt_ms <= ? "
            + "ORDER BY d.next_attempt_ms, d.message_id LIMIT 1", endpoint, nowMs);
        return due.isEmpty() ? null : due.get(0);
    }

    /**
     * Stores the outcome of an attempt.
     *
     * @param endpoint      {@code TENANT_ID/NAME}
     * @param messageId     webhook-id
     * @param state         how far it is then
     * @param nextAttemptMs of the next attempt, when pending
     * @param nowMs         wall clock
     * @param status        HTTP status; 0 none
     * @param detail        what went wrong
     */
    public void attempted(final String endpoint, final String messageId, final State state, final long nextAttemptMs,
        final long nowMs, final int status, final String detail) {
        sql.update("UPDATE webhook_delivery SET state = ?, attempts = attempts + 1, next_attempt_ms = ?, "
            + "last_attempt_ms = ?, status = ?, detail = ? WHERE endpoint = ? AND message_id = ?", state.ordinal(),
            nextAttemptMs, nowMs, status, detail, endpoint, messageId);
    }

    /**
     * Keeps messages from an endpoint for a time.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @param untilMs  wall clock
     */
    public void throttle(final String endpoint, final long untilMs) {
        sql.update("UPDATE webhook_endpoint SET throttled_until_ms = ? WHERE endpoint = ?", untilMs, endpoint);
    }

    /**
     * Serves an endpoint no more: its messages wait.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @param nowMs    wall clock
     * @param why      reason
     * @return false when there is no such endpoint, or it is disabled already
     */
    public boolean disable(final String endpoint, final long nowMs, final String why) {
        return sql.update("UPDATE webhook_endpoint SET disabled_ms = ?, disabled_why = ? WHERE endpoint = ? "
            + "AND disabled_ms = 0", nowMs, why, endpoint) > 0;
    }

    /**
     * Serves an endpoint again, at once.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @return false when there is no such endpoint, or it is served
     */
    public boolean enable(final String endpoint) {
        return sql.update("UPDATE webhook_endpoint SET disabled_ms = 0, disabled_why = '', throttled_until_ms = 0 "
            + "WHERE endpoint = ? AND disabled_ms <> 0", endpoint) > 0;
    }

    /**
     * Sends again what was delivered or is dead, under its id, with all attempts before it.
     *
     * @param endpoint  {@code TENANT_ID/NAME}
     * @param messageId webhook-id; null every dead letter of the endpoint
     * @param nowMs     wall clock
     * @return messages that are pending again
     */
    public int redeliver(final String endpoint, final String messageId, final long nowMs) {
        final String again = "UPDATE webhook_delivery SET state = 0, attempts = 0, next_attempt_ms = ? "
            + "WHERE endpoint = ? AND ";
        return messageId == null ? sql.update(again + "state = 2", nowMs, endpoint)
            : sql.update(again + "state <> 0 AND message_id = ?", nowMs, endpoint, messageId);
    }

    /**
     * Gives up messages to endpoints that the configuration does not name any more.
     *
     * @param endpoint {@code TENANT_ID/NAME} of such an endpoint
     * @return messages
     */
    public int abandon(final String endpoint) {
        return sql.update("UPDATE webhook_delivery SET state = 2, detail = 'the endpoint is configured no more' "
            + "WHERE endpoint = ? AND state = 0", endpoint);
    }

    /**
     * Forgets what was delivered long ago.
     *
     * @param beforeMs wall clock of the last attempt
     */
    public void forgetDeliveredBefore(final long beforeMs) {
        sql.update("DELETE FROM webhook_delivery WHERE state = 1 AND last_attempt_ms < ?", beforeMs);
        sql.update("DELETE FROM webhook_message WHERE created_ms < ? AND NOT EXISTS (SELECT 1 FROM webhook_delivery d "
            + "WHERE d.message_id = webhook_message.message_id)", beforeMs);
    }

    /**
     * Endpoints with their counts.
     *
     * @return by name
     */
    public List<Endpoint> endpoints() {
        final List<Endpoint> all = new ArrayList<>();
        sql.query("SELECT e.endpoint, e.tenant_id, e.url, e.disabled_ms, e.disabled_why, e.throttled_until_ms, "
            + "(SELECT COUNT(*) FROM webhook_delivery d WHERE d.state = 0 AND d.endpoint = e.endpoint), "
            + "(SELECT COUNT(*) FROM webhook_delivery d WHERE d.state = 2 AND d.endpoint = e.endpoint) "
            + "FROM webhook_endpoint e ORDER BY e.endpoint", row -> all.add(new Endpoint(row.getString(1),
            row.getInt(2), row.getString(3), row.getLong(4), row.getString(5), row.getLong(6), row.getLong(7),
            row.getLong(8))));
        return all;
    }

    /**
     * Messages, the newest first.
     *
     * @param limit most rows
     * @return rows
     */
    public List<Delivery> latest(final int limit) {
        return deliveries("ORDER BY m.created_ms DESC, m.sequence DESC, d.message_id, d.endpoint LIMIT " + limit);
    }

    /**
     * Messages of an endpoint, the newest first.
     *
     * @param endpoint {@code TENANT_ID/NAME}
     * @param limit    most rows
     * @return rows
     */
    public List<Delivery> latest(final String endpoint, final int limit) {
        return deliveries("WHERE d.endpoint = ? ORDER BY m.created_ms DESC, m.sequence DESC, d.message_id LIMIT "
            + limit, endpoint);
    }

    private List<Delivery> deliveries(final String where, final Object... arguments) {
        final List<Delivery> rows = new ArrayList<>();
        sql.query("SELECT d.endpoint, d.message_id, m.type, m.body, m.sequence, d.state, d.attempts, "
            + "d.next_attempt_ms, d.last_attempt_ms, d.status, d.detail FROM webhook_delivery d "
            + "JOIN webhook_message m ON m.message_id = d.message_id " + where,
            row -> rows.add(new Delivery(row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                row.getLong(5), State.values()[row.getInt(6)], row.getInt(7), row.getLong(8), row.getLong(9),
                row.getInt(10), row.getString(11))), arguments);
        return rows;
    }
}
