package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What time makes due, in the order of time: drafts that become invoices, periods that end, phases of schedules that
 * begin, subscriptions that end. Everything happens at the moment it was due, however far the clock jumped. Guarded by
 * the simulator's lock.
 */
final class BillingCycle {
    private final StripeStore store;
    private final Invoices invoices;
    private final SubscriptionBilling billing;
    private final Schedules schedules;
    private long seenVersion = -1;
    private long nextSeconds;

    BillingCycle(final StripeStore store, final Invoices invoices, final SubscriptionBilling billing,
                 final Schedules schedules) {
        this.store = store;
        this.invoices = invoices;
        this.billing = billing;
        this.schedules = schedules;
    }

    /** Everything that lives by the simulator's own clock; cheap when nothing is due. */
    void advance(final long now) {
        if (seenVersion == store.version() && now < nextSeconds) {
            return;
        }
        advance(null, now);
        nextSeconds = earliest(null).seconds;
        seenVersion = store.version();
    }

    /** Everything that lives by one test clock, or by none (null), up to {@code to}, inclusive. */
    void advance(final String testClock, final long to) {
        for (Due due = earliest(testClock); due.seconds <= to; due = earliest(testClock)) {
            store.commit();
            try {
                run(due);
            } catch (final StripeRefusal refusal) { // a phase that cannot begin: its schedule is given up
                final String schedule = due.rank == 2 ? due.object.get("id").asText()
                    : due.object.path("schedule").asText(null);
                store.rollback();
                if (schedule == null) {
                    throw new IllegalStateException("due at " + due.seconds + ": " + due.object, refusal);
                }
                schedules.abandon(schedule, due.seconds, refusal.getMessage());
            }
        }
    }

    private void run(final Due due) {
        switch (due.rank) {
            case 0 -> invoices.finalized(due.object, due.seconds);
            case 1 -> billing.periodEnd(due.object.deepCopy(), due.seconds, schedules::transition);
            default -> schedules.step(due.object.get("id").asText(), due.seconds);
        }
    }

    private Due earliest(final String testClock) {
        Due first = new Due(Long.MAX_VALUE, 0, null);
        for (final ObjectNode invoice : store.all(Invoices.TYPE)) {
            if ("draft".equals(invoice.get("status").asText()) && invoice.get("auto_advance").asBoolean()
                && lives(invoice, testClock)) {
                first = first.orEarlier(invoice.get("automatically_finalizes_at").asLong(), 0, invoice);
            }
        }
        for (final ObjectNode subscription : store.all(Subscriptions.TYPE)) {
            if (Subscriptions.live(subscription) && lives(subscription, testClock)) {
                first = first.orEarlier(nextOf(subscription), 1, subscription);
            }
        }
        for (final ObjectNode schedule : store.all(Schedules.TYPE)) {
            if (lives(schedule, testClock)) {
                first = first.orEarlier(Schedules.nextSeconds(schedule), 2, schedule);
            }
        }
        return first;
    }

    private static long nextOf(final ObjectNode subscription) {
        long next = subscription.path("cancel_at").isNumber() ? subscription.get("cancel_at").asLong()
            : Long.MAX_VALUE;
        for (final JsonNode item : subscription.get("items").get("data")) {
            next = Math.min(next, item.get("current_period_end").asLong());
        }
        return next;
    }

    private static boolean lives(final ObjectNode object, final String testClock) {
        final String of = object.path("test_clock").asText(null);
        return testClock == null ? of == null : testClock.equals(of);
    }

    private record Due(long seconds, int rank, ObjectNode object) {
        Due orEarlier(final long otherSeconds, final int otherRank, final ObjectNode other) {
            return otherSeconds < seconds || otherSeconds == seconds && otherRank < rank
                ? new Due(otherSeconds, otherRank, other) : this;
        }
    }
}
