package weir.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.Database;
import weir.billing.store.SubscriptionStore;
import weir.billing.world.Fixture;
import weir.billing.world.Store;
import weir.billing.world.StripeTotals;
import weir.billing.world.TestJournal;
import weir.billing.world.World;
import weir.journal.ConsumerPosition;
import weir.journal.JournalId;
import weir.protocol.CrashPoint;

/** kill -9 of a real billing process, tailing a real journal, against Stripe over HTTP. */
@Timeout(120)
class BillingKillTest {
    private static final String SUBSCRIPTIONS = "--subscriptions";
    private static final int SIGKILL_EXIT = 137;
    private static final String POSTGRESQL = "postgresql";
    /** Records that the journal may be ahead of billing: more would only have to be delivered at the end. */
    private static final int LEAD_RECORDS = 300;

    private Fixture fixture;
    private Path journalDir;
    private TestJournal journal;

    @BeforeEach
    void open(final TestInfo info) {
        open(info.getTags().contains(POSTGRESQL) ? Store.POSTGRESQL : Store.SQLITE);
    }

    @AfterEach
    void close() {
        journal.close();
        fixture.close();
    }

    private void open(final Store store) {
        fixture = new Fixture(store);
        journalDir = fixture.dir.resolve("journal");
        journal = new TestJournal(journalDir);
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
        if (!process.waitFor(110, TimeUnit.SECONDS)) {
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
            .stripeLog(fixture.stripe.logFile()).venueLog(fixture.dir.resolve("venue.jsonl"))
            .oracle(journal.world().oracle());
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
    @CsvSource({"before-sqlite-commit:1", "before-sqlite-commit:9", "after-stripe-answer:17"})
    void shouldDeliverEveryUnitOnceWhenKilledAt(final String crashPoint) throws IOException, InterruptedException {
        killAndDrain(crashPoint);
    }

    @ParameterizedTest
    @Tag(POSTGRESQL)
    @CsvSource("before-sqlite-commit:4")
    void shouldDeliverEveryUnitOnceFromPostgresqlWhenKilledAt(final String crashPoint) throws IOException,
        InterruptedException {
        killAndDrain(crashPoint);
    }

    private void killAndDrain(final String crashPoint) throws IOException, InterruptedException {
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
    void shouldChangePricesOnceAndTakeBackOnceWhenKilledBeforeTheAnswerIsStored() throws Exception {
        final World world = journal.world();
        orders(world, 5);
        world.plan(2, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
        orders(world, 3);
        journal.write();
        for (final String point : List.of("after-stripe-subscription", "after-stripe-switch")) {
            assertEquals(SIGKILL_EXIT, await(start(point, Fixture.API_KEY, SUBSCRIPTIONS, "--drain")),
                () -> point + read(log()));
        }
        assertEquals(0, await(start(null, Fixture.API_KEY, SUBSCRIPTIONS, "--drain")), () -> read(log()));
        assertEquals(8, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
        final String first;
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
            final SubscriptionStore.Subscription found = new SubscriptionStore(database).subscriptions().get(1);
            assertEquals(2, found.prices().version());
            assertEquals(List.of(), new SubscriptionStore(database).unresolved(""));
            first = firstBatch();
            new AdjustmentStore(database).order(first, AdjustmentStore.Kind.VOID, 0, "test",
                System.currentTimeMillis());
            database.commit();
        }
        assertEquals(SIGKILL_EXIT, await(start("after-stripe-adjustment", Fixture.API_KEY, SUBSCRIPTIONS)),
            () -> read(log()));
        final Process process = start(null, Fixture.API_KEY, SUBSCRIPTIONS);
        try {
            Fixture.await("correction", () -> {
                try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
                    return new AdjustmentStore(database).open().isEmpty();
                }
            }, () -> read(log()));
        } finally {
            process.destroy();
            await(process);
        }
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "adjustment"));
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
            final AdjustmentStore.Row row = new AdjustmentStore(database).all().get(0);
            assertEquals(AdjustmentStore.State.DONE, row.state());
            assertEquals("cancelled", row.outcome());
        }
    }

    private String firstBatch() throws SQLException {
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                "SELECT identifier FROM batch WHERE tenant_id = 1 AND meter = 0 ORDER BY first_sequence")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void orders(final World world, final int count) {
        for (int i = 0; i < count; i++) {
            world.newOrder(1, null);
        }
    }

    /** Where a round ends. */
    private enum End {
        AT_COMMIT(CrashPoint.BEFORE_SQLITE_COMMIT), AFTER_ANSWER(CrashPoint.AFTER_STRIPE_ANSWER), ANY_TIME(null),
        IN_CALL(null);

        private final String crashPoint;

        End(final String crashPoint) {
            this.crashPoint = crashPoint;
        }
    }

    /**
     * Stripe applies what it is sent and drops one answer in ten; an identifier that it has is refused with 400.
     * Billing dies at a commit, between Stripe's answer and its storing, at any time, or within a call, over and over,
     * while the journal grows. After each death the books stand (J4, J9); at the end the bill is exact: what Stripe
     * counted, what was rated, and what desks' and venue's logs alone come to. {@code -Dweir.billing.kills=100} for the
     * long form.
     */
    @ParameterizedTest
    @EnumSource(Store.class)
    @Timeout(3_600)
    void shouldBillExactlyWhenKilledAgainAndAgainWhileStripeDropsAnswers(final Store store)
        throws IOException, InterruptedException {
        if (store != Store.SQLITE) {
            close();
            open(store);
        }
        final int asked = Integer.getInteger("weir.billing.kills", 4);
        final int rounds = store == Store.SQLITE ? asked : Math.max(2, asked / 10);
        final long seed = Long.getLong("weir.billing.seed", System.nanoTime());
        final Random random = new Random(seed);
        fixture.fault("{\"kind\":\"drop_after_commit\",\"percent\":10,\"seed\":" + (seed & 0xFFFF) + "}");
        final int[] ended = new int[End.values().length];
        for (int round = 0; round < rounds; round++) {
            final End end = End.values()[round % End.values().length];
            final String where = "seed " + seed + " round " + round + ' ' + end;
            killOne(end, random, where);
            ended[end.ordinal()]++;
            if (round % 10 == 9) {
                System.out.println(where + ": record " + position());
            }
            assertSaidNoMoreThanCommitted(where);
            if (position() >= 0) {
                assertEquals(List.of(), RoundChecks.breaches(fixture.jdbcUrl(), fixture.stripe.logFile()), where);
            }
        }
        drainAndCompare();
        assertEquals(List.of(), RoundChecks.breaches(fixture.jdbcUrl(), fixture.stripe.logFile()), "seed " + seed);
        final long duplicates = StripeTotals.count(fixture.stripe.logFile(), "duplicate");
        final long dropped = fixture.faultHits();
        System.out.println(store + ": billing killed " + rounds + " times " + Arrays.toString(ended) + ", seed " + seed
            + ": records " + fixture.report().position() + ", Stripe took "
            + StripeTotals.count(fixture.stripe.logFile(), "accepted") + ", dropped answers " + dropped
            + ", refused duplicates " + duplicates + ", units " + journal.world().units);
        assertTrue(duplicates > 0 && dropped > 0, "seed " + seed + ": duplicates " + duplicates + ", dropped "
            + dropped);
    }

    private void killOne(final End end, final Random random, final String where)
        throws IOException, InterruptedException {
        final long before = position();
        final Process process = start(end.crashPoint == null ? null : end.crashPoint + ':' + (1 + random.nextInt(12)),
            Fixture.API_KEY);
        final long sinceNs = System.nanoTime();
        final long untilNs = sinceNs + (800 + random.nextInt(1_600)) * 1_000_000L;
        boolean kill = false;
        while (process.isAlive() && !kill) {
            if (journal.world().frames.size() - Math.max(0, position()) < LEAD_RECORDS) {
                journal.world().play(random.nextLong(), 5);
                journal.write();
            }
            Thread.sleep(20);
            final boolean bills = position() > Math.max(0, before);
            kill = end == End.ANY_TIME && bills && System.nanoTime() > untilNs || end == End.IN_CALL && calling();
            assertTrue(System.nanoTime() - sinceNs < 60_000_000_000L, () -> where + " does not end: " + read(log()));
        }
        process.destroyForcibly();
        assertEquals(SIGKILL_EXIT, await(process), () -> where + ": " + read(log()));
    }

    /** Whether a call to Stripe was begun whose answer is not stored. */
    private boolean calling() {
        if (position() < 0) {
            return false;
        }
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM batch WHERE state = 1")) {
            rows.next();
            return rows.getLong(1) > 0;
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
    }

    @Test
    void shouldStopCleanlyAndDeliverOpenWindowsOnSigterm() throws IOException, InterruptedException {
        journal.world().play(3, 200);
        journal.write();
        final Process process = start(null, Fixture.API_KEY, "--seal-on-stop");
        Fixture.await("position", () -> position() == journal.world().frames.size(), () -> read(log()));
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
