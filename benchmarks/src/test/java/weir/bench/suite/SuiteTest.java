package weir.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tiny run with real processes. */
@Timeout(120)
class SuiteTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHaveALineForEveryBudgetAndTheFilesOfAMeasure() throws IOException {
        System.setProperty("weir.home", Path.of("..").toAbsolutePath().normalize().toString());
        final String text = new Suite(Plan.of("--only", "P1,P11", "--rounds", "1", "--rate", "200",
            "--warmup-ms", "200", "--latency-ms", "300", "--out", directory.resolve("out").toString(), "--short"),
            new Console(new PrintStream(OutputStream.nullOutputStream()))).run();
        for (final Budget budget : Budget.values()) {
            assertTrue(text.lines().anyMatch(line -> line.startsWith(budget.name() + ' ')), budget + "\n" + text);
        }
        assertTrue(text.lines().anyMatch(line -> line.startsWith("P1 ") && line.contains("relay ")
            && (line.contains(" met") || line.contains(" missed"))), text);
        assertTrue(text.lines().anyMatch(line -> line.startsWith("P1 ") && line.contains("same over TLS")
            && line.contains("relay-tls ") && line.contains("shown")), text);
        assertTrue(text.contains("weir-tls: TLSv1.3 "), text);
        assertTrue(text.lines().anyMatch(line -> line.startsWith("P11 ") && line.contains("Chronicle ")), text);
        assertTrue(text.lines().anyMatch(line -> line.startsWith("P5 ") && line.contains("not measured")), text);
        assertTrue(text.contains("command  weir bench --only P1,P11"), text);
        assertTrue(text.contains("spinner  idle") && text.contains("; a piece of work p10 "), text);
        assertEquals(text, Files.readString(directory.resolve("out/report.txt")));
        for (final String name : new String[] {"one-way-weir", "one-way-relay", "round-trip-weir", "idle-spinner"}) {
            assertTrue(Files.readString(directory.resolve("out/" + name + ".hgrm")).contains("Percentile"), name);
        }
        final Histogram round = (Histogram)new HistogramLogReader(directory.resolve("out/one-way-weir.hlog").toFile())
            .nextIntervalHistogram();
        assertEquals(60, round.getTotalCount());
        assertTrue(Files.readString(directory.resolve("out/one-way.svg")).contains("</svg>"));
    }
}
