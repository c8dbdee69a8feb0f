package weir.sim.market;

/**
 * One failure mode that a control API can set. A count applies to the next n occasions (negative: to all), a value
 * holds until it is changed, a switch is 0 or 1. Implemented by an enum of each venue.
 */
public interface FaultMode {
    /** Its name in the control API. */
    String key();

    /** A name that it had before and that is still taken. */
    default String formerKey() {
        return key();
    }

    /** What it is until somebody sets it; also what a session sees that the plan is not limited to. */
    default long initialValue() {
        return 0;
    }

    /** The least value that can be set. */
    default long valueMin() {
        return Long.MIN_VALUE;
    }

    /** The greatest value that can be set. */
    default long valueMax() {
        return Long.MAX_VALUE;
    }
}
