package weir.config.run;

import java.nio.file.Path;
import weir.billing.BillingContext;
import weir.billing.BillingTenant;
import weir.billing.rating.MeterKind;
import weir.config.check.SecretResolver;
import weir.config.model.BillingSettings;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;

/** Turns the billing configuration into the context of the billing process. */
public final class BillingWiring {
    private static final String SQLITE = "jdbc:sqlite:";

    private BillingWiring() {
    }

    /**
     * JDBC URL with a relative SQLite file put below the data directory.
     *
     * @param config the configuration
     * @return the URL
     */
    public static String jdbcUrl(final WeirConfig config) {
        final String url = config.billing().database();
        return url.startsWith(SQLITE)
            ? SQLITE + config.router().resolve(Path.of(url.substring(SQLITE.length()))) : url;
    }

    /**
     * Context of the billing process.
     *
     * @param config  the configuration
     * @param secrets resolves Stripe's key
     * @return not concluded
     */
    public static BillingContext context(final WeirConfig config, final SecretResolver secrets) {
        final BillingSettings settings = config.billing();
        final BillingContext context = new BillingContext()
            .journalDir(config.router().resolve(config.router().journal().dir()))
            .jdbcUrl(jdbcUrl(config))
            .windowMs(settings.eventWindowMs());
        for (final Tenant tenant : config.tenants()) {
            context.tenant(new BillingTenant(tenant.id(), tenant.name(), null));
        }
        settings.stripe().ifPresent(stripe -> {
            context.stripeApiBase(stripe.apiBase().toString()).stripeApiVersion(stripe.apiVersion())
                .stripeApiKey(secrets.resolve(stripe.apiKey()).reveal()).callsPerSecond(stripe.callsPerSecond())
                .connectTimeoutMs(stripe.connectTimeoutMs()).readTimeoutMs(stripe.readTimeoutMs());
            stripe.eventNames().forEach((meter, name) -> context.meterEventName(MeterKind.of(meter), name));
        });
        return context;
    }
}
