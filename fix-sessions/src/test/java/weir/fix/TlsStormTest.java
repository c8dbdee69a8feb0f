package weir.fix;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.CertificateCredential;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.logon.LogonLimits;

/**
 * Many desks are cut off at once and come back over TLS, each with a whole handshake and its certificate, while ten
 * others trade. What a cycle of the gateway may do for those who come is counted and must hold; what the ten notice is
 * measured and printed. Who comes back is a process of its own, and it and what the gateway computes for it get what
 * the others leave of the processors, as the router does it. {@code -Dweir.storm.desks=1000 -Dweir.storm.rounds=5
 * -Dweir.storm.strict=true} is the long form, with {@code -Dweir.test.flags} the collector of a deployment shape and
 * with {@code -Dweir.storm.pace} another pace: it fails when the median of the rounds is beyond twice the quiet p99.
 */
class TlsStormTest {
    private static final int DESKS = Integer.getInteger("weir.storm.desks", 100);
    private static final int ROUNDS = Integer.getInteger("weir.storm.rounds", 1);
    private static final int PACE = Integer.getInteger("weir.storm.pace", 25);
    private static final int WARM_UP = Integer.getInteger("weir.storm.warmUp", 1);
    private static final boolean STRICT = Boolean.getBoolean("weir.storm.strict");
    private static final int BUSY = 10;
    private static final int RATE = 1_000;
    private static final long QUIET_MS = Long.getLong("weir.storm.quietMs", 4_000);
    private static final long WAIT_MS = 60_000 + (PACE == 0 ? 0 : 1_000L * DESKS / PACE);
    private static final double BOUND = 2.0;

    @TempDir
    Path directory;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Histogram cycles = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private final Set<String> makers = ConcurrentHashMap.newKeySet();
    private volatile boolean stop;
    private volatile long mostAccepted;
    private volatile long mostProven;
    private FakeEngine engine;
    private GatewayFixture fixture;

    @Test
    void shouldKeepServingWhileAThousandDesksComeBackOverTls() throws Exception {
        final TestKeys keys = new TestKeys(directory);
        try (CryptoWitness witness = new CryptoWitness(); FakeEngine fake = new FakeEngine()) {
            assertEquals(1, java.security.Security.getProviders()[0] == witness ? 1 : 0);
            engine = fake;
            launch(keys);
            final Thread loop = start("loop", this::loop);
            final Traders traders = new Traders(fixture, desks("BUSY", BUSY, "553=busy#|554="
                + GatewayFixture.PASSWORD + "|"), RATE, keys::client);
            final Thread busy = start("traders", traders::run);
            await("traders logged on", traders::isLoggedOn);
            final double[] ratios = new double[ROUNDS];
            try (Storm storm = new Storm(directory, fixture.gateway.address().getPort())) {
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    final double ratio = round(traders, storm);
                    ratios[Math.max(0, round)] = ratio;
                }
                traders.rest();
                await("last answers", traders::isAnswered);
                judge(traders);
            }
            stop = true;
            traders.end();
            busy.join();
            loop.join();
            fixture.close();
            java.util.Arrays.sort(ratios);
            final double ratio = ratios[ROUNDS / 2];
            if (STRICT) {
                assertTrue(ratio <= BOUND, "p99 in the storm is " + ratio + " times the quiet one");
            }
        }
    }

    private void launch(final TestKeys keys) throws Exception {
        fixture = new GatewayFixture(engine, directory, DeskTransport.WEIR);
        final FixGatewayContext context = fixture.context().invoked(true).ingressRetryUs(1_000_000)
            .background(this::background)
            .tls(keys.options().handshakesPerSecond(PACE))
            .logonLimits(LogonLimits.DEFAULT.withThrottle(1 << 20, 1 << 20, 1)
                .withConnections(4 * DESKS + BUSY, 4 * DESKS + BUSY, (int)WAIT_MS, 16_384));
        for (int i = 0; i < BUSY; i++) {
            context.desk(GatewayFixture.desk(1 + i, 1, "BUSY" + i).credential(GatewayFixture.password("busy" + i)));
        }
        final String fingerprint = keys.fingerprint();
        for (int i = 0; i < DESKS; i++) {
            context.desk(GatewayFixture.desk(101 + i, 1, "DESK" + i)
                .credential(CertificateCredential.ofSha256(fingerprint)));
        }
        fixture.gateway = FixGateway.launch(context);
    }

    /** The gateway's thread. */
    private void loop() throws Exception {
        final var counters = fixture.gateway.counters();
        long accepted = 0;
        long proven = 0;
        while (!stop) {
            final long startNs = System.nanoTime();
            final int work = fixture.gateway.agent().doWork();
            final long ns = System.nanoTime() - startNs;
            synchronized (cycles) {
                cycles.recordValue(Math.min(ns, cycles.getHighestTrackableValue()));
            }
            final long nowAccepted = counters.get(Counter.CONNECTIONS);
            final long nowProven = counters.get(Counter.LOGONS_ACCEPTED);
            mostAccepted = Math.max(mostAccepted, nowAccepted - accepted);
            mostProven = Math.max(mostProven, nowProven - proven);
            accepted = nowAccepted;
            proven = nowProven;
            if (work == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    private double round(final Traders traders, final Storm storm) throws Exception {
        traders.take();
        cycles();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(QUIET_MS));
        final String quietCycles = cycles();
        final Histogram quiet = traders.take();
        final long startNs = System.nanoTime();
        storm.blow();
        final long tookMs = (System.nanoTime() - startNs) / 1_000_000;
        final Histogram noisy = traders.take();
        final double ratio = (double)noisy.getValueAtPercentile(99) / quiet.getValueAtPercentile(99);
        System.out.println(String.format(Locale.ROOT, "TlsStormTest desks=%d came back in %d ms; us: quiet %s; storm "
            + "%s; p99 ratio %.2f; cycles quiet %s, storm %s; most a cycle: accepted %d, proven %d", DESKS, tookMs,
            Traders.text(quiet), Traders.text(noisy), ratio, quietCycles, cycles(), mostAccepted, mostProven));
        return ratio;
    }

    private String cycles() {
        synchronized (cycles) {
            final String text = Traders.text(cycles);
            cycles.reset();
            return text;
        }
    }

    private void judge(final Traders traders) {
        final var counters = fixture.gateway.counters();
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
        final long logons = (long)DESKS * (WARM_UP + ROUNDS) + BUSY;
        assertEquals(logons, counters.get(Counter.LOGONS_ACCEPTED), counters::toString);
        assertEquals(0, counters.get(Counter.LOGONS_REFUSED), counters::toString);
        assertEquals(traders.sent(), counters.get(Counter.COMMANDS), counters::toString);
        assertTrue(traders.isLoggedOn(), "a trader was logged out; " + counters);
        assertEquals(Set.of(Thread.currentThread().getName()), makers, "a thread is bound as the one that makes it");
        assertEquals(1, mostAccepted, "connections accepted in one cycle");
        assertEquals(1, mostProven, "logons let in in one cycle");
        final Set<String> signers = CryptoWitness.signers();
        assertTrue(signers.contains("weir-fix-tls"), signers::toString);
        assertTrue(!signers.contains("loop"), () -> "handshakes were computed by the loop: " + signers);
        assertTrue(CryptoWitness.provers().contains("weir-fix-logon"), () -> CryptoWitness.provers().toString());
        assertTrue(!CryptoWitness.provers().contains("loop"), () -> CryptoWitness.provers().toString());
    }

    /** The calling thread gets what others leave, where the system can be told: SCHED_IDLE, by util-linux. */
    static void yieldToOthers() throws IOException {
        idle("--pid", "0", Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
    }

    /** The same for each thread of this process. */
    static void yieldWhole() {
        idle("--all-tasks", "--pid", "0", Long.toString(ProcessHandle.current().pid()));
    }

    private static void idle(final String... whom) {
        final List<String> line = new ArrayList<>(List.of("chrt", "--idle"));
        line.addAll(List.of(whom));
        try {
            new ProcessBuilder(line).inheritIO().start().waitFor();
        } catch (final IOException ex) {
            System.err.println("TlsStormTest runs at others' cost: " + ex);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private ThreadFactory background(final String name) {
        return task -> {
            makers.add(Thread.currentThread().getName());
            final Thread thread = new Thread(() -> {
                assertDoesNotThrow(TlsStormTest::yieldToOthers);
                task.run();
            }, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private interface Task {
        void run() throws Exception;
    }

    private Thread start(final String name, final Task task) {
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final Exception | Error ex) {
                failure.compareAndSet(null, ex);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void await(final String what, final BooleanSupplier condition) {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.getAsBoolean()) {
            check(what, endNs);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void check(final String what, final long endNs) {
        if (failure.get() != null || System.nanoTime() - endNs > 0) {
            fail(what + " not done: " + failure.get() + ", " + fixture.gateway.counters());
        }
    }

    private List<WireDesk> desks(final String prefix, final int count, final String proof) {
        final List<WireDesk> desks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            desks.add(new WireDesk(prefix + i, proof.replace("#", Integer.toString(i))));
        }
        return desks;
    }

    /** Those who come back: a process of its own, as they are other machines'. */
    private static final class Storm implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final Writer wishes;

        Storm(final Path directory, final int port) throws IOException {
            final List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC"));
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> flag.startsWith("--"))
                .forEach(line::add);
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), StormDesks.class.getName(),
                directory.toString(), Integer.toString(port), Integer.toString(DESKS),
                Long.toString(WAIT_MS)));
            process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            answers = process.inputReader();
            wishes = process.outputWriter();
        }

        /** All are cut off and come back; returns when they are logged on. */
        void blow() throws IOException {
            wishes.write("blow\n");
            wishes.flush();
            assertEquals("back " + DESKS, answers.readLine());
        }

        @Override
        public void close() throws IOException {
            wishes.close();
            process.destroy();
        }
    }
}
