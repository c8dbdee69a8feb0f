package weir.config.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A journal of an earlier schema version, put back as its router left it. */
public final class JournalZip {
    /** Records of {@code schema-1.zip}. */
    public static final long SCHEMA_1_RECORDS = 3_267;

    private JournalZip() {
    }

    /** Unpacks {@code schema-1.zip}; the journal directory is {@code journal} below the directory. */
    public static Path schema1(final Path directory) throws IOException {
        String sizes = "";
        try (InputStream in = JournalZip.class.getResourceAsStream("/journals/schema-1.zip");
            ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("sizes")) {
                    sizes = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                } else if (!entry.isDirectory()) {
                    final Path file = directory.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
        for (final String line : sizes.lines().toList()) {
            final String[] parts = line.split(" ");
            try (RandomAccessFile file = new RandomAccessFile(directory.resolve(parts[0]).toFile(), "rw")) {
                file.setLength(Long.parseLong(parts[1]));
            }
        }
        return directory.resolve("journal");
    }
}
