package weir.billing.audit;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Rating;
import weir.billing.store.AuditStore;

/**
 * Digests every record in the transaction of its other effects, and ends a UTC day when the first record of a later day
 * comes; a record of an earlier day belongs to the running one. Files are written after the commit, again after a kill.
 * Billing thread; allocates nothing per record.
 */
public final class AuditPart implements BillingPart {
    private static final Logger LOG = LoggerFactory.getLogger(AuditPart.class);
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;
    private static final long RETRY_MS = 60_000;
    private static final long NONE = Long.MIN_VALUE;

    private final AuditStore store;
    private final AuditSettings settings;
    private final SummaryFiles files;
    private RecordDigest digest = new RecordDigest();
    private final LeafFile leaves = new LeafFile();
    private final long[] units = new long[MeterKind.COUNT];
    private String previousSha256 = DaySummary.ZEROS;
    private long previousDay = NONE;
    private long day;
    private long dayEndNs;
    private long firstSequence;
    private long sequence;
    private boolean unpublished;
    private long retryMs;

    /**
     * A part.
     *
     * @param store    in the transaction of the records
     * @param settings where files go, which keys sign
     */
    public AuditPart(final AuditStore store, final AuditSettings settings) {
        this.store = store;
        this.settings = settings;
        files = settings.directory() == null ? null : new SummaryFiles(settings.directory());
    }

    @Override
    public void begin(final long nowMs) {
        final long position = store.position();
        final AuditStore.State state = store.load();
        if (!settings.enabled()) {
            return;
        }
        if (state == null) {
            sequence = position;
            if (position > 0) {
                LOG.warn("the audit begins at record {}: what is before it was billed without", position + 1);
            }
        } else {
            restore(state);
            if (sequence != position) {
                LOG.warn("records {} to {} were billed without audit: a gap that stays", sequence + 1, position);
                if (firstSequence != 0) {
                    endDay(nowMs);
                }
                sequence = position;
                save(position, 0, nowMs);
            }
        }
        signWhatIsNot();
        if (files != null && !settings.keys().isEmpty()) {
            files.writeKeys(settings.keys().stream().map(SigningKey::key).toList());
        }
        unpublished = files != null;
    }

    private void restore(final AuditStore.State state) {
        sequence = state.sequence();
        digest = new RecordDigest(state.chainBatch());
        digest.chain().restore(state.chainHead());
        digest.tree().restore(state.count(), state.tree());
        firstSequence = state.firstSequence();
        System.arraycopy(state.units(), 0, units, 0, units.length);
        previousSha256 = state.previousSha256();
        previousDay = state.previousDay();
        day(state.epochDay());
        if (firstSequence != 0) {
            openLeaves(state.count());
        }
    }

    private void day(final long epochDay) {
        day = epochDay;
        dayEndNs = (epochDay + 1) * NS_PER_DAY;
    }

    /** A day that was cut by a gap has two summaries, the second one with the sequence of its first record. */
    private String name() {
        final String date = LocalDate.ofEpochDay(day).toString();
        return day == previousDay ? date + '-' + firstSequence : date;
    }

    private void openLeaves(final long count) {
        if (files != null && settings.leaves()) {
            leaves.open(SummaryFiles.leaves(settings.directory(), name()), count);
        }
    }

    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        if (!settings.enabled()) {
            return;
        }
        if (firstSequence != 0 && rating.epochNs() >= dayEndNs) {
            endDay(nowMs);
        }
        if (firstSequence == 0) {
            beginDay();
            firstSequence = rating.sequence();
            day(Math.max(previousDay == NONE ? 0 : previousDay, Math.floorDiv(rating.epochNs(), NS_PER_DAY)));
            openLeaves(0);
        }
        digest.add(view.frame(), view.frameOffset(), view.frameLength());
        if (leaves.isOpen()) {
            leaves.add(digest.tree().leaf());
        }
        for (int meter = 0; meter < units.length; meter++) {
            units[meter] += rating.units(meter);
        }
        sequence = rating.sequence();
    }

    /** A day that began with a link for each record has ended so; this one has a link for each batch. */
    private void beginDay() {
        if (digest.batch() != RecordDigest.BATCH) {
            final byte[] head = digest.chain().head();
            digest = new RecordDigest();
            digest.chain().restore(head);
        }
        digest.beginDay();
    }

    private void endDay(final long nowMs) {
        leaves.seal();
        digest.endDay();
        final LocalDate date = LocalDate.ofEpochDay(day);
        final SortedMap<String, Long> totals = new TreeMap<>();
        for (int meter = 0; meter < units.length; meter++) {
            if (units[meter] > 0) {
                totals.put(MeterKind.of(meter).label(), units[meter]);
            }
        }
        final KeyChoice choice = KeyChoice.of(settings.keys(), store.knownKeys(), date);
        final HexFormat hex = HexFormat.of();
        final DaySummary summary = new DaySummary(date, firstSequence, sequence, digest.tree().count(),
            hex.formatHex(digest.chain().head()), digest.batch(), hex.formatHex(digest.tree().root()), totals,
            previousSha256, choice.announce());
        final String keyId = choice.signer().map(key -> key.key().keyId()).orElse(null);
        final String signature = choice.signer()
            .map(key -> Base64.getEncoder().encodeToString(key.sign(summary.bytes()))).orElse(null);
        final String sha256 = summary.sha256();
        store.insert(new AuditStore.Row(firstSequence, name(), date, summary.json(), keyId, signature), sequence,
            summary.count(), sha256);
        choice.signer().ifPresent(key -> know(key.key()));
        choice.announce().forEach(this::know);
        if (!choice.linked()) {
            LOG.warn("summary {} is signed by key {}, which no summary announced: verifiers must be given it", date,
                keyId);
        } else if (keyId == null) {
            LOG.warn("summary {} is not signed: no key is valid on that day", date);
        }
        settings.listener().onSummary(summary, keyId, signature, nowMs);
        previousSha256 = sha256;
        previousDay = day;
        digest.beginDay();
        Arrays.fill(units, 0);
        firstSequence = 0;
        unpublished = files != null;
    }

    private void know(final AuditKey key) {
        store.know(key.keyId(), key.base64(), firstSequence);
    }

    /** Summaries of days without a key are signed by the first key that there is. */
    private void signWhatIsNot() {
        final List<AuditStore.Row> rows = settings.keys().isEmpty() ? List.of() : store.unsigned();
        for (final AuditStore.Row row : rows) {
            final Set<String> known = store.knownKeys();
            final KeyChoice choice = KeyChoice.of(settings.keys(), known, row.date());
            choice.signer().ifPresent(key -> {
                store.sign(row.firstSequence(), key.key().keyId(), Base64.getEncoder().encodeToString(
                    key.sign(DaySummary.parse(row.json().getBytes(StandardCharsets.UTF_8)).bytes())));
                store.know(key.key().keyId(), key.key().base64(), row.firstSequence());
            });
        }
    }

    @Override
    public void save(final long lastSequence, final long epochNs, final long nowMs) {
        if (!settings.enabled()) {
            return;
        }
        leaves.flush();
        store.save(new AuditStore.State(sequence, digest.chain().head(), digest.batch(), day, firstSequence,
            digest.tree().count(), digest.tree().state(), units, previousSha256, previousDay));
    }

    @Override
    public int doWork(final long nowMs) {
        if (!unpublished || nowMs < retryMs) {
            return 0;
        }
        int work = 0;
        try {
            for (final AuditStore.Row row : store.unpublished()) {
                files.writeSummary(row.name(), row.json(), row.keyId(), row.signature());
                store.published(row.firstSequence());
                work++;
            }
            unpublished = false;
        } catch (final BillingException ex) {
            LOG.warn("{}; tried again in a minute", ex.getMessage());
            retryMs = nowMs + RETRY_MS;
        }
        return work;
    }

    @Override
    public void close() {
        leaves.close();
    }
}
