package weir.sim.desk;

/** When a desk asks for both sequence numbers to start at 1 again, by ResetSeqNumFlag(141) = Y on its Logon(A). */
public enum ResetMode {
    /** Never: sequence numbers go on from the store. */
    NEVER,
    /** On the first Logon of this client; later reconnects go on. */
    FIRST_LOGON,
    /** On every Logon. Reports missed while away are not resent by the FIX session. */
    EVERY_LOGON
}
