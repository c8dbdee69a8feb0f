package weir.sim.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The faults in force at a venue. May be limited to one session (API key). A counted fault may also strike by chance,
 * from a seeded generator, so that a run with a given seed and order of requests fails in the same places. Thread safe.
 *
 * @param <F> the venue's failure modes.
 */
public final class FaultPlan<F extends Enum<F> & FaultMode> {
    private static final long CHANCE_ONE = 1_000_000;

    private final F[] modes;
    private final long seed;
    private final Map<F, Long> values;
    private final Map<F, Long> chances;
    private final Map<F, Long> struck;
    private SplittableRandom random;
    private String session;

    /** A plan without faults. */
    public FaultPlan(final Class<F> modes, final long seed) {
        this.modes = modes.getEnumConstants();
        this.seed = seed;
        values = new EnumMap<>(modes);
        chances = new EnumMap<>(modes);
        struck = new EnumMap<>(modes);
        reset();
    }

    /** Every fault as it was at the start. */
    public synchronized void reset() {
        session = null;
        random = new SplittableRandom(seed);
        chances.clear();
        for (final F fault : modes) {
            values.put(fault, fault.initialValue());
        }
    }

    /**
     * Applies {@code {"dropAck":2,"unknownTags":true,"session":"key"}}; a text such as {@code "2.5%"} sets a chance.
     *
     * @throws IllegalArgumentException if a key is unknown or a value out of range; nothing is applied then.
     */
    public synchronized void apply(final JsonNode wanted) {
        final Map<F, Long> newValues = new EnumMap<>(values);
        final Map<F, Long> newChances = new EnumMap<>(chances);
        String limitedTo = session;
        for (final Map.Entry<String, JsonNode> field : wanted.properties()) {
            final JsonNode value = field.getValue();
            if ("session".equals(field.getKey())) {
                limitedTo = value.isNull() ? null : value.asText();
            } else if (value.isBoolean() || value.isIntegralNumber()) {
                final F fault = byKey(field.getKey());
                final long number = value.isBoolean() ? (value.asBoolean() ? 1L : 0L) : value.asLong();
                if (number < fault.valueMin() || number > fault.valueMax()) {
                    throw new IllegalArgumentException(
                        fault.key() + ": expected " + fault.valueMin() + " to " + fault.valueMax());
                }
                newValues.put(fault, number);
                newChances.remove(fault);
            } else if (value.isTextual() && value.asText().endsWith("%")) {
                newChances.put(byKey(field.getKey()), chance(field.getKey(), value.asText()));
            } else {
                throw new IllegalArgumentException(
                    field.getKey() + ": expected a whole number, true, false or a chance such as \"2.5%\"");
            }
        }
        values.putAll(newValues);
        chances.clear();
        chances.putAll(newChances);
        session = limitedTo;
    }

    /** Sets one fault. */
    public synchronized void set(final F fault, final long value) {
        values.put(fault, value);
    }

    /** Uses up one occasion of a counted fault. @return whether the fault strikes. */
    public synchronized boolean strikes(final F fault, final String apiKey) {
        final long left = inForce(fault, apiKey);
        if (left > 0) {
            values.put(fault, left - 1);
        }
        final Long chance = left != 0 || isSpared(apiKey) ? null : chances.get(fault);
        final boolean strikes = left != 0 || chance != null && random.nextLong(CHANCE_ONE) < chance;
        if (strikes) {
            struck.merge(fault, 1L, Long::sum);
        }
        return strikes;
    }

    /** Whether a switch or a count is other than 0. Uses nothing up. */
    public synchronized boolean isOn(final F fault, final String apiKey) {
        return value(fault, apiKey) != 0;
    }

    /** The value in force for a session; null for whatever is set. */
    public synchronized long value(final F fault, final String apiKey) {
        final long value = inForce(fault, apiKey);
        if (value != fault.initialValue()) {
            struck.merge(fault, 1L, Long::sum);
        }
        return value;
    }

    private long inForce(final F fault, final String apiKey) {
        return isSpared(apiKey) ? fault.initialValue() : values.get(fault);
    }

    /** Every fault by its key, and the session the plan is limited to. */
    public synchronized ObjectNode toJson() {
        final ObjectNode node = Json.object();
        values.forEach((fault, value) -> node.put(fault.key(), value));
        chances.forEach((fault, chance) -> node.put(fault.key(),
            BigDecimal.valueOf(chance, 4).stripTrailingZeros().toPlainString() + "%"));
        return node.put("session", session);
    }

    /**
     * How often each fault struck since the start, by its key; those that never did are left out. A value or switch
     * strikes when it is looked up while it is set.
     */
    public synchronized ObjectNode struck() {
        final ObjectNode node = Json.object();
        struck.forEach((fault, count) -> node.put(fault.key(), count));
        return node;
    }

    private boolean isSpared(final String apiKey) {
        return session != null && apiKey != null && !session.equals(apiKey);
    }

    private static long chance(final String key, final String text) {
        final BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException(key + ": expected 0% to 100%");
        }
        return percent.movePointRight(4).longValue();
    }

    private F byKey(final String key) {
        for (final F fault : modes) {
            if (fault.key().equals(key) || fault.formerKey().equals(key)) {
                return fault;
            }
        }
        throw new IllegalArgumentException("unknown fault '" + key + "'");
    }
}
