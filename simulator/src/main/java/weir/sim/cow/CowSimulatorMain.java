package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import weir.sim.market.Json;

/**
 * Runs the venue as a process of its own. Prints {@code READY http=... control=...} when it is up; exits 2 on bad
 * arguments, 1 when it cannot start. Ends on SIGTERM.
 */
public final class CowSimulatorMain {
    private static final String USAGE = "usage: --log-dir DIR --accounts FILE [--port N] [--control-port N] "
        + "[--tokens FILE] [--chain-id N] [--settlement-contract 0x..] [--auction-ms N] [--fee-usd X] "
        + "[--spread-bps N] [--requests-per-second N] [--penalty-ms N] [--open-orders-max N] [--validity-min-s N] "
        + "[--faults name=value,...] [--seed N]";

    private CowSimulatorMain() {
    }

    /** Entry point; see the class for arguments and exit codes. */
    public static void main(final String[] args) throws InterruptedException {
        final CowSimulator.Context context = new CowSimulator.Context();
        try {
            configure(context, args);
            context.conclude();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("cow simulator: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            final CowSimulator simulator = CowSimulator.launch(context);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(simulator), "cow-shutdown"));
            System.out.println("READY http=" + simulator.httpPort() + " control=" + simulator.controlPort());
            System.out.flush();
            new CountDownLatch(1).await();
        } catch (final IOException | IllegalArgumentException e) {
            System.err.println("cow simulator: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void configure(final CowSimulator.Context context, final String[] args) throws IOException {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            final String value = args[i + 1];
            switch (args[i]) {
                case "--port" -> context.port(Integer.parseInt(value));
                case "--control-port" -> context.controlPort(Integer.parseInt(value));
                case "--log-dir" -> context.logDir(Path.of(value));
                case "--accounts" -> context.accounts(CowAccount.read(Path.of(value)));
                case "--tokens" -> context.tokens(CowToken.read(Path.of(value)));
                case "--chain-id" -> context.chainId(Long.parseLong(value));
                case "--settlement-contract" -> context.settlementContract(value);
                case "--auction-ms" -> context.auctionNs(millis(value));
                case "--fee-usd" -> context.feeUsd(new BigDecimal(value));
                case "--spread-bps" -> context.spreadBps(Integer.parseInt(value));
                case "--requests-per-second" -> context.requestsPerSecond(Integer.parseInt(value));
                case "--penalty-ms" -> context.penaltyNs(millis(value));
                case "--open-orders-max" -> context.openOrdersMax(Integer.parseInt(value));
                case "--validity-min-s" -> context.validityMinS(Long.parseLong(value));
                case "--faults" -> context.faults(faults(value));
                case "--seed" -> context.seed(Long.parseLong(value));
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
    }

    private static long millis(final String value) {
        return Long.parseLong(value) * 1_000_000L;
    }

    private static ObjectNode faults(final String text) {
        final ObjectNode faults = Json.object();
        for (final String pair : text.split(",")) {
            final int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected NAME=VALUE, not " + pair);
            }
            final String value = pair.substring(equals + 1);
            if (value.endsWith("%")) {
                faults.put(pair.substring(0, equals), value);
            } else {
                faults.put(pair.substring(0, equals), Long.parseLong(value));
            }
        }
        return faults;
    }

    private static void closeQuietly(final CowSimulator simulator) {
        try {
            simulator.close();
        } catch (final IOException e) {
            System.err.println("cow simulator: close: " + e.getMessage());
        }
    }
}
