package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import weir.config.model.BillingSettings;
import weir.config.model.SecretRef;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;

/** Reads what of section {@code stripe} goes beyond the delivery of usage, and section {@code stripeWebhooks}. */
final class StripeSideReader {
    private static final int PORT_DEFAULT = 8_087;
    private static final int PORT_MAX = 65_535;

    private StripeSideReader() {
    }

    static BillingSettings.StripeSide read(final Section stripe, final Section webhooks) {
        final boolean subscriptions = stripe.or("subscriptions", Forms.flag(), false);
        final boolean drift = stripe.or("drift", Forms.flag(), false);
        final boolean enabled = webhooks.or("enabled", Forms.flag(), false);
        final int port = webhooks.or("port", Forms.integer(1, PORT_MAX), (long)PORT_DEFAULT).intValue();
        final List<SecretRef> secrets = new ArrayList<>();
        for (final Placed<SecretRef> secret : webhooks.list("secrets", Forms.secret(false))) {
            secrets.add(secret.value());
        }
        if (enabled && secrets.isEmpty()) {
            webhooks.problem(ProblemCode.CONFIG_MISSING, "secrets", "one signing secret, or two while one is rolled",
                "none", "add it");
        }
        webhooks.done();
        return new BillingSettings.StripeSide(subscriptions, drift, enabled ? secrets : List.of(), port);
    }
}
