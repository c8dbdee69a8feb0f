package weir.billing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import weir.billing.audit.AuditSettings;
import weir.billing.courier.GrantLine;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordSource;
import weir.billing.rating.MeterKind;
import weir.billing.readout.ReadOutSettings;
import weir.billing.store.JdbcUrl;
import weir.billing.stripe.RetryPolicy;
import weir.billing.stripe.StripeSettings;
import weir.billing.webhook.out.WebhookSettings;

/**
 * Settings of a {@link BillingProcess}. Setters return this; {@link #conclude()} checks all at once and fills defaults.
 * Not thread safe; do not change after launch.
 */
public final class BillingContext {
    /** Stripe API version that this program was built for: the first with billing_mode. */
    public static final String STRIPE_API_VERSION = "2025-06-30.basil";
    /** Calls per second in a sandbox, below Stripe's 25. */
    public static final int SANDBOX_CALLS_PER_SECOND = 20;
    /** Calls per second in live mode, below Stripe's 1000 for meter events. */
    public static final int LIVE_CALLS_PER_SECOND = 900;

    private Path journalDir;
    private Path archiveDir;
    private String jdbcUrl;
    private String stripeApiBase = "https://api.stripe.com";
    private String stripeApiKey;
    private String stripeApiVersion = STRIPE_API_VERSION;
    private final List<BillingTenant> tenants = new ArrayList<>();
    private final Map<MeterKind, String> meterEventNames = new EnumMap<>(MeterKind.class);
    private int windowRecords = 1_000;
    private long windowMs = 10_000;
    private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    private int callsPerSecond;
    private int senders = 4;
    private int connectTimeoutMs = 2_000;
    private int readTimeoutMs = 10_000;
    private int recordsPerTransaction = 4_096;
    private int recordsPerTransactionMax = 65_536;
    private long awaitJournalMs = 30_000;
    private long stopTimeoutMs = 5_000;
    private boolean sealOnStop;
    private boolean drain;
    private EpochClock epochClock = SystemEpochClock.INSTANCE;
    private RecordSource recordSource;
    private GrantLine grantLine = GrantLine.NONE;
    private ReadOutSettings readOuts;
    private StripeSettings stripe = StripeSettings.DEFAULT;
    private AuditSettings audit = AuditSettings.DEFAULT;
    private WebhookSettings webhooks = WebhookSettings.NONE;

    /** Settings with their defaults. */
    public BillingContext() {
        for (final MeterKind meter : MeterKind.values()) {
            meterEventNames.put(meter, meter.label());
        }
    }

    /**
     * Checks all settings and names every one that is wrong.
     *
     * @return this
     * @throws BillingException CONFIGURATION
     */
    public BillingContext conclude() {
        final List<String> wrong = new ArrayList<>();
        expect(journalDir != null || recordSource != null, "journalDir is missing", wrong);
        final String wrongUrl = JdbcUrl.problem(jdbcUrl);
        expect(wrongUrl == null, wrongUrl, wrong);
        expect(stripeApiKey != null && !stripeApiKey.isBlank(), "stripeApiKey is missing", wrong);
        expect(isHttp(stripeApiBase), "stripeApiBase must be an http or https URL, is " + stripeApiBase, wrong);
        expect(windowRecords > 0, "windowRecords must be above 0, is " + windowRecords, wrong);
        expect(windowMs > 0, "windowMs must be above 0, is " + windowMs, wrong);
        expect(callsPerSecond >= 0, "callsPerSecond must not be negative, is " + callsPerSecond, wrong);
        expect(senders > 0 && senders <= 64, "senders must be 1 to 64, is " + senders, wrong);
        expect(recordsPerTransaction > 0, "recordsPerTransaction must be above 0, is " + recordsPerTransaction, wrong);
        expect(new TreeSet<>(meterEventNames.values()).size() == MeterKind.COUNT,
            "meterEventNames must name " + MeterKind.COUNT + " different events, are " + meterEventNames, wrong);
        final TreeSet<Integer> ids = new TreeSet<>();
        final TreeSet<String> customers = new TreeSet<>();
        for (final BillingTenant tenant : tenants) {
            expect(tenant.tenantId() > 0 && ids.add(tenant.tenantId()),
                "tenant id " + tenant.tenantId() + " is not positive or stands twice", wrong);
            expect(tenant.stripeCustomer() == null || customers.add(tenant.stripeCustomer()),
                "Stripe customer " + tenant.stripeCustomer() + " is that of two tenants", wrong);
        }
        wrong.addAll(webhooks.problems());
        if (!wrong.isEmpty()) {
            throw new BillingException(BillingError.CONFIGURATION, String.join("; ", wrong));
        }
        if (callsPerSecond == 0) {
            callsPerSecond = stripeApiKey.contains("_live_") ? LIVE_CALLS_PER_SECOND : SANDBOX_CALLS_PER_SECOND;
        }
        return this;
    }

    private static void expect(final boolean holds, final String message, final List<String> wrong) {
        if (!holds) {
            wrong.add(message);
        }
    }

    private static boolean isHttp(final String url) {
        try {
            final String scheme = url == null ? null : URI.create(url).getScheme();
            return "http".equals(scheme) || "https".equals(scheme);
        } catch (final IllegalArgumentException ex) {
            return false;
        }
    }

    /**
     * Journal directory of the router; holds {@code journal.id} and {@code queue/}.
     *
     * @param journalDir value
     * @return this
     */
    public BillingContext journalDir(final Path journalDir) {
        this.journalDir = journalDir;
        return this;
    }

    /**
     * Journal directory of the router; holds {@code journal.id} and {@code queue/}.
     *
     * @return value
     */
    public Path journalDir() {
        return journalDir;
    }

    /**
     * Archive of the journal, read before it when billing has yet to see what was archived; null = none.
     *
     * @param archiveDir value
     * @return this
     */
    public BillingContext archiveDir(final Path archiveDir) {
        this.archiveDir = archiveDir;
        return this;
    }

    /**
     * Archive of the journal; null = none.
     *
     * @return value
     */
    public Path archiveDir() {
        return archiveDir;
    }

    /**
     * Database, such as {@code jdbc:sqlite:/path/billing.db} or {@code jdbc:postgresql://host/name?user=weir}.
     *
     * @param jdbcUrl value
     * @return this
     */
    public BillingContext jdbcUrl(final String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
        return this;
    }

    /**
     * Database, such as {@code jdbc:sqlite:/path/billing.db} or {@code jdbc:postgresql://host/name?user=weir}.
     *
     * @return value
     */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /**
     * Base URL of Stripe's API, without path.
     *
     * @param stripeApiBase value
     * @return this
     */
    public BillingContext stripeApiBase(final String stripeApiBase) {
        this.stripeApiBase = stripeApiBase;
        return this;
    }

    /**
     * Base URL of Stripe's API, without path.
     *
     * @return value
     */
    public String stripeApiBase() {
        return stripeApiBase;
    }

    /**
     * Secret key; never printed.
     *
     * @param stripeApiKey value
     * @return this
     */
    public BillingContext stripeApiKey(final String stripeApiKey) {
        this.stripeApiKey = stripeApiKey;
        return this;
    }

    /**
     * Secret key; never printed.
     *
     * @return value
     */
    public String stripeApiKey() {
        return stripeApiKey;
    }

    /**
     * API version that the library must speak.
     *
     * @param stripeApiVersion value
     * @return this
     */
    public BillingContext stripeApiVersion(final String stripeApiVersion) {
        this.stripeApiVersion = stripeApiVersion;
        return this;
    }

    /**
     * API version that the library must speak.
     *
     * @return value
     */
    public String stripeApiVersion() {
        return stripeApiVersion;
    }

    /**
     * Records after which a window of a tenant and meter is sealed.
     *
     * @param windowRecords value
     * @return this
     */
    public BillingContext windowRecords(final int windowRecords) {
        this.windowRecords = windowRecords;
        return this;
    }

    /**
     * Records after which a window of a tenant and meter is sealed.
     *
     * @return value
     */
    public int windowRecords() {
        return windowRecords;
    }

    /**
     * Journaled milliseconds after which a window is sealed.
     *
     * @param windowMs value
     * @return this
     */
    public BillingContext windowMs(final long windowMs) {
        this.windowMs = windowMs;
        return this;
    }

    /**
     * Journaled milliseconds after which a window is sealed.
     *
     * @return value
     */
    public long windowMs() {
        return windowMs;
    }

    /**
     * When a call is made again.
     *
     * @param retryPolicy value
     * @return this
     */
    public BillingContext retryPolicy(final RetryPolicy retryPolicy) {
        this.retryPolicy = retryPolicy;
        return this;
    }

    /**
     * When a call is made again.
     *
     * @return value
     */
    public RetryPolicy retryPolicy() {
        return retryPolicy;
    }

    /**
     * Calls per second to Stripe; 0 = by the kind of key: 20 in a sandbox, 900 live.
     *
     * @param callsPerSecond value
     * @return this
     */
    public BillingContext callsPerSecond(final int callsPerSecond) {
        this.callsPerSecond = callsPerSecond;
        return this;
    }

    /**
     * Calls per second to Stripe; 0 = by the kind of key: 20 in a sandbox, 900 live.
     *
     * @return value
     */
    public int callsPerSecond() {
        return callsPerSecond;
    }

    /**
     * Calls in flight at once; one per customer and meter.
     *
     * @param senders value
     * @return this
     */
    public BillingContext senders(final int senders) {
        this.senders = senders;
        return this;
    }

    /**
     * Calls in flight at once; one per customer and meter.
     *
     * @return value
     */
    public int senders() {
        return senders;
    }

    /**
     * Limit for connecting to Stripe, milliseconds.
     *
     * @param connectTimeoutMs value
     * @return this
     */
    public BillingContext connectTimeoutMs(final int connectTimeoutMs) {
        this.connectTimeoutMs = connectTimeoutMs;
        return this;
    }

    /**
     * Limit for connecting to Stripe, milliseconds.
     *
     * @return value
     */
    public int connectTimeoutMs() {
        return connectTimeoutMs;
    }

    /**
     * Limit for an answer of Stripe, milliseconds.
     *
     * @param readTimeoutMs value
     * @return this
     */
    public BillingContext readTimeoutMs(final int readTimeoutMs) {
        this.readTimeoutMs = readTimeoutMs;
        return this;
    }

    /**
     * Limit for an answer of Stripe, milliseconds.
     *
     * @return value
     */
    public int readTimeoutMs() {
        return readTimeoutMs;
    }

    /**
     * Most records whose effects one transaction holds.
     *
     * @param recordsPerTransaction value
     * @return this
     */
    public BillingContext recordsPerTransaction(final int recordsPerTransaction) {
        this.recordsPerTransaction = recordsPerTransaction;
        return this;
    }

    /**
     * Most records whose effects one transaction holds.
     *
     * @return value
     */
    public int recordsPerTransaction() {
        return recordsPerTransaction;
    }

    /**
     * Most records in one transaction while billing is behind.
     *
     * @param recordsPerTransactionMax value, default 65536; at least {@link #recordsPerTransaction()} holds
     * @return this
     */
    public BillingContext recordsPerTransactionMax(final int recordsPerTransactionMax) {
        this.recordsPerTransactionMax = recordsPerTransactionMax;
        return this;
    }

    /**
     * Most records in one transaction while billing is behind.
     *
     * @return count
     */
    public int recordsPerTransactionMax() {
        return Math.max(recordsPerTransaction, recordsPerTransactionMax);
    }

    /**
     * How long to wait at start for the journal directory to exist, milliseconds.
     *
     * @param awaitJournalMs value
     * @return this
     */
    public BillingContext awaitJournalMs(final long awaitJournalMs) {
        this.awaitJournalMs = awaitJournalMs;
        return this;
    }

    /**
     * How long to wait at start for the journal directory to exist, milliseconds.
     *
     * @return value
     */
    public long awaitJournalMs() {
        return awaitJournalMs;
    }

    /**
     * How long a stop waits for calls in flight (and, with sealOnStop, for delivery), milliseconds.
     *
     * @param stopTimeoutMs value
     * @return this
     */
    public BillingContext stopTimeoutMs(final long stopTimeoutMs) {
        this.stopTimeoutMs = stopTimeoutMs;
        return this;
    }

    /**
     * How long a stop waits for calls in flight (and, with sealOnStop, for delivery), milliseconds.
     *
     * @return value
     */
    public long stopTimeoutMs() {
        return stopTimeoutMs;
    }

    /**
     * Whether a stop takes what is left in the journal, seals all windows and delivers them.
     *
     * @param sealOnStop value
     * @return this
     */
    public BillingContext sealOnStop(final boolean sealOnStop) {
        this.sealOnStop = sealOnStop;
        return this;
    }

    /**
     * Whether a stop takes what is left in the journal, seals all windows and delivers them.
     *
     * @return value
     */
    public boolean sealOnStop() {
        return sealOnStop;
    }

    /**
     * Whether to take the journal to its present end, seal, deliver all and end by itself.
     *
     * @param drain value
     * @return this
     */
    public BillingContext drain(final boolean drain) {
        this.drain = drain;
        return this;
    }

    /**
     * Whether to take the journal to its present end, seal, deliver all and end by itself.
     *
     * @return value
     */
    public boolean drain() {
        return drain;
    }

    /**
     * Wall clock, milliseconds; for ages and back-off, never for cuts.
     *
     * @param epochClock value
     * @return this
     */
    public BillingContext epochClock(final EpochClock epochClock) {
        this.epochClock = epochClock;
        return this;
    }

    /**
     * Wall clock, milliseconds; for ages and back-off, never for cuts.
     *
     * @return value
     */
    public EpochClock epochClock() {
        return epochClock;
    }

    /**
     * Where records come from; null = the journal in journalDir.
     *
     * @param recordSource value
     * @return this
     */
    public BillingContext recordSource(final RecordSource recordSource) {
        this.recordSource = recordSource;
        return this;
    }

    /**
     * Where records come from; null = the journal in journalDir.
     *
     * @return value
     */
    public RecordSource recordSource() {
        return recordSource;
    }

    /**
     * The way of grants to the router; closed with the billing process. Default: none, grants wait.
     *
     * @param grantLine value
     * @return this
     */
    public BillingContext grantLine(final GrantLine grantLine) {
        this.grantLine = grantLine;
        return this;
    }

    /**
     * The way of grants to the router.
     *
     * @return value
     */
    public GrantLine grantLine() {
        return grantLine;
    }

    /**
     * The listener of the read-outs.
     *
     * @param readOuts value; null = none
     * @return this
     */
    public BillingContext readOuts(final ReadOutSettings readOuts) {
        this.readOuts = readOuts;
        return this;
    }

    /**
     * What of Stripe's side is on, beside meter events.
     *
     * @param stripe value
     * @return this
     */
    public BillingContext stripe(final StripeSettings stripe) {
        this.stripe = stripe;
        return this;
    }

    /**
     * What of Stripe's side is on, beside meter events.
     *
     * @return value
     */
    public StripeSettings stripe() {
        return stripe;
    }

    /**
     * Digest of the journal, signed summaries.
     *
     * @param audit value
     * @return this
     */
    public BillingContext audit(final AuditSettings audit) {
        this.audit = audit;
        return this;
    }

    /**
     * Digest of the journal, signed summaries.
     *
     * @return value
     */
    public AuditSettings audit() {
        return audit;
    }

    /**
     * Endpoints of tenants and how they are served. Default: none.
     *
     * @param webhooks value
     * @return this
     */
    public BillingContext webhooks(final WebhookSettings webhooks) {
        this.webhooks = webhooks;
        return this;
    }

    /**
     * Endpoints of tenants and how they are served.
     *
     * @return value
     */
    public WebhookSettings webhooks() {
        return webhooks;
    }

    /**
     * The listener of the read-outs.
     *
     * @return value; null = none
     */
    public ReadOutSettings readOuts() {
        return readOuts;
    }

    /**
     * Adds a tenant.
     *
     * @param tenant id, name and, where it exists, Stripe customer
     * @return this
     */
    public BillingContext tenant(final BillingTenant tenant) {
        tenants.add(tenant);
        return this;
    }

    /**
     * Tenants added.
     *
     * @return copy
     */
    public List<BillingTenant> tenants() {
        return List.copyOf(tenants);
    }

    /**
     * Event name of a meter at Stripe; by default its label.
     *
     * @param meter     meter
     * @param eventName unique, at most 100 characters
     * @return this
     */
    public BillingContext meterEventName(final MeterKind meter, final String eventName) {
        meterEventNames.put(meter, eventName);
        return this;
    }

    /**
     * Event names of all meters.
     *
     * @return copy
     */
    public Map<MeterKind, String> meterEventNames() {
        return Map.copyOf(meterEventNames);
    }
}
