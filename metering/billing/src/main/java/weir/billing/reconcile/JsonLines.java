package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** Reads a file of JSON objects, one per line. Only the last line may be torn, as a kill of its writer leaves it. */
final class JsonLines {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonLines() {
    }

    /** @return 1 when the last line was torn, else 0 */
    static int read(final Path file, final Consumer<JsonNode> lines) {
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null) {
                number++;
                final String next = reader.readLine();
                if (!line.isBlank()) {
                    final JsonNode node;
                    try {
                        node = MAPPER.readTree(line);
                    } catch (final IOException ex) {
                        if (next == null) {
                            return 1;
                        }
                        throw ex;
                    }
                    lines.accept(node);
                }
                line = next;
            }
            return 0;
        } catch (final IOException ex) {
            throw new BillingException(BillingError.CONFIGURATION, file + " line " + number + ": " + ex.getMessage(),
                ex);
        }
    }
}
