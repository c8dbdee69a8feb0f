package weir.entry;

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
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.entry.store.ReportStore;
import weir.entry.store.ReportStores;

/** Files of reports: numbers, bounds, torn tails, damage. */
class ReportStoreTest {
    private static final int SEGMENT = 8_192;
    @TempDir
    private Path directory;

    private ReportStore open(final long keepBytes) throws IOException {
        return new ReportStore(directory, 7, SEGMENT, keepBytes);
    }

    private static UnsafeBuffer frame(final long content, final int length) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i + 8 <= length; i += 8) {
            buffer.putLong(i, content + i);
        }
        return buffer;
    }

    private static void fill(final ReportStore store, final int from, final int to) throws IOException {
        for (int i = from; i <= to; i++) {
            final UnsafeBuffer frame = frame(i, 100 + i % 50);
            assertEquals(i, store.append(i / 3 + 1, i % 3, frame, 0, frame.capacity()));
        }
    }

    private static void assertHolds(final ReportStore store, final long seq) throws IOException {
        final DirectBuffer read = store.read(seq);
        final UnsafeBuffer expected = frame(seq, 100 + (int) seq % 50);
        assertEquals(expected.capacity(), read.capacity(), "report " + seq);
        assertEquals(expected, new UnsafeBuffer(read, 0, read.capacity()), "report " + seq);
    }

    @Test
    void shouldReadEveryReportInAnyOrderAfterReopen() throws IOException {
        try (ReportStore store = open(1 << 20)) {
            fill(store, 1, 1_000);
        }
        final Random random = new Random(1);
        try (ReportStore store = open(1 << 20)) {
            assertEquals(1, store.firstSeq());
            assertEquals(1_001, store.nextSeq());
            assertEquals(334, store.boundRecord());
            assertEquals(1, store.boundIndex());
            for (int i = 0; i < 500; i++) {
                assertHolds(store, 1 + random.nextInt(1_000));
            }
            for (int i = 1; i <= 1_000; i++) {
                assertHolds(store, i);
            }
            fill(store, 1_001, 1_100);
            assertHolds(store, 1_100);
        }
    }

    @Test
    void shouldKeepNoMoreThanItsBoundAndStillNumberOn() throws IOException {
        try (ReportStore store = open(3 * SEGMENT)) {
            fill(store, 1, 2_000);
            assertTrue(store.firstSeq() > 1_500, "first " + store.firstSeq());
            assertThrows(IOException.class, () -> store.read(store.firstSeq() - 1));
        }
        try (var files = Files.list(directory)) {
            final List<Path> all = files.toList();
            long bytes = 0;
            for (final Path file : all) {
                bytes += Files.size(file);
            }
            assertTrue(bytes <= 3 * SEGMENT, all + " take " + bytes);
        }
        try (ReportStore store = open(3 * SEGMENT)) {
            assertEquals(2_001, store.nextSeq());
        }
    }

    @Test
    void shouldCutTornTailAtEveryLengthAndLoseOnlyThatReport() throws IOException {
        try (ReportStore store = open(1 << 20)) {
            fill(store, 1, 5);
        }
        final Path file = directory.resolve("7.1.reports");
        final byte[] whole = Files.readAllBytes(file);
        final int last = 8 + 20 + 105;
        for (int cut = 1; cut < last; cut += 7) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
            try (ReportStore store = open(1 << 20)) {
                assertEquals(5, store.nextSeq(), "cut " + cut);
                assertEquals(last - cut, store.tornBytes());
                assertFalse(store.isNew(2, 1));
                assertTrue(store.isNew(2, 2));
                fill(store, 5, 5);
            }
            assertEquals(whole.length, Files.size(file));
        }
    }

    @Test
    void shouldCutAtFlippedByteAndDropWhatFollows() throws IOException {
        try (ReportStore store = open(1 << 20)) {
            fill(store, 1, 300);
        }
        try (FileChannel channel = FileChannel.open(directory.resolve("7.1.reports"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {99}), 2_000);
        }
        try (ReportStore store = open(1 << 20)) {
            assertTrue(store.nextSeq() < 20, "next " + store.nextSeq());
            assertTrue(store.tornBytes() > 20_000, "cut " + store.tornBytes());
            fill(store, (int) store.nextSeq(), 300);
            assertHolds(store, 299);
        }
    }

    @Test
    void shouldRefuseSecondGatewayOnTheSameDirectory() throws IOException {
        try (ReportStores first = new ReportStores(directory, List.of(EntrySystem.client(501, 1)), SEGMENT, 1 << 20)) {
            assertEquals(0, first.regenerated());
            final IOException ex = assertThrows(IOException.class,
                () -> new ReportStores(directory, List.of(EntrySystem.client(501, 1)), SEGMENT, 1 << 20));
            assertTrue(ex.getMessage().startsWith("STORE_LOCKED"), ex.getMessage());
        }
    }
}
