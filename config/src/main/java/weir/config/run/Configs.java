package weir.config.run;

import java.nio.file.Path;
import java.util.Map;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;

/** Loads a configuration directory and its secrets for a command. */
final class Configs {
    private Configs() {
    }

    /** Loads; throws ConfigException with every problem, which the command line prints with exit code 2. */
    static WeirConfig load(final Path directory, final Map<String, String> environment) {
        return ConfigLoader.load(new DirectorySource(directory), environment).orThrow();
    }

    static SecretResolver secrets(final Path directory, final Map<String, String> environment) {
        return new SecretResolver(environment, directory);
    }
}
