package weir.config.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.fault.BillingException;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;

/** What each command of {@code weir} does, wired to the processes. */
public final class Actions implements CommandActions {
    private static final double MICROS = 1_000_000.0;
    private static final long POLL_MS = 200;

    /** For the service loader. */
    public Actions() {
        // found through META-INF/services
    }

    @Override
    public Optional<Action<DemoOptions>> demo() {
        return Optional.of((options, output) -> new DemoRun(options, output).run());
    }

    @Override
    public Optional<Action<RouterOptions>> router() {
        return Optional.of((options, output) -> router(options.config()));
    }

    @Override
    public Optional<Action<DriverOptions>> driver() {
        return Optional.of(DriverAction::run);
    }

    @Override
    public Optional<Action<BillingOptions>> billing() {
        return Optional.of(Actions::billing);
    }

    @Override
    public Optional<Action<SimulatorOptions>> simulator() {
        return Optional.of(SimulatorAction::run);
    }

    @Override
    public Optional<Action<BenchOptions>> bench() {
        return Optional.of((options, output) -> BenchAction.run(options));
    }

    @Override
    public Optional<Action<JournalOptions>> journalVerify() {
        return Optional.of(JournalActions::verify);
    }

    @Override
    public Optional<Action<JournalOptions>> journalDump() {
        return Optional.of(JournalActions::dump);
    }

    @Override
    public Optional<Action<JournalOptions>> journalSnapshots() {
        return Optional.of(JournalActions::snapshots);
    }

    @Override
    public Optional<Action<JournalOptions>> journalReplay() {
        return Optional.of(JournalActions::replay);
    }

    @Override
    public Optional<Action<StatusOptions>> journalStatus() {
        return Optional.of(JournalActions::status);
    }

    @Override
    public Optional<Action<ArchiveOptions>> journalArchive() {
        return Optional.of(JournalActions::archive);
    }

    @Override
    public Optional<Action<ReconcileOptions>> reconcile() {
        return Optional.of(Actions::reconcile);
    }

    @Override
    public Optional<Action<UsageOptions>> usage() {
        return Optional.of(UsageActions::usage);
    }

    @Override
    public Optional<Action<AuditOptions>> auditVerify() {
        return Optional.of(AuditActions::verify);
    }

    @Override
    public Optional<Action<ExportOptions>> export() {
        return Optional.of(AuditActions::export);
    }

    @Override
    public Optional<Action<StatementOptions>> statement() {
        return Optional.of(AuditActions::statement);
    }

    @Override
    public Optional<Action<ReportOptions>> report() {
        return Optional.of(Actions::report);
    }

    @Override
    public Optional<Action<BillOptions>> billShow() {
        return Optional.of(BillActions::show);
    }

    @Override
    public Optional<Action<TraceOptions>> billTrace() {
        return Optional.of(BillActions::trace);
    }

    @Override
    public Optional<Action<GrantOptions>> grant() {
        return Optional.of(GrantActions::grant);
    }

    @Override
    public Optional<Action<GrantsOptions>> grants() {
        return Optional.of(GrantActions::grants);
    }

    @Override
    public Optional<Action<WebhookOptions>> webhooks() {
        return Optional.of(WebhookActions::run);
    }

    @Override
    public Optional<Action<SwitchOptions>> tradingSwitch() {
        return Optional.of(SwitchActions::move);
    }

    @Override
    public Optional<Action<HeartbeatOptions>> heartbeat() {
        return Optional.of(SwitchActions::heartbeat);
    }

    @Override
    public Optional<Action<ChangeOptions>> change() {
        return Optional.of(ChangeAction::run);
    }

    @Override
    public Optional<Action<ExplainOptions>> explain() {
        return Optional.of(ExplainAction::run);
    }

    @Override
    public Optional<Action<DrillOptions>> drill() {
        return Optional.of((options, output) -> new DrillRun(options, output).run());
    }

    @Override
    public Optional<Action<LimitsOptions>> limitsSet() {
        return Optional.of(RiskActions::set);
    }

    @Override
    public Optional<Action<AdjustOptions>> billAdjust() {
        return Optional.of(StripeActions::adjust);
    }

    @Override
    public Optional<Action<Path>> billAdjustments() {
        return Optional.of(StripeActions::adjustments);
    }

    @Override
    public Optional<Action<DriftOptions>> billDrift() {
        return Optional.of(StripeActions::drift);
    }

    @Override
    public Optional<Action<UnlockOptions>> unlock() {
        return Optional.of(RiskActions::unlock);
    }

    @Override
    public Optional<Action<PlanApplyOptions>> planApply() {
        return Optional.of(PlanActions::apply);
    }

    @Override
    public Optional<Action<PlanListOptions>> planList() {
        return Optional.of(PlanActions::list);
    }

    @Override
    public Optional<Action<PlanSimulateOptions>> planSimulate() {
        return Optional.of(PlanActions::simulate);
    }

    private static int router(final Path directory) throws Exception {
        final Map<String, String> environment = System.getenv();
        final WeirConfig config = Configs.forRouter(directory, environment);
        return RouterProcess.runUntilStopped(config, Configs.secrets(directory, environment), System.out);
    }

    private static int billing(final BillingOptions options, final Output output) throws Exception {
        final Map<String, String> environment = System.getenv();
        final WeirConfig config = Configs.load(options.config(), environment);
        final BillingContext context = BillingWiring.context(config, Configs.secrets(options.config(), environment))
            .drain(options.once());
        if (!options.once()) {
            context.grantLine(new AeronGrantLine(config));
        }
        try (BillingProcess process = BillingProcess.launch(context)) {
            final Thread hook = new Thread(process::close, "billing-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            ready(System.out, "READY billing");
            boolean ended = false;
            while (!ended) {
                ended = process.awaitEnd(POLL_MS);
            }
            final BillingException failure = process.failure();
            if (failure != null) {
                output.error(failure.error().name(), failure.getMessage());
                return failure.error().exitCode();
            }
            return ExitCodes.OK;
        } catch (final BillingException ex) {
            output.error(ex.error().name(), ex.getMessage());
            return ex.error().exitCode();
        }
    }

    private static int reconcile(final ReconcileOptions options, final Output output) throws IOException {
        final Reconciler reconciler = ReconcileAction.reconciler(options);
        final ReconcileReport report;
        try {
            report = reconciler.run();
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        output.result("compared", new LinkedHashMap<>(report.compared()));
        final Output.Table table = output.table("difference", "kind", "where", "expected", "found", "record");
        report.differences().forEach(difference -> table.row(difference.kind(), difference.where(),
            difference.expected(), difference.found(), difference.sequence()));
        table.end();
        output.result("reconciliation", Map.of("differences", report.differences().size()));
        return report.agrees() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static int report(final ReportOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final UsageReport report = UsageReport.read(BillingWiring.jdbcUrl(config));
        final Output.Table table =
            output.table("bill", "tenant", "meter", "units", "amount", "delivered units", "meter events");
        for (final UsageReport.Usage usage : report.usage()) {
            if (options.tenant().isEmpty() || options.tenant().get().equals(usage.tenant())) {
                table.row(usage.tenant(), usage.meter().label(), usage.units(),
                    String.format("%.6f", usage.amountMicros() / MICROS), usage.unitsAcked(), usage.batchesAcked());
            }
        }
        table.end();
        output.result("billing", Map.of("record", report.position(), "undelivered", report.undelivered(),
            "discrepancies", report.discrepancyCount()));
        return report.discrepancyCount() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Tells the one that started this process that it is ready. */
    static void ready(final PrintStream out, final String line) {
        out.println(line);
        out.flush();
    }
}
