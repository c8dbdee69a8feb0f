package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real writer process with SIGKILL and proves that what it committed to the ring is in the journal. */
class KillTest {
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int SIGKILL_EXIT = 137;

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
    void shouldLoseNothingThatWasCommittedWhenKilledAtRandom() throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            try (JournalChild child =
                JournalChild.startWriter(directory, RollEvery.HOUR, FOR_EVER, random.nextInt(200), null)) {
                final long before = child.committed();
                awaitCommitted(child, before + 1 + random.nextInt(20_000));
                child.kill();
                assertRecovered(child, RollEvery.HOUR, "seed " + seed + " round " + round);
            }
        }
    }

    @Test
    void shouldLoseNothingWhenKilledAtRandomAndTheNextWriterRecovers() throws Exception {
        long committed = 0;
        for (int round = 0; round < 3; round++) {
            try (JournalChild child = JournalChild.startWriter(directory, RollEvery.SECOND, FOR_EVER, 50, null)) {
                awaitCommitted(child, committed + 5000);
                child.kill();
                committed = child.committed();
            }
        }
        try (Journal journal = Journal.launch(Journals.context(directory).rollEvery(RollEvery.SECOND))) {
            assertDense(journal.recovery().lastSequence(), committed, "after three kills");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before-chronicle:1", "before-chronicle:50", "after-chronicle:1", "after-chronicle:50"})
    void shouldLoseAndDoubleNothingWhenKilledAroundTheAppend(final String point) throws Exception {
        try (JournalChild child = JournalChild.startWriter(directory, RollEvery.HOUR, FOR_EVER, 100, point)) {
            assertEquals(SIGKILL_EXIT, child.awaitEnd(), child::output);
            assertRecovered(child, RollEvery.HOUR, point);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mid-roll:1", "mid-roll:2", "mid-roll:3"})
    void shouldLoseAndDoubleNothingWhenKilledInTheMiddleOfARoll(final String point) throws Exception {
        try (JournalChild child = JournalChild.startWriter(directory, RollEvery.SECOND, FOR_EVER, 500, point)) {
            assertEquals(SIGKILL_EXIT, child.awaitEnd(), child::output);
            assertRecovered(child, RollEvery.SECOND, point);
        }
    }

    @Test
    void shouldRefuseASecondProcessAndNameTheFirst() throws Exception {
        try (JournalDirectory owner = JournalDirectory.open(directory);
            JournalChild child = JournalChild.start(directory, List.of(), "open", directory.toString())) {
            assertEquals(0, child.awaitEnd(), child::output);
            assertTrue(child.output().startsWith("JOURNAL_LOCKED "), child::output);
            assertTrue(child.output().contains("pid=" + ProcessHandle.current().pid() + " "), child::output);
            assertTrue(child.output().contains("directory=" + owner.path()), child::output);
        }
    }

    @Test
    void shouldGetTheDirectoryAsSoonAsItsOwnerIsKilled() throws Exception {
        try (JournalChild child = JournalChild.start(directory, List.of(), "hold", directory.toString())) {
            child.awaitOutput("holding");
            child.kill();
            assertOpensFast();
        }
    }

    @Test
    void shouldStartAgainUnderTheSameProcessIdAfterAKillInsideAnAppend() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare"))
            && "root".equals(System.getProperty("user.name")), "needs root and unshare for a process-id namespace");
        final List<String> namespace = List.of("/usr/bin/unshare", "--pid", "--fork", "--mount-proc");
        Journals.make(directory, 10, 5);
        try (JournalChild child = JournalChild.start(directory, namespace, "hold", directory.toString())) {
            child.awaitOutput("holding as pid 1");
            child.kill();
        }
        final long startNs = System.nanoTime();
        try (JournalChild child = JournalChild.start(directory, namespace, "write", directory.toString(),
            directory.resolve("committed").toString(), "HOUR", "500", "0")) {
            assertEquals(0, child.awaitEnd(), child::output);
        }
        final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
        assertTrue(elapsedMs < 10_000, "took " + elapsedMs + " ms");
        assertEquals(500, JournalVerifier.verify(directory).records());
    }

    /** A parent that does not wait for its child leaves it in /proc after its death: the kernel's locks are gone. */
    @Test
    void shouldGetTheDirectoryWhileItsDeadOwnerIsAZombie() throws Exception {
        Journals.make(directory, 10, 5);
        final List<String> careless = List.of("/bin/sh", "-c", "\"$@\" & exec sleep 600", "sh");
        try (JournalChild parent = JournalChild.start(directory, careless, "hold", directory.toString())) {
            parent.awaitOutput("holding as pid ");
            final long pid = Long.parseLong(parent.output().replaceAll("(?s).*holding as pid (\\d+).*", "$1"));
            kill(pid);
            Journals.await(() -> state(pid) == 'Z', () -> "pid " + pid + " is " + state(pid));
            assertRecoversFast(directory);
            assertEquals('Z', state(pid), "still not reaped");
        }
    }

    /** As after a restart of the machine: the process id in the lock files is that of another program now. */
    @Test
    void shouldNotMindThatAnotherProgramHasTheProcessIdOfTheDeadOwner() throws Exception {
        Journals.make(directory, 10, 5);
        final Path copy = Journals.newDirectory();
        try (JournalChild other = JournalChild.start(directory, List.of(), "hold", directory.toString())) {
            other.awaitOutput("holding");
            copyFiles(directory, copy);
            assertTrue(Files.readString(copy.resolve("lock")).startsWith("pid=" + other.pid() + "\n"));
            assertRecoversFast(copy);
            assertTrue(other.isAlive(), other::output);
            final JournalLockedException refused =
                assertThrows(JournalLockedException.class, () -> JournalDirectory.open(directory));
            assertEquals(other.pid(), refused.ownerPid());
        } finally {
            Journals.delete(copy);
        }
    }

    /** A directory restored from another machine, locks and all; its ring stayed behind, as after a loss of power. */
    @Test
    void shouldTakeADirectoryThatWasCopiedFromAnotherMachine() throws Exception {
        Journals.make(directory, 10, 5);
        final Path copy = Journals.newDirectory();
        try {
            try (JournalChild other = JournalChild.start(directory, List.of(), "hold", directory.toString())) {
                other.awaitOutput("holding");
                copyFiles(directory, copy);
            }
            Files.writeString(copy.resolve("lock"), "pid=4194305\nstart=2020-01-01T00:00:00Z\n");
            Files.writeString(copy.resolve(JournalRing.LOCATION_FILE),
                "/dev/shm/weir-ring-of-another-machine\nuntil closed\n");
            Journals.startMachineAgain(copy);
            assertRecoversFast(copy);
        } finally {
            Journals.delete(copy);
        }
    }

    /** Shared memory is new and the machine was not started again: a container made anew, or a clean-up. */
    @Test
    void shouldRefuseToStartWithoutTheRingOfAKilledWriterUntilToldToGoOn() throws Exception {
        final long last = loseTheRing();
        for (int attempt = 0; attempt < 2; attempt++) {
            final JournalException refused =
                assertThrows(JournalException.class, () -> Journal.launch(Journals.context(directory)));
            assertEquals(JournalError.JOURNAL_RING_LOST, refused.error());
            assertTrue(refused.getMessage().contains("after sequence " + last), refused::getMessage);
        }
        Files.move(directory.resolve(JournalRing.LOCATION_FILE), directory.resolve(JournalRing.LOST_FILE));
        assertRingLost(last, true);
        assertRingLost(last, false);
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            final long most = journal.recovery().highestSequence();
            assertTrue(most >= 30 && most <= last + Journals.RING_CAPACITY / 100, "the ring had up to " + most);
        }
    }

    @Test
    void shouldSayThatAPowerFailureTookARingOfUnknownContents() throws Exception {
        final long last = loseTheRing();
        Journals.startMachineAgain(directory);
        assertRingLost(last, true);
        assertRingLost(last, false);
    }

    @Test
    void shouldNotMissTheRingAfterACleanCloseNorOneThatMovedWithItsDirectory() throws Exception {
        Journals.make(directory, 10, 5);
        assertFalse(Files.exists(directory.resolve(JournalRing.LOCATION_FILE)));
        assertRingLost(10, false);
        final Path from = directory.resolve("from");
        final Path to = directory.resolve("to");
        try (Journal journal = Journal.launch(Journals.context(from).ringFile(from.resolve("ring")))) {
            assertTrue(new Records().offer(journal.ring().ringBuffer(), 1));
        }
        Files.move(from, to);
        try (Journal journal = Journal.launch(Journals.context(to).ringFile(to.resolve("ring")))) {
            assertEquals(1, journal.recovery().lastSequence());
        }
    }

    /** Former software left the location behind at a clean close: that is no sign of a loss. */
    @Test
    void shouldTakeADirectoryThatFormerSoftwareClosed() throws Exception {
        Journals.make(directory, 10, 5);
        Files.writeString(directory.resolve(JournalRing.LOCATION_FILE), "/dev/shm/weir-ring-that-is-gone\n");
        assertRingLost(10, false);
        assertFalse(Files.exists(directory.resolve(JournalRing.LOCATION_FILE)));
    }

    /** Kills a writer with undrained records, and takes its ring away. Answers where its queue ends. */
    private long loseTheRing() throws Exception {
        Journals.make(directory, 10, 5);
        try (JournalChild child =
            JournalChild.start(directory, List.of(), "fill", directory.toString(), "11", "30")) {
            child.awaitOutput("filled");
            child.kill();
        }
        final Path ring = Path.of(Files.readAllLines(directory.resolve(JournalRing.LOCATION_FILE)).get(0));
        assertTrue(Files.deleteIfExists(ring), ring::toString);
        return 10;
    }

    private void assertRingLost(final long last, final boolean lost) {
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            assertEquals(lost, journal.recovery().ringLost());
            assertEquals(last, journal.recovery().lastSequence());
            assertEquals(0, journal.recovery().lostToPowerFailure());
        }
    }

    @Test
    void shouldNotDrainTheRingOfTheOriginalIntoACopy() throws Exception {
        final Path copy = Journals.newDirectory();
        try (JournalChild child = JournalChild.startWriter(directory, RollEvery.HOUR, FOR_EVER, 50, null)) {
            awaitCommitted(child, 2000);
            copyFiles(directory, copy);
            assertEquals(JournalError.JOURNAL_RING_FOREIGN,
                assertThrows(JournalException.class, () -> Journal.launch(Journals.context(copy))).error());
            final long before = child.committed();
            awaitCommitted(child, before + 2000);
            child.kill();
            final JournalException error =
                assertThrows(JournalException.class, () -> Journal.launch(Journals.context(copy)));
            assertEquals(JournalError.JOURNAL_RING_FOREIGN, error.error());
            assertTrue(error.getMessage().contains(directory.toString()), error::getMessage);
            assertRecovered(child, RollEvery.HOUR, "original");
        } finally {
            Journals.delete(copy);
        }
    }

    /** Recovers in the bound that the documents state, with every record, and writes on. */
    private static void assertRecoversFast(final Path where) {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.launch(Journals.context(where))) {
            final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(elapsedMs < 5_000, "took " + elapsedMs + " ms");
            assertEquals(10, journal.recovery().lastSequence());
            Journals.write(journal, 11, 100);
            journal.agent().onClose();
        }
        assertEquals(100, JournalVerifier.verify(where).records());
    }

    private static void kill(final long pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor());
    }

    /** State letter of /proc/pid/stat; 0 when there is no such process. */
    private static char state(final long pid) {
        try {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (final IOException ex) {
            return 0;
        }
    }

    private static void copyFiles(final Path from, final Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (final Path path : paths.filter(Files::isRegularFile).toList()) {
                final Path copy = to.resolve(from.relativize(path));
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        }
    }

    private void assertOpensFast() {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.launch(Journals.context(directory))) {
            Journals.write(journal, 1, 100);
            journal.agent().onClose();
        }
        final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
        assertTrue(elapsedMs < 5_000, "took " + elapsedMs + " ms");
        assertEquals(100, JournalVerifier.verify(directory).records());
    }

    private void assertRecovered(final JournalChild child, final RollEvery roll, final String where)
        throws IOException {
        try (Journal journal = Journal.launch(Journals.context(directory).rollEvery(roll))) {
            assertDense(journal.recovery().lastSequence(), child.committed(), where);
            final long last = journal.recovery().lastSequence();
            Journals.write(journal, last + 1, last + 100);
            journal.agent().onClose();
        }
        final VerifyReport after = JournalVerifier.verify(directory);
        assertTrue(after.ok(), () -> where + ": " + after.error());
    }

    /** The record after the last acknowledged one may be committed as well: the kill can fall between the two. */
    private void assertDense(final long last, final long committed, final String where) {
        assertTrue(last >= committed && last <= committed + 1,
            where + ": journal ends at " + last + ", committed was " + committed);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.ok(), () -> where + ": " + report.error());
        assertEquals(last, report.records(), where);
        try (JournalReader reader = Journals.reader(directory)) {
            assertEquals(last, Journals.readTo(reader, last), where);
        }
    }

    private static void awaitCommitted(final JournalChild child, final long sequence) {
        Journals.await(() -> {
            try {
                return child.committed() >= sequence || !child.isAlive();
            } catch (final IOException ex) {
                throw new AssertionError(ex);
            }
        }, child::output);
        assertTrue(child.isAlive(), child::output);
    }
}
