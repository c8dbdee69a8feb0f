package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.billing.reconcile.Difference;
import weir.billing.reconcile.ReconcileReport;
import weir.cli.WeirCli;
import weir.config.failure.CommandFailure;
import weir.config.run.Actions;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** {@code weir plan} against a running router: checked, shown, in force without restart, and still after one. */
class PlanFlowTest {
    private InProcessCluster cluster;
    private String printed = "";

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private int plan(final String... args) {
        final List<String> all = new ArrayList<>(List.of("plan"));
        all.addAll(List.of(args));
        return run(all.toArray(new String[0]));
    }

    private int run(final String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--config", cluster.configDir().toString()));
        final int exit = new WeirCli(new Actions(), stream, stream, false, System.getenv())
            .run(all.toArray(new String[0]));
        printed = out.toString(StandardCharsets.UTF_8);
        return exit;
    }

    private Path version(final int number, final Instant effective, final String price) throws Exception {
        final String name;
        try (var files = Files.list(cluster.configDir().resolve("plans"))) {
            name = files.map(file -> file.getFileName().toString()).sorted().findFirst().orElseThrow();
        }
        final String text = Files.readString(cluster.configDir().resolve("plans").resolve(name));
        final String head = text.substring(0, text.indexOf("prices:"))
            .replaceAll("version: .*", "version: " + number).replaceAll("effective: .*", "effective: " + effective);
        return Files.writeString(cluster.configDir().resolve("new-version-" + price + ".yaml"),
            head.replaceAll("(?m)^rate:.*\n", "") + "rate: { burst: 900, refill: 800/s }\n"
            + "prices:\n  request:\n    - { price: " + price + " }\n");
    }

    private long charged(final DeskClient desk, final String id) throws Exception {
        desk.newOrder(id, "BTC-USD", '1', '2', '1', "0.001", "50000");
        final DeskReport report = desk.await(r -> id.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), SOON);
        assertEquals('0', report.ordStatus(), report::text);
        final List<Long> debit = new ArrayList<>();
        cluster.journalWhen("order " + id, lines -> {
            debit.clear();
            lines.of("NewOrder").stream().filter(line -> line.toString().contains('"' + id + '"'))
                .forEach(line -> debit.add(line.path("debitMicros").asLong()));
            return !debit.isEmpty();
        });
        return debit.get(0);
    }

    @Test
    void shouldApplyAVersionWithoutRestartAndKeepItAfterOneWithoutItsFile() throws Exception {
        cluster = InProcessCluster.start(InProcessCluster.withoutBinaryClient());
        final DeskClient alpha = cluster.desk("ALPHA1");
        assertEquals(100, charged(alpha, "before"));
        final Path past = version(2, Instant.parse("2026-01-02T00:00:00Z"), "0.5");
        assertEquals(1, plan("apply", past.toString()));
        assertTrue(printed.contains("PLAN_IN_THE_PAST"), printed);
        final Path file = version(2, Instant.now().plusSeconds(3), "0.0007");
        assertEquals(0, plan("apply", file.toString(), "--dry-run"));
        assertTrue(printed.contains("\"not applied\"") && printed.contains("alpha") && printed.contains("0.0007"),
            printed);
        assertEquals(0, plan("list"));
        assertFalse(printed.contains("scheduled"), printed);
        assertEquals(0, plan("apply", file.toString(), "--actor", "pricing"));
        assertTrue(printed.contains("\"scheduled\"") || printed.contains("\"in force\""), printed);
        cluster.journalWhen("who applied it", lines -> lines.of("PlanTerms").stream()
            .anyMatch(line -> line.toString().contains("pricing")));
        cluster.journalWhen("as one unit", lines -> lines.of("PlanApply").stream()
            .anyMatch(line -> line.toString().contains("pricing")));
        InProcessCluster.await("version 2 in force", () -> plan("list") == 0 && printed.lines()
            .anyMatch(line -> line.contains("\"version\":2") && line.contains("in force")), () -> printed);
        assertEquals(700, charged(alpha, "after"));
        assertEquals(0, run("explain", "--tenant", "alpha"));
        assertTrue(printed.lines().anyMatch(line -> line.contains("rate: plan") && line.contains("burst 900, 800/s")
            && line.contains("version 2, rate")), printed);
        assertEquals(0, plan("apply", file.toString(), "--actor", "other"));
        assertTrue(printed.contains("in force already"), printed);
        final Path other = version(2, Instant.now().plusSeconds(60), "0.0008");
        assertEquals(1, plan("apply", other.toString()));
        assertTrue(printed.contains("PLAN_VERSION_EXISTS"), printed);
        Files.writeString(other, "plan: demo\nid: x\nversion: 0\n");
        assertEquals(2, plan("apply", other.toString()));
        assertTrue(printed.lines().filter(line -> line.contains("new-version")).count() > 3, printed);
        alpha.massCancel("end", '9', null);
        alpha.awaitThat(() -> alpha.ledger().openOrders().isEmpty(), "all closed", SOON);
        cluster.stopRouter();
        cluster.startRouter();
        assertEquals(0, plan("list"));
        assertTrue(printed.lines().anyMatch(line -> line.contains("\"version\":2") && line.contains("in force")),
            printed);
        final DeskClient again = cluster.desk("ALPHA2");
        assertEquals(700, charged(again, "restarted"));
        again.massCancel("end2", '9', null);
        again.awaitThat(() -> again.ledger().openOrders().isEmpty(), "all closed", SOON);
        final ReconcileReport unpublished = cluster.settle().reconciliation();
        assertEquals(Set.of(Difference.Kind.ORACLE_AMOUNT), unpublished.differences().stream()
            .map(Difference::kind).collect(Collectors.toSet()), "the directory does not have version 2");
        cluster.applied(file);
        final ReconcileReport published = cluster.reconcile();
        assertEquals(List.of(), published.differences());
        // three orders, each a request and sent, and two mass cancels
        assertEquals(8, published.compared().get("oracle: units"));
        assertEquals(100 + 2_000 + 4 * 700, published.compared().get("oracle: micro-units"));
        final ChildCommands.Ended ended = ChildCommands.run(cluster.root().resolve("children"), cluster.environment(),
            "reconcile", "--journal", cluster.journalDir().toString(), "--fix-log", cluster.fixLogDir().toString(),
            "--venue-log", cluster.venueLog().toString(), "--stripe-log", cluster.stripeLog().toString(),
            "--database", cluster.jdbcUrl(), "--config", cluster.configDir().toString(), "--plan", file.toString());
        assertEquals(0, ended.exitCode(), ended.text());
        cluster.applied(version(2, Instant.now(), "0.0009"));
        assertEquals("PLAN_VERSION_EXISTS", assertThrows(CommandFailure.class, cluster::reconcile).code());
    }
}
