package weir.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.logging.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: options that every command has. */
@Command(name = "weir", versionProvider = WeirVersion.class, mixinStandardHelpOptions = true,
    subcommandsRepeatable = false, synopsisSubcommandLabel = "COMMAND",
    description = "Low-latency order router with payment gating and metering.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ok", "1:failed", "2:bad usage or configuration"})
public final class WeirCommand implements Runnable {

    /** Form of the results as asked for. */
    public enum Form {
        /** Table on a terminal, JSON lines otherwise. */
        AUTO,
        /** Table. */
        TABLE,
        /** JSON lines. */
        JSON
    }

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(names = "--output", scope = ScopeType.INHERIT, paramLabel = "FORM", defaultValue = "auto",
        description = "Form of results: auto, table or json. Auto is a table on a terminal, JSON lines otherwise.")
    private Form form;

    @Option(names = "--log", scope = ScopeType.INHERIT, paramLabel = "LEVEL", defaultValue = "${env:WEIR_LOG}",
        description = "error, warn, info, debug or trace; also by WEIR_LOG. Default: warn.")
    private String log;

    WeirCommand(final PrintStream out, final PrintStream err, final boolean terminal,
        final Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }

    /**
     * Where results go, as asked for.
     *
     * @return the output
     */
    Output output() {
        final boolean table = form == Form.TABLE || form != Form.JSON && terminal;
        return new Output(out, err, table ? Output.Mode.TABLE : Output.Mode.JSON);
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Sets up logging; called before any command runs. */
    void applyLogLevel() {
        final String word = log == null || log.isEmpty() ? "warn" : log;
        final Level level = LogSetup.level(word).orElseThrow(() -> new ParameterException(
            spec == null ? new CommandLine(this) : spec.commandLine(),
            "log level '" + word + "' is none of error, warn, info, debug, trace"));
        LogSetup.configure(level);
    }
}
