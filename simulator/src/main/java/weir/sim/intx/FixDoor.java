package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.LimitUse;
import weir.sim.market.VenueLog;

/**
 * FIX order entry on loopback: accepts connections, knows which session of a key is logged on, counts, cancels on
 * disconnect, and brings what becomes of orders to the session of the key that placed them. One session per key.
 */
final class FixDoor implements Closeable, EngineListener {
    private final ServerSocket server;
    private final LongSupplier clock;
    private final IntxEngine engine;
    private final VenueLog log;
    private final FaultPlan<IntxFault> faults;
    private final FixLogon logonCheck;
    private final FixOrders orders;
    private final Limits limits;
    private final Map<String, FixMeter> byKey = new TreeMap<>();
    private final Map<String, FixMeter> byPortfolio = new TreeMap<>();
    private final Map<String, IntxAccount> accounts = new TreeMap<>();
    private final Map<String, FixSession> current = new ConcurrentHashMap<>();
    private final Map<Long, FixSession> connections = new ConcurrentHashMap<>();
    private final AtomicLong nextId;
    private volatile boolean closed;

    /**
     * Messages in any second.
     *
     * @param perSecond        of a key; above, they are refused.
     * @param cutPerSecond     of a key; above, the session is cut.
     * @param accountPerSecond of all keys of a portfolio.
     */
    record Limits(int perSecond, int cutPerSecond, int accountPerSecond) {
    }

    FixDoor(final int port, final LongSupplier clock, final IntxEngine engine, final VenueLog log,
        final FaultPlan<IntxFault> faults, final List<IntxAccount> accounts, final Limits limits,
        final long toleranceNs) throws IOException {
        this.clock = clock;
        this.engine = engine;
        this.log = log;
        this.faults = faults;
        this.limits = limits;
        accounts.forEach(account -> {
            this.accounts.put(account.apiKey(), account);
            byKey.put(account.apiKey(), new FixMeter());
            byPortfolio.put(account.portfolio(), new FixMeter());
        });
        logonCheck = new FixLogon(this.accounts, toleranceNs);
        orders = new FixOrders(engine, faults, log);
        // ids of connections differ between runs, because the log goes on
        nextId = new AtomicLong(clock.getAsLong() / 1_000_000L);
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    }

    void start() {
        engine.listen(this);
        thread("acceptor", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    long nowNs() {
        return clock.getAsLong();
    }

    /** The time that the venue states, and judges stated times by. */
    long peerNs() {
        return clock.getAsLong() + engine.offset();
    }

    /** How far the clock of the venue is ahead of its own counting, by a fault or because the host's was set. */
    long offsetMs() {
        return engine.offset() / 1_000_000L;
    }

    VenueLog log() {
        return log;
    }

    FixLogon logonCheck() {
        return logonCheck;
    }

    /** Of a key, or null. */
    FixMeter meter(final String apiKey) {
        return apiKey == null ? null : byKey.get(apiKey);
    }

    int perSecond() {
        return limits.perSecond();
    }

    int cutPerSecond() {
        return limits.cutPerSecond();
    }

    /** Counts a request of a portfolio. @return whether it is beyond what all of its keys have together. */
    boolean isAccountSpent(final IntxAccount account, final long nowNs) {
        return byPortfolio.get(account.portfolio()).add(nowNs) > limits.accountPerSecond();
    }

    boolean strikes(final FixSession session, final IntxFault fault) {
        return strikes(session.account().apiKey(), fault);
    }

    boolean strikes(final String apiKey, final IntxFault fault) {
        final boolean strikes = faults.strikes(fault, apiKey);
        if (strikes) {
            log.write(VenueLog.line("fault", nowNs()).put("fault", fault.key()).put("session", apiKey));
        }
        return strikes;
    }

    Thread thread(final String name, final Runnable task) {
        final Thread thread = new Thread(task, "intx-fix-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Makes a session the key's. @return false when another one is. */
    boolean tryAttach(final FixSession session) {
        return current.putIfAbsent(session.account().apiKey(), session) == null;
    }

    /** A request of a session that is logged on and within its limits. */
    void onRequest(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        if (strikes(session, IntxFault.FIX_ANSWER_LOST_BEFORE)) {
            session.drop(IntxFault.FIX_ANSWER_LOST_BEFORE.key());
            return;
        }
        final boolean cut = strikes(session, IntxFault.FIX_ANSWER_LOST_AFTER);
        if (cut) {
            session.mute();
        }
        if (strikes(session, IntxFault.FIX_HALF_OPEN)) {
            session.stick();
        }
        orders.onRequest(session, message, nowNs);
        if (cut) {
            session.drop(IntxFault.FIX_ANSWER_LOST_AFTER.key());
        }
    }

    /** A session ended: its orders are cancelled if its Logon asked for that, or left it to the default. */
    void onEnd(final FixSession session, final String reason) {
        connections.remove(session.id());
        log.write(session.line("logoff", nowNs()).put("reason", reason));
        final FixLogon.Terms terms = session.terms();
        if (terms != null) {
            current.remove(terms.account().apiKey(), session);
            cancel(session, "cancel on disconnect");
        }
    }

    /** The gateway lost the venue behind it: orders are cancelled though the connection stands. */
    int loseInside() {
        int count = 0;
        for (final FixSession session : current.values()) {
            if (session.terms().cancelInternal()) {
                cancel(session, "internal disconnect");
                count++;
            }
        }
        return count;
    }

    /** Logs every session out, as the weekly reset does. @return how many. */
    int logoutAll(final String text) {
        current.values().forEach(session -> session.logout(text, "venue logout"));
        return current.size();
    }

    /** Closes every connection without a word. @return how many. */
    int dropAll() {
        final List<FixSession> all = new ArrayList<>(connections.values());
        all.forEach(session -> session.drop("dropped"));
        return all.size();
    }

    void onTick(final long nowNs) {
        connections.values().forEach(session -> session.onTick(nowNs));
    }

    void reset() {
        byKey.values().forEach(FixMeter::reset);
        byPortfolio.values().forEach(FixMeter::reset);
    }

    /** Adds each portfolio's figures to {@code GET /stats}. */
    void addTo(final ObjectNode stats) {
        byKey.forEach((key, meter) ->
            meter.addTo(stats.withObject("/accounts").withObject("/" + accounts.get(key).name()).withObject("/fix")));
    }

    /** Each key's use in the form of {@code GET /limits}. */
    List<LimitUse> uses() {
        final List<LimitUse> uses = new ArrayList<>();
        byKey.forEach((key, meter) -> uses.add(new LimitUse(accounts.get(key).name(), "fix messages/s", meter.peak(),
            limits.perSecond(), meter.throttled(), "")));
        return uses;
    }

    @Override
    public void onEvent(final IntxOrder order, final char execType, final IntxFill fill, final long nowNs) {
        final String key = order.account().apiKey();
        final FixSession asker = execType == '4' ? order.cancelledBy : execType == '5' ? order.replacedBy : null;
        final boolean told = order.request.fixConnection() != 0 || faults.isOn(IntxFault.FIX_REPORTS_ALL, key);
        final FixSession session = told ? current.get(key) : asker;
        if (session == null) {
            return;
        }
        final long atNs = nowNs + faults.value(IntxFault.FIX_DELAY_MS, key) * 1_000_000L;
        final FixBody report = FixReports.of(order, execType, fill, engine.nextId(), nowNs + engine.offset());
        session.send(report, atNs);
        if (fill != null && faults.isOn(IntxFault.FIX_DUPLICATE_FILL, key)) {
            session.send(report, atNs);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        connections.values().forEach(session -> session.drop("venue closed"));
    }

    private void cancel(final FixSession session, final String text) {
        final FixLogon.Terms terms = session.terms();
        if (terms.cancelOn() == 'N' || closed) {
            return;
        }
        engine.cancelAll(order -> order.account().apiKey().equals(terms.account().apiKey())
            && (terms.cancelOn() == 'A' || order.request.fixConnection() == session.id()), text, nowNs());
    }

    private void accept() {
        while (!closed) {
            try {
                final Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                final FixSession session = new FixSession(this, socket, nextId.incrementAndGet());
                connections.put(session.id(), session);
                session.start();
            } catch (final IOException e) {
                if (!closed) {
                    System.err.println("intx simulator: fix: accept: " + e);
                }
            }
        }
    }
}
