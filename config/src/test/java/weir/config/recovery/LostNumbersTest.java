package weir.config.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.RecordSeq;
import weir.journal.ConsumerPosition;
import weir.journal.Journal;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.SnapshotStore;

/** Who knows of records that a journal, here an empty one, does not have. */
class LostNumbersTest {
    @TempDir
    private Path root;
    private Journal journal;

    @BeforeEach
    void launch() {
        final Path directory = root.resolve("journal");
        journal = Journal.launch(new Journal.Context().directory(directory).ringFile(root.resolve("ring"))
            .ringCapacity(1 << 16).blockSize(1 << 20).spaceMarks(1024, 2048, 4096));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private LostNumbers find(final long desk, final long client) {
        return LostNumbers.find(journal, SnapshotStore.open(journal.directory(), journal.id()),
            new StoredReports(Map.of(1, new RecordSeq(desk, 0)), Map.of(2, new RecordSeq(client, 3))));
    }

    private void consumer(final String name, final long sequence) {
        try (ConsumerPosition position = ConsumerPosition.open(journal.directory(), journal.id(), name)) {
            position.store(sequence, 1);
        }
    }

    @Test
    void shouldLeaveOutNothingWhenNobodyKnowsMore() {
        assertEquals(0, find(0, 0).count());
        assertTrue(find(0, 0).commands().isEmpty());
    }

    @Test
    void shouldGoAboveTheHighestOfDesksClientsSnapshotsAndConsumers() throws IOException {
        assertEquals(120, find(120, 7).count());
        assertEquals(130, find(120, 130).count());
        SnapshotStore.open(journal.directory(), journal.id()).write(140, 1, out -> out.write(1));
        assertEquals(140, find(120, 130).count());
        consumer("billing", 150);
        assertEquals(150, find(120, 130).count());
        assertEquals(150, find(120, 130).commands().size());
        Files.write(journal.directory().resolve(ConsumerPosition.DIRECTORY).resolve("damaged"), new byte[8]);
        assertEquals(150, find(120, 130).count(), "a position that cannot be read ends no start");
    }

    @Test
    void shouldRefuseWhatNoLossOfPowerCanHaveTaken() {
        final JournalException refused =
            assertThrows(JournalException.class, () -> find(LostNumbers.MOST + 1, 0));
        assertEquals(JournalError.JOURNAL_TRUNCATED, refused.error());
        assertTrue(refused.getMessage().contains("reports=10000001"), refused::getMessage);
    }
}
