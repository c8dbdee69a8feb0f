package weir.sim.stripe;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a {@link StripeSimulator} as a process: {@code --port N --log-dir DIR --mode live|sandbox [--api-key KEY]
 * [--summary-lag-ms N] [--validation-window-ms N] [--webhook-retry-ms N]}. Prints {@code READY stripe=PORT} when it
 * listens. Exit code 2 on bad usage.
 */
public final class StripeSimulatorMain {
    private StripeSimulatorMain() {
    }

    /** @param args see the class */
    public static void main(final String[] args) throws InterruptedException {
        final StripeContext ctx = new StripeContext();
        final StripeSimulator simulator;
        try {
            if (args.length % 2 != 0) {
                throw new IllegalArgumentException(args[args.length - 1] + " has no value");
            }
            for (int i = 0; i < args.length; i += 2) {
                set(ctx, args[i], args[i + 1]);
            }
            simulator = StripeSimulator.launch(ctx);
        } catch (final IllegalArgumentException e) {
            System.err.println("stripe simulator: " + e.getMessage());
            System.err.println("usage: --port N --log-dir DIR --mode live|sandbox [--api-key KEY] [--summary-lag-ms N] "
                + "[--validation-window-ms N] [--webhook-retry-ms N]");
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "stripe-sim-close"));
        System.out.println("READY stripe=" + simulator.port());
        new CountDownLatch(1).await();
    }

    private static void set(final StripeContext ctx, final String option, final String value) {
        switch (option) {
            case "--port" -> ctx.port(Integer.parseInt(value));
            case "--log-dir" -> ctx.logDir(Path.of(value));
            case "--mode" -> ctx.mode(StripeMode.valueOf(value.toUpperCase(Locale.ROOT)));
            case "--api-key" -> ctx.apiKey(value);
            case "--summary-lag-ms" -> ctx.summaryLagMs(Long.parseLong(value));
            case "--webhook-retry-ms" -> ctx.webhookRetryMs(Long.parseLong(value));
            case "--validation-window-ms" -> ctx.validationWindowMs(Long.parseLong(value));
            default -> throw new IllegalArgumentException("unknown option " + option);
        }
    }
}
