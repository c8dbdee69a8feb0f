package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The venue's own record: {@code venue.jsonl}, one JSON object per fact, and {@code fix-in.log}, the inbound bytes with
 * secrets masked. Each line is one write to the operating system, done before the answer it speaks of is queued, so
 * that a kill -9 of this process loses none. Appends across restarts. Thread safe.
 */
final class VenueLog implements Closeable {
    static final String FACTS_FILE = "venue.jsonl";
    static final String FIX_FILE = "fix-in.log";

    private final OutputStream facts;
    private final OutputStream fixIn;
    private final Map<String, Long> lastTradeIds = new HashMap<>();
    private boolean closed;

    VenueLog(final Path dir) throws IOException {
        Files.createDirectories(dir);
        final Path file = dir.resolve(FACTS_FILE);
        if (Files.exists(file)) {
            readTradeIds(file);
        }
        facts = new FileOutputStream(file.toFile(), true);
        fixIn = new FileOutputStream(dir.resolve(FIX_FILE).toFile(), true);
    }

    /** The highest trade id of each product that an earlier run wrote. */
    Map<String, Long> lastTradeIds() {
        return lastTradeIds;
    }

    /** A new line of the given kind, to be filled in and passed to {@link #write}. */
    static ObjectNode line(final String kind, final long epochNs) {
        return Json.object().put("ts", epochNs).put("kind", kind);
    }

    /** Appends a line. @throws UncheckedIOException if the disk refuses: a venue without a record must not go on. */
    void write(final ObjectNode line) {
        append(facts, Json.bytes(line));
    }

    /** Appends one inbound message, Password(554) and RawData(96) masked byte for byte. */
    void writeFix(final long epochNs, final String session, final String text) {
        final String line = epochNs + " " + session + " " + mask(mask(text, "554="), "96=").replace('\n', ' ');
        append(fixIn, line.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        facts.close();
        fixIn.close();
    }

    private synchronized void append(final OutputStream out, final byte[] bytes) {
        if (closed) {
            return;
        }
        final byte[] line = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, line, 0, bytes.length);
        line[bytes.length] = '\n';
        try {
            out.write(line);
        } catch (final IOException e) {
            throw new UncheckedIOException("venue log", e);
        }
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

    private void readTradeIds(final Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains("\"kind\":\"exec\"") && line.endsWith("}")) {
                    final JsonNode node = Json.parse(line.getBytes(StandardCharsets.UTF_8));
                    lastTradeIds.merge(node.get("product").asText(), node.get("tradeId").asLong(), Math::max);
                }
            }
        }
    }
}
