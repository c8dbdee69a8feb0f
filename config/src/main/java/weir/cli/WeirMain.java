package weir.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.ServiceLoader;

/** Entry point of the {@code weir} script. */
public final class WeirMain {
    /** Set by the script: whether standard output is a terminal. */
    public static final String TERMINAL_PROPERTY = "weir.terminal";

    private WeirMain() {
    }

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args as on the command line
     */
    public static void main(final String[] args) {
        final Optional<CommandActions> actions = ServiceLoader.load(CommandActions.class).findFirst();
        final WeirCli cli = new WeirCli(actions.orElse(new CommandActions() {
        }), System.out, System.err, terminal(), System.getenv());
        System.exit(cli.run(args));
    }

    private static boolean terminal() {
        final String told = System.getProperty(TERMINAL_PROPERTY);
        if (told != null) {
            return told.equals("true");
        }
        final Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (final NoSuchMethodException ex) {
            return true;
        } catch (final IllegalAccessException | InvocationTargetException ex) {
            return false;
        }
    }
}
