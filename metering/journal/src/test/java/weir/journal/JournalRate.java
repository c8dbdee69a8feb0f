package weir.journal;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a record costs the journal agent, from the ring into Chronicle Queue, checksums verified. A measurement, not a
 * test: {@code main} fills the ring and times the agent's duty cycles alone.
 */
final class JournalRate {
    private static final int RING_CAPACITY = 8 * 1024 * 1024;
    private static final int BATCH = 12_000;

    private JournalRate() {
    }

    public static void main(final String[] args) throws Exception {
        final int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        final Path directory = Journals.newDirectory();
        final Records records = new Records();
        final double[] nsPerRecord = new double[rounds];
        try (Journal journal = Journal.launch(new Journal.Context().directory(directory)
            .ringCapacity(RING_CAPACITY))) {
            long sequence = 1;
            long bytes = 0;
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < BATCH; i++) {
                    if (!records.offer(journal.ring().ringBuffer(), sequence++)) {
                        throw new IllegalStateException("ring full");
                    }
                }
                bytes = journal.ring().occupancy();
                final long start = System.nanoTime();
                while (!journal.ring().isDrained()) {
                    journal.agent().doWork();
                }
                nsPerRecord[round] = (System.nanoTime() - start) / (double) BATCH;
            }
            Arrays.sort(nsPerRecord);
            System.out.printf("%d records of %d bytes a round, %d records an excerpt: p10 %.0f, median %.0f, p90 %.0f "
                + "ns per record%n", BATCH, bytes / BATCH, journal.agent().records() / journal.agent().excerpts(),
                nsPerRecord[rounds / 10], nsPerRecord[rounds / 2], nsPerRecord[rounds * 9 / 10]);
        } finally {
            Journals.delete(directory);
        }
    }
}
