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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
 * journal files that roll every second, and stage times on. No thread that an order passes allocates a byte for it.
 * What QuickFIX/J's session layer makes by time (heartbeats, the gateway's question whether reports arrived) is apart:
 * bytes are read every {@value #SLICE} orders, and a slice counts unless a message of the session layer passed a socket
 * in it or beside it; those are few, and what they took is printed. The first round grows the adapter's pool to the
 * orders that it remembers. Once with a desk alone, whose socket is read as it comes, once with others logged on, of
 * which the selector says who is ready.
 * It has a JVM of its own (execution {@code allocation}); {@code -Dweir.allocation.orders=1000000} is the long form.
 */
class OrderPathAllocationIT implements FixConnectionHandler {
    private static final int ORDERS = Integer.getInteger("weir.allocation.orders", 100_000);
    private static final int WARM_UP = 200_000;
    /** The compiler may throw code of a thread away, and the JVM allocates for that; ours would show every time. */
    private static final int ROUNDS = 4;
    private static final int OPEN_MAX = 64;
    private static final int SLICE = 1_000;
    private static final int IDLE_MAX = 8;
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
    private int loggedOnIdle;
    private long sessionMessages;
    private FateVenue venue;
    private Meter meter;

    OrderPathAllocationIT() throws IOException {
        // The transport takes a selector.
    }

    @ParameterizedTest
    @CsvSource({"one-thread,0", "per-agent," + IDLE_MAX})
    void shouldAllocateNothingPerOrderOnAnyThreadThatItPasses(final String shape, final int idle) throws Exception {
        final Path fast = Files.createTempDirectory(Files.isWritable(SHARED) ? SHARED : directory, "weir-alloc-");
        try (FateVenue fateVenue = new FateVenue()) {
            venue = fateVenue;
            final WeirConfig config = configure(fast, shape, venue.port());
            try (RouterProcess router = RouterProcess.launch(config, new SecretResolver(environment, fast))) {
                logOn(router.fixPort(), idle);
                trade(WARM_UP);
                final Map<String, Long> ids = orderThreads(shape);
                final Map<String, Long> least = new TreeMap<>();
                for (int round = 0; round < ROUNDS && (round == 0
                    || least.values().stream().anyMatch(bytes -> bytes > 0)); round++) {
                    meter = new Meter(ids);
                    trade(ORDERS);
                    meter.slices.forEach((name, slices) -> least.merge(name, meter.bytes(slices, false), Math::min));
                    System.out.println("OrderPathAllocationIT " + shape + " idle desks " + idle + " round " + round
                        + ": " + ORDERS + " orders, bytes " + meter + ", least so far " + least + ", " + state());
                    assertTrue(meter.apart() <= meter.count() / 5 + 2, meter::toString);
                }
                assertNull(venue.failure());
                least.forEach((name, bytes) -> assertEquals(0L, bytes,
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

    /** What threads allocated from slice to slice of the orders, and where messages of the session layer passed. */
    private final class Meter {
        private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        private final Map<String, Long> ids;
        private final Map<String, List<Long>> slices = new TreeMap<>();
        private final List<Boolean> session = new ArrayList<>();
        private final Map<String, Long> last = new TreeMap<>();
        private long nextAt = sent + SLICE;
        private long lastSession = sessionMessages + venue.sessionMessages();

        Meter(final Map<String, Long> ids) {
            this.ids = ids;
            ids.forEach((name, id) -> {
                slices.put(name, new ArrayList<>());
                last.put(name, threads.getThreadAllocatedBytes(id));
            });
        }

        void onDone(final long done, final boolean end) {
            if (done >= nextAt || end) {
                nextAt = done + SLICE;
                ids.forEach((name, id) -> {
                    final long bytes = threads.getThreadAllocatedBytes(id);
                    slices.get(name).add(bytes - last.put(name, bytes));
                });
                final long now = sessionMessages + venue.sessionMessages();
                session.add(now != lastSession);
                lastSession = now;
            }
        }

        /** A message is made before it passes, and read after: the slices beside it may have its bytes. */
        private boolean isApart(final int i) {
            return session.get(i) || i > 0 && session.get(i - 1) || i + 1 < session.size() && session.get(i + 1);
        }

        long bytes(final List<Long> ofThread, final boolean apart) {
            return IntStream.range(0, ofThread.size()).filter(i -> isApart(i) == apart).mapToLong(ofThread::get).sum();
        }

        long apart() {
            return IntStream.range(0, session.size()).filter(this::isApart).count();
        }

        int count() {
            return session.size();
        }

        @Override
        public String toString() {
            return slices.entrySet().stream().map(e -> e.getKey() + " " + bytes(e.getValue(), false)
                + " and " + bytes(e.getValue(), true) + " beside the session layer's").toList() + " (" + apart()
                + " of " + count() + " slices beside it)";
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
            "budget: 10000.00", "budget: 100000000.00", "desks:\n", "desks:\n" + idleDesks());
        edit(configDir.resolve("router.yaml"), "clOrdIdsPerDay: 262144", "clOrdIdsPerDay: " + 2 * orders,
            "maxTrades: 262144", "maxTrades: " + 2 * orders, "ringCapacity: 16MiB",
            "ringCapacity: 64MiB\n  rollEvery: second",
            "engine:\n", "gateway:\n  burst: 0\nsnapshot:\n  enabled: false\nstageTimes:\n  every: 1s\n  orders: 1000\n"
                + "threads:\n  shape: " + shape + "\nengine:\n");
        environment.put("WEIR_JOURNAL_RING_DIR", fast.resolve("ring").toString());
        environment.put("WEIR_AERON_DIR", fast.resolve("aeron").toString());
        environment.put("WEIR_ENTRY_AERON_DIR", fast.resolve("entry-aeron").toString());
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    private static String idleDesks() {
        return IntStream.range(0, IDLE_MAX).mapToObj(i -> "  - session: " + (180 + i) + "\n    compId: IDLE" + i
            + "\n    logon:\n      password: env:WEIR_DEMO_ALPHA1_PASSWORD\n").collect(Collectors.joining());
    }

    private static void edit(final Path file, final String... pairs) throws IOException {
        String text = Files.readString(file);
        for (int i = 0; i < pairs.length; i += 2) {
            assertTrue(text.contains(pairs[i]), file + " no longer says '" + pairs[i] + "'");
            text = text.replace(pairs[i], pairs[i + 1]);
        }
        Files.writeString(file, text);
    }

    private void logOn(final int port, final int idle) throws IOException {
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        desk = transport.connect(address, null, this);
        for (int i = 0; i < idle; i++) {
            transport.connect(address, null, new IdleDesk("IDLE" + i));
        }
        final long startNs = System.nanoTime();
        // The venue comes up meanwhile.
        while (!loggedOn || loggedOnIdle < idle || System.nanoTime() - startNs < VENUE_NS) {
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
            if (meter != null) {
                meter.onDone(sent - open, sent == last && open == 0);
            }
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
        logOn(c, "ALPHA1", sequence++);
    }

    private void logOn(final FixConnection c, final String compId, final int number) {
        head("A", compId, number).number(98, 0).number(108, 60).character(141, (byte)'Y').text(553, compId)
            .text(554, environment.get("WEIR_DEMO_ALPHA1_PASSWORD")).number(1137, 9).finish();
        c.send(writer.buffer(), writer.offset(), writer.length());
    }

    private FixWriter head(final String type, final String compId, final int number) {
        return writer.begin().text(35, type).number(34, number).text(49, compId)
            .timestamp(52, System.currentTimeMillis() * 1_000_000L, 3).text(56, "WEIR");
    }

    /** A desk that is logged on and sends nothing but what its session must. */
    private final class IdleDesk implements FixConnectionHandler {
        private final String compId;
        private int number = 1;

        IdleDesk(final String compId) {
            this.compId = compId;
        }

        @Override
        public void onConnected(final FixConnection c, final long nowNs) {
            logOn(c, compId, number++);
        }

        @Override
        public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
            final long nowNs) {
            frame.wrap(buffer, offset, length);
            sessionMessages++;
            if (frame.charAt(2) == 'A') {
                loggedOnIdle++;
            } else if (frame.charAt(2) == '1') {
                answer(c, compId, number++);
            }
            return true;
        }

        @Override
        public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
            final long nowNs) {
            unexpected = compId + " got garbage";
        }

        @Override
        public void onClosed(final FixConnection c, final String reason, final long nowNs) {
            if (open > 0) {
                unexpected = compId + " closed: " + reason;
            }
        }
    }

    /** A TestRequest(1) is answered; {@link #frame} holds it. */
    private void answer(final FixConnection c, final String compId, final int number) {
        final String id = frame.textAt(frame.indexOf(112, 3));
        head("0", compId, number).text(112, id).finish();
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
                sessionMessages++;
                break;
            case '1':
                sessionMessages++;
                answer(c, "ALPHA1", sequence++);
                break;
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
