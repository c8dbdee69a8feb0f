package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;

/** The faults in force. May be limited to one session (API key). Thread safe. */
final class FaultPlan {
    private final EnumMap<Fault, Long> values = new EnumMap<>(Fault.class);
    private String session;

    FaultPlan() {
        reset();
    }

    synchronized void reset() {
        session = null;
        for (final Fault fault : Fault.values()) {
            values.put(fault, 0L);
        }
        values.put(Fault.TIMESTAMP_DIGITS, 6L);
        values.put(Fault.BATCH_CUT_AFTER, 1L);
    }

    /**
     * Applies {@code {"dropAck":2,"unknownTags":true,"session":"key"}}.
     *
     * @throws IllegalArgumentException if a key is unknown or a value not a whole number; nothing is applied then.
     */
    synchronized void apply(final JsonNode wanted) {
        final Map<Fault, Long> changes = new EnumMap<>(Fault.class);
        String limitedTo = session;
        for (final Map.Entry<String, JsonNode> field : wanted.properties()) {
            final JsonNode value = field.getValue();
            if ("session".equals(field.getKey())) {
                limitedTo = value.isNull() ? null : value.asText();
            } else if (value.isBoolean() || value.isIntegralNumber()) {
                changes.put(byKey(field.getKey()), value.isBoolean() ? (value.asBoolean() ? 1L : 0L) : value.asLong());
            } else {
                throw new IllegalArgumentException(field.getKey() + ": expected a whole number or true or false");
            }
        }
        final long digits = changes.getOrDefault(Fault.TIMESTAMP_DIGITS, 6L);
        if (digits < 0 || digits > 9) {
            throw new IllegalArgumentException("timestampDigits: expected 0 to 9");
        }
        values.putAll(changes);
        session = limitedTo;
    }

    synchronized void set(final Fault fault, final long value) {
        values.put(fault, value);
    }

    /** Uses up one occasion of a counted fault. @return whether the fault strikes. */
    synchronized boolean strikes(final Fault fault, final String apiKey) {
        final long left = value(fault, apiKey);
        if (left > 0) {
            values.put(fault, left - 1);
        }
        return left != 0;
    }

    synchronized boolean isOn(final Fault fault, final String apiKey) {
        return value(fault, apiKey) != 0;
    }

    /** The value in force for a session. Faults that are always on, such as the time format, ignore the limit. */
    synchronized long value(final Fault fault, final String apiKey) {
        if (session != null && apiKey != null && !session.equals(apiKey)) {
            return fault == Fault.TIMESTAMP_DIGITS ? 6 : 0;
        }
        return values.get(fault);
    }

    synchronized ObjectNode toJson() {
        final ObjectNode node = Json.object();
        values.forEach((fault, value) -> node.put(fault.key(), value));
        return node.put("session", session);
    }

    private static Fault byKey(final String key) {
        for (final Fault fault : Fault.values()) {
            if (fault.key().equals(key)) {
                return fault;
            }
        }
        throw new IllegalArgumentException("unknown fault '" + key + "'");
    }
}
