package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.edit;

import org.junit.jupiter.api.Test;
import weir.config.recovery.JournalZip;
import weir.journal.JournalId;
import weir.journal.JournalVerifier;
import weir.journal.SnapshotStore;

/** A whole router on the journal of an earlier schema version: it starts, goes on, and starts from its snapshot. */
class OldJournalTest {
    @Test
    void shouldStartOnJournalOfSchemaOneAndGoOnFromItsSnapshot() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.prepare(
            edit("router.yaml", "  ringCapacity: 16MiB\n", "  ringCapacity: 16MiB\n  rollEvery: second\n"))) {
            JournalZip.schema1(cluster.journalDir().getParent());
            cluster.startRouter();
            assertEquals(0, cluster.router().recoveredSnapshot());
            cluster.rawDesk("ALPHA1").close(); // 141=Y: its numbers of the old journal are beyond a new desk's
            cluster.stopRouter();
            final long last = JournalVerifier.verify(cluster.journalDir()).lastSequence();
            assertTrue(last > JournalZip.SCHEMA_1_RECORDS, () -> "last record " + last);
            assertEquals(last, SnapshotStore.openReader(cluster.journalDir(), JournalId.read(cluster.journalDir()))
                .newestFirst().get(0).sequence());
            cluster.startRouter();
            assertEquals(last, cluster.router().recoveredSnapshot());
            cluster.rawDesk("BETA1").close();
            cluster.stopRouter();
            assertTrue(JournalVerifier.verify(cluster.journalDir()).ok());
            final ChildCommands.Ended listed = ChildCommands.run(cluster.root().resolve("children"),
                cluster.environment(), "journal", "snapshots", cluster.journalDir().toString());
            assertEquals(0, listed.exitCode(), listed.text());
            assertTrue(listed.text().contains("\"sequence\":" + last) && listed.text().contains("whole"),
                listed.text());
            final ChildCommands.Ended replayed = ChildCommands.run(cluster.root().resolve("children"),
                cluster.environment(), "journal", "replay", "--from-snapshot", cluster.journalDir().toString());
            assertEquals(0, replayed.exitCode(), replayed.text());
        }
    }
}
