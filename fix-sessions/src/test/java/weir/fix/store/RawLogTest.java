package weir.fix.store;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RawLogTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteTheSameLineOfBytesAndOfText() throws IOException {
        final byte[] raw = "8=FIXT.1.1\u000135=D\u0001".getBytes(StandardCharsets.ISO_8859_1);
        try (RawLog log = new RawLog(directory, "S")) {
            log.in(1_767_225_600_000_000_000L, new UnsafeBuffer(raw), 0, raw.length);
            log.in(1_767_225_600_000_000_000L, new String(raw, StandardCharsets.ISO_8859_1));
            log.out(7, new UnsafeBuffer(raw), 0, raw.length);
            log.out(7, "554=secret\u0001a\nb");
        }
        final String text = new String(raw, StandardCharsets.ISO_8859_1);
        assertEquals(List.of("1767225600000000000 IN " + text, "1767225600000000000 IN " + text, "7 OUT " + text,
            "7 OUT 554=******\u0001a\\nb"), lines());
    }

    @Test
    void shouldWriteATimeOfAnyLengthWithoutLeadingZeros() throws IOException {
        final List<String> expected = new ArrayList<>();
        try (RawLog log = new RawLog(directory, "S")) {
            for (long power = 1; power > 0; power = power < Long.MAX_VALUE / 10 ? 10 * power : -1) {
                for (final long time : new long[]{power - 1, power, power + 1, power / 2 * 3}) {
                    log.in(time, "a");
                    log.out(time, "");
                    expected.add(time + " IN a");
                    expected.add(time + " OUT ");
                }
            }
            log.in(Long.MAX_VALUE, "a");
            expected.add(Long.MAX_VALUE + " IN a");
        }
        assertEquals(expected, lines());
    }

    @Test
    void shouldGoOnAfterTheLastWholeLineOfAKilledProcess() throws IOException {
        final List<String> expected = new ArrayList<>();
        RawLog killed = new RawLog(directory, "S");
        for (int i = 0; i < 3_000; i++) {
            final String line = "x".repeat(i % 97) + i;
            killed.in(i, line);
            expected.add(i + " IN " + line);
            if (i % 500 == 0) {
                killed = new RawLog(directory, "S");
            }
        }
        Files.write(directory.resolve("S.fixlog"), "torn".getBytes(StandardCharsets.ISO_8859_1),
            StandardOpenOption.APPEND);
        try (RawLog log = new RawLog(directory, "S")) {
            log.out(1, "last");
        }
        expected.add("1 OUT last");
        assertEquals(expected, lines());
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("S.fixlog"), StandardCharsets.ISO_8859_1);
    }
}
