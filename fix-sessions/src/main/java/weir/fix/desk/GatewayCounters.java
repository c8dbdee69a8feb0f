package weir.fix.desk;

import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the gateway counted since it started. Safe from any thread. */
public final class GatewayCounters {
    /** Names of the counters. */
    public enum Counter {
        /** Connections accepted. */
        CONNECTIONS,
        /** Connections closed before Logon: the address is in no desk's allow-list, or there are too many. */
        CONNECTIONS_REFUSED,
        /** Connections closed because no Logon came in time. */
        LOGON_TIMEOUTS,
        /** Logons proven. */
        LOGONS_ACCEPTED,
        /** Logons refused, whatever the cause. */
        LOGONS_REFUSED,
        /** Connections replaced by a later proven Logon of the same desk. */
        SESSIONS_REPLACED,
        /** Messages with a wrong checksum or form, ignored as FIX prescribes. */
        GARBLED,
        /** Connections closed because a message did not end within the size limit. */
        OVERSIZED,
        /** Messages answered with Reject(3) or, by the session layer, with BusinessMessageReject(j). */
        SESSION_REJECTS,
        /** Application messages of a type FIX knows and Weir does not take. */
        UNSUPPORTED,
        /** Commands handed to the engine. */
        COMMANDS,
        /** Commands refused with GATEWAY_BUSY. */
        BUSY,
        /** Reports stored and sent. */
        REPORTS,
        /** Reports that the session already held. */
        REPORTS_DUPLICATE,
        /** Reports for a session that is not configured here. */
        REPORTS_UNROUTED,
        /** Reports that could not be translated or sent because of a fault of ours. */
        REPORTS_FAILED,
        /** Frames from the engine with a wrong schema, template or length. */
        FRAMES_MALFORMED,
        /** Reports sent again with PossResend(97)=Y. */
        POSS_RESENDS,
        /** Times the session store could not be written. */
        STORE_FAILURES,
        /** Connections closed because the desk did not read. */
        SLOW_CONSUMERS,
        /** Messages in that took the fast lane. */
        FAST_IN,
        /** Messages in that QuickFIX/J took. */
        SLOW_IN,
        /** Reports that the fast lane encoded. */
        FAST_OUT,
        /** Messages that QuickFIX/J made and sent. */
        SLOW_OUT
    }

    private final AtomicLongArray values = new AtomicLongArray(Counter.values().length);
    /** What owners counted. */
    private final AtomicLongArray owned = new AtomicLongArray(Counter.values().length);

    /** All zero. */
    public GatewayCounters() {
        // An array of zeros.
    }

    /**
     * Adds one.
     *
     * @param counter which
     */
    public void increment(final Counter counter) {
        values.getAndIncrement(counter.ordinal());
    }

    /**
     * Adds one, without an atomic operation: for the one thread that owns the counter. Others may {@link #increment} it
     * at the same time.
     *
     * @param counter which
     */
    public void incrementOwned(final Counter counter) {
        final int index = counter.ordinal();
        owned.setRelease(index, owned.getPlain(index) + 1);
    }

    /**
     * Reads one.
     *
     * @param counter which
     * @return count since start
     */
    public long get(final Counter counter) {
        return values.get(counter.ordinal()) + owned.get(counter.ordinal());
    }

    @Override
    public String toString() {
        final StringJoiner text = new StringJoiner(", ", "{", "}");
        for (final Counter counter : Counter.values()) {
            text.add(counter + "=" + get(counter));
        }
        return text.toString();
    }
}
