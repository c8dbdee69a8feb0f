package weir.fix.logon;

/** What the gate tells and asks the sessions behind it. Called on the connections' threads and on the logon thread. */
public interface GateListener {
    /**
     * A message of a proven peer arrived, garbled ones included; called before anything acts on it.
     *
     * @param compId  of the desk
     * @param message raw FIX
     */
    void onInbound(String compId, String message);

    /**
     * Asks whether the desk's session has no connection.
     *
     * @param compId of the desk
     * @return true when a connection can be bound to it
     */
    boolean isFree(String compId);

    /**
     * The desk's connection is about to be ended in favour of a later one.
     *
     * @param compId of the desk
     */
    void onReplacing(String compId);
}
