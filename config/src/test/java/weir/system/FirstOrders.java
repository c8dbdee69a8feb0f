package weir.system;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;
import weir.config.run.DemoDirectory;
import weir.config.run.RouterProcess;
import weir.config.warmup.MadeUpDesk;
import weir.config.warmup.MadeUpVenue;

/**
 * A child JVM that starts a router on the demo's configuration, sends it its first orders one by one, and prints how
 * long they took and what the compiler had made of the order path before and after them:
 * {@code FIRST compiled=N lost=N late=N fills=N p50Us=N p90Us=N maxUs=N}.
 */
final class FirstOrders {
    private static final int ORDERS = 100;
    private static final long WAIT_NS = 60_000_000_000L;
    private static final long GAP_NS = 2_000_000L;
    private static final long SETTLE_NS = 1_000_000_000L;
    /** Number, level 4 = the optimising compiler, state 0 = in use, method. */
    private static final Pattern OPTIMISED = Pattern.compile("^\\s*\\d+\\s+4\\s+0\\s+(\\S+)\\.([^.\\s(]+)\\(\\S*");
    private static final Pattern PATH =
        Pattern.compile("(weir\\.(fix|engine|venue|protocol|journal)|io\\.aeron|org\\.agrona)\\..*");

    private final MadeUpVenue venue = new MadeUpVenue();
    private MadeUpDesk desk;

    private FirstOrders() throws IOException {
        // the venue listens
    }

    /** Arguments: directory to use, then the files' edits as file, from, to. */
    public static void main(final String[] args) throws Exception {
        new FirstOrders().run(Path.of(args[0]), Arrays.copyOfRange(args, 1, args.length));
        System.exit(0);
    }

    private void run(final Path root, final String[] edits) throws Exception {
        final Path files = root.resolve("config");
        DemoDirectory.write(files, root.resolve("data"),
            DemoDirectory.Ports.coinbase(venue.fixPort(), venue.restPort(), 1), 0);
        Files.delete(files.resolve("tenants/beta.yaml")); // one account: the venue takes one session
        for (int i = 0; i < edits.length; i += 3) {
            final Path file = files.resolve(edits[i]);
            final String text = Files.readString(file);
            if (!text.contains(edits[i + 1])) {
                throw new IOException("no '" + edits[i + 1] + "' in " + file);
            }
            Files.writeString(file, text.replace(edits[i + 1], edits[i + 2]));
        }
        final WeirConfig config = ConfigLoader.load(new DirectorySource(files), System.getenv()).orThrow();
        try (RouterProcess router = RouterProcess.launch(config, new SecretResolver(System.getenv(), files))) {
            await("venue", venue::isLoggedOn);
            desk = new MadeUpDesk(router.fixPort(), "ALPHA1", config.acceptor().compId());
            desk.logOn(System.getenv("WEIR_DEMO_ALPHA1_PASSWORD"));
            await("desk", desk::isLoggedOn);
            pump(SETTLE_NS);
            report();
            desk.close();
            venue.close();
        }
    }

    private void report() throws IOException, JMException {
        final Set<String> before = optimised();
        pump(SETTLE_NS); // what the list itself had compiled is not the router's
        final long[] fillsNs = new long[ORDERS];
        int fills = 0;
        for (int i = 0; i < ORDERS; i++) {
            final long startNs = System.nanoTime();
            final long filled = desk.filled();
            desk.order();
            await("order " + i, () -> desk.ended() == desk.sent());
            if (desk.filled() > filled) {
                fillsNs[fills++] = System.nanoTime() - startNs;
            }
            pump(GAP_NS);
        }
        final Set<String> after = optimised();
        final Set<String> lost = new TreeSet<>(before);
        lost.removeAll(after);
        final Set<String> late = new TreeSet<>(after);
        late.removeAll(before);
        final long[] sorted = Arrays.copyOf(fillsNs, fills);
        Arrays.sort(sorted);
        System.out.println("LOST " + lost + " LATE " + late);
        System.out.println("FIRST compiled=" + before.size() + " lost=" + lost.size() + " late=" + late.size()
            + " fills=" + fills + " firstUs=" + fillsNs[0] / 1_000 + " p50Us=" + sorted[fills / 2] / 1_000
            + " p90Us=" + sorted[fills * 9 / 10] / 1_000 + " maxUs=" + sorted[fills - 1] / 1_000);
    }

    private void pump(final long forNs) throws IOException {
        final long endNs = System.nanoTime() + forNs;
        while (System.nanoTime() - endNs < 0) {
            turn();
        }
    }

    private void await(final String what, final BooleanSupplier condition) throws IOException {
        final long endNs = System.nanoTime() + WAIT_NS;
        while (!condition.getAsBoolean()) {
            turn();
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("timed out waiting for " + what + (desk == null ? "" : ": sent " + desk.sent()
                    + ", ended " + desk.ended()));
            }
        }
    }

    private void turn() throws IOException {
        if (venue.turn() + (desk == null ? 0 : desk.turn()) == 0) {
            Thread.yield();
        }
    }

    /** Methods of the order path that run as optimised code. */
    private static Set<String> optimised() throws JMException {
        final String list = (String)ManagementFactory.getPlatformMBeanServer().invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"), "compilerCodelist", new Object[0],
            new String[0]);
        final Set<String> methods = new TreeSet<>();
        list.lines().forEach(line -> {
            final Matcher matcher = OPTIMISED.matcher(line);
            if (matcher.find() && PATH.matcher(matcher.group(1)).matches()) {
                methods.add(matcher.group(1) + '.' + matcher.group(2));
            }
        });
        return methods;
    }
}
