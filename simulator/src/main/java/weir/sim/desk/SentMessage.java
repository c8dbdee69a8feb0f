package weir.sim.desk;

/**
 * One message the desk handed to its session.
 *
 * @param msgType   MsgType(35)
 * @param msgSeqNum MsgSeqNum(34) it got
 * @param clOrdId   ClOrdID(11), or null
 * @param nanoTime  {@link System#nanoTime()} just before the hand-over
 * @param onWire    false when the session was not logged on at that moment: the message is in the session's store and
 * leaves when the counterparty asks for the gap
 */
public record SentMessage(String msgType, int msgSeqNum, String clOrdId, long nanoTime, boolean onWire) {
}
