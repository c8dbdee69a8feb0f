package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.JournalRingDescriptor;

class JournalRingTest {
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
    void shouldRefuseTheRingOfAnotherJournal() throws IOException {
        final Path other = Journals.newDirectory();
        final Path file = directory.resolve("ring-file");
        try (JournalDirectory owner = JournalDirectory.open(other)) {
            JournalRing.open(owner, other.resolve("ring-file"), Journals.RING_CAPACITY).close();
        }
        Files.move(other.resolve("ring-file"), file, StandardCopyOption.REPLACE_EXISTING);
        final JournalException refused = assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(directory).ringFile(file)));
        assertEquals(JournalError.JOURNAL_RING_FOREIGN, refused.error());
        assertTrue(Files.exists(file), "a foreign ring is never removed");
        Journals.delete(other);
    }

    @Test
    void shouldRefuseATornOrUnknownHeader() throws IOException {
        final Path file = directory.resolve("ring-file");
        leaveRing(file, 1);
        assertEquals(JournalError.JOURNAL_RING_VERSION, refusal(file, JournalRingDescriptor.VERSION_OFFSET, 2));
        assertEquals(JournalError.JOURNAL_RING_TORN, refusal(file, JournalRingDescriptor.MAGIC_OFFSET, 0));
        assertEquals(JournalError.JOURNAL_RING_TORN, refusal(file, JournalRingDescriptor.CAPACITY_OFFSET, 4096));
        assertEquals(JournalError.JOURNAL_RING_TORN, refusal(file, JournalRingDescriptor.CAPACITY_OFFSET, 4097));
        final long tailOffset = JournalRingDescriptor.RING_OFFSET + (long) Journals.RING_CAPACITY
            + RingBufferDescriptor.TAIL_POSITION_OFFSET;
        assertEquals(JournalError.JOURNAL_RING_TORN, refusal(file, tailOffset, 1L << 40));
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(5000);
        }
        assertEquals(JournalError.JOURNAL_RING_TORN, launchError(file));
    }

    @Test
    void shouldRefuseAFlippedBitInALeftoverRecord() throws IOException {
        final Path file = directory.resolve("ring-file");
        leaveRing(file, 10);
        final long inSecond = JournalRingDescriptor.RING_OFFSET + 8 + new Records().encode(1) + 60L;
        flip(file, inSecond);
        final JournalCorruptException refused = assertThrows(JournalCorruptException.class,
            () -> Journal.launch(Journals.context(directory).ringFile(file)));
        assertEquals(JournalError.JOURNAL_CORRUPT, refused.error());
        assertEquals(2, refused.expectedSequence());
        flip(file, inSecond);
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            assertEquals(10, journal.recovery().lastSequence());
        }
    }

    @Test
    void shouldRefuseARingWhoseRecordsAreHiddenByAClearedLength() throws IOException {
        final Path file = directory.resolve("ring-file");
        leaveRing(file, 100);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), JournalRingDescriptor.RING_OFFSET);
        }
        assertEquals(JournalError.JOURNAL_RING_TORN, launchError(file));
    }

    @Test
    void shouldRefuseAGapBetweenQueueAndRing() {
        final Path file = directory.resolve("ring-file");
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            Journals.write(journal, 1, 10);
            journal.agent().onClose();
            new Records().offer(journal.ring().ringBuffer(), 12);
        }
        final JournalCorruptException refused = assertThrows(JournalCorruptException.class,
            () -> Journal.launch(Journals.context(directory).ringFile(file)));
        assertEquals(JournalError.JOURNAL_GAP, refused.error());
        assertEquals(11, refused.expectedSequence());
    }

    @Test
    void shouldSkipRecordsThatTheQueueHasAlready() {
        final Path file = directory.resolve("ring-file");
        Journals.make(directory, 10, 10);
        try (JournalDirectory owner = JournalDirectory.open(directory);
            JournalRing ring = JournalRing.open(owner, file, Journals.RING_CAPACITY)) {
            final Records records = new Records();
            for (long sequence = 6; sequence <= 15; sequence++) {
                assertTrue(records.offer(ring.ringBuffer(), sequence));
            }
        }
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            assertEquals(5, journal.recovery().skipped());
            assertEquals(5, journal.recovery().drained());
            assertEquals(15, journal.recovery().lastSequence());
        }
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldFindALeftoverRingUnderAnotherConfigurationAndThenUseTheNewCapacity() {
        final Path file = directory.resolve("elsewhere");
        leaveRing(file, 50);
        final Path wanted = directory.resolve("ring-file");
        try (Journal journal = Journal.launch(
            Journals.context(directory).ringFile(wanted).ringCapacity(2 * Journals.RING_CAPACITY))) {
            assertEquals(50, journal.recovery().drained());
            assertEquals(2 * Journals.RING_CAPACITY, journal.ring().capacity());
            assertEquals(wanted.toAbsolutePath(), journal.ring().file());
            assertFalse(Files.exists(file));
            Journals.write(journal, 51, 5000);
            journal.agent().onClose();
        }
        assertEquals(5000, JournalVerifier.verify(directory).lastSequence());
    }

    @Test
    void shouldNotLoseRecordsBehindSpaceThatWasZeroedButNotReleased() throws IOException {
        final Path file = directory.resolve("ring-file");
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            Journals.write(journal, 1, 20);
            journal.agent().onClose();
            final Records records = new Records();
            for (long sequence = 21; sequence <= 30; sequence++) {
                assertTrue(records.offer(journal.ring().ringBuffer(), sequence));
            }
        }
        // As if killed inside release(): space announced and zeroed, head of the ring not yet moved.
        final long headOffset = JournalRingDescriptor.RING_OFFSET + (long) Journals.RING_CAPACITY
            + RingBufferDescriptor.HEAD_POSITION_OFFSET;
        putLong(file, headOffset, 0);
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            assertEquals(30, journal.recovery().lastSequence());
        }
    }

    @Test
    void shouldDropARecordThatWasClaimedAndNeverCommitted() {
        final Path file = directory.resolve("ring-file");
        leaveRing(file, 10);
        try (JournalDirectory owner = JournalDirectory.open(directory);
            JournalRing ring = JournalRing.open(owner, file, Journals.RING_CAPACITY)) {
            assertTrue(ring.ringBuffer().tryClaim(JournalRecordDescriptor.RING_MESSAGE_TYPE, 500) > 0);
        }
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            assertEquals(10, journal.recovery().lastSequence());
            assertTrue(journal.ring().isDrained());
            Journals.write(journal, 11, 20_000);
            journal.agent().onClose();
        }
        assertEquals(20_000, JournalVerifier.verify(directory).records());
    }

    private void leaveRing(final Path file, final long count) {
        try (Journal journal = Journal.launch(Journals.context(directory).ringFile(file))) {
            final Records records = new Records();
            for (long sequence = 1; sequence <= count; sequence++) {
                assertTrue(records.offer(journal.ring().ringBuffer(), sequence));
            }
        }
        assertTrue(Files.exists(file));
    }

    private JournalError launchError(final Path file) {
        return assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(directory).ringFile(file))).error();
    }

    private JournalError refusal(final Path file, final long offset, final long value) throws IOException {
        final long before = putLong(file, offset, value);
        final JournalError error = launchError(file);
        putLong(file, offset, before);
        return error;
    }

    private static long putLong(final Path file, final long offset, final long value) throws IOException {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(word, offset);
            final long before = word.getLong(0);
            word.clear().putLong(0, value);
            channel.write(word, offset);
            return before;
        }
    }

    private static void flip(final Path file, final long offset) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            final int before = access.read();
            access.seek(offset);
            access.write(before ^ 1);
        }
    }
}
