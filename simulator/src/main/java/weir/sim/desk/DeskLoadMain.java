package weir.sim.desk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs desks against a FIX acceptor from the command line. Each {@code --desk} logs on and runs the same scenario with
 * its own seed, odd ones buying and even ones selling. Prints one JSON line per desk. Exit code 0 when every message
 * was answered and no report broke FIX arithmetic, 1 otherwise, 2 on bad usage.
 */
public final class DeskLoadMain {
    private static final String USAGE = String.join(System.lineSeparator(),
        "usage: --port N --desk COMPID[:USER:PASSWORD | :KEYID:hmac:SECRET] [--desk ...]",
        "  [--host 127.0.0.1] [--target WEIR] [--symbol SYMBOL:MID:TICK:BASE_QTY ...] [--orders 100] [--rate 50]",
        "  [--burst ORDERS:WINDOW_MS:AT_MS] [--seed 1] [--prefix TEXT] [--warmup 0] [--reset never|first|every]",
        "  [--log-dir DIR] [--store-dir DIR] [--patience-s 30] [--heartbeat-s 30]");

    private final List<String> desks = new ArrayList<>();
    private final List<DeskInstrument> instruments = new ArrayList<>();
    private String host = "127.0.0.1";
    private String target = "WEIR";
    private String prefix = "l" + Long.toString(System.currentTimeMillis(), 36);
    private ResetMode reset = ResetMode.NEVER;
    private Path logDir;
    private Path storeDir;
    private int port;
    private int orders = 100;
    private int warmup;
    private int heartbeatSeconds = 30;
    private long patienceSeconds = 30;
    private long seed = 1;
    private double rate = 50;
    private long[] burst = {0, 1_000, 0};

    private DeskLoadMain() {
    }

    /** @param args see the usage text */
    public static void main(final String[] args) throws InterruptedException {
        final DeskLoadMain load = new DeskLoadMain();
        try {
            load.parse(args);
        } catch (final IllegalArgumentException e) {
            System.err.println("desk load: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(load.run() ? 0 : 1);
    }

    private void parse(final String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " has no value");
            }
            try {
                set(args[i], args[i + 1]);
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException(args[i] + " needs a number, got '" + args[i + 1] + "'", e);
            }
        }
        if (port == 0 || desks.isEmpty()) {
            throw new IllegalArgumentException("--port and --desk are needed");
        }
        if (instruments.isEmpty()) {
            instruments.add(DeskInstrument.parse("BTC-USD:60000:0.01:0.001"));
        }
    }

    private void set(final String option, final String value) {
        switch (option) {
            case "--host" -> host = value;
            case "--port" -> port = Integer.parseInt(value);
            case "--target" -> target = value;
            case "--desk" -> desks.add(value);
            case "--symbol" -> instruments.add(DeskInstrument.parse(value));
            case "--orders" -> orders = Integer.parseInt(value);
            case "--rate" -> rate = Double.parseDouble(value);
            case "--seed" -> seed = Long.parseLong(value);
            case "--prefix" -> prefix = value;
            case "--warmup" -> warmup = Integer.parseInt(value);
            case "--heartbeat-s" -> heartbeatSeconds = Integer.parseInt(value);
            case "--patience-s" -> patienceSeconds = Long.parseLong(value);
            case "--log-dir" -> logDir = Path.of(value);
            case "--store-dir" -> storeDir = Path.of(value);
            case "--reset" -> reset = resetMode(value);
            case "--burst" -> burst = numbers(value);
            default -> throw new IllegalArgumentException("unknown option " + option);
        }
    }

    private static ResetMode resetMode(final String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "never" -> ResetMode.NEVER;
            case "first" -> ResetMode.FIRST_LOGON;
            case "every" -> ResetMode.EVERY_LOGON;
            default -> throw new IllegalArgumentException("--reset is never, first or every");
        };
    }

    private static long[] numbers(final String value) {
        final String[] parts = value.split(":");
        if (parts.length != 3) {
            throw new IllegalArgumentException("--burst is ORDERS:WINDOW_MS:AT_MS");
        }
        return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])};
    }

    private boolean run() throws InterruptedException {
        final ExecutorService executor = Executors.newFixedThreadPool(desks.size());
        final List<Future<DeskRunResult>> results = new ArrayList<>();
        for (int i = 0; i < desks.size(); i++) {
            final int number = i;
            results.add(executor.submit(() -> runDesk(number)));
        }
        boolean clean = true;
        for (final Future<DeskRunResult> future : results) {
            try {
                final DeskRunResult result = future.get();
                System.out.println(result.toJson());
                result.ledger().violations().forEach(System.err::println);
                clean &= result.clean();
            } catch (final ExecutionException e) {
                System.err.println(e.getCause().getMessage());
                clean = false;
            }
        }
        executor.shutdown();
        return clean;
    }

    private DeskRunResult runDesk(final int number) {
        final String[] parts = desks.get(number).split(":", 4);
        final DeskContext ctx = new DeskContext().host(host).port(port).senderCompId(parts[0]).targetCompId(target)
            .resetMode(reset).heartbeatSeconds(heartbeatSeconds).journalDirectory(logDir)
            .storeDirectory(storeDir == null ? null : storeDir.resolve(parts[0]));
        if (parts.length == 4 && "hmac".equals(parts[2])) {
            ctx.username(parts[1]).hmacSecret(parts[3]);
        } else if (parts.length == 3) {
            ctx.username(parts[1]).password(parts[2]);
        }
        final DeskScenario scenario = new DeskScenario().seed(seed + number).clOrdIdPrefix(prefix + "-" + parts[0])
            .instruments(instruments.toArray(new DeskInstrument[0])).steps(orders).perSecond(rate)
            .restSide(number % 2 == 0 ? '1' : '2').burst((int) burst[0], burst[1], burst[2]);
        try (DeskClient client = DeskClient.launch(ctx)) {
            return new DeskRun(client, scenario.generate()).warmupSteps(warmup)
                .patience(Duration.ofSeconds(patienceSeconds)).run();
        }
    }
}
