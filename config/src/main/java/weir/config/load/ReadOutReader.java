package weir.config.load;

import java.nio.file.Path;
import java.util.Optional;
import weir.config.model.BillingSettings;
import weir.config.model.SecretRef;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;

/** Reads {@code readOuts} of {@code billing.yaml}. */
final class ReadOutReader {
    private static final int PORT_MAX = 65_535;

    private ReadOutReader() {
    }

    static Optional<BillingSettings.ReadOuts> read(final Section section) {
        final boolean enabled = section.or("enabled", Forms.flag(), false);
        final String host = section.or("host", Forms.ascii(255), "127.0.0.1");
        final int port = section.or("port", Forms.integer(0, PORT_MAX), 9_480L).intValue();
        final Optional<Path> keyStore = section.maybe("keyStore", Forms.path());
        final Optional<SecretRef> password = section.maybe("keyStorePassword", Forms.secret(false));
        final Optional<Path> key = section.maybe("key", Forms.path());
        final Optional<Path> certificate = section.maybe("certificate", Forms.path());
        final Path trusted = enabled ? section.need("trusted", Forms.path(), Path.of("none"))
            : section.or("trusted", Forms.path(), Path.of("none"));
        if (enabled && !(keyStore.isPresent() && password.isPresent() && key.isEmpty() && certificate.isEmpty()
            || keyStore.isEmpty() && key.isPresent() && certificate.isPresent())) {
            section.problem(ProblemCode.CONFIG_MISSING, "keyStore",
                "keyStore and keyStorePassword, or key and certificate", "neither, or both", "name one of the pairs");
        }
        final BillingSettings.ReadOuts settings = new BillingSettings.ReadOuts(host, port, keyStore, password, key,
            certificate, trusted, section.list("clients", Forms.sha256()).stream().map(Placed::value).toList());
        section.done();
        return enabled ? Optional.of(settings) : Optional.empty();
    }
}
