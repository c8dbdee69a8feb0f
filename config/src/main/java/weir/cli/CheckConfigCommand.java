package weir.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import weir.config.check.AccountSharing;
import weir.config.check.ConfigSummary;
import weir.config.check.PlanCalendar;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.ConfigSource;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;

/** {@code weir check-config}: every error of a configuration at once, or what it comes to. */
@Command(name = "check-config", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Checks a configuration and prints every error with file, line and a suggestion, "
        + "or what it comes to.")
public final class CheckConfigCommand implements Callable<Integer> {
    @ParentCommand
    private WeirCommand root;

    @ArgGroup(exclusive = true)
    private Source source;

    @Option(names = "--skip-secrets", description = "Do not look for the secrets that the files name.")
    private boolean skipSecrets;

    /** What is checked. */
    static final class Source {
        @Parameters(index = "0", paramLabel = "DIR", description = "Directory with router.yaml.")
        private Path directory;

        @Option(names = "--demo", description = "The embedded configuration of the demo.")
        private boolean demo;
    }

    @Override
    public Integer call() {
        final Output output = root.output();
        final boolean demo = source != null && source.demo;
        final Path directory = source != null && source.directory != null ? source.directory
            : Path.of(root.environment().getOrDefault("WEIR_CONFIG", "/etc/weir"));
        if (!demo && !Files.isDirectory(directory)) {
            output.error("CONFIG_FILE", "no directory " + directory
                + "; name one: weir check-config DIR, or set WEIR_CONFIG");
            return ExitCodes.USAGE;
        }
        final ConfigSource files = demo ? new DemoSource() : new DirectorySource(directory);
        final LoadResult loaded = ConfigLoader.load(files, root.environment());
        final List<Problem> problems = new ArrayList<>(loaded.problems());
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        loaded.config().ifPresent(c -> problems.addAll(PlanCalendar.problems(c, nowNs, files.shown("plans"))));
        loaded.config().filter(c -> !skipSecrets && !demo)
            .ifPresent(c -> problems.addAll(new SecretResolver(root.environment(), directory).check(c)));
        if (!problems.isEmpty()) {
            print(problems, loaded, output);
            return ExitCodes.USAGE;
        }
        summary(loaded, output);
        return ExitCodes.OK;
    }

    static void print(final List<Problem> problems, final LoadResult loaded, final Output output) {
        final Output.Table table = output.table("problem", "code", "file", "line", "key", "expected", "found",
            "suggestion");
        for (final Problem problem : problems) {
            table.row(problem.code(), problem.location().file(), problem.location().line(), problem.key(),
                problem.expected(), problem.found(), problem.suggestion());
        }
        table.end();
        final int count = problems.size() + loaded.dropped();
        output.error("CONFIG_INVALID", count + (count == 1 ? " error in " : " errors in ") + loaded.source());
    }

    private static void summary(final LoadResult loaded, final Output output) {
        final WeirConfig config = loaded.config().orElseThrow();
        output.say("settings (the environment goes before the file, the file before the default)");
        final Output.Table settings = output.table("setting", "setting", "value", "set by", "variable");
        loaded.settings().forEach(s -> settings.row(s.key(), s.value(), s.source(), s.variable()));
        settings.end();
        output.say("");
        output.say("venue limits (effective = stated less margin; new = effective less cancel reserve)");
        final Output.Table limits = output.table("limit", "venue", "limit", "at", "scope", "stated", "effective",
            "new", "costs");
        for (final ConfigSummary.LimitRow row : ConfigSummary.limits(config)) {
            limits.row(row.venue(), row.limit(), row.place(), row.scope(), row.stated(), row.effective(), row.news(),
                row.costs());
        }
        limits.end();
        output.say("");
        output.say("tenants");
        final Output.Table tenants = output.table("tenant", "tenant", "credit", "plan", "budget", "rate", "quotas",
            "desks", "account", "instruments");
        for (final ConfigSummary.TenantRow row : ConfigSummary.tenants(config)) {
            tenants.row(row.tenant(), row.credit(), row.plan(), row.budget(), row.rate(), row.quotas(), row.desks(),
                row.account(), row.instruments());
        }
        tenants.end();
        output.say("");
        plans(config, output);
        final Output.Table shared = output.table("across-tenants", "across tenants");
        final List<String> sentences = AccountSharing.acrossTenants(config);
        sentences.forEach(shared::row);
        if (!sentences.isEmpty()) {
            output.say("");
            shared.end();
        }
        output.say("");
        if (output.mode() == Output.Mode.JSON) {
            output.result("summary", Map.of("source", loaded.source(), "files", loaded.files().size()));
        }
        output.say("ok: " + loaded.files().size() + " files of " + loaded.source() + ", "
            + config.venues().size() + " venues, " + config.instruments().size() + " instruments, "
            + config.plans().size() + " plans, " + config.tenants().size() + " tenants");
    }

    /** Versions of plans; what is likely not meant is a warning, since the router runs with it. */
    private static void plans(final WeirConfig config, final Output output) {
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        output.say("plans");
        final Output.Table table = output.table("plan", "plan", "version", "state", "effective", "valid until",
            "currency", "tiers", "rate", "prices", "tenants");
        for (final PlanCalendar.Row row : PlanCalendar.rows(config, nowNs)) {
            table.row(row.plan(), row.version(), row.state(), row.effective(), row.validUntil(), row.currency(),
                row.tiers(), row.rate(), row.prices(), row.tenants());
        }
        table.end();
        PlanCalendar.warnings(config, nowNs).forEach(warning -> output.warn(warning.code(), warning.text()));
    }
}
