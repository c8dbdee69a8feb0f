package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveReaderTest {
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
    void shouldFollowAWriterInAnotherProcessThroughRolls() throws Exception {
        final long last = 60_000;
        try (JournalChild child = JournalChild.startWriter(directory, RollEvery.SECOND, last, 1000, null);
            JournalReader reader = Journals.reader(directory)) {
            assertEquals(last, Journals.readTo(reader, last), child::output);
            assertEquals(0, child.awaitEnd(), child::output);
        }
        assertTrue(Journals.cycleFiles(directory).size() >= 3, () -> "" + Journals.cycleFiles(directory));
        assertEquals(last, JournalVerifier.verify(directory).records());
    }

    @Test
    void shouldFindAnySequenceAcrossFiles() throws Exception {
        final long last = 40_000;
        try (JournalChild child = JournalChild.startWriter(directory, RollEvery.SECOND, last, 1500, null)) {
            assertEquals(0, child.awaitEnd(), child::output);
        }
        assertTrue(Journals.cycleFiles(directory).size() >= 3, () -> "" + Journals.cycleFiles(directory));
        try (JournalReader reader = Journals.reader(directory)) {
            for (long sequence = 1; sequence <= last; sequence += 997) {
                final long[] found = {0};
                reader.seek(sequence);
                assertEquals(1, reader.poll((buffer, offset, length, at) -> found[0] = at, 1));
                assertEquals(sequence, found[0]);
            }
            reader.seek(1);
            assertEquals(last, Journals.readTo(reader, last));
        }
    }

    @Test
    void shouldAllocateNothingWhileIdle() {
        Journals.make(directory, 100, 10);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final RecordHandler handler = (buffer, offset, length, sequence) -> { };
        try (JournalReader reader = Journals.reader(directory)) {
            Journals.readTo(reader, 100);
            for (int i = 0; i < 20_000; i++) {
                reader.poll(handler, 10);
            }
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                reader.poll(handler, 10);
            }
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 10_000, "allocated " + allocated + " bytes in 100000 empty polls");
        }
    }

    @Test
    void shouldStopAtTheDurableSequenceWhenAsked() {
        try (Journal journal = Journal.launch(Journals.context(directory).syncIntervalMs(3_600_000))) {
            journal.agent().doWork();
            Journals.write(journal, 1, 500);
            assertEquals(0, journal.agent().durableSequence());
            try (JournalReader careful = JournalReader.open(
                new JournalReader.Context().directory(directory).durableOnly(true));
                JournalReader other = Journals.reader(directory)) {
                assertEquals(500, Journals.readTo(other, 500));
                assertEquals(0, careful.poll((buffer, offset, length, sequence) -> { }, 1000));
                journal.agent().onClose();
                assertEquals(500, journal.agent().durableSequence());
                assertEquals(500, careful.durable());
                assertEquals(500, Journals.readTo(careful, 500));
            }
        }
    }
}
