package weir.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.lint.RequestLint;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.VenueAccount;
import weir.config.model.WeirConfig;

/** {@code weir lint-request}: would the venue of an account take a signed request for one of that account. */
@Command(name = "lint-request", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Says what the venue of an account would make of a signed HTTP request, or of signed frames of a "
        + "WebSocket (binance, deribit): key, signature, time, nonce. Ends with 1 when it would refuse it. Nothing "
        + "leaves this host.")
public final class LintCommand implements Callable<Integer> {
    @ParentCommand
    private WeirCommand root;

    @Parameters(paramLabel = "FILE", description = "The request as on the wire: request line, headers, an empty line, "
        + "body; or frames, a JSON object a line; - for standard input.")
    private String file;

    @Option(names = "--account", paramLabel = "NAME", required = true,
        description = "Venue account of the configuration.")
    private String account;

    @Option(names = "--config", paramLabel = "DIR", defaultValue = "${env:WEIR_CONFIG:-/etc/weir}",
        description = "Directory with router.yaml. Default: $WEIR_CONFIG or /etc/weir.")
    private Path config;

    @Option(names = "--at", paramLabel = "TIME", description = "The venue's clock, ISO 8601 with zone, as "
        + "2026-11-26T12:00:00Z. Default: now.")
    private Instant at;

    @Override
    public Integer call() throws IOException {
        final WeirConfig loaded = ConfigLoader.load(new DirectorySource(config), root.environment()).orThrow();
        final VenueAccount found = loaded.tenants().stream().flatMap(tenant -> tenant.accounts().stream())
            .filter(one -> one.name().equals(account)).findFirst()
            .orElseThrow(() -> new CommandFailure("LINT_ACCOUNT", "no venue account '" + account + "' in " + config));
        final String text = file.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
            : Files.readString(Path.of(file));
        final Instant now = at == null ? Instant.now() : at;
        final long nowNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        final RequestLint.Verdict verdict =
            RequestLint.judge(text, found, new SecretResolver(root.environment(), config), () -> nowNs);
        final Output.Table table =
            root.output().table("lint", "venue", "request", "verdict", "status", "answer", "hint");
        table.row(found.venue(), verdict.method() + ' ' + verdict.target(), verdict.accepted() ? "accepted" : "refused",
            verdict.status(), verdict.answer(), verdict.hint());
        table.end();
        return verdict.accepted() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
