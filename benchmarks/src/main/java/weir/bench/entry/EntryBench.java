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
import weir.bench.figures.HistogramFiles;

/**
 * Child process of the suite: client to venue outbox over Aeron IPC, against a bare Aeron IPC round trip: one
 * message at a time, in turns, round by round. In both the caller busy-spins on one thread and the other side on
 * another; for Weir the other side is gateway and engine as one composite agent, the demo's controls on, each order
 * journaled to the ring before it leaves. The caller is client and venue at once, so that one clock sees both ends.
 * {@code EntryBench <directory> <rounds> <orders a round> <orders to warm up> <most ms of a round>} writes the
 * files {@value #WEIR}, {@value #BARE} and {@value #IDLE} into the directory and prints {@code RESULT P13}.
 */
public final class EntryBench {
    /** Histograms of client to venue outbox. */
    public static final String WEIR = "entry-weir";
    /** Histograms of bare round trips. */
    public static final String BARE = "entry-bare-round-trip";
    /** Histogram of an idle spinner between the rounds. */
    public static final String IDLE = "entry-idle-spinner";
    private static final long HIGHEST_NS = 1_000_000_000L;
    private static final long SPIN_NS = 200_000_000L;
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
        final List<Histogram> weir = histograms(rounds);
        final Histogram idle = histogram();
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())
                .idleStrategy(new SleepingMillisIdleStrategy(1)));
            BareRoundTrip echo = new BareRoundTrip(aeron);
            EntryPath entry = new EntryPath(aeron, driver.aeronDirectoryName(), directory, rounds * orders + warmUp)) {
            echo.run(warmUp, mostNs, histogram());
            entry.run(warmUp, rounds * mostNs, histogram());
            for (int i = 0; i < rounds; i++) {
                echo.run(orders, mostNs, bare.get(i));
                entry.run(orders, mostNs, weir.get(i));
                spin(idle);
            }
        }
        HistogramFiles.write(directory, WEIR, weir);
        HistogramFiles.write(directory, BARE, bare);
        HistogramFiles.write(directory, IDLE, List.of(idle));
        System.out.println("RESULT P13");
    }

    /** What the machine does to a thread that only reads the clock. */
    private static void spin(final Histogram hiccups) {
        final long startNs = System.nanoTime();
        long last = startNs;
        while (last - startNs < SPIN_NS) {
            final long now = System.nanoTime();
            hiccups.recordValue(Math.max(1, Math.min(HIGHEST_NS, now - last)));
            last = now;
        }
    }

    private static List<Histogram> histograms(final int count) {
        return IntStream.range(0, count).mapToObj(i -> histogram()).toList();
    }

    private static Histogram histogram() {
        return new Histogram(1, HIGHEST_NS, 3);
    }
}
