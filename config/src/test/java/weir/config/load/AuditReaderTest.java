package weir.config.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.model.BillingSettings;

/** {@code audit} and {@code export} of {@code billing.yaml}. */
class AuditReaderTest {
    @TempDir
    private Path directory;

    private LoadResult load() {
        return ConfigLoader.load(new DirectorySource(directory), Map.of());
    }

    @Test
    void shouldReadKeysWithTheirDays() throws IOException {
        final ConfigTree tree = new ConfigTree(directory);
        final BillingSettings.Audit without = load().config().orElseThrow().billing().audit();
        assertEquals(new BillingSettings.Audit(true, Path.of("audit"), true, List.of()), without);
        tree.replace("billing.yaml", "  # keys:", "  keys:\n    - key: env:AUDIT_1\n      notBefore: \"2026-03-01\"\n"
            + "    - key: file:a.pem\n  # keys:");
        final List<BillingSettings.AuditKey> keys = load().config().orElseThrow().billing().audit().keys();
        assertEquals(LocalDate.of(2026, 3, 1), keys.get(0).notBefore());
        assertEquals(LocalDate.of(9999, 12, 31), keys.get(0).notAfter());
        assertEquals("file:a.pem", keys.get(1).key().toString());
        assertTrue(SecretRefs.all(load().config().orElseThrow()).containsAll(
            keys.stream().map(BillingSettings.AuditKey::key).toList()));
    }

    @Test
    void shouldNameDaysThatAreNone() throws IOException {
        new ConfigTree(directory).replace("billing.yaml", "  # keys:", "  keys:\n    - key: env:AUDIT_1\n"
            + "      notBefore: \"2026-02-30\"\n    - key: env:AUDIT_2\n      notBefore: \"2026-03-01\"\n"
            + "      notAfter: \"2026-02-01\"\n  # keys:");
        assertEquals(2, load().problems().size(), load().problems().toString());
    }
}
