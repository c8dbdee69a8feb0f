package weir.config.model;

import weir.protocol.sbe.VenueMessageKind;

/**
 * What one message costs: {@code fixedCost + itemCost * n} for n orders in it.
 *
 * @param kind      message kind
 * @param fixedCost units per message
 * @param itemCost  units per order in it
 * @param formula   as written in the file
 */
public record LimitCost(VenueMessageKind kind, int fixedCost, int itemCost, String formula) {

    /**
     * Cost of a message.
     *
     * @param items orders in it
     * @return units
     */
    public long cost(final int items) {
        return fixedCost + (long) itemCost * items;
    }
}
