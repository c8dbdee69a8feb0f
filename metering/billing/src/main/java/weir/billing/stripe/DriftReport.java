package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.util.ArrayList;
import java.util.List;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;

/** Compares a UTC day with Stripe's event summaries at once, for the command line. */
public final class DriftReport {
    private DriftReport() {
    }

    /**
     * Asks Stripe for every customer and meter.
     *
     * @param database a connection of one's own; the result is stored, the caller commits
     * @param gateway  makes the calls
     * @param day      days since 1970-01-01, UTC
     * @param nowMs    wall clock
     * @return by tenant and meter
     * @throws StripeException when Stripe does not answer well
     */
    public static List<DriftStore.Row> compare(final Database database, final StripeGateway gateway, final long day,
        final long nowMs) throws StripeException {
        final DriftStore store = new DriftStore(database);
        final List<DriftStore.Ours> ours = store.ours(day);
        // no lock on the database while Stripe is asked
        database.rest();
        final StripeObjectCalls calls = new StripeObjectCalls(gateway);
        final List<DriftStore.Row> rows = new ArrayList<>();
        for (final DriftStore.Ours one : ours) {
            rows.add(one.against(calls.day(one.meterId(), one.customerId(), day)));
        }
        rows.forEach(row -> store.put(row, nowMs));
        return rows;
    }
}
