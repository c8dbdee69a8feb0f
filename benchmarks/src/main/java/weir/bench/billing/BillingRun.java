package weir.bench.billing;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import weir.billing.BillingContext;
import weir.billing.RatingCycle;
import weir.billing.audit.AuditPart;
import weir.billing.audit.AuditSettings;
import weir.billing.audit.SummaryListener;
import weir.billing.intake.JournalRecordSource;
import weir.billing.intake.RecordSource;
import weir.billing.part.BillingPart;
import weir.billing.statement.StatementPart;
import weir.billing.store.AuditStore;
import weir.billing.store.Database;
import weir.billing.store.StatementStore;

/**
 * Child process of {@link BillingBench}: takes a journal from its first record to its last, in turns with the peer, and
 * prints a line for each. {@code BillingRun <journal> <directory> <rounds> <peerRecords> <audit>}
 */
public final class BillingRun {
    private static final int PEER_TRANSACTION = 65_536;
    private static final long WINDOW_MS = 86_400_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private BillingRun() {
    }

    /** Figures of one pass. Peak heap is that of the process so far. */
    record Pass(long records, long wallNs, long cpuNs, long allocatedBytes, long peakHeapBytes, long fileBytes,
                long batches, long discrepancies) {
        String line(final String name, final int round) {
            return String.format(Locale.ROOT, "RESULT %s round=%d records=%d wallNs=%d cpuNs=%d allocated=%d "
                + "peakHeap=%d file=%d batches=%d discrepancies=%d", name, round, records, wallNs, cpuNs,
                allocatedBytes, peakHeapBytes, fileBytes, batches, discrepancies);
        }
    }

    /**
     * Runs.
     *
     * @param args see the class
     * @throws IOException  when files cannot be removed
     * @throws SQLException when the peer's or the result's database fails
     */
    public static void main(final String[] args) throws IOException, SQLException {
        final Path journal = Path.of(args[0]);
        final Path directory = Files.createDirectories(Path.of(args[1]));
        final int rounds = Integer.parseInt(args[2]);
        final long peerRecords = Long.parseLong(args[3]);
        final boolean audit = Boolean.parseBoolean(args[4]);
        for (int round = 1; round <= rounds; round++) {
            System.out.println(billing(journal, directory.resolve("billing"), audit).line("billing", round));
            if (peerRecords > 0) {
                System.out.println(peer(journal, directory.resolve("peer"), peerRecords).line("event-lines", round));
            }
        }
    }

    /** The whole journal through billing; Stripe off. */
    static Pass billing(final Path journal, final Path directory, final boolean audit)
        throws IOException, SQLException {
        clear(directory);
        final String jdbcUrl = "jdbc:sqlite:" + directory.resolve("billing.db");
        final BillingContext context = new BillingContext().windowMs(WINDOW_MS);
        final long records;
        final Pass cost;
        try (Database database = Database.open(jdbcUrl, System.currentTimeMillis());
            RecordSource source = JournalRecordSource.open(journal, 10_000)) {
            final RatingCycle cycle = new RatingCycle(context, database, source);
            cycle.begin(audit ? List.of(auditPart(database, directory), new StatementPart(new StatementStore(database)))
                : List.of());
            final Clock clock = new Clock();
            int taken;
            do {
                taken = cycle.takeRecords();
            } while (taken > 0);
            cycle.sealAll();
            records = cycle.position();
            cost = clock.pass(records);
        }
        try (Connection connection = Database.openForReading(jdbcUrl)) {
            return new Pass(records, cost.wallNs, cost.cpuNs, cost.allocatedBytes, cost.peakHeapBytes, size(directory),
                count(connection, "batch"), count(connection, "discrepancy"));
        }
    }

    /** A leaf of every record, into a file too, and a chain link per batch. */
    private static BillingPart auditPart(final Database database, final Path directory) {
        return new AuditPart(new AuditStore(database), new AuditSettings(true, directory.resolve("audit"), true,
            List.of(), SummaryListener.NONE));
    }

    /** The first so many records as event lines. */
    static Pass peer(final Path journal, final Path directory, final long records) throws IOException, SQLException {
        clear(directory);
        final Pass cost;
        try (EventLines peer = new EventLines(directory.resolve("events.db"));
            RecordSource source = JournalRecordSource.open(journal, 10_000)) {
            source.seek(1);
            final Clock clock = new Clock();
            long done = 0;
            int taken;
            do {
                taken = peer.take(source, (int)Math.min(PEER_TRANSACTION, records - done));
                done += taken;
            } while (taken > 0 && done < records);
            cost = clock.pass(done);
        }
        return new Pass(cost.records, cost.wallNs, cost.cpuNs, cost.allocatedBytes, cost.peakHeapBytes,
            size(directory), 0, 0);
    }

    /** Wall, CPU and allocation of this thread from its making on. */
    private static final class Clock {
        private final long wallNs = System.nanoTime();
        private final long cpuNs = THREADS.getCurrentThreadCpuTime();
        private final long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());

        Pass pass(final long records) {
            final long cpu = THREADS.getCurrentThreadCpuTime() - cpuNs;
            final long wall = System.nanoTime() - wallNs;
            final long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;
            long peak = 0;
            for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
            }
            return new Pass(records, wall, cpu, bytes, peak, 0, 0, 0);
        }
    }

    private static long count(final Connection connection, final String table) throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void clear(final Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.createDirectories(directory);
    }

    private static long size(final Path directory) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }
}
