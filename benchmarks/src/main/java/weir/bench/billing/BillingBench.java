package weir.bench.billing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import weir.bench.contest.ChildJvm;
import weir.bench.contest.Jdk;
import weir.bench.contest.LineUp;
import weir.bench.core.CrowdJournal;
import weir.bench.figures.Figures;

/**
 * How many records a second billing takes from the journal to its database, Stripe off: a journal is made by a real
 * core, then a JVM with billing's flags rates all of it in rounds, in turns with the peer. Rates are wall time; CPU is
 * that of the billing thread alone, which a neighbour on the machine does not lengthen.
 */
public final class BillingBench {
    private static final long TIMEOUT_MS = 1_800_000;

    private long records = 10_000_000;
    private long peerRecords = 500_000;
    private int tenants = 100;
    private int rounds = 3;
    private boolean audit = true;
    private Path directory = Path.of("benchmarks", "target", "bench-billing");
    private Path journal;
    private final List<String> jvm = new ArrayList<>();

    /**
     * Takes an option.
     *
     * @param name  with its dashes
     * @param value its value
     * @return false when there is no such option
     */
    public boolean option(final String name, final String value) {
        switch (name) {
            case "--records" -> records = Long.parseLong(value);
            case "--peer-records" -> peerRecords = Long.parseLong(value);
            case "--tenants" -> tenants = Integer.parseInt(value);
            case "--rounds" -> rounds = Integer.parseInt(value);
            case "--audit" -> audit = value.equals("on");
            case "--data" -> directory = Path.of(value);
            case "--journal" -> journal = Path.of(value);
            case "--jvm" -> jvm.add(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes the journal if none was given, measures, prints.
     *
     * @throws IOException when a child fails
     */
    public void run() throws IOException {
        final Path made = journal == null ? directory.resolve("journal") : journal;
        if (!Files.exists(made)) {
            final long startNs = System.nanoTime();
            final long written = CrowdJournal.write(made, tenants, records);
            System.out.println(String.format(Locale.ROOT, "journal: %,d records, %d tenants, %,d MB, made in %.1f s",
                written, tenants, size(made) >> 20, (System.nanoTime() - startNs) / 1e9));
        }
        final List<String> flags = new ArrayList<>(LineUp.moduleFlags());
        flags.add("@" + Path.of(System.getProperty("weir.home", "."), "config", "jvm", "billing.options"));
        flags.addAll(jvm);
        try (ChildJvm child = ChildJvm.start("billing", directory, Jdk.current(), flags, BillingRun.class.getName(),
            List.of(made.toString(), directory.toString(), Integer.toString(rounds), Long.toString(peerRecords),
                Boolean.toString(audit)), Map.of())) {
            measure(child);
        } finally {
            if (journal == null) {
                delete(made);
            }
        }
    }

    private void measure(final ChildJvm child) throws IOException {
        final double[] own = new double[rounds];
        final double[] peer = new double[rounds];
        final double[] cpu = new double[rounds];
        for (int round = 1; round <= rounds; round++) {
            final String line = child.awaitLine("RESULT billing round=" + round + ' ', TIMEOUT_MS);
            own[round - 1] = perRecord(line, "wallNs");
            cpu[round - 1] = perRecord(line, "cpuNs");
            print(line);
            if (peerRecords > 0) {
                final String other = child.awaitLine("RESULT event-lines round=" + round + ' ', TIMEOUT_MS);
                peer[round - 1] = perRecord(other, "wallNs");
                print(other);
            }
        }
        System.out.println(String.format(Locale.ROOT, "billing: median %.0f ns a record, %,.0f records/s; CPU %.0f ns "
            + "a record, %,.0f records/s a core%s", Figures.median(own), 1e9 / Figures.median(own), Figures.median(cpu),
            1e9 / Figures.median(cpu), peerRecords == 0 ? "" : String.format(Locale.ROOT,
                "; event lines %.0f ns, paired ratio %.3fx", Figures.median(peer), Figures.pairedRatio(own, peer))));
    }

    private static double perRecord(final String line, final String what) throws IOException {
        return Double.parseDouble(ChildJvm.value(line, what)) / Double.parseDouble(ChildJvm.value(line, "records"));
    }

    private static void print(final String line) throws IOException {
        System.out.println(String.format(Locale.ROOT, "%-11s %,12d records  %,9.0f records/s  wall %5.0f ns  CPU %5.0f "
            + "ns  allocated %.1f B a record  peak heap %d MB  database %d MB (%.1f B a record)  %s batches  %s "
            + "discrepancies", line.split(" ")[1], Long.parseLong(ChildJvm.value(line, "records")),
            1e9 / perRecord(line, "wallNs"), perRecord(line, "wallNs"), perRecord(line, "cpuNs"),
            perRecord(line, "allocated"), Long.parseLong(ChildJvm.value(line, "peakHeap")) >> 20,
            Long.parseLong(ChildJvm.value(line, "file")) >> 20, perRecord(line, "file"),
            ChildJvm.value(line, "batches"), ChildJvm.value(line, "discrepancies")));
    }

    private static long size(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
