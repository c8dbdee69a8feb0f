package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files leave a journal only when nothing needs them, and archive and journal together are always whole. */
class ArchiveTest {
    private static final long PER_RUN = 1000;
    private static final int SIGKILL_EXIT = 137;
    private static final String BILLING = "billing";

    private static Path made;
    private static long last;

    private Path directory;
    private Path archive;
    private JournalId id;
    private Journal journal;

    @BeforeAll
    static void makeFiles() {
        made = Journals.newDirectory();
        try (Journal writer = Journal.launch(Journals.context(made).rollEvery(RollEvery.SECOND))) {
            while (Journals.cycleFiles(made).size() < 5) {
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
        archive = Journals.newDirectory();
        try (Stream<Path> paths = Files.walk(made)) {
            for (final Path path : paths.filter(Files::isRegularFile).toList()) {
                final Path copy = directory.resolve(made.relativize(path));
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        }
        id = JournalId.read(directory);
    }

    @AfterEach
    void deleteDirectories() {
        if (journal != null) {
            journal.agent().onClose();
            journal.close();
        }
        Journals.delete(directory);
        Journals.delete(archive);
    }

    @Test
    void shouldKeepEverythingUntilBillingAndASnapshotArePast() {
        final List<RolledFile> all = removable();
        final RolledFile second = all.get(1);
        assertPlan(0, BILLING);
        position(BILLING, last);
        assertPlan(0, "snapshot");
        snapshot(last);
        assertPlan(all.size(), BILLING);
        position(BILLING, second.nextSequence() - 1);
        assertPlan(2, BILLING);
        position(BILLING, second.nextSequence() - 2);
        assertPlan(1, BILLING);
        position(BILLING, last);
        position("audit", second.firstSequence() - 1);
        assertPlan(1, "audit");
        position("audit", last);
        snapshot(second.firstSequence() - 1);
        assertPlan(1, "snapshot");
    }

    @Test
    void shouldKeepWhatOnlyAnUndamagedSnapshotStandsFor() throws IOException {
        position(BILLING, last);
        snapshot(last);
        assertEquals(removable().size(), plan().due().size());
        flip(directory.resolve("snapshots").resolve(String.format("%020d.snapshot", last)), 70);
        assertPlan(0, "snapshot");
    }

    @Test
    void shouldKeepWhatIsYoungerThanTheRetention() {
        position(BILLING, last);
        snapshot(last);
        final List<RolledFile> all = removable();
        final long nowMs = all.get(1).endEpochMs() + 10_001;
        final Archivist archivist = Archivist.of(context().retentionMs(10_000).clock(() -> nowMs));
        assertEquals(2, archivist.plan().due().size());
    }

    @Test
    void shouldTakeNothingAwayOnTheWordOfADamagedPosition() throws IOException {
        position(BILLING, last);
        snapshot(last);
        flip(directory.resolve("consumers/billing"), 17);
        assertEquals(JournalError.JOURNAL_CORRUPT,
            assertThrows(JournalException.class, () -> plan()).error());
        position(BILLING, 5);
        assertPlan(0, BILLING);
    }

    @Test
    void shouldBeWholeWithItsArchiveAndSayThatItsBeginningIsGoneWithoutIt() {
        final long first = archiveAll();
        assertEquals(1, Journals.cycleFiles(directory).size());
        final VerifyReport whole = JournalVerifier.verify(directory, archive);
        assertTrue(whole.ok(), () -> "" + whole.error());
        assertEquals(1, whole.firstSequence());
        assertEquals(last, whole.records());
        final VerifyReport live = JournalVerifier.verify(directory);
        assertTrue(live.ok(), () -> "" + live.error());
        assertEquals(first, live.firstSequence());
        final VerifyReport archived = JournalVerifier.verify(archive);
        assertTrue(archived.ok(), () -> "" + archived.error());
        assertEquals(first - 1, archived.records());
        assertEquals(List.of(), JournalArchive.verifySums(archive));
        assertEquals(0, plan().due().size());
    }

    @Test
    void shouldReadFromAnySequenceAcrossArchiveAndJournalWhileItIsWritten() {
        final long first = archiveAll();
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        final JournalReader.Context context = new JournalReader.Context().directory(directory).archive(archive);
        try (JournalReader reader = JournalReader.open(context)) {
            assertEquals(1, reader.firstSequence());
            assertEquals(last, Journals.readTo(reader, last));
            Journals.write(journal, last + 1, last + 700);
            assertEquals(700, Journals.readTo(reader, last + 700));
            reader.seek(3);
            assertEquals(last + 698, Journals.readTo(reader, last + 700));
        }
        for (long from = 1; from <= last + 700; from += 311) {
            try (JournalReader reader = JournalReader.openAt(context, from)) {
                assertEquals(last + 700 - from + 1, Journals.readTo(reader, last + 700));
            }
        }
        for (final long from : new long[] {first - 1, first, first + 1}) {
            try (JournalReader reader = JournalReader.openAt(context, from)) {
                assertEquals(last + 700 - from + 1, Journals.readTo(reader, last + 700));
            }
        }
    }

    @Test
    void shouldFollowItsRecordsIntoTheArchiveWhenTheyMoveWhileTheyAreRead() {
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        final Journals.CheckingHandler handler = new Journals.CheckingHandler();
        try (JournalReader reader = JournalReader.open(
            new JournalReader.Context().directory(directory).archive(archive).stallMs(100))) {
            assertEquals(10, reader.poll(handler, 10));
            archiveAll();
            assertEquals(last - 10, Journals.readTo(reader, last));
        }
    }

    @Test
    void shouldSayThatRecordsWereTakenAwayWhileTheyWereToBeReadWhenNoArchiveIsKnown() {
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        try (JournalReader reader = Journals.reader(directory)) {
            assertEquals(10, reader.poll((buffer, offset, length, sequence) -> { }, 10));
            archiveAll();
            final JournalException error =
                assertThrows(JournalException.class, () -> Journals.readTo(reader, last));
            assertEquals(JournalError.JOURNAL_NOT_KEPT, error.error(), error.getMessage());
        }
    }

    @Test
    void shouldNameTheRecordsThatNeitherArchiveNorJournalHas() throws IOException {
        archiveAll();
        final List<Path> archived = Journals.cycleFiles(archive);
        Files.delete(archived.get(archived.size() - 1));
        final JournalException error = JournalVerifier.verify(directory, archive).error();
        assertEquals(JournalError.JOURNAL_GAP, error.error());
        ChronicleQueues.refreshListing(archive.resolve("queue"));
        assertEquals(JournalError.JOURNAL_GAP, JournalVerifier.verify(directory, archive).error().error());
    }

    @Test
    void shouldNoticeAFlippedRecordAndAFlippedByteOfTheArchive() throws IOException {
        archiveAll();
        final Path file = Journals.cycleFiles(archive).get(1);
        flip(file, Files.size(file) - 1);
        assertTrue(JournalVerifier.verify(directory, archive).ok(), "space behind the records is not read");
        final List<JournalException> wrong = JournalArchive.verifySums(archive);
        assertEquals(1, wrong.size());
        assertTrue(wrong.get(0).getMessage().contains(file.getFileName().toString()));
        flip(file, positionOfARecord(file));
        final JournalException error = JournalVerifier.verify(directory, archive).error();
        assertEquals(JournalError.JOURNAL_CORRUPT, error.error(), error.getMessage());
    }

    @Test
    void shouldRefuseTheArchiveOfAnotherJournal() throws IOException {
        JournalId.readOrCreate(archive);
        position(BILLING, last);
        snapshot(last);
        assertEquals(JournalError.ARCHIVE_FOREIGN,
            assertThrows(JournalException.class, () -> Archivist.of(context()).run()).error());
        assertEquals(JournalError.ARCHIVE_FOREIGN, assertThrows(JournalException.class, () -> JournalReader.open(
            new JournalReader.Context().directory(directory).archive(archive))).error());
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldRemoveNothingWhenTheCopyIsNotWhatItsSumSays() throws Exception {
        position(BILLING, last);
        snapshot(last);
        try (JournalChild child = archiveInChild("archive-verified")) {
            assertEquals(SIGKILL_EXIT, child.awaitEnd(), child::output);
        }
        final Path copy = Journals.cycleFiles(archive).get(0);
        flip(copy, positionOfARecord(copy));
        final int before = Journals.cycleFiles(directory).size();
        assertEquals(JournalError.ARCHIVE_CORRUPT,
            assertThrows(JournalException.class, () -> Archivist.of(context()).run()).error());
        assertEquals(before, Journals.cycleFiles(directory).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive-copied:1", "archive-named:1", "archive-verified:1", "archive-retained:1",
        "archive-removed:1", "archive-copied:2", "archive-named:2", "archive-verified:2", "archive-retained:2",
        "archive-removed:2"})
    void shouldLoseNothingWhenKilledAtAnyStep(final String point) throws Exception {
        position(BILLING, last);
        snapshot(last);
        try (JournalChild child = archiveInChild(point)) {
            assertEquals(SIGKILL_EXIT, child.awaitEnd(), child::output);
        }
        assertWhole(point);
        assertTrue(JournalVerifier.verify(directory).ok(), point);
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        assertEquals(last, journal.recovery().lastSequence(), point);
        journal.archivist(context()).run();
        assertWhole(point);
        assertEquals(List.of(), JournalArchive.verifySums(archive));
        assertEquals(1, Journals.cycleFiles(directory).size(), point);
        Journals.write(journal, last + 1, last + 50);
        assertEquals(last + 50, JournalVerifier.verify(directory, archive).records(), point);
        try (Stream<Path> files = Files.list(archive.resolve("queue"))) {
            assertFalse(files.anyMatch(path -> path.toString().endsWith(".new")), point);
        }
    }

    @Test
    void shouldGoOnByItselfAsAnAgent() {
        position(BILLING, 0);
        snapshot(last);
        journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND));
        final long[] nowMs = {System.currentTimeMillis()};
        final Archivist archivist = journal.archivist(context().intervalMs(1000).clock(() -> nowMs[0]));
        assertEquals(0, archivist.doWork());
        position(BILLING, last);
        assertEquals(0, archivist.doWork(), "not before the interval");
        nowMs[0] += 1000;
        assertEquals(4, archivist.doWork());
        assertEquals(4, archivist.last().archived().size());
        nowMs[0] -= 3_600_000;
        assertEquals(0, archivist.doWork(), "a clock that steps back does not stop it");
        assertWhole("agent");
    }

    private void assertWhole(final String where) {
        final VerifyReport report = JournalVerifier.verify(directory, archive);
        assertTrue(report.ok(), () -> where + ": " + report.error());
        assertEquals(1, report.firstSequence(), where);
        assertEquals(last, report.records(), where);
    }

    private JournalChild archiveInChild(final String point) throws IOException {
        return JournalChild.startToCrash(directory, point, "archive", directory.toString(), archive.toString());
    }

    /** Moves all but the newest file away; returns where the journal begins then. */
    private long archiveAll() {
        position(BILLING, last);
        snapshot(last);
        final Archivist archivist = journal == null ? Archivist.of(context()) : journal.archivist(context());
        final Archivist.Report report = archivist.run();
        assertTrue(report.archived().size() >= 4, report::toString);
        if (journal == null) {
            ChronicleQueues.refreshListing(directory.resolve("queue"));
        }
        return Retained.read(directory).firstSequence();
    }

    private void assertPlan(final int files, final String keptBy) {
        final Archivist.Plan plan = plan();
        assertEquals(files, plan.due().size(), plan::toString);
        assertEquals(keptBy, plan.keptBy(), plan::toString);
    }

    private Archivist.Plan plan() {
        return Archivist.of(context()).plan();
    }

    private Archivist.Context context() {
        return new Archivist.Context().directory(directory).archive(archive).bytesPerSecond(0)
            .consumers(List.of(BILLING));
    }

    private List<RolledFile> removable() {
        return new RolledFiles(directory, () -> { }).removable(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private void position(final String name, final long sequence) {
        try (ConsumerPosition position = ConsumerPosition.open(directory, id, name)) {
            position.store(sequence, 1_000_000_000L + sequence);
        }
    }

    private void snapshot(final long sequence) {
        SnapshotStore.open(directory, id).write(sequence, sequence, out -> out.write(new byte[1000]));
    }

    /** Somewhere in the middle of a file's records. */
    private static long positionOfARecord(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length / 16; i < bytes.length; i++) {
            if (bytes[i] == 'B' && bytes[i + 1] == 'T' && bytes[i + 2] == 'C') {
                return i;
            }
        }
        throw new AssertionError("no record in " + file);
    }

    private static void flip(final Path path, final long position) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x10));
            channel.write(one.flip(), position);
        }
    }
}
