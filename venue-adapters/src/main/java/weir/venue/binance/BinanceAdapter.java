package weir.venue.binance;

import io.aeron.Aeron;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.sbe.LimitScope;
import weir.venue.EventQueue;
import weir.venue.Lesson;
import weir.venue.WireCosts;
import weir.venue.WireLimits;

/**
 * Binance Spot order entry for any number of accounts: a WebSocket for each, one HTTP client with kept-alive HTTP/1.1
 * connections for what falls back to REST, one agent thread for everything about orders. {@link #launch(Context)}
 * starts it, {@link #close()} ends it.
 */
public final class BinanceAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BinanceAdapter.class);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final BinanceCounters counters = new BinanceCounters();
    private final ExecutorService httpThreads;
    private final BinanceAgent agent;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private BinanceAdapter(final Context context) {
        final EventQueue events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "binance-http");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(context.connectTimeoutMs())).executor(httpThreads).build();
        agent = new BinanceAgent(context, client, events, counters);
        if (context.invoked()) {
            runner = null;
            invoker = null;
        } else if (context.useInvoker()) {
            runner = null;
            invoker = new AgentInvoker(context.errorHandler(), null, agent);
        } else {
            runner = new AgentRunner(context.idleStrategy(), context.errorHandler(), null, agent);
            invoker = null;
        }
    }

    /**
     * Starts an adapter; returns before any account is up.
     *
     * @param context its settings, concluded here
     * @return the running adapter
     * @throws IllegalArgumentException naming every wrong setting
     */
    public static BinanceAdapter launch(final Context context) {
        context.conclude();
        final BinanceAdapter adapter = new BinanceAdapter(context);
        if (adapter.invoker != null) {
            adapter.invoker.start();
        } else if (context.invoked()) {
            return adapter;
        } else if (context.threadFactory() != null) {
            AgentRunner.startOnThread(adapter.runner, context.threadFactory());
        } else {
            AgentRunner.startOnThread(adapter.runner);
        }
        return adapter;
    }

    /**
     * Reads a counter; any thread.
     *
     * @param counter which
     * @return its value
     */
    public long counter(final BinanceCounter counter) {
        return counters.get(counter);
    }

    /**
     * The duty cycle, where {@link Context#useInvoker(boolean)} gave it to the caller's thread.
     *
     * @return the invoker, null otherwise
     */
    public AgentInvoker invoker() {
        return invoker;
    }

    /**
     * The duty cycle, where {@link Context#invoked(boolean)} gave it to an agent of the caller's. The caller's thread
     * calls {@link Agent#onStart()}, {@link Agent#doWork()} and {@link Agent#onClose()}; the last leaves the venue in
     * order. HTTP and the sockets stay on threads of their own.
     *
     * @return the agent, null otherwise
     */
    public Agent agent() {
        return runner == null && invoker == null ? agent : null;
    }

    /**
     * Waits for what is with the venue, tells the engine, and ends all threads; bounded. The Aeron client stays its
     * owner's. Where the duty cycle is the caller's, the caller's thread has ended it or is the one that calls this.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (runner == null && invoker == null) {
            agent.onClose();
            httpThreads.shutdownNow();
            return;
        }
        agent.leave();
        await(agent::isLeft);
        agent.end();
        await(agent::isDrained);
        if (invoker == null) {
            runner.close();
        } else {
            invoker.close();
        }
        httpThreads.shutdownNow();
    }

    private void await(final BooleanSupplier done) {
        final long deadlineNs = System.nanoTime() + CLOSE_NS;
        do {
            if (invoker != null) {
                invoker.invoke();
            }
            LockSupport.parkNanos(1_000_000L);
        } while (!done.getAsBoolean() && !isClosed() && System.nanoTime() - deadlineNs < 0);
    }

    private boolean isClosed() {
        return invoker != null ? invoker.isClosed() : runner.isClosed();
    }

    /**
     * Settings of an adapter. Fluent; frozen by {@link #conclude()}, which reports all mistakes at once. Venue limits
     * are those of the documents' examples until the venue states its own.
     */
    public static final class Context {
        private final List<BinanceAccount> accounts = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-binance";
        private int weightLimit = 6_000;
        private int rawLimit = 61_000;
        private int connectLimit = 300;
        private int orders10s = 50;
        private int orders1d = 160_000;
        private int limitPercent = 98;
        private int cancelReserve = 600;
        private long windowSkewMs = 500;
        private long orderSkewMs = 250;
        private int weightLimitId = 0;
        private int orders10sLimitId = 0;
        private int orders1dLimitId = 0;
        private long readingEveryMs = 250;
        private List<Lesson> lessons = List.of(Lesson.barByRetryAfter(List.of(429, 418), LimitScope.IP),
            new Lesson(Lesson.Source.BODY, "error.data.retryAfter", List.of(429, 418), List.of(), Lesson.Sets.BAR,
                Lesson.Unit.EPOCH_MS, 0, LimitScope.IP, 0, 0),
            Lesson.barByStatus(429, LimitScope.IP), Lesson.barByStatus(418, LimitScope.IP));
        private long recvWindowMs = 3_000;
        private long settleMs = 4_500;
        private int inFlightMax = 64;
        private long connectTimeoutMs = 2_000;
        private long requestTimeoutMs = 5_000;
        private boolean restFallback = true;
        private long fallbackAfterMs = 300;
        private long switchMaxMs = 3_000;
        private long newsWaitMs = 1_500;
        private int laneCapacity = 1_024;
        private int outboxCapacity = 8_192;
        private int eventCapacity = 65_536;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private int failuresToDown = 3;
        private long pollMs = 2_000;
        private long fillsGraceMs = 500;
        private long queryTimeoutMs = 10_000;
        private long silenceMs = 45_000;
        private long connectionLifeMs = 84_600_000;
        private long clockEveryMs = 10_000;
        private long clockAlarmMs = 500;
        private long clockRoundTripMaxMs = 2_000;
        private long termsEveryMs = 3_600_000;
        private long orderRetentionMs = 600_000;
        private int finalOrdersMax = 200_000;
        private boolean useInvoker = false;
        private boolean invoked = false;
        private IdleStrategy idleStrategy;
        private ThreadFactory threadFactory;
        private ErrorHandler errorHandler;
        private EpochNanoClock epochClock;
        private WireRules rules = new WireRules();
        private WireLimits wireLimits = WireLimits.none();
        private WireCosts weights = WireCosts.NONE;
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         * @throws IllegalArgumentException {@code BINANCE_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("BINANCE_CONFIG " + String.join("; ", errors));
            }
            if (idleStrategy == null) {
                idleStrategy = new BackoffIdleStrategy(10, 5, 1_000L, 200_000L);
            }
            if (errorHandler == null) {
                errorHandler = failure -> LOG.error("adapter", failure);
            }
            if (epochClock == null) {
                epochClock = new SystemEpochNanoClock();
            }
            concluded = true;
            return this;
        }

        /**
         * Adds an account.
         *
         * @param account one API key
         * @return this
         */
        public Context account(final BinanceAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<BinanceAccount> accounts() {
            return List.copyOf(accounts);
        }

        /**
         * Weights of the contract. Default: those that the venue documents.
         *
         * @param newWeights by the venue's name of a request
         * @return this
         */
        public Context weights(final WireCosts newWeights) {
            weights = newWeights;
            return this;
        }

        /**
         * See {@link #weights(WireCosts)}.
         *
         * @return weights
         */
        public WireCosts weights() {
            return weights;
        }

        /**
         * Limits of the contract on connections, logons, subscriptions and feed messages. Default: none.
         *
         * @param newWireLimits those of the venue, which its market data shares
         * @return this
         */
        public Context wireLimits(final WireLimits newWireLimits) {
            wireLimits = newWireLimits;
            return this;
        }

        /**
         * See {@link #wireLimits(WireLimits)}.
         *
         * @return limits
         */
        public WireLimits wireLimits() {
            return wireLimits;
        }

        /** Client whose driver carries the streams; stays its owner's. */
        public Context aeron(final Aeron newAeron) {
            aeron = newAeron;
            return this;
        }

        /** See {@link #aeron(Aeron)}. */
        public Aeron aeron() {
            return aeron;
        }

        /** Channel of VENUE_INGRESS. */
        public Context venueIngressChannel(final String newVenueIngressChannel) {
            venueIngressChannel = newVenueIngressChannel;
            return this;
        }

        /** See {@link #venueIngressChannel(String)}. */
        public String venueIngressChannel() {
            return venueIngressChannel;
        }

        /** Channel of VENUE_EGRESS. */
        public Context venueEgressChannel(final String newVenueEgressChannel) {
            venueEgressChannel = newVenueEgressChannel;
            return this;
        }

        /** See {@link #venueEgressChannel(String)}. */
        public String venueEgressChannel() {
            return venueEgressChannel;
        }

        /**
         * Weight per minute and address, until the venue states its own.
         *
         * @param newWeightLimit value
         * @return this
         */
        public Context weightLimit(final int newWeightLimit) {
            weightLimit = newWeightLimit;
            return this;
        }

        /**
         * See {@link #weightLimit(int)}.
         *
         * @return value
         */
        public int weightLimit() {
            return weightLimit;
        }

        /**
         * REST requests per five minutes and address, until the venue states its own.
         *
         * @param newRawLimit value
         * @return this
         */
        public Context rawLimit(final int newRawLimit) {
            rawLimit = newRawLimit;
            return this;
        }

        /**
         * See {@link #rawLimit(int)}.
         *
         * @return value
         */
        public int rawLimit() {
            return rawLimit;
        }

        /**
         * Connections per five minutes and address, until the venue states its own.
         *
         * @param newConnectLimit value
         * @return this
         */
        public Context connectLimit(final int newConnectLimit) {
            connectLimit = newConnectLimit;
            return this;
        }

        /**
         * See {@link #connectLimit(int)}.
         *
         * @return value
         */
        public int connectLimit() {
            return connectLimit;
        }

        /**
         * Unfilled orders per ten seconds and account, until the venue states its own.
         *
         * @param newOrders10s value
         * @return this
         */
        public Context orders10s(final int newOrders10s) {
            orders10s = newOrders10s;
            return this;
        }

        /**
         * See {@link #orders10s(int)}.
         *
         * @return value
         */
        public int orders10s() {
            return orders10s;
        }

        /**
         * Unfilled orders per day and account, until the venue states its own.
         *
         * @param newOrders1d value
         * @return this
         */
        public Context orders1d(final int newOrders1d) {
            orders1d = newOrders1d;
            return this;
        }

        /**
         * See {@link #orders1d(int)}.
         *
         * @return value
         */
        public int orders1d() {
            return orders1d;
        }

        /**
         * How much of a limit is used.
         *
         * @param newLimitPercent value
         * @return this
         */
        public Context limitPercent(final int newLimitPercent) {
            limitPercent = newLimitPercent;
            return this;
        }

        /**
         * See {@link #limitPercent(int)}.
         *
         * @return value
         */
        public int limitPercent() {
            return limitPercent;
        }

        /**
         * Weight that only cancels may use.
         *
         * @param newCancelReserve value
         * @return this
         */
        public Context cancelReserve(final int newCancelReserve) {
            cancelReserve = newCancelReserve;
            return this;
        }

        /**
         * See {@link #cancelReserve(int)}.
         *
         * @return value
         */
        public int cancelReserve() {
            return cancelReserve;
        }

        /**
         * How near a window's edge a request counts on both sides of it.
         *
         * @param newWindowSkewMs value
         * @return this
         */
        public Context windowSkewMs(final long newWindowSkewMs) {
            windowSkewMs = newWindowSkewMs;
            return this;
        }

        /**
         * See {@link #windowSkewMs(long)}.
         *
         * @return value
         */
        public long windowSkewMs() {
            return windowSkewMs;
        }

        /**
         * The same for the windows of the order count.
         *
         * @param newOrderSkewMs value
         * @return this
         */
        public Context orderSkewMs(final long newOrderSkewMs) {
            orderSkewMs = newOrderSkewMs;
            return this;
        }

        /**
         * See {@link #orderSkewMs(long)}.
         *
         * @return value
         */
        public long orderSkewMs() {
            return orderSkewMs;
        }

        /**
         * Limit of the contract that the used weight is told for; 0 = not told.
         *
         * @param newWeightLimitId value
         * @return this
         */
        public Context weightLimitId(final int newWeightLimitId) {
            weightLimitId = newWeightLimitId;
            return this;
        }

        /**
         * See {@link #weightLimitId(int)}.
         *
         * @return value
         */
        public int weightLimitId() {
            return weightLimitId;
        }

        /**
         * Limit of the contract that the order count of ten seconds is told for; 0 = not told.
         *
         * @param newOrders10sLimitId value
         * @return this
         */
        public Context orders10sLimitId(final int newOrders10sLimitId) {
            orders10sLimitId = newOrders10sLimitId;
            return this;
        }

        /**
         * See {@link #orders10sLimitId(int)}.
         *
         * @return value
         */
        public int orders10sLimitId() {
            return orders10sLimitId;
        }

        /**
         * Limit of the contract that the order count of a day is told for; 0 = not told.
         *
         * @param newOrders1dLimitId value
         * @return this
         */
        public Context orders1dLimitId(final int newOrders1dLimitId) {
            orders1dLimitId = newOrders1dLimitId;
            return this;
        }

        /**
         * See {@link #orders1dLimitId(int)}.
         *
         * @return value
         */
        public int orders1dLimitId() {
            return orders1dLimitId;
        }

        /**
         * Least pause between two readings of one limit told to the engine.
         *
         * @param newReadingEveryMs value
         * @return this
         */
        public Context readingEveryMs(final long newReadingEveryMs) {
            readingEveryMs = newReadingEveryMs;
            return this;
        }

        /**
         * See {@link #readingEveryMs(long)}.
         *
         * @return value
         */
        public long readingEveryMs() {
            return readingEveryMs;
        }

        /**
         * recvWindow of every signed request.
         *
         * @param newRecvWindowMs value
         * @return this
         */
        public Context recvWindowMs(final long newRecvWindowMs) {
            recvWindowMs = newRecvWindowMs;
            return this;
        }

        /**
         * See {@link #recvWindowMs(long)}.
         *
         * @return value
         */
        public long recvWindowMs() {
            return recvWindowMs;
        }

        /**
         * After so long a request without an answer can no more be taken in: recvWindow and some more.
         *
         * @param newSettleMs value
         * @return this
         */
        public Context settleMs(final long newSettleMs) {
            settleMs = newSettleMs;
            return this;
        }

        /**
         * See {@link #settleMs(long)}.
         *
         * @return value
         */
        public long settleMs() {
            return settleMs;
        }

        /**
         * Requests of an account with the venue at once.
         *
         * @param newInFlightMax value
         * @return this
         */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /**
         * See {@link #inFlightMax(int)}.
         *
         * @return value
         */
        public int inFlightMax() {
            return inFlightMax;
        }

        /**
         * Connecting, TLS included.
         *
         * @param newConnectTimeoutMs value
         * @return this
         */
        public Context connectTimeoutMs(final long newConnectTimeoutMs) {
            connectTimeoutMs = newConnectTimeoutMs;
            return this;
        }

        /**
         * See {@link #connectTimeoutMs(long)}.
         *
         * @return value
         */
        public long connectTimeoutMs() {
            return connectTimeoutMs;
        }

        /**
         * From handing a request over to its answer.
         *
         * @param newRequestTimeoutMs value
         * @return this
         */
        public Context requestTimeoutMs(final long newRequestTimeoutMs) {
            requestTimeoutMs = newRequestTimeoutMs;
            return this;
        }

        /**
         * See {@link #requestTimeoutMs(long)}.
         *
         * @return value
         */
        public long requestTimeoutMs() {
            return requestTimeoutMs;
        }

        /**
         * Uses REST while the socket is down.
         *
         * @param newRestFallback value
         * @return this
         */
        public Context restFallback(final boolean newRestFallback) {
            restFallback = newRestFallback;
            return this;
        }

        /**
         * See {@link #restFallback(boolean)}.
         *
         * @return value
         */
        public boolean restFallback() {
            return restFallback;
        }

        /**
         * How long the socket may be down before REST is used.
         *
         * @param newFallbackAfterMs value
         * @return this
         */
        public Context fallbackAfterMs(final long newFallbackAfterMs) {
            fallbackAfterMs = newFallbackAfterMs;
            return this;
        }

        /**
         * See {@link #fallbackAfterMs(long)}.
         *
         * @return value
         */
        public long fallbackAfterMs() {
            return fallbackAfterMs;
        }

        /**
         * How long neither way may be there before the account is down.
         *
         * @param newSwitchMaxMs value
         * @return this
         */
        public Context switchMaxMs(final long newSwitchMaxMs) {
            switchMaxMs = newSwitchMaxMs;
            return this;
        }

        /**
         * See {@link #switchMaxMs(long)}.
         *
         * @return value
         */
        public long switchMaxMs() {
            return switchMaxMs;
        }

        /**
         * News and replaces wait here for so long at most, then they are answered NotSent.
         *
         * @param newNewsWaitMs value
         * @return this
         */
        public Context newsWaitMs(final long newNewsWaitMs) {
            newsWaitMs = newNewsWaitMs;
            return this;
        }

        /**
         * See {@link #newsWaitMs(long)}.
         *
         * @return value
         */
        public long newsWaitMs() {
            return newsWaitMs;
        }

        /**
         * Requests that wait per lane.
         *
         * @param newLaneCapacity value
         * @return this
         */
        public Context laneCapacity(final int newLaneCapacity) {
            laneCapacity = newLaneCapacity;
            return this;
        }

        /**
         * See {@link #laneCapacity(int)}.
         *
         * @return value
         */
        public int laneCapacity() {
            return laneCapacity;
        }

        /**
         * Events kept for the engine.
         *
         * @param newOutboxCapacity value
         * @return this
         */
        public Context outboxCapacity(final int newOutboxCapacity) {
            outboxCapacity = newOutboxCapacity;
            return this;
        }

        /**
         * See {@link #outboxCapacity(int)}.
         *
         * @return value
         */
        public int outboxCapacity() {
            return outboxCapacity;
        }

        /**
         * Events of the HTTP client's threads.
         *
         * @param newEventCapacity value
         * @return this
         */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /**
         * See {@link #eventCapacity(int)}.
         *
         * @return value
         */
        public int eventCapacity() {
            return eventCapacity;
        }

        /**
         * First pause before a new attempt, REST and WebSocket.
         *
         * @param newReconnectMinMs value
         * @return this
         */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /**
         * See {@link #reconnectMinMs(long)}.
         *
         * @return value
         */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /**
         * Longest pause.
         *
         * @param newReconnectMaxMs value
         * @return this
         */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /**
         * See {@link #reconnectMaxMs(long)}.
         *
         * @return value
         */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /**
         * Unanswered REST requests in a row after which that way is given up.
         *
         * @param newFailuresToDown value
         * @return this
         */
        public Context failuresToDown(final int newFailuresToDown) {
            failuresToDown = newFailuresToDown;
            return this;
        }

        /**
         * See {@link #failuresToDown(int)}.
         *
         * @return value
         */
        public int failuresToDown() {
            return failuresToDown;
        }

        /**
         * Pause between questions over REST while the socket is down.
         *
         * @param newPollMs value
         * @return this
         */
        public Context pollMs(final long newPollMs) {
            pollMs = newPollMs;
            return this;
        }

        /**
         * See {@link #pollMs(long)}.
         *
         * @return value
         */
        public long pollMs() {
            return pollMs;
        }

        /**
         * Fills that the venue counts are asked for when none comes for so long.
         *
         * @param newFillsGraceMs value
         * @return this
         */
        public Context fillsGraceMs(final long newFillsGraceMs) {
            fillsGraceMs = newFillsGraceMs;
            return this;
        }

        /**
         * See {@link #fillsGraceMs(long)}.
         *
         * @return value
         */
        public long fillsGraceMs() {
            return fillsGraceMs;
        }

        /**
         * A question whose fills do not add up is answered NO_ANSWER after so long.
         *
         * @param newQueryTimeoutMs value
         * @return this
         */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /**
         * See {@link #queryTimeoutMs(long)}.
         *
         * @return value
         */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /**
         * Silence after which the socket is given up; the venue pings every 20 s.
         *
         * @param newSilenceMs value
         * @return this
         */
        public Context silenceMs(final long newSilenceMs) {
            silenceMs = newSilenceMs;
            return this;
        }

        /**
         * See {@link #silenceMs(long)}.
         *
         * @return value
         */
        public long silenceMs() {
            return silenceMs;
        }

        /**
         * Age at which a socket is left for another; the venue ends it after 24 h.
         *
         * @param newConnectionLifeMs value
         * @return this
         */
        public Context connectionLifeMs(final long newConnectionLifeMs) {
            connectionLifeMs = newConnectionLifeMs;
            return this;
        }

        /**
         * See {@link #connectionLifeMs(long)}.
         *
         * @return value
         */
        public long connectionLifeMs() {
            return connectionLifeMs;
        }

        /**
         * Pause between questions for the venue's time.
         *
         * @param newClockEveryMs value
         * @return this
         */
        public Context clockEveryMs(final long newClockEveryMs) {
            clockEveryMs = newClockEveryMs;
            return this;
        }

        /**
         * See {@link #clockEveryMs(long)}.
         *
         * @return value
         */
        public long clockEveryMs() {
            return clockEveryMs;
        }

        /**
         * Skew that raises the clock alarm.
         *
         * @param newClockAlarmMs value
         * @return this
         */
        public Context clockAlarmMs(final long newClockAlarmMs) {
            clockAlarmMs = newClockAlarmMs;
            return this;
        }

        /**
         * See {@link #clockAlarmMs(long)}.
         *
         * @return value
         */
        public long clockAlarmMs() {
            return clockAlarmMs;
        }

        /**
         * Longest round trip of a clock sample.
         *
         * @param newClockRoundTripMaxMs value
         * @return this
         */
        public Context clockRoundTripMaxMs(final long newClockRoundTripMaxMs) {
            clockRoundTripMaxMs = newClockRoundTripMaxMs;
            return this;
        }

        /**
         * See {@link #clockRoundTripMaxMs(long)}.
         *
         * @return value
         */
        public long clockRoundTripMaxMs() {
            return clockRoundTripMaxMs;
        }

        /**
         * Pause between questions for the pairs' filters.
         *
         * @param newTermsEveryMs value
         * @return this
         */
        public Context termsEveryMs(final long newTermsEveryMs) {
            termsEveryMs = newTermsEveryMs;
            return this;
        }

        /**
         * See {@link #termsEveryMs(long)}.
         *
         * @return value
         */
        public long termsEveryMs() {
            return termsEveryMs;
        }

        /**
         * How long a final order is remembered, for late fills.
         *
         * @param newOrderRetentionMs value
         * @return this
         */
        public Context orderRetentionMs(final long newOrderRetentionMs) {
            orderRetentionMs = newOrderRetentionMs;
            return this;
        }

        /**
         * See {@link #orderRetentionMs(long)}.
         *
         * @return value
         */
        public long orderRetentionMs() {
            return orderRetentionMs;
        }

        /**
         * Final orders remembered at most.
         *
         * @param newFinalOrdersMax value
         * @return this
         */
        public Context finalOrdersMax(final int newFinalOrdersMax) {
            finalOrdersMax = newFinalOrdersMax;
            return this;
        }

        /**
         * See {@link #finalOrdersMax(int)}.
         *
         * @return value
         */
        public int finalOrdersMax() {
            return finalOrdersMax;
        }

        /**
         * What answers teach of the venue's limits. Values of rateLimits are found under the names of REST's headers.
         *
         * @param newLessons of the contract
         * @return this
         */
        public Context lessons(final List<Lesson> newLessons) {
            lessons = List.copyOf(newLessons);
            return this;
        }

        /** See {@link #lessons(List)}. */
        public List<Lesson> lessons() {
            return lessons;
        }

        /** Gives the duty cycle to the caller's thread. */
        public Context useInvoker(final boolean newUseInvoker) {
            useInvoker = newUseInvoker;
            return this;
        }

        /** See {@link #useInvoker(boolean)}. */
        public boolean useInvoker() {
            return useInvoker;
        }

        /** True where an agent of the caller's runs {@link BinanceAdapter#agent()}; no thread is made for it. */
        public Context invoked(final boolean newInvoked) {
            invoked = newInvoked;
            return this;
        }

        /** See {@link #invoked(boolean)}. */
        public boolean invoked() {
            return invoked;
        }

        /** Of the agent's thread. */
        public Context idleStrategy(final IdleStrategy newIdleStrategy) {
            idleStrategy = newIdleStrategy;
            return this;
        }

        /** See {@link #idleStrategy(IdleStrategy)}. */
        public IdleStrategy idleStrategy() {
            return idleStrategy;
        }

        /** Of the agent's thread. */
        public Context threadFactory(final ThreadFactory newThreadFactory) {
            threadFactory = newThreadFactory;
            return this;
        }

        /** See {@link #threadFactory(ThreadFactory)}. */
        public ThreadFactory threadFactory() {
            return threadFactory;
        }

        /** Gets what the agent throws. */
        public Context errorHandler(final ErrorHandler newErrorHandler) {
            errorHandler = newErrorHandler;
            return this;
        }

        /** See {@link #errorHandler(ErrorHandler)}. */
        public ErrorHandler errorHandler() {
            return errorHandler;
        }

        /** Our clock. */
        public Context epochClock(final EpochNanoClock newEpochClock) {
            epochClock = newEpochClock;
            return this;
        }

        /** See {@link #epochClock(EpochNanoClock)}. */
        public EpochNanoClock epochClock() {
            return epochClock;
        }

        Context rules(final WireRules newRules) {
            rules = newRules;
            return this;
        }

        WireRules rules() {
            return rules;
        }
    }
}
