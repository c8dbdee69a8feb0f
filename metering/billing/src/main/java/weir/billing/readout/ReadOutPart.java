package weir.billing.readout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.rating.TenantAccount;
import weir.billing.store.Database;
import weir.billing.store.PeriodStore;
import weir.journal.JournalException;
import weir.journal.JournalStatus;

/**
 * The part of billing that read-outs need: it notes which record each period of a tenant began with, and holds the
 * listener open, where one is configured. Billing thread; questions are answered by the door's workers.
 */
public final class ReadOutPart implements BillingPart {
    private static final Logger LOG = LoggerFactory.getLogger(ReadOutPart.class);

    private final ReadOutSettings settings;
    private final String jdbcUrl;
    private final Path journalDir;
    private final EpochClock clock;
    private final RatingState state;
    private final PeriodStore store;
    private final Map<Integer, Long> known = new TreeMap<>();
    private final List<long[]> begun = new ArrayList<>();
    private ReadOutDoor door;

    /**
     * A part of one billing process.
     *
     * @param settings   null = no listener
     * @param jdbcUrl    of the database
     * @param journalDir of the journal; null = none, and no lag is told
     * @param clock      wall clock, milliseconds
     * @param database   the billing thread's
     * @param state      the rater's
     */
    public ReadOutPart(final ReadOutSettings settings, final String jdbcUrl, final Path journalDir,
        final EpochClock clock, final Database database, final RatingState state) {
        this.settings = settings;
        this.jdbcUrl = jdbcUrl;
        this.journalDir = journalDir;
        this.clock = clock;
        this.state = state;
        store = new PeriodStore(database);
    }

    @Override
    public void begin(final long nowMs) {
        known.putAll(store.latest());
        if (settings != null) {
            door = ReadOutDoor.launch(settings, jdbcUrl, clock, this::journalEnd);
            LOG.info("read-outs on https://{}:{}", settings.host(), door.port());
        }
    }

    /** On a worker of the door. */
    private long journalEnd() {
        try {
            return journalDir == null ? -1 : JournalStatus.read(journalDir).appended();
        } catch (final JournalException ex) {
            LOG.warn("the journal's end cannot be read: {}", ex.getMessage());
            return -1;
        }
    }

    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        if (!rating.periodRolled()) {
            return;
        }
        for (final TenantAccount tenant : state.tenants()) {
            final long startNs = tenant.periodStartNs();
            if (startNs != 0 && startNs != known.getOrDefault(tenant.tenantId(), 0L)) {
                known.put(tenant.tenantId(), startNs);
                begun.add(new long[]{tenant.tenantId(), startNs, rating.sequence()});
            }
        }
    }

    @Override
    public void save(final long sequence, final long epochNs, final long nowMs) {
        for (final long[] period : begun) {
            store.add((int)period[0], period[1], period[2]);
        }
        begun.clear();
    }

    @Override
    public void close() {
        if (door != null) {
            door.close();
        }
    }
}
