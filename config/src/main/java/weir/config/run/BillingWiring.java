package weir.config.run;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import weir.billing.BillingContext;
import weir.billing.BillingTenant;
import weir.billing.audit.AuditSettings;
import weir.billing.audit.SigningKey;
import weir.billing.audit.SummaryListener;
import weir.billing.door.DoorKeys;
import weir.billing.rating.MeterKind;
import weir.billing.readout.ReadOutSettings;
import weir.billing.stripe.StripeSettings;
import weir.config.check.SecretResolver;
import weir.config.model.BillingSettings;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.engine.clock.SlewedEpochClock;

/** Turns the billing configuration into the context of the billing process. */
public final class BillingWiring {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final long NS_PER_MS = 1_000_000L;

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
            .archiveDir(config.router().journal().archive().map(archive -> config.router().resolve(archive.dir()))
                .orElse(null))
            .jdbcUrl(jdbcUrl(config))
            .windowMs(settings.eventWindowMs())
            .epochClock(stepProof())
            .webhooks(WebhookWiring.settings(config, secrets));
        for (final Tenant tenant : config.tenants()) {
            context.tenant(new BillingTenant(tenant.id(), tenant.name(),
                tenant.stripeCustomer().orElse(null)));
        }
        settings.stripe().ifPresent(stripe -> {
            context.stripeApiBase(stripe.apiBase().toString()).stripeApiVersion(stripe.apiVersion())
                .stripeApiKey(secrets.resolve(stripe.apiKey()).reveal()).callsPerSecond(stripe.callsPerSecond())
                .connectTimeoutMs(stripe.connectTimeoutMs()).readTimeoutMs(stripe.readTimeoutMs());
            final Map<Integer, ZoneId> zones = new TreeMap<>();
            config.tenants().forEach(tenant -> zones.put(tenant.id(), tenant.timeZone()));
            context.stripe(new StripeSettings(stripe.side().subscriptions(), stripe.side().drift(),
                stripe.side().webhookSecrets().stream().map(secret -> secrets.resolve(secret).reveal()).toList(),
                stripe.side().webhookPort(), zones, StripeSettings.DEFAULT.scanMs()));
            stripe.eventNames().forEach((meter, name) -> context.meterEventName(MeterKind.of(meter), name));
        });
        settings.readOuts().ifPresent(readOuts -> context.readOuts(readOuts(config, readOuts, secrets)));
        context.audit(audit(config, secrets));
        return context;
    }

    private static AuditSettings audit(final WeirConfig config, final SecretResolver secrets) {
        final BillingSettings.Audit settings = config.billing().audit();
        return new AuditSettings(settings.enabled(), config.router().resolve(settings.dir()), settings.leaves(),
            settings.keys().stream().map(key -> SigningKey.parse(secrets.resolve(key.key()).reveal(), key.notBefore(),
                key.notAfter())).toList(), SummaryListener.NONE);
    }

    private static ReadOutSettings readOuts(final WeirConfig config, final BillingSettings.ReadOuts settings,
        final SecretResolver secrets) {
        final Path trusted = config.router().resolve(settings.trusted());
        final SSLContext tls = settings.keyStore().isPresent()
            ? DoorKeys.fromStore(config.router().resolve(settings.keyStore().get()),
                secrets.resolve(settings.keyStorePassword().orElseThrow()).reveal().toCharArray(), trusted)
            : DoorKeys.fromPem(config.router().resolve(settings.key().orElseThrow()),
                config.router().resolve(settings.certificate().orElseThrow()), trusted);
        return new ReadOutSettings(settings.host(), settings.port(), tls, Set.copyOf(settings.clients()));
    }

    /** For retries and time limits: a step back of wall time would hold every one of them for as long. */
    private static EpochClock stepProof() {
        final SlewedEpochClock clock = new SlewedEpochClock(SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE, 0,
            SlewedEpochClock.SLEW_PPM_DEFAULT);
        return () -> {
            synchronized (clock) {
                return clock.nanoTime() / NS_PER_MS;
            }
        };
    }
}
