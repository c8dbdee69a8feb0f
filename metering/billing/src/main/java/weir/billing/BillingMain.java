package weir.billing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.audit.AuditSettings;
import weir.billing.audit.SigningKey;
import weir.billing.audit.SummaryListener;
import weir.billing.fault.BillingException;
import weir.billing.rating.MeterKind;
import weir.billing.stripe.RetryPolicy;
import weir.billing.stripe.StripeSettings;
import weir.billing.webhook.out.TargetRules;
import weir.billing.webhook.out.WebhookEndpoint;

/**
 * Starts the billing process from options. The API key comes from the environment variable {@value #KEY_VARIABLE}, or
 * a file; it is never an argument. SIGTERM stops cleanly. Exit codes: 0 ok, 1 failed, 2 bad usage or configuration.
 */
public final class BillingMain {
    /** Environment variable that holds the Stripe key. */
    public static final String KEY_VARIABLE = "WEIR_STRIPE_API_KEY";

    /** Environment variable that holds the keys of {@code --webhook}. */
    public static final String WEBHOOK_VARIABLE = "WEIR_WEBHOOK_SECRET";

    private static final Logger LOG = LoggerFactory.getLogger(BillingMain.class);
    private static final int SUBSCRIPTION_SCAN_MS = 50;
    private static final long POLL_MS = 1_000;
    private static final String USAGE = """
        usage: billing --journal DIR --jdbc URL [--stripe-base URL] [--stripe-key-file FILE]
                       [--tenant ID=NAME[=CUSTOMER]]... [--event METER=NAME]...
                       [--window-records N] [--window-ms N] [--calls-per-second N]
                       [--retry-base-ms N] [--retry-cap-ms N]
                       [--await-journal-ms N] [--stop-timeout-ms N] [--seal-on-stop] [--drain]
                       [--subscriptions]
                       [--audit-dir DIR] [--audit-key FILE] [--records-per-transaction N]
                       [--webhook TENANT=URL] [--webhook-retry-ms N,N...] [--webhook-loopback]
        the Stripe key is read from WEIR_STRIPE_API_KEY unless --stripe-key-file names a file,
        the keys of --webhook from WEIR_WEBHOOK_SECRET""";

    private BillingMain() {
    }

    /**
     * Runs until it is stopped.
     *
     * @param args options
     */
    public static void main(final String[] args) {
        final int exitCode = run(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static int run(final String[] args) {
        final BillingContext context;
        try {
            context = parse(args);
        } catch (final IllegalArgumentException | IOException ex) {
            System.err.println(ex.getMessage());
            System.err.println(USAGE);
            return 2;
        }
        final Thread hook;
        final BillingProcess process;
        try {
            process = BillingProcess.launch(context);
            hook = new Thread(process::close, "billing-stop");
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (final BillingException ex) {
            System.err.println(ex.getMessage());
            return ex.error().exitCode();
        }
        return await(process);
    }

    private static int await(final BillingProcess process) {
        try {
            boolean ended = false;
            while (!ended) {
                ended = process.awaitEnd(POLL_MS);
            }
        } catch (final InterruptedException ex) {
            process.close();
            Thread.currentThread().interrupt();
        }
        final BillingException failure = process.failure();
        if (failure != null) {
            System.err.println(failure.getMessage());
            return failure.error().exitCode();
        }
        LOG.info("billing ended at record {}", process.position());
        return 0;
    }

    static BillingContext parse(final String[] args) throws IOException {
        final BillingContext context = new BillingContext().stripeApiKey(System.getenv(KEY_VARIABLE));
        long baseMs = RetryPolicy.DEFAULT.baseMs();
        long capMs = RetryPolicy.DEFAULT.capMs();
        Path auditDir = null;
        final List<SigningKey> auditKeys = new ArrayList<>();
        int i = 0;
        while (i < args.length) {
            final String option = args[i++];
            if ("--seal-on-stop".equals(option)) {
                context.sealOnStop(true);
                continue;
            }
            if ("--drain".equals(option)) {
                context.drain(true);
                continue;
            }
            if ("--subscriptions".equals(option)) {
                context.stripe(new StripeSettings(true, false, List.of(), 0, Map.of(), SUBSCRIPTION_SCAN_MS));
                continue;
            }
            if ("--webhook-loopback".equals(option)) {
                context.webhooks(context.webhooks().with(new TargetRules(true, TargetRules.PORTS,
                    TargetRules.Lookup.SYSTEM)));
                continue;
            }
            if (i >= args.length) {
                throw new IllegalArgumentException("option " + option + " is unknown or has no value");
            }
            final String value = args[i++];
            switch (option) {
                case "--journal" -> context.journalDir(Path.of(value));
                case "--jdbc" -> context.jdbcUrl(value);
                case "--stripe-base" -> context.stripeApiBase(value);
                case "--stripe-key-file" -> context.stripeApiKey(Files.readString(Path.of(value)).strip());
                case "--tenant" -> context.tenant(tenant(value));
                case "--event" -> event(context, value);
                case "--window-records" -> context.windowRecords((int)number(option, value));
                case "--window-ms" -> context.windowMs(number(option, value));
                case "--calls-per-second" -> context.callsPerSecond((int)number(option, value));
                case "--records-per-transaction" -> context.recordsPerTransaction((int)number(option, value));
                case "--audit-dir" -> auditDir = Path.of(value);
                case "--audit-key" -> auditKeys.add(SigningKey.parse(Files.readString(Path.of(value)),
                    SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO));
                case "--retry-base-ms" -> baseMs = number(option, value);
                case "--retry-cap-ms" -> capMs = number(option, value);
                case "--webhook" -> context.webhooks(context.webhooks().with(List.of(webhook(value))));
                case "--webhook-retry-ms" -> context.webhooks(context.webhooks().withRetryMs(Arrays.stream(
                    value.split(",")).map(pause -> number(option, pause)).toList()));
                case "--await-journal-ms" -> context.awaitJournalMs(number(option, value));
                case "--stop-timeout-ms" -> context.stopTimeoutMs(number(option, value));
                default -> throw new IllegalArgumentException("option " + option + " is unknown");
            }
        }
        context.audit(new AuditSettings(true, auditDir, true, auditKeys, SummaryListener.NONE));
        return context.retryPolicy(new RetryPolicy(baseMs, capMs, RetryPolicy.DEFAULT.keyRefusedMs(),
            RetryPolicy.DEFAULT.resendLimitMs()));
    }

    private static long number(final String option, final String value) {
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException ex) {
            throw new IllegalArgumentException("option " + option + " needs a number, found " + value, ex);
        }
    }

    private static BillingTenant tenant(final String value) {
        final String[] parts = value.split("=", 3);
        if (parts.length < 2) {
            throw new IllegalArgumentException("--tenant needs ID=NAME or ID=NAME=CUSTOMER, found " + value);
        }
        return new BillingTenant((int)number("--tenant", parts[0]), parts[1], parts.length > 2 ? parts[2] : null);
    }

    private static WebhookEndpoint webhook(final String value) {
        final String[] parts = value.split("=", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("--webhook needs TENANT=URL, found " + value);
        }
        return new WebhookEndpoint((int)number("--webhook", parts[0]), "main", URI.create(parts[1]), Set.of(),
            () -> System.getenv(WEBHOOK_VARIABLE));
    }

    private static void event(final BillingContext context, final String value) {
        final String[] parts = value.split("=", 2);
        for (final MeterKind meter : MeterKind.values()) {
            if (parts.length == 2 && meter.label().equals(parts[0])) {
                context.meterEventName(meter, parts[1]);
                return;
            }
        }
        throw new IllegalArgumentException("--event needs METER=NAME with a meter of request, order_sent, "
            + "order_filled, compute_ms; found " + value);
    }
}
