package weir.venue.coinbase;

import io.aeron.Aeron;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
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
import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.MemoryStoreFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionStateListener;
import quickfix.SocketInitiator;
import weir.protocol.sbe.LimitScope;
import weir.venue.EventQueue;
import weir.venue.Lesson;
import weir.venue.WireLimits;

/**
 * Coinbase Exchange order entry for any number of accounts: a FIX session per account, REST beside it, one agent thread
 * for everything about orders and, on our own transport, for the sockets. {@link #launch(Context)} starts it,
 * {@link #close()} logs out and ends it.
 */
public final class CoinbaseAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoinbaseAdapter.class);
    private static final int RECONNECT_THREADS_MAX = 4;
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(3);

    private final Context context;
    private final CoinbaseCounters counters = new CoinbaseCounters();
    private final ExecutorService httpThreads;
    private final EventQueue events;
    private final CoinbaseAgent agent;
    private final SocketInitiator initiator;
    private final AgentRunner runner;
    private final AgentInvoker invoker;
    private boolean closed;

    private CoinbaseAdapter(final Context context) {
        this.context = context;
        events = new EventQueue(context.eventCapacity());
        httpThreads = Executors.newFixedThreadPool(2, task -> {
            final Thread thread = new Thread(task, "coinbase-rest");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(context.restTimeoutMs())).executor(httpThreads).build();
        agent = new CoinbaseAgent(context, client, events, counters);
        initiator = context.transport() == CoinbaseTransport.QUICKFIXJ ? initiator() : null;
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

    private SocketInitiator initiator() {
        final Map<String, AccountLink> linkByApiKey = new HashMap<>();
        for (final AccountLink link : agent.links()) {
            linkByApiKey.put(link.account().apiKey(), link);
        }
        try {
            // Connecting blocks; on QuickFIX/J's one timer thread it would hold up every heartbeat of the process.
            final SocketInitiator connector = SocketInitiator.newBuilder()
                .withApplication(
                    new CoinbaseApplication(linkByApiKey, context.rules(), context.cancelOnDisconnect()))
                .withMessageStoreFactory(new MemoryStoreFactory())
                .withSettings(FixSettings.of(context))
                .withLogFactory(new MaskedLogFactory(agent.minaWires()))
                .withMessageFactory(new DefaultMessageFactory())
                .withQueueCapacity(context.eventCapacity())
                .withReconnectThreads(Math.min(RECONNECT_THREADS_MAX, context.accounts().size()))
                .build();
            final WireFilter filter = new WireFilter(agent.minaWires());
            connector.setIoFilterChainBuilder(chain -> chain.addLast("weir-wire", filter));
            return connector;
        } catch (final ConfigError ex) {
            throw new IllegalArgumentException("COINBASE_FIX_SETTINGS " + MaskedLogFactory.masked(ex.getMessage()));
        }
    }

    /**
     * Starts an adapter; returns before any session is up.
     *
     * @param context its settings, concluded here
     * @return the running adapter
     * @throws IllegalArgumentException naming every wrong setting
     */
    public static CoinbaseAdapter launch(final Context context) {
        context.conclude();
        final CoinbaseAdapter adapter = new CoinbaseAdapter(context);
        adapter.start();
        return adapter;
    }

    /**
     * Reads a counter; any thread.
     *
     * @param counter which
     * @return its value
     */
    public long counter(final CoinbaseCounter counter) {
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
     * calls {@link Agent#onStart()}, {@link Agent#doWork()} and {@link Agent#onClose()}; the last logs the sessions
     * out. It makes only non-blocking calls, on {@link CoinbaseTransport#WEIR}.
     *
     * @return the agent, null otherwise
     */
    public Agent agent() {
        return context.invoked() ? agent : null;
    }

    /**
     * Logs every session out, tells the engine, and ends all threads. The Aeron client stays its owner's. Where the
     * duty cycle is the caller's, the caller's thread has ended it or is the one that calls this.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (initiator != null) {
            if (runner != null) {
                agent.minaWires().values().forEach(MinaWire::logout);
            }
            initiator.stop(runner == null);
        }
        if (runner != null) {
            if (initiator != null) {
                awaitDrained();
            }
            runner.close();
        } else if (invoker != null) {
            if (initiator != null) {
                drainInvoked();
            }
            invoker.close();
        } else {
            agent.onClose();
        }
        httpThreads.shutdownNow();
    }

    private void start() {
        if (invoker != null) {
            invoker.start();
        } else if (runner != null && context.threadFactory() != null) {
            AgentRunner.startOnThread(runner, context.threadFactory());
        } else if (runner != null) {
            AgentRunner.startOnThread(runner);
        }
        if (initiator != null) {
            connect();
        }
    }

    private void connect() {
        try {
            initiator.start();
        } catch (final ConfigError ex) {
            CloseHelper.quietClose(runner);
            CloseHelper.quietClose(invoker);
            throw new IllegalArgumentException("COINBASE_FIX_SETTINGS " + MaskedLogFactory.masked(ex.getMessage()));
        }
        for (final AccountLink link : agent.links()) {
            final Session session = Session.lookupSession(
                new SessionID("FIXT.1.1", link.account().apiKey(), CoinbaseApplication.TARGET));
            agent.minaWires().get(link.account().apiKey()).session(session);
            session.addStateListener(new SessionStateListener() {
                @Override
                public void onConnectException(final SessionID sessionId, final Exception exception) {
                    session.logout();
                    events.put(() -> link.onConnectFailed(System.nanoTime()));
                }
            });
        }
    }

    private void awaitDrained() {
        final long deadlineNs = System.nanoTime() + CLOSE_NS;
        while (!agent.isDrained() && !runner.isClosed() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(1_000_000L);
        }
    }

    private void drainInvoked() {
        final long deadlineNs = System.nanoTime() + CLOSE_NS;
        do {
            invoker.invoke();
            LockSupport.parkNanos(1_000_000L);
        } while (!agent.isDrained() && !invoker.isClosed() && System.nanoTime() - deadlineNs < 0);
    }

    /**
     * Settings of an adapter. Fluent; frozen by {@link #conclude()}, which reports all mistakes at once. Venue limits
     * default to the venue's with margin ("FIX Rate Limits Overview": 100 requests per second, disconnect above 200).
     */
    public static final class Context {
        private final List<CoinbaseAccount> accounts = new ArrayList<>();
        private Aeron aeron;
        private String venueIngressChannel = "aeron:ipc?term-length=1m|alias=venue-ingress";
        private String venueEgressChannel = "aeron:ipc?alias=venue-egress-coinbase";
        private char cancelOnDisconnect = 'S';
        private char defaultSelfTrade = 'D';
        private int heartBtIntS = 30;
        private int newsPerSecond = 80;
        private int messagesPerSecond = 90;
        private long pacePeriodNs = 1_000_000_000L;
        private long guardPeriodNs = 1_000_000_000L;
        private int venueRequestsPerSecond = 100;
        private int venueMessagesPerSecond = 200;
        private int inFlightMax = 45;
        private int venueQueueMax = 50;
        private int guardHold = 180;
        private int guardDrop = 195;
        private long answerGraceMs = 250;
        private int laneCapacity = 1024;
        private int outboxCapacity = 8192;
        private int eventCapacity = 65536;
        private long reconnectMinMs = 1_000;
        private long reconnectMaxMs = 30_000;
        private long fixAnswerTimeoutMs = 2_000;
        private long queryTimeoutMs = 10_000;
        private long restTimeoutMs = 5_000;
        private int restPrivatePerSecond = 15;
        private int restPrivateBurst = 30;
        private int restFillsPerSecond = 10;
        private int restFillsBurst = 20;
        private long clockIntervalMs = 30_000;
        private long signatureLifeMs = 45_000;
        private long feedSilenceMs = 10_000;
        private List<String> products = List.of();
        private long clockAlarmMs = 10_000;
        private long orderRetentionMs = 600_000;
        private int finalOrdersMax = 65_536;
        private List<Lesson> lessons = List.of(Lesson.barByWord("rate limit", LimitScope.ACCOUNT),
            Lesson.barByStatus(429, LimitScope.CONNECTION),
            Lesson.barByRetryAfter(List.of(429, 503), LimitScope.CONNECTION));
        private Path trustStore;
        private String trustStoreType = "JKS";
        private String trustStorePassword;
        private boolean useInvoker;
        private boolean invoked;
        private CoinbaseTransport transport = CoinbaseTransport.WEIR;
        private StageTimes stageTimes;
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
         * @throws IllegalArgumentException {@code COINBASE_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            if (trustStore == null) {
                trustStore = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
            }
            final List<String> errors = ContextCheck.errors(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("COINBASE_CONFIG " + String.join("; ", errors));
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
        public Context account(final CoinbaseAccount account) {
            accounts.add(account);
            return this;
        }

        /**
         * The accounts.
         *
         * @return in order of addition
         */
        public List<CoinbaseAccount> accounts() {
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

        /** Channel of VENUE_INGRESS; {@code aeron:ipc} by default. */
        public Context venueIngressChannel(final String newVenueIngressChannel) {
            venueIngressChannel = newVenueIngressChannel;
            return this;
        }

        /** See {@link #venueIngressChannel(String)}. */
        public String venueIngressChannel() {
            return venueIngressChannel;
        }

        /** Channel of VENUE_EGRESS; {@code aeron:ipc} by default. */
        public Context venueEgressChannel(final String newVenueEgressChannel) {
            venueEgressChannel = newVenueEgressChannel;
            return this;
        }

        /** See {@link #venueEgressChannel(String)}. */
        public String venueEgressChannel() {
            return venueEgressChannel;
        }

        /**
         * CancelOrdersOnDisconnect(8013): S this session's orders, Y all of the profile; N leaves the field out. What
         * the venue does without it is not documented.
         */
        public Context cancelOnDisconnect(final char newCancelOnDisconnect) {
            cancelOnDisconnect = newCancelOnDisconnect;
            return this;
        }

        /** See {@link #cancelOnDisconnect(char)}. */
        public char cancelOnDisconnect() {
            return cancelOnDisconnect;
        }

        /** SelfTradeType(7928) of an order that names none: D, O, N or B. */
        public Context defaultSelfTrade(final char newDefaultSelfTrade) {
            defaultSelfTrade = newDefaultSelfTrade;
            return this;
        }

        /** See {@link #defaultSelfTrade(char)}. */
        public char defaultSelfTrade() {
            return defaultSelfTrade;
        }

        /** HeartBtInt(108) in seconds, at most 30. */
        public Context heartBtIntS(final int newHeartBtIntS) {
            heartBtIntS = newHeartBtIntS;
            return this;
        }

        /** See {@link #heartBtIntS(int)}. */
        public int heartBtIntS() {
            return heartBtIntS;
        }

        /**
         * For so long after its signing a request may yet be accepted: the venue's tolerance of 30 s, what our clock
         * may be ahead of the venue's, and a margin. Only then does "not there" mean that an order never arrived.
         */
        public Context signatureLifeMs(final long newSignatureLifeMs) {
            signatureLifeMs = newSignatureLifeMs;
            return this;
        }

        /** See {@link #signatureLifeMs(long)}. */
        public long signatureLifeMs() {
            return signatureLifeMs;
        }

        /** The user channel counts as lost when nothing came for so long; a heartbeat comes every second. */
        public Context feedSilenceMs(final long newFeedSilenceMs) {
            feedSilenceMs = newFeedSilenceMs;
            return this;
        }

        /** See {@link #feedSilenceMs(long)}. */
        public long feedSilenceMs() {
            return feedSilenceMs;
        }

        /** Products of which the user channel tells from the start; others join with their first order. */
        public Context products(final List<String> newProducts) {
            products = List.copyOf(newProducts);
            return this;
        }

        /** See {@link #products(List)}. */
        public List<String> products() {
            return products;
        }

        /** News, replaces and status requests in any second. */
        public Context newsPerSecond(final int newNewsPerSecond) {
            newsPerSecond = newNewsPerSecond;
            return this;
        }

        /** See {@link #newsPerSecond(int)}. */
        public int newsPerSecond() {
            return newsPerSecond;
        }

        /** Application messages in any {@link #pacePeriodNs(long)}, cancels included; at most 100. */
        public Context messagesPerSecond(final int newMessagesPerSecond) {
            messagesPerSecond = newMessagesPerSecond;
            return this;
        }

        /** See {@link #messagesPerSecond(int)}. */
        public int messagesPerSecond() {
            return messagesPerSecond;
        }

        /** Window in which application messages are counted; by default a second. */
        public Context pacePeriodNs(final long newPacePeriodNs) {
            pacePeriodNs = newPacePeriodNs;
            return this;
        }

        /** See {@link #pacePeriodNs(long)}. */
        public long pacePeriodNs() {
            return pacePeriodNs;
        }

        /**
         * Requests without an answer; the venue refuses what is beyond 50 queued per product. News use all but five.
         */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /** See {@link #inFlightMax(int)}. */
        public int inFlightMax() {
            return inFlightMax;
        }

        /** Messages in any {@link #guardPeriodNs(long)}, all counted, from which application messages wait. */
        public Context guardHold(final int newGuardHold) {
            guardHold = newGuardHold;
            return this;
        }

        /** See {@link #guardHold(int)}. */
        public int guardHold() {
            return guardHold;
        }

        /** Messages in that window from which nothing is written and the connection is dropped; below the venue's. */
        public Context guardDrop(final int newGuardDrop) {
            guardDrop = newGuardDrop;
            return this;
        }

        /** See {@link #guardDrop(int)}. */
        public int guardDrop() {
            return guardDrop;
        }

        /** Window in which all messages of a connection are counted; by default a second. */
        public Context guardPeriodNs(final long newGuardPeriodNs) {
            guardPeriodNs = newGuardPeriodNs;
            return this;
        }

        /** See {@link #guardPeriodNs(long)}. */
        public long guardPeriodNs() {
            return guardPeriodNs;
        }

        /**
         * What the venue's contract says, against which the pace and the guard are checked: requests in any second, and
         * messages in any second above which it disconnects. Only another contract is a reason to change them.
         */
        public Context venueLimits(final int requestsPerSecond, final int messagesPerSecondMax) {
            venueRequestsPerSecond = requestsPerSecond;
            venueMessagesPerSecond = messagesPerSecondMax;
            return this;
        }

        /** Requests that the venue queues per user and product before it refuses; 50 at the venue. */
        public Context venueQueueMax(final int newVenueQueueMax) {
            venueQueueMax = newVenueQueueMax;
            return this;
        }

        /** See {@link #venueQueueMax(int)}. */
        public int venueQueueMax() {
            return venueQueueMax;
        }

        /** See {@link #venueLimits(int, int)}. */
        public int venueRequestsPerSecond() {
            return venueRequestsPerSecond;
        }

        /** See {@link #venueLimits(int, int)}. */
        public int venueMessagesPerSecond() {
            return venueMessagesPerSecond;
        }

        /** How long an unanswered message may have been on its way, for the pace. */
        public Context answerGraceMs(final long newAnswerGraceMs) {
            answerGraceMs = newAnswerGraceMs;
            return this;
        }

        /** See {@link #answerGraceMs(long)}. */
        public long answerGraceMs() {
            return answerGraceMs;
        }

        /** Requests that wait per account and lane; beyond it the poll is aborted. */
        public Context laneCapacity(final int newLaneCapacity) {
            laneCapacity = newLaneCapacity;
            return this;
        }

        /** See {@link #laneCapacity(int)}. */
        public int laneCapacity() {
            return laneCapacity;
        }

        /** Events that wait for the engine; beyond it nothing is taken in. */
        public Context outboxCapacity(final int newOutboxCapacity) {
            outboxCapacity = newOutboxCapacity;
            return this;
        }

        /** See {@link #outboxCapacity(int)}. */
        public int outboxCapacity() {
            return outboxCapacity;
        }

        /** Wire events that wait for the agent; beyond it sockets are not read. */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /** See {@link #eventCapacity(int)}. */
        public int eventCapacity() {
            return eventCapacity;
        }

        /** First delay before a new connection, at least 1000. */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /** See {@link #reconnectMinMs(long)}. */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /** Longest delay before a new connection. */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /** See {@link #reconnectMaxMs(long)}. */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /** How long a status request may go unanswered before REST is asked alone. */
        public Context fixAnswerTimeoutMs(final long newFixAnswerTimeoutMs) {
            fixAnswerTimeoutMs = newFixAnswerTimeoutMs;
            return this;
        }

        /** See {@link #fixAnswerTimeoutMs(long)}. */
        public long fixAnswerTimeoutMs() {
            return fixAnswerTimeoutMs;
        }

        /** Bound of one order query from its status request on. */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /** See {@link #queryTimeoutMs(long)}. */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /** Bound of one REST call. */
        public Context restTimeoutMs(final long newRestTimeoutMs) {
            restTimeoutMs = newRestTimeoutMs;
            return this;
        }

        /** See {@link #restTimeoutMs(long)}. */
        public long restTimeoutMs() {
            return restTimeoutMs;
        }

        /** Rate of the profile's private bucket. */
        public Context restPrivatePerSecond(final int newRestPrivatePerSecond) {
            restPrivatePerSecond = newRestPrivatePerSecond;
            return this;
        }

        /** See {@link #restPrivatePerSecond(int)}. */
        public int restPrivatePerSecond() {
            return restPrivatePerSecond;
        }

        /** Burst of the profile's private bucket; five below it and nine tenths of the rate are used. */
        public Context restPrivateBurst(final int newRestPrivateBurst) {
            restPrivateBurst = newRestPrivateBurst;
            return this;
        }

        /** See {@link #restPrivateBurst(int)}. */
        public int restPrivateBurst() {
            return restPrivateBurst;
        }

        /** Rate of the profile's fills bucket. */
        public Context restFillsPerSecond(final int newRestFillsPerSecond) {
            restFillsPerSecond = newRestFillsPerSecond;
            return this;
        }

        /** See {@link #restFillsPerSecond(int)}. */
        public int restFillsPerSecond() {
            return restFillsPerSecond;
        }

        /** Burst of the profile's fills bucket; five below it and nine tenths of the rate are used. */
        public Context restFillsBurst(final int newRestFillsBurst) {
            restFillsBurst = newRestFillsBurst;
            return this;
        }

        /** See {@link #restFillsBurst(int)}. */
        public int restFillsBurst() {
            return restFillsBurst;
        }

        /** Between two looks at the venue's clock. */
        public Context clockIntervalMs(final long newClockIntervalMs) {
            clockIntervalMs = newClockIntervalMs;
            return this;
        }

        /** See {@link #clockIntervalMs(long)}. */
        public long clockIntervalMs() {
            return clockIntervalMs;
        }

        /** Clock difference that raises an alarm, below 30000. */
        public Context clockAlarmMs(final long newClockAlarmMs) {
            clockAlarmMs = newClockAlarmMs;
            return this;
        }

        /** See {@link #clockAlarmMs(long)}. */
        public long clockAlarmMs() {
            return clockAlarmMs;
        }

        /** How long a final order's ids are kept for late reports. */
        public Context orderRetentionMs(final long newOrderRetentionMs) {
            orderRetentionMs = newOrderRetentionMs;
            return this;
        }

        /** See {@link #orderRetentionMs(long)}. */
        public long orderRetentionMs() {
            return orderRetentionMs;
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

        /** Most final orders kept. */
        public Context finalOrdersMax(final int newFinalOrdersMax) {
            finalOrdersMax = newFinalOrdersMax;
            return this;
        }

        /** See {@link #finalOrdersMax(int)}. */
        public int finalOrdersMax() {
            return finalOrdersMax;
        }

        /** Certificates trusted for FIX over TLS; the JDK's by default. */
        public Context trustStore(final Path newTrustStore) {
            trustStore = newTrustStore;
            return this;
        }

        /** See {@link #trustStore(Path)}. */
        public Path trustStore() {
            return trustStore;
        }

        /** Type of the trust store. */
        public Context trustStoreType(final String newTrustStoreType) {
            trustStoreType = newTrustStoreType;
            return this;
        }

        /** See {@link #trustStoreType(String)}. */
        public String trustStoreType() {
            return trustStoreType;
        }

        /** Password of the trust store, null for none. */
        public Context trustStorePassword(final String newTrustStorePassword) {
            trustStorePassword = newTrustStorePassword;
            return this;
        }

        /** See {@link #trustStorePassword(String)}. */
        public String trustStorePassword() {
            return trustStorePassword;
        }

        /** True to run the duty cycle on the caller's thread. */
        public Context useInvoker(final boolean newUseInvoker) {
            useInvoker = newUseInvoker;
            return this;
        }

        /** See {@link #useInvoker(boolean)}. */
        public boolean useInvoker() {
            return useInvoker;
        }

        /** True where an agent of the caller's runs {@link CoinbaseAdapter#agent()}; no thread is made for it. */
        public Context invoked(final boolean newInvoked) {
            invoked = newInvoked;
            return this;
        }

        /** See {@link #invoked(boolean)}. */
        public boolean invoked() {
            return invoked;
        }

        /** Where the adapter records the times of its stages; none by default. On our own transport. */
        public Context stageTimes(final StageTimes newStageTimes) {
            stageTimes = newStageTimes;
            return this;
        }

        /** See {@link #stageTimes(StageTimes)}. */
        public StageTimes stageTimes() {
            return stageTimes;
        }

        /** What carries the FIX sessions; our own transport by default. */
        public Context transport(final CoinbaseTransport newTransport) {
            transport = newTransport;
            return this;
        }

        /** See {@link #transport(CoinbaseTransport)}. */
        public CoinbaseTransport transport() {
            return transport;
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

        /** Of the agent's thread, null for the default. */
        public Context threadFactory(final ThreadFactory newThreadFactory) {
            threadFactory = newThreadFactory;
            return this;
        }

        /** See {@link #threadFactory(ThreadFactory)}. */
        public ThreadFactory threadFactory() {
            return threadFactory;
        }

        /** Told of what the agent could not handle; logs by default. */
        public Context errorHandler(final ErrorHandler newErrorHandler) {
            errorHandler = newErrorHandler;
            return this;
        }

        /** See {@link #errorHandler(ErrorHandler)}. */
        public ErrorHandler errorHandler() {
            return errorHandler;
        }

        /** Wall clock. */
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
