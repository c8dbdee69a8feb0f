package weir.sim.market;

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
 * A venue's own record: {@code venue.jsonl}, one JSON object per fact, and other line files beside it. Each line is one
 * write to the operating system, done before the answer it speaks of is queued, so that a kill -9 of this process loses
 * none. Appends across restarts. Thread safe.
 */
public final class VenueLog implements Closeable {
    /** The name of the file of facts. */
    public static final String FACTS_FILE = "venue.jsonl";

    private final OutputStream out;
    private boolean closed;

    /** Opens the file of facts for appending. @throws IOException if the directory or the file cannot be had. */
    public VenueLog(final Path dir) throws IOException {
        this(dir, FACTS_FILE);
    }

    /** Opens a line file for appending. @throws IOException if the directory or the file cannot be had. */
    public VenueLog(final Path dir, final String fileName) throws IOException {
        Files.createDirectories(dir);
        out = new FileOutputStream(dir.resolve(fileName).toFile(), true);
    }

    /** The highest trade id of each product that earlier runs wrote. @throws IOException if it cannot be read. */
    public static Map<String, Long> lastTradeIds(final Path dir) throws IOException {
        final Map<String, Long> lastTradeIds = new HashMap<>();
        final Path file = dir.resolve(FACTS_FILE);
        if (!Files.exists(file)) {
            return lastTradeIds;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains("\"kind\":\"exec\"") && line.endsWith("}")) {
                    final JsonNode node = Json.parse(line.getBytes(StandardCharsets.UTF_8));
                    lastTradeIds.merge(node.get("product").asText(), node.get("tradeId").asLong(), Math::max);
                }
            }
        }
        return lastTradeIds;
    }

    /** A new line of the given kind, to be filled in and passed to {@link #write}. */
    public static ObjectNode line(final String kind, final long epochNs) {
        return Json.object().put("ts", epochNs).put("kind", kind);
    }

    /** Appends a line. @throws UncheckedIOException if the disk refuses: a venue without a record must not go on. */
    public void write(final ObjectNode line) {
        append(Json.bytes(line));
    }

    /** Appends a line of text; its newlines become spaces. @throws UncheckedIOException if the disk refuses. */
    public void write(final String line) {
        append(line.replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        out.close();
    }

    private synchronized void append(final byte[] bytes) {
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
}
