package weir.config.run;

import java.util.List;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.fault.BillingException;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.GrantState;
import weir.billing.grant.Settlement;
import weir.billing.store.Database;
import weir.billing.store.GrantStore;
import weir.billing.store.SettlementStore;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.GrantKind;

/** Orders grants in billing's database and shows what became of them; the billing process delivers. */
final class GrantActions {
    private GrantActions() {
    }

    static int grant(final CommandActions.GrantOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = Configs.tenant(config, options.tenant());
        final GrantKind kind = GrantKind.valueOf(options.kind().name());
        final long nowMs = System.currentTimeMillis();
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), nowMs)) {
            final GrantStore.Row row = new GrantStore(database).record(new GrantOrder(options.id().orElse(0),
                tenant.id(), kind, kind == GrantKind.REFUND ? -options.amountMicros() : options.amountMicros(),
                options.reference()), nowMs);
            if (options.settlement().isPresent()) {
                new SettlementStore(database).record(row.order(),
                    List.of(SettlementReading.read(options.settlement().get(), options.reference())));
            }
            if (options.dryRun()) {
                database.rollback();
            } else {
                database.commit();
            }
            final Map<String, Object> result = fields(row, options.tenant());
            options.settlement().ifPresent(one -> {
                result.put("asset", one.asset());
                result.put("atoms", one.atoms().toString());
                result.put("rate", one.rate().toPlainString());
            });
            result.put("dryRun", options.dryRun());
            output.result("grant", result);
            return row.state() == GrantState.REFUSED ? ExitCodes.FAILED : ExitCodes.OK;
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
    }

    static int grants(final CommandActions.GrantsOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Map<Integer, String> names = new TreeMap<>();
        config.tenants().forEach(tenant -> names.put(tenant.id(), tenant.name()));
        final List<GrantStore.Row> rows;
        final Map<Long, List<Settlement>> settlements;
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), System.currentTimeMillis())) {
            rows = new GrantStore(database).all();
            settlements = new SettlementStore(database).all();
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table table = output.table("grant", "grant", "tenant", "kind", "amount micros", "reference",
            "state", "offers", "record", "reason", "settlement");
        for (final GrantStore.Row row : rows) {
            final String tenant = names.getOrDefault(row.order().tenantId(), "#" + row.order().tenantId());
            if (options.tenant().isEmpty() || options.tenant().get().equals(tenant)) {
                final Map<String, Object> fields = fields(row, tenant);
                table.row(fields.get("grant"), tenant, fields.get("kind"), fields.get("amountMicros"),
                    fields.get("reference"), fields.get("state"), row.attempts(),
                    row.sequence() == 0 ? "" : row.sequence(), row.reason(),
                    SettlementReading.text(settlements.getOrDefault(row.order().grantId(), List.of())));
            }
        }
        table.end();
        return ExitCodes.OK;
    }

    private static Map<String, Object> fields(final GrantStore.Row row, final String tenant) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("grant", row.order().grantId());
        fields.put("tenant", tenant);
        fields.put("kind", row.order().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fields.put("amountMicros", row.order().amountMicros());
        fields.put("reference", row.order().reference());
        fields.put("state", row.state().name());
        return fields;
    }
}
