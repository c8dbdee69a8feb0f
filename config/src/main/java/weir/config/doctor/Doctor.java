package weir.config.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import weir.config.check.SecretResolver;
import weir.config.model.WeirConfig;

/** Runs every check of a host for a configuration. */
public final class Doctor {
    private Doctor() {
    }

    /**
     * Examines this host. Connects to nothing but this host unless the venues are asked for.
     *
     * @param config      the configuration
     * @param directory   where it stands
     * @param environment for secrets
     * @param venues      also ask each venue for its time
     * @return findings, in order of the checks
     */
    public static List<Finding> examine(final WeirConfig config, final Path directory,
        final Map<String, String> environment, final boolean venues) {
        return examine(config, directory, environment, venues, Host.real());
    }

    static List<Finding> examine(final WeirConfig config, final Path directory,
        final Map<String, String> environment, final boolean venues, final Host host) {
        final Findings findings = new Findings();
        ClockChecks.check(config, host, venues, findings);
        MachineChecks.check(config, host, findings);
        StorageChecks.check(config, host, findings);
        PortChecks.check(config, host, findings);
        KeyChecks.check(config, directory, new SecretResolver(environment, directory), host, findings);
        RuntimeChecks.check(config, host, findings);
        return findings.list();
    }
}
