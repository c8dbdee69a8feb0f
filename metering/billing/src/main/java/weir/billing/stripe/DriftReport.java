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
     * @param jdbcUrl  of the database; the result is stored
     * @param gateway  makes the calls
     * @param day      days since 1970-01-01, UTC
     * @param nowMs    wall clock
     * @return by tenant and meter
     * @throws StripeException when Stripe does not answer well
     */
    public static List<DriftStore.Row> compare(final String jdbcUrl, final StripeGateway gateway, final long day,
        final long nowMs) throws StripeException {
        final List<DriftStore.Ours> ours = DriftStore.read(jdbcUrl, day);
        final StripeObjectCalls calls = new StripeObjectCalls(gateway);
        final List<DriftStore.Row> rows = new ArrayList<>();
        for (final DriftStore.Ours one : ours) {
            rows.add(one.against(calls.day(one.meterId(), one.customerId(), day)));
        }
        // the writer's lock is taken for the result alone, not while rows are added up and Stripe is asked
        try (Database database = Database.openBeside(jdbcUrl, nowMs)) {
            final DriftStore store = new DriftStore(database);
            rows.forEach(row -> store.put(row, nowMs));
            database.commit();
        }
        return rows;
    }
}
