package weir.billing.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import weir.billing.batch.BatchIdentifier;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordSource;
import weir.billing.ledger.Account;
import weir.billing.ledger.Balances;
import weir.billing.ledger.EntryKind;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;

/**
 * Traces lines to records and records to lines. The journal is rated again from its first record, by the rules that
 * billing itself has, and only what the question is about is kept; so a trace takes as long as reading the journal and
 * no more memory than its orders. Reads only; one thread.
 */
public final class Tracer {
    private final String jdbcUrl;
    private final Supplier<RecordSource> journal;

    /**
     * A tracer.
     *
     * @param jdbcUrl billing database
     * @param journal opens the journal for one reading; the tracer closes it
     */
    public Tracer(final String jdbcUrl, final Supplier<RecordSource> journal) {
        this.jdbcUrl = jdbcUrl;
        this.journal = journal;
    }

    /**
     * Traces a batch.
     *
     * @param identifier Stripe's identifier of it
     * @return its records, and whether they add up
     * @throws BillingException TRACE_NOT_FOUND, JOURNAL_MISMATCH, JOURNAL_BEHIND, JOURNAL_CORRUPT, DATABASE
     */
    public LineTrace line(final String identifier) {
        try (StoredLines stored = new StoredLines(Database.openForReading(jdbcUrl))) {
            final StoredLines.Window window = stored.batch(identifier);
            if (window == null) {
                throw new BillingException(BillingError.TRACE_NOT_FOUND, "there is no batch " + identifier);
            }
            return line(stored, window);
        }
    }

    /**
     * Traces the window of a tenant and meter that a record is in.
     *
     * @param tenantId tenant
     * @param meter    meter
     * @param sequence a record from the window's first to its last
     * @return its records, and whether they add up
     * @throws BillingException TRACE_NOT_FOUND, JOURNAL_MISMATCH, JOURNAL_BEHIND, JOURNAL_CORRUPT, DATABASE
     */
    public LineTrace line(final int tenantId, final MeterKind meter, final long sequence) {
        try (StoredLines stored = new StoredLines(Database.openForReading(jdbcUrl))) {
            final List<StoredLines.Window> windows = stored.overlapping(tenantId, meter.ordinal(), sequence, sequence);
            if (windows.isEmpty()) {
                throw new BillingException(BillingError.TRACE_NOT_FOUND, "no window of tenant " + tenantId + " and "
                    + meter.label() + " holds record " + sequence);
            }
            return line(stored, windows.get(0));
        }
    }

    private RecordSource open(final StoredLines stored) {
        final RecordSource source = journal.get();
        final String billed = stored.position().getKey();
        if (!source.journalId().equals(billed)) {
            source.close();
            throw new BillingException(BillingError.JOURNAL_MISMATCH,
                "database bills journal " + billed + ", the directory holds " + source.journalId());
        }
        return source;
    }

    private LineTrace line(final StoredLines stored, final StoredLines.Window window) {
        final List<Charge> charges = new ArrayList<>();
        final List<String> differences = new ArrayList<>();
        try (RecordSource source = open(stored)) {
            final Replay replay = new Replay(source);
            replay.run(window.last(), (view, rating) -> {
                if (rating.sequence() >= window.first() && rating.tenantId() == window.tenantId()) {
                    replay.charges().stream().filter(charge -> charge.meter().ordinal() == window.meter())
                        .forEach(charges::add);
                }
                replay.clearPending();
            });
            identifier(source.journalId(), window, differences);
        }
        if (stored.overlapping(window.tenantId(), window.meter(), window.first(), window.last()).size() != 1) {
            differences.add("another window holds records of this one");
        }
        final List<LineTrace.Line> lines = stored.lines(window);
        compare(window, lines, charges, differences);
        return new LineTrace(window.identifier(), window.state(), window.tenantId(), MeterKind.of(window.meter()),
            window.first(), window.last(), window.units(), window.amount(), lines, charges, differences);
    }

    /** The identifier is made of the window's edges: one that is not belongs to other records. */
    private static void identifier(final String journalId, final StoredLines.Window window,
        final List<String> differences) {
        if (window.identifier() != null) {
            differs("identifier", window.identifier(), BatchIdentifier.of(journalId, window.tenantId(),
                MeterKind.of(window.meter()).label(), window.first(), window.last()), differences);
        }
    }

    private static void compare(final StoredLines.Window window, final List<LineTrace.Line> lines,
        final List<Charge> charges, final List<String> differences) {
        differs("units of the window", window.units(), charges.stream().mapToLong(Charge::units).sum(), differences);
        differs("amount of the window", window.amount(), charges.stream().mapToLong(Charge::amountMicros).sum(),
            differences);
        for (final LineTrace.Line line : lines) {
            final String name = "plan " + line.planId() + " version " + line.planVersion() + " price "
                + line.priceMicros();
            final List<Charge> own = charges.stream().filter(line::isOf).toList();
            differs("units of " + name, line.units(), own.stream().mapToLong(Charge::units).sum(), differences);
            differs("amount of " + name, line.amountMicros(), own.stream().mapToLong(Charge::amountMicros).sum(),
                differences);
            differs("first record of " + name, line.firstSequence(), own.isEmpty() ? 0 : own.get(0).sequence(),
                differences);
            differs("last record of " + name, line.lastSequence(),
                own.isEmpty() ? 0 : own.get(own.size() - 1).sequence(), differences);
        }
        for (final Charge charge : charges) {
            if (lines.stream().noneMatch(line -> line.isOf(charge))) {
                differences.add("record " + charge.sequence() + " has no line: plan " + charge.planId() + " version "
                    + charge.planVersion() + " price " + charge.priceMicros());
            }
        }
    }

    private static void differs(final String what, final Object stored, final Object traced,
        final List<String> differences) {
        if (!stored.equals(traced)) {
            differences.add(what + ": database " + stored + ", journal " + traced);
        }
    }

    /**
     * Traces a record.
     *
     * @param sequence record
     * @return what billing made of it
     * @throws BillingException TRACE_NOT_FOUND when it is not billed yet, JOURNAL_MISMATCH, JOURNAL_BEHIND,
     *     JOURNAL_CORRUPT, DATABASE
     */
    public RecordTrace record(final long sequence) {
        try (StoredLines stored = new StoredLines(Database.openForReading(jdbcUrl));
            RecordSource source = open(stored)) {
            final long position = stored.position().getValue();
            if (sequence < 1 || sequence > position) {
                throw new BillingException(BillingError.TRACE_NOT_FOUND,
                    "record " + sequence + " is not billed: the database is at " + position);
            }
            return record(stored, source, sequence, position);
        }
    }

    private static RecordTrace record(final StoredLines stored, final RecordSource source, final long sequence,
        final long position) {
        final long span = Balances.spanOf(sequence);
        final Replay replay = new Replay(source);
        final Map<Integer, Map<String, Long>> before = new TreeMap<>();
        final RecordTrace[] found = new RecordTrace[1];
        replay.run(Math.min(position, span + Balances.SPAN_RECORDS - 1), (view, rating) -> {
            if (rating.sequence() < span) {
                replay.clearPending();
            } else if (rating.sequence() == sequence - 1) {
                before.putAll(replay.entries());
            } else if (rating.sequence() == sequence) {
                found[0] = new RecordTrace(sequence, rating.epochNs(), InputNames.of(view.templateId()),
                    rating.tenantId(), view.record().orderId(), view.record().debitMicros(), replay.charges(),
                    new ArrayList<>(), entries(replay, before, rating.tenantId()), span, new ArrayList<>());
            }
        });
        final RecordTrace record = found[0];
        lines(stored, record);
        if (!stored.hasMixed(record.tenantId(), span, span + Balances.SPAN_RECORDS - 1)) {
            differs("entries of tenant " + record.tenantId() + " from record " + span + " on",
                stored.entries(record.tenantId(), span),
                replay.entries().getOrDefault(record.tenantId(), Map.of()), record.differences());
        }
        final long charged = record.charges().stream().mapToLong(Charge::amountMicros).sum();
        if (charged != record.debitMicros()) {
            record.differences().add("debit: engine " + record.debitMicros() + ", billing " + charged);
        }
        return record;
    }

    /** What the record itself booked: the entries with it less those without. */
    private static List<RecordTrace.Entry> entries(final Replay replay, final Map<Integer, Map<String, Long>> before,
        final int tenantId) {
        final List<RecordTrace.Entry> entries = new ArrayList<>();
        final Map<String, Long> earlier = before.getOrDefault(tenantId, Map.of());
        replay.entries().getOrDefault(tenantId, Map.of()).forEach((name, amount) -> {
            final long moved = amount - earlier.getOrDefault(name, 0L);
            if (moved != 0) {
                final int slash = name.indexOf('/');
                entries.add(new RecordTrace.Entry(EntryKind.valueOf(name.substring(0, slash)),
                    Account.valueOf(name.substring(slash + 1)), moved));
            }
        });
        return entries;
    }

    private static void lines(final StoredLines stored, final RecordTrace record) {
        for (final MeterKind meter : MeterKind.values()) {
            final List<Charge> charges = record.charges().stream().filter(charge -> charge.meter() == meter).toList();
            if (charges.isEmpty()) {
                continue;
            }
            final List<StoredLines.Window> windows = stored.overlapping(record.tenantId(), meter.ordinal(),
                record.sequence(), record.sequence());
            if (windows.size() != 1) {
                record.differences().add(windows.size() + " windows of " + meter.label() + " hold the record");
            }
            for (final StoredLines.Window window : windows) {
                record.lines().add(new RecordTrace.LineRef(meter, window.identifier(), window.state(), window.first(),
                    window.last()));
                for (final Charge charge : charges) {
                    if (stored.lines(window).stream().noneMatch(line -> line.isOf(charge)
                        && line.firstSequence() <= record.sequence() && line.lastSequence() >= record.sequence())) {
                        record.differences().add("no line of " + meter.label() + " at price " + charge.priceMicros()
                            + " holds the record");
                    }
                }
            }
        }
    }
}
