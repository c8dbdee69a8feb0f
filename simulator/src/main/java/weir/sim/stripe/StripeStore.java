package weir.sim.stripe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All objects, and the log they are rebuilt from. Every change stages a line; {@link #commit} hands the lines of one
 * request to the operating system in one write, before the answer leaves. A torn last line, as a kill leaves it, is
 * cut off at start. Guarded by the simulator's lock.
 */
final class StripeStore implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Map<String, ObjectNode>> objects = new TreeMap<>();
    private final List<ObjectNode> staged = new ArrayList<>();
    private final List<Runnable> undo = new ArrayList<>();
    private final Path file;
    private final RandomAccessFile log;
    private final Clock clock;
    private long version;

    StripeStore(final Path logDir, final Clock clock) {
        this.clock = clock;
        this.file = logDir.resolve("stripe.jsonl");
        try {
            Files.createDirectories(logDir);
            log = new RandomAccessFile(file.toFile(), "rw");
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /** Reads the log from its start; lines of objects are applied here, all others go to the consumer. */
    void replay(final Consumer<ObjectNode> others) {
        try {
            final byte[] bytes = Files.readAllBytes(file);
            int start = 0;
            int line = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    line++;
                    apply(new String(bytes, start, i - start, StandardCharsets.UTF_8), line, others);
                    start = i + 1;
                }
            }
            log.setLength(start);
            log.seek(start);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void apply(final String text, final int line, final Consumer<ObjectNode> others) {
        final ObjectNode node;
        try {
            node = (ObjectNode) JSON.readTree(text);
        } catch (final IOException | ClassCastException e) {
            throw new IllegalStateException(file + " line " + line + " is damaged; it is the simulator's memory",
                e);
        }
        if ("object".equals(node.path("kind").asText())) {
            final ObjectNode object = (ObjectNode) node.get("object");
            of(object.get("object").asText()).put(object.get("id").asText(), object);
        } else if ("removed".equals(node.path("kind").asText())) {
            of(node.get("type").asText()).remove(node.get("id").asText());
        } else {
            others.accept(node);
        }
    }

    /** @return a line of the log with its time and kind, staged for the next commit */
    ObjectNode line(final String kind) {
        final ObjectNode line = JSON.createObjectNode();
        final Instant now = clock.instant();
        line.put("ts", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        line.put("kind", kind);
        staged.add(line);
        return line;
    }

    /** Adds or replaces an object and stages its line. */
    void put(final ObjectNode object) {
        final String type = object.get("object").asText();
        final String id = object.get("id").asText();
        final ObjectNode before = of(type).put(id, object);
        onRollback(() -> restore(type, id, before));
        line("object").set("object", object.deepCopy());
        version++;
    }

    /** What is to be undone when the request that is being served is refused after all. */
    void onRollback(final Runnable action) {
        undo.add(action);
    }

    private void restore(final String type, final String id, final ObjectNode before) {
        if (before == null) {
            of(type).remove(id);
        } else {
            of(type).put(id, before);
        }
    }

    /** Takes an object away and stages its line. @return Stripe's answer to a deletion */
    ObjectNode remove(final String type, final String id) {
        final ObjectNode before = of(type).remove(id);
        onRollback(() -> restore(type, id, before));
        line("removed").put("type", type).put("id", id);
        version++;
        return JSON.createObjectNode().put("id", id).put("object", type).put("deleted", true);
    }

    /** @return a number that differs when an object was added, replaced or removed since */
    long version() {
        return version;
    }

    /** @return the object, or null */
    ObjectNode get(final String type, final String id) {
        return of(type).get(id);
    }

    /** @return all objects of a type in order of creation */
    Collection<ObjectNode> all(final String type) {
        return of(type).values();
    }

    /** Writes the staged lines in one piece. */
    void commit() {
        undo.clear();
        if (staged.isEmpty()) {
            return;
        }
        try {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
            for (final ObjectNode line : staged) {
                bytes.write(JSON.writeValueAsBytes(line));
                bytes.write('\n');
            }
            staged.clear();
            log.write(bytes.toByteArray());
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Forgets the staged lines of a request that was refused, and what it did to the objects. */
    void rollback() {
        staged.clear();
        for (int i = undo.size() - 1; i >= 0; i--) {
            undo.get(i).run();
        }
        undo.clear();
        version++;
    }

    /** @return a fresh id such as {@code cus_Q8...} */
    String id(final String prefix) {
        final StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < 14; i++) {
            id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        }
        return id.toString();
    }

    /** @return a new object with id, type, creation time and mode */
    ObjectNode create(final String type, final String idPrefix, final boolean livemode) {
        final ObjectNode object = JSON.createObjectNode();
        object.put("id", id(idPrefix));
        object.put("object", type);
        object.put("created", clock.instant().getEpochSecond());
        object.put("livemode", livemode);
        return object;
    }

    /** @return one page of a list, newest first, by {@code limit}, {@code starting_after} and {@code ending_before} */
    static ObjectNode page(final StripeRequest request, final List<ObjectNode> newestFirst) {
        final long limit = request.integer("limit", 10);
        if (limit < 1 || limit > 100) {
            throw StripeRefusal.invalid("limit", "This value must be between 1 and 100 (inclusive).");
        }
        int from = 0;
        int to = newestFirst.size();
        if (request.get("starting_after") != null) {
            from = position(newestFirst, request.get("starting_after"), "starting_after") + 1;
        }
        if (request.get("ending_before") != null) {
            to = position(newestFirst, request.get("ending_before"), "ending_before");
            from = Math.max(from, to - (int) limit);
        }
        final ObjectNode list = JSON.createObjectNode();
        list.put("object", "list");
        final int end = (int) Math.min(to, from + limit);
        list.putArray("data").addAll(newestFirst.subList(Math.min(from, end), end));
        list.put("has_more", request.get("ending_before") != null ? from > 0 : end < to);
        list.put("url", request.path());
        return list;
    }

    private static int position(final List<ObjectNode> items, final String id, final String param) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).get("id").asText().equals(id)) {
                return i;
            }
        }
        throw StripeRefusal.noSuch(400, "object", id, param);
    }

    private Map<String, ObjectNode> of(final String type) {
        return objects.computeIfAbsent(type, key -> new LinkedHashMap<>());
    }

    @Override
    public void close() {
        try {
            log.close();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
