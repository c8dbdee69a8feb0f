package weir.venue.intx;

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
import weir.venue.WireLimits;

/**
 * Coinbase International Exchange order entry over REST for any number of accounts: one HTTP client with kept-alive
 * HTTP/1.1 connections, FIX as the second path of those that have it, one agent thread for everything about orders.
 * {@link #launch(Context)} starts it, {@link #close()} waits for what is with the venue and ends it; open orders stay.
 */
public final class IntxAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntxAdapter.class);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final IntxCounters counters = new IntxCounters();
    private final ExecutorService httpThreads;
    private final IntxAgent agent;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private IntxAdapter(final Context context) {
        final EventQueue events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "intx-http");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(context.connectTimeoutMs())).executor(httpThreads).build();
        agent = new IntxAgent(context, client, events, counters);
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
    public static IntxAdapter launch(final Context context) {
        context.conclude();
        final IntxAdapter adapter = new IntxAdapter(context);
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
    public long counter(final IntxCounter counter) {
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
     * order. HTTP stays on threads of its own.
     *
     * @return the agent, null otherwise
     */
    public Agent agent() {
        return runner == null && invoker == null ? agent : null;
    }

    /**
     * Waits for what is with the venue, tells the engine, and ends all threads; bounded. The Aeron client
     * stays its owner's. Where the duty cycle is the caller's, the caller's thread has ended it or is the one
     * that calls this.
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
     * default to nine tenths of the venue's ("Rate limits overview": 40 requests/s per key).
     */
    public static final class Context {
        private final List<IntxAccount> accounts = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-intx";
        private List<Lesson> lessons = List.of(Lesson.barByStatus(429, LimitScope.ACCOUNT),
            Lesson.barByStatus(8, LimitScope.CONNECTION), Lesson.barByStatus(9, LimitScope.CONNECTION));
        private int inFlightMax = 12;
        private long connectTimeoutMs = 1_500;
        private long requestTimeoutMs = 3_000;
        private int requestsPerSecond = 36;
        private long windowMs = 1_000;
        private long graceMs = 1_000;
        private int cancelReserve = 6;
        private int questionShare = 6;
        private int questionsMax = 12;
        private WireLimits wireLimits = WireLimits.none();
        private long newsWaitMs = 1_500;
        private int laneCapacity = 1024;
        private int outboxCapacity = 8192;
        private int eventCapacity = 65536;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private int failuresToDown = 3;
        private long idleProbeMs = 10_000;
        private long holdMinMs = 1_000;
        private long holdMaxMs = 10_000;
        private long fillsEveryMs = 250;
        private long ordersEveryMs = 1_000;
        private long lingerMs = 10_000;
        private long overlapMs = 3_000;
        private long fillsGraceMs = 500;
        private long queryTimeoutMs = 10_000;
        private int singlesMax = 2;
        private int pagesMax = 50;
        private String decrementWord = "DECREMENT";
        private FixTerms fixTerms = FixTerms.DEFAULTS;
        private long clockAlarmMs = 2_000;
        private long clockRoundTripMaxMs = 2_000;
        private long orderRetentionMs = 600_000;
        private int finalOrdersMax = 200_000;
        private boolean useInvoker = false;
        private boolean invoked = false;
        private IdleStrategy idleStrategy;
        private ThreadFactory threadFactory;
        private ErrorHandler errorHandler;
        private EpochNanoClock epochClock;
        private WireRules rules = new WireRules();
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         * @throws IllegalArgumentException {@code INTX_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("INTX_CONFIG " + String.join("; ", errors));
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
        public Context account(final IntxAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<IntxAccount> accounts() {
            return List.copyOf(accounts);
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

        /** What the venue's answers teach, as its contract says. */
        public Context lessons(final List<Lesson> newLessons) {
            lessons = List.copyOf(newLessons);
            return this;
        }

        /** See {@link #lessons(List)}. */
        public List<Lesson> lessons() {
            return lessons;
        }

        /** What the contract says of connections; those of the venue, which its market data shares. */
        public Context wireLimits(final WireLimits newWireLimits) {
            wireLimits = newWireLimits;
            return this;
        }

        /** See {@link #wireLimits(WireLimits)}. */
        public WireLimits wireLimits() {
            return wireLimits;
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

        /** Connecting, TLS included; a request was signed before it. */
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

        /** Requests used of the venue's 40 in any second. */
        public Context requestsPerSecond(final int newRequestsPerSecond) {
            requestsPerSecond = newRequestsPerSecond;
            return this;
        }

        /** See {@link #requestsPerSecond(int)}. */
        public int requestsPerSecond() {
            return requestsPerSecond;
        }

        /** The venue's window. */
        public Context windowMs(final long newWindowMs) {
            windowMs = newWindowMs;
            return this;
        }

        /** See {@link #windowMs(long)}. */
        public long windowMs() {
            return windowMs;
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

        /** Requests of a window that only cancels may use. */
        public Context cancelReserve(final int newCancelReserve) {
            cancelReserve = newCancelReserve;
            return this;
        }

        /** See {@link #cancelReserve(int)}. */
        public int cancelReserve() {
            return cancelReserve;
        }

        /** Requests of a window that news leave to questions, fills among them. */
        public Context questionShare(final int newQuestionShare) {
            questionShare = newQuestionShare;
            return this;
        }

        /** See {@link #questionShare(int)}. */
        public int questionShare() {
            return questionShare;
        }

        /** Requests of a window that questions may use at most. */
        public Context questionsMax(final int newQuestionsMax) {
            questionsMax = newQuestionsMax;
            return this;
        }

        /** See {@link #questionsMax(int)}. */
        public int questionsMax() {
            return questionsMax;
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

        /** Answers kept for the agent. */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /** See {@link #eventCapacity(int)}. */
        public int eventCapacity() {
            return eventCapacity;
        }

        /** First pause between attempts to come up. */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /** See {@link #reconnectMinMs(long)}. */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /** Longest pause between attempts to come up. */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /** See {@link #reconnectMaxMs(long)}. */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /** Requests without a good answer, one after the other, that take the account down. */
        public Context failuresToDown(final int newFailuresToDown) {
            failuresToDown = newFailuresToDown;
            return this;
        }

        /** See {@link #failuresToDown(int)}. */
        public int failuresToDown() {
            return failuresToDown;
        }

        /** After so long without a request the venue is asked for a sign of life, and its clock. */
        public Context idleProbeMs(final long newIdleProbeMs) {
            idleProbeMs = newIdleProbeMs;
            return this;
        }

        /** See {@link #idleProbeMs(long)}. */
        public long idleProbeMs() {
            return idleProbeMs;
        }

        /** Pause after the first 429. */
        public Context holdMinMs(final long newHoldMinMs) {
            holdMinMs = newHoldMinMs;
            return this;
        }

        /** See {@link #holdMinMs(long)}. */
        public long holdMinMs() {
            return holdMinMs;
        }

        /** Longest pause after a 429. */
        public Context holdMaxMs(final long newHoldMaxMs) {
            holdMaxMs = newHoldMaxMs;
            return this;
        }

        /** See {@link #holdMaxMs(long)}. */
        public long holdMaxMs() {
            return holdMaxMs;
        }

        /** Pause between looks at the fills while orders live. */
        public Context fillsEveryMs(final long newFillsEveryMs) {
            fillsEveryMs = newFillsEveryMs;
            return this;
        }

        /** See {@link #fillsEveryMs(long)}. */
        public long fillsEveryMs() {
            return fillsEveryMs;
        }

        /** Pause between looks at the orders that live. */
        public Context ordersEveryMs(final long newOrdersEveryMs) {
            ordersEveryMs = newOrdersEveryMs;
            return this;
        }

        /** See {@link #ordersEveryMs(long)}. */
        public long ordersEveryMs() {
            return ordersEveryMs;
        }

        /** How long fills are looked for after the last order ended. */
        public Context lingerMs(final long newLingerMs) {
            lingerMs = newLingerMs;
            return this;
        }

        /** See {@link #lingerMs(long)}. */
        public long lingerMs() {
            return lingerMs;
        }

        /** How far before the last fill the next look begins. */
        public Context overlapMs(final long newOverlapMs) {
            overlapMs = newOverlapMs;
            return this;
        }

        /** See {@link #overlapMs(long)}. */
        public long overlapMs() {
            return overlapMs;
        }

        /** How long fills that an answer counts may be missing before their order is asked about. */
        public Context fillsGraceMs(final long newFillsGraceMs) {
            fillsGraceMs = newFillsGraceMs;
            return this;
        }

        /** See {@link #fillsGraceMs(long)}. */
        public long fillsGraceMs() {
            return fillsGraceMs;
        }

        /** From a question about an order to giving up. */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /** See {@link #queryTimeoutMs(long)}. */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /** Orders of a round that are asked for one by one; more are looked up in lists. */
        public Context singlesMax(final int newSinglesMax) {
            singlesMax = newSinglesMax;
            return this;
        }

        /** See {@link #singlesMax(int)}. */
        public int singlesMax() {
            return singlesMax;
        }

        /** Pages of a list that are read at most. */
        public Context pagesMax(final int newPagesMax) {
            pagesMax = newPagesMax;
            return this;
        }

        /** See {@link #pagesMax(int)}. */
        public int pagesMax() {
            return pagesMax;
        }

        /** How the second path is used, for accounts that have one. */
        public Context fixTerms(final FixTerms newFixTerms) {
            fixTerms = newFixTerms;
            return this;
        }

        /** See {@link #fixTerms(FixTerms)}. */
        public FixTerms fixTerms() {
            return fixTerms;
        }

        /** stp_mode of decrement: its spelling is not documented. */
        public Context decrementWord(final String newDecrementWord) {
            decrementWord = newDecrementWord;
            return this;
        }

        /** See {@link #decrementWord(String)}. */
        public String decrementWord() {
            return decrementWord;
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

        /** True where an agent of the caller's runs {@link IntxAdapter#agent()}; no thread is made for it. */
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
