package weir.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.billing.world.Fixture;
import weir.billing.world.StripeTotals;
import weir.billing.world.TestJournal;
import weir.journal.ConsumerPosition;
import weir.journal.JournalId;
import weir.protocol.CrashPoint;

/** kill -9 of a real billing process, tailing a real journal, against Stripe over HTTP. */
@Timeout(120)
class BillingKillTest {
    private static final int SIGKILL_EXIT = 137;

    private final Fixture fixture = new Fixture();
    private final Path journalDir = fixture.dir.resolve("journal");
    private final TestJournal journal = new TestJournal(journalDir);

    @AfterEach
    void close() {
        journal.close();
        fixture.close();
    }

    private Process start(final String crashPoint, final String apiKey, final String... more) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("--enable") || flag.startsWith("--sun")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Dchronicle.analytics.disable=true", "-Xmx256m", "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.config.file=" + Path.of("src/test/resources/logging.properties").toAbsolutePath()));
        if (crashPoint != null) {
            command.add("-D" + CrashPoint.PROPERTY + "=" + crashPoint);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BillingMain.class.getName(),
            "--journal", journalDir.toString(), "--jdbc", fixture.jdbcUrl(), "--stripe-base", fixture.stripe.baseUrl(),
            "--tenant", "1=alpha", "--tenant", "2=beta", "--window-records", "20", "--window-ms", "5000",
            "--calls-per-second", "500", "--retry-base-ms", "5", "--retry-cap-ms", "50"));
        command.addAll(List.of(more));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put(BillingMain.KEY_VARIABLE, apiKey);
        return builder.start();
    }

    private Path log() {
        return fixture.dir.resolve("billing.log");
    }

    private int await(final Process process) throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("billing still runs: " + Files.readString(log()));
        }
        return process.exitValue();
    }

    private void drainAndCompare() throws IOException, InterruptedException {
        final int exitCode = await(start(null, Fixture.API_KEY, "--drain"));
        assertEquals(0, exitCode, () -> read(log()));
        assertEquals(StripeTotals.of(journal.world()), StripeTotals.read(fixture.stripe.logFile()));
        final UsageReport report = fixture.report();
        assertEquals(List.of(), report.discrepancies());
        assertEquals(0, report.undelivered());
        assertEquals(report.position(), saidPosition());
        assertEquals(journal.world().frames.size(), saidPosition());
        assertEquals(journal.world().debits.get(1), report.amountMicros(1));
        assertEquals(journal.world().debits.get(2), report.amountMicros(2));
        journal.world().writeLogs(fixture.dir);
        final Reconciler reconciler = new Reconciler().journalDir(journalDir).jdbcUrl(fixture.jdbcUrl())
            .stripeLog(fixture.stripe.logFile()).venueLog(fixture.dir.resolve("venue.jsonl"));
        journal.world().fix.keySet().forEach(session ->
            reconciler.fixLog(fixture.dir.resolve("session-" + session + ".log"), session));
        assertEquals(List.of(), reconciler.run().differences());
    }

    /** What billing lets the owner of the journal know, without its database; 0 when it was killed before it could. */
    private long saidPosition() {
        return ConsumerPosition.readAll(journalDir, JournalId.read(journalDir)).stream()
            .mapToLong(ConsumerPosition.Consumer::sequence).sum();
    }

    private void assertSaidNoMoreThanCommitted(final String where) {
        assertTrue(saidPosition() <= Math.max(0, position()),
            () -> where + ": said " + saidPosition() + ", committed " + position());
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    @ParameterizedTest
    @CsvSource({"before-sqlite-commit:1", "before-sqlite-commit:4", "before-sqlite-commit:9", "after-stripe-answer:1",
        "after-stripe-answer:17"})
    void shouldDeliverEveryUnitOnceWhenKilledAt(final String crashPoint) throws IOException, InterruptedException {
        journal.world().play(crashPoint.hashCode(), 500);
        journal.write();
        assertEquals(SIGKILL_EXIT, await(start(crashPoint, Fixture.API_KEY, "--drain")), () -> read(log()));
        assertSaidNoMoreThanCommitted(crashPoint);
        drainAndCompare();
        if (crashPoint.startsWith(CrashPoint.AFTER_STRIPE_ANSWER)) {
            assertTrue(StripeTotals.count(fixture.stripe.logFile(), "duplicate") > 0, "the identifier was sent again");
        }
    }

    @Test
    @Timeout(300)
    void shouldDeliverEveryUnitOnceWhenKilledAtRandomAgainAndAgain() throws IOException, InterruptedException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 5; round++) {
            final Process process = start(null, Fixture.API_KEY);
            final long before = position();
            final long untilNs = System.nanoTime() + (600 + random.nextInt(1_400)) * 1_000_000L;
            // On a busy machine it may take longer than that until it bills at all; what then is the class's timeout.
            while (System.nanoTime() < untilNs || position() <= Math.max(0, before) && process.isAlive()) {
                journal.world().play(random.nextLong(), 20);
                journal.write();
                Thread.sleep(20);
            }
            process.destroyForcibly();
            assertEquals(SIGKILL_EXIT, await(process), () -> "seed " + seed + ": " + read(log()));
            assertSaidNoMoreThanCommitted("seed " + seed);
        }
        assertTrue(fixture.report().position() > 0, "seed " + seed);
        drainAndCompare();
    }

    @Test
    void shouldStopCleanlyAndDeliverOpenWindowsOnSigterm() throws IOException, InterruptedException {
        journal.world().play(3, 200);
        journal.write();
        final Process process = start(null, Fixture.API_KEY, "--seal-on-stop");
        Fixture.await("position", () -> Files.exists(fixture.dir.resolve("billing.db"))
            && position() == journal.world().frames.size(), () -> read(log()));
        process.destroy();
        assertEquals(128 + 15, await(process), () -> read(log()));
        assertEquals(StripeTotals.of(journal.world()), StripeTotals.read(fixture.stripe.logFile()));
        assertEquals(0, fixture.report().undelivered());
    }

    private long position() {
        try {
            return fixture.report().position();
        } catch (final RuntimeException ex) {
            return -1;
        }
    }

    @Test
    void shouldExitWithCodeWhenApiKeyIsWrong() throws IOException, InterruptedException {
        assertEquals(1, await(start(null, "sk_test_wrong")));
        assertTrue(read(log()).contains("STRIPE_KEY_REFUSED "), () -> read(log()));
    }
}
