package weir.config.model;

import java.util.List;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;

/**
 * One limit of a venue.
 *
 * @param id              number within the configuration
 * @param name            short
 * @param place           who charges it
 * @param scope           what it counts together
 * @param shape           how it counts
 * @param capacity        units, as the venue states them
 * @param periodNs        length of the window; 0 for shapes without one
 * @param refillPerSecond units per second; 0 for shapes without one
 * @param marginBps       part of the capacity that we leave unused, 1/10000
 * @param cancelReserve   units of the effective capacity that only cancels may use
 * @param costs           per message kind; kinds not named cost nothing
 * @param source          where the venue states it
 */
public record VenueLimit(int id, String name, Place place, LimitScope scope, LimitShape shape, long capacity,
    long periodNs, long refillPerSecond, int marginBps, int cancelReserve, List<LimitCost> costs, String source) {

    /** Copies the list. */
    public VenueLimit {
        costs = List.copyOf(costs);
    }

    /**
     * What cancels may use.
     *
     * @return units
     */
    public long effectiveCapacity() {
        return Math.multiplyExact(capacity, 10_000L - marginBps) / 10_000L;
    }

    /**
     * What new orders may use.
     *
     * @return units
     */
    public long newOrderCapacity() {
        return effectiveCapacity() - cancelReserve;
    }

    /** Who charges a limit. */
    public enum Place {
        /** The engine, before a message is handed to the adapter. */
        DISPATCH,
        /** The adapter's guard, where bytes leave; counts session messages and requests the engine does not see. */
        WIRE
    }
}
