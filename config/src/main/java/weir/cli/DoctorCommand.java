package weir.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import weir.config.doctor.Doctor;
import weir.config.doctor.Finding;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;

/** {@code weir doctor}: is this host fit to run the router of a configuration. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Checks this host for a configuration: clock, limits, memory, disk, ports, certificates, JDK, "
        + "kernel. Ends with 1 when a check fails.")
public final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private WeirCommand root;

    @Option(names = "--config", paramLabel = "DIR", defaultValue = "${env:WEIR_CONFIG:-/etc/weir}",
        description = "Directory with router.yaml. Default: $WEIR_CONFIG or /etc/weir.")
    private Path config;

    @Option(names = "--venues", description = "Also ask each venue for its time: the only calls that leave this host.")
    private boolean venues;

    @Override
    public Integer call() {
        final WeirConfig loaded = ConfigLoader.load(new DirectorySource(config), root.environment()).orThrow();
        final List<Finding> findings = Doctor.examine(loaded, config, root.environment(), venues);
        final Output output = root.output();
        final Output.Table table = output.table("check", "check", "status", "found", "expected", "advice");
        findings.forEach(finding -> table.row(finding.check(), finding.status().name().toLowerCase(Locale.ROOT),
            finding.found(), finding.expected(), finding.advice()));
        table.end();
        final long failed = findings.stream().filter(f -> f.status() == Finding.Status.FAIL).count();
        final long warned = findings.stream().filter(f -> f.status() == Finding.Status.WARN).count();
        output.say(findings.size() + " checks: " + failed + " failed, " + warned + " to look at");
        return failed == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
