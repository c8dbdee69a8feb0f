package weir.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Logging of a process: java.util.logging behind SLF4J, to standard error, one line per event. Quiet unless asked:
 * {@code WEIR_LOG} is {@code error}, {@code warn} (default), {@code info}, {@code debug} (Weir in detail) or
 * {@code trace} (libraries too).
 */
public final class LogSetup {
    /** Libraries that are kept at WARN below {@code trace}. */
    private static final List<String> LIBRARIES =
        List.of("net.openhft", "quickfix", "quickfixj", "org.apache.mina", "com.zaxxer.hikari", "com.stripe");

    /** Loggers whose level was set; held because java.util.logging keeps only weak references. */
    private static final List<Logger> HELD = new CopyOnWriteArrayList<>();

    private LogSetup() {
    }

    /**
     * Level of a word.
     *
     * @param word as in {@code WEIR_LOG}
     * @return empty when it is none
     */
    public static Optional<Level> level(final String word) {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "error":
                return Optional.of(Level.SEVERE);
            case "warn":
                return Optional.of(Level.WARNING);
            case "info":
                return Optional.of(Level.INFO);
            case "debug":
                return Optional.of(Level.FINE);
            case "trace":
                return Optional.of(Level.FINEST);
            default:
                return Optional.empty();
        }
    }

    /**
     * Sets levels and format for the whole process.
     *
     * @param level of Weir's own loggers
     */
    public static void configure(final Level level) {
        final Logger root = Logger.getLogger("");
        for (final Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        final ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new OneLine());
        root.addHandler(console);
        final boolean everything = level.intValue() <= Level.FINEST.intValue();
        final Level libraries = level.intValue() > Level.WARNING.intValue() ? level : Level.WARNING;
        root.setLevel(everything ? Level.FINE : libraries);
        LIBRARIES.forEach(name -> hold(name, everything ? Level.FINE : libraries));
        hold("weir", level);
    }

    private static void hold(final String name, final Level level) {
        final Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        HELD.add(logger);
    }

    /** {@code 2026-01-01T00:00:00.000Z WARN  [logger] message}; a throwable's stack follows on lines of its own. */
    static final class OneLine extends Formatter {
        @Override
        public String format(final LogRecord record) {
            final StringBuilder line = new StringBuilder(160);
            final String time = Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS).toString();
            line.append(time.length() == 20 ? time.replace("Z", ".000Z") : time).append(' ')
                .append(word(record.getLevel())).append(" [").append(shortName(record.getLoggerName())).append("] ")
                .append(formatMessage(record).replace('\n', ' ').replace("\r", "")).append('\n');
            if (record.getThrown() != null) {
                stack(line, record.getThrown());
            }
            return line.toString();
        }

        private static void stack(final StringBuilder line, final Throwable thrown) {
            Throwable cause = thrown;
            for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
                line.append(depth == 0 ? "  " : "  caused by ").append(cause).append('\n');
                for (final StackTraceElement frame : cause.getStackTrace()) {
                    line.append("    at ").append(frame).append('\n');
                }
            }
        }

        private static String word(final Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }

        private static String shortName(final String name) {
            return name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
        }
    }
}
