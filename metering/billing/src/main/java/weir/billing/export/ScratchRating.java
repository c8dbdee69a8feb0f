package weir.billing.export;

import java.nio.file.Path;
import weir.billing.batch.Aggregator;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;

/** Rates records from the first on, as billing does, with the memory of orders in a database of its own. */
final class ScratchRating implements AutoCloseable {
    private static final int RECORDS_PER_TRANSACTION = 4_096;
    private static final long ORDER_MEMORY_NS = 35L * 86_400 * 1_000_000_000L;

    private final Database database;
    private final BillingStore store;
    private final RatingState state = new RatingState();
    private final Ledger ledger = new Ledger(discrepancy -> {
    });
    private final Aggregator aggregator;
    private final Rater rater;
    private int taken;

    ScratchRating(final Path scratch, final String journalId) {
        database = Database.open("jdbc:sqlite:" + scratch.resolve("rating.db"), 0);
        store = new BillingStore(database);
        store.bind(journalId, 0);
        aggregator = new Aggregator(journalId, 1, 1);
        rater = new Rater(state, store.orders(), discrepancy -> {
        });
    }

    RatingState state() {
        return state;
    }

    void rate(final RecordView view, final Rating rating) {
        rater.rate(view, rating);
        if (rating.periodRolled()) {
            store.forgetClosedBefore(rating.epochNs() - ORDER_MEMORY_NS);
        }
        if (++taken == RECORDS_PER_TRANSACTION) {
            taken = 0;
            store.save(rating.sequence(), rating.epochNs(), 0, state, ledger, aggregator);
            database.commit();
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
