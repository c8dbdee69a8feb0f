package weir.config.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.config.model.LimitCost;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.config.yaml.ExactDecimal;
import weir.config.yaml.Forms;
import weir.protocol.sbe.LimitShape;

/** What a configuration comes to, for people: limits after margins, tenants with their bounds, shared accounts. */
public final class ConfigSummary {

    /**
     * A limit as it acts.
     *
     * @param venue     venue
     * @param limit     name
     * @param place     who charges it
     * @param scope     what it counts together
     * @param stated    capacity as the venue states it, with its window or refill
     * @param effective units that cancels may use
     * @param news      units that new orders may use
     * @param costs     cost per message kind
     */
    public record LimitRow(String venue, String limit, String place, String scope, String stated, long effective,
        long news, String costs) {
    }

    /**
     * A tenant.
     *
     * @param tenant      name
     * @param credit      prepaid or postpaid
     * @param plan        plan
     * @param budget      most it may spend in a period, "" = no bound
     * @param rate        rate class, "" = no bound
     * @param quotas      period quotas
     * @param desks       CompIDs of desks, names of binary clients
     * @param account     default venue account
     * @param instruments symbols
     */
    public record TenantRow(String tenant, String credit, String plan, String budget, String rate, String quotas,
        String desks, String account, String instruments) {
    }

    private ConfigSummary() {
    }

    /**
     * Limits.
     *
     * @param config the configuration
     * @return one row per limit
     */
    public static List<LimitRow> limits(final WeirConfig config) {
        final List<LimitRow> rows = new ArrayList<>();
        for (final Venue venue : config.venues()) {
            for (final VenueLimit limit : venue.limits()) {
                rows.add(new LimitRow(venue.name(), limit.name(), Forms.name(limit.place()),
                    Forms.name(limit.scope()), stated(limit), limit.effectiveCapacity(), limit.newOrderCapacity(),
                    Stream.concat(limit.costs().stream().map(ConfigSummary::cost),
                        limit.methods().entrySet().stream().sorted(Map.Entry.comparingByKey())
                            .map(m -> m.getKey() + '=' + m.getValue().formula().replace(" ", "")))
                        .collect(Collectors.joining(" "))));
            }
        }
        return rows;
    }

    private static String cost(final LimitCost cost) {
        return Forms.name(cost.kind()) + '=' + cost.formula().replace(" ", "");
    }

    private static String stated(final VenueLimit limit) {
        final StringBuilder text = new StringBuilder(Forms.name(limit.shape())).append(' ').append(limit.capacity());
        final boolean volume = limit.shape() == LimitShape.ORDER_VOLUME;
        if (limit.refillPerSecond() == 0 || volume) {
            text.append(limit.periodNs() > 0 ? " per " + duration(limit.periodNs()) : "");
            text.append(volume ? " + " + limit.refillPerSecond() + " per unit traded" : "");
        } else {
            text.append(" + ").append(limit.refillPerSecond())
                .append(limit.periodNs() > 0 ? " per " + duration(limit.periodNs()) : "/s");
        }
        if (!limit.tier().isEmpty()) {
            text.append(" (tier ").append(limit.tier()).append(')');
        }
        return text.toString();
    }

    /**
     * Tenants.
     *
     * @param config the configuration
     * @return one row per tenant
     */
    public static List<TenantRow> tenants(final WeirConfig config) {
        final List<TenantRow> rows = new ArrayList<>();
        for (final Tenant tenant : config.tenants()) {
            final String currency = config.plan(tenant.plan()).map(p -> ' ' + p.currency()).orElse("");
            rows.add(new TenantRow(tenant.name(), Forms.name(tenant.creditMode()), tenant.plan(),
                tenant.budgetMicros() == 0 ? "" : ExactDecimal.format(tenant.budgetMicros(), 6) + currency,
                tenant.rate().burst() == 0 ? "" : tenant.rate().perSecond() + "/s burst " + tenant.rate().burst(),
                tenant.quotas().stream().map(ConfigSummary::quota).collect(Collectors.joining(", ")),
                Stream.concat(tenant.desks().stream().map(d -> d.compId()),
                    tenant.clients().stream().map(c -> c.name())).collect(Collectors.joining(" ")),
                tenant.defaultAccount(), String.join(" ", tenant.instruments())));
        }
        return rows;
    }

    private static String quota(final Tenant.Quota quota) {
        return quota.limit() + " " + Forms.name(quota.meter()) + " per "
            + (quota.periodNs() > 0 ? duration(quota.periodNs()) : Forms.name(quota.kind()));
    }

    private static String duration(final long ns) {
        final long ms = ns / 1_000_000L;
        if (ms % 3_600_000 == 0) {
            return ms / 3_600_000 + "h";
        }
        return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
    }
}
