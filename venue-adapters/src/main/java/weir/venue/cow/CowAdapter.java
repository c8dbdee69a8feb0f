package weir.venue.cow;

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
import weir.chain.Address;
import weir.protocol.sbe.LimitScope;
import weir.venue.EventQueue;
import weir.venue.Lesson;

/**
 * CoW Protocol order entry for any number of owners: one HTTP client with kept-alive HTTP/1.1 connections, one thread
 * that signs, one agent thread for everything about orders. {@link #launch(Context)} starts it, {@link #close()} ends
 * it and leaves open orders where they are: they end by themselves.
 */
public final class CowAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CowAdapter.class);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final CowCounters counters = new CowCounters();
    private final ExecutorService httpThreads;
    private final ExecutorService signing;
    private final CowAgent agent;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private CowAdapter(final Context context) {
        final EventQueue events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "cow-http");
            thread.setDaemon(true);
            return thread;
        });
        signing = Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task, "cow-sign");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(context.connectTimeoutMs())).executor(httpThreads).build();
        agent = new CowAgent(context, client, events, signing, counters);
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
    public static CowAdapter launch(final Context context) {
        context.conclude();
        final CowAdapter adapter = new CowAdapter(context);
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
    public long counter(final CowCounter counter) {
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
     * calls {@link Agent#onStart()}, {@link Agent#doWork()} and {@link Agent#onClose()}; the last waits for what is
     * with the venue. HTTP and signing stay on threads of their own.
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
            endThreads();
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
        endThreads();
    }

    private void endThreads() {
        signing.shutdownNow();
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
     * Settings of an adapter. Fluent; frozen by {@link #conclude()}, which reports all mistakes at once.
     */
    public static final class Context {
        private final List<CowAccount> accounts = new ArrayList<>();
        private final List<CowPair> pairs = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-cow";
        private long chainId = 1;
        private Address settlementContract = Address.parse("0x9008D19f58AAbD9eD0D60971565AA8510560ab41");
        private int requestsPerSecond = 3;
        private int cancelReserve = 1;
        private long graceMs = 1_000;
        private int inFlightMax = 8;
        private long connectTimeoutMs = 2_000;
        private long requestTimeoutMs = 10_000;
        private long pollMs = 2_000;
        private List<Lesson> lessons = List.of(Lesson.barByRetryAfter(List.of(429, 503), LimitScope.IP),
            Lesson.barByStatus(429, LimitScope.IP));
        private long barMinMs = 30_000;
        private long barMaxMs = 600_000;
        private long newsWaitMs = 10_000;
        private long cancelGraceMs = 60_000;
        private long expiryGraceMs = 15_000;
        private long lostGraceMs = 15_000;
        private long queryTimeoutMs = 30_000;
        private int listPagesMax = 10;
        private long validityS = 2_592_000;
        private long validityMinS = 60;
        private long immediateValidityS = 120;
        private int slippageBps = 50;
        private boolean verifiedQuotesOnly = true;
        private int laneCapacity = 1024;
        private int outboxCapacity = 8192;
        private int eventCapacity = 65536;
        private int failuresToDown = 3;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private long clockAlarmMs = 5_000;
        private long clockRoundTripMaxMs = 2_000;
        private long orderRetentionMs = 600_000;
        private int finalOrdersMax = 200_000;
        private boolean useInvoker = false;
        private boolean invoked = false;
        private IdleStrategy idleStrategy;
        private ThreadFactory threadFactory;
        private ErrorHandler errorHandler;
        private EpochNanoClock epochClock;
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         * @throws IllegalArgumentException {@code COW_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("COW_CONFIG " + String.join("; ", errors));
            }
            if (idleStrategy == null) {
                idleStrategy = new BackoffIdleStrategy(10, 5, 1_000L, 1_000_000L);
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
         * @param account one owner
         * @return this
         */
        public Context account(final CowAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<CowAccount> accounts() {
            return List.copyOf(accounts);
        }

        /**
         * Adds an instrument.
         *
         * @param pair its tokens and steps
         * @return this
         */
        public Context pair(final CowPair pair) {
            pairs.add(pair);
            return this;
        }

        /**
         * The instruments.
         *
         * @return in order of addition
         */
        public List<CowPair> pairs() {
            return List.copyOf(pairs);
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

        /** Of the signing domain; the network in the REST base must be its. */
        public Context chainId(final long newChainId) {
            chainId = newChainId;
            return this;
        }

        /** See {@link #chainId(long)}. */
        public long chainId() {
            return chainId;
        }

        /** Of the signing domain (networks.json: one on all chains). */
        public Context settlementContract(final Address newSettlementContract) {
            settlementContract = newSettlementContract;
            return this;
        }

        /** See {@link #settlementContract(Address)}. */
        public Address settlementContract() {
            return settlementContract;
        }

        /** Requests within any second, of the 5 that the official SDK keeps to; prices have theirs. */
        public Context requestsPerSecond(final int newRequestsPerSecond) {
            requestsPerSecond = newRequestsPerSecond;
            return this;
        }

        /** See {@link #requestsPerSecond(int)}. */
        public int requestsPerSecond() {
            return requestsPerSecond;
        }

        /** Of them only for cancels. */
        public Context cancelReserve(final int newCancelReserve) {
            cancelReserve = newCancelReserve;
            return this;
        }

        /** See {@link #cancelReserve(int)}. */
        public int cancelReserve() {
            return cancelReserve;
        }

        /** How long an unanswered request may still reach the venue after waiting ended. */
        public Context graceMs(final long newGraceMs) {
            graceMs = newGraceMs;
            return this;
        }

        /** See {@link #graceMs(long)}. */
        public long graceMs() {
            return graceMs;
        }

        /** Requests of an account with the venue at once. */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /** See {@link #inFlightMax(int)}. */
        public int inFlightMax() {
            return inFlightMax;
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

        /** Pause between polls of open orders. */
        public Context pollMs(final long newPollMs) {
            pollMs = newPollMs;
            return this;
        }

        /** See {@link #pollMs(long)}. */
        public long pollMs() {
            return pollMs;
        }

        /** What answers teach the engine; a value of the body is one of its JSON. */
        public Context lessons(final List<Lesson> newLessons) {
            lessons = List.copyOf(newLessons);
            return this;
        }

        /** See {@link #lessons(List)}. */
        public List<Lesson> lessons() {
            return lessons;
        }

        /** Silence after a 429 that does not say how long; doubles. */
        public Context barMinMs(final long newBarMinMs) {
            barMinMs = newBarMinMs;
            return this;
        }

        /** See {@link #barMinMs(long)}. */
        public long barMinMs() {
            return barMinMs;
        }

        /** Longest silence after a 429: users report five to ten minutes. */
        public Context barMaxMs(final long newBarMaxMs) {
            barMaxMs = newBarMaxMs;
            return this;
        }

        /** See {@link #barMaxMs(long)}. */
        public long barMaxMs() {
            return barMaxMs;
        }

        /** How long a new order waits for its turn. */
        public Context newsWaitMs(final long newNewsWaitMs) {
            newsWaitMs = newNewsWaitMs;
            return this;
        }

        /** See {@link #newsWaitMs(long)}. */
        public long newsWaitMs() {
            return newsWaitMs;
        }

        /** From the yes to a cancel until no settlement under way can fill the order. */
        public Context cancelGraceMs(final long newCancelGraceMs) {
            cancelGraceMs = newCancelGraceMs;
            return this;
        }

        /** See {@link #cancelGraceMs(long)}. */
        public long cancelGraceMs() {
            return cancelGraceMs;
        }

        /** From the end of validity until every settlement is listed. */
        public Context expiryGraceMs(final long newExpiryGraceMs) {
            expiryGraceMs = newExpiryGraceMs;
            return this;
        }

        /** See {@link #expiryGraceMs(long)}. */
        public long expiryGraceMs() {
            return expiryGraceMs;
        }

        /** How long the new order of a replace may be on its way after its answer was lost. */
        public Context lostGraceMs(final long newLostGraceMs) {
            lostGraceMs = newLostGraceMs;
            return this;
        }

        /** See {@link #lostGraceMs(long)}. */
        public long lostGraceMs() {
            return lostGraceMs;
        }

        /** Longest wait of a question of the engine. */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /** See {@link #queryTimeoutMs(long)}. */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /** Pages of 1,000 that are read of an owner's orders. */
        public Context listPagesMax(final int newListPagesMax) {
            listPagesMax = newListPagesMax;
            return this;
        }

        /** See {@link #listPagesMax(int)}. */
        public int listPagesMax() {
            return listPagesMax;
        }

        /** Validity of a GTC order; the service takes up to a year. */
        public Context validityS(final long newValidityS) {
            validityS = newValidityS;
            return this;
        }

        /** See {@link #validityS(long)}. */
        public long validityS() {
            return validityS;
        }

        /** Least validity that the service takes. */
        public Context validityMinS(final long newValidityMinS) {
            validityMinS = newValidityMinS;
            return this;
        }

        /** See {@link #validityMinS(long)}. */
        public long validityMinS() {
            return validityMinS;
        }

        /** Validity of market, IOC and FOK orders: the next batches. */
        public Context immediateValidityS(final long newImmediateValidityS) {
            immediateValidityS = newImmediateValidityS;
            return this;
        }

        /** See {@link #immediateValidityS(long)}. */
        public long immediateValidityS() {
            return immediateValidityS;
        }

        /** What a market order may be worse than its quote. */
        public Context slippageBps(final int newSlippageBps) {
            slippageBps = newSlippageBps;
            return this;
        }

        /** See {@link #slippageBps(int)}. */
        public int slippageBps() {
            return slippageBps;
        }

        /** Refuses market orders whose quote was not simulated. */
        public Context verifiedQuotesOnly(final boolean newVerifiedQuotesOnly) {
            verifiedQuotesOnly = newVerifiedQuotesOnly;
            return this;
        }

        /** See {@link #verifiedQuotesOnly(boolean)}. */
        public boolean verifiedQuotesOnly() {
            return verifiedQuotesOnly;
        }

        /** Requests of a lane. */
        public Context laneCapacity(final int newLaneCapacity) {
            laneCapacity = newLaneCapacity;
            return this;
        }

        /** See {@link #laneCapacity(int)}. */
        public int laneCapacity() {
            return laneCapacity;
        }

        /** Events kept for the engine before nothing is taken in. */
        public Context outboxCapacity(final int newOutboxCapacity) {
            outboxCapacity = newOutboxCapacity;
            return this;
        }

        /** See {@link #outboxCapacity(int)}. */
        public int outboxCapacity() {
            return outboxCapacity;
        }

        /** What other threads may hand over. */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /** See {@link #eventCapacity(int)}. */
        public int eventCapacity() {
            return eventCapacity;
        }

        /** Requests in a row without a good answer until the account is down. */
        public Context failuresToDown(final int newFailuresToDown) {
            failuresToDown = newFailuresToDown;
            return this;
        }

        /** See {@link #failuresToDown(int)}. */
        public int failuresToDown() {
            return failuresToDown;
        }

        /** First pause before the order book is asked again. */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /** See {@link #reconnectMinMs(long)}. */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /** Longest such pause. */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /** See {@link #reconnectMaxMs(long)}. */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /** Skew at which the alarm is raised. */
        public Context clockAlarmMs(final long newClockAlarmMs) {
            clockAlarmMs = newClockAlarmMs;
            return this;
        }

        /** See {@link #clockAlarmMs(long)}. */
        public long clockAlarmMs() {
            return clockAlarmMs;
        }

        /** Longest round trip of a sample that is believed. */
        public Context clockRoundTripMaxMs(final long newClockRoundTripMaxMs) {
            clockRoundTripMaxMs = newClockRoundTripMaxMs;
            return this;
        }

        /** See {@link #clockRoundTripMaxMs(long)}. */
        public long clockRoundTripMaxMs() {
            return clockRoundTripMaxMs;
        }

        /** How long a final order is remembered. */
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

        /** True where an agent of the caller's runs {@link CowAdapter#agent()}; no thread is made for it. */
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
    }
}
