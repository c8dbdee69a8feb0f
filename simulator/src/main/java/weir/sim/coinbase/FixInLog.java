package weir.sim.coinbase;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import weir.sim.market.VenueLog;

/** {@code fix-in.log}: every inbound message, written before it is acted on, with secrets masked. Thread safe. */
final class FixInLog implements Closeable {
    static final String FILE = "fix-in.log";

    private final VenueLog log;

    FixInLog(final Path dir) throws IOException {
        log = new VenueLog(dir, FILE);
    }

    /** Appends one inbound message, Password(554) and RawData(96) masked byte for byte. */
    void write(final long epochNs, final String session, final String text) {
        log.write(epochNs + " " + session + " " + mask(mask(text, "554="), "96="));
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    private static String mask(final String text, final String tag) {
        final int at = text.indexOf('\u0001' + tag);
        if (at < 0) {
            return text;
        }
        final int from = at + 1 + tag.length();
        final int to = text.indexOf('\u0001', from);
        return to < 0 ? text : text.substring(0, from) + "*".repeat(to - from) + text.substring(to);
    }
}
