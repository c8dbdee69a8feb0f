package weir.config.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.config.check.AccountSharing;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigException;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;

/** Loads a configuration directory and its secrets for a command. */
final class Configs {
    private Configs() {
    }

    /** Loads; throws ConfigException with every problem, which the command line prints with exit code 2. */
    static WeirConfig load(final Path directory, final Map<String, String> environment) {
        return ConfigLoader.load(new DirectorySource(directory), environment).orThrow();
    }

    /** A tenant by name; UNKNOWN_TENANT names those there are. */
    static Tenant tenant(final WeirConfig config, final String name) {
        return config.tenant(name).orElseThrow(() -> new CommandFailure("UNKNOWN_TENANT", "there is no tenant " + name
            + "; configured: " + String.join(", ", config.tenants().stream().map(Tenant::name).toList())));
    }

    /** Loads for a router: a venue key that stands behind two accounts stops it, as it would act across them. */
    static WeirConfig forRouter(final Path directory, final Map<String, String> environment) {
        final LoadResult result = ConfigLoader.load(new DirectorySource(directory), environment);
        final WeirConfig config = result.orThrow();
        final List<Problem> problems = AccountSharing.keysUsedTwice(config, secrets(directory, environment));
        if (!problems.isEmpty()) {
            throw new ConfigException(new LoadResult(result.source(), Optional.empty(), problems, 0, result.files(),
                result.settings()));
        }
        return config;
    }

    static SecretResolver secrets(final Path directory, final Map<String, String> environment) {
        return new SecretResolver(environment, directory);
    }
}
