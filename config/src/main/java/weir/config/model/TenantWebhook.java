package weir.config.model;

import java.net.URI;
import java.util.Set;

/**
 * Where a tenant wants its events, of {@code webhooks} in its file.
 *
 * @param name   unique within the tenant
 * @param url    target
 * @param secret its keys; a file can be rotated while billing runs
 * @param events types that are sent; empty = all
 */
public record TenantWebhook(String name, URI url, SecretRef secret, Set<String> events) {
    /** Copies the set. */
    public TenantWebhook {
        events = Set.copyOf(events);
    }
}
