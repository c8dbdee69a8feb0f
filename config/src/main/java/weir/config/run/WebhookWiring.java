package weir.config.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.billing.webhook.out.TargetRules;
import weir.billing.webhook.out.WebhookEndpoint;
import weir.billing.webhook.out.WebhookSettings;
import weir.config.check.SecretResolver;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.WebhookSending;
import weir.config.model.WeirConfig;

/** Turns the configuration into the settings of webhooks. */
final class WebhookWiring {
    private WebhookWiring() {
    }

    static WebhookSettings settings(final WeirConfig config, final SecretResolver secrets) {
        final WebhookSending sending = config.billing().webhooks();
        final List<WebhookEndpoint> endpoints = new ArrayList<>();
        for (final Tenant tenant : config.tenants()) {
            tenant.webhooks().forEach(webhook -> endpoints.add(new WebhookEndpoint(tenant.id(), webhook.name(),
                webhook.url(), webhook.events(), () -> secrets.resolve(webhook.secret()).reveal())));
        }
        return new WebhookSettings(endpoints, accounts(config), new TargetRules(sending.allowLoopback(),
            sending.ports(), TargetRules.Lookup.SYSTEM), sending.connectTimeoutMs(), sending.timeoutMs(),
            WebhookSettings.RETRY_MS.subList(0, sending.attempts()), sending.senders(), sending.throttleMs(),
            sending.keepMs());
    }

    /** A tenant uses its own accounts, and the shared one that it names. */
    private static List<WebhookSettings.AccountUse> accounts(final WeirConfig config) {
        final Map<String, Integer> venues = new HashMap<>();
        for (final Venue venue : config.venues()) {
            venues.put(venue.name(), venue.id());
        }
        final List<WebhookSettings.AccountUse> uses = new ArrayList<>();
        for (final Tenant owner : config.tenants()) {
            for (final VenueAccount account : owner.accounts()) {
                for (final Tenant user : config.tenants()) {
                    if (user == owner || account.shared() && account.name().equals(user.defaultAccount())) {
                        uses.add(new WebhookSettings.AccountUse(account.id(),
                            venues.getOrDefault(account.venue(), 0), user.id()));
                    }
                }
            }
        }
        return uses;
    }
}
