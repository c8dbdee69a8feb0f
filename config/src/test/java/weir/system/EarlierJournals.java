package weir.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks the journals that routers of earlier schema versions left: see {@code journals/README.md}. */
public final class EarlierJournals {
    /** Records of the journal of schema version 1. */
    public static final long SCHEMA_1_RECORDS = 3267;

    private static final String SIZES = "sizes";

    private EarlierJournals() {
    }

    /**
     * Unpacks one; files are as long as they were, their ends are holes.
     *
     * @param version schema version
     * @param to      directory that exists
     * @return the journal directory in it
     */
    public static Path unpack(final int version, final Path to) {
        final String name = "/journals/schema-" + version + ".zip";
        final Map<String, Long> sizes = new HashMap<>();
        try (InputStream resource = EarlierJournals.class.getResourceAsStream(name);
            ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(SIZES)) {
                    for (final String line : new String(zip.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                        final String[] parts = line.strip().split(" ");
                        sizes.put(parts[0], Long.parseLong(parts[1]));
                    }
                } else if (!entry.isDirectory()) {
                    final Path file = to.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.write(file, zip.readAllBytes());
                }
            }
            for (final Map.Entry<String, Long> size : sizes.entrySet()) {
                try (RandomAccessFile file = new RandomAccessFile(to.resolve(size.getKey()).toFile(), "rw")) {
                    file.setLength(size.getValue());
                }
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(name, ex);
        }
        return to.resolve("journal");
    }
}
