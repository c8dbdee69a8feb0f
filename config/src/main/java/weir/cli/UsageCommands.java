package weir.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands that read billing out: usage. */
final class UsageCommands {
    private UsageCommands() {
    }

    @Command(name = "usage", mixinStandardHelpOptions = true, sortOptions = false,
        description = "What a tenant used per period and meter, has reserved, and has left: the invoice's numbers.")
    static final class Usage implements Callable<Integer> {
        private final Action<CommandActions.UsageOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = "${env:WEIR_CONFIG:-/etc/weir}",
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose; name or number.")
        private String tenant;
        @Option(names = "--url", paramLabel = "URL",
            description = "Ask the billing process there, https; default: read its database.")
        private URI url;
        @Option(names = "--key", paramLabel = "FILE", description = "With --url: own private key, PEM.")
        private Path key;
        @Option(names = "--certificate", paramLabel = "FILE", description = "With --url: own certificate, PEM.")
        private Path certificate;
        @Option(names = "--trusted", paramLabel = "FILE",
            description = "With --url: billing's certificate, or the authority's that signed it, PEM.")
        private Path trusted;

        Usage(final Action<CommandActions.UsageOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            require(tenant.matches("[A-Za-z0-9._-]{1,64}"), "--tenant must be a name or a number");
            require(url == null || "https".equals(url.getScheme()), "--url must begin with https://");
            require((url == null) == (key == null) && (key == null) == (certificate == null)
                && (key == null) == (trusted == null), "--url, --key, --certificate and --trusted go together");
            return action.run(new CommandActions.UsageOptions(config, tenant, Optional.ofNullable(url),
                url == null ? Optional.empty()
                    : Optional.of(new CommandActions.UsageOptions.Tls(key, certificate, trusted))), root.output());
        }

        private void require(final boolean good, final String message) {
            if (!good) {
                throw new ParameterException(spec.commandLine(), message);
            }
        }
    }
}
