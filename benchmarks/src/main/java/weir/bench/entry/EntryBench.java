package weir.bench.entry;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import weir.bench.core.CoreFixture;
import weir.bench.figures.HistogramFiles;
import weir.bench.tester.Latencies;
import weir.bench.tester.Spinner;
import weir.config.driver.DriverSpace;

/**
 * Child process of the suite: client to venue outbox over Aeron IPC, against a bare Aeron IPC round trip: one
 * message at a time, in turns, round by round. In both the caller busy-spins on one thread and the other side on
 * another; for Weir the other side is gateway and engine as one composite agent, the demo's controls on, each order
 * journaled to the ring before it leaves. The caller is client and venue at once, so that one clock sees both ends. A
 * third is the bare round trip whose echo encodes an order and has it admitted by the core before it answers.
 * {@code EntryBench <directory> <rounds> <orders a round> <orders to warm up> <most ms of a round>} writes the files
 * {@value #WEIR}, {@value #BARE}, {@value #CORE} and {@value #IDLE} into the directory and prints {@code RESULT P13}.
 */
public final class EntryBench {
    /** Histograms of client to venue outbox. */
    public static final String WEIR = "entry-weir";
    /** Histograms of bare round trips. */
    public static final String BARE = "entry-bare-round-trip";
    /** Histograms of round trips with the core between. */
    public static final String CORE = "entry-core-round-trip";
    /** Histogram of an idle spinner between the rounds. */
    public static final String IDLE = "entry-idle-spinner";
    private static final int BARE_STREAM = 9_001;
    private static final int CORE_STREAM = 9_003;
    private static final long SPIN_MS = 200;
    private static final int NS_PER_MS = 1_000_000;

    private EntryBench() {
    }

    /**
     * Runs.
     *
     * @param args see the class
     * @throws IOException when files cannot be made
     */
    public static void main(final String[] args) throws IOException {
        final Path directory = Path.of(args[0]);
        final int rounds = Integer.parseInt(args[1]);
        final int orders = Integer.parseInt(args[2]);
        final int warmUp = Integer.parseInt(args[3]);
        final long mostNs = Long.parseLong(args[4]) * NS_PER_MS;
        final List<Histogram> bare = histograms(rounds);
        final List<Histogram> core = histograms(rounds);
        final List<Histogram> weir = histograms(rounds);
        final Spinner idle = new Spinner();
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            // as the router's driver has it, for streams whose channel says no length
            .ipcTermBufferLength(DriverSpace.termLength(EntryPath.CHANNEL)).termBufferSparseFile(false)
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())
                .idleStrategy(new SleepingMillisIdleStrategy(1)));
            BareRoundTrip echo = new BareRoundTrip(aeron, BARE_STREAM, null);
            BareRoundTrip admitting = new BareRoundTrip(aeron, CORE_STREAM, new Admission());
            EntryPath entry = new EntryPath(aeron, driver.aeronDirectoryName(), directory, rounds * orders + warmUp)) {
            echo.run(warmUp, mostNs, Latencies.histogram());
            admitting.run(warmUp, mostNs, Latencies.histogram());
            entry.run(warmUp, rounds * mostNs, Latencies.histogram());
            for (int i = 0; i < rounds; i++) {
                echo.run(orders, mostNs, bare.get(i));
                admitting.run(orders, mostNs, core.get(i));
                entry.run(orders, mostNs, weir.get(i));
                idle.spin(SPIN_MS);
            }
        }
        HistogramFiles.write(directory, WEIR, weir);
        HistogramFiles.write(directory, BARE, bare);
        HistogramFiles.write(directory, CORE, core);
        HistogramFiles.write(directory, IDLE, List.of(idle.hiccups()));
        System.out.println("RESULT P13");
    }

    /** The core with the demo's controls, as behind the gateway; "sent" and the fill come behind the answer. */
    private static final class Admission implements BareRoundTrip.Part {
        private static final int CL_ORD_IDS = 1 << 20;

        private final CoreFixture core = new CoreFixture(CL_ORD_IDS, CoreFixture.Control.DEMO);
        private long order;

        @Override
        public void before() {
            order = core.newOrder();
        }

        @Override
        public void after() {
            core.sentAndFilled(order);
        }
    }

    private static List<Histogram> histograms(final int count) {
        return IntStream.range(0, count).mapToObj(i -> Latencies.histogram()).toList();
    }
}
