package weir.venue.deribit;

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
 * Deribit order entry for any number of accounts: a WebSocket per account, one HTTP client with kept-alive connections
 * for when it is down, one agent thread for everything about orders. {@link #launch(Context)} starts it,
 * {@link #close()} says goodbye and ends it.
 */
public final class DeribitAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeribitAdapter.class);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final DeribitCounters counters = new DeribitCounters();
    private final ExecutorService httpThreads;
    private final DeribitAgent agent;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private DeribitAdapter(final Context context) {
        final EventQueue events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "deribit-http");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(context.connectTimeoutMs())).executor(httpThreads).build();
        agent = new DeribitAgent(context, client, events, counters);
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
    public static DeribitAdapter launch(final Context context) {
        context.conclude();
        final DeribitAdapter adapter = new DeribitAdapter(context);
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
    public long counter(final DeribitCounter counter) {
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
     * Waits for what is with the venue, says goodbye, tells the engine, and ends all threads; bounded.
     * The Aeron client stays its owner's. Where the duty cycle is the caller's, the caller's thread has ended it or is
     * the one that calls this.
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
     * default to the venue's lowest tier ("Rate Limits").
     */
    public static final class Context {
        private final List<DeribitAccount> accounts = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-deribit";
        private int inFlightMax = 64;
        private int httpInFlightMax = 4;
        private boolean httpFallback = true;
        private long connectTimeoutMs = 2_000;
        private long requestTimeoutMs = 3_000;
        private int engineBurst = 20;
        private int engineRate = 5;
        private int engineMarginPercent = 5;
        private int cancelReserve = 4;
        private int otherMarginPercent = 10;
        private List<Lesson> lessons = List.of(tier("burst", Lesson.Sets.CAPACITY), tier("rate", Lesson.Sets.REFILL),
            Lesson.barByStatus(VenueCodes.TOO_MANY_REQUESTS, LimitScope.ACCOUNT));
        private long limitsEveryMs = 3_600_000;
        private long newsWaitMs = 1_500;
        private int laneCapacity = 1024;
        private int outboxCapacity = 8192;
        private int eventCapacity = 65536;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private long holdMinMs = 1_000;
        private long holdMaxMs = 10_000;
        private long pollMs = 2_000;
        private long fillsGraceMs = 500;
        private long queryTimeoutMs = 10_000;
        private int bulkQueriesMin = 8;
        private int heartbeatS = 10;
        private long silenceMs = 25_000;
        private String cancelOnDisconnect = "";
        private boolean cancelOnDisconnectOnShared = false;
        private long clockAlarmMs = 1_000;
        private long clockRoundTripMaxMs = 2_000;
        private String trigger = "last_price";
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
        private WireCosts credits = WireCosts.NONE;
        private int otherCredits = 50_000;
        private int otherRate = 10_000;
        private int subscribeCredits = 30_000;
        private int subscribeRate = 10_000;
        private int subscribeMarginPercent = 10;
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         * @throws IllegalArgumentException {@code DERIBIT_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("DERIBIT_CONFIG " + String.join("; ", errors));
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
        public Context account(final DeribitAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<DeribitAccount> accounts() {
            return List.copyOf(accounts);
        }

        /**
         * Credits that requests cost by the contract. Default: what the venue documents.
         *
         * @param newCredits by the venue's method, else by kind
         * @return this
         */
        public Context credits(final WireCosts newCredits) {
            credits = newCredits;
            return this;
        }

        /**
         * See {@link #credits(WireCosts)}.
         *
         * @return costs
         */
        public WireCosts credits() {
            return credits;
        }

        /**
         * The pool of everything that neither trades nor subscribes.
         *
         * @param capacity  credits
         * @param perSecond that come back
         * @return this
         */
        public Context otherPool(final int capacity, final int perSecond) {
            otherCredits = capacity;
            otherRate = perSecond;
            return this;
        }

        int otherCredits() {
            return otherCredits;
        }

        int otherRate() {
            return otherRate;
        }

        /**
         * The pool of subscriptions.
         *
         * @param capacity      credits
         * @param perSecond     that come back
         * @param marginPercent of both, never used
         * @return this
         */
        public Context subscribePool(final int capacity, final int perSecond, final int marginPercent) {
            subscribeCredits = capacity;
            subscribeRate = perSecond;
            subscribeMarginPercent = marginPercent;
            return this;
        }

        int subscribeCredits() {
            return subscribeCredits;
        }

        int subscribeRate() {
            return subscribeRate;
        }

        int subscribeMarginPercent() {
            return subscribeMarginPercent;
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

        /** Requests with the venue at once over the socket. */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /** See {@link #inFlightMax(int)}. */
        public int inFlightMax() {
            return inFlightMax;
        }

        /** Requests with the venue at once over HTTP. */
        public Context httpInFlightMax(final int newHttpInFlightMax) {
            httpInFlightMax = newHttpInFlightMax;
            return this;
        }

        /** See {@link #httpInFlightMax(int)}. */
        public int httpInFlightMax() {
            return httpInFlightMax;
        }

        /** Orders go over HTTP while the socket is down. */
        public Context httpFallback(final boolean newHttpFallback) {
            httpFallback = newHttpFallback;
            return this;
        }

        /** See {@link #httpFallback(boolean)}. */
        public boolean httpFallback() {
            return httpFallback;
        }

        /** Connecting, TLS included. */
        public Context connectTimeoutMs(final long newConnectTimeoutMs) {
            connectTimeoutMs = newConnectTimeoutMs;
            return this;
        }

        /** See {@link #connectTimeoutMs(long)}. */
        public long connectTimeoutMs() {
            return connectTimeoutMs;
        }

        /** From handing a request over to its answer. */
        public Context requestTimeoutMs(final long newRequestTimeoutMs) {
            requestTimeoutMs = newRequestTimeoutMs;
            return this;
        }

        /** See {@link #requestTimeoutMs(long)}. */
        public long requestTimeoutMs() {
            return requestTimeoutMs;
        }

        /** Requests to the matching engine at once, until the venue has said what the tier is. */
        public Context engineBurst(final int newEngineBurst) {
            engineBurst = newEngineBurst;
            return this;
        }

        /** See {@link #engineBurst(int)}. */
        public int engineBurst() {
            return engineBurst;
        }

        /** Requests to the matching engine per second, until the venue has said what the tier is. */
        public Context engineRate(final int newEngineRate) {
            engineRate = newEngineRate;
            return this;
        }

        /** See {@link #engineRate(int)}. */
        public int engineRate() {
            return engineRate;
        }

        /** Part of burst and rate that is never used. */
        public Context engineMarginPercent(final int newEngineMarginPercent) {
            engineMarginPercent = newEngineMarginPercent;
            return this;
        }

        /** See {@link #engineMarginPercent(int)}. */
        public int engineMarginPercent() {
            return engineMarginPercent;
        }

        /** Requests of the burst that only cancels may use. */
        public Context cancelReserve(final int newCancelReserve) {
            cancelReserve = newCancelReserve;
            return this;
        }

        /** See {@link #cancelReserve(int)}. */
        public int cancelReserve() {
            return cancelReserve;
        }

        /** Part of the other credits that is never used. */
        public Context otherMarginPercent(final int newOtherMarginPercent) {
            otherMarginPercent = newOtherMarginPercent;
            return this;
        }

        /** See {@link #otherMarginPercent(int)}. */
        public int otherMarginPercent() {
            return otherMarginPercent;
        }

        /**
         * What answers teach the engine. A value of the body is one of {@code result}; a status is the error's code,
         * else that of HTTP; burst and rate of the account are the least that the summary states.
         */
        public Context lessons(final List<Lesson> newLessons) {
            lessons = List.copyOf(newLessons);
            return this;
        }

        /** See {@link #lessons(List)}. */
        public List<Lesson> lessons() {
            return lessons;
        }

        private static Lesson tier(final String name, final Lesson.Sets sets) {
            return new Lesson(Lesson.Source.BODY, "limits.matching_engine.trading.total." + name, List.of(), List.of(),
                sets, Lesson.Unit.COUNT, 401, LimitScope.ACCOUNT, 20, 5);
        }

        /** Pause between readings of the limits; the venue recalculates every hour. */
        public Context limitsEveryMs(final long newLimitsEveryMs) {
            limitsEveryMs = newLimitsEveryMs;
            return this;
        }

        /** See {@link #limitsEveryMs(long)}. */
        public long limitsEveryMs() {
            return limitsEveryMs;
        }

        /** News and replaces wait here for so long at most, then they are answered NotSent. */
        public Context newsWaitMs(final long newNewsWaitMs) {
            newsWaitMs = newNewsWaitMs;
            return this;
        }

        /** See {@link #newsWaitMs(long)}. */
        public long newsWaitMs() {
            return newsWaitMs;
        }

        /** Requests that wait per lane. */
        public Context laneCapacity(final int newLaneCapacity) {
            laneCapacity = newLaneCapacity;
            return this;
        }

        /** See {@link #laneCapacity(int)}. */
        public int laneCapacity() {
            return laneCapacity;
        }

        /** Events kept for the engine. */
        public Context outboxCapacity(final int newOutboxCapacity) {
            outboxCapacity = newOutboxCapacity;
            return this;
        }

        /** See {@link #outboxCapacity(int)}. */
        public int outboxCapacity() {
            return outboxCapacity;
        }

        /** Events of the client's threads. */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /** See {@link #eventCapacity(int)}. */
        public int eventCapacity() {
            return eventCapacity;
        }

        /** First pause before a new attempt, socket and HTTP. */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /** See {@link #reconnectMinMs(long)}. */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /** Longest pause. */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /** See {@link #reconnectMaxMs(long)}. */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /** First hold after too_many_requests; it doubles. */
        public Context holdMinMs(final long newHoldMinMs) {
            holdMinMs = newHoldMinMs;
            return this;
        }

        /** See {@link #holdMinMs(long)}. */
        public long holdMinMs() {
            return holdMinMs;
        }

        /** Longest hold. */
        public Context holdMaxMs(final long newHoldMaxMs) {
            holdMaxMs = newHoldMaxMs;
            return this;
        }

        /** See {@link #holdMaxMs(long)}. */
        public long holdMaxMs() {
            return holdMaxMs;
        }

        /** Pause between looks at what lives while orders go over HTTP. */
        public Context pollMs(final long newPollMs) {
            pollMs = newPollMs;
            return this;
        }

        /** See {@link #pollMs(long)}. */
        public long pollMs() {
            return pollMs;
        }

        /** Fills that an order counts are asked for when none come for so long. */
        public Context fillsGraceMs(final long newFillsGraceMs) {
            fillsGraceMs = newFillsGraceMs;
            return this;
        }

        /** See {@link #fillsGraceMs(long)}. */
        public long fillsGraceMs() {
            return fillsGraceMs;
        }

        /** A question whose fills do not add up is answered NO_ANSWER after so long. */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /** See {@link #queryTimeoutMs(long)}. */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /** So many questions at once begin with one list of all open orders. */
        public Context bulkQueriesMin(final int newBulkQueriesMin) {
            bulkQueriesMin = newBulkQueriesMin;
            return this;
        }

        /** See {@link #bulkQueriesMin(int)}. */
        public int bulkQueriesMin() {
            return bulkQueriesMin;
        }

        /** Interval of the venue's heartbeat; it wants at least 10. */
        public Context heartbeatS(final int newHeartbeatS) {
            heartbeatS = newHeartbeatS;
            return this;
        }

        /** See {@link #heartbeatS(int)}. */
        public int heartbeatS() {
            return heartbeatS;
        }

        /** Silence after which the socket is given up. */
        public Context silenceMs(final long newSilenceMs) {
            silenceMs = newSilenceMs;
            return this;
        }

        /** See {@link #silenceMs(long)}. */
        public long silenceMs() {
            return silenceMs;
        }

        /** Scope of cancel on disconnect: connection, account, or empty for none. */
        public Context cancelOnDisconnect(final String newCancelOnDisconnect) {
            cancelOnDisconnect = newCancelOnDisconnect;
            return this;
        }

        /** See {@link #cancelOnDisconnect(String)}. */
        public String cancelOnDisconnect() {
            return cancelOnDisconnect;
        }

        /** Enables it on accounts that tenants share, too. */
        public Context cancelOnDisconnectOnShared(final boolean newCancelOnDisconnectOnShared) {
            cancelOnDisconnectOnShared = newCancelOnDisconnectOnShared;
            return this;
        }

        /** See {@link #cancelOnDisconnectOnShared(boolean)}. */
        public boolean cancelOnDisconnectOnShared() {
            return cancelOnDisconnectOnShared;
        }

        /** Skew that raises the clock alarm. */
        public Context clockAlarmMs(final long newClockAlarmMs) {
            clockAlarmMs = newClockAlarmMs;
            return this;
        }

        /** See {@link #clockAlarmMs(long)}. */
        public long clockAlarmMs() {
            return clockAlarmMs;
        }

        /** Longest round trip of a clock sample. */
        public Context clockRoundTripMaxMs(final long newClockRoundTripMaxMs) {
            clockRoundTripMaxMs = newClockRoundTripMaxMs;
            return this;
        }

        /** See {@link #clockRoundTripMaxMs(long)}. */
        public long clockRoundTripMaxMs() {
            return clockRoundTripMaxMs;
        }

        /** What a stop is triggered by: last_price, mark_price or index_price. */
        public Context trigger(final String newTrigger) {
            trigger = newTrigger;
            return this;
        }

        /** See {@link #trigger(String)}. */
        public String trigger() {
            return trigger;
        }

        /** How long a final order is remembered, for late fills. */
        public Context orderRetentionMs(final long newOrderRetentionMs) {
            orderRetentionMs = newOrderRetentionMs;
            return this;
        }

        /** See {@link #orderRetentionMs(long)}. */
        public long orderRetentionMs() {
            return orderRetentionMs;
        }

        /** Final orders remembered at most. */
        public Context finalOrdersMax(final int newFinalOrdersMax) {
            finalOrdersMax = newFinalOrdersMax;
            return this;
        }

        /** See {@link #finalOrdersMax(int)}. */
        public int finalOrdersMax() {
            return finalOrdersMax;
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

        /** True where an agent of the caller's runs {@link DeribitAdapter#agent()}; no thread is made for it. */
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
