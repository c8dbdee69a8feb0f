package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.JournalRecordDescriptor;

class JournalAgentTest {
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
    void shouldTakeAStreamThroughASmallRingWithoutLoss() throws IOException {
        final long count = 300_000;
        final AtomicReference<Throwable> error = new AtomicReference<>();
        try (Journal journal = Journal.launch(Journals.context(directory).ringCapacity(64 * 1024))) {
            final AgentRunner runner =
                new AgentRunner(new BackoffIdleStrategy(), error::set, null, journal.agent());
            AgentRunner.startOnThread(runner);
            final Records records = new Records();
            for (long sequence = 1; sequence <= count; sequence++) {
                while (!records.offer(journal.ring().ringBuffer(), sequence)) {
                    LockSupport.parkNanos(20_000);
                    assertFalse(journal.agent().failed(), () -> "" + journal.agent().failure());
                }
            }
            runner.close();
            assertEquals(count, journal.agent().records());
            assertEquals(count, journal.agent().lastSequence());
            assertTrue(journal.agent().excerpts() < count / 4, "excerpts " + journal.agent().excerpts());
            assertTrue(journal.agent().ringHighWater() <= 64 * 1024);
            assertTrue(journal.ring().isDrained());
        }
        assertSame(null, error.get());
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(count, report.records());
    }

    @Test
    void shouldAppendAndSynchroniseOnAThreadThatIsInterrupted() throws Exception {
        final long count = 100_000;
        final AtomicReference<Throwable> error = new AtomicReference<>();
        try (Journal journal = Journal.launch(Journals.context(directory).ringCapacity(64 * 1024).syncIntervalMs(1))) {
            final Thread thread = new Thread(() -> {
                try {
                    while (journal.agent().durableSequence() < count) {
                        journal.agent().doWork();
                    }
                    assertTrue(Thread.currentThread().isInterrupted(), "left for whoever waits for it");
                } catch (final Throwable ex) {
                    error.set(ex);
                }
            });
            thread.start();
            final Records records = new Records();
            for (long sequence = 1; sequence <= count; sequence++) {
                while (!records.offer(journal.ring().ringBuffer(), sequence)) {
                    thread.interrupt();
                    assertTrue(thread.isAlive(), () -> "" + error.get());
                }
            }
            thread.join();
        }
        assertSame(null, error.get());
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(count, report.records());
    }

    @Test
    void shouldHaltAtAGapAndKeepWhatCameBefore() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            final Records records = new Records();
            for (final long sequence : new long[] {1, 2, 3, 5}) {
                records.offer(journal.ring().ringBuffer(), sequence);
            }
            assertEquals(JournalError.JOURNAL_GAP, halt(journal).error());
            assertEquals(3, journal.agent().lastSequence());
            assertEquals(0, journal.agent().doWork(), "nothing is appended after the halt");
            assertFalse(journal.ring().isDrained());
        }
        assertEquals(3, JournalVerifier.verify(directory).records());
    }

    @Test
    void shouldHaltAtADuplicate() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 1, 3);
            new Records().offer(journal.ring().ringBuffer(), 3);
            assertEquals(JournalError.JOURNAL_DUPLICATE, halt(journal).error());
        }
    }

    @Test
    void shouldHaltAtABadChecksum() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 1, 3);
            final Records records = new Records();
            final int length = records.encode(4);
            records.frame().putByte(60, (byte) ~records.frame().getByte(60));
            journal.ring().ringBuffer().write(JournalRecordDescriptor.RING_MESSAGE_TYPE, records.frame(), 0, length);
            final JournalCorruptException error = halt(journal);
            assertEquals(JournalError.JOURNAL_CORRUPT, error.error());
            assertEquals(4, error.expectedSequence());
            assertTrue(error.getMessage().contains("crc32c"), error.getMessage());
        }
    }

    @Test
    void shouldHaltAtARingRecordOfAnotherType() {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            final Records records = new Records();
            final int length = records.encode(1);
            journal.ring().ringBuffer().write(7, records.frame(), 0, length);
            assertEquals(JournalError.JOURNAL_CORRUPT, halt(journal).error());
        }
    }

    private static JournalCorruptException halt(final Journal journal) {
        final JournalCorruptException error = assertThrows(JournalCorruptException.class, () -> {
            for (int i = 0; i < 10; i++) {
                journal.agent().doWork();
            }
        });
        assertTrue(journal.agent().failed());
        assertSame(error, journal.agent().failure());
        assertEquals(0, journal.agent().doWork());
        return error;
    }

    @Test
    void shouldRaiseLowSpaceAtTheReserveMarkAndLowerItAtTheResumeMark() {
        final AtomicLong usable = new AtomicLong(10_000);
        try (Journal journal = Journal.launch(Journals.context(directory)
            .spaceMarks(1000, 4000, 6000).spaceCheckIntervalMs(1).usableBytes(usable::get))) {
            final long[] next = {1};
            for (final long[] step : new long[][] {
                {10_000, 0, 0}, {4000, 0, 0}, {3999, 1, 0}, {5999, 1, 0}, {1000, 1, 0}, {999, 1, 1},
                {1499, 1, 1}, {1500, 1, 0}, {5999, 1, 0}, {6000, 0, 0}}) {
                usable.set(step[0]);
                LockSupport.parkNanos(2_000_000);
                journal.agent().doWork();
                assertEquals(step[1] == 1, journal.agent().lowSpace(), "low at " + step[0]);
                assertEquals(step[2] == 1, journal.agent().stalled(), "stalled at " + step[0]);
                new Records().offer(journal.ring().ringBuffer(), next[0]);
                journal.agent().doWork();
                if (step[2] == 0) {
                    assertEquals(next[0], journal.agent().lastSequence(), "appended at " + step[0]);
                } else {
                    assertTrue(journal.agent().lastSequence() < next[0], "not appended at " + step[0]);
                }
                next[0]++;
            }
            Journals.drain(journal);
            assertEquals(10, journal.agent().lastSequence());
            assertEquals(6000, journal.agent().usableBytes());
        }
    }

    @Test
    void shouldAllocateLittleWhileAppending() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Journal journal = Journal.launch(Journals.context(directory).blockSize(64 * 1024 * 1024)
            .usableBytes(() -> Long.MAX_VALUE))) {
            Journals.write(journal, 1, 100_000);
            final OneToOneRingBuffer ring = journal.ring().ringBuffer();
            final Records records = new Records();
            long sequence = 100_001;
            long allocated = 0;
            while (sequence <= 200_000) {
                while (records.offer(ring, sequence)) {
                    sequence++;
                }
                final long before = threads.getCurrentThreadAllocatedBytes();
                while (journal.agent().doWork() > 0) {
                    Thread.onSpinWait();
                }
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertTrue(allocated < 50_000, "allocated " + allocated + " bytes for 100000 records");
        }
    }

    @Test
    void shouldRefuseSettingsThatCannotHold() {
        assertThrows(NullPointerException.class, () -> new Journal.Context().conclude());
        assertThrows(IllegalArgumentException.class, () -> Journals.context(directory).ringCapacity(1000).conclude());
        assertThrows(IllegalArgumentException.class, () -> Journals.context(directory).blockSize(4096).conclude());
        assertThrows(IllegalArgumentException.class, () -> Journals.context(directory).excerptBytes(70_000).conclude());
        assertThrows(IllegalArgumentException.class,
            () -> Journals.context(directory).spaceMarks(10, 5, 20).conclude());
        final Journal.Context concluded = Journals.context(directory).conclude();
        assertThrows(IllegalStateException.class, () -> concluded.ringCapacity(65_536));
    }
}
