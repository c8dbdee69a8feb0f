package weir.config.model;

import java.util.List;
import java.util.Map;
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
 * @param periodNs        length of the window, or of the refill period where it is not a second; else 0
 * @param refillPerSecond units per second, or per refill period; of {@code order-volume}, messages that one unit of
 *                        traded volume earns; 0 for shapes without one
 * @param marginBps       part of the capacity that we leave unused, 1/10000
 * @param cancelReserve   units of the effective capacity that only cancels may use
 * @param costs           per message kind; kinds not named cost nothing
 * @param offsetNs        windows begin at offset + k * period of the epoch
 * @param skewNs          within this of an edge a message counts in both windows: our clock, and the way
 * @param tier            tier whose size and rate stand above, "" = the limit has none
 * @param tiers           all tiers that the venue has
 * @param methods         costs of what is no order message, by the venue's name of it; charged at the wire
 * @param source          where the venue states it
 */
public record VenueLimit(int id, String name, Place place, LimitScope scope, LimitShape shape, long capacity,
    long periodNs, long refillPerSecond, int marginBps, int cancelReserve, List<LimitCost> costs,
    long offsetNs, long skewNs, String tier, List<Tier> tiers, Map<String, MethodCost> methods, String source) {

    /** Copies the collections. */
    public VenueLimit {
        costs = List.copyOf(costs);
        tiers = List.copyOf(tiers);
        methods = Map.copyOf(methods);
    }

    /**
     * What cancels may use.
     *
     * @return units
     */
    public long effectiveCapacity() {
        return lessMargin(capacity);
    }

    /**
     * A capacity less the margin.
     *
     * @param stated as the venue states it
     * @return units
     */
    public long lessMargin(final long stated) {
        return Math.multiplyExact(stated, 10_000L - marginBps) / 10_000L;
    }

    /**
     * What new orders may use.
     *
     * @return units
     */
    public long newOrderCapacity() {
        return effectiveCapacity() - cancelReserve;
    }

    /**
     * Size and rate of a limit for some of the venue's clients.
     *
     * @param name     of the venue
     * @param capacity units
     * @param refill   per refill period; 0 for shapes without one
     */
    public record Tier(String name, long capacity, long refill) {
    }

    /**
     * What a request costs that is no order message: {@code fixedCost + itemCost * n}, n as the venue counts it.
     *
     * @param fixedCost units per request
     * @param itemCost  units per item in it
     * @param formula   as written in the file
     */
    public record MethodCost(int fixedCost, int itemCost, String formula) {
    }

    /** Who charges a limit. */
    public enum Place {
        /** The engine, before a message is handed to the adapter. */
        DISPATCH,
        /** The adapter's guard, where bytes leave; counts session messages and requests the engine does not see. */
        WIRE
    }
}
