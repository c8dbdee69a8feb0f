package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.Scale;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.TradingState;

/** {@code weir kill}, {@code halt}, {@code resume} and {@code heartbeat}. */
final class SwitchActions {
    private static final long POLL_NS = 50_000_000L;
    private static final long MICROS = 1_000L;

    private SwitchActions() {
    }

    static int move(final CommandActions.SwitchOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        return move(options, config, output);
    }

    /** For a configuration that was loaded. */
    static int move(final CommandActions.SwitchOptions options, final WeirConfig config, final Output output)
        throws Exception {
        final SwitchTarget target = SwitchTarget.of(config, options.scope(), options.name());
        final TradingState state = options.verb() == CommandActions.SwitchOptions.Verb.RESUME ? TradingState.ACTIVE
            : options.cancelOnly() ? TradingState.CANCEL_ONLY : TradingState.HALTED;
        final boolean cancels = options.verb() == CommandActions.SwitchOptions.Verb.KILL;
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("scope", target.words());
        result.put("state", state.name());
        result.put("cancelOpen", cancels);
        result.put("actor", options.actor());
        result.put("dryRun", options.dryRun());
        try (ControlLink control = ControlLink.connect(config.router())) {
            final long openBefore = control.ask(AdminKind.ORDERS, 0, 0).stream()
                .filter(o -> concerns(config, target, o)).count();
            result.put("openBefore", openBefore);
            if (options.dryRun()) {
                output.result("switch", result);
                return ExitCodes.OK;
            }
            final long from = control.ask(AdminKind.PING, 0, 0).get(0).path("cancelled").asLong();
            final long sentNs = System.nanoTime();
            control.move(target, state, cancels, options.actor(), options.why());
            final long deadlineNs = sentNs + TimeUnit.MILLISECONDS.toNanos(options.waitMs());
            if (!await(() -> isInForce(control, target, state), deadlineNs)) {
                throw new CommandFailure("SWITCH_NOT_TAKEN", target.words() + " is not " + state + " after "
                    + options.waitMs() + " ms");
            }
            result.put("inForceMicros", (System.nanoTime() - sentNs) / MICROS);
            output.result("switch", result);
            return cancels ? report(config, control, target, from, deadlineNs, output) : ExitCodes.OK;
        }
    }

    static int heartbeat(final CommandActions.HeartbeatOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final int tenantId = options.tenant().isEmpty() ? 0
            : SwitchTarget.of(config, "tenant", options.tenant().get()).id();
        try (ControlLink control = ControlLink.connect(config.router())) {
            control.heartbeat(tenantId, options.actor());
            output.result("heartbeat", Map.of("tenant", options.tenant().orElse(""), "actor", options.actor()));
            while (!options.once()) {
                Thread.sleep(options.everyMs());
                control.heartbeat(tenantId, options.actor());
            }
        }
        return ExitCodes.OK;
    }

    /** Per order with strategy, desk and tenant, what became of it; good when none is open any more. */
    private static int report(final WeirConfig config, final ControlLink control, final SwitchTarget target,
        final long from, final long deadlineNs, final Output output) throws CommandFailure {
        await(() -> control.ask(AdminKind.ORDERS, 0, 0).stream().noneMatch(o -> concerns(config, target, o)),
            deadlineNs);
        final Map<Integer, String> tenants = new HashMap<>();
        final Map<Integer, String> desks = new HashMap<>();
        for (final Tenant tenant : config.tenants()) {
            tenants.put(tenant.id(), tenant.name());
            tenant.desks().forEach(desk -> desks.put(desk.sessionId(), desk.compId()));
            tenant.clients().forEach(client -> desks.put(client.sessionId(), client.name()));
        }
        final Output.Table table = output.table("killed", "order", "client", "desk", "strategy", "ClOrdID", "symbol",
            "side", "quantity", "filled", "fate", "cause");
        final Map<String, Integer> fates = new TreeMap<>();
        final List<JsonNode> rows = new ArrayList<>(control.ask(AdminKind.CANCELLED, 0, from));
        for (final JsonNode row : rows) {
            final String fate = fate(row);
            fates.merge(fate, 1, Integer::sum);
            table.row(row.path("orderId").asLong(), tenants.getOrDefault(row.path("tenant").asInt(), ""),
                desks.getOrDefault(row.path("session").asInt(), ""), row.path("strategy").asInt(),
                row.path("clOrdId").asText(), row.path("symbol").asText(),
                row.path("side").asInt() == 1 ? "buy" : "sell", e8(row, "orderQty"),
                e8(row, "cumQty"), fate, row.path("cause").asLong());
        }
        table.end();
        final long open = control.ask(AdminKind.ORDERS, 0, 0).stream().filter(o -> concerns(config, target, o))
            .count();
        final Map<String, Object> sum = new LinkedHashMap<>();
        sum.put("orders", rows.size());
        sum.put("stillOpen", open);
        sum.putAll(fates);
        output.result("kill", sum);
        return open == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static BigDecimal e8(final JsonNode row, final String key) {
        return BigDecimal.valueOf(row.path(key).asLong(), Scale.E8_DIGITS);
    }

    private static String fate(final JsonNode row) {
        switch (row.path("ordStatus").asInt()) {
            case '4':
                return "cancelled";
            case '2':
                return "filled";
            case '8':
                return "rejected";
            case 'C':
                return "expired";
            case 0:
                return "final";
            default:
                return "open";
        }
    }

    private static boolean concerns(final WeirConfig config, final SwitchTarget target, final JsonNode order) {
        switch (target.scope()) {
            case GLOBAL:
                return true;
            case VENUE:
                return order.path("venue").asInt() == target.id();
            case TENANT:
                return order.path("tenant").asInt() == target.id();
            case SESSION:
                return order.path("session").asInt() == target.id();
            case ACCOUNT:
                return order.path("account").asInt() == target.id();
            default:
                return order.path("strategy").asInt() == target.id()
                    && (target.tenantId() == 0 || order.path("tenant").asInt() == target.tenantId());
        }
    }

    private static boolean isInForce(final ControlLink control, final SwitchTarget target, final TradingState state)
        throws CommandFailure {
        int found = 0;
        for (final JsonNode row : control.ask(AdminKind.SWITCHES, 0, 0)) {
            if (row.path("scope").asInt() == target.scope().value() && row.path("id").asInt() == target.id()
                && row.path("tenant").asInt() == target.tenantId()) {
                found = row.path("state").asInt();
            }
        }
        return found == state.value();
    }

    /** A condition that asks the router. */
    private interface Asked {
        boolean holds() throws CommandFailure;
    }

    private static boolean await(final Asked condition, final long deadlineNs) throws CommandFailure {
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }
}
