package weir.billing.stripe;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * What of Stripe's side is on.
 *
 * @param subscriptions  products, prices and subscriptions follow the journaled plans; usage waits for its price
 * @param driftDaily     the day before is compared with Stripe's sums once a day
 * @param webhookSecrets active signing secrets of the webhook endpoint; empty = no webhooks are taken. Never printed
 * @param webhookPort    loopback port of {@code POST /webhooks/stripe}; 0 = one that is free
 * @param zones          time zone of a tenant's billing period; UTC for those not named
 * @param scanMs         pause between looks at what is due, milliseconds
 */
public record StripeSettings(boolean subscriptions, boolean driftDaily, List<String> webhookSecrets,
                             int webhookPort, Map<Integer, ZoneId> zones, long scanMs) {
    /** Meter events alone. */
    public static final StripeSettings DEFAULT = new StripeSettings(false, false, List.of(), 0, Map.of(), 200);

    /** Copies. */
    public StripeSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
        zones = Map.copyOf(zones);
    }

    /**
     * Time zone of a tenant's billing period.
     *
     * @param tenantId tenant
     * @return zone
     */
    public ZoneId zone(final int tenantId) {
        return zones.getOrDefault(tenantId, ZoneOffset.UTC);
    }

    @Override
    public String toString() {
        return "StripeSettings[subscriptions=" + subscriptions + ", driftDaily=" + driftDaily + ", webhookSecrets="
            + webhookSecrets.size() + ", zones=" + zones + ']';
    }
}
