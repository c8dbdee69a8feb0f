package weir.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.bench.contest.Contestant;
import weir.bench.contest.LineUp;
import weir.bench.contest.RingGauge;
import weir.bench.tester.Latencies;
import weir.bench.tester.Probe;
import weir.bench.tester.Throughput;
import weir.journal.JournalVerifier;
import weir.journal.VerifyReport;

/**
 * Weir alone with many in flight for a minute, its journal on a disk: does the ring stay flat, is every record in the
 * journal afterwards? The router is stopped in the ordinary way and the journal verified as {@code weir journal verify}
 * does; the orders in it must be as many as were sent.
 */
final class Sustained {
    private static final double ROOM = 1.3;
    private static final long BYTES_PER_ORDER = 2_400;
    private static final long HEAP_BYTES_PER_ORDER = 170;
    private static final long ORDERS_MAX = (1 << 25) - 1;
    private static final long ORDERS_MIN = 200_000;
    private static final int WINDOW_MAX = 1_024;

    private Sustained() {
    }

    /** What a minute gave. */
    record Result(Throughput throughput, long orders, RingGauge.Occupancy ring, VerifyReport journal, String cut) {
        long ordersInJournal() {
            return journal.byTemplate().getOrDefault("NewOrder", 0L);
        }

        boolean complete() {
            return journal.ok() && ordersInJournal() == orders
                && journal.records() == journal.lastSequence() - journal.firstSequence() + 1;
        }
    }

    static Result run(final Plan plan, final LineUp lineUp, final double perSecond, final int window,
        final Path directory) throws IOException {
        long ms = plan.sustainedMs();
        String cut = "";
        final long onDevice = Files.getFileStore(directory).getUsableSpace() / 2 / BYTES_PER_ORDER;
        final long inMemory = Machine.availableBytes() / 2 / HEAP_BYTES_PER_ORDER;
        final long most = Math.min(ORDERS_MAX, Math.min(onDevice, inMemory));
        long orders = Math.max(ORDERS_MIN, (long)(perSecond * ROOM * (ms + plan.warmMs()) / 1_000));
        if (orders > most) {
            ms = Math.max(1_000, ms * most / orders);
            orders = most;
            cut = "cut to " + ms + " ms: space on the device, or room in the table of ClOrdIDs";
        }
        final Path data = directory.resolve("sustained");
        final Throughput throughput;
        final RingGauge.Occupancy ring;
        final long sent;
        try (Contestant weir = lineUp.weir("weir-sustained", data, (int)Math.min(orders, ORDERS_MAX), WINDOW_MAX)) {
            weir.tester().openLoop(plan.rate(), plan.warmMs() / 2, 50, new Latencies());
            final long left = orders - weir.tester().sent();
            try (RingGauge gauge = new RingGauge(data.resolve("journal"))) {
                throughput = weir.tester().closedWindow(window, plan.warmMs() / 4, ms, left * 9 / 10 - WINDOW_MAX,
                    Probe.NONE);
                ring = gauge.end();
            }
            sent = weir.tester().sent();
        }
        return new Result(throughput, sent, ring, JournalVerifier.verify(data.resolve("journal")), cut);
    }
}
