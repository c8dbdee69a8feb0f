package weir.engine;

/** Told when an order passed the core and the journal ring. On the engine's thread; must not allocate or wait. */
@FunctionalInterface
public interface OrderStages {
    /**
     * A new order of a client was taken; times are System.nanoTime.
     *
     * @param sessionId of the client
     * @param msgSeqNum of the order in its session
     * @param orderId   the engine's; 0 when it was refused before it became an order
     * @param takenNs   when its frame was taken from the stream
     * @param verdictNs when the core had decided
     * @param ringNs    when its record was in the ring
     */
    void onOrder(int sessionId, int msgSeqNum, long orderId, long takenNs, long verdictNs, long ringNs);
}
