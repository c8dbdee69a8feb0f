package weir.billing.stripe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    private static final String READ = "drift/read";

    private final DriftStore store;
    private final String jdbcUrl;
    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final ArrayDeque<DriftStore.Ours> toAsk = new ArrayDeque<>();
    private long dayDone = Long.MIN_VALUE;
    private long differences;

    DailyDrift(final DriftStore store, final String jdbcUrl, final StripeObjectCalls calls,
        final StripeCalls senders) {
        this.store = store;
        this.jdbcUrl = jdbcUrl;
        this.calls = calls;
        this.senders = senders;
    }

    /** Asks what is due. @return calls begun */
    int doWork(final long nowMs) {
        final long day = Math.floorDiv(nowMs - AFTER_MS, DAY_MS) - 1;
        int begun = 0;
        if (day > dayDone && toAsk.isEmpty() && senders.tryBegin(READ, nowMs)) {
            // on a sender's thread: a day of a large venue takes a while to add up
            senders.begin(READ, () -> read(day), ours -> {
                toAsk.addAll(ours);
                dayDone = day;
            }, answer -> LOG.warn("STRIPE_DRIFT day={} was not read: {}", day, answer.detail()));
            begun++;
        }
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

    private List<DriftStore.Ours> read(final long day) {
        final List<DriftStore.Ours> ours = new ArrayList<>();
        for (int back = DAYS - 1; back >= 0; back--) {
            ours.addAll(DriftStore.read(jdbcUrl, day - back));
        }
        return ours;
    }

    long differences() {
        return differences;
    }

    private static String key(final DriftStore.Ours ours) {
        return "drift/" + ours.day() + '/' + ours.tenantId() + '/' + ours.meter();
    }
}
