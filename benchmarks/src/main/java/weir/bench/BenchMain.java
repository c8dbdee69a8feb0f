package weir.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.Main;
import weir.bench.billing.BillingBench;
import weir.bench.core.Versions;
import weir.bench.suite.Console;
import weir.bench.suite.Plan;
import weir.bench.suite.Suite;

/**
 * Entry of {@code weir bench}: budgets P1 to P13 by default, JMH with {@code --jmh [PATTERN]}, billing's rate of
 * records with {@code --billing}, this version against another with {@code --against}. Exit code 0 when the run
 * came to its end, whatever the verdicts; 2 on bad usage.
 */
public final class BenchMain {
    private static final String USAGE = "usage: bench [--short] [--plain] [--only P1,P2] [--rounds N] [--rate N]"
        + " [--out DIR] [--data DIR] [--fresh-pages]"
        + " [--shape NAME] [--set section.key=VALUE] [--jvm FLAG] [--peer-store none|memory|file]"
        + " [--latency-ms N] [--throughput-ms N] [--sustained-ms N] [--warmup-ms N]"
        + " | --against CHECKOUT | --jmh [PATTERN ...]"
        + " | --billing [--records N] [--tenants N] [--rounds N] [--peer-records N] [--audit on|off] [--data DIR]"
        + " [--journal DIR] [--jvm FLAG]";

    private BenchMain() {
    }

    /**
     * Runs.
     *
     * @param args see the usage text
     * @throws IOException          when a benchmark cannot run
     * @throws InterruptedException when waiting for one is ended
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        if (args.length > 0 && args[0].equals("--jmh")) {
            final List<String> jmh = new ArrayList<>(List.of(args).subList(1, args.length));
            if (jmh.isEmpty()) {
                jmh.add("weir.bench.jmh.*");
            }
            Main.main(jmh.toArray(new String[0]));
        } else if (args.length == 2 && args[0].equals("--against")) {
            System.exit(Versions.start(Path.of(args[1]), Path.of(System.getProperty("weir.home", "."))));
        } else if (args.length > 0 && args[0].equals("--billing")) {
            billing(args);
        } else {
            suite(args);
        }
    }

    private static void suite(final String[] args) throws IOException {
        final Plan plan;
        try {
            plan = Plan.of(args);
        } catch (final IllegalArgumentException ex) {
            System.err.println(ex.getMessage());
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        System.out.println();
        System.out.print(new Suite(plan, new Console(System.err)).run());
    }

    private static void billing(final String[] args) throws IOException {
        final BillingBench bench = new BillingBench();
        for (int i = 1; i < args.length; i += 2) {
            if (i + 1 == args.length || !bench.option(args[i], args[i + 1])) {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        bench.run();
    }
}
