package weir.fix.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Appends through a tail: what was committed is there after a kill at any moment, and in the file before long. */
@Timeout(60)
class AppendFileTest {
    private static final int MANY = 20_000;

    @TempDir
    private Path directory;
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private WriteBehind behind;
    private Path path;

    @BeforeEach
    void start() {
        behind = new WriteBehind(errors::add, 8);
        path = directory.resolve("file");
    }

    @AfterEach
    void stop() {
        behind.close();
    }

    @Test
    void shouldHaveAllInTheFileSoonWithoutAnythingMoreAppended() throws Exception {
        try (AppendFile file = open(path)) {
            for (int i = 1; i <= 20; i++) {
                append(file, i);
                await(() -> size(path) == expected.size());
                assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
                if (i % 3 == 0) {
                    Thread.sleep(150); // it is not listed any more
                }
            }
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldWriteSeldomWhereLittleIsAppended() throws Exception {
        try (WriteBehind seldom = new WriteBehind(errors::add);
            AppendFile file = new AppendFile(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE), 0)) {
            file.stage(path, seldom);
            int writes = 0;
            long size = 0;
            final long endNs = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() - endNs < 0) {
                append(file, 20);
                Thread.sleep(2);
                if (size(path) > size) {
                    size = size(path);
                    writes++;
                }
            }
            assertTrue(writes < 20, writes + " writes"); // and not one each 5 ms
            await(() -> size(path) == expected.size());
        }
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
    }

    @Test
    void shouldEndAsWrittenAndWithoutATail() throws Exception {
        final Random random = new Random(7);
        try (AppendFile file = open(path)) {
            for (int i = 0; i < MANY; i++) {
                append(file, 1 + random.nextInt(700));
            }
            assertEquals(expected.size(), file.end());
        }
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
        assertFalse(Files.exists(AppendTail.beside(path)));
        assertEquals(List.of(), errors);
    }

    /** Wraps of every offset, and pieces that no tail holds, which pass it by. */
    @Test
    void shouldKeepTheOrderOfPiecesOfAnyLength() throws Exception {
        final Random random = new Random(11);
        try (AppendFile file = open(path)) {
            for (int i = 0; i < 400; i++) {
                append(file, random.nextInt(20) == 0 ? 1_000_000 + random.nextInt(200_000)
                    : 1 + random.nextInt(random.nextBoolean() ? 40 : 20_000));
            }
        }
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
    }

    @Test
    void shouldReadAndSumWhatIsInTheTailAlone() throws Exception {
        try (AppendFile file = open(path)) {
            final Random random = new Random(13);
            for (int i = 0; i < 2_000; i++) {
                final int length = 1 + random.nextInt(900);
                final byte[] bytes = bytes(length);
                file.claim(length);
                file.target().putBytes(file.offset(), bytes);
                final CRC32C crc = new CRC32C();
                crc.update(bytes);
                assertEquals((int)crc.getValue(), file.crc(file.offset(), length));
                final long position = file.commit();
                assertEquals(expected.size(), position);
                expected.writeBytes(bytes);
                final int from = (int)Math.max(0, position - random.nextInt(3_000));
                final ByteBuffer read = ByteBuffer.allocate((int)(file.end() - from));
                file.read(read, from);
                assertArrayEquals(Arrays.copyOfRange(expected.toByteArray(), from, expected.size()), read.array());
            }
        }
    }

    /** A copy of both files, the tail's first, is what a kill leaves; a kill leaves no less. */
    @Test
    void shouldLoseNothingThatWasCommittedWhenKilledAtAnyMoment() throws Exception {
        final Random random = new Random(17);
        final Path copy = directory.resolve("copy");
        try (AppendFile file = open(path)) {
            for (int i = 0; i < 300; i++) {
                for (int j = random.nextInt(60); j >= 0; j--) {
                    append(file, 1 + random.nextInt(random.nextInt(10) == 0 ? 30_000 : 600));
                }
                Files.copy(AppendTail.beside(path), AppendTail.beside(copy), StandardCopyOption.REPLACE_EXISTING);
                Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                assertEquals(0, AppendFile.recover(copy));
                assertArrayEquals(expected.toByteArray(), Files.readAllBytes(copy));
                assertFalse(Files.exists(AppendTail.beside(copy)));
            }
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldCompleteTheFileOfAnotherWhoGoesOn() throws Exception {
        final Random random = new Random(19);
        final byte[] all;
        try (AppendFile file = open(path)) {
            final AtomicBoolean goesOn = new AtomicBoolean(true);
            final Thread reader = new Thread(() -> {
                while (goesOn.get()) {
                    try {
                        AppendTail.complete(path);
                    } catch (final IOException ex) {
                        errors.add(ex);
                    }
                }
            });
            reader.start();
            for (int i = 0; i < MANY; i++) {
                append(file, 1 + random.nextInt(600));
            }
            goesOn.set(false);
            reader.join();
            AppendTail.complete(path);
            all = Files.readAllBytes(path);
        }
        assertArrayEquals(expected.toByteArray(), all);
        assertArrayEquals(all, Files.readAllBytes(path));
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldGrowWithItsPaceAndNoFurther() throws Exception {
        try (AppendFile file = open(path)) {
            final Path tail = AppendTail.beside(path);
            assertEquals(AppendTail.PAGE + (16 << 10), size(tail));
            final int most = AppendTail.PAGE + (1 << 20);
            while (size(tail) < most) {
                append(file, 500);
            }
            for (int i = 0; i < MANY; i++) {
                append(file, 500);
            }
            assertEquals(most, size(tail));
        }
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
    }

    @Test
    void shouldRefuseWhatDoesNotFitWhileTheDiskIsFullAndTellOfItOnce() throws Exception {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full");
        final AppendFile file = new AppendFile(FileChannel.open(full, StandardOpenOption.WRITE), 0);
        file.stage(path, behind);
        int accepted = 0;
        final byte[] bytes = bytes(1_000);
        while (accepted < 16) {
            append(file, bytes);
            accepted++;
        }
        await(() -> !errors.isEmpty());
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 2_000; i++) {
                append(file, bytes);
            }
        });
        assertThrows(IOException.class, () -> append(file, bytes));
        Thread.sleep(50);
        assertEquals(1, errors.size());
        assertThrows(IOException.class, file::close);
        assertTrue(Files.exists(AppendTail.beside(path)), "what the disk did not take is kept");
    }

    @Test
    void shouldKeepATailThatDoesNotBelongBehindTheFile() throws Exception {
        final byte[] shorter = new byte[4_000];
        final byte[] another = bytes(5_200);
        for (final byte[] content : List.of(shorter, another)) {
            final AppendTail tail = AppendTail.create(AppendTail.beside(path), 16 << 10, 5_000);
            tail.ring().putBytes(5_000, bytes(300), 0, 300);
            tail.end(5_300);
            tail.free();
            content[content.length - 1]++;
            Files.write(path, content);
            assertEquals(300, AppendFile.recover(path));
            assertArrayEquals(content, Files.readAllBytes(path));
            assertTrue(Files.exists(directory.resolve("file.tail.bad")));
            assertFalse(Files.exists(AppendTail.beside(path)));
        }
    }

    @Test
    void shouldPutTheRestOfWhatTheFileHasInPart() throws Exception {
        final byte[] bytes = bytes(5_300);
        for (final int has : new int[] {5_000, 5_001, 5_299, 5_300}) {
            final AppendTail tail = AppendTail.create(AppendTail.beside(path), 16 << 10, 5_000);
            tail.ring().putBytes(5_000, bytes, 5_000, 300);
            tail.end(5_300);
            tail.free();
            Files.write(path, Arrays.copyOf(bytes, has));
            assertEquals(0, AppendFile.recover(path));
            assertArrayEquals(bytes, Files.readAllBytes(path));
        }
    }

    @Test
    void shouldRefuseWhatComesAfterTheEnd() throws Exception {
        final AppendFile file = open(path);
        append(file, 100);
        file.close();
        file.close();
        assertThrows(IOException.class, () -> append(file, 100));
        assertThrows(IOException.class, () -> file.read(ByteBuffer.allocate(10), 0));
        assertEquals(0, file.flush());
        assertEquals(100, size(path));
    }

    @Test
    void shouldWriteEachPieceWhereNoTailCanBeMade() throws Exception {
        Files.createDirectories(AppendTail.beside(path));
        try (AppendFile file = open(path)) {
            for (int i = 0; i < 10; i++) {
                append(file, 100);
                assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
            }
        }
    }

    @Test
    void shouldTakeNothingFromWhatIsNoTail() throws Exception {
        final Random random = new Random(23);
        Files.write(path, new byte[100]);
        for (int i = 0; i < 200; i++) {
            final byte[] garbage = new byte[random.nextInt(30_000)];
            random.nextBytes(garbage);
            if (i % 2 == 0 && garbage.length > 8) { // the right first word, the rest anything
                new UnsafeBuffer(garbage).putStringWithoutLengthAscii(0, "WIRTAIL1");
            }
            Files.write(AppendTail.beside(path), garbage);
            assertEquals(0, AppendFile.recover(path));
            assertEquals(100, size(path));
            assertFalse(Files.exists(AppendTail.beside(path)));
        }
    }

    private AppendFile open(final Path file) throws IOException {
        final AppendFile opened = new AppendFile(FileChannel.open(file, StandardOpenOption.CREATE,
            StandardOpenOption.READ, StandardOpenOption.WRITE), 0);
        opened.stage(file, behind);
        return opened;
    }

    private void append(final AppendFile file, final int length) throws IOException {
        append(file, bytes(length));
    }

    private void append(final AppendFile file, final byte[] bytes) throws IOException {
        file.claim(bytes.length);
        file.target().putBytes(file.offset(), bytes);
        file.commit();
        expected.writeBytes(bytes);
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(expected.size()).nextBytes(bytes);
        return bytes;
    }

    private static long size(final Path file) {
        try {
            return Files.size(file);
        } catch (final IOException ex) {
            return -1;
        }
    }

    private static void await(final BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 20_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(1);
        }
        assertTrue(condition.getAsBoolean());
    }
}
