package weir.billing.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What Stripe's own log says it accepted: units per "tenant name/event". */
public final class StripeTotals {
    private StripeTotals() {
    }

    public static Map<String, Long> read(final Path log) {
        final Map<String, String> tenantOfCustomer = new HashMap<>();
        final Map<String, Long> totals = new TreeMap<>();
        final ObjectMapper mapper = new ObjectMapper();
        try {
            for (final String line : Files.readAllLines(log)) {
                final JsonNode node = mapper.readTree(line);
                if ("object".equals(node.path("kind").asText())) {
                    final JsonNode object = node.get("object");
                    if ("customer".equals(object.path("object").asText())) {
                        tenantOfCustomer.put(object.path("id").asText(), object.path("metadata").path("weir_tenant")
                            .asText());
                    }
                } else if ("accepted".equals(node.path("kind").asText())) {
                    totals.merge(tenantOfCustomer.get(node.path("customer").asText()) + "/"
                        + node.path("event_name").asText(), node.path("value").asLong(), Long::sum);
                }
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return totals;
    }

    /** Units of a world, by tenant name. */
    public static Map<String, Long> of(final World world) {
        final Map<String, Long> totals = new TreeMap<>();
        world.units.forEach((key, count) -> {
            if (count != 0) {
                totals.put((key.startsWith("1/") ? "alpha" : "beta") + key.substring(1), count);
            }
        });
        return totals;
    }

    /** Lines of a kind. */
    public static long count(final Path log, final String kind) {
        try {
            return Files.readAllLines(log).stream().filter(line -> line.contains("\"kind\":\"" + kind + "\"")).count();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
