package weir.sim.coinbase;

/**
 * One API key across its connections: its account, its logged-on session if any, and what was sent to it. The monitor
 * guards which session is current.
 */
final class KeyState {
    private static final long DAY_NS = 86_400L * 1_000_000_000L;

    private final VenueAccount account;
    private final OutboundStore store;
    private final SessionStats stats = new SessionStats();
    private final MessageTimes logonTimes = new MessageTimes();
    private FixSession current;
    private long lastSeenNs = Long.MIN_VALUE;

    KeyState(final VenueAccount account, final long retentionNs) {
        this.account = account;
        this.store = new OutboundStore(retentionNs);
    }

    VenueAccount account() {
        return account;
    }

    OutboundStore store() {
        return store;
    }

    SessionStats stats() {
        return stats;
    }

    /** Counts a logon attempt and returns how many there were in the second that ends now. */
    synchronized int onLogonAttempt(final long nowNs) {
        return logonTimes.add(nowNs);
    }

    /** Makes a session current. @return false if another one is logged on. */
    synchronized boolean tryAttach(final FixSession session) {
        if (current != null) {
            return false;
        }
        current = session;
        return true;
    }

    synchronized void detach(final FixSession session, final long nowNs) {
        if (current == session) {
            current = null;
            lastSeenNs = nowNs;
        }
    }

    /** Whether the numbers start anew because the key was never logged on, or not for a day. */
    synchronized boolean isStale(final long nowNs) {
        return lastSeenNs == Long.MIN_VALUE || nowNs - lastSeenNs > DAY_NS;
    }

    /** The logged-on session, or null. */
    synchronized FixSession current() {
        return current;
    }

    /** Queues a report for the session, or keeps it for a resume when none is logged on. */
    synchronized void deliver(final FixBody body, final long nowNs) {
        if (current != null && !current.isDropCopy()) {
            current.send(body);
        } else {
            store.append(body, true, FixTime.format(nowNs, 6), nowNs);
        }
    }
}
