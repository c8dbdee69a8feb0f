package weir.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.world.Fixture;
import weir.billing.world.TestJournal;
import weir.journal.ConsumerPosition;
import weir.journal.JournalId;

/** With group sync on, nothing is billed that a loss of power could still take out of the journal. */
@Timeout(60)
class GroupSyncTest {
    private static final long NEVER_MS = 3_600_000;
    private static final long LONGER_THAN_A_POLL_MS = 300;

    private final Fixture fixture = new Fixture();
    private final Path journalDir = fixture.dir.resolve("journal");
    private final TestJournal journal = new TestJournal(journalDir, NEVER_MS);

    @AfterEach
    void close() {
        journal.close();
        fixture.close();
    }

    @Test
    void shouldBillOnlyWhatIsOnTheDevice() throws InterruptedException {
        journal.world().play(5, 300);
        journal.write();
        final long all = journal.world().frames.size();
        assertEquals(0, journal.durable());
        try (BillingProcess billing = BillingProcess.launch(
            fixture.context(journal.world().frames).recordSource(null).journalDir(journalDir))) {
            Thread.sleep(LONGER_THAN_A_POLL_MS);
            assertEquals(0, billing.position());
            assertEquals(0, said());
            journal.sync();
            assertEquals(all, journal.durable());
            Fixture.await("position", () -> billing.position() == all, billing::position);
            assertNull(billing.failure());
        }
        assertEquals(all, said());
        assertEquals(all, fixture.report().position());
    }

    private long said() {
        return ConsumerPosition.readAll(journalDir, JournalId.read(journalDir)).get(0).sequence();
    }
}
