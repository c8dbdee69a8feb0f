package weir.sim.desk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The file {@code client-<desk>.jsonl}: one line per application message sent and per message received, handed to the
 * operating system before the call returns, so that it survives a kill of this process. Appends to what is there.
 *
 * <p>Fields of a line: {@code ts} (epoch ns), {@code dir} ({@code out} before the first byte is written, {@code
 * resend} for an own message sent again with PossDup(43), {@code in}), {@code seq} (34), {@code type} (35), {@code
 * duplicate} (only on {@code in}), {@code fields} (tag to value; 96, 553 and 554 left out). Thread-safe.
 */
public final class DeskJournal implements AutoCloseable {
    private static final Set<Integer> SECRET_TAGS = Set.of(95, 96, 553, 554, 925);

    private final JsonFactory json = new JsonFactory();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final FileOutputStream out;
    private final Path file;

    /**
     * @param directory where the file goes; created when missing
     * @param desk      SenderCompID of the desk
     */
    public DeskJournal(final Path directory, final String desk) {
        file = directory.resolve("client-" + desk + ".jsonl");
        try {
            Files.createDirectories(directory);
            out = new FileOutputStream(file.toFile(), true);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /** @return the file written to */
    public Path file() {
        return file;
    }

    synchronized void append(final long epochNs, final String dir, final String type, final int seq,
                             final boolean duplicate, final Map<Integer, String> fields) {
        line.reset();
        try (JsonGenerator generator = json.createGenerator(line)) {
            generator.writeStartObject();
            generator.writeNumberField("ts", epochNs);
            generator.writeStringField("dir", dir);
            generator.writeNumberField("seq", seq);
            generator.writeStringField("type", type);
            if ("in".equals(dir)) {
                generator.writeBooleanField("duplicate", duplicate);
            }
            generator.writeObjectFieldStart("fields");
            for (final Map.Entry<Integer, String> field : fields.entrySet()) {
                if (!SECRET_TAGS.contains(field.getKey())) {
                    generator.writeStringField(field.getKey().toString(), field.getValue());
                }
            }
            generator.writeEndObject();
            generator.writeEndObject();
            generator.writeRaw('\n');
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot encode a line", e);
        }
        try {
            out.write(line.toByteArray());
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
