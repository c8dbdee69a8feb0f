package weir.sim.deribit;

import java.math.BigDecimal;
import java.util.List;

/** What the engine tells, inside its monitor and before anybody is answered. */
interface EngineListener {
    /** A new order has an id; it may yet trade or end in the same instruction. */
    void onPlaced(DeribitOrder order, long nowNs);

    /** An order was refused and has no id. */
    void onRefused(OrderRequest request, RpcError why, long nowNs);

    /** An account's side of a trade. */
    void onTrade(DeribitTrade trade, long nowNs);

    /** An order has other values. */
    void onEdited(DeribitOrder order, BigDecimal amount, BigDecimal price, long nowNs);

    /** An order, or what was left of it, is over without having been filled. */
    void onCancelled(DeribitOrder order, long nowNs);

    /** All that one instruction changed of an account in an instrument. */
    void onChanges(String account, DeribitInstrument terms, List<DeribitOrder> orders, List<DeribitTrade> trades);

    /** The best prices or the last trade of an instrument may have changed. */
    void onBook(DeribitInstrument terms, List<DeribitTrade> takers);
}
