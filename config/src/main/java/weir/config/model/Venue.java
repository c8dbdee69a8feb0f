package weir.config.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The contract with a venue, from {@code venues/NAME.yaml}.
 *
 * @param id                one of {@link weir.protocol.Venues}
 * @param name              as there
 * @param capabilities      what it can do
 * @param batchMax          orders in one message, 1 = no batches
 * @param cancelBatchMax    cancels in one message, 1 = no batches
 * @param queueCapacity     orders that may wait in the engine for its limits
 * @param queueDeadlineMs   how long, unless the order says
 * @param visibilityDelayMs how long an order may be invisible to a query after it was taken
 * @param unknownTimeoutMs  how long an unknown outcome may stay so before an alert
 * @param link              FIX session towards it; empty = it has none
 * @param http              order entry over REST; empty = it has none
 * @param environments      where it is, by name ({@code production}, {@code sandbox}, {@code simulator})
 * @param limits            in order of limit id
 * @param teachings         what the venue's answers tell of them
 * @param chain             where it settles; empty = it is no venue of a chain
 */
public record Venue(int id, String name, Set<Capability> capabilities, int batchMax, int cancelBatchMax,
    int queueCapacity, int queueDeadlineMs, int visibilityDelayMs, int unknownTimeoutMs, Optional<VenueLink> link,
    Optional<VenueHttp> http, Map<String, VenueEnvironment> environments, List<VenueLimit> limits,
    List<Teaching> teachings, Optional<VenueChain> chain) {

    /** Copies the collections. */
    public Venue {
        capabilities = Set.copyOf(capabilities);
        environments = Map.copyOf(environments);
        limits = List.copyOf(limits);
        teachings = List.copyOf(teachings);
    }

    /**
     * Limits that are charged at one place.
     *
     * @param place where
     * @return in order of limit id
     */
    public List<VenueLimit> limitsAt(final VenueLimit.Place place) {
        return limits.stream().filter(limit -> limit.place() == place).toList();
    }

    /** What a venue can do; as {@code VenueCapabilities} of the schema. */
    public enum Capability {
        /** Replace in one message. */
        REPLACE,
        /** Several new orders in one message. */
        BATCH_NEW,
        /** Several cancels in one message. */
        BATCH_CANCEL,
        /** A batch holds one instrument. */
        BATCH_SAME_SYMBOL,
        /** An order can be asked for by our id. */
        STATUS_QUERY,
        /** All orders of the session can be cancelled in one message. */
        MASS_CANCEL,
        /** The venue cancels when the session drops. */
        CANCELS_ON_DISCONNECT
    }
}
