package weir.config.run;

import com.stripe.exception.StripeException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.BillingContext;
import weir.billing.fault.BillingException;
import weir.billing.rating.MeterKind;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;
import weir.billing.stripe.DriftReport;
import weir.billing.stripe.StripeClock;
import weir.billing.stripe.StripeGateway;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;

/** Orders corrections in billing's database, and compares days with Stripe. */
final class StripeActions {
    private StripeActions() {
    }

    static int adjust(final CommandActions.AdjustOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final long nowMs = System.currentTimeMillis();
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), nowMs)) {
            final AdjustmentStore.Row row = new AdjustmentStore(database).order(options.batch(),
                AdjustmentStore.Kind.valueOf(options.kind().name()), options.units(), options.reason(), nowMs);
            if (options.dryRun()) {
                database.rollback();
            } else {
                database.commit();
            }
            final Map<String, Object> result = new LinkedHashMap<>();
            result.put("adjustment", row.id());
            result.put("batch", row.identifier());
            result.put("correction", row.kind().name().toLowerCase(Locale.ROOT));
            result.put("units", row.units());
            result.put("dryRun", options.dryRun());
            output.result("adjustment", result);
            return ExitCodes.OK;
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
    }

    static int adjustments(final Path directory, final Output output) throws Exception {
        final WeirConfig config = Configs.load(directory, System.getenv());
        final List<AdjustmentStore.Row> rows;
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), System.currentTimeMillis())) {
            rows = new AdjustmentStore(database).all();
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table table = output.table("adjustment", "adjustment", "batch", "correction", "units", "state",
            "event", "outcome", "reason");
        for (final AdjustmentStore.Row row : rows) {
            table.row(row.id(), row.identifier(), row.kind().name().toLowerCase(Locale.ROOT), row.units(),
                row.state().name(), row.eventIdentifier() == null ? "" : row.eventIdentifier(),
                row.outcome() == null ? "" : row.outcome(), row.reason());
        }
        table.end();
        return ExitCodes.OK;
    }

    static int drift(final CommandActions.DriftOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        if (config.billing().stripe().isEmpty()) {
            throw new CommandFailure("STRIPE_OFF", "billing.yaml has no Stripe that is enabled");
        }
        final BillingContext context = BillingWiring.context(config, Configs.secrets(options.config(),
            System.getenv()));
        final StripeGateway gateway = new StripeGateway(context.stripeApiBase(), context.stripeApiKey(),
            context.connectTimeoutMs(), context.readTimeoutMs(),
            new StripeClock(context.epochClock(), StripeClock.ALARM_MS));
        final Map<Integer, String> names = new TreeMap<>();
        config.tenants().forEach(tenant -> names.put(tenant.id(), tenant.name()));
        final List<DriftStore.Row> rows;
        try {
            rows = DriftReport.compare(context.jdbcUrl(), gateway, options.day().toEpochDay(),
                System.currentTimeMillis());
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        } catch (final StripeException ex) {
            throw new CommandFailure("STRIPE_UNREACHABLE", ex.getMessage());
        }
        final Output.Table table = output.table("drift", "day", "tenant", "meter", "rated", "adjusted", "delivered",
            "quarantined", "waiting", "counted", "difference");
        boolean agrees = true;
        for (final DriftStore.Row row : rows) {
            agrees &= row.agrees();
            if (options.all() || !row.agrees()) {
                final DriftStore.Ours ours = row.ours();
                table.row(options.day(), names.getOrDefault(ours.tenantId(), "#" + ours.tenantId()),
                    MeterKind.of(ours.meter()).label(), ours.rated(), ours.adjusted(), ours.delivered(),
                    ours.quarantined(), ours.waiting(), plain(row.counted()), plain(row.difference()));
            }
        }
        table.end();
        return agrees ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Stripe states sums as decimals: 5 is 5.0 there. */
    private static String plain(final BigDecimal units) {
        return units.signum() == 0 ? "0" : units.stripTrailingZeros().toPlainString();
    }
}
