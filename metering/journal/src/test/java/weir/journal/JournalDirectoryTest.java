package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalDirectoryTest {
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
    void shouldRefuseASecondOpenerInTheSameProcessAndNameIt() {
        try (JournalDirectory first = JournalDirectory.open(directory)) {
            final JournalLockedException refused = assertThrows(JournalLockedException.class,
                () -> JournalDirectory.open(first.path().resolve("..").resolve(first.path().getFileName())));
            assertEquals(JournalError.JOURNAL_LOCKED, refused.error());
            assertEquals(ProcessHandle.current().pid(), refused.ownerPid());
            assertTrue(refused.getMessage().startsWith("JOURNAL_LOCKED "), refused.getMessage());
            assertTrue(refused.getMessage().contains("started=2"), refused.getMessage());
        }
        JournalDirectory.open(directory).close();
    }

    @Test
    void shouldKeepItsIdForEver() {
        final JournalId id;
        try (JournalDirectory first = JournalDirectory.open(directory)) {
            id = first.id();
        }
        try (JournalDirectory second = JournalDirectory.open(directory)) {
            assertEquals(id, second.id());
            assertEquals(id, JournalId.read(directory));
        }
    }

    @Test
    void shouldRefuseAnUnreadableId() throws IOException {
        Files.writeString(directory.resolve(JournalId.FILE), "xyz");
        assertEquals(JournalError.JOURNAL_ID_INVALID,
            assertThrows(JournalException.class, () -> JournalDirectory.open(directory)).error());
        Files.writeString(directory.resolve(JournalId.FILE), "z".repeat(32));
        assertEquals(JournalError.JOURNAL_ID_INVALID,
            assertThrows(JournalException.class, () -> JournalDirectory.open(directory)).error());
        Files.delete(directory.resolve(JournalId.FILE));
        JournalDirectory.open(directory).close();
    }

    @Test
    void shouldNotMakeANewIdBesideAnExistingQueue() throws IOException {
        Journals.make(directory, 3, 3);
        Files.delete(directory.resolve(JournalId.FILE));
        assertEquals(JournalError.JOURNAL_ID_INVALID,
            assertThrows(JournalException.class, () -> JournalDirectory.open(directory)).error());
    }

    @Test
    void shouldOpenFastWhenChronicleSaysThatThisVeryProcessHoldsTheWriteLock() {
        Journals.make(directory, 5, 5);
        holdChronicleLock(ProcessHandle.current().pid());
        assertAppendsAfterOpening();
    }

    @Test
    void shouldOpenFastWhenChronicleSaysThatAnotherLiveProcessHoldsTheWriteLock() {
        Journals.make(directory, 5, 5);
        holdChronicleLock(1);
        assertAppendsAfterOpening();
    }

    private void assertAppendsAfterOpening() {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 6, 10);
            journal.agent().onClose();
        }
        final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
        assertTrue(elapsedMs < 5000, "took " + elapsedMs + " ms");
        assertEquals(10, JournalVerifier.verify(directory).records());
    }

    private void holdChronicleLock(final long pid) {
        final Path table = directory.resolve("queue").resolve("metadata.cq4t");
        final TableStore<?> store =
            SingleTableBuilder.binary(table, Metadata.NoMeta.INSTANCE).readOnly(false).build();
        final LongValue lock = store.acquireValueFor("chronicle.write.lock");
        lock.setVolatileValue(pid);
        store.close();
    }
}
