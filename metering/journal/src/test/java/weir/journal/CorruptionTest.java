package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damages a closed journal on disk, byte by byte, and asks verifier, reader and writer what they see. */
class CorruptionTest {
    private static final int RECORDS = 60;
    private static final int PER_EXCERPT = 6;
    private static final long VICTIM = 32;

    private Path directory;
    private Path file;
    private byte[] bytes;

    @BeforeEach
    void makeJournal() throws IOException {
        directory = Journals.newDirectory();
        Journals.make(directory, RECORDS, PER_EXCERPT);
        file = Journals.cycleFiles(directory).get(0);
        bytes = Files.readAllBytes(file);
    }

    @AfterEach
    void deleteDirectory() {
        Journals.delete(directory);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 3, 7, 60})
    void shouldFindTheSameByManyThreadsAsByOne(final int threads) throws IOException {
        final VerifyReport one = JournalVerifier.verify(directory);
        final VerifyReport many = JournalVerifier.verify(directory, threads);
        assertTrue(many.ok(), () -> "" + many.error());
        assertEquals(one.records(), many.records());
        assertEquals(one.bytes(), many.bytes());
        assertEquals(1, many.firstSequence());
        assertEquals(RECORDS, many.lastSequence());
        assertEquals(one.byTemplate(), many.byTemplate());
        for (long sequence = 1; sequence <= RECORDS; sequence += 7) {
            final int at = frameOffset(sequence) + 40;
            overwrite(at, (byte) (bytes[at] ^ 1));
            final JournalCorruptException error =
                (JournalCorruptException) JournalVerifier.verify(directory, threads).error();
            assertEquals(sequence, error.expectedSequence());
            assertEquals(JournalError.JOURNAL_CORRUPT, error.error());
            overwrite(at, bytes[at]);
        }
    }

    @ParameterizedTest(name = "frame offset {0}")
    @ValueSource(ints = {0, 3, 4, 5, 7, 8, 9, 10, 12, 14, 16, 20, 24, 32, 40, 60, 100, 130, 150, 170, 200})
    void shouldNameTheRecordWhenAnyByteOfItsFrameIsFlipped(final int offset) throws IOException {
        final int start = frameOffset(VICTIM - 1);
        assertTrue(offset < frameLength(VICTIM - 1));
        for (final int bit : new int[] {0, 3, 7}) {
            overwrite(start + offset, (byte) (bytes[start + offset] ^ 1 << bit));
            final VerifyReport report = JournalVerifier.verify(directory);
            assertFalse(report.ok(), "bit " + bit + " at " + offset);
            final JournalCorruptException error = (JournalCorruptException) report.error();
            assertEquals(JournalError.JOURNAL_CORRUPT, error.error());
            assertEquals(VICTIM - 1, error.expectedSequence());
            assertEquals(VICTIM - 2, report.lastSequence());
            assertEquals(file.getFileName().toString(), error.file());
            assertEquals((VICTIM - 2) / PER_EXCERPT, error.excerpt());
            assertEquals(1, report.exitCode());
            overwrite(start + offset, bytes[start + offset]);
        }
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldDetectAnyFlippedBitOfAnExcerptHeader() throws IOException {
        final int first = frameOffset(VICTIM - 1);
        final int header = first - 4;
        assertEquals(0, (VICTIM - 2) % PER_EXCERPT, "the victim is the first of its excerpt");
        for (int bit = 0; bit < 32; bit++) {
            final int at = header + bit / 8;
            overwrite(at, (byte) (bytes[at] ^ 1 << bit % 8));
            final VerifyReport report = JournalVerifier.verify(directory);
            assertFalse(report.ok(), "bit " + bit + " verified " + report.records());
            assertTrue(report.lastSequence() < VICTIM + PER_EXCERPT, "bit " + bit + ": " + report);
            overwrite(at, bytes[at]);
        }
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldDetectEveryFlipOfTheWholeDataRegion() throws IOException {
        for (long sequence = 1; sequence <= RECORDS; sequence++) {
            final int from = frameOffset(sequence) - (sequence % PER_EXCERPT == 1 ? 4 : 0);
            final int to = frameOffset(sequence) + frameLength(sequence);
            for (int at = from + (int) sequence % 23; at < to; at += 23) {
                overwrite(at, (byte) (bytes[at] ^ 1 << at % 8));
                assertFalse(JournalVerifier.verify(directory).ok(), "byte " + at);
                overwrite(at, bytes[at]);
            }
        }
    }

    @Test
    void shouldDetectAMissingRecord() throws IOException {
        final byte[] copy = bytes.clone();
        // The victim's bytes become those of its successor of the same kind: a valid frame in the wrong place.
        copyFrame(copy, VICTIM + 2, VICTIM);
        Files.write(file, copy);
        final JournalCorruptException error = (JournalCorruptException) JournalVerifier.verify(directory).error();
        assertEquals(JournalError.JOURNAL_GAP, error.error());
        assertEquals(VICTIM, error.expectedSequence());
        assertTrue(error.getMessage().contains("found sequence " + (VICTIM + 2)), error.getMessage());
    }

    @Test
    void shouldDetectADuplicatedRecord() throws IOException {
        final byte[] copy = bytes.clone();
        copyFrame(copy, VICTIM - 2, VICTIM);
        Files.write(file, copy);
        final JournalCorruptException error = (JournalCorruptException) JournalVerifier.verify(directory).error();
        assertEquals(JournalError.JOURNAL_DUPLICATE, error.error());
        assertEquals(VICTIM, error.expectedSequence());
    }

    @Test
    void shouldDetectATruncatedFile() throws IOException {
        for (final long length : new long[] {frameOffset(VICTIM) + 10L, frameOffset(VICTIM) & ~4095L, 4096, 100, 0}) {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(length);
            }
            final JournalException error = JournalVerifier.verify(directory).error();
            assertEquals(JournalError.JOURNAL_TRUNCATED, error.error(), () -> "length " + length + ": " + error);
            Files.write(file, bytes);
        }
        assertTrue(JournalVerifier.verify(directory).ok());
    }

    @Test
    void shouldDetectACutFarBehindItsBeginning() throws IOException {
        final Path other = Journals.newDirectory();
        Journals.make(other, 30_000, 300);
        final Path cut = Journals.cycleFiles(other).get(0);
        try (RandomAccessFile access = new RandomAccessFile(cut.toFile(), "rw")) {
            access.setLength(3 * 1024 * 1024);
        }
        final VerifyReport report = JournalVerifier.verify(other);
        assertEquals(JournalError.JOURNAL_TRUNCATED, report.error().error());
        assertTrue(report.error().getMessage().contains(cut.getFileName().toString()), report.error().getMessage());
        try (JournalReader reader = Journals.reader(other)) {
            assertEquals(JournalError.JOURNAL_TRUNCATED,
                assertThrows(JournalException.class, () -> reader.seek(29_000)).error());
        }
        assertEquals(JournalError.JOURNAL_TRUNCATED, assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(other))).error());
        Journals.delete(other);
    }

    @Test
    void shouldSetAnEmptyFileAsideThatAKillLeft() throws IOException {
        final Path empty = directory.resolve("queue").resolve("20991231-23F.cq4");
        Files.createFile(empty);
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(RECORDS, journal.recovery().lastSequence());
            Journals.write(journal, RECORDS + 1, RECORDS + 10);
            journal.agent().onClose();
        }
        assertFalse(Files.exists(empty));
        assertEquals(RECORDS + 10, JournalVerifier.verify(directory).records());
    }

    @Test
    void shouldDetectALostFile() throws IOException {
        Files.delete(file);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(JournalError.JOURNAL_TRUNCATED, report.error().error());
        assertEquals(JournalError.JOURNAL_TRUNCATED, assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(directory))).error());
    }

    @Test
    void shouldRefuseToWriteAfterADamagedEnd() throws IOException {
        overwrite(frameOffset(RECORDS) + 40, (byte) (bytes[frameOffset(RECORDS) + 40] ^ 1));
        final JournalException error = assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(directory)));
        assertEquals(JournalError.JOURNAL_CORRUPT, error.error());
        overwrite(frameOffset(RECORDS) + 40, bytes[frameOffset(RECORDS) + 40]);
        Journal.launch(Journals.context(directory)).close();
    }

    @Test
    void shouldThrowAgainAtEveryPollOfADamagedRecord() throws IOException {
        overwrite(frameOffset(VICTIM) + 40, (byte) (bytes[frameOffset(VICTIM) + 40] ^ 1));
        try (JournalReader reader = Journals.reader(directory)) {
            final List<Long> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                final JournalCorruptException error = assertThrows(JournalCorruptException.class,
                    () -> reader.poll((buffer, offset, length, sequence) -> seen.add(sequence), 1000));
                assertEquals(VICTIM, error.expectedSequence());
            }
            assertEquals(VICTIM - 1, seen.size());
        }
    }

    @Test
    void shouldRefuseARecordOfALaterSchemaVersion() throws IOException {
        final Records records = new Records();
        final int length = records.encode(VICTIM);
        records.frame().putShort(14, (short) 999);
        records.sign(length);
        final byte[] copy = bytes.clone();
        records.frame().getBytes(0, copy, frameOffset(VICTIM), length);
        Files.write(file, copy);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(JournalError.JOURNAL_VERSION, report.error().error());
    }

    private void copyFrame(final byte[] target, final long from, final long to) {
        assertEquals(frameLength(from), frameLength(to));
        System.arraycopy(bytes, frameOffset(from), target, frameOffset(to), frameLength(to));
    }

    private void overwrite(final int offset, final byte value) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(value);
        }
    }

    private int frameLength(final long sequence) {
        return new Records().encode(sequence);
    }

    /** Where the frame of a sequence stands in the file: found by its bytes, which no other frame shares. */
    private int frameOffset(final long sequence) {
        final Records records = new Records();
        final int length = records.encode(sequence);
        for (int at = 0; at <= bytes.length - length; at++) {
            int same = 0;
            while (same < length && bytes[at + same] == records.frame().getByte(same)) {
                same++;
            }
            if (same == length) {
                return at;
            }
        }
        throw new AssertionError("record " + sequence + " is not in " + file);
    }
}
