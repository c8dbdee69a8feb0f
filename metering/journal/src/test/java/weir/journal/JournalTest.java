package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalTest {
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
    void shouldReadBackWhatWasWritten() {
        Journals.make(directory, 10_000, 10_000);
        try (JournalReader reader = Journals.reader(directory)) {
            assertEquals(10_000, Journals.readTo(reader, 10_000));
            assertEquals(0, reader.poll((buffer, offset, length, sequence) -> { }, 1));
            assertEquals(10_001, reader.nextSequence());
        }
    }

    @Test
    void shouldPutManyRecordsIntoOneExcerpt() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 1, 5000);
            assertEquals(5000, journal.agent().records());
            final long fewest = journal.agent().bytes() / (64 * 1024);
            assertTrue(journal.agent().excerpts() >= fewest && journal.agent().excerpts() < 3 * fewest,
                "excerpts " + journal.agent().excerpts() + " for " + journal.agent().bytes() + " bytes");
            assertTrue(journal.agent().ringHighWater() > 64 * 1024);
            journal.agent().onClose();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xC00000C1})
    void shouldGoOnWhenAKillLeftAFileWhoseHeaderWasNeverFinished(final int header) throws IOException {
        Journals.make(directory, 100, 7);
        final byte[] bytes = new byte[2 << 20];
        new UnsafeBuffer(bytes).putInt(0, header, ByteOrder.LITTLE_ENDIAN);
        final Path file = directory.resolve(JournalDirectory.QUEUE).resolve("29991231-23F.cq4");
        Files.write(file, bytes);
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(100, journal.recovery().lastSequence());
            Journals.write(journal, 101, 200);
            journal.agent().onClose();
        }
        assertFalse(Files.exists(file));
        assertEquals(200, JournalVerifier.verify(directory).lastSequence());
    }

    @Test
    void shouldGoOnAfterLastSequenceWhenOpenedAgain() {
        Journals.make(directory, 100, 7);
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(100, journal.recovery().lastSequence());
            assertEquals(0, journal.recovery().drained());
            Journals.write(journal, 101, 200);
            journal.agent().onClose();
        }
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(200, report.records());
        assertEquals(1, report.firstSequence());
        assertEquals(200, report.lastSequence());
        assertEquals(100L, report.byTemplate().get("NewOrder"));
        assertEquals(100L, report.byTemplate().get("Tick"));
        assertEquals(0, report.exitCode());
    }

    @Test
    void shouldGrowBeyondOneMappedBlockUnderAReader() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 1, 10);
            try (JournalReader reader = Journals.reader(directory)) {
                assertEquals(10, Journals.readTo(reader, 10));
                Journals.write(journal, 11, 40_000);
                assertTrue(journal.agent().bytes() > 5 * Journals.BLOCK_SIZE);
                assertEquals(40_000 - 10, Journals.readTo(reader, 40_000));
            }
            journal.agent().onClose();
        }
    }

    @Test
    void shouldRemoveRingFileWhenClosedCleanAndKeepItOtherwise() {
        final Path ring;
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            ring = journal.ring().file();
            assertTrue(ring.startsWith("/dev/shm"));
            new Records().offer(journal.ring().ringBuffer(), 1);
        }
        assertTrue(Files.exists(ring));
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(1, journal.recovery().drained());
            assertEquals(1, journal.recovery().lastSequence());
        }
        assertFalse(Files.exists(ring));
    }

    @Test
    void shouldRefuseAnotherRollCycleThanTheJournalHas() {
        Journals.make(directory, 3, 3);
        final JournalException refused = assertThrows(JournalException.class,
            () -> Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND)));
        assertEquals(JournalError.JOURNAL_ROLL_CYCLE, refused.error());
    }

    @Test
    void shouldFindAnySequenceByHalving() {
        Journals.make(directory, 20_000, 9);
        try (JournalReader reader = Journals.reader(directory)) {
            for (final long sequence : new long[] {1, 2, 9, 10, 4999, 12_345, 19_999, 20_000}) {
                reader.seek(sequence);
                final long[] first = {0};
                assertEquals(1, reader.poll((buffer, offset, length, found) -> first[0] = found, 1));
                assertEquals(sequence, first[0]);
            }
            reader.seek(20_001);
            assertEquals(0, reader.poll((buffer, offset, length, found) -> { }, 1));
            assertEquals(JournalError.JOURNAL_TRUNCATED,
                assertThrows(JournalException.class, () -> reader.seek(20_002)).error());
        }
    }

    @Test
    void shouldHandOverARecordAgainWhenItsHandlerThrew() {
        Journals.make(directory, 10, 10);
        try (JournalReader reader = Journals.reader(directory)) {
            assertThrows(IllegalStateException.class, () -> reader.poll((buffer, offset, length, sequence) -> {
                if (sequence == 4) {
                    throw new IllegalStateException("not now");
                }
            }, 100));
            assertEquals(4, reader.nextSequence());
            assertEquals(7, Journals.readTo(reader, 10));
        }
    }

    @Test
    void shouldSayThatThereIsNoJournalWhenWaitEnds() {
        assertEquals(JournalError.JOURNAL_UNAVAILABLE, assertThrows(JournalException.class,
            () -> JournalReader.open(new JournalReader.Context().directory(directory).waitMs(50))).error());
    }

    @Test
    void shouldSayHowManyRecordsAPowerFailureTook() throws IOException {
        Journals.make(directory, 100, 10);
        setAppended(150);
        assertEquals(JournalError.JOURNAL_TRUNCATED,
            assertThrows(JournalException.class, () -> Journal.launch(Journals.context(directory))).error());
        Journals.startMachineAgain(directory);
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(50, journal.recovery().lostToPowerFailure());
            assertEquals(100, journal.recovery().lastSequence());
            assertEquals(150, journal.recovery().highestSequence());
        }
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(0, journal.recovery().lostToPowerFailure());
            assertEquals(150, journal.recovery().highestSequence(), "not forgotten by a start that wrote nothing");
            Journals.write(journal, 101, 160);
            journal.agent().onClose();
        }
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(160, journal.recovery().highestSequence());
        }
    }

    @Test
    void shouldRefuseToLoseWhatWasDurable() throws IOException {
        try (Journal journal = Journal.launch(Journals.context(directory).syncIntervalMs(1))) {
            Journals.write(journal, 1, 100);
            journal.agent().onClose();
            assertEquals(100, journal.agent().durableSequence());
        }
        try (JournalProgress progress = JournalProgress.openWriter(directory, JournalId.read(directory))) {
            progress.appended(130);
            progress.durable(120);
        }
        Journals.startMachineAgain(directory);
        assertEquals(JournalError.JOURNAL_TRUNCATED,
            assertThrows(JournalException.class, () -> Journal.launch(Journals.context(directory))).error());
    }

    @Test
    void shouldMakeDurableAtTheStartWhatARunWithoutGroupSyncLeft() {
        try (Journal journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND))) {
            Journals.write(journal, 1, 100);
            assertEquals(0, journal.agent().durableSequence());
        }
        try (Journal journal = Journal.launch(
            Journals.context(directory).rollEvery(RollEvery.SECOND).syncIntervalMs(1))) {
            assertEquals(100, journal.agent().durableSequence());
        }
    }

    @Test
    void shouldGoOnInTheLastFileWhenTheWallClockIsBehindIt() {
        Journals.make(directory, 10, 10);
        final ChronicleQueues.RollClock ahead = new ChronicleQueues.RollClock();
        ahead.notBefore(System.currentTimeMillis() + 2 * 3_600_000);
        try (SingleChronicleQueue queue = ChronicleQueues.openWriter(
            directory.resolve("queue"), RollEvery.HOUR, Journals.BLOCK_SIZE, ahead);
            ExcerptAppender appender = queue.createAppender();
            DocumentContext document = appender.writingDocument()) {
            final Records records = new Records();
            final byte[] frame = new byte[records.encode(11)];
            records.frame().getBytes(0, frame);
            document.wire().bytes().write(frame);
        }
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(11, journal.recovery().lastSequence());
            Journals.write(journal, 12, 100);
            journal.agent().onClose();
        }
        assertEquals(2, Journals.cycleFiles(directory).size());
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(100, report.records());
    }

    private void setAppended(final long sequence) {
        try (JournalProgress progress = JournalProgress.openWriter(directory, JournalId.read(directory))) {
            progress.appended(sequence);
        }
    }
}
