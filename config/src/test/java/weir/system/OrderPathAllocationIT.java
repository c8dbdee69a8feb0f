package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;
import weir.config.run.DemoDirectory;
import weir.config.run.RouterProcess;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixTransport;
import weir.fix.wire.FixWriter;

/**
 * The whole order path at once: desk's socket, gateway, engine with every control on, journal ring, Aeron, Coinbase
 * adapter, venue's socket, and back, with fills in two parts, refusals of engine and venue, cancels, timers, counters,
 * journal files that roll every second, and stage times on. No thread that an order passes allocates for it: what is
 * left, less than a byte an order and so no object for even every sixteenth, goes by time and not by orders (the
 * gateway's question whether reports arrived is QuickFIX/J's, the adapter asks the venue for its time). The engine's
 * thread allocates nothing at all. The first round grows the adapter's pool to the orders that it remembers.
 * It has a JVM of its own (execution {@code allocation}); {@code -Dweir.allocation.orders=1000000} is the long form.
 */
class OrderPathAllocationIT implements FixConnectionHandler {
    private static final int ORDERS = Integer.getInteger("weir.allocation.orders", 100_000);
    private static final int WARM_UP = 200_000;
    /** The compiler may throw code of a thread away, and the JVM allocates for that; ours would show every time. */
    private static final int ROUNDS = 4;
    private static final int OPEN_MAX = 64;
    private static final String TOO_MUCH = "101";
    private static final String[] FATES = {FateVenue.FILLS, FateVenue.FILLS, FateVenue.RESTS, FateVenue.FILLS,
        FateVenue.REJECTED, FateVenue.FILLS, TOO_MUCH, FateVenue.FILLS};
    private static final byte[] NEW_ORDER = "35=D\u0001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CANCEL = "35=F\u0001".getBytes(StandardCharsets.US_ASCII);
    private static final Path SHARED = Path.of("/dev/shm");
    private static final long STALL_NS = 60_000_000_000L;
    private static final long VENUE_NS = 2_000_000_000L;

    @TempDir
    private Path directory;
    private final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());
    private final FixTransport transport = new FixTransport(new FixTransport.Context().bufferBytes(1 << 20));
    private final FixFrame frame = new FixFrame();
    private final FixWriter writer = new FixWriter("FIXT.1.1", 512);
    private FixConnection desk;
    private boolean loggedOn;
    private String unexpected;
    private int sequence = 1;
    private long sent;
    private int open;
    private long partial;
    private long filled;
    private long rejected;
    private long cancelled;

    OrderPathAllocationIT() throws IOException {
        // The transport takes a selector.
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-thread", "per-agent"})
    void shouldAllocateNothingPerOrderOnAnyThreadThatItPasses(final String shape) throws Exception {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final Path fast = Files.createTempDirectory(Files.isWritable(SHARED) ? SHARED : directory, "weir-alloc-");
        try (FateVenue venue = new FateVenue()) {
            final WeirConfig config = configure(fast, shape, venue.port());
            try (RouterProcess router = RouterProcess.launch(config, new SecretResolver(environment, fast))) {
                logOn(router.fixPort());
                trade(WARM_UP);
                final Map<String, Long> ids = orderThreads(shape);
                final Map<String, Long> least = new TreeMap<>();
                for (int round = 0; round < ROUNDS && (round == 0
                    || least.values().stream().anyMatch(bytes -> bytes >= ORDERS)); round++) {
                    final Map<String, Long> before = new TreeMap<>();
                    ids.forEach((name, id) -> before.put(name, threads.getThreadAllocatedBytes(id)));
                    trade(ORDERS);
                    ids.forEach((name, id) -> least.merge(name,
                        threads.getThreadAllocatedBytes(id) - before.get(name), Math::min));
                    System.out.println("OrderPathAllocationIT " + shape + " round " + round + ": " + ORDERS
                        + " orders, least bytes so far " + least + ", " + state());
                }
                assertNull(venue.failure());
                least.forEach((name, bytes) -> assertEquals(0L, name.equals("weir-engine") ? bytes : bytes / ORDERS,
                    name + " allocated " + bytes + " bytes over " + ORDERS + " orders"));
                assertTrue(partial > ORDERS / 2 && cancelled >= ORDERS / 8 && rejected >= ORDERS / 4
                    && rejected < sent / 3, state());
            }
        } finally {
            transport.close();
            try (Stream<Path> files = Files.walk(fast)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Map<String, Long> orderThreads(final String shape) {
        final List<String> names = shape.equals("one-thread") ? List.of("weir-orders")
            : List.of("weir-engine", "weir-fix", "coinbase-adapter");
        final Map<String, Long> ids = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream().filter(thread -> names.contains(thread.getName()))
            .forEach(thread -> ids.put(thread.getName(), thread.getId()));
        assertEquals(names.size(), ids.size(), () -> ids + " of "
            + Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList());
        return ids;
    }

    private WeirConfig configure(final Path fast, final String shape, final int venuePort) throws IOException {
        final int orders = (WARM_UP + ROUNDS * ORDERS) / 8 * 9 + OPEN_MAX; // a cancel takes a ClOrdID too
        final Path configDir = fast.resolve("config");
        DemoDirectory.write(configDir, fast.resolve("data"), DemoDirectory.Ports.coinbase(venuePort, 1, 1), 0);
        Files.delete(configDir.resolve("tenants/beta.yaml")); // the venue is one session
        edit(configDir.resolve("venues/coinbase.yaml"),
            "capacity: 100\n    period: 1s\n", "capacity: 30000\n    period: 10ms\n",
            "capacity: 200\n", "capacity: 4000000\n", "capacity: 500\n", "capacity: 100000\n",
            "queueMax: 50 ", "queueMax: 1000 ");
        edit(configDir.resolve("tenants/alpha.yaml"),
            "rate: { burst: 2000, refill: 1000/s }", "rate: { burst: 10000000, refill: 10000000/s }",
            "limit: 1000000 ", "limit: 1000000000 ", "amount: 1000.00", "amount: 10000000.00",
            "budget: 10000.00", "budget: 100000000.00");
        edit(configDir.resolve("router.yaml"), "clOrdIdsPerDay: 262144", "clOrdIdsPerDay: " + orders,
            "maxTrades: 262144", "maxTrades: " + 2 * orders, "ringCapacity: 16MiB",
            "ringCapacity: 64MiB\n  rollEvery: second",
            "engine:\n", "gateway:\n  burst: 0\nsnapshot:\n  enabled: false\nstageTimes:\n  every: 1s\n  orders: 1000\n"
                + "threads:\n  shape: " + shape + "\nengine:\n");
        environment.put("WEIR_JOURNAL_RING_DIR", fast.resolve("ring").toString());
        environment.put("WEIR_AERON_DIR", fast.resolve("aeron").toString());
        environment.put("WEIR_ENTRY_AERON_DIR", fast.resolve("entry-aeron").toString());
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    private static void edit(final Path file, final String... pairs) throws IOException {
        String text = Files.readString(file);
        for (int i = 0; i < pairs.length; i += 2) {
            assertTrue(text.contains(pairs[i]), file + " no longer says '" + pairs[i] + "'");
            text = text.replace(pairs[i], pairs[i + 1]);
        }
        Files.writeString(file, text);
    }

    private void logOn(final int port) throws IOException {
        desk = transport.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), null, this);
        final long startNs = System.nanoTime();
        while (!loggedOn || System.nanoTime() - startNs < VENUE_NS) { // the venue comes up meanwhile
            turn();
            assertTrue(System.nanoTime() - startNs < STALL_NS, () -> "no logon: " + unexpected);
        }
    }

    /** So many orders, from the first sent to the last one final. */
    private void trade(final int orders) {
        final long last = sent + orders;
        long progressNs = System.nanoTime();
        long done = -1;
        while (sent < last || open > 0) {
            while (sent < last && open < OPEN_MAX) {
                order();
            }
            turn();
            assertNull(unexpected, this::state);
            if (done != sent - open) {
                done = sent - open;
                progressNs = System.nanoTime();
            }
            assertTrue(System.nanoTime() - progressNs < STALL_NS, this::state);
        }
    }

    private void turn() {
        if (transport.flush() + transport.poll(System.nanoTime()) == 0) {
            Thread.yield();
        }
    }

    private void order() {
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        writer.begin().raw(NEW_ORDER).number(34, sequence++).text(49, "ALPHA1").timestamp(52, nowNs, 3)
            .text(56, "WEIR").number(11, 1_000_000_000L + sent).text(38, FATES[(int)(sent % FATES.length)])
            .character(40, (byte)'2').text(44, "50000").character(54, (byte)'1').text(55, "BTC-USD")
            .character(59, (byte)'1').timestamp(60, nowNs, 3).finish();
        sent++;
        open++;
        desk.send(writer.buffer(), writer.offset(), writer.length());
    }

    private void cancel(final String id) {
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        writer.begin().raw(CANCEL).number(34, sequence++).text(49, "ALPHA1").timestamp(52, nowNs, 3)
            .text(56, "WEIR").text(11, "X" + id).text(41, id).character(54, (byte)'1').text(55, "BTC-USD")
            .timestamp(60, nowNs, 3).finish();
        desk.send(writer.buffer(), writer.offset(), writer.length());
    }

    @Override
    public void onConnected(final FixConnection c, final long nowNs) {
        writer.begin().raw("35=A\u0001".getBytes(StandardCharsets.US_ASCII)).number(34, sequence++)
            .text(49, "ALPHA1").timestamp(52, System.currentTimeMillis() * 1_000_000L, 3).text(56, "WEIR")
            .number(98, 0).number(108, 60).character(141, (byte)'Y').text(553, "ALPHA1")
            .text(554, environment.get("WEIR_DEMO_ALPHA1_PASSWORD")).number(1137, 9).finish();
        c.send(writer.buffer(), writer.offset(), writer.length());
    }

    @Override
    public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        frame.wrap(buffer, offset, length);
        switch (frame.charAt(2)) {
            case 'A':
                loggedOn = true;
                break;
            case '8':
                onReport(frame.charAt(frame.indexOf(39, 3)), frame.charAt(frame.indexOf(150, 3)));
                break;
            case '0':
            case '1':
            case 'B': // the venue may come up after the desk
                break;
            default:
                unexpected = buffer.getStringWithoutLengthAscii(offset, length).replace('\u0001', '|');
                break;
        }
        return true;
    }

    private void onReport(final byte status, final byte execType) {
        switch (status) {
            case '0':
                if (execType == '0' && Double.parseDouble(frame.textAt(frame.indexOf(38, 3)))
                    == Double.parseDouble(FateVenue.RESTS)) {
                    cancel(frame.textAt(frame.indexOf(11, 3)));
                }
                break;
            case '1':
                partial++;
                break;
            case '2':
                filled++;
                open--;
                break;
            case '4':
                cancelled++;
                open--;
                break;
            case '8':
                rejected++;
                open--;
                break;
            default:
                break;
        }
    }

    private String state() {
        return "sent=" + sent + " open=" + open + " partial=" + partial + " filled=" + filled + " rejected="
            + rejected + " cancelled=" + cancelled + " unexpected=" + unexpected;
    }

    @Override
    public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        unexpected = "garbage of " + length + " bytes";
    }

    @Override
    public void onClosed(final FixConnection c, final String reason, final long nowNs) {
        if (sent > 0 && open > 0) {
            unexpected = "closed: " + reason;
        }
    }
}
