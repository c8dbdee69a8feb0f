package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalStatusTest {
    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Journals.newDirectory();
    }

    @AfterEach
    void deleteDirectory() {
        Journals.delete(directory);
    }

    @Test
    void shouldTellWhoHasTheDirectoryWithoutTakingItFromThem() throws Exception {
        Journals.make(directory, 10, 5);
        assertEquals(Optional.empty(), JournalStatus.read(directory).owner());
        try (JournalDirectory own = JournalDirectory.open(directory)) {
            assertEquals(ProcessHandle.current().pid(), JournalStatus.read(own.path()).owner().orElseThrow().pid());
            try (JournalChild child = JournalChild.start(directory, List.of(), "open", directory.toString())) {
                child.awaitEnd();
                assertTrue(child.output().startsWith("JOURNAL_LOCKED "), child::output);
            }
        }
        try (JournalChild child = JournalChild.start(directory, List.of(), "hold", directory.toString())) {
            child.awaitOutput("holding");
            for (int i = 0; i < 100; i++) {
                assertEquals(child.pid(), JournalStatus.read(directory).owner().orElseThrow().pid());
            }
            assertThrows(JournalLockedException.class, () -> JournalDirectory.open(directory));
        }
        assertEquals(Optional.empty(), JournalStatus.read(directory).owner());
    }

    @Test
    void shouldTellPositionsSnapshotsAndSpace() throws IOException {
        Journals.make(directory, 100, 10);
        final JournalId id = JournalId.read(directory);
        try (ConsumerPosition position = ConsumerPosition.open(directory, id, "billing")) {
            position.store(60, 1_000_000_060L);
        }
        final SnapshotStore store = SnapshotStore.open(directory, id);
        store.write(50, 1_000_000_050L, out -> out.write(1));
        store.write(90, 1_000_000_090L, out -> out.write(1));
        Files.write(directory.resolve("snapshots/00000000000000000095.snapshot"), new byte[100]);
        final JournalStatus status = JournalStatus.read(directory);
        assertEquals(1, status.firstSequence());
        assertEquals(100, status.appended());
        assertEquals(0, status.durable());
        assertTrue(status.usableBytes() > 0);
        assertEquals(List.of(90L, 50L), status.snapshots().stream().map(Snapshot::sequence).toList());
        assertEquals(910L, status.snapshotAgeNs(1_000_001_000L).orElseThrow());
        assertEquals(JournalError.SNAPSHOT_CORRUPT, status.unusable().get(0).error());
        assertEquals("billing", status.consumers().get(0).name());
        assertEquals(40, status.lag(status.consumers().get(0)));
    }

    @Test
    void shouldSayThatThereIsNoJournal() {
        assertEquals(JournalError.JOURNAL_ID_INVALID,
            assertThrows(JournalException.class, () -> JournalStatus.read(directory)).error());
    }
}
