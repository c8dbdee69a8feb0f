package weir.entry.ingress;

/**
 * How long the engine's stream has been full: at first a command waits in the client's stream, past a bound it is
 * answered. One thread.
 */
public final class Pressure {
    private final long boundNs;
    private long sinceNs;

    /**
     * @param boundNs how long a command may wait
     */
    public Pressure(final long boundNs) {
        this.boundNs = boundNs;
    }

    /** A command went through. */
    public void onTaken() {
        sinceNs = 0;
    }

    /**
     * A command did not go through.
     *
     * @param nowNs epoch ns
     * @return true to leave it in the client's stream, false to answer that we are busy
     */
    public boolean mayWait(final long nowNs) {
        if (sinceNs == 0) {
            sinceNs = nowNs;
        }
        return nowNs - sinceNs < boundNs;
    }
}
