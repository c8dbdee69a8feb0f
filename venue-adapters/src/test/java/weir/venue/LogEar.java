package weir.venue;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that is logged while it listens, debugging included. */
final class LogEar extends Handler {
    private static final Logger ROOT = Logger.getLogger("");
    /** Held, or it would forget its level. */
    private static final Logger OURS = Logger.getLogger("weir");

    private final StringBuffer heard = new StringBuffer();
    private final Level before = OURS.getLevel();

    private LogEar() {
        setFormatter(new SimpleFormatter());
        setLevel(Level.ALL);
    }

    static LogEar listen() {
        final LogEar ear = new LogEar();
        OURS.setLevel(Level.ALL);
        ROOT.addHandler(ear);
        return ear;
    }

    String heard() {
        return heard.toString();
    }

    @Override
    public void publish(final LogRecord line) {
        heard.append(getFormatter().format(line));
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void close() {
        ROOT.removeHandler(this);
        OURS.setLevel(before);
    }
}
