package weir.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import weir.cli.CommandActions.Action;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigException;

/** Builds the command line from what actions there are, and runs it. */
public final class WeirCli {
    /** A message that leads with a code of its own, as those of the modules do. */
    private static final Pattern CODED = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)+ .+", Pattern.DOTALL);

    private final WeirCommand root;
    private final CommandLine line;

    /**
     * Builds it.
     *
     * @param actions     what the commands do
     * @param out         results
     * @param err         errors
     * @param terminal    whether {@code out} is a terminal
     * @param environment settings that override those of files
     */
    public WeirCli(final CommandActions actions, final PrintStream out, final PrintStream err, final boolean terminal,
        final Map<String, String> environment) {
        root = new WeirCommand(out, err, terminal, environment);
        line = new CommandLine(root);
        line.addSubcommand(new CheckConfigCommand());
        line.addSubcommand(new DoctorCommand());
        line.addSubcommand(new LintCommand());
        add(actions.demo(), ProcessCommands.Demo::new);
        add(actions.router(), ProcessCommands.Router::new);
        add(actions.driver(), ProcessCommands.Driver::new);
        add(actions.billing(), ProcessCommands.Billing::new);
        add(actions.simulator(), ProcessCommands.Simulator::new);
        add(actions.bench(), ProcessCommands.Bench::new);
        journal(actions);
        add(actions.reconcile(), RecordCommands.Reconcile::new);
        add(actions.grant(), GrantCommands.Grant::new);
        add(actions.grants(), GrantCommands.Grants::new);
        bill(actions);
        actions.webhooks().ifPresent(action -> line.addSubcommand(WebhookCommands.line(action)));
        add(actions.report(), RecordCommands.Report::new);
        add(actions.usage(), UsageCommands.Usage::new);
        actions.auditVerify().ifPresent(action -> line.addSubcommand(new CommandLine(new AuditCommands.Audit())
            .addSubcommand(new AuditCommands.Verify(action))));
        add(actions.export(), AuditCommands.Export::new);
        add(actions.statement(), AuditCommands.StatementOf::new);
        add(actions.tradingSwitch(), SwitchCommands.Kill::new);
        add(actions.tradingSwitch(), SwitchCommands.Halt::new);
        add(actions.tradingSwitch(), SwitchCommands.Resume::new);
        add(actions.heartbeat(), SwitchCommands.Heartbeat::new);
        add(actions.change(), SwitchCommands.Change::new);
        add(actions.explain(), SwitchCommands.Explain::new);
        add(actions.drill(), SwitchCommands.Drill::new);
        actions.limitsSet().ifPresent(action -> line.addSubcommand(new CommandLine(new RiskCommands.Limits())
            .addSubcommand(new RiskCommands.Set(action))));
        add(actions.unlock(), RiskCommands.Unlock::new);
        plan(actions);
        line.addSubcommand(new AutoComplete.GenerateCompletion());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(this::badUsage);
        line.setExecutionExceptionHandler(this::failed);
        line.setExecutionStrategy(this::execute);
    }

    private <O> void add(final Optional<Action<O>> action, final Function<Action<O>, Object> command) {
        action.ifPresent(a -> line.addSubcommand(command.apply(a)));
    }

    private void bill(final CommandActions actions) {
        final CommandLine bill = new CommandLine(new BillCommands.Bill());
        actions.billShow().ifPresent(action -> bill.addSubcommand(new BillCommands.Show(action)));
        actions.billTrace().ifPresent(action -> bill.addSubcommand(new BillCommands.Trace(action)));
        actions.billAdjust().ifPresent(action -> bill.addSubcommand(new StripeCommands.Adjust(action)));
        actions.billAdjustments().ifPresent(action -> bill.addSubcommand(new StripeCommands.Adjustments(action)));
        actions.billDrift().ifPresent(action -> bill.addSubcommand(new StripeCommands.Drift(action)));
        if (!bill.getSubcommands().isEmpty()) {
            line.addSubcommand(bill);
        }
    }

    private void plan(final CommandActions actions) {
        final CommandLine plan = new CommandLine(new PlanCommands.Plan());
        actions.planApply().ifPresent(action -> plan.addSubcommand(new PlanCommands.Apply(action)));
        actions.planList().ifPresent(action -> plan.addSubcommand(new PlanCommands.List(action)));
        actions.planSimulate().ifPresent(action -> plan.addSubcommand(new PlanCommands.Simulate(action)));
        if (!plan.getSubcommands().isEmpty()) {
            line.addSubcommand(plan);
        }
    }

    private void journal(final CommandActions actions) {
        final CommandLine journal = new CommandLine(new RecordCommands.Journal());
        onJournal(journal, actions.journalVerify(), "verify", "Checks sequence, checksum and frame of every record.");
        onJournal(journal, actions.journalDump(), "dump", "Prints records.");
        onJournal(journal, actions.journalReplay(), "replay",
            "Feeds the inputs to a new core and compares its outputs.");
        onJournal(journal, actions.journalSnapshots(), "snapshots", "Lists the snapshots and verifies each.");
        actions.journalStatus().ifPresent(action -> journal.addSubcommand(new RecordCommands.Status(action)));
        actions.journalArchive().ifPresent(action -> journal.addSubcommand(new RecordCommands.Archive(action)));
        if (!journal.getSubcommands().isEmpty()) {
            line.addSubcommand(journal);
        }
    }

    private static void onJournal(final CommandLine journal,
        final Optional<Action<CommandActions.JournalOptions>> action, final String name, final String description) {
        action.ifPresent(a -> {
            final CommandLine command = new CommandLine(new RecordCommands.OnJournal(a)).setCommandName(name);
            command.getCommandSpec().usageMessage().description(description);
            journal.addSubcommand(name, command);
        });
    }

    /**
     * Runs one command.
     *
     * @param args as on the command line
     * @return exit code
     */
    public int run(final String... args) {
        return line.execute(args);
    }

    private int execute(final CommandLine.ParseResult parsed) {
        root.applyLogLevel();
        return new CommandLine.RunLast().execute(parsed);
    }

    private int badUsage(final ParameterException ex, final String[] args) {
        final CommandLine command = ex.getCommandLine();
        root.output().error("USAGE", ex.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(ex, command.getErr());
        command.getErr().println(command.getHelp().fullSynopsis().strip());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCodes.USAGE;
    }

    private int failed(final Exception ex, final CommandLine command, final CommandLine.ParseResult parsed) {
        final Output output = root.output();
        if (ex instanceof ConfigException config) {
            CheckConfigCommand.print(config.result().problems(), config.result(),
                output.toError());
            return ExitCodes.USAGE;
        }
        if (ex instanceof CommandFailure failure) {
            output.error(failure.code(), failure.getMessage());
            if (failure.code().equals(CommandFailure.USAGE)) {
                return ExitCodes.USAGE;
            }
        } else if (CODED.matcher(String.valueOf(ex.getMessage())).matches()) {
            final String[] parts = ex.getMessage().split(" ", 2);
            output.error(parts[0], parts[1]);
            Logger.getLogger("weir.cli").log(Level.FINE, "command failed", ex);
        } else {
            output.error("INTERNAL", ex.getClass().getSimpleName() + ": " + ex.getMessage()
                + " (details with --log debug)");
            Logger.getLogger("weir.cli").log(Level.FINE, "command failed", ex);
        }
        return ExitCodes.FAILED;
    }
}
