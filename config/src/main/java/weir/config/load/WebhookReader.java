package weir.config.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import weir.billing.webhook.out.TargetRules;
import weir.billing.webhook.out.WebhookSettings;
import weir.config.model.TenantWebhook;
import weir.config.model.WebhookSending;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;

/** Reads {@code webhooks} of tenants and of {@code billing.yaml}. */
final class WebhookReader {
    private static final int ENDPOINTS_MAX = 16;
    private static final int PORT_MAX = 65_535;
    private static final int MINUTE_MS = 60_000;
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final String EVENT = "[a-z]+(\\.[a-z]+)+";

    private WebhookReader() {
    }

    static List<TenantWebhook> endpoints(final Section root) {
        final List<TenantWebhook> result = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final Section section : root.sections("webhooks")) {
            final String name = section.need("name",
                Forms.literal("[A-Za-z0-9_-]{1,32}", "1 to 32 letters, digits, - and _"), "");
            if (!names.add(name)) {
                section.problem(ProblemCode.CONFIG_DUPLICATE, "name", "a name of its own within the tenant", name, "");
            }
            final URI url = section.need("url", Forms.httpUri(), URI.create("https://none"));
            if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
                section.problem(ProblemCode.CONFIG_TYPE, "url", "a URL without name, password and fragment",
                    "one of them", "the signature says who sends");
            }
            final Set<String> events = new HashSet<>();
            for (final Placed<String> event : section.list("events",
                Forms.literal(EVENT, "a type such as budget.threshold"))) {
                events.add(event.value());
            }
            result.add(new TenantWebhook(name, url, section.need("secret", Forms.secret(false), DeskReader.NO_SECRET),
                events));
            section.done();
        }
        if (result.size() > ENDPOINTS_MAX) {
            root.problem(ProblemCode.CONFIG_RANGE, "webhooks", "at most " + ENDPOINTS_MAX, result.size() + " of them",
                "");
        }
        return result;
    }

    static WebhookSending sending(final Section section) {
        final WebhookSettings defaults = WebhookSettings.NONE;
        final Set<Integer> ports = new TreeSet<>();
        for (final Placed<Long> port : section.list("ports", Forms.integer(1, PORT_MAX))) {
            ports.add((int) (long) port.value());
        }
        final WebhookSending sending = new WebhookSending(section.or("allowLoopback", Forms.flag(), false),
            ports.isEmpty() ? TargetRules.PORTS : ports,
            section.or("connectTimeout", Forms.durationMs(100, MINUTE_MS), defaults.connectTimeoutMs()),
            section.or("timeout", Forms.durationMs(100, MINUTE_MS), defaults.timeoutMs()),
            (int) (long) section.or("attempts", Forms.integer(1, WebhookSettings.RETRY_MS.size()),
                (long) WebhookSettings.RETRY_MS.size()),
            (int) (long) section.or("senders", Forms.integer(1, 64), (long) defaults.senders()),
            section.or("throttle", Forms.durationMs(1, 60 * MINUTE_MS), (int) defaults.throttleMs()),
            section.or("keep", Forms.durationNs(DAY_NS / 24, 3_650 * DAY_NS), 90 * DAY_NS) / NS_PER_MS);
        section.done();
        return sending;
    }
}
