package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochNanoClock;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.AdminKind;

/** {@code weir change}: a budget, a quota or a burst window of a running router, and the proof that it is in force. */
final class ChangeAction {
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NS = 5_000_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private ChangeAction() {
    }

    static int run(final CommandActions.ChangeOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final int tenantId = SwitchTarget.of(config, "tenant", options.tenant()).id();
        try (ControlLink control = ControlLink.connect(config.router())) {
            final String what = options.budgetMicros().isPresent() ? "budgetMicros" : options.quotaId().isPresent()
                ? "quotaLimit" + options.quotaId().getAsLong() : "burst";
            final long wanted = options.budgetMicros().orElse(options.quotaId().isPresent() ? options.quotaLimit()
                : options.burst().orElse(0));
            final JsonNode before = row(control, tenantId, what);
            if (!before.has(what) && !what.equals("burst")) {
                throw new CommandFailure("UNKNOWN_TARGET", "tenant " + options.tenant() + " has no " + what);
            }
            final long startNs = System.nanoTime();
            send(options, control, tenantId);
            while (row(control, tenantId, what).path(what).asLong(-1) != wanted) {
                if (System.nanoTime() - startNs > WAIT_NS) {
                    throw new CommandFailure("CHANGE_NOT_TAKEN", what + " is not " + wanted + " after 5 s");
                }
                LockSupport.parkNanos(POLL_NS);
            }
            final Map<String, Object> result = new LinkedHashMap<>();
            result.put("tenant", options.tenant());
            result.put("limit", what);
            result.put("old", before.path(what).asLong());
            result.put("new", wanted);
            result.put("actor", options.actor());
            result.put("inForceMicros", (System.nanoTime() - startNs) / 1_000L);
            output.result("change", result);
            return ExitCodes.OK;
        }
    }

    private static void send(final CommandActions.ChangeOptions options, final ControlLink control,
        final int tenantId) throws CommandFailure {
        if (options.budgetMicros().isPresent()) {
            control.budget(tenantId, options.budgetMicros().getAsLong(), options.actor());
        } else if (options.quotaId().isPresent()) {
            control.quota(tenantId, (int) options.quotaId().getAsLong(), options.quotaLimit(), options.actor());
        } else {
            final long nowNs = SystemEpochNanoClock.INSTANCE.nanoTime();
            // The engine's clock may be a moment behind.
            control.burst(tenantId, (int) options.burst().getAsLong(), options.perSecond(), nowNs - WAIT_NS,
                nowNs + options.forMs() * NS_PER_MS, options.actor());
        }
    }

    /** The row of the tenant's money and quotas, or of its rate class. */
    private static JsonNode row(final ControlLink control, final int tenantId, final String what)
        throws CommandFailure {
        final boolean burst = what.equals("burst");
        for (final JsonNode row : control.ask(burst ? AdminKind.RATES : AdminKind.TENANT, tenantId, 0)) {
            if (row.path("tenant").asInt() == tenantId && (!burst || row.path("level").asInt() == 1)) {
                return row;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
