package weir.billing.reconcile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.JournalRecordSource;
import weir.billing.intake.RecordSource;

/**
 * Reads five independent records of one run and compares them: what desks sent and got (FIX), what the engine decided
 * (journal), what the venue saw (its own log), what was billed (database) and what Stripe took (its log). A source that
 * is not given is not compared, and the report says so by its counts. One use; one thread.
 */
public final class Reconciler {
    private static final long CLOCK_TOLERANCE_NS = 1_000_000_000L;

    private final List<FixLog> fixLogs = new ArrayList<>();
    private final List<FixLog> clientLogs = new ArrayList<>();
    private final List<Path> venueLogs = new ArrayList<>();
    private String routerCompId = "WEIR";
    private long clockToleranceNs = CLOCK_TOLERANCE_NS;
    private Path journalDir;
    private RecordSource recordSource;
    private Path stripeLog;
    private String jdbcUrl;
    private BillOracle oracle;

    /**
     * Adds the FIX log of a session.
     *
     * @param file      raw log, see {@link FixLog}
     * @param sessionId session in the journal
     * @return this
     */
    public Reconciler fixLog(final Path file, final int sessionId) {
        fixLogs.add(new FixLog(file, sessionId));
        return this;
    }

    /**
     * Adds a binary client's own log, for the oracle.
     *
     * @param file      log in the form of a {@link FixLog}, as the client library writes it
     * @param sessionId session in the journal
     * @return this
     */
    public Reconciler clientLog(final Path file, final int sessionId) {
        clientLogs.add(new FixLog(file, sessionId));
        return this;
    }

    /**
     * CompID of the router in FIX messages.
     *
     * @param compId default WEIR
     * @return this
     */
    public Reconciler routerCompId(final String compId) {
        routerCompId = compId;
        return this;
    }

    /**
     * The journal.
     *
     * @param directory journal directory
     * @return this
     */
    public Reconciler journalDir(final Path directory) {
        journalDir = directory;
        return this;
    }

    /**
     * The journal from another source than a directory.
     *
     * @param source read from record 1; closed by the caller
     * @return this
     */
    public Reconciler recordSource(final RecordSource source) {
        recordSource = source;
        return this;
    }

    /**
     * Adds a venue's own log.
     *
     * @param file venue.jsonl
     * @return this
     */
    public Reconciler venueLog(final Path file) {
        venueLogs.add(file);
        return this;
    }

    /**
     * How far the venue's clock may be behind the router's.
     *
     * @param toleranceNs nanoseconds, default one second
     * @return this
     */
    public Reconciler clockToleranceNs(final long toleranceNs) {
        clockToleranceNs = toleranceNs;
        return this;
    }

    /**
     * Stripe's log.
     *
     * @param file stripe.jsonl
     * @return this
     */
    public Reconciler stripeLog(final Path file) {
        stripeLog = file;
        return this;
    }

    /**
     * The billing database.
     *
     * @param url JDBC URL
     * @return this
     */
    public Reconciler jdbcUrl(final String url) {
        jdbcUrl = url;
        return this;
    }

    /**
     * Computes the bill a second time, from the FIX and venue logs alone, and compares it with the database and Stripe.
     *
     * @param billOracle with tenants, sessions and accounts named
     * @return this
     */
    public Reconciler oracle(final BillOracle billOracle) {
        oracle = billOracle;
        return this;
    }

    /**
     * Reads and compares everything.
     *
     * @return report
     * @throws BillingException CONFIGURATION when a source is missing or unreadable, JOURNAL_* when the journal is
     * damaged
     */
    public ReconcileReport run() {
        if (journalDir == null && recordSource == null) {
            throw new BillingException(BillingError.CONFIGURATION, "reconcile needs a journal");
        }
        if (stripeLog != null && jdbcUrl == null) {
            throw new BillingException(BillingError.CONFIGURATION, "Stripe's log is compared with the billing "
                + "database: "
                + "jdbcUrl is missing");
        }
        final List<Difference> differences = new ArrayList<>();
        final Map<String, Long> compared = new LinkedHashMap<>();
        final JournalFacts journal = readJournal();
        compared.put("journal records", journal.lastSequence);
        final FixFacts fix = new FixFacts();
        fixLogs.forEach(log -> fix.read(log, routerCompId));
        final VenueFacts venue = new VenueFacts();
        venueLogs.forEach(venue::read);
        new MoneyChecks(journal, new LedgerFacts(), new StripeFacts(), differences::add).ratings();
        trades(journal, fix, venue, differences, compared);
        if (jdbcUrl != null) {
            money(journal, differences, compared);
        }
        return new ReconcileReport(List.copyOf(differences), compared);
    }

    private JournalFacts readJournal() {
        final JournalFacts journal = new JournalFacts();
        if (recordSource != null) {
            journal.read(recordSource);
        } else {
            try (RecordSource source = JournalRecordSource.open(journalDir, 0)) {
                journal.read(source);
            }
        }
        return journal;
    }

    private void trades(final JournalFacts journal, final FixFacts fix, final VenueFacts venue,
        final List<Difference> differences, final Map<String, Long> compared) {
        final TradeChecks checks = new TradeChecks(fix, journal, venue, clockToleranceNs, differences::add);
        if (!fixLogs.isEmpty()) {
            checks.requests();
            checks.reports();
            compared.put("FIX chargeable messages", (long)fix.requests.size());
            compared.put("FIX fill reports", (long)fix.fills.size());
        }
        if (!venueLogs.isEmpty()) {
            checks.orders();
            checks.fills();
            compared.put("venue orders", (long)venue.orders.size());
            if (checks.lostOnTheWay() > 0) {
                compared.put("orders sent and lost on the way", checks.lostOnTheWay());
            }
            compared.put("venue executions", (long)venue.executions.size());
            compared.put("journal executions", (long)journal.fills.size());
        }
    }

    private void money(final JournalFacts journal, final List<Difference> differences,
        final Map<String, Long> compared) {
        final LedgerFacts ledger = new LedgerFacts();
        ledger.read(jdbcUrl);
        final StripeFacts stripe = new StripeFacts();
        if (stripeLog != null) {
            stripe.read(stripeLog);
        }
        final MoneyChecks checks = new MoneyChecks(journal, ledger, stripe, differences::add);
        checks.ledger();
        compared.put("ledger batches", (long)ledger.batches.size());
        compared.put("units billed", ledger.usage.values().stream().mapToLong(sums -> sums[0]).sum());
        if (stripeLog != null) {
            checks.stripe();
            compared.put("Stripe events", (long)stripe.events.size());
            if (!ledger.corrections.isEmpty()) {
                compared.put("corrections", (long)ledger.corrections.size());
            }
        }
        if (oracle != null) {
            oracle.readDesks(fixLogs, routerCompId);
            oracle.readClients(clientLogs);
            oracle.readVenues(venueLogs);
            new OracleChecks(oracle, clockToleranceNs, differences::add)
                .bills(ledger, stripeLog == null ? null : checks.acceptedAsUsed(), compared);
        }
    }
}
