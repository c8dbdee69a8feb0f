package weir.config.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.protocol.sbe.Meter;

/**
 * Billing process, from {@code billing.yaml}.
 *
 * @param database     JDBC URL; SQLite file names are below the data directory when relative
 * @param eventWindowMs usage of one tenant and meter is cut into one Stripe meter event per window
 * @param pollMs       pause between reads of the journal's tail
 * @param stripe       empty = nothing is delivered to Stripe; usage is still rated
 * @param readOuts     empty = no listener for other processes
 * @param webhooks     how events go to the endpoints of tenants
 * @param audit        digest of the journal and its signed summaries
 * @param export       where exports go
 */
public record BillingSettings(String database, int eventWindowMs, int pollMs, Optional<Stripe> stripe,
    Optional<ReadOuts> readOuts, WebhookSending webhooks, Audit audit, Export export) {

    /**
     * Digest of the journal.
     *
     * @param enabled whether records are digested
     * @param dir     where summaries, keys and leaves go, below the data directory when relative
     * @param leaves  whether the hash of every record is written, 32 bytes each
     * @param keys    that sign summaries; none = they are not signed
     */
    public record Audit(boolean enabled, Path dir, boolean leaves, List<AuditKey> keys) {
        /** Copies the list. */
        public Audit {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A key that signs.
     *
     * @param key       Ed25519 private key, PKCS#8 PEM
     * @param notBefore first UTC day
     * @param notAfter  last UTC day
     */
    public record AuditKey(SecretRef key, LocalDate notBefore, LocalDate notAfter) {
    }

    /**
     * Exports.
     *
     * @param dir         where files go, below the data directory when relative
     * @param scratch     for what does not fit into memory
     * @param memoryBytes of DuckDB
     */
    public record Export(Path dir, Path scratch, long memoryBytes) {
    }

    /**
     * Listener of the read-outs: mutual TLS. Either a key store, or key and certificate.
     *
     * @param host             address
     * @param port             0 = one that is free
     * @param keyStore         PKCS12 with one key
     * @param keyStorePassword of it
     * @param key              PKCS#8 private key, PEM
     * @param certificate      its chain, PEM
     * @param trusted          certificates of clients, or of authorities that sign them, PEM
     * @param clients          SHA-256 of the certificates that may ask, lower-case hex; empty = all that are trusted
     */
    public record ReadOuts(String host, int port, Optional<Path> keyStore, Optional<SecretRef> keyStorePassword,
        Optional<Path> key, Optional<Path> certificate, Path trusted, List<String> clients) {
        /** Copies the list. */
        public ReadOuts {
            clients = List.copyOf(clients);
        }
    }

    /**
     * Stripe.
     *
     * @param apiBase          REST base
     * @param meterEventsBase  base of the meter event stream
     * @param apiVersion       Stripe-Version header that is required
     * @param apiKey           secret key
     * @param callsPerSecond   own governor; live mode allows 1000/s of meter events, a sandbox 25/s
     * @param connectTimeoutMs connect
     * @param readTimeoutMs    read
     * @param eventNames       Stripe event_name of each meter
     * @param side             what goes on beside the delivery of usage
     */
    public record Stripe(URI apiBase, URI meterEventsBase, String apiVersion, SecretRef apiKey, int callsPerSecond,
        int connectTimeoutMs, int readTimeoutMs, Map<Meter, String> eventNames, StripeSide side) {
        /** Copies the map. */
        public Stripe {
            eventNames = Map.copyOf(eventNames);
        }
    }

    /**
     * What goes on with Stripe beside the delivery of usage.
     *
     * @param subscriptions  products, prices and subscriptions follow the plans
     * @param drift          each day is compared with Stripe's sums
     * @param webhookSecrets active signing secrets; empty = no webhooks are taken
     * @param webhookPort    loopback port for them
     */
    public record StripeSide(boolean subscriptions, boolean drift, List<SecretRef> webhookSecrets, int webhookPort) {
        /** Copies the list. */
        public StripeSide {
            webhookSecrets = List.copyOf(webhookSecrets);
        }
    }
}
