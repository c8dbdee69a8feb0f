package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real, small file system that fills up. Needs the right to mount; skipped by name without it. */
class DiskFullTest {
    private static final int MB = 1024 * 1024;
    private static final int SIZE_MB = 32;
    private static final int BALLAST_MB = 12;

    private Path mount;
    private Path directory;
    private boolean mounted;

    @BeforeEach
    void mountSmallDevice() throws Exception {
        mount = Journals.newDirectory();
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MB + "m", "tmpfs", mount.toString());
        Assumptions.assumeTrue(mounted, "needs root and mount for a small tmpfs");
        directory = Files.createDirectory(mount.resolve("journal"));
        Files.write(ballast(), new byte[BALLAST_MB * MB]);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            final Path id = directory.resolve(JournalId.FILE);
            if (Files.exists(id)) {
                Files.deleteIfExists(Path.of("/dev/shm/weir-ring-" + Files.readString(id).strip()));
            }
            assertTrue(run("umount", "-l", mount.toString()));
        }
        Files.deleteIfExists(mount);
    }

    @Test
    void shouldRaiseLowSpaceThenPauseThenResumeByItselfAndLoseNothing() throws IOException {
        try (Journal journal = Journal.launch(Journals.context(directory)
            .spaceMarks(3 * MB, 6 * MB, 9 * MB).spaceCheckIntervalMs(1))) {
            final Feed feed = new Feed(journal);
            feed.until(() -> journal.agent().lowSpace());
            final long atLow = journal.agent().lastSequence();
            feed.until(() -> journal.agent().stalled());
            assertTrue(journal.agent().lastSequence() > atLow + 1000, "the reserve is used after the mark");
            feed.until(() -> feed.full);
            final long appended = journal.agent().lastSequence();
            for (int i = 0; i < 100; i++) {
                assertEquals(0, journal.agent().doWork());
            }
            assertEquals(appended, journal.agent().lastSequence());
            assertFalse(journal.agent().failed());
            Files.delete(ballast());
            feed.until(() -> !journal.agent().stalled() && !journal.agent().lowSpace());
            Journals.drain(journal);
            assertEquals(feed.next - 1, journal.agent().lastSequence());
            assertFalse(journal.agent().failed());
            journal.agent().onClose();
        }
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
    }

    @Test
    void shouldHaltAndLoseNothingWhenTheDeviceFillsUpUnseen() throws IOException {
        final long written;
        try (Journal journal = Journal.launch(Journals.context(directory).usableBytes(() -> Long.MAX_VALUE))) {
            final Feed feed = new Feed(journal);
            try {
                feed.until(() -> journal.agent().failed());
            } catch (final JournalException | InternalError ex) {
                assertTrue(journal.agent().failed(), ex::toString);
            }
            written = feed.next - 1;
            assertTrue(written > 10_000);
            assertEquals(0, journal.agent().doWork());
        }
        Files.delete(ballast());
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(written, journal.recovery().lastSequence());
            Journals.write(journal, written + 1, written + 1000);
            journal.agent().onClose();
        }
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(written + 1000, report.records());
    }

    private Path ballast() {
        return mount.resolve("ballast");
    }

    private static boolean run(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Writes and drains on this thread until something holds. */
    private static final class Feed {
        private final Journal journal;
        private final OneToOneRingBuffer ring;
        private final Records records = new Records();
        private long next = 1;
        private boolean full;

        Feed(final Journal journal) {
            this.journal = journal;
            this.ring = journal.ring().ringBuffer();
        }

        void until(final BooleanSupplier condition) {
            final long deadline = System.nanoTime() + Journals.TIMEOUT_NS;
            while (!condition.getAsBoolean()) {
                if (records.offer(ring, next)) {
                    next++;
                    full = false;
                } else {
                    full = true;
                }
                if (full || next % 50 == 0) {
                    journal.agent().doWork();
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("at " + next + ", usable " + journal.agent().usableBytes()
                        + ", last " + journal.agent().lastSequence() + ", low " + journal.agent().lowSpace());
                }
            }
        }
    }
}
