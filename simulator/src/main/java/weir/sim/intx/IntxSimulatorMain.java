package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import weir.sim.market.Json;

/**
 * Runs the venue as a process of its own. Prints {@code READY http=... fix=... control=...} when it is up; exits 2 on
 * bad arguments, 1 when it cannot start. Ends on SIGTERM.
 */
public final class IntxSimulatorMain {
    private static final String USAGE = "usage: --log-dir DIR --accounts FILE [--port N] [--fix-port N] "
        + "[--control-port N] [--market-maker BTC-PERP=60000,...] [--house-taker-ms N] [--rest-per-second N] "
        + "[--fix-per-second N] [--fix-cut-per-second N] [--fix-tolerance-ms N] [--tolerance-ms N] "
        + "[--faults name=value,...] [--seed N]";

    private IntxSimulatorMain() {
    }

    /** Entry point; see the class for arguments and exit codes. */
    public static void main(final String[] args) throws InterruptedException {
        final IntxSimulator.Context context = new IntxSimulator.Context();
        try {
            configure(context, args);
            context.conclude();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("intx simulator: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            final IntxSimulator simulator = IntxSimulator.launch(context);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(simulator), "intx-shutdown"));
            System.out.println("READY http=" + simulator.httpPort() + " fix=" + simulator.fixPort() + " control="
                + simulator.controlPort());
            System.out.flush();
            new CountDownLatch(1).await();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("intx simulator: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void configure(final IntxSimulator.Context context, final String[] args) throws IOException {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            final String value = args[i + 1];
            switch (args[i]) {
                case "--port" -> context.port(Integer.parseInt(value));
                case "--fix-port" -> context.fixPort(Integer.parseInt(value));
                case "--fix-per-second" -> context.fixPerSecond(Integer.parseInt(value));
                case "--fix-cut-per-second" -> context.fixCutPerSecond(Integer.parseInt(value));
                case "--fix-tolerance-ms" -> context.fixToleranceNs(millis(value));
                case "--control-port" -> context.controlPort(Integer.parseInt(value));
                case "--log-dir" -> context.logDir(Path.of(value));
                case "--accounts" -> context.accounts(IntxAccount.read(Path.of(value)));
                case "--market-maker" -> context.marketMaker(mids(value));
                case "--house-taker-ms" -> context.houseTakerIntervalNs(millis(value));
                case "--rest-per-second" -> context.restPerSecond(Integer.parseInt(value));
                case "--tolerance-ms" -> context.toleranceNs(millis(value));
                case "--faults" -> context.faults(faults(value));
                case "--seed" -> context.seed(Long.parseLong(value));
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
    }

    private static long millis(final String value) {
        return Long.parseLong(value) * 1_000_000L;
    }

    private static Map<String, String> pairs(final String text) {
        final Map<String, String> pairs = new LinkedHashMap<>();
        for (final String pair : text.split(",")) {
            final int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected NAME=VALUE, not " + pair);
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    private static Map<String, BigDecimal> mids(final String text) {
        final Map<String, BigDecimal> mids = new LinkedHashMap<>();
        pairs(text).forEach((symbol, price) -> mids.put(symbol, new BigDecimal(price)));
        return mids;
    }

    private static ObjectNode faults(final String text) {
        final ObjectNode faults = Json.object();
        pairs(text).forEach((name, value) -> {
            if (value.endsWith("%") || "session".equals(name)) {
                faults.put(name, value);
            } else {
                faults.put(name, Long.parseLong(value));
            }
        });
        return faults;
    }

    private static void closeQuietly(final IntxSimulator simulator) {
        try {
            simulator.close();
        } catch (final IOException e) {
            System.err.println("intx simulator: close: " + e.getMessage());
        }
    }
}
