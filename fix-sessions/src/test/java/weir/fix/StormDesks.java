package weir.fix;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import weir.fix.wire.FixTransport;

/**
 * Desks of another machine, as far as one has it: a process of its own that gets what others leave of the processors.
 * For each line that it reads all are cut off and connect anew, each with a whole handshake; a line answers when all
 * are logged on. It ends with its input.
 */
final class StormDesks {
    private final FixTransport transport;
    private final List<WireDesk> desks = new ArrayList<>();
    private final InetSocketAddress address;
    private final TestKeys keys;
    private final int waitMs;

    private StormDesks(final Path directory, final int port, final int count, final int waitMs) throws Exception {
        this.waitMs = waitMs;
        transport = new FixTransport(new FixTransport.Context().connectTimeoutMs(waitMs));
        keys = new TestKeys(directory);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < count; i++) {
            desks.add(new WireDesk("DESK" + i, ""));
        }
    }

    /**
     * Runs until its input ends.
     *
     * @param args directory of the keys, port, how many desks, how long they may take, ms
     */
    public static void main(final String[] args) throws Exception {
        final AtomicInteger wanted = new AtomicInteger();
        final Thread ears = new Thread(() -> {
            final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
            lines.lines().forEach(line -> wanted.incrementAndGet());
            Runtime.getRuntime().halt(0);
        });
        ears.setDaemon(true);
        ears.start();
        TlsStormTest.yieldWhole();
        final StormDesks storm = new StormDesks(Path.of(args[0]), Integer.parseInt(args[1]),
            Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        for (int done = 0;; storm.turn()) {
            if (wanted.get() > done) {
                System.out.println(storm.comeBack());
                done++;
            }
        }
    }

    private String comeBack() throws Exception {
        desks.forEach(WireDesk::cut);
        String missing = until(() -> loggedOn() == 0);
        for (final WireDesk desk : desks) {
            desk.connect(transport, address, keys.client());
        }
        missing = missing.isEmpty() ? until(() -> loggedOn() == desks.size()) : missing;
        return missing.isEmpty() ? "back " + loggedOn() : missing;
    }

    private int loggedOn() {
        return (int)desks.stream().filter(WireDesk::isLoggedOn).count();
    }

    private String until(final BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(waitMs)) {
                return "missing " + desks.stream().filter(desk -> !desk.isLoggedOn()).limit(5).toList();
            }
            turn();
        }
        return "";
    }

    private void turn() {
        if (transport.poll(System.nanoTime()) + transport.flush() == 0) {
            LockSupport.parkNanos(50_000);
        }
    }
}
