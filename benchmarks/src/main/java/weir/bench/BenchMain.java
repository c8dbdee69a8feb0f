package weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.Main;
import weir.bench.entry.EntryBench;
import weir.bench.openloop.OpenLoopBench;

/**
 * Entry of {@code weir bench}: the open loop by default, JMH with {@code --jmh [PATTERN]}. Exit code 0 when every
 * order of every run came back, 1 when a run failed, 2 on bad usage.
 */
public final class BenchMain {
    private static final String USAGE =
        "usage: bench [--rate N[,N...]] [--seconds N] [--warmup N] [--rounds N] [--out FILE] | --jmh [PATTERN ...]"
        + " | --entry [--rounds N] [--orders N]";

    private BenchMain() {
    }

    /**
     * Runs.
     *
     * @param args see the usage text
     * @throws IOException when a benchmark cannot run
     */
    public static void main(final String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("--jmh")) {
            final List<String> jmh = new ArrayList<>(List.of(args).subList(1, args.length));
            if (jmh.isEmpty()) {
                jmh.add("weir.bench.jmh.*");
            }
            Main.main(jmh.toArray(new String[0]));
            return;
        }
        if (args.length > 0 && args[0].equals("--entry")) {
            entry(args);
            return;
        }
        final OpenLoopBench bench = new OpenLoopBench();
        for (int i = 0; i + 1 < args.length; i += 2) {
            if (!bench.option(args[i], args[i + 1])) {
                System.err.println("unknown option " + args[i]);
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        if (args.length % 2 != 0) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(bench.run() ? 0 : 1);
    }

    private static void entry(final String[] args) throws IOException {
        final EntryBench bench = new EntryBench();
        for (int i = 1; i < args.length; i += 2) {
            if (i + 1 == args.length || !bench.option(args[i], args[i + 1])) {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        bench.run();
    }
}
