package weir.venue.intx;

import weir.protocol.sbe.Liquidity;

/**
 * One fill of the venue. Decimals are E8 mantissas or null of the protocol.
 *
 * @param fillId       the venue's, a text
 * @param execId       the venue's ExecID, a number that grows; identifies the fill
 * @param venueOrderId of its order
 * @param clientId     client_order_id of its order
 * @param quantity     of this fill
 * @param price        of this fill
 * @param orderQty     of the order
 * @param total        filled of the order, this fill included
 * @param fee          paid, negative for a rebate
 * @param feeCurrency  of the fee
 * @param epochNs      venue's time
 * @param liquidity    as FIX says it; UNKNOWN over REST, which does not
 */
record Fill(String fillId, long execId, String venueOrderId, String clientId, long quantity, long price, long orderQty,
    long total, long fee, String feeCurrency, long epochNs, Liquidity liquidity) {
}
