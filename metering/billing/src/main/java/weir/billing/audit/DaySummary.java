package weir.billing.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import weir.billing.hash.Sha256;

/**
 * What was journaled in a UTC day. Its canonical form (RFC 8785) is what is signed and what the next one names.
 *
 * @param date           UTC day of its first record
 * @param firstSequence  first record
 * @param lastSequence   last record
 * @param count          records
 * @param chainHead      link of the day's last batch, 64 hex digits
 * @param chainBatch     records per link; 1 = every record is a link, which is not written
 * @param merkleRoot     over the day's records, 64 hex digits
 * @param totals         units per meter, those above 0
 * @param previousSha256 of the summary before, 64 hex digits; zeros for the first
 * @param nextKeys       keys that may sign from the next summary on; mostly none
 */
public record DaySummary(LocalDate date, long firstSequence, long lastSequence, long count, String chainHead,
                         int chainBatch, String merkleRoot, SortedMap<String, Long> totals, String previousSha256,
                         List<AuditKey> nextKeys) {
    /** {@code previousSha256} of the first summary, and the link before the first batch. */
    public static final String ZEROS = "0".repeat(2 * Sha256.LENGTH);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the collections. */
    public DaySummary {
        totals = new TreeMap<>(totals);
        nextKeys = List.copyOf(nextKeys);
    }

    /**
     * Canonical form.
     *
     * @return JSON without a line feed
     */
    public String json() {
        final Map<String, Object> fields = new LinkedHashMap<>();
        if (chainBatch != 1) {
            fields.put("chain_batch", chainBatch);
        }
        fields.put("chain_head", chainHead);
        fields.put("count", count);
        fields.put("date", date.toString());
        fields.put("first_seq", firstSequence);
        fields.put("last_seq", lastSequence);
        fields.put("merkle_root", merkleRoot);
        fields.put("prev_summary_sha256", previousSha256);
        fields.put("totals", totals);
        if (!nextKeys.isEmpty()) {
            fields.put("next_keys", nextKeys.stream().map(DaySummary::fields).toList());
        }
        return CanonicalJson.write(fields);
    }

    /** What is said of a key, here and in {@code keys.json}. */
    static Map<String, Object> fields(final AuditKey key) {
        return Map.of("key_id", key.keyId(), "public_key", key.base64(), "not_before", key.notBefore().toString(),
            "not_after", key.notAfter().toString());
    }

    /**
     * Hash of the canonical form.
     *
     * @return 64 hex digits
     */
    public String sha256() {
        return HexFormat.of().formatHex(Sha256.of(bytes()));
    }

    /**
     * Bytes of the canonical form.
     *
     * @return UTF-8
     */
    public byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a summary.
     *
     * @param bytes its canonical form, every byte
     * @return the summary
     * @throws IllegalArgumentException when it is anything else
     */
    public static DaySummary parse(final byte[] bytes) {
        final DaySummary summary;
        try {
            final JsonNode node = JSON.readTree(bytes);
            final SortedMap<String, Long> totals = new TreeMap<>();
            need(node, "totals").properties()
                .forEach(entry -> totals.put(entry.getKey(), entry.getValue().longValue()));
            final List<AuditKey> keys = new ArrayList<>();
            for (final JsonNode key : node.path("next_keys")) {
                keys.add(key(key));
            }
            summary = new DaySummary(LocalDate.parse(need(node, "date").asText()),
                need(node, "first_seq").longValue(), need(node, "last_seq").longValue(),
                need(node, "count").longValue(), hash(node, "chain_head"), batch(node), hash(node, "merkle_root"),
                totals, hash(node, "prev_summary_sha256"), keys);
        } catch (final JsonProcessingException | DateTimeException ex) {
            throw new IllegalArgumentException("no summary: " + ex.getMessage(), ex);
        } catch (final IOException ex) {
            throw new IllegalArgumentException(ex);
        }
        if (!Arrays.equals(summary.bytes(), bytes)) {
            throw new IllegalArgumentException("not the canonical form of a summary");
        }
        return summary;
    }

    private static int batch(final JsonNode node) {
        if (!node.has("chain_batch")) {
            return 1;
        }
        final int batch = node.get("chain_batch").asInt();
        if (batch < 2 || Integer.bitCount(batch) != 1) {
            throw new IllegalArgumentException("chain_batch is no power of two of 2 and more");
        }
        return batch;
    }

    /** A key as {@link #fields} writes it. */
    static AuditKey key(final JsonNode node) {
        final AuditKey key = AuditKey.parse(need(node, "public_key").asText(),
            LocalDate.parse(need(node, "not_before").asText()), LocalDate.parse(need(node, "not_after").asText()));
        if (!key.keyId().equals(need(node, "key_id").asText())) {
            throw new IllegalArgumentException("key_id is not that of the key");
        }
        return key;
    }

    private static String hash(final JsonNode node, final String name) {
        final String text = need(node, name).asText();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(name + " is no hash");
        }
        return text;
    }

    private static JsonNode need(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }
}
