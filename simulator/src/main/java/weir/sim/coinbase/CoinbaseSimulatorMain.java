package weir.sim.coinbase;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the venue as a process of its own. Prints {@code READY fix=... rest=... control=... ws=...} when it is up;
 * exits 2 on bad arguments, 1 when it cannot start. Ends on SIGTERM.
 */
public final class CoinbaseSimulatorMain {
    private static final String USAGE = "usage: --log-dir DIR --accounts FILE [--fix-port N] [--rest-port N] "
        + "[--control-port N] [--products FILE] [--market-maker BTC-USD=65000.00,...] [--house-taker-ms N] "
        + "[--alignment session_start|epoch_second|sliding] [--tolerance-ms N] [--queue-max N] [--seed N] "
        + "[--scheduled-logouts true|false]";

    private CoinbaseSimulatorMain() {
    }

    /** Entry point; see the class for arguments and exit codes. */
    public static void main(final String[] args) throws InterruptedException {
        final CoinbaseSimulator.Context context = new CoinbaseSimulator.Context();
        try {
            configure(context, args);
            context.conclude();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("coinbase simulator: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            WarmUp.run();
            final CoinbaseSimulator simulator = CoinbaseSimulator.launch(context);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(simulator), "coinbase-shutdown"));
            System.out.println("READY fix=" + simulator.fixPort() + " rest=" + simulator.restPort()
                + " control=" + simulator.controlPort() + " ws=" + simulator.wsPort());
            System.out.flush();
            new CountDownLatch(1).await();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("coinbase simulator: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void configure(final CoinbaseSimulator.Context context, final String[] args) throws IOException {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            final String value = args[i + 1];
            switch (args[i]) {
                case "--fix-port" -> context.fixPort(Integer.parseInt(value));
                case "--rest-port" -> context.restPort(Integer.parseInt(value));
                case "--control-port" -> context.controlPort(Integer.parseInt(value));
                case "--log-dir" -> context.logDir(Path.of(value));
                case "--accounts" -> context.accounts(VenueAccount.read(Path.of(value)));
                case "--products" -> context.products(VenueProduct.read(Path.of(value)));
                case "--market-maker" -> context.marketMaker(mids(value));
                case "--house-taker-ms" -> context.houseTakerIntervalNs(Long.parseLong(value) * 1_000_000L);
                case "--alignment" ->
                    context.windowAlignment(WindowAlignment.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_')));
                case "--tolerance-ms" -> context.toleranceNs(Long.parseLong(value) * 1_000_000L);
                case "--queue-max" -> context.queuedPerProductMax(Integer.parseInt(value));
                case "--seed" -> context.seed(Long.parseLong(value));
                case "--scheduled-logouts" -> context.scheduledLogouts(Boolean.parseBoolean(value));
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
    }

    private static Map<String, BigDecimal> mids(final String text) {
        final Map<String, BigDecimal> mids = new LinkedHashMap<>();
        for (final String pair : text.split(",")) {
            final int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--market-maker wants PRODUCT=PRICE, not " + pair);
            }
            mids.put(pair.substring(0, equals), new BigDecimal(pair.substring(equals + 1)));
        }
        return mids;
    }

    private static void closeQuietly(final CoinbaseSimulator simulator) {
        try {
            simulator.close();
        } catch (final IOException e) {
            System.err.println("coinbase simulator: close: " + e.getMessage());
        }
    }
}
