package weir.bench.contest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.bench.core.CoreRelay;
import weir.bench.peer.CrowdRelay;
import weir.bench.peer.PassThrough;
import weir.bench.peer.PhiladelphiaEcho;
import weir.bench.peer.RawRelay;
import weir.bench.peer.TlsRelay;
import weir.bench.tester.CrowdTester;
import weir.bench.tester.Tester;
import weir.bench.tls.TlsKeys;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.recovery.CoreSpace;

/**
 * Starts contestants. Peers get what is best for them: a fixed heap that is touched at start, the collector named in
 * their name, no log, no message store unless one is asked for.
 */
public final class LineUp {
    private static final long START_MS = 120_000;
    private static final long MIB = 1 << 20;
    private static final int WINDOW_MAX = 1_024;
    /** An order and its report are 450 bytes here; Weir's journal, store and log keep 2,400 for them. */
    private static final int KEPT_TIMES = 5;
    private static final String FIRST_PASSWORD = "WEIR_DEMO_ALPHA1_PASSWORD";
    private static final List<String> PEER_HEAP =
        List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:-UsePerfData");
    private static final List<String> SMALL_HEAP = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC",
        "-XX:-UsePerfData");

    private final Path directory;
    private final RouterSetup setup;

    /**
     * Makes nothing yet.
     *
     * @param directory for files of the contestants, rings and Aeron's files; shared memory where there is any
     * @param setup     how Weir is deployed
     */
    public LineUp(final Path directory, final RouterSetup setup) {
        this.directory = directory;
        this.setup = setup;
    }

    /**
     * How Weir is deployed.
     *
     * @param environment settings beside the demo's, as {@code WEIR_SECTION_KEY}
     * @param flags       JVM flags, after those of the options file
     * @param options     file with the JVM flags of the shape
     * @param name        shape, for the output
     */
    public record RouterSetup(Map<String, String> environment, List<String> flags, Path options, String name) {
        /** Copies. */
        public RouterSetup {
            environment = Map.copyOf(environment);
            flags = List.copyOf(flags);
        }
    }

    /**
     * The raw relay.
     *
     * @return connected
     * @throws IOException when it does not come up
     */
    public Contestant relay() throws IOException {
        final Tester tester = new Tester(Tester.Wiring.BYTES, Tester.DeskLogon.OPEN);
        return peer("relay", tester, Jdk.current(), SMALL_HEAP, RawRelay.class,
            List.of(Integer.toString(tester.venuePort())));
    }

    /**
     * The raw relay that keeps nearly as many bytes for an order as Weir does.
     *
     * @param file where
     * @return connected
     * @throws IOException when it does not come up
     */
    public Contestant relay(final Path file) throws IOException {
        final Tester tester = new Tester(Tester.Wiring.BYTES, Tester.DeskLogon.OPEN);
        return peer("relay-kept", tester, Jdk.current(), SMALL_HEAP, RawRelay.class,
            List.of(Integer.toString(tester.venuePort()), file.toString(), Integer.toString(KEPT_TIMES)));
    }

    /**
     * The same, which takes each order through Weir's core.
     *
     * @param file where it keeps bytes
     * @return connected
     * @throws IOException when it does not come up
     */
    public Contestant relayWithCore(final Path file) throws IOException {
        final Tester tester = new Tester(Tester.Wiring.BYTES, Tester.DeskLogon.OPEN);
        final List<String> flags = new ArrayList<>(moduleFlags());
        flags.add("@" + setup.options());
        flags.addAll(List.of("-Xms1g", "-Xmx1g"));
        flags.addAll(setup.flags());
        return peer("relay-core", tester, Jdk.current(), flags, CoreRelay.class,
            List.of(Integer.toString(tester.venuePort()), file.toString(), Integer.toString(KEPT_TIMES)));
    }

    /**
     * The raw relay with TLS on both sides.
     *
     * @param keys of the run
     * @return connected
     * @throws IOException when it does not come up
     */
    public Contestant relay(final TlsKeys keys) throws IOException {
        final Tester tester = new Tester(Tester.Wiring.BYTES, Tester.DeskLogon.OPEN, keys);
        return peer("relay-tls", tester, Jdk.current(), SMALL_HEAP, TlsRelay.class,
            List.of(Integer.toString(tester.venuePort()), keys.directory().toString()),
            Map.of(TlsKeys.PASSWORD_VARIABLE, keys.password()));
    }

    /**
     * Philadelphia's echo.
     *
     * @param batched false: the library as it is, one write per message
     * @return connected and logged on
     * @throws IOException when it does not come up
     */
    public Contestant echo(final boolean batched) throws IOException {
        return peer(batched ? "philadelphia-batched" : "philadelphia",
            new Tester(Tester.Wiring.ECHO, Tester.DeskLogon.OPEN), Jdk.current(), SMALL_HEAP, PhiladelphiaEcho.class,
            List.of(Boolean.toString(batched)));
    }

    /**
     * The QuickFIX/J pass-through.
     *
     * @param kind  configuration
     * @param store none, memory or file
     * @return connected and logged on
     * @throws IOException when it does not come up, or no JDK for it is found
     */
    public Contestant passThrough(final PassThroughKind kind, final String store) throws IOException {
        final Jdk jdk = kind.late() ? Jdk.late().orElseThrow(() -> new IOException(
            "no JDK " + Jdk.GENERATIONAL_ZGC + " or later beside " + Jdk.current().home() + "; set WEIR_BENCH_JDK"))
            : Jdk.current();
        final List<String> flags = new ArrayList<>(PEER_HEAP);
        flags.add(kind.collector());
        final Tester tester = new Tester(Tester.Wiring.SESSIONS, Tester.DeskLogon.OPEN);
        return peer(kind.contestant(), tester, jdk, flags, PassThrough.class,
            List.of("venuePort=" + tester.venuePort(), "dir=" + directory.resolve(kind.contestant()),
                "validation=" + kind.validation(), "writes=" + kind.writes(), "store=" + store));
    }

    private Contestant peer(final String name, final Tester tester, final Jdk jdk, final List<String> flags,
        final Class<?> main, final List<String> args) throws IOException {
        return peer(name, tester, jdk, flags, main, args, Map.of());
    }

    private Contestant peer(final String name, final Tester tester, final Jdk jdk, final List<String> flags,
        final Class<?> main, final List<String> args, final Map<String, String> environment) throws IOException {
        final ChildJvm process = ChildJvm.start(name, directory, jdk, flags, main.getName(), args, environment);
        try {
            final List<String> description = new ArrayList<>();
            description.add("JDK " + jdk.name() + ", " + shown(flags));
            if (main == PassThrough.class) {
                description.add(process.awaitLine("SETTINGS", START_MS).substring("SETTINGS ".length()));
            }
            tester.connect(Integer.parseInt(ChildJvm.value(process.awaitLine("READY", START_MS), "port")), START_MS);
            tls(description, tester);
            return new Contestant(name, description, process, tester);
        } catch (final IOException | RuntimeException ex) {
            throw ended(name, process, tester, ex);
        }
    }

    /**
     * Weir.
     *
     * @param name      of the contestant
     * @param dataDir   of the router
     * @param orders    how many its tables must hold
     * @param windowMax most orders in flight
     * @return connected and logged on
     * @throws IOException when it does not come up
     */
    public Contestant weir(final String name, final Path dataDir, final int orders, final int windowMax)
        throws IOException {
        return weir(name, dataDir, orders, windowMax, null);
    }

    /**
     * Weir, with TLS to desk and venue.
     *
     * @param name      of the contestant
     * @param dataDir   of the router
     * @param orders    how many its tables must hold
     * @param windowMax most orders in flight
     * @param keys      of the run; null for plain TCP
     * @return connected and logged on
     * @throws IOException when it does not come up
     */
    public Contestant weir(final String name, final Path dataDir, final int orders, final int windowMax,
        final TlsKeys keys) throws IOException {
        final Map<String, String> environment = environment(name);
        final int deskPort = freePort();
        final Path config = dataDir.resolve("config");
        final Tester tester = new Tester(Tester.Wiring.SESSIONS, first(environment), keys);
        BenchDirectory.write(config, dataDir, tester.venuePort(), deskPort, orders, windowMax);
        if (keys != null) {
            // Both processors are busy: a handshake in the idle class may have no turn before the Logon is due.
            environment.putIfAbsent("WEIR_THREADS_BACKGROUND", "normal");
            BenchDirectory.overTls(config, keys);
            environment.put(TlsKeys.PASSWORD_VARIABLE, keys.password());
        }
        final Router router = router(name, config, environment);
        try {
            router.process().awaitLine("READY", START_MS);
            tester.connect(deskPort, START_MS);
            final List<String> description = router.description();
            tls(description, tester);
            return new Contestant(name, description, router.process(), tester);
        } catch (final IOException | RuntimeException ex) {
            throw ended(name, router.process(), tester, ex);
        }
    }

    /**
     * Weir with a crowd before it.
     *
     * @param name    of the contestant
     * @param dataDir of the router
     * @param orders  how many its tables must hold
     * @param crowd   how many tenants, desks and open orders
     * @return connected, all desks logged on, the orders open
     * @throws IOException when it does not come up
     */
    public CrowdContestant weir(final String name, final Path dataDir, final int orders, final Crowd crowd)
        throws IOException {
        final Map<String, String> environment = environment(name);
        // Both processors are busy: proofs of logons in the idle class would have no turn.
        environment.putIfAbsent("WEIR_THREADS_BACKGROUND", "normal");
        final int deskPort = freePort();
        final Path config = dataDir.resolve("config");
        final Tester.DeskLogon[] logons = new Tester.DeskLogon[crowd.desks()];
        final String password = environment.get(FIRST_PASSWORD);
        logons[0] = first(environment);
        for (int i = 1; i < logons.length; i++) {
            logons[i] = new Tester.DeskLogon(crowd.compId(i), password);
        }
        final CrowdTester tester = new CrowdTester(Tester.Wiring.SESSIONS, logons, crowd.openOrders());
        BenchDirectory.write(config, dataDir, tester.venuePort(), deskPort, orders, WINDOW_MAX);
        BenchDirectory.crowd(config, crowd, "env:" + FIRST_PASSWORD);
        final Router router = router(name, config, environment);
        try {
            router.process().awaitLine("READY", START_MS);
            tester.connect(deskPort, START_MS);
            return new CrowdContestant(name, router.process(), tester);
        } catch (final IOException | RuntimeException ex) {
            throw ended(name, router.process(), tester, ex);
        }
    }

    /**
     * A relay of bytes with a crowd before it.
     *
     * @param name  of the contestant
     * @param crowd how many desks and open orders; a relay knows no tenants
     * @return connected, the orders open
     * @throws IOException when it does not come up
     */
    public CrowdContestant relay(final String name, final Crowd crowd) throws IOException {
        final Tester.DeskLogon[] desks = new Tester.DeskLogon[crowd.desks()];
        Arrays.fill(desks, Tester.DeskLogon.OPEN);
        final CrowdTester tester = new CrowdTester(Tester.Wiring.BYTES, desks, crowd.openOrders());
        final List<String> flags = new ArrayList<>(moduleFlags());
        flags.addAll(SMALL_HEAP);
        final ChildJvm process = ChildJvm.start(name, directory, Jdk.current(), flags,
            CrowdRelay.class.getName(), List.of(Integer.toString(tester.venuePort()),
            Integer.toString(crowd.desks())), Map.of());
        try {
            tester.connect(Integer.parseInt(ChildJvm.value(process.awaitLine("READY", START_MS), "port")), START_MS);
            return new CrowdContestant(name, process, tester);
        } catch (final IOException | RuntimeException ex) {
            throw ended(name, process, tester, ex);
        }
    }

    private static IOException ended(final String name, final ChildJvm process, final AutoCloseable tester,
        final Exception cause) {
        final IOException told =
            new IOException(name + " did not come up: " + cause.getMessage() + '\n' + process.tail(), cause);
        for (final AutoCloseable part : List.of(tester, process)) {
            try {
                part.close();
            } catch (final Exception ex) {
                told.addSuppressed(ex);
            }
        }
        return told;
    }

    /** A router that was started, and how. */
    private record Router(ChildJvm process, List<String> description) {
    }

    private static Tester.DeskLogon first(final Map<String, String> environment) {
        return new Tester.DeskLogon("ALPHA1", environment.get(FIRST_PASSWORD));
    }

    private Map<String, String> environment(final String name) throws IOException {
        final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());
        final Path fast = Files.createDirectories(directory.resolve(name + "-shared"));
        environment.put("WEIR_JOURNAL_RING_DIR", fast.resolve("ring").toString());
        environment.put("WEIR_AERON_DIR", fast.resolve("aeron").toString());
        environment.put("WEIR_ENTRY_AERON_DIR", fast.resolve("entry-aeron").toString());
        // A paused router must not find its own media driver dead when it goes on.
        environment.put("WEIR_AERON_DRIVER_TIMEOUT", "60s");
        environment.put("WEIR_DRIVER_CLIENT_TIMEOUT", "60s");
        environment.put("WEIR_DRIVER_UNBLOCK", "90s");
        environment.putAll(setup.environment());
        return environment;
    }

    private Router router(final String name, final Path config, final Map<String, String> environment)
        throws IOException {
        final long heapMib = heapMib(config, environment);
        final List<String> flags = new ArrayList<>(moduleFlags());
        flags.add("@" + setup.options());
        flags.addAll(List.of("-Xms" + heapMib + "m", "-Xmx" + heapMib + "m"));
        flags.addAll(setup.flags());
        final ChildJvm process = ChildJvm.start(name, directory, Jdk.current(), flags, "weir.cli.WeirMain",
            List.of("router", "--config", config.toString()), environment);
        return new Router(process, new ArrayList<>(List.of("JDK " + Jdk.current().name() + ", "
            + options(setup.options()) + " -Xmx" + heapMib + "m " + String.join(" ", setup.flags()),
            "shape " + setup.name() + ", the controls of its configuration on, snapshots off; "
            + String.join(" ", new TreeMap<>(setup.environment()).entrySet().stream()
                .map(e -> e.getKey() + '=' + e.getValue()).toList()))));
    }

    private static void tls(final List<String> description, final Tester tester) {
        if (!tester.security().isEmpty()) {
            description.add(tester.security() + " to desk and venue, the JDK's engine");
        }
    }

    private static long heapMib(final Path config, final Map<String, String> environment) throws IOException {
        final var loaded = ConfigLoader.load(new DirectorySource(config), environment).orThrow();
        return CoreSpace.coreBytes(loaded.router().engine()) / MIB * 5 / 4 + 512;
    }

    /** Flags as a reader needs them: those of an options file for its name, and no module flags. */
    private static String shown(final List<String> flags) throws IOException {
        final List<String> shown = new ArrayList<>();
        for (final String flag : flags) {
            if (flag.startsWith("@")) {
                shown.add(options(Path.of(flag.substring(1))));
            } else if (!flag.startsWith("--")) {
                shown.add(flag);
            }
        }
        return String.join(" ", shown);
    }

    private static String options(final Path file) throws IOException {
        return String.join(" ", Files.readAllLines(file).stream().filter(line -> line.startsWith("-"))
            .filter(line -> !line.startsWith("-Xm")).toList());
    }

    /**
     * Module and library flags of this JVM, which a child that runs Weir's classes needs too.
     *
     * @return flags
     */
    public static List<String> moduleFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(arg -> arg.startsWith("--add-") || arg.startsWith("--enable-native")
                || arg.startsWith("--sun-misc") || arg.startsWith("-Dchronicle.")).toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
