package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolledFilesTest {
    private static final long PER_RUN = 1000;

    private static Path made;
    private static long last;

    private Path directory;
    private Path archive;
    private Journal journal;

    /** Four files or more: a run of records, then the next second. Made once, copied for each test. */
    @BeforeAll
    static void makeFiles() {
        made = Journals.newDirectory();
        try (Journal writer = Journal.launch(Journals.context(made).rollEvery(RollEvery.SECOND))) {
            while (Journals.cycleFiles(made).size() < 4) {
                Journals.write(writer, last + 1, last + PER_RUN);
                last += PER_RUN;
                LockSupport.parkNanos(400_000_000);
            }
            writer.agent().onClose();
        }
    }

    @AfterAll
    static void deleteFiles() {
        Journals.delete(made);
    }

    @BeforeEach
    void copyFiles() throws IOException {
        directory = Journals.newDirectory();
        archive = directory.resolve("archive");
        try (Stream<Path> paths = Files.walk(made)) {
            for (final Path path : paths.filter(Files::isRegularFile).toList()) {
                final Path copy = directory.resolve(made.relativize(path));
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        }
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
    }

    @AfterEach
    void deleteDirectory() {
        journal.agent().onClose();
        journal.close();
        Journals.delete(directory);
    }

    @Test
    void shouldOfferOnlyFilesBelowEveryReaderAndOldEnough() {
        final List<RolledFile> all = journal.rolledFiles().removable(Long.MAX_VALUE, Long.MAX_VALUE);
        assertEquals(Journals.cycleFiles(directory).size() - 1, all.size(), "never the newest");
        final RolledFile second = all.get(1);
        assertEquals(1, all.get(0).firstSequence());
        assertEquals(second.firstSequence(), all.get(0).nextSequence());
        assertEquals(1, journal.rolledFiles().removable(second.firstSequence(), Long.MAX_VALUE).size());
        assertEquals(0, journal.rolledFiles().removable(second.firstSequence() - 1, Long.MAX_VALUE).size());
        assertEquals(1, journal.rolledFiles().removable(Long.MAX_VALUE, second.endEpochMs()).size());
        assertEquals(2, journal.rolledFiles().removable(Long.MAX_VALUE, second.endEpochMs() + 1).size());
    }

    @Test
    void shouldArchiveWithASumAndLetReadersBeginAfterIt() throws IOException {
        final List<RolledFile> files = journal.rolledFiles().removable(Long.MAX_VALUE, Long.MAX_VALUE);
        final byte[] before = Files.readAllBytes(files.get(0).path());
        final String sum = journal.rolledFiles().archive(files.get(0), archive);
        journal.rolledFiles().delete(files.get(1));
        final Path copy = archive.resolve("queue").resolve(files.get(0).path().getFileName());
        assertEquals(64, sum.length());
        assertEquals(sum + "  " + copy.getFileName() + "\n",
            Files.readString(copy.resolveSibling(copy.getFileName() + ".sha256")));
        assertTrue(Arrays.equals(before, Files.readAllBytes(copy)));
        assertFalse(Files.exists(files.get(0).path()));

        final long first = files.get(1).nextSequence();
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(first, report.firstSequence());
        try (JournalReader reader = Journals.reader(directory)) {
            assertEquals(first, reader.nextSequence());
            assertEquals(JournalError.JOURNAL_NOT_KEPT,
                assertThrows(JournalException.class, () -> reader.seek(first - 1)).error());
            assertEquals(JournalError.JOURNAL_NOT_KEPT, assertThrows(JournalException.class,
                () -> JournalReader.openAt(directory, first - 1)).error());
            Journals.write(journal, last + 1, last + 500);
            assertEquals(last + 500 - first + 1, Journals.readTo(reader, last + 500));
        }
    }

    @Test
    void shouldGoOnWritingAfterARestartWithoutTheOldFiles() {
        for (final RolledFile file : journal.rolledFiles().removable(Long.MAX_VALUE, Long.MAX_VALUE)) {
            journal.rolledFiles().delete(file);
        }
        journal.agent().onClose();
        journal.close();
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        assertEquals(last, journal.recovery().lastSequence());
        Journals.write(journal, last + 1, last + 10);
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldRefuseToRemoveAFileOutOfOrder() {
        final List<RolledFile> files = journal.rolledFiles().removable(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThrows(IllegalArgumentException.class, () -> journal.rolledFiles().delete(files.get(1)));
        assertTrue(Files.exists(files.get(1).path()));
    }

    @Test
    void shouldReadOverAnOldFileThatACrashLeftAfterItsRemovalWasRecorded() throws IOException {
        final List<RolledFile> files = journal.rolledFiles().removable(Long.MAX_VALUE, Long.MAX_VALUE);
        new Retained(files.get(0).nextSequence()).write(directory);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(files.get(0).nextSequence(), report.firstSequence());
        journal.rolledFiles().delete(files.get(0));
    }

    @Test
    void shouldNoticeAFileThatWasTakenAwayByHand() throws IOException {
        final List<Path> files = Journals.cycleFiles(directory);
        Files.delete(files.get(1));
        final JournalException error = JournalVerifier.verify(directory).error();
        assertEquals(JournalError.JOURNAL_GAP, error.error());
    }
}
