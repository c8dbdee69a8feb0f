package weir.bench.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import quickfix.ConfigError;
import weir.bench.peer.OrderBuckets;

/**
 * Child process of the suite: runs what it is asked for and prints one line for each,
 * {@code RESULT name own=ns,ns,... peer=ns,ns,... ownBytes=n peerBytes=n}, a figure for each round.
 * {@code CoreMain <directory> <rounds> <warmMs> <sliceMs> <name>...}. {@code P8-each}: what P8 would take without a
 * core, and with a core that has no control on. {@code P10-each} is not asked for by the suite: a line for every
 * pre-trade control against none.
 */
public final class CoreMain {
    private static final int RECORD = 256;
    private static final int CL_ORD_IDS = 1 << 20;
    private static final int TENANTS = 10_000;
    private static final int SESSIONS = 1_000;
    private static final int OPEN_ORDERS = 100_000;

    private CoreMain() {
    }

    /**
     * Runs.
     *
     * @param args see the class
     * @throws IOException when files cannot be made
     * @throws ConfigError when QuickFIX/J does not find its dictionaries
     */
    public static void main(final String[] args) throws IOException, ConfigError {
        final Path directory = Files.createDirectories(Path.of(args[0]));
        final Duel duel = new Duel(Integer.parseInt(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
        final Set<String> names = Arrays.stream(args).filter(a -> a.startsWith("P"))
            .collect(Collectors.toSet());
        if (names.contains("P8") || names.contains("P8-each")) {
            fixPaths(names, duel);
        }
        if (names.contains("P9")) {
            final Crowd crowd = new Crowd(1, 1, 64);
            final Work mixed = mixed(crowd);
            print("P9", duel.run(mixed, mixed));
        }
        if (names.contains("P10")) {
            final OrderBuckets buckets = new OrderBuckets();
            final Work.Whole peer = () -> buckets.admit() ? 0 : 1;
            print("P10", duel.run(new BucketWork(), peer));
            final CoreFixture on = new CoreFixture(CL_ORD_IDS, EditedDemo.load(true));
            final CoreFixture off = new CoreFixture(CL_ORD_IDS, EditedDemo.load(false));
            final Work.Whole with = on::roundTrip;
            final Work.Whole without = off::roundTrip;
            print("P10-controls", duel.run(with, without));
        }
        if (names.contains("P10-each")) {
            final CoreFixture off = new CoreFixture(CL_ORD_IDS, CoreFixture.Control.OFF);
            final Work.Whole without = off::roundTrip;
            for (final CoreFixture.Control control : CoreFixture.Control.values()) {
                final CoreFixture on = new CoreFixture(CL_ORD_IDS, control);
                final Work.Whole with = on::roundTrip;
                print("P10-" + control, duel.run(with, without));
            }
        }
        if (names.contains("P11")) {
            try (ChronicleWork chronicle = new ChronicleWork(directory.resolve("chronicle"), RECORD)) {
                print("P11", duel.run(new RingWork(RECORD), chronicle));
            }
        }
        if (names.contains("P12")) {
            final Crowd crowd = new Crowd(TENANTS, SESSIONS, OPEN_ORDERS);
            final Crowd one = new Crowd(1, 1, 1);
            print("P12", duel.run(steps(crowd), steps(one)));
        }
        System.out.println("DONE");
    }

    private static void fixPaths(final Set<String> names, final Duel duel) throws ConfigError {
        final FixPaths paths = new FixPaths();
        if (names.contains("P8")) {
            print("P8", duel.run(paths.weirWork(), paths.quickFixWork()));
        }
        if (names.contains("P8-each")) {
            final FixPathWork text = FixPathWork.textAlone(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.OFF));
            print("P8-text", duel.run(text, paths.quickFixWork()));
            final FixPathWork off = new FixPathWork(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.OFF));
            print("P8-off", duel.run(off, paths.quickFixWork()));
        }
    }

    private static Work steps(final Crowd crowd) {
        final Work.Whole work = () -> {
            crowd.step();
            return 0;
        };
        return work;
    }

    private static Work mixed(final Crowd crowd) {
        final Work.Whole work = () -> {
            crowd.mixedStep();
            return 0;
        };
        return work;
    }

    private static void print(final String name, final Duel.Result result) {
        System.out.println(String.format(Locale.ROOT, "RESULT %s own=%s peer=%s ownBytes=%.2f peerBytes=%.2f", name,
            list(result.ownNs()), list(result.peerNs()), result.ownBytes(), result.peerBytes()));
    }

    private static String list(final double[] values) {
        final StringJoiner text = new StringJoiner(",");
        for (final double value : values) {
            text.add(String.format(Locale.ROOT, "%.3f", value));
        }
        return text.toString();
    }
}
