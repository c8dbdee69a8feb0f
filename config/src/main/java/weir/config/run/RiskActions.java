package weir.config.run;

import io.aeron.ExclusivePublication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.driver.AeronLink;
import weir.config.driver.DriverWait;
import weir.config.failure.CommandFailure;
import weir.config.model.RiskKey;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.Streams;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.StrategyUnlockEncoder;

/** Changes pre-trade limits of a running router, and re-enables strategies, over its control stream. */
final class RiskActions {
    private static final long DRIVER_WAIT_MS = 3_000;
    private static final long OFFER_WAIT_NS = 5_000_000_000L;

    private record Setting(RiskKey key, int targetId, long value, String text) {
    }

    private RiskActions() {
    }

    static int set(final CommandActions.LimitsOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = tenant(config, options.tenant());
        final List<Setting> settings = new ArrayList<>();
        for (final String text : options.settings()) {
            settings.add(setting(config, tenant, text));
        }
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[2048]);
        final int length = encode(frame, tenant.id(), settings, options.actor(), options.why());
        if (!options.dryRun()) {
            send(config, frame, length);
        }
        final Output.Table table = output.table("limit", "tenant", "limit", "target", "value", "carried");
        for (final Setting setting : settings) {
            table.row(tenant.name(), setting.key().key(), setting.targetId() == 0 ? "" : setting.targetId(),
                setting.text(), setting.value());
        }
        table.end();
        output.result("limits", result(tenant, options.actor(), options.dryRun()));
        return ExitCodes.OK;
    }

    static int unlock(final CommandActions.UnlockOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = tenant(config, options.tenant());
        if (options.strategyId() == 0) {
            session(tenant, Integer.toString(options.sessionId()));
        }
        if (!options.dryRun()) {
            final UnsafeBuffer frame = new UnsafeBuffer(new byte[512]);
            final StrategyUnlockEncoder encoder = new StrategyUnlockEncoder()
                .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).tenantId(tenant.id())
                .strategyId(options.strategyId()).sessionId(options.sessionId()).actor(options.actor())
                .why(options.why());
            send(config, frame, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
        output.result("unlock", result(tenant, options.actor(), options.dryRun()));
        return ExitCodes.OK;
    }

    /** A frame of RiskConfig(40); answers its length. */
    private static int encode(final UnsafeBuffer frame, final int tenantId, final List<Setting> settings,
        final String actor, final String why) {
        final RiskConfigEncoder encoder = new RiskConfigEncoder()
            .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).tenantId(tenantId).whole(BooleanType.FALSE)
            .actor(actor);
        final RiskConfigEncoder.LimitsEncoder limits = encoder.limitsCount(settings.size());
        for (final Setting setting : settings) {
            limits.next().limit(setting.key().limit()).targetId(setting.targetId()).newValue(setting.value())
                .oldValue(RiskConfigEncoder.LimitsEncoder.oldValueNullValue());
        }
        encoder.why(why);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private static Setting setting(final WeirConfig config, final Tenant tenant, final String text) {
        final int equals = text.indexOf('=');
        final String left = equals < 0 ? text : text.substring(0, equals);
        final int dot = left.indexOf('.');
        final String name = dot < 0 ? left : left.substring(0, dot);
        final String target = dot < 0 ? "" : left.substring(dot + 1);
        final RiskKey key = RiskKey.of(name).orElseThrow(() -> new CommandFailure("UNKNOWN_LIMIT",
            "there is no limit " + name + "; limits are " + String.join(", ",
            java.util.Arrays.stream(RiskKey.values()).map(RiskKey::key).toList())));
        if (equals < 0) {
            throw new CommandFailure("LIMIT_VALUE", key.key() + " needs =VALUE: " + key.expected());
        }
        try {
            return new Setting(key, target(config, tenant, key, target), key.parse(text.substring(equals + 1)),
                text.substring(equals + 1));
        } catch (final IllegalArgumentException ex) {
            throw new CommandFailure("LIMIT_VALUE", ex.getMessage());
        }
    }

    private static int target(final WeirConfig config, final Tenant tenant, final RiskKey key, final String name) {
        final boolean optional = key.target() == RiskKey.Target.INSTRUMENT_OR_NONE
            || key.target() == RiskKey.Target.SESSION_OR_NONE || key.target() == RiskKey.Target.NONE;
        if (name.isEmpty() && optional) {
            return 0;
        }
        return switch (key.target()) {
            case NONE -> throw new CommandFailure("LIMIT_TARGET", key.key() + " is of the tenant as a whole");
            case SESSION_OR_NONE -> session(tenant, name);
            case VENUE -> config.venue(name).orElseThrow(() -> new CommandFailure("LIMIT_TARGET",
                key.key() + " needs a venue, as " + key.key() + ".coinbase; there is no venue '" + name + "'")).id();
            default -> config.instrument(name).orElseThrow(() -> new CommandFailure("LIMIT_TARGET",
                key.key() + " needs a symbol, as " + key.key() + ".BTC-USD; there is no instrument '" + name
                + "'")).id();
        };
    }

    private static int session(final Tenant tenant, final String id) {
        final boolean known = tenant.desks().stream().anyMatch(d -> Integer.toString(d.sessionId()).equals(id))
            || tenant.clients().stream().anyMatch(c -> Integer.toString(c.sessionId()).equals(id));
        if (!known) {
            throw new CommandFailure("LIMIT_TARGET", "tenant " + tenant.name() + " has no session " + id);
        }
        return Integer.parseInt(id);
    }

    private static Tenant tenant(final WeirConfig config, final String name) {
        return config.tenants().stream().filter(t -> t.name().equals(name)).findFirst()
            .orElseThrow(() -> new CommandFailure("UNKNOWN_TENANT", "there is no tenant " + name + "; configured: "
                + String.join(", ", config.tenants().stream().map(Tenant::name).toList())));
    }

    private static Map<String, Object> result(final Tenant tenant, final String actor, final boolean dryRun) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tenant", tenant.name());
        fields.put("actor", actor);
        fields.put("sent", !dryRun);
        fields.put("dryRun", dryRun);
        return fields;
    }

    private static void send(final WeirConfig config, final UnsafeBuffer frame, final int length) throws Exception {
        final Path directory = config.router().resolve(config.router().aeron().dir());
        DriverWait.await(directory, DRIVER_WAIT_MS, () -> false);
        try (AeronLink link = AeronLink.connect(config.router().aeron(), directory, "weir-limits", cause -> { });
            ExclusivePublication publication = link.aeron()
                .addExclusivePublication(config.router().aeron().channel(), Streams.CONTROL_INGRESS)) {
            final long deadlineNs = System.nanoTime() + OFFER_WAIT_NS;
            while (publication.offer(frame, 0, length) < 0) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new CommandFailure("ROUTER_UNREACHABLE", "no router took the command within 5 s");
                }
                Thread.sleep(1);
            }
        }
    }
}
