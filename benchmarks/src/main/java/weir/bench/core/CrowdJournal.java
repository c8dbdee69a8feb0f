package weir.bench.core;

import java.nio.file.Path;
import weir.journal.Journal;

/**
 * A journal as the router writes it, made by a real core: orders opened, sent and acknowledged, filled in parts and
 * whole, cancelled, refused, for many tenants, with their configuration and grants at the beginning. Deterministic.
 */
public final class CrowdJournal {
    private static final int OPEN_ORDERS = 10_000;

    private CrowdJournal() {
    }

    /**
     * Writes it.
     *
     * @param directory of the journal, made here
     * @param tenants   with a price plan, a balance and two sessions each
     * @param records   at least so many
     * @return records written
     */
    public static long write(final Path directory, final int tenants, final long records) {
        try (Journal journal = Journal.launch(new Journal.Context().directory(directory)
            .ringFile(directory.resolve("ring")).spaceMarks(1024, 2048, 4096))) {
            final Runnable drain = () -> {
                while (!journal.ring().isDrained()) {
                    journal.agent().doWork();
                }
            };
            final Crowd crowd = new Crowd(tenants, 2 * tenants,
                (int)Math.max(1, Math.min(OPEN_ORDERS, records / 16)), journal.ring().ringBuffer(), drain);
            while (crowd.records() < records) {
                crowd.mixedStep();
            }
            drain.run();
            return crowd.records();
        }
    }
}
