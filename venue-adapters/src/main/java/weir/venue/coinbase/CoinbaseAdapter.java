package weir.venue.coinbase;

import io.aeron.Aeron;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
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

/**
 * Coinbase Exchange order entry for any number of accounts: one QuickFIX/J initiator with a session per account, REST
 * beside it, one agent thread for everything about orders. {@link #launch(Context)} starts it, {@link #close()} logs
 * out and ends it.
 */
public final class CoinbaseAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoinbaseAdapter.class);
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
        final Map<String, AccountLink> linkByApiKey = new HashMap<>();
        final Map<String, Wire> wireByApiKey = new HashMap<>();
        for (final AccountLink link : agent.links()) {
            linkByApiKey.put(link.account().apiKey(), link);
            wireByApiKey.put(link.account().apiKey(), link.wire());
        }
        try {
            initiator = new SocketInitiator(
                new CoinbaseApplication(linkByApiKey, context.rules(), context.cancelOnDisconnect()),
                new MemoryStoreFactory(), FixSettings.of(context), new MaskedLogFactory(wireByApiKey),
                new DefaultMessageFactory(), context.eventCapacity());
        } catch (final ConfigError ex) {
            throw new IllegalArgumentException("COINBASE_FIX_SETTINGS " + MaskedLogFactory.masked(ex.getMessage()));
        }
        final WireFilter filter = new WireFilter(wireByApiKey);
        initiator.setIoFilterChainBuilder(chain -> chain.addLast("weir-wire", filter));
        if (context.useInvoker()) {
            runner = null;
            invoker = new AgentInvoker(context.errorHandler(), null, agent);
        } else {
            runner = new AgentRunner(context.idleStrategy(), context.errorHandler(), null, agent);
            invoker = null;
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

    /** Logs every session out, tells the engine, and ends all threads. The Aeron client stays its owner's. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (invoker == null) {
            initiator.stop(false);
            awaitDrained();
            runner.close();
        } else {
            initiator.stop(true);
            drainInvoked();
            invoker.close();
        }
        httpThreads.shutdownNow();
    }

    private void start() {
        if (invoker != null) {
            invoker.start();
        } else if (context.threadFactory() != null) {
            AgentRunner.startOnThread(runner, context.threadFactory());
        } else {
            AgentRunner.startOnThread(runner);
        }
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
            link.wire().session(session);
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
        private int maxLatencyS = 30;
        private int newsPerSecond = 80;
        private int messagesPerSecond = 90;
        private int inFlightMax = 45;
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
        private long clockAlarmMs = 10_000;
        private long orderRetentionMs = 600_000;
        private int finalOrdersMax = 200_000;
        private Path trustStore;
        private String trustStoreType = "JKS";
        private String trustStorePassword;
        private boolean useInvoker;
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
         * @throws IllegalArgumentException {@code COINBASE_CONFIG}, naming every wrong setting
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is already in use");
            }
            if (trustStore == null) {
                trustStore = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
            }
            final List<String> errors = new ArrayList<>();
            check(errors, aeron != null, "aeron is missing");
            check(errors, !accounts.isEmpty(), "no account");
            check(errors, cancelOnDisconnect == 'S' || cancelOnDisconnect == 'Y', "cancelOnDisconnect is S or Y");
            check(errors, "DONB".indexOf(defaultSelfTrade) >= 0, "defaultSelfTrade is D, O, N or B");
            check(errors, heartBtIntS > 0 && heartBtIntS <= 30, "heartBtIntS is 1 to 30");
            check(errors, maxLatencyS > 0, "maxLatencyS is positive");
            check(errors, newsPerSecond > 0 && newsPerSecond <= messagesPerSecond && messagesPerSecond <= 100,
                "0 < newsPerSecond <= messagesPerSecond <= 100");
            check(errors, messagesPerSecond <= guardHold && guardHold < guardDrop && guardDrop < 200,
                "messagesPerSecond <= guardHold < guardDrop < 200");
            check(errors, inFlightMax > 5 && inFlightMax < 50, "inFlightMax is 6 to 49");
            check(errors, answerGraceMs >= 0 && answerGraceMs <= 10_000, "answerGraceMs is 0 to 10000");
            check(errors, laneCapacity > 0 && outboxCapacity > 0 && eventCapacity > 1, "capacities are positive");
            check(errors, reconnectMinMs >= 1_000 && reconnectMaxMs >= reconnectMinMs,
                "1000 <= reconnectMinMs <= reconnectMaxMs");
            check(errors, fixAnswerTimeoutMs > 0 && queryTimeoutMs > fixAnswerTimeoutMs && restTimeoutMs > 0,
                "0 < fixAnswerTimeoutMs < queryTimeoutMs, restTimeoutMs > 0");
            check(errors, restPrivatePerSecond > 0 && restFillsPerSecond > 0 && restPrivateBurst > 2
                && restFillsBurst > 2, "REST rates are positive and bursts above 2");
            check(errors, clockIntervalMs >= 1_000 && clockAlarmMs > 0 && clockAlarmMs < 30_000,
                "clockIntervalMs >= 1000, 0 < clockAlarmMs < 30000");
            check(errors, orderRetentionMs > 0 && finalOrdersMax > 0,
                "orderRetentionMs and finalOrdersMax are positive");
            checkAccounts(errors);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("COINBASE_CONFIG " + String.join("; ", errors));
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

        private void checkAccounts(final List<String> errors) {
            final Set<Integer> ids = new HashSet<>();
            final Set<String> keys = new HashSet<>();
            for (final CoinbaseAccount account : accounts) {
                final String name = "account " + account.accountId() + ": ";
                check(errors, ids.add(account.accountId()), name + "given twice");
                check(errors, isText(account.apiKey()), name + "apiKey is missing");
                check(errors, keys.add(account.apiKey()),
                    name + "apiKey is used twice; the venue takes one session a key");
                check(errors, isText(account.passphrase()), name + "passphrase is missing");
                check(errors, isText(account.fixHost()) && account.fixPort() > 0 && account.fixPort() < 65536,
                    name + "fixHost and fixPort");
                check(errors, account.restUri() != null && account.restUri().getHost() != null
                    && ("http".equals(account.restUri().getScheme()) || "https".equals(account.restUri().getScheme())),
                    name + "restUri is http or https with a host");
                check(errors, !account.tls() || Files.isReadable(trustStore), name + "trustStore is not readable");
                try {
                    new CoinbaseSigner(account.secret() == null ? "" : account.secret());
                } catch (final IllegalArgumentException ex) {
                    errors.add(name + ex.getMessage());
                }
            }
        }

        private static boolean isText(final String value) {
            return value != null && !value.isBlank() && value.indexOf('\u0001') < 0;
        }

        private static void check(final List<String> errors, final boolean right, final String text) {
            if (!right) {
                errors.add(text);
            }
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
         * Client whose driver carries the streams; stays its owner's.
         *
         * @param newAeron the value
         * @return this
         */
        public Context aeron(final Aeron newAeron) {
            aeron = newAeron;
            return this;
        }

        /**
         * Client whose driver carries the streams; stays its owner's.
         *
         * @return the value
         */
        public Aeron aeron() {
            return aeron;
        }

        /**
         * Channel of VENUE_INGRESS; {@code aeron:ipc} by default.
         *
         * @param newVenueIngressChannel the value
         * @return this
         */
        public Context venueIngressChannel(final String newVenueIngressChannel) {
            venueIngressChannel = newVenueIngressChannel;
            return this;
        }

        /**
         * Channel of VENUE_INGRESS; {@code aeron:ipc} by default.
         *
         * @return the value
         */
        public String venueIngressChannel() {
            return venueIngressChannel;
        }

        /**
         * Channel of VENUE_EGRESS; {@code aeron:ipc} by default.
         *
         * @param newVenueEgressChannel the value
         * @return this
         */
        public Context venueEgressChannel(final String newVenueEgressChannel) {
            venueEgressChannel = newVenueEgressChannel;
            return this;
        }

        /**
         * Channel of VENUE_EGRESS; {@code aeron:ipc} by default.
         *
         * @return the value
         */
        public String venueEgressChannel() {
            return venueEgressChannel;
        }

        /**
         * CancelOrdersOnDisconnect(8013), always sent: S this session's orders, Y all of the profile.
         *
         * @param newCancelOnDisconnect the value
         * @return this
         */
        public Context cancelOnDisconnect(final char newCancelOnDisconnect) {
            cancelOnDisconnect = newCancelOnDisconnect;
            return this;
        }

        /**
         * CancelOrdersOnDisconnect(8013), always sent: S this session's orders, Y all of the profile.
         *
         * @return the value
         */
        public char cancelOnDisconnect() {
            return cancelOnDisconnect;
        }

        /**
         * SelfTradeType(7928) of an order that names none: D, O, N or B.
         *
         * @param newDefaultSelfTrade the value
         * @return this
         */
        public Context defaultSelfTrade(final char newDefaultSelfTrade) {
            defaultSelfTrade = newDefaultSelfTrade;
            return this;
        }

        /**
         * SelfTradeType(7928) of an order that names none: D, O, N or B.
         *
         * @return the value
         */
        public char defaultSelfTrade() {
            return defaultSelfTrade;
        }

        /**
         * HeartBtInt(108) in seconds, at most 30.
         *
         * @param newHeartBtIntS the value
         * @return this
         */
        public Context heartBtIntS(final int newHeartBtIntS) {
            heartBtIntS = newHeartBtIntS;
            return this;
        }

        /**
         * HeartBtInt(108) in seconds, at most 30.
         *
         * @return the value
         */
        public int heartBtIntS() {
            return heartBtIntS;
        }

        /**
         * Tolerated age of the venue's SendingTime(52), seconds.
         *
         * @param newMaxLatencyS the value
         * @return this
         */
        public Context maxLatencyS(final int newMaxLatencyS) {
            maxLatencyS = newMaxLatencyS;
            return this;
        }

        /**
         * Tolerated age of the venue's SendingTime(52), seconds.
         *
         * @return the value
         */
        public int maxLatencyS() {
            return maxLatencyS;
        }

        /**
         * News, replaces and status requests in any second.
         *
         * @param newNewsPerSecond the value
         * @return this
         */
        public Context newsPerSecond(final int newNewsPerSecond) {
            newsPerSecond = newNewsPerSecond;
            return this;
        }

        /**
         * News, replaces and status requests in any second.
         *
         * @return the value
         */
        public int newsPerSecond() {
            return newsPerSecond;
        }

        /**
         * Application messages in any second, cancels included; at most 100.
         *
         * @param newMessagesPerSecond the value
         * @return this
         */
        public Context messagesPerSecond(final int newMessagesPerSecond) {
            messagesPerSecond = newMessagesPerSecond;
            return this;
        }

        /**
         * Application messages in any second, cancels included; at most 100.
         *
         * @return the value
         */
        public int messagesPerSecond() {
            return messagesPerSecond;
        }

        /**
         * Requests without an answer; the venue refuses what is beyond 50 queued per product. News use all but five.
         *
         * @param newInFlightMax the value
         * @return this
         */
        public Context inFlightMax(final int newInFlightMax) {
            inFlightMax = newInFlightMax;
            return this;
        }

        /**
         * Requests without an answer; the venue refuses what is beyond 50 queued per product. News use all but five.
         *
         * @return the value
         */
        public int inFlightMax() {
            return inFlightMax;
        }

        /**
         * Messages in any second, the session layer's included, from which application messages wait.
         *
         * @param newGuardHold the value
         * @return this
         */
        public Context guardHold(final int newGuardHold) {
            guardHold = newGuardHold;
            return this;
        }

        /**
         * Messages in any second, the session layer's included, from which application messages wait.
         *
         * @return the value
         */
        public int guardHold() {
            return guardHold;
        }

        /**
         * Messages in any second from which nothing is written and the connection is dropped; below 200.
         *
         * @param newGuardDrop the value
         * @return this
         */
        public Context guardDrop(final int newGuardDrop) {
            guardDrop = newGuardDrop;
            return this;
        }

        /**
         * Messages in any second from which nothing is written and the connection is dropped; below 200.
         *
         * @return the value
         */
        public int guardDrop() {
            return guardDrop;
        }

        /**
         * How long an unanswered message may have been on its way, for the pace.
         *
         * @param newAnswerGraceMs the value
         * @return this
         */
        public Context answerGraceMs(final long newAnswerGraceMs) {
            answerGraceMs = newAnswerGraceMs;
            return this;
        }

        /**
         * How long an unanswered message may have been on its way, for the pace.
         *
         * @return the value
         */
        public long answerGraceMs() {
            return answerGraceMs;
        }

        /**
         * Requests that wait per account and lane; beyond it the poll is aborted.
         *
         * @param newLaneCapacity the value
         * @return this
         */
        public Context laneCapacity(final int newLaneCapacity) {
            laneCapacity = newLaneCapacity;
            return this;
        }

        /**
         * Requests that wait per account and lane; beyond it the poll is aborted.
         *
         * @return the value
         */
        public int laneCapacity() {
            return laneCapacity;
        }

        /**
         * Events that wait for the engine; beyond it nothing is taken in.
         *
         * @param newOutboxCapacity the value
         * @return this
         */
        public Context outboxCapacity(final int newOutboxCapacity) {
            outboxCapacity = newOutboxCapacity;
            return this;
        }

        /**
         * Events that wait for the engine; beyond it nothing is taken in.
         *
         * @return the value
         */
        public int outboxCapacity() {
            return outboxCapacity;
        }

        /**
         * Wire events that wait for the agent; beyond it sockets are not read.
         *
         * @param newEventCapacity the value
         * @return this
         */
        public Context eventCapacity(final int newEventCapacity) {
            eventCapacity = newEventCapacity;
            return this;
        }

        /**
         * Wire events that wait for the agent; beyond it sockets are not read.
         *
         * @return the value
         */
        public int eventCapacity() {
            return eventCapacity;
        }

        /**
         * First delay before a new connection, at least 1000.
         *
         * @param newReconnectMinMs the value
         * @return this
         */
        public Context reconnectMinMs(final long newReconnectMinMs) {
            reconnectMinMs = newReconnectMinMs;
            return this;
        }

        /**
         * First delay before a new connection, at least 1000.
         *
         * @return the value
         */
        public long reconnectMinMs() {
            return reconnectMinMs;
        }

        /**
         * Longest delay before a new connection.
         *
         * @param newReconnectMaxMs the value
         * @return this
         */
        public Context reconnectMaxMs(final long newReconnectMaxMs) {
            reconnectMaxMs = newReconnectMaxMs;
            return this;
        }

        /**
         * Longest delay before a new connection.
         *
         * @return the value
         */
        public long reconnectMaxMs() {
            return reconnectMaxMs;
        }

        /**
         * How long a status request may go unanswered before REST is asked alone.
         *
         * @param newFixAnswerTimeoutMs the value
         * @return this
         */
        public Context fixAnswerTimeoutMs(final long newFixAnswerTimeoutMs) {
            fixAnswerTimeoutMs = newFixAnswerTimeoutMs;
            return this;
        }

        /**
         * How long a status request may go unanswered before REST is asked alone.
         *
         * @return the value
         */
        public long fixAnswerTimeoutMs() {
            return fixAnswerTimeoutMs;
        }

        /**
         * Bound of one order query from its status request on.
         *
         * @param newQueryTimeoutMs the value
         * @return this
         */
        public Context queryTimeoutMs(final long newQueryTimeoutMs) {
            queryTimeoutMs = newQueryTimeoutMs;
            return this;
        }

        /**
         * Bound of one order query from its status request on.
         *
         * @return the value
         */
        public long queryTimeoutMs() {
            return queryTimeoutMs;
        }

        /**
         * Bound of one REST call.
         *
         * @param newRestTimeoutMs the value
         * @return this
         */
        public Context restTimeoutMs(final long newRestTimeoutMs) {
            restTimeoutMs = newRestTimeoutMs;
            return this;
        }

        /**
         * Bound of one REST call.
         *
         * @return the value
         */
        public long restTimeoutMs() {
            return restTimeoutMs;
        }

        /**
         * Rate of the profile's private bucket.
         *
         * @param newRestPrivatePerSecond the value
         * @return this
         */
        public Context restPrivatePerSecond(final int newRestPrivatePerSecond) {
            restPrivatePerSecond = newRestPrivatePerSecond;
            return this;
        }

        /**
         * Rate of the profile's private bucket.
         *
         * @return the value
         */
        public int restPrivatePerSecond() {
            return restPrivatePerSecond;
        }

        /**
         * Burst of the profile's private bucket; two below it are used.
         *
         * @param newRestPrivateBurst the value
         * @return this
         */
        public Context restPrivateBurst(final int newRestPrivateBurst) {
            restPrivateBurst = newRestPrivateBurst;
            return this;
        }

        /**
         * Burst of the profile's private bucket; two below it are used.
         *
         * @return the value
         */
        public int restPrivateBurst() {
            return restPrivateBurst;
        }

        /**
         * Rate of the profile's fills bucket.
         *
         * @param newRestFillsPerSecond the value
         * @return this
         */
        public Context restFillsPerSecond(final int newRestFillsPerSecond) {
            restFillsPerSecond = newRestFillsPerSecond;
            return this;
        }

        /**
         * Rate of the profile's fills bucket.
         *
         * @return the value
         */
        public int restFillsPerSecond() {
            return restFillsPerSecond;
        }

        /**
         * Burst of the profile's fills bucket; two below it are used.
         *
         * @param newRestFillsBurst the value
         * @return this
         */
        public Context restFillsBurst(final int newRestFillsBurst) {
            restFillsBurst = newRestFillsBurst;
            return this;
        }

        /**
         * Burst of the profile's fills bucket; two below it are used.
         *
         * @return the value
         */
        public int restFillsBurst() {
            return restFillsBurst;
        }

        /**
         * Between two looks at the venue's clock.
         *
         * @param newClockIntervalMs the value
         * @return this
         */
        public Context clockIntervalMs(final long newClockIntervalMs) {
            clockIntervalMs = newClockIntervalMs;
            return this;
        }

        /**
         * Between two looks at the venue's clock.
         *
         * @return the value
         */
        public long clockIntervalMs() {
            return clockIntervalMs;
        }

        /**
         * Clock difference that raises an alarm, below 30000.
         *
         * @param newClockAlarmMs the value
         * @return this
         */
        public Context clockAlarmMs(final long newClockAlarmMs) {
            clockAlarmMs = newClockAlarmMs;
            return this;
        }

        /**
         * Clock difference that raises an alarm, below 30000.
         *
         * @return the value
         */
        public long clockAlarmMs() {
            return clockAlarmMs;
        }

        /**
         * How long a final order's ids are kept for late reports.
         *
         * @param newOrderRetentionMs the value
         * @return this
         */
        public Context orderRetentionMs(final long newOrderRetentionMs) {
            orderRetentionMs = newOrderRetentionMs;
            return this;
        }

        /**
         * How long a final order's ids are kept for late reports.
         *
         * @return the value
         */
        public long orderRetentionMs() {
            return orderRetentionMs;
        }

        /**
         * Most final orders kept.
         *
         * @param newFinalOrdersMax the value
         * @return this
         */
        public Context finalOrdersMax(final int newFinalOrdersMax) {
            finalOrdersMax = newFinalOrdersMax;
            return this;
        }

        /**
         * Most final orders kept.
         *
         * @return the value
         */
        public int finalOrdersMax() {
            return finalOrdersMax;
        }

        /**
         * Certificates trusted for FIX over TLS; the JDK's by default.
         *
         * @param newTrustStore the value
         * @return this
         */
        public Context trustStore(final Path newTrustStore) {
            trustStore = newTrustStore;
            return this;
        }

        /**
         * Certificates trusted for FIX over TLS; the JDK's by default.
         *
         * @return the value
         */
        public Path trustStore() {
            return trustStore;
        }

        /**
         * Type of the trust store.
         *
         * @param newTrustStoreType the value
         * @return this
         */
        public Context trustStoreType(final String newTrustStoreType) {
            trustStoreType = newTrustStoreType;
            return this;
        }

        /**
         * Type of the trust store.
         *
         * @return the value
         */
        public String trustStoreType() {
            return trustStoreType;
        }

        /**
         * Password of the trust store, null for none.
         *
         * @param newTrustStorePassword the value
         * @return this
         */
        public Context trustStorePassword(final String newTrustStorePassword) {
            trustStorePassword = newTrustStorePassword;
            return this;
        }

        /**
         * Password of the trust store, null for none.
         *
         * @return the value
         */
        public String trustStorePassword() {
            return trustStorePassword;
        }

        /**
         * True to run the duty cycle on the caller's thread.
         *
         * @param newUseInvoker the value
         * @return this
         */
        public Context useInvoker(final boolean newUseInvoker) {
            useInvoker = newUseInvoker;
            return this;
        }

        /**
         * True to run the duty cycle on the caller's thread.
         *
         * @return the value
         */
        public boolean useInvoker() {
            return useInvoker;
        }

        /**
         * Of the agent's thread.
         *
         * @param newIdleStrategy the value
         * @return this
         */
        public Context idleStrategy(final IdleStrategy newIdleStrategy) {
            idleStrategy = newIdleStrategy;
            return this;
        }

        /**
         * Of the agent's thread.
         *
         * @return the value
         */
        public IdleStrategy idleStrategy() {
            return idleStrategy;
        }

        /**
         * Of the agent's thread, null for the default.
         *
         * @param newThreadFactory the value
         * @return this
         */
        public Context threadFactory(final ThreadFactory newThreadFactory) {
            threadFactory = newThreadFactory;
            return this;
        }

        /**
         * Of the agent's thread, null for the default.
         *
         * @return the value
         */
        public ThreadFactory threadFactory() {
            return threadFactory;
        }

        /**
         * Told of what the agent could not handle; logs by default.
         *
         * @param newErrorHandler the value
         * @return this
         */
        public Context errorHandler(final ErrorHandler newErrorHandler) {
            errorHandler = newErrorHandler;
            return this;
        }

        /**
         * Told of what the agent could not handle; logs by default.
         *
         * @return the value
         */
        public ErrorHandler errorHandler() {
            return errorHandler;
        }

        /**
         * Wall clock.
         *
         * @param newEpochClock the value
         * @return this
         */
        public Context epochClock(final EpochNanoClock newEpochClock) {
            epochClock = newEpochClock;
            return this;
        }

        /**
         * Wall clock.
         *
         * @return the value
         */
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
