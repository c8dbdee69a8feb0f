package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerPositionTest {
    private Path directory;
    private JournalId id;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Journals.newDirectory();
        id = JournalId.readOrCreate(directory);
    }

    @AfterEach
    void deleteDirectory() {
        Journals.delete(directory);
    }

    @Test
    void shouldTellOthersWhatWasStoredLastAndKeepItOverAReopening() {
        assertEquals(List.of(), ConsumerPosition.readAll(directory, id));
        try (ConsumerPosition position = ConsumerPosition.open(directory, id, "billing")) {
            assertEquals(List.of(new ConsumerPosition.Consumer("billing", 0, 0)),
                ConsumerPosition.readAll(directory, id));
            position.store(7, 70);
            position.store(9, 90);
            assertEquals(List.of(new ConsumerPosition.Consumer("billing", 9, 90)),
                ConsumerPosition.readAll(directory, id));
        }
        try (ConsumerPosition again = ConsumerPosition.open(directory, id, "billing")) {
            assertEquals(9, again.sequence());
            assertEquals(90, again.epochNs());
            again.store(4, 40); // a database that was restored from a backup
        }
        assertEquals(4, ConsumerPosition.readAll(directory, id).get(0).sequence());
    }

    @Test
    void shouldBeginAtNothingWhereTheFileIsOfAnotherJournalOrCut() throws IOException {
        try (ConsumerPosition position = ConsumerPosition.open(directory, id, "billing")) {
            position.store(9, 90);
        }
        final JournalId other = new JournalId(id.high() + 1, id.low());
        assertEquals(JournalError.JOURNAL_CORRUPT,
            assertThrows(JournalException.class, () -> ConsumerPosition.readAll(directory, other)).error());
        try (ConsumerPosition position = ConsumerPosition.open(directory, other, "billing")) {
            assertEquals(0, position.sequence());
        }
        Files.write(directory.resolve("consumers/billing"), new byte[10]);
        assertEquals(JournalError.JOURNAL_CORRUPT,
            assertThrows(JournalException.class, () -> ConsumerPosition.readAll(directory, id)).error());
        try (ConsumerPosition position = ConsumerPosition.open(directory, id, "billing")) {
            assertEquals(0, position.sequence());
        }
    }

    @Test
    void shouldTakeNoNameThatIsAPath() {
        for (final String name : List.of("", "../billing", "a/b", "Billing", "billing.new")) {
            assertThrows(IllegalArgumentException.class, () -> ConsumerPosition.open(directory, id, name), name);
        }
    }
}
