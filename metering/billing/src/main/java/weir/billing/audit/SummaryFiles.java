package weir.billing.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Files of the audit directory, each whole or not there: {@code NAME.json} (the canonical form, every byte of it is
 * signed), {@code NAME.sig}, {@code keys.json}, {@code keys/ID.pem}, {@code leaves/NAME.leaves}.
 */
final class SummaryFiles {
    static final String SUMMARY = ".json";
    static final String SIGNATURE = ".sig";
    static final String KEYS = "keys.json";

    private final Path directory;

    SummaryFiles(final Path directory) {
        this.directory = directory;
    }

    static Path leaves(final Path directory, final String name) {
        return directory.resolve("leaves").resolve(name + ".leaves");
    }

    void writeSummary(final String name, final String json, final String keyId, final String signature) {
        write(directory.resolve(name + SUMMARY), json);
        if (signature != null) {
            write(directory.resolve(name + SIGNATURE),
                CanonicalJson.write(Map.of("key_id", keyId, "signature", signature)) + "\n");
        }
    }

    void writeKeys(final List<AuditKey> keys) {
        write(directory.resolve(KEYS),
            CanonicalJson.write(Map.of("keys", keys.stream().map(DaySummary::fields).toList())) + "\n");
        for (final AuditKey key : keys) {
            write(directory.resolve("keys").resolve(key.keyId() + ".pem"), key.pem());
        }
    }

    private static void write(final Path file, final String text) {
        try {
            Files.createDirectories(file.getParent());
            final Path part = file.resolveSibling(file.getFileName() + ".part");
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
                final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException ex) {
            throw new BillingException(BillingError.AUDIT_FILES, "cannot write " + file + ": " + ex.getMessage(), ex);
        }
    }
}
