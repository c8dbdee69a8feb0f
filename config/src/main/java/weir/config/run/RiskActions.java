package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.RiskKey;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.StrategyUnlockEncoder;

/** Changes pre-trade limits of a running router, and re-enables strategies, over its control stream. */
final class RiskActions {
    private static final long WAIT_NS = 5_000_000_000L;
    private static final long POLL_NS = 1_000_000L;
    private static final long NS_PER_MICRO = 1_000L;

    private record Setting(RiskKey key, int targetId, long value, String text) {
        String place() {
            return key.limit().value() + "/" + targetId;
        }
    }

    private RiskActions() {
    }

    static int set(final CommandActions.LimitsOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = Configs.tenant(config, options.tenant());
        final List<Setting> settings = new ArrayList<>();
        for (final String text : options.settings()) {
            settings.add(setting(config, tenant, text));
        }
        final Output.Table table = output.table("limit", "tenant", "limit", "target", "old", "new", "carried");
        if (options.dryRun()) {
            settings.forEach(setting -> row(table, tenant, setting, ""));
            table.end();
            output.result("limits", result(tenant, options.actor(), true));
            return ExitCodes.OK;
        }
        try (ControlLink control = ControlLink.connect(config.router())) {
            final Map<String, Long> before = inForce(control, tenant);
            final long startNs = System.nanoTime();
            control.send(frame -> encode(frame, tenant.id(), settings, options.actor(), options.why()));
            awaitInForce(control, tenant, settings, startNs);
            final long tookNs = System.nanoTime() - startNs;
            settings.forEach(setting ->
                row(table, tenant, setting, setting.key().text(before.getOrDefault(setting.place(), 0L))));
            table.end();
            final Map<String, Object> result = result(tenant, options.actor(), false);
            result.put("inForceMicros", tookNs / NS_PER_MICRO);
            output.result("limits", result);
            return ExitCodes.OK;
        }
    }

    private static void row(final Output.Table table, final Tenant tenant, final Setting setting, final String old) {
        table.row(tenant.name(), setting.key().key(), setting.targetId() == 0 ? "" : setting.targetId(), old,
            setting.text(), setting.value());
    }

    /** Limits of a tenant that are on, by limit and target. */
    private static Map<String, Long> inForce(final ControlLink control, final Tenant tenant) {
        final Map<String, Long> values = new HashMap<>();
        for (final JsonNode row : control.ask(AdminKind.RISK, tenant.id(), 0)) {
            values.put(row.path("limit").asInt() + "/" + row.path("target").asInt(), row.path("value").asLong());
        }
        return values;
    }

    /** The core takes all of a command or nothing, and does not answer it: what is in force tells. */
    private static void awaitInForce(final ControlLink control, final Tenant tenant, final List<Setting> settings,
        final long startNs) {
        final Map<String, Setting> wanted = new HashMap<>();
        settings.forEach(setting -> wanted.put(setting.place(), setting));
        while (true) {
            final Map<String, Long> now = inForce(control, tenant);
            final List<String> missing = wanted.values().stream()
                .filter(setting -> now.getOrDefault(setting.place(), 0L) != setting.value())
                .map(setting -> setting.key().key()).sorted().toList();
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() - startNs > WAIT_NS) {
                throw new CommandFailure("LIMITS_NOT_TAKEN", "the router did not take the change: not in force are "
                    + String.join(", ", missing));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    static int unlock(final CommandActions.UnlockOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = Configs.tenant(config, options.tenant());
        if (options.strategyId() == 0) {
            session(tenant, Integer.toString(options.sessionId()));
        }
        final Map<String, Object> result = result(tenant, options.actor(), options.dryRun());
        if (!options.dryRun()) {
            try (ControlLink control = ControlLink.connect(config.router())) {
                final long startNs = System.nanoTime();
                final int lockedBy = lockedBy(control, tenant, options);
                if (lockedBy == 0) {
                    throw new CommandFailure("NOT_LOCKED", "the router has no lock on " + who(options));
                }
                control.send(frame -> MessageHeaderEncoder.ENCODED_LENGTH + new StrategyUnlockEncoder()
                    .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).tenantId(tenant.id())
                    .strategyId(options.strategyId()).sessionId(options.sessionId()).actor(options.actor())
                    .why(options.why()).encodedLength());
                while (lockedBy(control, tenant, options) != 0) {
                    if (System.nanoTime() - startNs > WAIT_NS) {
                        throw new CommandFailure("UNLOCK_NOT_TAKEN", who(options) + " is locked, still or again");
                    }
                    LockSupport.parkNanos(POLL_NS);
                }
                final RejectReason reason = RejectReason.ofCode(lockedBy);
                result.put("lockedBy", reason == null ? Integer.toString(lockedBy) : reason.name());
                result.put("inForceMicros", (System.nanoTime() - startNs) / NS_PER_MICRO);
            }
        }
        output.result("unlock", result);
        return ExitCodes.OK;
    }

    private static String who(final CommandActions.UnlockOptions options) {
        return options.strategyId() != 0 ? "strategy " + options.strategyId()
            : "the orders without strategy of session " + options.sessionId();
    }

    /** Code that locked it, 0 when nothing did. */
    private static int lockedBy(final ControlLink control, final Tenant tenant,
        final CommandActions.UnlockOptions options) {
        return control.ask(AdminKind.STRATEGIES, tenant.id(), 0).stream()
            .filter(row -> row.path("strategy").asInt() == options.strategyId()
                && (options.strategyId() != 0 || row.path("session").asInt() == options.sessionId()))
            .mapToInt(row -> row.path("lockedBy").asInt()).findFirst().orElse(0);
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

    private static Map<String, Object> result(final Tenant tenant, final String actor, final boolean dryRun) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tenant", tenant.name());
        fields.put("actor", actor);
        fields.put("sent", !dryRun);
        fields.put("dryRun", dryRun);
        return fields;
    }
}
