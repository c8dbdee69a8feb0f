package weir.billing.world;

import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import weir.billing.audit.AuditPart;
import weir.billing.audit.AuditSettings;
import weir.billing.batch.Aggregator;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.rating.MapOrderMemory;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.store.AuditStore;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;

/** The audit alone over frames in memory, with the transactions of billing. */
public final class AuditRun implements AutoCloseable {
    private final Database database;
    private final BillingStore store;
    private final AuditPart part;
    private final RatingState state = new RatingState();
    private final Rater rater = new Rater(state, new MapOrderMemory(), discrepancy -> {
    });
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private long nowMs = 1;

    public AuditRun(final Path file, final AuditSettings settings) {
        database = Database.open("jdbc:sqlite:" + file, nowMs);
        store = new BillingStore(database);
        store.bind(World.JOURNAL_ID, nowMs);
        part = new AuditPart(new AuditStore(database), settings);
        part.begin(nowMs);
        database.commit();
    }

    /** Takes frames from one sequence to another, committed after the last; publishes what is due. */
    public void take(final List<byte[]> frames, final long from, final long to) {
        for (long sequence = 1; sequence <= to; sequence++) {
            final byte[] frame = frames.get((int)sequence - 1);
            rater.rate(view.wrap(new UnsafeBuffer(frame), 0, frame.length), rating);
            if (sequence >= from) {
                part.onRecord(view, rating, nowMs);
            }
        }
        store.save(to, rating.epochNs(), nowMs, new RatingState(), new Ledger(d -> {
        }), new Aggregator(World.JOURNAL_ID, 10, 10));
        part.save(to, rating.epochNs(), nowMs);
        database.commit();
        part.doWork(nowMs);
        database.commit();
    }

    @Override
    public void close() {
        part.close();
        database.close();
    }
}
