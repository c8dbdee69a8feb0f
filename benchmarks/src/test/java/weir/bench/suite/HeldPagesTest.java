package weir.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldPagesTest {
    @TempDir
    private Path directory;

    @Test
    void keepsAPageOfEachMiBUntilItIsClosed() throws IOException {
        final HeldPages held = HeldPages.take(directory, 5 << 20);
        assertEquals(5 << 20, held.bytes());
        assertEquals(List.of(5 * 4_096L), sizes());
        held.close();
        assertEquals(List.of(), sizes());
    }

    @Test
    void aFreshPageTakesTimeAndLeavesNothing() throws IOException {
        assertTrue(HeldPages.freshPageUs(directory) > 0);
        assertEquals(List.of(), sizes());
    }

    @Test
    void nothingToHoldIsNothing() throws IOException {
        try (HeldPages held = HeldPages.take(directory, 0)) {
            assertEquals(0, held.bytes());
            assertEquals(List.of(0L), sizes());
        }
    }

    private List<Long> sizes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.toFile().length()).toList();
        }
    }
}
