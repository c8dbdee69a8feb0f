package weir.billing.webhook.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingMain;
import weir.billing.store.Database;
import weir.billing.store.WebhookStore;
import weir.billing.world.Fixture;
import weir.billing.world.TestJournal;

/** kill -9 of a real billing process after an endpoint got a message and before billing stored that. */
@Timeout(120)
class WebhookKillTest {
    private static final int SIGKILL_EXIT = 137;

    private final Fixture fixture = new Fixture();
    private final TestJournal journal = new TestJournal(fixture.dir.resolve("journal"));
    private final WebhookReceiver receiver = new WebhookReceiver();

    @AfterEach
    void close() {
        journal.close();
        receiver.close();
        fixture.close();
    }

    private Process start() throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("--enable") || flag.startsWith("--sun")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Dchronicle.analytics.disable=true", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), BillingMain.class.getName(),
            "--journal", fixture.dir.resolve("journal").toString(), "--jdbc", fixture.jdbcUrl(),
            "--stripe-base", fixture.stripe.baseUrl(), "--tenant", "1=alpha", "--tenant", "2=beta",
            "--webhook-loopback", "--webhook", "1=" + receiver.url(), "--webhook-retry-ms", "0,1,1,1,1,1"));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put(BillingMain.KEY_VARIABLE, Fixture.API_KEY);
        builder.environment().put(BillingMain.WEBHOOK_VARIABLE, WebhookReceiver.SECRET);
        return builder.start();
    }

    private Path log() {
        return fixture.dir.resolve("billing.log");
    }

    private String said() {
        try {
            return Files.readString(log()) + receiver.seen;
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    private long delivered() {
        if (!Files.exists(fixture.dir.resolve("billing.db"))) {
            return 0;
        }
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 1)) {
            return new WebhookStore(database).latest(100).stream()
                .filter(row -> row.state() == WebhookStore.State.DELIVERED).count();
        }
    }

    @Test
    void shouldSendEachThresholdAtLeastOnceUnderOneIdWhenKilledBetweenSendAndStore() throws Exception {
        journal.world().sent(journal.world().newOrder(1, null));
        journal.world().budget(1, journal.world().debits.get(1) * 100 / 96);
        journal.write();
        final AtomicReference<Process> running = new AtomicReference<>();
        final WebhookReceiver.Behaviour kill = (exchange, seen) -> {
            running.get().destroyForcibly();
            try {
                running.get().waitFor();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        };
        receiver.then(kill, WebhookReceiver.status(204), kill);
        for (int round = 0; round < 2; round++) {
            running.set(start());
            assertTrue(running.get().waitFor(60, TimeUnit.SECONDS), this::said);
            assertEquals(SIGKILL_EXIT, running.get().exitValue(), this::said);
        }
        final Process last = start();
        running.set(last);
        Fixture.await("all delivered", () -> delivered() == 3, this::said);
        last.destroy();
        assertTrue(last.waitFor(60, TimeUnit.SECONDS), this::said);
        assertEquals(Set.of("budget_1_0_70", "budget_1_0_85", "budget_1_0_95"), receiver.thresholds());
        assertTrue(receiver.ids().size() >= 5, this::said);
        receiver.seen.forEach(seen -> assertEquals("", seen.fault(), seen::toString));
    }
}
