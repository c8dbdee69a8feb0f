package weir.sim.desk;

/**
 * One message of a scenario.
 *
 * @param offsetNs intended send time, nanoseconds after the start
 * @param kind     what it is
 * @param clOrdId  ClOrdID(11)
 * @param target   ClOrdID of the NewOrderSingle that a replace or cancel is about; null otherwise. The ClOrdID in
 * force then is looked up when it is sent
 * @param symbol   Symbol(55)
 * @param side     Side(54)
 * @param ordType  OrdType(40)
 * @param tif      TimeInForce(59), '-' for none
 * @param orderQty OrderQty(38) as text
 * @param price    Price(44) as text, or null
 */
public record DeskStep(long offsetNs, StepKind kind, String clOrdId, String target, String symbol, char side,
                       char ordType, char tif, String orderQty, String price) {
}
