package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.config.model.AcceptorSettings;
import weir.config.model.BillingSettings;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;

/** Finds every reference to a secret in a configuration. */
public final class SecretRefs {
    private SecretRefs() {
    }

    /**
     * All references.
     *
     * @param config a configuration
     * @return in order of the files
     */
    public static List<SecretRef> all(final WeirConfig config) {
        return all(config.tenants(), Optional.of(config.acceptor()), Optional.of(config.billing()));
    }

    static List<SecretRef> all(final List<Tenant> tenants, final Optional<AcceptorSettings> acceptor,
        final Optional<BillingSettings> billing) {
        final List<SecretRef> refs = new ArrayList<>();
        acceptor.flatMap(AcceptorSettings::tls).ifPresent(tls -> {
            refs.add(tls.keyStorePassword());
            tls.trustStorePassword().ifPresent(refs::add);
        });
        billing.flatMap(BillingSettings::stripe).ifPresent(stripe -> {
            refs.add(stripe.apiKey());
            refs.addAll(stripe.side().webhookSecrets());
        });
        billing.flatMap(BillingSettings::readOuts).flatMap(BillingSettings.ReadOuts::keyStorePassword)
            .ifPresent(refs::add);
        billing.ifPresent(settings -> settings.audit().keys().forEach(key -> refs.add(key.key())));
        for (final Tenant tenant : tenants) {
            tenant.accounts().forEach(account -> {
                refs.add(account.apiKey());
                refs.add(account.apiSecret());
                account.passphrase().ifPresent(refs::add);
            });
            tenant.desks().forEach(desk -> {
                desk.logon().password().ifPresent(refs::add);
                desk.logon().hmacSecret().ifPresent(refs::add);
            });
            tenant.clients().forEach(client -> refs.add(client.secret()));
            tenant.webhooks().forEach(webhook -> refs.add(webhook.secret()));
        }
        return refs;
    }
}
