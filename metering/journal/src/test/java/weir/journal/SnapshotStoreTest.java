package weir.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots that are whole or not there, whatever happens to their files. */
class SnapshotStoreTest {
    private static final int BODY_BYTES = 700_001;
    private static final int SIGKILL_EXIT = 137;

    private Path directory;
    private JournalId id;
    private SnapshotStore store;

    @BeforeEach
    void makeStore() throws IOException {
        directory = Journals.newDirectory();
        id = JournalId.readOrCreate(directory);
        store = SnapshotStore.open(directory, id);
    }

    @AfterEach
    void deleteDirectory() {
        Journals.delete(directory);
    }

    @Test
    void shouldGiveBackWhatWasWrittenWhateverTheSizesOfItsWrites() {
        final byte[] body = body(42);
        final Snapshot written = store.write(42, 1_700_000_000_000_000_000L, out -> {
            out.write(body[0]);
            out.write(body, 1, 300_000);
            out.write(body, 300_001, body.length - 300_001);
        });
        assertEquals("00000000000000000042.snapshot", written.path().getFileName().toString());
        final List<Snapshot> found = SnapshotStore.openReader(directory, id).newestFirst();
        assertEquals(List.of(new Snapshot(directory.resolve("snapshots/00000000000000000042.snapshot"), 42,
            1_700_000_000_000_000_000L, BODY_BYTES)), found);
        assertArrayEquals(body, read(found.get(0)));
    }

    @Test
    void shouldListTheNewestFirstAndKeepAnEmptyBody() {
        store.write(9, 1, out -> { });
        write(100);
        write(20);
        assertEquals(List.of(100L, 20L, 9L), sequences());
        assertEquals(0, read(store.newestFirst().get(2)).length);
        assertEquals(OptionalLong.of(9), store.oldestUsable());
    }

    @Test
    void shouldHaveNoneWhereNoneWasEverWritten() {
        final SnapshotStore reader = SnapshotStore.openReader(directory.resolve("elsewhere"), id);
        assertTrue(reader.newestFirst().isEmpty());
        assertTrue(reader.unusable().isEmpty());
        assertTrue(reader.oldestUsable().isEmpty());
    }

    @Test
    void shouldFindEveryFlippedByteBeforeAnythingIsHandedOver() throws IOException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Path path = write(7).path();
        for (int i = 0; i < SnapshotHeader.LENGTH + 40; i++) {
            final long position = i < SnapshotHeader.LENGTH ? i
                : SnapshotHeader.LENGTH + random.nextInt(BODY_BYTES);
            flip(path, position);
            final Snapshot asWritten = new Snapshot(path, 7, 7, BODY_BYTES);
            final JournalException error = assertThrows(JournalException.class,
                () -> store.read(asWritten, in -> {
                    throw new AssertionError("handed over");
                }), "seed " + seed + " byte " + position);
            assertEquals(JournalError.SNAPSHOT_CORRUPT, error.error(), error.getMessage());
            flip(path, position);
        }
        assertTrue(store.isUsable(store.newestFirst().get(0)));
    }

    @Test
    void shouldFindACutAndALengthenedFileByItsHeader() throws IOException {
        final Path path = write(7).path();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        assertUnusable(JournalError.SNAPSHOT_CORRUPT);
        write(7);
        Files.write(path, new byte[] {1}, StandardOpenOption.APPEND);
        assertUnusable(JournalError.SNAPSHOT_CORRUPT);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        assertUnusable(JournalError.SNAPSHOT_CORRUPT);
    }

    @Test
    void shouldRefuseASnapshotOfAnotherJournalAndOneThatWasRenamed() throws IOException {
        final Path other = Journals.newDirectory();
        try {
            SnapshotStore.open(other, JournalId.readOrCreate(other)).write(5, 5, out -> out.write(1));
            Files.copy(other.resolve("snapshots/00000000000000000005.snapshot"),
                directory.resolve("snapshots/00000000000000000005.snapshot"));
        } finally {
            Journals.delete(other);
        }
        assertUnusable(JournalError.SNAPSHOT_FOREIGN);
        Files.delete(directory.resolve("snapshots/00000000000000000005.snapshot"));
        Files.move(write(6).path(), directory.resolve("snapshots/00000000000000000008.snapshot"));
        assertUnusable(JournalError.SNAPSHOT_CORRUPT);
    }

    @Test
    void shouldRefuseALayoutItDoesNotKnow() throws IOException {
        final Path path = write(7).path();
        final byte[] file = Files.readAllBytes(path);
        final ByteBuffer bytes = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(8, SnapshotHeader.VERSION + 1);
        final CRC32C crc = new CRC32C();
        crc.update(file, 0, SnapshotHeader.LENGTH - Integer.BYTES);
        bytes.putInt(SnapshotHeader.LENGTH - Integer.BYTES, (int) crc.getValue());
        Files.write(path, file);
        assertUnusable(JournalError.SNAPSHOT_VERSION);
    }

    @Test
    void shouldLeaveNothingBehindWhenTheBodyFails() throws IOException {
        write(3);
        final JournalException error = assertThrows(JournalException.class, () -> store.write(4, 4, out -> {
            out.write(new byte[BODY_BYTES]);
            throw new IOException("no space left");
        }));
        assertEquals(JournalError.JOURNAL_IO, error.error());
        assertThrows(IllegalStateException.class, () -> store.write(4, 4, out -> {
            throw new IllegalStateException("state");
        }));
        assertEquals(List.of(3L), sequences());
        assertEquals(1, files().size());
    }

    @Test
    void shouldKeepTheNewestThatVerifyAndNothingOlder() throws IOException {
        for (long sequence = 10; sequence <= 60; sequence += 10) {
            write(sequence);
        }
        flip(directory.resolve("snapshots/00000000000000000050.snapshot"), SnapshotHeader.LENGTH + 17);
        flip(directory.resolve("snapshots/00000000000000000010.snapshot"), 3);
        assertEquals(3, store.prune(2));
        assertEquals(List.of(60L, 50L, 40L), sequences());
        assertEquals(OptionalLong.of(40), store.oldestUsable());
        assertEquals(0, store.prune(2));
        flip(directory.resolve("snapshots/00000000000000000040.snapshot"), SnapshotHeader.LENGTH + 17);
        assertEquals(OptionalLong.of(60), store.oldestUsable());
        assertThrows(IllegalArgumentException.class, () -> store.prune(0));
    }

    @Test
    void shouldClearWhatAKillLeftAndKeepWhatWasThere() throws Exception {
        write(3);
        try (JournalChild child = JournalChild.startToCrash(directory, "snapshot-before-rename", "snapshot",
            directory.toString(), "4")) {
            assertEquals(SIGKILL_EXIT, child.awaitEnd(), child::output);
        }
        assertEquals(2, files().size(), () -> files().toString());
        assertEquals(List.of(3L), sequences());
        assertEquals(2, files().size(), "a reader removes nothing");
        store = SnapshotStore.open(directory, id);
        assertEquals(1, files().size());
        assertArrayEquals(body(3), read(store.newestFirst().get(0)));
        assertFalse(Files.exists(directory.resolve("snapshots/00000000000000000004.snapshot")));
    }

    private void assertUnusable(final JournalError expected) {
        assertEquals(List.of(), sequences());
        assertEquals(List.of(expected), store.unusable().stream().map(JournalException::error).toList());
    }

    private List<Long> sequences() {
        return SnapshotStore.openReader(directory, id).newestFirst().stream().map(Snapshot::sequence).toList();
    }

    private List<Path> files() {
        try (Stream<Path> paths = Files.list(directory.resolve("snapshots"))) {
            return paths.toList();
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private Snapshot write(final long sequence) {
        return store.write(sequence, sequence, out -> out.write(body(sequence)));
    }

    private byte[] read(final Snapshot snapshot) {
        final byte[][] result = new byte[1][];
        store.read(snapshot, in -> result[0] = in.readAllBytes());
        return result[0];
    }

    private static byte[] body(final long sequence) {
        final byte[] body = new byte[BODY_BYTES];
        new Random(sequence).nextBytes(body);
        return body;
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
