package weir.sim.coinbase;

/** Where the venue's one second windows begin. The venue documents a fixed window but not its alignment. */
public enum WindowAlignment {
    /** Windows begin on whole seconds of the epoch. */
    EPOCH_SECOND,
    /** Windows begin with the first message of the session. */
    SESSION_START,
    /** Stricter than the venue: the limits hold in any sliding second. */
    SLIDING
}
