package weir.config.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.fault.BillingException;
import weir.billing.store.Database;
import weir.billing.store.WebhookStore;
import weir.billing.webhook.out.WebhookEndpoint;
import weir.billing.webhook.out.WebhookSecrets;
import weir.cli.CommandActions.WebhookOptions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.TenantWebhook;
import weir.config.model.WeirConfig;

/** Shows and changes webhooks in billing's database, beside a running billing process; changes keys in their files. */
final class WebhookActions {
    private static final String OWNER_ONLY = "rw-------";

    private WebhookActions() {
    }

    static int run(final WebhookOptions options, final Output output) throws Exception {
        return run(options, output, System.getenv());
    }

    static int run(final WebhookOptions options, final Output output, final Map<String, String> environment)
        throws Exception {
        final WeirConfig config = Configs.load(options.config(), environment);
        if (options.verb() == WebhookOptions.Verb.ROTATE) {
            return rotate(options, config, environment, output);
        }
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), System.currentTimeMillis())) {
            final WebhookStore store = new WebhookStore(database);
            return switch (options.verb()) {
                case LIST -> list(options, config, store, output);
                case ENDPOINTS -> endpoints(options, config, store, output);
                default -> change(options, config, database, store, output);
            };
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
    }

    /** {@code TENANT/NAME} as people write it, to its name in the database. */
    private static String key(final WebhookOptions options, final WeirConfig config) {
        final String[] parts = options.endpoint().orElseThrow().split("/", 2);
        if (parts.length < 2) {
            throw badEndpoint(options);
        }
        return WebhookEndpoint.key(Configs.tenant(config, parts[0]).id(), parts[1]);
    }

    private static CommandFailure badEndpoint(final WebhookOptions options) {
        return new CommandFailure(CommandFailure.USAGE, "--endpoint must be TENANT/NAME, is "
            + options.endpoint().get());
    }

    private static String shown(final WeirConfig config, final String key) {
        final Map<String, String> names = new TreeMap<>();
        config.tenants().forEach(tenant -> names.put(Integer.toString(tenant.id()), tenant.name()));
        final String[] parts = key.split("/", 2);
        return names.getOrDefault(parts[0], '#' + parts[0]) + '/' + parts[1];
    }

    private static boolean isAsked(final WebhookOptions options, final String shown) {
        return options.endpoint().isEmpty() || options.endpoint().get().equals(shown);
    }

    private static int list(final WebhookOptions options, final WeirConfig config, final WebhookStore store,
        final Output output) {
        final List<WebhookStore.Delivery> rows = options.endpoint().isEmpty() ? store.latest(options.limit())
            : store.latest(key(options, config), options.limit());
        final Output.Table table = output.table("webhook", "endpoint", "id", "type", "record", "state", "attempts",
            "status", "last attempt", "next attempt", "detail");
        for (final WebhookStore.Delivery row : rows) {
            final boolean pending = row.state() == WebhookStore.State.PENDING;
            table.row(shown(config, row.endpoint()), row.messageId(), row.type(), row.sequence(), row.state().name(),
                row.attempts(), row.status(), time(row.lastAttemptMs()), pending ? time(row.nextAttemptMs()) : "",
                row.detail());
        }
        table.end();
        return ExitCodes.OK;
    }

    private static int endpoints(final WebhookOptions options, final WeirConfig config, final WebhookStore store,
        final Output output) {
        final Output.Table table = output.table("endpoint", "endpoint", "url", "disabled", "why", "throttled until",
            "pending", "dead");
        for (final WebhookStore.Endpoint row : store.endpoints()) {
            final String shown = shown(config, row.endpoint());
            if (isAsked(options, shown)) {
                table.row(shown, row.url(), time(row.disabledMs()), row.disabledWhy(), time(row.throttledUntilMs()),
                    row.pending(), row.dead());
            }
        }
        table.end();
        return ExitCodes.OK;
    }

    private static int change(final WebhookOptions options, final WeirConfig config, final Database database,
        final WebhookStore store, final Output output) {
        final String key = key(options, config);
        if (store.endpoints().stream().noneMatch(row -> row.endpoint().equals(key))) {
            throw new CommandFailure("WEBHOOK_UNKNOWN", "billing has not seen endpoint " + options.endpoint().get()
                + "; see weir webhooks endpoints");
        }
        final long nowMs = System.currentTimeMillis();
        final int changed = switch (options.verb()) {
            case DISABLE -> store.disable(key, nowMs, options.why()) ? 1 : 0;
            case ENABLE -> store.enable(key) ? 1 : 0;
            default -> store.redeliver(key, options.message().orElse(null), nowMs);
        };
        if (options.dryRun()) {
            database.rollback();
        } else {
            database.commit();
        }
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("endpoint", options.endpoint().get());
        result.put("did", options.verb().name().toLowerCase(Locale.ROOT));
        result.put("changed", changed);
        result.put("dryRun", options.dryRun());
        output.result("webhooks", result);
        if (changed == 0 && options.message().isPresent()) {
            throw new CommandFailure("WEBHOOK_UNKNOWN", "no message " + options.message().get()
                + " that has ended is at " + options.endpoint().get());
        }
        return ExitCodes.OK;
    }

    /** The file is replaced in one step; billing reads it at each attempt, so that the next one has both signatures. */
    private static int rotate(final WebhookOptions options, final WeirConfig config,
        final Map<String, String> environment, final Output output) throws IOException {
        final String[] parts = options.endpoint().orElseThrow().split("/", 2);
        if (parts.length < 2) {
            throw badEndpoint(options);
        }
        final Tenant tenant = Configs.tenant(config, parts[0]);
        final TenantWebhook webhook = tenant.webhooks().stream().filter(one -> one.name().equals(parts[1])).findFirst()
            .orElseThrow(() -> new CommandFailure("WEBHOOK_UNKNOWN", "tenant " + parts[0] + " has no webhook "
                + parts[1]));
        if (webhook.secret().kind() != SecretRef.Kind.FILE) {
            throw new CommandFailure("WEBHOOK_SECRET", "the secret is " + webhook.secret()
                + ": only a file: can be rotated here; put NEW;OLD until=TIME into the variable and restart billing");
        }
        final long nowMs = System.currentTimeMillis();
        final long untilMs = nowMs + options.overlapMs();
        final Path file = options.config().resolve(webhook.secret().target());
        final String text;
        try {
            final String newKey = options.newKey().isEmpty() ? WebhookSecrets.newKey()
                : Files.readString(options.newKey().get()).strip();
            text = WebhookSecrets.parse(Configs.secrets(options.config(), environment).resolve(webhook.secret())
                .reveal()).rotated(newKey, nowMs, untilMs);
        } catch (final IllegalArgumentException ex) {
            throw new CommandFailure("WEBHOOK_SECRET", ex.getMessage());
        }
        if (!options.dryRun()) {
            replace(file, text);
        }
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("endpoint", options.endpoint().get());
        result.put("file", file.toString());
        result.put("keys", WebhookSecrets.parse(text).valid(nowMs));
        result.put("oldUntil", time(untilMs));
        result.put("dryRun", options.dryRun());
        output.result("rotation", result);
        output.say("give the tenant the first line of the file");
        return ExitCodes.OK;
    }

    private static void replace(final Path file, final String text) throws IOException {
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String time(final long epochMs) {
        return epochMs == 0 ? "" : Instant.ofEpochMilli(epochMs).toString();
    }
}
