package weir.billing.webhook.out;

import java.net.URI;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where a tenant wants its events.
 *
 * @param tenantId tenant
 * @param name     its own name for it, unique within the tenant
 * @param url      target
 * @param events   types that are sent; empty = all
 * @param secret   reads the text of {@link WebhookSecrets} anew at each attempt, so that a rotation needs no restart;
 *                 any thread; may throw
 */
public record WebhookEndpoint(int tenantId, String name, URI url, Set<String> events, Supplier<String> secret) {
    /** Copies the set. */
    public WebhookEndpoint {
        events = Set.copyOf(events);
    }

    /**
     * Name in the database.
     *
     * @return {@code TENANT_ID/NAME}
     */
    public String key() {
        return key(tenantId, name);
    }

    /**
     * Name of an endpoint in the database.
     *
     * @param tenantId tenant
     * @param name     of the endpoint
     * @return {@code TENANT_ID/NAME}
     */
    public static String key(final int tenantId, final String name) {
        return tenantId + "/" + name;
    }

    /**
     * Whether it wants an event.
     *
     * @param tenant tenant of the event; 0 = all
     * @param type   of the event
     * @return true when it is sent there
     */
    boolean wants(final int tenant, final String type) {
        return (tenant == WebhookOutbox.ALL_TENANTS || tenant == tenantId)
            && (events.isEmpty() || events.contains(type));
    }

    @Override
    public String toString() {
        return key() + ' ' + url;
    }
}
