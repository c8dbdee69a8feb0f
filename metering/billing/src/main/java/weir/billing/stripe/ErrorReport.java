package weir.billing.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What Stripe found wrong after its 200, read from the data of a thin event: stripe-java 29 has no getters for it. Only
 * some of the failed events are named; the rest is what the counts say.
 *
 * @param meterId meter; empty when no meter was found
 * @param errors  one per code
 */
record ErrorReport(String meterId, List<Errors> errors) {
    /**
     * Errors of one code.
     *
     * @param code    Stripe's; the list is open
     * @param count   events with it
     * @param samples events that are named
     */
    record Errors(String code, long count, List<Sample> samples) {
    }

    /**
     * A failed event that is named.
     *
     * @param identifier of the meter event, or the idempotency key of its call
     * @param message    for people
     */
    record Sample(String identifier, String message) {
    }

    /**
     * Reads an event.
     *
     * @param event as {@code GET /v2/core/events/ID} answers it
     * @return report; without errors when there is no data of this shape
     */
    static ErrorReport read(final JsonNode event) {
        final List<Errors> errors = new ArrayList<>();
        for (final JsonNode type : event.path("data").path("reason").path("error_types")) {
            final List<Sample> samples = new ArrayList<>();
            for (final JsonNode sample : type.path("sample_errors")) {
                final String identifier = identifier(sample.path("request"));
                if (!identifier.isEmpty()) {
                    samples.add(new Sample(identifier, sample.path("error_message").asText("")));
                }
            }
            errors.add(new Errors(type.path("code").asText("unknown"), type.path("error_count").asLong(samples.size()),
                samples));
        }
        return new ErrorReport(event.path("related_object").path("id").asText(""), errors);
    }

    /**
     * Both shapes: {@code {"identifier"}}, and {@code {"id","idempotency_key"}}, whose key is an attempt's: the batch's
     * identifier and a number.
     */
    private static String identifier(final JsonNode request) {
        final String identifier = request.path("identifier").asText("");
        if (!identifier.isEmpty()) {
            return identifier;
        }
        final String key = request.path("idempotency_key").asText("");
        final int dash = key.lastIndexOf('-');
        return dash > 0 && key.substring(dash + 1).matches("[0-9]+") ? key.substring(0, dash) : key;
    }
}
