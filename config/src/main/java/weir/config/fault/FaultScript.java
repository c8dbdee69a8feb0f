package weir.config.fault;

import java.util.List;
import java.util.Map;

/**
 * What goes wrong at the simulated venues, and when.
 *
 * @param name  of the script
 * @param seed  of every jitter: the same seed gives the same times
 * @param steps in order of the file
 */
public record FaultScript(String name, long seed, List<Step> steps) {

    /** Copies the list. */
    public FaultScript {
        steps = List.copyOf(steps);
    }

    /**
     * One thing that goes wrong, once or several times.
     *
     * @param venueId  one of {@link weir.protocol.Venues}
     * @param atMs     after the start, in milliseconds
     * @param everyMs  between one time and the next, in milliseconds
     * @param times    how often
     * @param jitterMs each time is later by 0 to this, by the seed
     * @param path     of the control interface, with its query
     * @param body     JSON, or empty
     */
    public record Step(int venueId, int atMs, int everyMs, int times, int jitterMs, String path, String body) {
    }

    /** A call that is due at a time. */
    record Call(long atMs, Step step) {
    }

    /** Faults of a section as the body of {@code POST /faults}. */
    static String body(final Map<String, String> faults) {
        final StringBuilder json = new StringBuilder("{");
        faults.forEach((name, value) -> json.append(json.length() > 1 ? "," : "").append('"').append(name)
            .append("\":").append(value.endsWith("%") ? '"' + value + '"' : value));
        return json.append('}').toString();
    }
}
