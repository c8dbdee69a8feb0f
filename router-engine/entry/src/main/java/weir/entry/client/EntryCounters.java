package weir.entry.client;

import java.util.concurrent.atomic.AtomicLongArray;

/** What the binary gateway counts. Written by its agent, read by any thread. */
public final class EntryCounters {
    /** One count. */
    public enum Counter {
        /** Logons that proved their key and were told so. */
        LOGONS,
        /** Logons refused, for whatever cause. */
        LOGONS_REFUSED,
        /** Logons that were not even answered: too many at once, or no place where an answer may go. */
        LOGONS_UNANSWERED,
        /** Sessions taken over by a second proven logon. */
        REPLACED,
        /** Commands handed to the engine. */
        COMMANDS,
        /** Commands answered with GATEWAY_BUSY. */
        BUSY,
        /** Polls given back to Aeron because the engine's stream was full. */
        ABORTED,
        /** Frames with a wrong schema, version, length or enum. */
        MALFORMED,
        /** Frames of a publication that is not logged on. */
        UNBOUND,
        /** Commands that named a session that is not the sender's. */
        NOT_YOURS,
        /** Sessions ended for a number too high. */
        SEQUENCE_GAPS,
        /** Sessions ended for a number too low. */
        SEQUENCE_TOO_LOW,
        /** Sessions ended for silence. */
        HEARTBEAT_TIMEOUTS,
        /** Sessions ended because reports were not taken. */
        SLOW_CONSUMERS,
        /** Sessions ended because the client went away. */
        CONNECTIONS_LOST,
        /** Reports numbered and stored. */
        REPORTS,
        /** Reports that the store held already. */
        REPORTS_DUPLICATE,
        /** Reports sent again. */
        REPORTS_REPLAYED,
        /** Frames from the engine with a wrong schema, template or length. */
        REPORTS_MALFORMED,
        /** Times a report store could not be written or read. */
        STORE_FAILURES,
        /** Faults of ours while a frame was handled. */
        FAULTS
    }

    private static final Counter[] ALL = Counter.values();

    private final AtomicLongArray values = new AtomicLongArray(ALL.length);

    /**
     * Adds one.
     *
     * @param counter which
     */
    public void increment(final Counter counter) {
        final int index = counter.ordinal();
        values.lazySet(index, values.get(index) + 1);
    }

    /**
     * Reads one.
     *
     * @param counter which
     * @return count since start
     */
    public long get(final Counter counter) {
        return values.get(counter.ordinal());
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (final Counter counter : ALL) {
            if (get(counter) != 0) {
                text.append(counter).append('=').append(get(counter)).append(' ');
            }
        }
        return text.toString().trim();
    }
}
