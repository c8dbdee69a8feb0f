package weir.bench.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.bench.core.CrowdJournal;

/** What the benchmark measures is whole and right; how long it takes is no test. */
class BillingRunTest {
    @TempDir
    private Path dir;

    @Test
    void shouldBillEveryRecordOfCoreWithoutDifference() throws IOException, SQLException {
        final Path journal = dir.resolve("journal");
        final long written = CrowdJournal.write(journal, 5, 20_000);
        final BillingRun.Pass pass = BillingRun.billing(journal, dir.resolve("billing"), true);
        assertEquals(written, pass.records());
        assertEquals(0, pass.discrepancies());
        assertTrue(pass.batches() >= 15, "a window per tenant and meter: " + pass.batches());
        assertTrue(pass.cpuNs() > 0 && pass.wallNs() > 0 && pass.fileBytes() > 0, pass.toString());
        assertEquals(1_000, BillingRun.peer(journal, dir.resolve("peer"), 1_000).records());
    }
}
