package weir.fix;

import io.aeron.Aeron;
import io.aeron.Subscription;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.RecordSeq;
import weir.fix.desk.RegeneratedReports;
import weir.fix.desk.StageTimes;
import weir.fix.desk.WallClock;
import weir.fix.logon.LogonLimits;
import weir.fix.tls.TlsOptions;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** What a {@link FixGateway} is launched with. Fluent; checked and frozen by {@link #conclude()}. */
public final class FixGatewayContext {
    private static final int MAX_DESKS = 1_024;

    private Aeron aeron;
    private String ingressChannel = "aeron:ipc?alias=client-ingress|term-length=1m";
    private String egressChannel = "aeron:ipc?alias=client-egress|term-length=1m";
    private Subscription egress;
    private DeskTransport transport = DeskTransport.WEIR;
    private boolean invoked;
    private StageTimes stageTimes;
    private Function<String, ThreadFactory> background = FixGatewayContext::daemon;
    private InetSocketAddress bindAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private TlsOptions tls;
    private String targetCompId = "WEIR";
    private Path storeDirectory;
    private Path rawLogDirectory;
    private EpochNanoClock clock = new SystemEpochNanoClock();
    private EpochNanoClock wallClock = new WallClock();
    private ErrorHandler errorHandler = FixGatewayContext::log;
    private IdleStrategy egressIdleStrategy = new BackoffIdleStrategy(10, 20, 1_000, 200_000);
    private LogonLimits logonLimits = LogonLimits.DEFAULT;
    private GatewayCounters counters = new GatewayCounters();
    private int ingressRetryUs = 2_000;
    private int inboundQueueLimit = 1_024;
    private int maxScheduledWrites = 10_000;
    private int resendSlice = 8;
    private int maxLatencyS = 120;
    private int deliveryProbeIntervalMs = 5_000;
    private final List<DeskConfig> desks = new ArrayList<>();
    private final Map<Integer, Integer> recoveredMsgSeqNums = new HashMap<>();
    private final Map<Integer, RecordSeq> lostStores = new HashMap<>();
    private RegeneratedReports regenerated;
    private boolean concluded;

    /**
     * Checks and freezes; also concludes the desks.
     *
     * @return this
     */
    public FixGatewayContext conclude() {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
        require(aeron != null, "aeron is missing");
        require(storeDirectory != null, "storeDirectory is missing");
        require(rawLogDirectory != null, "rawLogDirectory is missing");
        require(bindAddress.getAddress() != null, "bindAddress is not resolved");
        require(targetCompId.matches("[A-Za-z0-9_.-]{1,32}"), "targetCompId is malformed");
        require(!desks.isEmpty() && desks.size() <= MAX_DESKS, "between 1 and " + MAX_DESKS + " desks");
        require(ingressRetryUs >= 0 && ingressRetryUs <= 1_000_000, "ingressRetryUs is not within a second");
        require(inboundQueueLimit >= 2, "inboundQueueLimit is below 2");
        require(maxScheduledWrites >= 1, "maxScheduledWrites is below 1");
        require(resendSlice >= 1 && resendSlice <= 1_024, "resendSlice is not within 1 and 1024");
        require(maxLatencyS >= 1, "maxLatencyS is below 1");
        require(deliveryProbeIntervalMs >= 0, "deliveryProbeIntervalMs is negative");
        require(!invoked || transport == DeskTransport.WEIR, "only Weir's transport can be invoked");
        final Set<Object> seen = new HashSet<>();
        for (final DeskConfig desk : desks) {
            desk.conclude();
            require(seen.add(desk.sessionId()), "two desks have sessionId " + desk.sessionId());
            require(seen.add(desk.compId()), "two desks have compId " + desk.compId());
            require(!desk.compId().equals(targetCompId), "a desk has our own compId");
        }
        concluded = true;
        return this;
    }

    /**
     * Adds a desk.
     *
     * @param value concluded with this context
     * @return this
     */
    public FixGatewayContext desk(final DeskConfig value) {
        checkOpen();
        desks.add(value);
        return this;
    }

    /**
     * All desks.
     *
     * @return in the order they were added
     */
    public List<DeskConfig> desks() {
        return List.copyOf(desks);
    }

    /**
     * What the journal holds of a session: MsgSeqNum(34) of its last journaled message since its last journaled reset.
     * The next one is expected. Sessions that are not named here go by their store alone.
     *
     * @param sessionId of the desk
     * @param msgSeqNum 0 = none since the reset
     * @return this
     */
    public FixGatewayContext recoveredMsgSeqNum(final int sessionId, final int msgSeqNum) {
        checkOpen();
        recoveredMsgSeqNums.put(sessionId, msgSeqNum);
        return this;
    }

    /**
     * What the journal holds, by session id.
     *
     * @return last journaled MsgSeqNum(34)
     */
    public Map<Integer, Integer> recoveredMsgSeqNums() {
        return Map.copyOf(recoveredMsgSeqNums);
    }

    /**
     * Client outputs that the journal replay made again. What a session's store holds already is skipped.
     *
     * @param value collected during the replay
     * @return this
     */
    public FixGatewayContext regenerated(final RegeneratedReports value) {
        checkOpen();
        regenerated = value;
        return this;
    }

    /**
     * Client outputs that the journal replay made again.
     *
     * @return null = none
     */
    public RegeneratedReports regenerated() {
        return regenerated;
    }

    /**
     * A session whose store is gone. Its new store begins with all reports so far bound; News(B) tells the desk.
     *
     * @param sessionId of a desk
     * @param bound     {@link weir.fix.store.SessionStore#inPlaceOf(long)}
     * @return this
     */
    public FixGatewayContext lostStore(final int sessionId, final RecordSeq bound) {
        checkOpen();
        lostStores.put(sessionId, bound);
        return this;
    }

    /**
     * Sessions whose stores are gone.
     *
     * @return bound of the new store, by session id
     */
    public Map<Integer, RecordSeq> lostStores() {
        return Map.copyOf(lostStores);
    }

    /**
     * Aeron client; not closed by the gateway.
     *
     * @param value required
     * @return this
     */
    public FixGatewayContext aeron(final Aeron value) {
        checkOpen();
        aeron = value;
        return this;
    }

    /**
     * Aeron client; not closed by the gateway.
     *
     * @return value in force
     */
    public Aeron aeron() {
        return aeron;
    }

    /**
     * Channel of the client ingress stream.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext ingressChannel(final String value) {
        checkOpen();
        ingressChannel = value;
        return this;
    }

    /**
     * Channel of the client ingress stream.
     *
     * @return value in force
     */
    public String ingressChannel() {
        return ingressChannel;
    }

    /**
     * Channel of the client egress stream.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext egressChannel(final String value) {
        checkOpen();
        egressChannel = value;
        return this;
    }

    /**
     * Channel of the client egress stream.
     *
     * @return value in force
     */
    public String egressChannel() {
        return egressChannel;
    }

    /**
     * Subscription of the client egress stream that was made before the engine published; the gateway closes it. Needed
     * where another gateway takes the stream too: one that joins later misses what the other got.
     *
     * @param value default: made at launch
     * @return this
     */
    public FixGatewayContext egress(final Subscription value) {
        checkOpen();
        egress = value;
        return this;
    }

    /**
     * Subscription of the client egress stream.
     *
     * @return value in force; null = make one
     */
    public Subscription egress() {
        return egress;
    }

    /**
     * What carries the desks' bytes.
     *
     * @param value default Weir's own
     * @return this
     */
    public FixGatewayContext transport(final DeskTransport value) {
        checkOpen();
        transport = value;
        return this;
    }

    /**
     * What carries the desks' bytes.
     *
     * @return transport
     */
    public DeskTransport transport() {
        return transport;
    }

    /**
     * Where the time of a message goes, on Weir's transport.
     *
     * @param value recorded to; null, the default, measures nothing
     * @return this
     */
    public FixGatewayContext stageTimes(final StageTimes value) {
        checkOpen();
        stageTimes = value;
        return this;
    }

    /**
     * Where the time of a message goes.
     *
     * @return null when nothing is measured
     */
    public StageTimes stageTimes() {
        return stageTimes;
    }

    /**
     * Threads for what may wait while orders do not: the computations of handshakes, and proofs of Logons.
     *
     * @param value makes threads of a name, daemons; by default plain ones
     * @return this
     */
    public FixGatewayContext background(final Function<String, ThreadFactory> value) {
        checkOpen();
        background = value;
        return this;
    }

    Function<String, ThreadFactory> background() {
        return background;
    }

    /**
     * Whether the caller runs {@link FixGateway#agent()} on a thread of its own choice. Nothing waits on that thread;
     * after {@link FixGateway#close()} begins it is not run any more.
     *
     * @param value default false: the gateway starts a thread
     * @return this
     */
    public FixGatewayContext invoked(final boolean value) {
        checkOpen();
        invoked = value;
        return this;
    }

    /**
     * Whether the caller runs the duty cycle.
     *
     * @return true when launch starts no agent thread
     */
    public boolean invoked() {
        return invoked;
    }

    /**
     * Address to listen on; port 0 takes any free one.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext bindAddress(final InetSocketAddress value) {
        checkOpen();
        bindAddress = value;
        return this;
    }

    /**
     * Address to listen on; port 0 takes any free one.
     *
     * @return value in force
     */
    public InetSocketAddress bindAddress() {
        return bindAddress;
    }

    /**
     * TLS, or null for plain TCP.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext tls(final TlsOptions value) {
        checkOpen();
        tls = value;
        return this;
    }

    /**
     * TLS, or null for plain TCP.
     *
     * @return value in force
     */
    public TlsOptions tls() {
        return tls;
    }

    /**
     * Our CompID: TargetCompID(56) of desks.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext targetCompId(final String value) {
        checkOpen();
        targetCompId = value;
        return this;
    }

    /**
     * Our CompID: TargetCompID(56) of desks.
     *
     * @return value in force
     */
    public String targetCompId() {
        return targetCompId;
    }

    /**
     * Directory of the session stores.
     *
     * @param value required
     * @return this
     */
    public FixGatewayContext storeDirectory(final Path value) {
        checkOpen();
        storeDirectory = value;
        return this;
    }

    /**
     * Directory of the session stores.
     *
     * @return value in force
     */
    public Path storeDirectory() {
        return storeDirectory;
    }

    /**
     * Directory of the raw FIX logs.
     *
     * @param value required
     * @return this
     */
    public FixGatewayContext rawLogDirectory(final Path value) {
        checkOpen();
        rawLogDirectory = value;
        return this;
    }

    /**
     * Directory of the raw FIX logs.
     *
     * @return value in force
     */
    public Path rawLogDirectory() {
        return rawLogDirectory;
    }

    /**
     * Stamps arrivals, logons and raw log lines; epoch nanoseconds.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext clock(final EpochNanoClock value) {
        checkOpen();
        clock = value;
        return this;
    }

    /**
     * Stamps arrivals, logons and raw log lines; epoch nanoseconds.
     *
     * @return value in force
     */
    public EpochNanoClock clock() {
        return clock;
    }

    /**
     * Host's wall time, by which peers' timestamps are judged beside {@link #clock()}; epoch nanoseconds.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext wallClock(final EpochNanoClock value) {
        checkOpen();
        wallClock = value;
        return this;
    }

    /**
     * Host's wall time, by which peers' timestamps are judged beside {@link #clock()}; epoch nanoseconds.
     *
     * @return value in force
     */
    public EpochNanoClock wallClock() {
        return wallClock;
    }

    /**
     * Told of stores, logs and streams that fail; QuickFIX/J faults go to slf4j.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext errorHandler(final ErrorHandler value) {
        checkOpen();
        errorHandler = value;
        return this;
    }

    /**
     * Told of stores, logs and streams that fail; QuickFIX/J faults go to slf4j.
     *
     * @return value in force
     */
    public ErrorHandler errorHandler() {
        return errorHandler;
    }

    /**
     * How the gateway's agent waits when there is nothing to do.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext egressIdleStrategy(final IdleStrategy value) {
        checkOpen();
        egressIdleStrategy = value;
        return this;
    }

    /**
     * How the gateway's agent waits when there is nothing to do.
     *
     * @return value in force
     */
    public IdleStrategy egressIdleStrategy() {
        return egressIdleStrategy;
    }

    /**
     * Bounds on unproven peers.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext logonLimits(final LogonLimits value) {
        checkOpen();
        logonLimits = value;
        return this;
    }

    /**
     * Bounds on unproven peers.
     *
     * @return value in force
     */
    public LogonLimits logonLimits() {
        return logonLimits;
    }

    /**
     * What the gateway counts.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext counters(final GatewayCounters value) {
        checkOpen();
        counters = value;
        return this;
    }

    /**
     * What the gateway counts.
     *
     * @return value in force
     */
    public GatewayCounters counters() {
        return counters;
    }

    /**
     * How long a command is retried on a full ingress stream before it is answered GATEWAY_BUSY,
     * microseconds.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext ingressRetryUs(final int value) {
        checkOpen();
        ingressRetryUs = value;
        return this;
    }

    /**
     * How long a command is retried on a full ingress stream before it is answered GATEWAY_BUSY,
     * microseconds.
     *
     * @return value in force
     */
    public int ingressRetryUs() {
        return ingressRetryUs;
    }

    /**
     * Parsed messages of one desk that may wait; beyond it its socket is not read until half are done.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext inboundQueueLimit(final int value) {
        checkOpen();
        inboundQueueLimit = value;
        return this;
    }

    /**
     * Parsed messages of one desk that may wait; beyond it its socket is not read until half are done.
     *
     * @return value in force
     */
    public int inboundQueueLimit() {
        return inboundQueueLimit;
    }

    /**
     * Messages that may wait for a desk that does not read, before it is disconnected.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext maxScheduledWrites(final int value) {
        checkOpen();
        maxScheduledWrites = value;
        return this;
    }

    /**
     * Messages that may wait for a desk that does not read, before it is disconnected.
     *
     * @return value in force
     */
    public int maxScheduledWrites() {
        return maxScheduledWrites;
    }

    /**
     * Messages of one desk that a cycle sends of what the desk asked for again, or of reports that a reset left
     * unproven: a longer range takes many cycles, while others are served. Weir's transport.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext resendSlice(final int value) {
        checkOpen();
        resendSlice = value;
        return this;
    }

    /**
     * Messages of one desk that a cycle sends of what the desk asked for again.
     *
     * @return value in force
     */
    public int resendSlice() {
        return resendSlice;
    }

    /**
     * Distance of SendingTime(52) from our clock that is accepted, seconds.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext maxLatencyS(final int value) {
        checkOpen();
        maxLatencyS = value;
        return this;
    }

    /**
     * Distance of SendingTime(52) from our clock that is accepted, seconds.
     *
     * @return value in force
     */
    public int maxLatencyS() {
        return maxLatencyS;
    }

    /**
     * Time between two TestRequest(1) that ask a desk what it has, milliseconds; 0 = never.
     *
     * @param value see above
     * @return this
     */
    public FixGatewayContext deliveryProbeIntervalMs(final int value) {
        checkOpen();
        deliveryProbeIntervalMs = value;
        return this;
    }

    /**
     * Time between two TestRequest(1) that ask a desk what it has, milliseconds; 0 = never.
     *
     * @return value in force
     */
    public int deliveryProbeIntervalMs() {
        return deliveryProbeIntervalMs;
    }

    private void checkOpen() {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
    }

    private static void require(final boolean condition, final String message) {
        if (!condition) {
            throw new IllegalArgumentException("FIX gateway: " + message);
        }
    }

    /** Threads of a name that do not keep the JVM alive. */
    static ThreadFactory daemon(final String name) {
        return task -> {
            final Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void log(final Throwable error) {
        LoggerFactory.getLogger(FixGateway.class).error("FIX gateway error", error);
    }
}
