package weir.billing.stripe;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.store.DriftStore;

/**
 * Compares each UTC day with Stripe's sums, an hour after it ended, and the day before it once more, since deliveries
 * and Stripe's sums may be late; at the start too. A difference is logged and stored. Billing thread.
 */
final class DailyDrift {
    private static final Logger LOG = LoggerFactory.getLogger(DailyDrift.class);
    private static final long DAY_MS = 86_400_000L;
    private static final long AFTER_MS = 3_600_000L;
    private static final int DAYS = 2;

    private final DriftStore store;
    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final ArrayDeque<DriftStore.Ours> toAsk = new ArrayDeque<>();
    private long dayDone = Long.MIN_VALUE;
    private long differences;

    DailyDrift(final DriftStore store, final StripeObjectCalls calls, final StripeCalls senders) {
        this.store = store;
        this.calls = calls;
        this.senders = senders;
    }

    /** Asks what is due. @return calls begun */
    int doWork(final long nowMs) {
        final long day = Math.floorDiv(nowMs - AFTER_MS, DAY_MS) - 1;
        if (day > dayDone && toAsk.isEmpty()) {
            for (int back = DAYS - 1; back >= 0; back--) {
                toAsk.addAll(store.ours(day - back));
            }
            dayDone = day;
        }
        int begun = 0;
        while (!toAsk.isEmpty() && senders.tryBegin(key(toAsk.peek()), nowMs)) {
            final DriftStore.Ours ours = toAsk.poll();
            senders.begin(key(ours), () -> calls.day(ours.meterId(), ours.customerId(), ours.day()), counted -> {
                final DriftStore.Row row = ours.against(counted);
                store.put(row, nowMs);
                if (!row.agrees()) {
                    differences++;
                    LOG.error("STRIPE_DRIFT day={} tenant={} meter={} rated={} adjusted={} quarantined={} waiting={} "
                        + "counted={} difference={}", ours.day(), ours.tenantId(), ours.meter(), ours.rated(),
                        ours.adjusted(), ours.quarantined(), ours.waiting(), counted, row.difference());
                }
            }, answer -> {
                if (answer.outcome() != StripeAnswer.Outcome.REFUSED) {
                    toAsk.add(ours);
                }
            });
            begun++;
        }
        return begun;
    }

    long differences() {
        return differences;
    }

    private static String key(final DriftStore.Ours ours) {
        return "drift/" + ours.day() + '/' + ours.tenantId() + '/' + ours.meter();
    }
}
