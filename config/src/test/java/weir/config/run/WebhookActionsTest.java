package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.store.Database;
import weir.billing.store.WebhookStore;
import weir.billing.webhook.out.WebhookSecrets;
import weir.billing.webhook.out.WebhookSettings;
import weir.cli.CommandActions.WebhookOptions;
import weir.cli.CommandActions.WebhookOptions.Verb;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;

class WebhookActionsTest {
    private static final String OLD = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, String> environment = DemoSource.newSecrets();
    private Path keys;
    private WeirConfig config;

    @BeforeEach
    void configure() throws Exception {
        final Path files = directory.resolve("config");
        DemoDirectory.write(files, directory.resolve("data"), DemoDirectory.Ports.coinbase(1, 1, 1), 0);
        keys = Files.createFile(directory.resolve("keys"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, OLD);
        final Path alpha = files.resolve("tenants/alpha.yaml");
        Files.writeString(alpha, Files.readString(alpha) + "webhooks:\n"
            + "  - { name: main, url: \"https://hooks.example/a\", secret: \"file:" + keys
            + "\", events: [budget.threshold] }\n");
        config = Configs.load(files, environment);
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), 1)) {
            final WebhookStore store = new WebhookStore(database);
            store.configure("1/main", 1, "https://hooks.example/a");
            store.insert("budget_1_0_70", 1, "budget.threshold", "{}", 7, 1);
            store.address("1/main", "budget_1_0_70", 1);
            store.attempted("1/main", "budget_1_0_70", WebhookStore.State.DEAD, 0, 5, 500, "");
            database.commit();
        }
    }

    private String run(final Verb verb, final String endpoint, final String message, final boolean dryRun)
        throws Exception {
        out.reset();
        WebhookActions.run(new WebhookOptions(directory.resolve("config"), verb, Optional.ofNullable(endpoint),
            Optional.ofNullable(message), "test", 60_000, Optional.empty(), 10, dryRun),
            new Output(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, Output.Mode.JSON), environment);
        return out.toString(StandardCharsets.UTF_8);
    }

    private WebhookStore.Delivery row() {
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), 1)) {
            return new WebhookStore(database).latest(1).get(0);
        }
    }

    @Test
    void shouldReadEndpointsAndHowToSend() {
        final WebhookSettings settings = WebhookWiring.settings(config, Configs.secrets(directory, environment));
        assertEquals("[1/main https://hooks.example/a]", settings.endpoints().toString());
        assertEquals(WebhookSettings.RETRY_MS, settings.retryMs());
        assertFalse(settings.target().allowLoopback());
        assertTrue(settings.problems().isEmpty(), settings.problems()::toString);
        assertTrue(settings.accounts().stream().anyMatch(use -> use.accountId() == 1 && use.tenantId() == 1));
    }

    @Test
    void shouldListAndSendDeadLettersAgainUnderTheirId() throws Exception {
        assertTrue(run(Verb.LIST, "alpha/main", null, false).contains(
            "\"endpoint\":\"alpha/main\",\"id\":\"budget_1_0_70\",\"type\":\"budget.threshold\",\"record\":7,"
                + "\"state\":\"DEAD\""), out::toString);
        assertTrue(run(Verb.REDELIVER, "alpha/main", null, true).contains("\"changed\":1"), out::toString);
        assertEquals(WebhookStore.State.DEAD, row().state());
        assertTrue(run(Verb.REDELIVER, "alpha/main", "budget_1_0_70", false).contains("\"changed\":1"), out::toString);
        assertEquals(WebhookStore.State.PENDING, row().state());
        assertEquals("budget_1_0_70", row().messageId());
        assertEquals("WEBHOOK_UNKNOWN", assertThrows(CommandFailure.class,
            () -> run(Verb.REDELIVER, "alpha/main", "other", false)).code());
        assertEquals("WEBHOOK_UNKNOWN", assertThrows(CommandFailure.class,
            () -> run(Verb.DISABLE, "alpha/other", null, false)).code());
    }

    @Test
    void shouldCallAnEndpointWithoutANameBadUsage() {
        for (final Verb verb : new Verb[]{Verb.DISABLE, Verb.ROTATE}) {
            assertEquals(CommandFailure.USAGE, assertThrows(CommandFailure.class,
                () -> run(verb, "alpha", null, false)).code());
        }
    }

    @Test
    void shouldDisableAndEnable() throws Exception {
        run(Verb.DISABLE, "alpha/main", null, false);
        assertTrue(run(Verb.ENDPOINTS, null, null, false).contains("\"why\":\"test\""), out::toString);
        run(Verb.ENABLE, "alpha/main", null, false);
        assertTrue(run(Verb.ENDPOINTS, null, null, false).contains("\"disabled\":\"\""), out::toString);
    }

    @Test
    void shouldRotateTheFileInOneStepAndSayNoKey() throws Exception {
        run(Verb.ROTATE, "alpha/main", null, true);
        assertEquals(OLD, Files.readString(keys));
        assertTrue(run(Verb.ROTATE, "alpha/main", null, false).contains("\"keys\":2"), out::toString);
        final String text = Files.readString(keys);
        assertTrue(text.lines().skip(1).findFirst().orElseThrow().startsWith(OLD + " until="), "the old key ends");
        assertEquals(2, WebhookSecrets.parse(text).valid(System.currentTimeMillis()));
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("whsec_"), out::toString);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
    }
}
