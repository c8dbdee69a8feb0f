package weir.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import weir.config.failure.CommandFailure;

/**
 * What the commands do, as a service ({@link java.util.ServiceLoader}). A command whose action is empty is not offered:
 * it is neither in the help nor in the completion.
 */
public interface CommandActions {

    /**
     * An action.
     *
     * @param <O> its options
     */
    interface Action<O> {
        /**
         * Runs to its end.
         *
         * @param options as parsed
         * @param output  where results go
         * @return one of {@link ExitCodes}
         * @throws Exception a failure; {@link CommandFailure} carries a code,
         *                   {@link weir.config.load.ConfigException} ends with exit code 2
         */
        int run(O options, Output output) throws Exception;
    }

    /**
     * Options of {@code demo}.
     *
     * @param keep       leave it running and say how to connect
     * @param seconds    length of the trading part
     * @param orderRate  orders per second of all desks together
     * @param seed       of the desks' choices; empty = a new one, printed
     * @param dir        where its files go; empty = a new temporary directory, removed at the end unless it failed
     */
    record DemoOptions(boolean keep, int seconds, int orderRate, OptionalLong seed, Optional<Path> dir) {
    }

    /**
     * Options of {@code router}.
     *
     * @param config  configuration directory
     */
    record RouterOptions(Path config) {
    }

    /**
     * Options of {@code driver}.
     *
     * @param config               configuration directory
     * @param environmentOfCDriver print the same settings as variables of the C driver and end
     */
    record DriverOptions(Path config, boolean environmentOfCDriver) {
    }

    /**
     * Options of {@code billing}.
     *
     * @param config configuration directory
     * @param once   bill what the journal holds and end
     */
    record BillingOptions(Path config, boolean once) {
    }

    /**
     * Options of {@code simulator}.
     *
     * @param config configuration directory whose accounts the venues know; empty = embedded demo
     * @param ports  by door, as {@code coinbase.fix}; 0 = any; a door without one is where the demo's contract has it
     * @param dir    where it keeps its own logs
     * @param script faults to play once all of them are up
     */
    record SimulatorOptions(Optional<Path> config, Map<String, Integer> ports, Path dir, Optional<Path> script) {
        /** Copies the map. */
        public SimulatorOptions {
            ports = Map.copyOf(ports);
        }
    }

    /**
     * Options of {@code bench}.
     *
     * @param arguments of the suite, each name followed by its value
     * @param jmh       pattern of JMH benchmarks to run instead; empty = the suite
     */
    record BenchOptions(List<String> arguments, Optional<String> jmh) {
        /** Copies the list. */
        public BenchOptions {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Options of {@code journal verify}, {@code dump} and {@code replay}.
     *
     * @param dir    journal directory
     * @param from   first record sequence
     * @param to     last record sequence, {@link Long#MAX_VALUE} = the end
     * @param tenant only records of a tenant id
     * @param order  only records of an order id
     * @param fromSnapshot replay begins at the newest usable snapshot
     * @param archive where the journal's older files are; empty = only the journal directory is read
     * @param sums   verify: compare the archive's files with their checksums as well
     */
    record JournalOptions(Path dir, long from, long to, OptionalLong tenant, OptionalLong order,
        boolean fromSnapshot, Optional<Path> archive, boolean sums) {
    }

    /**
     * Options of {@code journal archive}.
     *
     * @param dir         journal directory that no router runs on
     * @param to          archive directory
     * @param retentionMs least age of a file
     * @param consumers   who must be past it
     * @param dryRun      say what would be done
     */
    record ArchiveOptions(Path dir, Path to, long retentionMs, List<String> consumers, boolean dryRun) {
        /** Copies the list. */
        public ArchiveOptions {
            consumers = List.copyOf(consumers);
        }
    }

    /**
     * Options of {@code journal status}.
     *
     * @param dir journal directory
     */
    record StatusOptions(Path dir) {
    }

    /**
     * Options of {@code reconcile}.
     *
     * @param journal   journal directory
     * @param fixLog    directory with the raw FIX bytes of desks
     * @param venueLogs each venue's own log
     * @param stripeLog what Stripe received
     * @param database  JDBC URL of the billing database; empty = the journal is rated again and compared with Stripe
     * @param config    configuration directory, for bills by the logs and the published plans alone; empty = none
     * @param plans     files of plan versions that were applied and that the configuration does not have
     * @param tenantPlans plans of tenants that changed theirs, and since when
     * @param clientLogs directory with the logs that binary clients wrote; empty = none
     */
    record ReconcileOptions(Path journal, Path fixLog, List<Path> venueLogs, Path stripeLog,
        Optional<String> database, Optional<Path> config, List<Path> plans, List<TenantPlan> tenantPlans,
        Optional<Path> clientLogs) {
        /** Copies the lists. */
        public ReconcileOptions {
            venueLogs = List.copyOf(venueLogs);
            plans = List.copyOf(plans);
            tenantPlans = List.copyOf(tenantPlans);
        }
    }

    /**
     * A plan that a tenant had.
     *
     * @param tenant name
     * @param plan   name
     * @param fromNs since when, epoch nanoseconds
     */
    record TenantPlan(String tenant, String plan, long fromNs) {
        /**
         * Reads one.
         *
         * @param text {@code TENANT=PLAN@INSTANT}
         * @return the plan
         * @throws IllegalArgumentException when it has another form
         */
        public static TenantPlan parse(final String text) {
            final int equals = text.indexOf('=');
            final int at = text.lastIndexOf('@');
            if (equals < 1 || at < equals + 2) {
                throw new IllegalArgumentException(text);
            }
            try {
                final Instant from = Instant.parse(text.substring(at + 1));
                return new TenantPlan(text.substring(0, equals), text.substring(equals + 1, at),
                    Math.addExact(Math.multiplyExact(from.getEpochSecond(), 1_000_000_000L), from.getNano()));
            } catch (final DateTimeParseException | ArithmeticException ex) {
                throw new IllegalArgumentException(text, ex);
            }
        }
    }

    /**
     * Options of {@code audit verify}.
     *
     * @param journal   journal directory; empty with an archive alone
     * @param archive   where its older files are
     * @param summaries audit directory
     * @param keys      files of trusted public keys
     * @param expected  hashes of summaries that must be there
     * @param complete  days that are not kept count as missing
     */
    record AuditOptions(Optional<Path> journal, Optional<Path> archive, Path summaries, List<Path> keys,
        List<String> expected, boolean complete) {
        /** Copies the lists. */
        public AuditOptions {
            keys = List.copyOf(keys);
            expected = List.copyOf(expected);
        }
    }

    /**
     * Options of {@code export}.
     *
     * @param config  configuration directory
     * @param from    first UTC day
     * @param to      last UTC day
     * @param tenant  only this one
     * @param formats PARQUET, CSV
     * @param out     empty = as configured
     * @param dryRun  write nothing
     */
    record ExportOptions(Path config, LocalDate from, LocalDate to, Optional<String> tenant, List<String> formats,
        Optional<Path> out, boolean dryRun) {
        /** Copies the list. */
        public ExportOptions {
            formats = List.copyOf(formats);
        }
    }

    /**
     * Options of {@code statement}.
     *
     * @param config configuration directory
     * @param tenant whose
     * @param month  calendar month in the tenant's time zone
     * @param out    HTML file
     */
    record StatementOptions(Path config, String tenant, YearMonth month, Path out) {
    }

    /**
     * Options of {@code usage}.
     *
     * @param config configuration directory
     * @param tenant name or number
     * @param url    of a billing process's read-outs; empty = the database is read
     * @param tls    keys for the url
     */
    record UsageOptions(Path config, String tenant, Optional<URI> url, Optional<Tls> tls) {
        /**
         * Keys of a client, PEM files.
         *
         * @param key         own private key
         * @param certificate own certificate
         * @param trusted     the server's certificate, or its authority's
         */
        public record Tls(Path key, Path certificate, Path trusted) {
        }
    }

    /**
     * Options of {@code report}.
     *
     * @param config configuration directory
     * @param tenant only this tenant
     * @param month  {@code 2026-01}; empty = the present one
     */
    record ReportOptions(Path config, Optional<String> tenant, Optional<String> month) {
    }

    /**
     * Options of {@code grant}.
     *
     * @param config       configuration directory
     * @param tenant       name of the tenant
     * @param amountMicros micro-units; negative only for an adjustment
     * @param kind         kind
     * @param id           id of the grant; empty = the next free one
     * @param reference    what it is for
     * @param settlement   what it was paid in, where that is recorded
     * @param dryRun       check and print only
     */
    record GrantOptions(Path config, String tenant, long amountMicros, Kind kind, OptionalLong id, String reference,
        Optional<SettlementOptions> settlement, boolean dryRun) {
        /** Kinds of credit; named like those of the schema. */
        public enum Kind {
            /** Credit bought. */
            TOP_UP,
            /** Credit paid out; never more than is available. */
            REFUND,
            /** A correction, of either sign. */
            ADJUSTMENT,
            /** Credit taken back by its payer's bank; the tenant may owe it. */
            CHARGEBACK
        }
    }

    /**
     * What a grant was paid in.
     *
     * @param asset      name
     * @param decimals   of the asset; empty = those it is known for
     * @param atoms      of its smallest unit
     * @param rate       plan currency per whole unit
     * @param rateSource who says so
     * @param rateTime   of when
     * @param rounding   exact, down or half-even
     * @param reference  hash of the chain's transaction, id of the payment; empty = that of the grant
     */
    record SettlementOptions(String asset, OptionalInt decimals, BigInteger atoms, BigDecimal rate, String rateSource,
        Instant rateTime, String rounding, Optional<String> reference) {
    }

    /**
     * Options of {@code bill trace}.
     *
     * @param books  where billing's books and the journal are
     * @param line   identifier of a batch
     * @param tenant name of the tenant, with meter and window
     * @param meter  meter
     * @param window a record of the window
     * @param record a record to trace to its line
     */
    record TraceOptions(BooksOptions books, Optional<String> line, Optional<String> tenant, Optional<String> meter,
        OptionalLong window, OptionalLong record) {
    }

    /**
     * Where billing's books are: a configuration, or paths that need none.
     *
     * @param config   configuration directory
     * @param database JDBC URL in the place of the configuration's
     * @param journal  journal directory in the place of the configuration's
     * @param archive  where its older files went, in the place of the configuration's
     */
    record BooksOptions(Path config, Optional<String> database, Optional<Path> journal, Optional<Path> archive) {
    }

    /**
     * Options of {@code bill show}.
     *
     * @param books  where billing's books are
     * @param tenant name of the tenant
     * @param period month; empty = that at hand
     */
    record BillOptions(BooksOptions books, String tenant, Optional<YearMonth> period) {
    }

    /**
     * Options of {@code grants}.
     *
     * @param config configuration directory
     * @param tenant only this tenant
     */
    record GrantsOptions(Path config, Optional<String> tenant) {
    }

    /**
     * Options of {@code webhooks}.
     *
     * @param config    configuration directory
     * @param verb      what is done
     * @param endpoint  {@code TENANT/NAME}; empty = all, to list
     * @param message   webhook-id; empty = every dead letter, to redeliver
     * @param why       reason, to disable
     * @param overlapMs how long the present keys still sign, to rotate
     * @param newKey    file that holds the new key; empty = one is made, to rotate
     * @param limit     most rows, to list
     * @param dryRun    change nothing
     */
    record WebhookOptions(Path config, Verb verb, Optional<String> endpoint, Optional<String> message, String why,
        long overlapMs, Optional<Path> newKey, int limit, boolean dryRun) {
        /** What is done. */
        public enum Verb {
            /** Shows messages and what became of them. */
            LIST,
            /** Shows endpoints. */
            ENDPOINTS,
            /** Sends again, under the same id. */
            REDELIVER,
            /** Serves an endpoint no more. */
            DISABLE,
            /** Serves it again. */
            ENABLE,
            /** Changes its key. */
            ROTATE
        }
    }

    /**
     * Options of {@code kill}, {@code halt} and {@code resume}.
     *
     * @param config     configuration directory
     * @param verb       which of them
     * @param scope      router, venue, tenant, desk, account or strategy
     * @param name       name in the scope
     * @param cancelOnly cancel-only instead of halted
     * @param actor      who does it
     * @param why        reason
     * @param waitMs     how long to wait for the effect
     * @param dryRun     change nothing
     */
    record SwitchOptions(Path config, Verb verb, String scope, String name, boolean cancelOnly, String actor,
        String why, int waitMs, boolean dryRun) {
        /** What is done. */
        public enum Verb {
            /** Nothing new, and what is open is cancelled. */
            KILL,
            /** Nothing new. */
            HALT,
            /** As usual again. */
            RESUME
        }
    }

    /**
     * Options of {@code heartbeat}.
     *
     * @param config  configuration directory
     * @param tenant  whose timer; empty = the router's
     * @param everyMs how often
     * @param once    one, then end
     * @param actor   who is there
     */
    record HeartbeatOptions(Path config, Optional<String> tenant, int everyMs, boolean once, String actor) {
    }

    /**
     * Options of {@code explain}.
     *
     * @param config  configuration directory
     * @param tenant  whose limits
     * @param offline ask no running router
     */
    record ExplainOptions(Path config, String tenant, boolean offline) {
    }

    /**
     * Options of {@code change}: one of the three.
     *
     * @param config       configuration directory
     * @param tenant       whose limit
     * @param budgetMicros budget of the period; empty = not this
     * @param quotaId      quota; empty = not this
     * @param quotaLimit   its new limit
     * @param burst        burst of a window; empty = not this
     * @param perSecond    its rate
     * @param forMs        its length, from now
     * @param actor        who does it
     */
    record ChangeOptions(Path config, String tenant, OptionalLong budgetMicros, OptionalLong quotaId, long quotaLimit,
        OptionalLong burst, int perSecond, long forMs, String actor) {
    }

    /**
     * {@code weir change}.
     *
     * @return the action
     */
    default Optional<Action<ChangeOptions>> change() {
        return Optional.empty();
    }

    /**
     * Options of {@code drill}.
     *
     * @param scope  router, venue, tenant, desk or strategy
     * @param orders open orders when it is triggered
     * @param out    directory of the report
     */
    record DrillOptions(String scope, int orders, Path out) {
    }

    /**
     * {@code weir kill}, {@code halt} and {@code resume}.
     *
     * @return the action
     */
    default Optional<Action<SwitchOptions>> tradingSwitch() {
        return Optional.empty();
    }

    /**
     * {@code weir heartbeat}.
     *
     * @return the action
     */
    default Optional<Action<HeartbeatOptions>> heartbeat() {
        return Optional.empty();
    }

    /**
     * {@code weir explain}.
     *
     * @return the action
     */
    default Optional<Action<ExplainOptions>> explain() {
        return Optional.empty();
    }

    /**
     * {@code weir drill}.
     *
     * @return the action
     */
    default Optional<Action<DrillOptions>> drill() {
        return Optional.empty();
    }

    /**
     * Options of {@code limits set}.
     *
     * @param config   configuration directory
     * @param tenant   name of the tenant
     * @param settings key=value, or key.target=value
     * @param actor    who
     * @param why      reason
     * @param dryRun   check and print only
     */
    record LimitsOptions(Path config, String tenant, List<String> settings, String actor, String why,
        boolean dryRun) {
        /** Copies the list. */
        public LimitsOptions {
            settings = List.copyOf(settings);
        }
    }

    /**
     * Options of {@code unlock}.
     *
     * @param config     configuration directory
     * @param tenant     name of the tenant
     * @param strategyId strategy, 0 = orders of the session that name none
     * @param sessionId  session, for strategy 0
     * @param actor      who
     * @param why        reason
     * @param dryRun     check and print only
     */
    record UnlockOptions(Path config, String tenant, int strategyId, int sessionId, String actor, String why,
        boolean dryRun) {
    }

    /**
     * Changes pre-trade limits of a tenant.
     *
     * @return the action
     */
    default Optional<Action<LimitsOptions>> limitsSet() {
        return Optional.empty();
    }

    /**
     * Re-enables a strategy.
     *
     * @return the action
     */
    default Optional<Action<UnlockOptions>> unlock() {
        return Optional.empty();
    }

    /**
     * The whole system on loopback.
     *
     * @return the action
     */
    default Optional<Action<DemoOptions>> demo() {
        return Optional.empty();
    }

    /**
     * The router process.
     *
     * @return the action
     */
    default Optional<Action<RouterOptions>> router() {
        return Optional.empty();
    }

    /**
     * A media driver of its own.
     *
     * @return the action
     */
    default Optional<Action<DriverOptions>> driver() {
        return Optional.empty();
    }

    /**
     * The billing process.
     *
     * @return the action
     */
    default Optional<Action<BillingOptions>> billing() {
        return Optional.empty();
    }

    /**
     * Venue and Stripe simulators.
     *
     * @return the action
     */
    default Optional<Action<SimulatorOptions>> simulator() {
        return Optional.empty();
    }

    /**
     * Latency benchmark.
     *
     * @return the action
     */
    default Optional<Action<BenchOptions>> bench() {
        return Optional.empty();
    }

    /**
     * Checks every record of a journal.
     *
     * @return the action
     */
    default Optional<Action<JournalOptions>> journalVerify() {
        return Optional.empty();
    }

    /**
     * Prints records of a journal.
     *
     * @return the action
     */
    default Optional<Action<JournalOptions>> journalDump() {
        return Optional.empty();
    }

    /**
     * Feeds a journal's inputs to a new core and compares its outputs.
     *
     * @return the action
     */
    default Optional<Action<JournalOptions>> journalReplay() {
        return Optional.empty();
    }

    /**
     * {@code weir journal snapshots}.
     *
     * @return what runs, when this build has it
     */
    default Optional<Action<JournalOptions>> journalSnapshots() {
        return Optional.empty();
    }

    /**
     * Tells how a journal directory stands.
     *
     * @return the action
     */
    default Optional<Action<StatusOptions>> journalStatus() {
        return Optional.empty();
    }

    /**
     * Moves rolled files of a journal to its archive.
     *
     * @return the action
     */
    default Optional<Action<ArchiveOptions>> journalArchive() {
        return Optional.empty();
    }

    /**
     * Proves that the records of desk, journal, venue and Stripe are equal, or lists every difference.
     *
     * @return the action
     */
    default Optional<Action<ReconcileOptions>> reconcile() {
        return Optional.empty();
    }

    /**
     * Records credit for a tenant.
     *
     * @return the action
     */
    default Optional<Action<GrantOptions>> grant() {
        return Optional.empty();
    }

    /**
     * Shows recorded grants.
     *
     * @return the action
     */
    default Optional<Action<GrantsOptions>> grants() {
        return Optional.empty();
    }

    /**
     * Compares a journal with its signed summaries.
     *
     * @return the action
     */
    default Optional<Action<AuditOptions>> auditVerify() {
        return Optional.empty();
    }

    /**
     * Meter events and API log as files.
     *
     * @return the action
     */
    default Optional<Action<ExportOptions>> export() {
        return Optional.empty();
    }

    /**
     * The statement of a tenant and month.
     *
     * @return the action
     */
    default Optional<Action<StatementOptions>> statement() {
        return Optional.empty();
    }

    /**
     * What a tenant used, has reserved and has left.
     *
     * @return the action
     */
    default Optional<Action<UsageOptions>> usage() {
        return Optional.empty();
    }

    /**
     * Traces a rated line to its records, or a record to its line.
     *
     * @return the action
     */
    default Optional<Action<TraceOptions>> billTrace() {
        return Optional.empty();
    }

    /**
     * Balances and lines of a tenant.
     *
     * @return the action
     */
    default Optional<Action<BillOptions>> billShow() {
        return Optional.empty();
    }

    /**
     * Webhooks of tenants.
     *
     * @return the action
     */
    default Optional<Action<WebhookOptions>> webhooks() {
        return Optional.empty();
    }

    /**
     * Usage and amounts per tenant and meter.
     *
     * @return the action
     */
    default Optional<Action<ReportOptions>> report() {
        return Optional.empty();
    }

    /**
     * Options of {@code bill adjust}.
     *
     * @param config configuration directory
     * @param batch  identifier of the batch
     * @param kind   what is corrected
     * @param units  units to take back; only with REDUCE
     * @param reason for people
     * @param dryRun check and print only
     */
    record AdjustOptions(Path config, String batch, Kind kind, long units, String reason, boolean dryRun) {
        /** What is corrected; named like billing's. */
        public enum Kind {
            /** All of a delivered batch is taken back. */
            VOID,
            /** Some units of it. */
            REDUCE,
            /** A quarantined batch is delivered anew. */
            CARRY
        }
    }

    /**
     * Options of {@code bill drift}.
     *
     * @param config configuration directory
     * @param day    UTC day
     * @param all    show what agrees too
     */
    record DriftOptions(Path config, LocalDate day, boolean all) {
    }

    /**
     * Orders the correction of a batch.
     *
     * @return the action
     */
    default Optional<Action<AdjustOptions>> billAdjust() {
        return Optional.empty();
    }

    /**
     * Shows ordered corrections; takes the configuration directory.
     *
     * @return the action
     */
    default Optional<Action<Path>> billAdjustments() {
        return Optional.empty();
    }

    /**
     * Compares a day with Stripe.
     *
     * @return the action
     */
    default Optional<Action<DriftOptions>> billDrift() {
        return Optional.empty();
    }

    /**
     * Options of {@code plan apply}.
     *
     * @param config configuration directory
     * @param file   the version
     * @param actor  who
     * @param dryRun show only
     */
    record PlanApplyOptions(Path config, Path file, String actor, boolean dryRun) {
    }

    /**
     * Brings a plan version to a running router.
     *
     * @return the action
     */
    default Optional<Action<PlanApplyOptions>> planApply() {
        return Optional.empty();
    }

    /**
     * Options of {@code plan list}.
     *
     * @param config configuration directory
     * @param files  of the directory, not of the router
     */
    record PlanListOptions(Path config, boolean files) {
    }

    /**
     * Shows plan versions.
     *
     * @return the action
     */
    default Optional<Action<PlanListOptions>> planList() {
        return Optional.empty();
    }

    /**
     * Options of {@code plan simulate}.
     *
     * @param config  configuration directory
     * @param file    the version
     * @param journal journal directory, else the configured
     * @param archive of that journal
     * @param tenant  only this one
     * @param fromNs  count from here on, epoch nanoseconds
     * @param toNs    count up to here, exclusive
     */
    record PlanSimulateOptions(Path config, Path file, Optional<Path> journal, Optional<Path> archive,
        Optional<String> tenant, OptionalLong fromNs, OptionalLong toNs) {
    }

    /**
     * Rates a journal under another plan.
     *
     * @return the action
     */
    default Optional<Action<PlanSimulateOptions>> planSimulate() {
        return Optional.empty();
    }
}
