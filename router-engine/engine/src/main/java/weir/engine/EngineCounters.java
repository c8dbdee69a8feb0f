package weir.engine;

import io.aeron.Aeron;
import io.aeron.Counter;

/** Aeron counters of the agent, seen by AeronStat. Written by the engine thread. */
public final class EngineCounters implements AutoCloseable {
    /** Type id of the first counter. */
    public static final int TYPE_ID_BASE = 1000;

    final Counter records;
    final Counter ignored;
    final Counter malformed;
    final Counter aborted;
    final Counter venueMessages;
    final Counter clientMessages;
    final Counter backPressure;
    final Counter openOrders;

    /**
     * Adds the counters.
     *
     * @param aeron client
     */
    public EngineCounters(final Aeron aeron) {
        records = aeron.addCounter(TYPE_ID_BASE, "weir engine: records");
        ignored = aeron.addCounter(TYPE_ID_BASE + 1, "weir engine: inputs that changed nothing");
        malformed = aeron.addCounter(TYPE_ID_BASE + 2, "weir engine: malformed frames");
        aborted = aeron.addCounter(TYPE_ID_BASE + 3, "weir engine: polls aborted for room");
        venueMessages = aeron.addCounter(TYPE_ID_BASE + 4, "weir engine: messages to venues");
        clientMessages = aeron.addCounter(TYPE_ID_BASE + 5, "weir engine: messages to clients");
        backPressure = aeron.addCounter(TYPE_ID_BASE + 6, "weir engine: sends held by back-pressure");
        openOrders = aeron.addCounter(TYPE_ID_BASE + 7, "weir engine: open orders");
    }

    @Override
    public void close() {
        records.close();
        ignored.close();
        malformed.close();
        aborted.close();
        venueMessages.close();
        clientMessages.close();
        backPressure.close();
        openOrders.close();
    }
}
