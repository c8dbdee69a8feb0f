package weir.venue.intx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.MessageSessionUtils;
import quickfix.Responder;
import quickfix.Session;
import quickfix.field.ApplVerID;
import weir.fix.wire.CloseCause;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixTransport;
import weir.venue.SendGuard;
import weir.venue.VenueEventOutbox;

/**
 * One account's FIX connection, on our own transport and with QuickFIX/J's session: logon, numbers, logout are the
 * session's, heartbeats and their absence are timed here once the logon stands. Requests are written as bytes with the
 * session's next number. A message is sent when the operating system has its last byte; one that is not written when
 * the connection ends is neither sent nor not sent. Agent's thread.
 */
final class FixWire implements FixConnectionHandler, Responder {
    private static final Logger LOG = LoggerFactory.getLogger(FixWire.class);
    private static final long TIMER_NS = 100_000_000L;
    private static final long LOGON_TIMER_NS = 10_000_000L;
    private static final int BACKLOG_MAX = 64 * 1024;
    private static final char SOH = '\u0001';
    /** FIX session layer: a TestRequest(1) after 1.5 intervals of silence, the end after 2.4 (QuickFIX/J's factors). */
    private static final double TEST_REQUEST_INTERVALS = 1.5;
    private static final double TIMEOUT_INTERVALS = 2.4;

    private final FixPath path;
    private final FixAddress address;
    private final FixTransport transport;
    private final FixResolver resolver;
    private final FixTls tls;
    private final VenueEventOutbox outbox;
    private final EpochNanoClock epochClock;
    private final FixEncoder encoder;
    private final FixFields fields;
    private final SendGuard guard;
    private final IntxCounters counters;
    private final ErrorHandler errorHandler;
    private final FixNumbers numbers;
    private final Session session;
    private final int heartBtIntS;
    private final Queue<Unwritten> unwritten = new ArrayDeque<>();
    private FixConnection connection;
    private boolean resolving;
    private boolean open;
    private boolean leaving;
    private boolean stopping;
    private boolean loggedOn;
    private String lastReason = "";
    private int attempts;
    private int expected;
    private int testRequests;
    private long lastSentNs;
    private long lastReceivedNs;
    private long timerNs;

    /** A message that the operating system has not got yet; 0 for one of the session layer. */
    private record Unwritten(long end, int seq) {
    }

    FixWire(final FixPath path, final FixWires.Parts parts, final FixEncoder encoder, final Session session,
        final FixNumbers numbers, final SendGuard guard) {
        this.path = path;
        this.address = path.account().fix();
        this.transport = parts.transport();
        this.resolver = parts.resolver();
        this.tls = address.tls() ? parts.tls() : null;
        this.outbox = parts.outbox();
        this.epochClock = parts.context().epochClock();
        this.encoder = encoder;
        this.fields = new FixFields(new Decimals(parts.counters()));
        this.guard = guard;
        this.counters = parts.counters();
        this.errorHandler = parts.context().errorHandler();
        this.numbers = numbers;
        this.session = session;
        this.heartBtIntS = parts.context().fixTerms().heartBtIntS();
        session.logout();
    }

    /** Whether a request may be handed over. */
    boolean isReady() {
        return loggedOn && !stopping && connection.isOpen()
            && connection.sentBytes() - connection.writtenBytes() < BACKLOG_MAX;
    }

    boolean isLoggedOn() {
        return loggedOn;
    }

    boolean isClosed() {
        return connection == null;
    }

    SendGuard guard() {
        return guard;
    }

    /** Hands a request to the connection; answers its MsgSeqNum(34), 0 when it surely did not go. */
    int send(final OutboundRequest request) {
        if (!tryGuard()) {
            return 0;
        }
        final int seq = numbers.getNextSenderMsgSeqNum();
        encoder.encode(request, seq, epochClock.nanoTime());
        if (!connection.send(encoder.buffer(), encoder.offset(), encoder.length())) {
            return 0;
        }
        numbers.incrNextSenderMsgSeqNum();
        onSent(seq);
        return seq;
    }

    /** QuickFIX/J's messages: the session layer's own. */
    @Override
    public boolean send(final String message) {
        if (connection == null || !connection.isOpen()) {
            return false;
        }
        if ("A".equals(value(message, 35))) {
            if (value(message, 58).isEmpty()) {
                drop("logon without signature");
                return false;
            }
            path.onLogonLeaves(epochClock.nanoTime());
        }
        if (!tryGuard() || !connection.send(message)) {
            return false;
        }
        onSent(0);
        return true;
    }

    /** The session lets go: what came with its last message is still read, then the connection ends. */
    @Override
    public void disconnect() {
        leaving = true;
        loggedOn = false;
    }

    @Override
    public String getRemoteAddress() {
        return connection == null ? null : connection.remote().toString();
    }

    /** Connects and logs on, once. */
    void logon() {
        if (connection == null && !resolving) {
            resolving = true;
            resolver.resolve(address.host(), this::onResolved);
        }
    }

    /** Why the connection ends; the first reason stays. */
    void reason(final String text) {
        if (lastReason.isEmpty()) {
            lastReason = text;
        }
    }

    /** Logs out; the connection ends with the answer, or without one in two seconds. */
    void logout() {
        stopping = true;
        session.logout();
        if (loggedOn) {
            tick();
        } else if (connection != null) {
            connection.close(lastReason);
        }
    }

    /** Nobody else will use the session. */
    void dispose() {
        try {
            session.close();
        } catch (final IOException ex) {
            errorHandler.onError(ex);
        }
    }

    int doWork(final long nowNs) {
        if (!open) {
            return 0;
        }
        if (leaving || !connection.isOpen()) {
            connection.closeWhenFlushed(lastReason);
            return 0;
        }
        int work = 0;
        if (nowNs - timerNs >= (loggedOn ? TIMER_NS : LOGON_TIMER_NS)) {
            timerNs = nowNs;
            tick();
            work++;
        }
        return loggedOn ? work + heartbeats(nowNs) : work;
    }

    /** Tells the path what the operating system took since; after each flush, and before anything is received. */
    int drainWritten() {
        if (unwritten.isEmpty() || unwritten.peek().end() > connection.writtenBytes()) {
            return 0;
        }
        final long written = connection.writtenBytes();
        final long nowNs = System.nanoTime();
        int count = 0;
        while (!unwritten.isEmpty() && unwritten.peek().end() <= written) {
            guard.written(nowNs);
            final int seq = unwritten.remove().seq();
            if (seq != 0) {
                path.onWritten(seq, nowNs);
            }
            count++;
        }
        return count;
    }

    @Override
    public void onConnected(final FixConnection connected, final long nowNs) {
        open = true;
        leaving = false;
        loggedOn = false;
        lastReason = "";
        expected = 1;
        unwritten.clear();
        path.onConnected(nowNs);
        testRequests = 0;
        session.setHeartBeatInterval(heartBtIntS);
        session.setResponder(this);
        session.logon();
        timerNs = nowNs;
        tick();
    }

    @Override
    public boolean onFrame(final FixConnection from, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        if (outbox.isFull()) {
            return false;
        }
        drainWritten();
        if (!fields.wrap(buffer, offset, length) || !fields.isSummed()) {
            counters.increment(IntxCounter.FIX_GARBLED);
            return true;
        }
        try {
            onMessage(buffer, offset, length, nowNs);
        } catch (final RuntimeException ex) {
            // a poison message must not stop the ones behind it
            errorHandler.onError(ex);
        }
        return true;
    }

    @Override
    public void onGarbage(final FixConnection from, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        counters.increment(IntxCounter.FIX_GARBLED);
    }

    @Override
    public void onClosed(final FixConnection closed, final String reason, final long nowNs) {
        drainWritten();
        final boolean wasOpen = open;
        open = false;
        leaving = false;
        loggedOn = false;
        connection = null;
        unwritten.clear();
        guard.closed(nowNs);
        try {
            session.disconnect("connection ended", false);
        } catch (final IOException ex) {
            errorHandler.onError(ex);
        }
        session.logout();
        path.onClosed(!lastReason.isEmpty() ? lastReason : !wasOpen ? "cannot connect: " + reason
            : closed.closeCause() == CloseCause.PEER ? "connection closed by the venue" : reason, nowNs);
    }

    private void onResolved(final InetAddress[] addresses) {
        resolving = false;
        if (stopping) {
            return;
        }
        final long nowNs = System.nanoTime();
        if (addresses.length == 0) {
            path.onClosed(address.host() + " has no address", nowNs);
            return;
        }
        lastReason = "";
        try {
            connection = transport.connect(
                new InetSocketAddress(addresses[attempts++ % addresses.length], address.port()),
                tls == null ? null : tls.engine(address.host(), address.port()), this);
        } catch (final IOException ex) {
            path.onClosed("cannot connect: " + ex.getMessage(), nowNs);
        }
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final long nowNs) {
        lastReceivedNs = nowNs;
        testRequests = 0;
        final String type = fields.text(35);
        final int seq = fields.number(34);
        final boolean inOrder = seq <= expected;
        expected = "4".equals(type) ? fields.number(36) : Math.max(expected, seq + 1);
        path.onReceived(type, fields, epochClock.nanoTime(), nowNs);
        if (!inOrder) {
            // the venue resends nothing: what was left out is asked for over REST
            counters.increment(IntxCounter.FIX_GAPS);
            drop("gap in the venue's MsgSeqNum");
            return;
        }
        if (session.hasResponder()) {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            toSession(new String(bytes, StandardCharsets.ISO_8859_1), type);
        }
    }

    private void toSession(final String raw, final String type) {
        session.getLog().onIncoming(raw);
        try {
            final Message message = MessageSessionUtils.parse(session, raw);
            if ("A".equals(type)) {
                session.setTargetDefaultApplicationVersionID(new ApplVerID(ApplVerID.FIX50SP2));
            }
            session.next(message);
        } catch (final InvalidMessage ex) {
            session.getLog().onErrorEvent("Invalid message: " + ex.getMessage());
            if ("A".equals(type)) {
                drop("invalid Logon of the venue");
            }
        } catch (final Exception ex) {
            errorHandler.onError(ex);
        }
        onSessionChanged();
    }

    /** QuickFIX/J's timer: logon, its timeout, logout and its timeout. */
    private void tick() {
        try {
            session.next();
        } catch (final IOException | RuntimeException ex) {
            errorHandler.onError(ex);
        }
        onSessionChanged();
    }

    private void onSessionChanged() {
        final boolean now = open && session.isLoggedOn();
        final boolean fresh = now && !loggedOn;
        loggedOn = now;
        if (fresh) {
            session.setHeartBeatInterval(0);
            lastSentNs = System.nanoTime();
            lastReceivedNs = lastSentNs;
            testRequests = 0;
            path.onLoggedOn(lastSentNs);
        }
    }

    private int heartbeats(final long nowNs) {
        final long heartbeatNs = heartBtIntS * 1_000_000_000L;
        final long silentNs = nowNs - lastReceivedNs;
        if (silentNs >= TIMEOUT_INTERVALS * heartbeatNs) {
            drop("Timed out waiting for heartbeat");
            return 1;
        }
        if (silentNs >= TEST_REQUEST_INTERVALS * (testRequests + 1) * heartbeatNs) {
            testRequests++;
            session.generateTestRequest("TEST");
            return 1;
        }
        if (nowNs - lastSentNs >= heartbeatNs) {
            session.generateHeartbeat();
            return 1;
        }
        return 0;
    }

    private boolean tryGuard() {
        if (!guard.tryWrite(System.nanoTime())) {
            counters.increment(IntxCounter.FIX_GUARD_DROPS);
            drop("guard: too many messages in the venue's window");
            return false;
        }
        counters.max(IntxCounter.FIX_PEAK, guard.peak());
        return true;
    }

    private void onSent(final int seq) {
        unwritten.add(new Unwritten(connection.sentBytes(), seq));
        lastSentNs = System.nanoTime();
    }

    private void drop(final String why) {
        reason(why);
        LOG.warn("account {}: dropping the FIX connection: {}", path.account().accountId(), why);
        loggedOn = false;
        connection.close(why);
    }

    private static String value(final String message, final int tag) {
        final String key = SOH + Integer.toString(tag) + '=';
        final int at = message.indexOf(key);
        return at < 0 ? "" : message.substring(at + key.length(), message.indexOf(SOH, at + key.length()));
    }
}
