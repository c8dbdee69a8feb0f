package weir.billing.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** Reads keys that somebody trusts: a PEM file of one, or {@code keys.json} with the validity of each. */
public final class PublicKeys {
    private PublicKeys() {
    }

    /**
     * Reads a file.
     *
     * @param file PEM or JSON
     * @return its keys; one of a PEM file is valid always
     * @throws BillingException AUDIT_FILES when there is none in it
     */
    public static List<AuditKey> read(final Path file) {
        try {
            final String text = Files.readString(file);
            if (!text.stripLeading().startsWith("{")) {
                return List.of(AuditKey.parse(text, SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO));
            }
            final List<AuditKey> keys = new ArrayList<>();
            for (final JsonNode key : new ObjectMapper().readTree(text).path("keys")) {
                keys.add(DaySummary.key(key));
            }
            return keys;
        } catch (final IOException | IllegalArgumentException | DateTimeException ex) {
            throw new BillingException(BillingError.AUDIT_FILES, file + " holds no public key: " + ex.getMessage(), ex);
        }
    }
}
