package weir.billing.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.duckdb.DuckDBAppender;
import weir.billing.audit.RecordDigest;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.hash.Sha256;
import weir.billing.intake.RecordView;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Plan;
import weir.billing.rating.Rating;
import weir.journal.JournalException;
import weir.journal.JournalReader;
import weir.protocol.RejectReason;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/**
 * Makes the files of an export. Rates the journal from record 1, since tiers and what was charged for an order depend
 * on what came before; so it wants the archive where the journal no longer begins there. Running it again gives the
 * same bytes. One thread, once.
 */
public final class Exporter {
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;
    private static final int POLL_LIMIT = 1_024;
    private static final long PAUSE_NS = 100_000;
    private static final HexFormat HEX = HexFormat.of();

    private final ExportOptions options;
    private final List<ExportReport.Written> written = new ArrayList<>();
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private final RecordDigest digest = new RecordDigest();
    private final ApiRequest request = new ApiRequest();
    private final Sessions sessions = new Sessions();
    private ScratchRating rater;
    private DayFiles files;
    private long day = Long.MIN_VALUE;
    private long records;

    /**
     * An export.
     *
     * @param options what and where to
     */
    public Exporter(final ExportOptions options) {
        this.options = options;
    }

    /**
     * Runs.
     *
     * @return what was written
     * @throws BillingException EXPORT_FAILED, also when the journal does not begin at record 1; JOURNAL_CORRUPT
     */
    public ExportReport run() {
        Path scratch = null;
        try {
            Files.createDirectories(options.scratch());
            scratch = Files.createTempDirectory(options.scratch(), "weir-export-");
            return run(scratch);
        } catch (final IOException ex) {
            throw new BillingException(BillingError.EXPORT_FAILED, ex.toString(), ex);
        } catch (final JournalException ex) {
            throw new BillingException(BillingError.JOURNAL_CORRUPT, ex.getMessage(), ex);
        } finally {
            delete(scratch);
        }
    }

    private ExportReport run(final Path scratch) {
        try (JournalReader reader = JournalReader.open(new JournalReader.Context().directory(options.journal())
            .archive(options.archive()).waitMs(0))) {
            if (reader.firstSequence() != 1) {
                throw new BillingException(BillingError.EXPORT_FAILED, "the journal begins at record "
                    + reader.firstSequence() + ", rating needs all before: give the archive");
            }
            try (ScratchRating scratchRating = new ScratchRating(scratch, reader.id().toString());
                DayFiles dayFiles = new DayFiles(options, scratch)) {
                rater = scratchRating;
                files = dayFiles;
                read(reader);
                final boolean unfinished = isWanted(day);
                if (unfinished) {
                    written.addAll(files.write(LocalDate.ofEpochDay(day)));
                }
                return new ExportReport(written, records, unfinished ? LocalDate.ofEpochDay(day) : null);
            }
        }
    }

    private void read(final JournalReader reader) {
        final long end = reader.appended();
        while (end == 0 || reader.nextSequence() <= end) {
            final int limit = end == 0 ? POLL_LIMIT : (int)Math.min(POLL_LIMIT, end - reader.nextSequence() + 1);
            if (reader.poll(this::onRecord, limit) == 0) {
                if (end == 0) {
                    return;
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
            if (day != Long.MIN_VALUE && day > options.to().toEpochDay()) {
                return;
            }
        }
    }

    private boolean isWanted(final long epochDay) {
        return epochDay >= options.from().toEpochDay() && epochDay <= options.to().toEpochDay();
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        view.wrap(buffer, offset, length);
        final long of = Math.max(day, Math.floorDiv(view.record().epochNs(), NS_PER_DAY));
        if (of != day) {
            endDay();
            if (isWanted(day)) {
                written.addAll(files.write(LocalDate.ofEpochDay(day)));
            }
            day = of;
        }
        records++;
        rater.rate(view, rating);
        sessions.take(view);
        digest.add(buffer, offset, length);
        if (isWanted(day)) {
            try {
                meterEvents();
                apiLog();
                if (digest.isBatchWhole()) {
                    link();
                }
            } catch (final SQLException ex) {
                throw DayFiles.failed(ex);
            }
        }
    }

    /** What is left of the day's records is its last batch. */
    private void endDay() {
        final boolean open = !digest.isBatchWhole();
        digest.endDay();
        if (open && isWanted(day)) {
            try {
                link();
            } catch (final SQLException ex) {
                throw DayFiles.failed(ex);
            }
        }
        digest.beginDay();
    }

    private void link() throws SQLException {
        files.link(digest.batchIndex(), HEX.formatHex(digest.chain().head()));
    }

    private boolean isWantedTenant(final int tenantId) {
        return options.tenantId() == 0 || options.tenantId() == tenantId;
    }

    private void meterEvents() throws SQLException {
        if (rating.sliceCount() == 0 || !isWantedTenant(rating.tenantId())) {
            return;
        }
        final JournalRecordDecoder record = view.record();
        final String kind = kind();
        for (int slice = 0; slice < rating.sliceCount(); slice++) {
            final DuckDBAppender row = files.row(DayTable.METER_EVENTS);
            row.append(rating.sequence()).append(rating.epochNs()).append(rating.tenantId())
                .append(rater.state().tenant(rating.tenantId()).name()).append(record.sessionId())
                .append(sessions.name(record.sessionId())).append(kind).append(record.reason())
                .append(verdict(record.reason())).append(record.orderId())
                .append(MeterKind.of(rating.sliceMeter(slice)).label());
            price(row, rating.sliceUnits(slice), rating.slicePriceMicros(slice));
            files.endRow(DayTable.METER_EVENTS);
        }
    }

    private void apiLog() throws SQLException {
        final String name = ApiRequest.name(view.templateId());
        if (name == null) {
            return;
        }
        request.read(view);
        final JournalRecordDecoder record = view.record();
        final int tenantId = rating.tenantId() != 0 ? rating.tenantId() : record.tenantId() != 0 ? record.tenantId()
            : rater.state().tenantOfSession(request.sessionId());
        if (!isWantedTenant(tenantId)) {
            return;
        }
        final int meter = name.startsWith("Schedule") ? MeterKind.COMPUTE_MS.ordinal()
            : MeterKind.REQUEST.ordinal();
        final byte[] input = new byte[view.input().capacity()];
        view.input().getBytes(0, input);
        final DuckDBAppender row = files.row(DayTable.API_LOG);
        row.append(rating.sequence()).append(rating.epochNs()).append(tenantId)
            .append(tenantId == 0 ? null : rater.state().tenant(tenantId).name()).append(request.sessionId())
            .append(sessions.name(request.sessionId())).append(sessions.authentication(request.sessionId()))
            .append(name).append(HEX.formatHex(Sha256.of(input))).append(request.idempotencyKey())
            .append(record.flags().duplicate()).append(record.reason()).append(verdict(record.reason()))
            .append(record.orderId()).append(MeterKind.of(meter).label());
        final long units = rating.units(meter);
        // of several prices in one record, which only schedules have, the meter events tell each
        price(row, units, units == 0 ? 0 : rating.amountMicros(meter) / units, rating.amountMicros(meter));
        files.endRow(DayTable.API_LOG);
    }

    private void price(final DuckDBAppender row, final long units, final long priceMicros) throws SQLException {
        price(row, units, priceMicros, Math.multiplyExact(units, priceMicros));
    }

    private void price(final DuckDBAppender row, final long units, final long priceMicros, final long amountMicros)
        throws SQLException {
        row.append(units).append(priceMicros).append(amountMicros).append(currency()).append(rating.planId())
            .append(rating.planVersion()).append(HEX.formatHex(digest.tree().leaf())).append(digest.batchIndex());
    }

    private String currency() {
        final Plan plan = rating.planId() == 0 ? null
            : rater.state().planInForce(rating.planId(), rating.epochNs());
        return plan == null ? null : plan.currency();
    }

    private static String verdict(final int reason) {
        if (reason == RejectReason.NONE.code()) {
            return "ACCEPTED";
        }
        final RejectReason known = RejectReason.ofCode(reason);
        return known == null ? "REASON_" + reason : known.name();
    }

    private String kind() {
        final String name = ApiRequest.name(view.templateId());
        return name != null ? name : switch (view.templateId()) {
            case VenueSentDecoder.TEMPLATE_ID -> "VenueSent";
            case VenueExecutionDecoder.TEMPLATE_ID -> "VenueExecution";
            case VenueOrderStateDecoder.TEMPLATE_ID -> "VenueOrderState";
            default -> "template-" + view.templateId();
        };
    }

    private static void delete(final Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (final Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException ex) {
            throw new BillingException(BillingError.EXPORT_FAILED, "cannot remove " + directory + ": " + ex, ex);
        }
    }
}
