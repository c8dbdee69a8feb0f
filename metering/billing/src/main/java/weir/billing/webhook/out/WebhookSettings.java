package weir.billing.webhook.out;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Settings of the webhooks. Times are milliseconds.
 *
 * @param endpoints        of all tenants
 * @param accounts         who uses which account at a venue: who is told of its back-off
 * @param target           which URLs and addresses are allowed
 * @param connectTimeoutMs for TCP, and again for TLS
 * @param timeoutMs        of a whole attempt
 * @param retryMs          pause before each attempt, from the event or from the attempt before; as many attempts
 * @param senders          attempts at once; one per endpoint
 * @param throttleMs       pause of an endpoint that answered 429, 502 or 504 without Retry-After
 * @param keepMs           how long delivered messages stay listed
 */
public record WebhookSettings(List<WebhookEndpoint> endpoints, List<AccountUse> accounts, TargetRules target,
    int connectTimeoutMs, int timeoutMs, List<Long> retryMs, int senders, long throttleMs, long keepMs) {

    /** Pauses that Standard Webhooks advise: 10 attempts in 75 h 35 min 5 s. */
    public static final List<Long> RETRY_MS = List.of(0L, 5_000L, 300_000L, 1_800_000L, 7_200_000L, 18_000_000L,
        36_000_000L, 50_400_000L, 72_000_000L, 86_400_000L);
    /** No endpoints. */
    public static final WebhookSettings NONE = new WebhookSettings(List.of(), List.of(),
        new TargetRules(false, TargetRules.PORTS, TargetRules.Lookup.SYSTEM), 5_000, 20_000, RETRY_MS, 2, 30_000L,
        90L * 86_400_000L);

    private static final int SENDERS_MAX = 64;

    /** Copies the lists. */
    public WebhookSettings {
        endpoints = List.copyOf(endpoints);
        accounts = List.copyOf(accounts);
        retryMs = List.copyOf(retryMs);
    }

    /**
     * An account at a venue and a tenant that trades on it.
     *
     * @param accountId account
     * @param venueId   its venue
     * @param tenantId  tenant
     */
    public record AccountUse(int accountId, int venueId, int tenantId) {
    }

    /**
     * These settings with other endpoints.
     *
     * @param other endpoints
     * @return settings
     */
    public WebhookSettings with(final List<WebhookEndpoint> other) {
        return new WebhookSettings(other, accounts, target, connectTimeoutMs, timeoutMs, retryMs, senders, throttleMs,
            keepMs);
    }

    /**
     * These settings with other rules for targets.
     *
     * @param other rules
     * @return settings
     */
    public WebhookSettings with(final TargetRules other) {
        return new WebhookSettings(endpoints, accounts, other, connectTimeoutMs, timeoutMs, retryMs, senders,
            throttleMs, keepMs);
    }

    /**
     * These settings with other pauses.
     *
     * @param other before each attempt, milliseconds
     * @return settings
     */
    public WebhookSettings withRetryMs(final List<Long> other) {
        return new WebhookSettings(endpoints, accounts, target, connectTimeoutMs, timeoutMs, other, senders,
            throttleMs, keepMs);
    }

    /**
     * What is wrong, secrets included.
     *
     * @return a sentence each
     */
    public List<String> problems() {
        final List<String> wrong = new ArrayList<>();
        if (connectTimeoutMs <= 0 || timeoutMs <= 0 || throttleMs <= 0 || keepMs <= 0) {
            wrong.add("webhook times must be above 0");
        }
        if (senders < 1 || senders > SENDERS_MAX) {
            wrong.add("webhook senders must be 1 to " + SENDERS_MAX + ", are " + senders);
        }
        if (retryMs.isEmpty() || retryMs.stream().anyMatch(pause -> pause < 0)) {
            wrong.add("webhook retries need one pause or more, none negative");
        }
        final TreeSet<String> keys = new TreeSet<>();
        for (final WebhookEndpoint endpoint : endpoints) {
            if (!keys.add(endpoint.key())) {
                wrong.add("webhook endpoint " + endpoint.key() + " stands twice");
            }
            final String refusal = target.refusal(endpoint.url());
            if (refusal != null) {
                wrong.add("URL of webhook endpoint " + endpoint.key() + ": " + refusal);
            }
            try {
                WebhookSecrets.parse(String.valueOf(endpoint.secret().get()));
            } catch (final RuntimeException ex) {
                wrong.add("secret of webhook endpoint " + endpoint.key() + ": " + ex.getMessage());
            }
        }
        return wrong;
    }
}
