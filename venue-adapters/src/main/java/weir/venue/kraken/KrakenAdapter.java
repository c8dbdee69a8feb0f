package weir.venue.kraken;

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
 * Kraken Futures order entry for any number of accounts: one HTTP client with kept-alive HTTP/1.1 connections, a
 * private WebSocket per account, one agent thread for everything about orders. {@link #launch(Context)} starts it,
 * {@link #close()} disarms the dead man's switches and ends it.
 */
public final class KrakenAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KrakenAdapter.class);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final KrakenCounters counters = new KrakenCounters();
    private final ExecutorService httpThreads;
    private final KrakenAgent agent;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private KrakenAdapter(final Context context) {
        final EventQueue events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "kraken-http");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(context.connectTimeoutMs())).executor(httpThreads).build();
        agent = new KrakenAgent(context, client, events, counters);
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
    public static KrakenAdapter launch(final Context context) {
        context.conclude();
        final KrakenAdapter adapter = new KrakenAdapter(context);
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
    public long counter(final KrakenCounter counter) {
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
     * order. HTTP and the private feeds stay on threads of their own.
     *
     * @return the agent, null otherwise
     */
    public Agent agent() {
        return runner == null && invoker == null ? agent : null;
    }

    /**
     * Waits for what is with the venue, disarms the dead man's switches, tells the engine, and ends all threads;
     * bounded. The Aeron client stays its owner's. Where the duty cycle is the caller's, the caller's thread has ended
     * it or is the one that calls this.
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
     * default to the venue's with margin ("Futures Rate Limits": 500 units in 10 s).
     */
    public static final class Context {
        private final List<KrakenAccount> accounts = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-kraken";
        private boolean useNonce = true;
        private int inFlightMax = 4;
        private long stallMs = 250;
        private long processBeforeMs = 0;
        private long connectTimeoutMs = 2_000;
        private long requestTimeoutMs = 3_000;
        private int budgetUnits = 450;
        private long windowMs = 10_000;
        private long graceMs = 1_000;
        private int cancelReserve = 50;
        private long lastRunNs;
        private boolean budgetPerAddress = false;
        private int batchMax = 15;
        private long newsWaitMs = 1_500;
        private int laneCapacity = 1024;
        private int outboxCapacity = 8192;
        private int eventCapacity = 65536;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private int failuresToDown = 3;
        private List<Lesson> lessons = List.of(Lesson.barByStatus(429, LimitScope.ACCOUNT),
            Lesson.barByWord("apilimitexceeded", LimitScope.ACCOUNT),
            Lesson.barByRetryAfter(List.of(429, 503), LimitScope.ACCOUNT));
        private long holdMinMs = 1_000;
        private long holdMaxMs = 10_000;
        private long pollMs = 2_000;
        private long fillsGraceMs = 500;
        private long queryTimeoutMs = 10_000;
        private int statusIdsMax = 20;
        private int fillsPagesMax = 5;
        private int historyTokens = 90;
        private int deadManTimeoutS = 0;
        private long deadManEveryMs = 15_000;
        private boolean deadManOnShared = false;
        private long pingMs = 20_000;
        private long silenceMs = 45_000;
        private long clockAlarmMs = 1_000;
        private long clockRoundTripMaxMs = 2_000;
        private String triggerSignal = "last";
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
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         * @throws IllegalArgumentException {@code KRAKEN_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("KRAKEN_CONFIG " + String.join("; ", errors));
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
        public Context account(final KrakenAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<KrakenAccount> accounts() {
            return List.copyOf(accounts);
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

        /** Sends header Nonce, strictly increasing milliseconds, one request at a time. */
        public Context useNonce(final boolean newUseNonce) {
            useNonce = newUseNonce;
            return this;
        }

        /** See {@link #useNonce(boolean)}. */
        public boolean useNonce() {
            return useNonce;
        }

        /** Requests with the venue at once where no nonce orders them, and cancels that pass a stalled one. */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /** See {@link #inFlightMax(int)}. */
        public int inFlightMax() {
            return inFlightMax;
        }

        /** A request without an answer for so long lets cancels pass. */
        public Context stallMs(final long newStallMs) {
            stallMs = newStallMs;
            return this;
        }

        /** See {@link #stallMs(long)}. */
        public long stallMs() {
            return stallMs;
        }

        /** processBefore of orders and edits, from the moment of signing; 0 = not sent. */
        public Context processBeforeMs(final long newProcessBeforeMs) {
            processBeforeMs = newProcessBeforeMs;
            return this;
        }

        /** See {@link #processBeforeMs(long)}. */
        public long processBeforeMs() {
            return processBeforeMs;
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

        /** Units used of the venue's 500 in any window. */
        public Context budgetUnits(final int newBudgetUnits) {
            budgetUnits = newBudgetUnits;
            return this;
        }

        /** See {@link #budgetUnits(int)}. */
        public int budgetUnits() {
            return budgetUnits;
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

        /**
         * When a run before this one may last have sent, epoch nanoseconds; 0, the default, for none. Until a window
         * and the grace after it the budget counts as spent but for what only cancels may use.
         */
        public Context lastRunNs(final long newLastRunNs) {
            lastRunNs = newLastRunNs;
            return this;
        }

        /** See {@link #lastRunNs(long)}. */
        public long lastRunNs() {
            return lastRunNs;
        }

        /** Units that only cancels may use. */
        public Context cancelReserve(final int newCancelReserve) {
            cancelReserve = newCancelReserve;
            return this;
        }

        /** See {@link #cancelReserve(int)}. */
        public int cancelReserve() {
            return cancelReserve;
        }

        /** One budget for all accounts, where the venue counts by address; else one each. */
        public Context budgetPerAddress(final boolean newBudgetPerAddress) {
            budgetPerAddress = newBudgetPerAddress;
            return this;
        }

        /** See {@link #budgetPerAddress(boolean)}. */
        public boolean budgetPerAddress() {
            return budgetPerAddress;
        }

        /** Tokens used of the venue's 100 for its history, refilled in the same share of one every 6 s. */
        public Context historyTokens(final int newHistoryTokens) {
            historyTokens = newHistoryTokens;
            return this;
        }

        /** See {@link #historyTokens(int)}. */
        public int historyTokens() {
            return historyTokens;
        }

        /** Instructions in a batch that the engine may send. */
        public Context batchMax(final int newBatchMax) {
            batchMax = newBatchMax;
            return this;
        }

        /** See {@link #batchMax(int)}. */
        public int batchMax() {
            return batchMax;
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

        /** Events of the HTTP client's threads. */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /** See {@link #eventCapacity(int)}. */
        public int eventCapacity() {
            return eventCapacity;
        }

        /** First pause before a new attempt, REST and WebSocket. */
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

        /** Unanswered requests in a row after which the account is down. */
        public Context failuresToDown(final int newFailuresToDown) {
            failuresToDown = newFailuresToDown;
            return this;
        }

        /** See {@link #failuresToDown(int)}. */
        public int failuresToDown() {
            return failuresToDown;
        }

        /** What the venue's answers teach of its limits: {@code teaches} of the contract. */
        public Context lessons(final List<Lesson> newLessons) {
            lessons = List.copyOf(newLessons);
            return this;
        }

        /** See {@link #lessons(List)}. */
        public List<Lesson> lessons() {
            return lessons;
        }

        /** First hold after apiLimitExceeded; it doubles. */
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

        /** Pause between questions over REST while the private socket is down. */
        public Context pollMs(final long newPollMs) {
            pollMs = newPollMs;
            return this;
        }

        /** See {@link #pollMs(long)}. */
        public long pollMs() {
            return pollMs;
        }

        /** Fills that an answer names are asked for when the feed brings none for so long. */
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

        /** Orders in one orders/status; for more openorders is asked. */
        public Context statusIdsMax(final int newStatusIdsMax) {
            statusIdsMax = newStatusIdsMax;
            return this;
        }

        /** See {@link #statusIdsMax(int)}. */
        public int statusIdsMax() {
            return statusIdsMax;
        }

        /** Pages of fills read back for one round of questions. */
        public Context fillsPagesMax(final int newFillsPagesMax) {
            fillsPagesMax = newFillsPagesMax;
            return this;
        }

        /** See {@link #fillsPagesMax(int)}. */
        public int fillsPagesMax() {
            return fillsPagesMax;
        }

        /** Dead man's switch: the venue cancels all orders after so long; 0 = not used. */
        public Context deadManTimeoutS(final int newDeadManTimeoutS) {
            deadManTimeoutS = newDeadManTimeoutS;
            return this;
        }

        /** See {@link #deadManTimeoutS(int)}. */
        public int deadManTimeoutS() {
            return deadManTimeoutS;
        }

        /** Pause between renewals of the switch. */
        public Context deadManEveryMs(final long newDeadManEveryMs) {
            deadManEveryMs = newDeadManEveryMs;
            return this;
        }

        /** See {@link #deadManEveryMs(long)}. */
        public long deadManEveryMs() {
            return deadManEveryMs;
        }

        /** Arms the switch on accounts that tenants share, too. */
        public Context deadManOnShared(final boolean newDeadManOnShared) {
            deadManOnShared = newDeadManOnShared;
            return this;
        }

        /** See {@link #deadManOnShared(boolean)}. */
        public boolean deadManOnShared() {
            return deadManOnShared;
        }

        /** Pause between pings of the private socket; the venue wants one every 60 s. */
        public Context pingMs(final long newPingMs) {
            pingMs = newPingMs;
            return this;
        }

        /** See {@link #pingMs(long)}. */
        public long pingMs() {
            return pingMs;
        }

        /** Silence after which the private socket is given up. */
        public Context silenceMs(final long newSilenceMs) {
            silenceMs = newSilenceMs;
            return this;
        }

        /** See {@link #silenceMs(long)}. */
        public long silenceMs() {
            return silenceMs;
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

        /** What a stop is triggered by: last, mark or index. */
        public Context triggerSignal(final String newTriggerSignal) {
            triggerSignal = newTriggerSignal;
            return this;
        }

        /** See {@link #triggerSignal(String)}. */
        public String triggerSignal() {
            return triggerSignal;
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

        /** True where an agent of the caller's runs {@link KrakenAdapter#agent()}; no thread is made for it. */
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
