package weir.billing.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that came from Stripe. Writes do not commit. One thread and one database; the listener has a connection of its
 * own.
 */
public final class StripeEventStore {
    private static final int NEW = 0;
    private static final int HANDLED = 1;
    private static final int IGNORED = 2;
    private static final int REFUSED = 3;

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public StripeEventStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * An event as it came.
     *
     * @param eventId   Stripe's id
     * @param type      such as invoice.finalized
     * @param createdMs Stripe's time of it, epoch milliseconds
     * @param body      JSON
     */
    public record Event(String eventId, String type, long createdMs, String body) {
    }

    /**
     * Stores an event; one that is known only counts one more delivery.
     *
     * @param event   event
     * @param handled whether something will be done for it; without, its body is not kept
     * @param nowMs   wall clock
     * @return whether it is new
     */
    public boolean receive(final Event event, final boolean handled, final long nowMs) {
        final int known = sql.update("UPDATE stripe_event SET deliveries = deliveries + 1 WHERE event_id = ?",
            event.eventId());
        if (known > 0) {
            return false;
        }
        sql.update("INSERT INTO stripe_event (event_id, type, created_ms, received_ms, deliveries, state, "
            + "next_attempt_ms, body) VALUES (?, ?, ?, ?, 1, ?, 0, ?)", event.eventId(), event.type(),
            event.createdMs(), nowMs, handled ? NEW : IGNORED, handled ? event.body() : null);
        return true;
    }

    /**
     * Events to be handled, oldest first by Stripe's time.
     *
     * @param nowMs wall clock
     * @param limit most rows
     * @return events
     */
    public List<Event> due(final long nowMs, final int limit) {
        final List<Event> due = new ArrayList<>();
        sql.query("SELECT event_id, type, created_ms, body FROM stripe_event WHERE state = 0 "
            + "AND next_attempt_ms <= ? ORDER BY created_ms, event_id LIMIT ?", row -> due.add(new Event(
            row.getString(1), row.getString(2), row.getLong(3), row.getString(4))), nowMs, limit);
        return due;
    }

    /**
     * Handled: its body is not needed any more.
     *
     * @param eventId event
     * @param outcome what was done
     */
    public void handled(final String eventId, final String outcome) {
        end(eventId, HANDLED, outcome);
    }

    /**
     * It cannot be handled, whenever it is tried; the body stays for a person.
     *
     * @param eventId event
     * @param outcome why
     */
    public void refused(final String eventId, final String outcome) {
        sql.update("UPDATE stripe_event SET state = ?, outcome = ? WHERE event_id = ?", REFUSED, outcome, eventId);
    }

    /**
     * To be tried again.
     *
     * @param eventId       event
     * @param outcome       why not now
     * @param nextAttemptMs wall clock
     */
    public void postponed(final String eventId, final String outcome, final long nextAttemptMs) {
        sql.update("UPDATE stripe_event SET outcome = ?, next_attempt_ms = ? WHERE event_id = ?", outcome,
            nextAttemptMs, eventId);
    }

    private void end(final String eventId, final int state, final String outcome) {
        sql.update("UPDATE stripe_event SET state = ?, outcome = ?, body = NULL WHERE event_id = ?", state, outcome,
            eventId);
    }

    /**
     * Forgets events that were ended and received before a time: Stripe delivers for three days at most.
     *
     * @param beforeMs wall clock
     * @return rows
     */
    public int forgetBefore(final long beforeMs) {
        return sql.update("DELETE FROM stripe_event WHERE state IN (1, 2) AND received_ms < ?", beforeMs);
    }

    /**
     * Notes what one error report said of one code.
     *
     * @param eventId     report
     * @param code        Stripe's
     * @param meterId     meter; empty when none was found
     * @param errors      events with the error
     * @param named       identifiers that were listed
     * @param quarantined batches of ours among them
     */
    public void putError(final String eventId, final String code, final String meterId, final long errors,
        final long named, final long quarantined) {
        sql.update("INSERT INTO stripe_error (event_id, code, meter_id, errors, named, quarantined) "
            + "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (event_id, code) DO NOTHING", eventId, code, meterId, errors,
            named, quarantined);
    }
}
