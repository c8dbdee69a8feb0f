package weir.entry;

import io.aeron.Aeron;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import weir.entry.client.ClientConfig;
import weir.entry.client.EntryCounters;
import weir.entry.logon.LogonLimits;
import weir.entry.session.LogonListener;
import weir.entry.session.SessionLimits;
import weir.entry.store.ReportStores;

/**
 * What the binary gateway needs. Fluent; frozen by {@link #conclude()}. Clients and the engine may stand on different
 * media drivers, and should: whoever may use the engine's driver may write to the engine without a logon.
 */
public final class EntryContext {
    private final List<ClientConfig> clients = new ArrayList<>();
    private final List<String> entryChannels = new ArrayList<>();
    private final Map<Integer, Integer> recovered = new HashMap<>();
    private Aeron clientAeron;
    private Aeron engineAeron;
    private String engineChannel = "aeron:ipc?term-length=1m";
    private Subscription reports;
    private ReportStores stores;
    private EpochNanoClock clock;
    private EpochNanoClock wallClock = SystemEpochNanoClock.INSTANCE;
    private ErrorHandler errorHandler;
    private EntryCounters counters = new EntryCounters();
    private LogonLimits logonLimits = LogonLimits.DEFAULT;
    private SessionLimits sessionLimits = SessionLimits.DEFAULT;
    private LogonListener logonListener = (keyId, source, outcome) -> { };
    private long busyAfterNs = TimeUnit.MILLISECONDS.toNanos(50);
    private int responseTermLength = 256 * 1024;
    private int fragmentLimit = 16;
    private int reportLimit = 32;
    private boolean concluded;

    /** An empty context. */
    public EntryContext() {
        // Defaults only.
    }

    /**
     * Checks and freezes.
     *
     * @return this
     */
    public EntryContext conclude() {
        if (clientAeron == null || engineAeron == null || stores == null || clock == null || errorHandler == null) {
            throw new IllegalArgumentException(
                "clientAeron, engineAeron, stores, clock and errorHandler are required");
        }
        if (clients.isEmpty() || entryChannels.isEmpty()) {
            throw new IllegalArgumentException("at least one client and one entry channel are required");
        }
        if (busyAfterNs < 0 || fragmentLimit < 1 || reportLimit < 1 || Integer.bitCount(responseTermLength) != 1
            || responseTermLength < 64 * 1024) {
            throw new IllegalArgumentException("busyAfterNs, limits or responseTermLength out of range");
        }
        for (final ClientConfig client : clients) {
            if (stores.of(client.sessionId()) == null) {
                throw new IllegalArgumentException("no report store for session " + client.sessionId());
            }
        }
        concluded = true;
        return this;
    }

    /**
     * Aeron client of the driver that clients stand on; owned by the caller.
     *
     * @param value client
     * @return this
     */
    public EntryContext clientAeron(final Aeron value) {
        clientAeron = open(value);
        return this;
    }

    /**
     * Aeron client of the engine's driver; owned by the caller.
     *
     * @param value client
     * @return this
     */
    public EntryContext engineAeron(final Aeron value) {
        engineAeron = open(value);
        return this;
    }

    /**
     * Channel of the engine's streams; default {@code aeron:ipc?term-length=1m}.
     *
     * @param value channel URI
     * @return this
     */
    public EntryContext engineChannel(final String value) {
        engineChannel = open(value);
        return this;
    }

    /**
     * Subscription of {@link weir.protocol.Streams#CLIENT_EGRESS} that was made before the engine published; the agent
     * closes it. Needed where another gateway takes the stream too: one that joins later misses what the other got.
     *
     * @param value default: made when the agent starts
     * @return this
     */
    public EntryContext reports(final Subscription value) {
        reports = open(value);
        return this;
    }

    /**
     * Adds a channel on which clients come, stream {@link weir.protocol.Streams#CLIENT_ENTRY}.
     *
     * @param value channel URI: {@code aeron:ipc}, {@code aeron:udp?endpoint=address:port}
     * @return this
     */
    public EntryContext entryChannel(final String value) {
        entryChannels.add(open(value));
        return this;
    }

    /**
     * Adds a client.
     *
     * @param value client
     * @return this
     */
    public EntryContext client(final ClientConfig value) {
        clients.add(open(value));
        return this;
    }

    /**
     * Last command of a session that the journal holds; 0 when nothing is said.
     *
     * @param sessionId of a client
     * @param msgSeqNum MsgSeqNum(34)
     * @return this
     */
    public EntryContext recoveredMsgSeqNum(final int sessionId, final int msgSeqNum) {
        recovered.put(sessionId, open(msgSeqNum));
        return this;
    }

    /**
     * Report stores, opened before the journal was replayed; closed by the agent.
     *
     * @param value stores
     * @return this
     */
    public EntryContext stores(final ReportStores value) {
        stores = open(value);
        return this;
    }

    /**
     * Epoch clock that never steps back.
     *
     * @param value clock
     * @return this
     */
    public EntryContext clock(final EpochNanoClock value) {
        clock = open(value);
        return this;
    }

    /**
     * Host's wall time, steps included, by which the age of a logon is judged beside {@link #clock(EpochNanoClock)}.
     *
     * @param value default: the system's
     * @return this
     */
    public EntryContext wallClock(final EpochNanoClock value) {
        wallClock = open(value);
        return this;
    }

    /**
     * Told of faults of ours and of stores that fail.
     *
     * @param value handler
     * @return this
     */
    public EntryContext errorHandler(final ErrorHandler value) {
        errorHandler = open(value);
        return this;
    }

    /**
     * Counters.
     *
     * @param value counters
     * @return this
     */
    public EntryContext counters(final EntryCounters value) {
        counters = open(value);
        return this;
    }

    /**
     * Bounds on logons; default {@link LogonLimits#DEFAULT}.
     *
     * @param value limits
     * @return this
     */
    public EntryContext logonLimits(final LogonLimits value) {
        logonLimits = open(value);
        return this;
    }

    /**
     * Bounds of sessions; default {@link SessionLimits#DEFAULT}.
     *
     * @param value limits
     * @return this
     */
    public EntryContext sessionLimits(final SessionLimits value) {
        sessionLimits = open(value);
        return this;
    }

    /**
     * Told of every logon.
     *
     * @param value listener
     * @return this
     */
    public EntryContext logonListener(final LogonListener value) {
        logonListener = open(value);
        return this;
    }

    /**
     * How long a command may wait for the engine before it is answered GATEWAY_BUSY; default 50 ms.
     *
     * @param value ns
     * @return this
     */
    public EntryContext busyAfterNs(final long value) {
        busyAfterNs = open(value);
        return this;
    }

    /**
     * Term length of each client's response publication; default 256 KiB.
     *
     * @param value bytes, a power of two from 64 KiB
     * @return this
     */
    public EntryContext responseTermLength(final int value) {
        responseTermLength = open(value);
        return this;
    }

    /**
     * Most frames taken from one entry channel per cycle; default 16.
     *
     * @param value count
     * @return this
     */
    public EntryContext fragmentLimit(final int value) {
        fragmentLimit = open(value);
        return this;
    }

    /**
     * Most reports taken from the engine per cycle; default 32.
     *
     * @param value count
     * @return this
     */
    public EntryContext reportLimit(final int value) {
        reportLimit = open(value);
        return this;
    }

    List<ClientConfig> clients() {
        return clients;
    }

    List<String> entryChannels() {
        return entryChannels;
    }

    Aeron clientAeron() {
        return clientAeron;
    }

    Aeron engineAeron() {
        return engineAeron;
    }

    String engineChannel() {
        return engineChannel;
    }

    Subscription reports() {
        return reports;
    }

    ReportStores stores() {
        return stores;
    }

    EpochNanoClock clock() {
        return clock;
    }

    EpochNanoClock wallClock() {
        return wallClock;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }

    EntryCounters counters() {
        return counters;
    }

    LogonLimits logonLimits() {
        return logonLimits;
    }

    SessionLimits sessionLimits() {
        return sessionLimits;
    }

    LogonListener logonListener() {
        return logonListener;
    }

    long busyAfterNs() {
        return busyAfterNs;
    }

    int responseTermLength() {
        return responseTermLength;
    }

    int fragmentLimit() {
        return fragmentLimit;
    }

    int reportLimit() {
        return reportLimit;
    }

    int recoveredMsgSeqNum(final int sessionId) {
        return recovered.getOrDefault(sessionId, 0);
    }

    private <T> T open(final T value) {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
        return value;
    }
}
