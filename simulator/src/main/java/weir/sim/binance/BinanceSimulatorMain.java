package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import weir.sim.market.Json;

/**
 * Runs the venue as a process of its own. Prints {@code READY http=... control=...} when it is up; exits 2 on bad
 * arguments, 1 when it cannot start. Ends on SIGTERM.
 */
public final class BinanceSimulatorMain {
    private static final String USAGE = "usage: --log-dir DIR --accounts FILE [--port N] [--control-port N] "
        + "[--market-maker BTCUSDT=60000,...] [--house-taker-ms N] [--weight N] [--orders-10s N] [--orders-1d N] "
        + "[--refusals-to-ban N] [--maker-bonus N] [--connection-life-ms N] [--faults name=value,...] [--seed N]";
    private static final int ORDERS_10S = 50;
    private static final int ORDERS_1D = 160_000;

    private BinanceSimulatorMain() {
    }

    /** Entry point; see the class for arguments and exit codes. */
    public static void main(final String[] args) throws InterruptedException {
        final BinanceSimulator.Context context = new BinanceSimulator.Context();
        try {
            configure(context, args);
            context.conclude();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("binance simulator: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            final BinanceSimulator simulator = BinanceSimulator.launch(context);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(simulator), "binance-shutdown"));
            System.out.println("READY http=" + simulator.httpPort() + " control=" + simulator.controlPort());
            System.out.flush();
            new CountDownLatch(1).await();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("binance simulator: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void configure(final BinanceSimulator.Context context, final String[] args) throws IOException {
        int orders10s = ORDERS_10S;
        int orders1d = ORDERS_1D;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            final String value = args[i + 1];
            switch (args[i]) {
                case "--port" -> context.port(Integer.parseInt(value));
                case "--control-port" -> context.controlPort(Integer.parseInt(value));
                case "--log-dir" -> context.logDir(Path.of(value));
                case "--accounts" -> context.accounts(BinanceAccount.read(Path.of(value)));
                case "--market-maker" -> context.marketMaker(mids(value));
                case "--house-taker-ms" -> context.houseTakerIntervalNs(Long.parseLong(value) * 1_000_000L);
                case "--weight" -> context.weight(Integer.parseInt(value));
                case "--orders-10s" -> orders10s = Integer.parseInt(value);
                case "--orders-1d" -> orders1d = Integer.parseInt(value);
                case "--refusals-to-ban" -> context.refusalsToBan(Integer.parseInt(value));
                case "--maker-bonus" -> context.makerBonus(Integer.parseInt(value));
                case "--connection-life-ms" -> context.connectionLifeNs(Long.parseLong(value) * 1_000_000L);
                case "--faults" -> context.faults(faults(value));
                case "--seed" -> context.seed(Long.parseLong(value));
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
        context.orders(orders10s, orders1d);
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

    private static void closeQuietly(final BinanceSimulator simulator) {
        try {
            simulator.close();
        } catch (final IOException e) {
            System.err.println("binance simulator: close: " + e.getMessage());
        }
    }
}
