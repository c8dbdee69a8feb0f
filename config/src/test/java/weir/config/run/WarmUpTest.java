package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.Session;
import quickfix.SessionID;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;
import weir.config.warmup.ScratchConfig;

/** A warm-up trades, ends in its bounds, leaves nothing behind, and never stands in the way of the router. */
class WarmUpTest {
    private static final Path SOCKETS = Path.of("/proc/self/fd");
    private static final long GONE_NS = 20_000_000_000L;
    /** Threads of libraries that serve the whole process and stay, as after any router. */
    private static final List<String> OF_THE_PROCESS = List.of("background~resource~releaser", "Common-Cleaner",
        "process reaper", "junit", "surefire", "Attach Listener", "Finalizer");

    @TempDir
    private Path directory;

    private static WeirConfig config(final int orders, final String limit, final String shape) {
        final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());
        environment.put("WEIR_WARM_UP_ORDERS", Integer.toString(orders));
        environment.put("WEIR_WARM_UP_LIMIT", limit);
        environment.put("WEIR_THREADS_SHAPE", shape);
        return ConfigLoader.load(new DemoSource(), environment).orThrow();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> OF_THE_PROCESS.stream().noneMatch(name::contains))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Open sockets of this process, listening ones among them. */
    private static long sockets() throws IOException {
        try (Stream<Path> open = Files.list(SOCKETS)) {
            return open.filter(WarmUpTest::isSocket).count();
        }
    }

    private static boolean isSocket(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (final IOException ex) {
            return false; // closed meanwhile
        }
    }

    private void shouldTradeAndLeaveNothing(final String shape) throws Exception {
        final Path scratch = directory.resolve("warm-up");
        Files.createDirectories(scratch.resolve("journal"));
        Files.writeString(scratch.resolve("journal/of-a-start-that-was-killed"), "half");
        final Set<String> threads = threads();
        final long sockets = sockets();
        final long ended = WarmUp.run(config(1_000, "120s", shape), scratch);
        assertTrue(ended >= 1_000, ended + " orders");
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
        assertNull(Session.lookupSession(new SessionID("FIXT.1.1", ScratchConfig.ROUTER, ScratchConfig.DESK)));
        final Set<String> left = new TreeSet<>();
        final long endNs = System.nanoTime() + GONE_NS;
        do {
            System.gc(); // the JDK's HTTP client ends with the last reference to it
            Thread.sleep(50);
            left.clear();
            left.addAll(threads());
            left.removeAll(threads);
        } while ((!left.isEmpty() || sockets() > sockets) && System.nanoTime() - endNs < 0);
        assertEquals(Set.of(), left);
        assertTrue(sockets() <= sockets, sockets() + " sockets are open, before it were " + sockets);
    }

    @Test
    void shouldTradeAndLeaveNothingOnOneThread() throws Exception {
        shouldTradeAndLeaveNothing("one-thread");
    }

    @Test
    void shouldTradeAndLeaveNothingWithAThreadPerAgent() throws Exception {
        shouldTradeAndLeaveNothing("per-agent");
    }

    @Test
    void shouldEndWhenItsTimeIsOver() {
        final Path scratch = directory.resolve("warm-up");
        final long ended = WarmUp.run(config(200_000, "4s", "one-thread"), scratch);
        assertTrue(ended < 200_000, ended + " orders");
        assertFalse(Files.exists(scratch));
    }

    @Test
    void shouldDoNothingForNoOrders() {
        final Path scratch = directory.resolve("warm-up");
        assertEquals(0, WarmUp.run(config(0, "10s", "one-thread"), scratch));
        assertFalse(Files.exists(scratch));
    }

    @Test
    void shouldLetTheRouterStartWhenItCannotRun() throws IOException {
        final Path file = Files.createFile(directory.resolve("file"));
        final Set<String> threads = threads();
        assertEquals(0, WarmUp.run(config(1_000, "10s", "one-thread"), file.resolve("warm-up")));
        assertTrue(threads.containsAll(threads()), threads().toString());
    }
}
