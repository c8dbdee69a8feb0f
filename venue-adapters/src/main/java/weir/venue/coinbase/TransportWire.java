package weir.venue.coinbase;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.MessageSessionUtils;
import quickfix.Responder;
import quickfix.Session;
import quickfix.field.ApplVerID;
import quickfix.field.DefaultApplVerID;
import weir.fix.text.FixChecksum;
import weir.fix.wire.CloseCause;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixTransport;
import weir.protocol.CrashPoint;
import weir.venue.SendGuard;
import weir.venue.VenueEventOutbox;

/**
 * The wire on our own transport, all of it on the agent's thread. Two lanes, of which a message takes one whole:
 * <ul>
 * <li>fast: a report 8 or 9 with the next number while logged on, from its bytes; requests, to bytes.
 * <li>QuickFIX/J: everything else in (text to the link, then {@code Session.next}), and what the session layer sends.
 * </ul>
 * Sequence numbers of both are in one {@link SequenceStore}. Heartbeats and their absence are timed here once the logon
 * stands. A message is sent when the operating system has its last byte, not before; one that is not written when the
 * connection ends is neither sent nor not sent.
 */
final class TransportWire implements Wire, FixConnectionHandler, Responder {
    private static final Logger LOG = LoggerFactory.getLogger(TransportWire.class);
    private static final long TIMER_NS = 100_000_000L;
    private static final long LOGON_TIMER_NS = 10_000_000L;
    /** Bytes that may wait for the socket before further requests wait in their lanes. */
    private static final int BACKLOG_MAX = 64 * 1024;
    /** FIX session layer: a TestRequest(1) after 1.5 intervals of silence, the end after 2.4 (QuickFIX/J's factors). */
    /** Forms remembered of what one venue sends on one line. */
    private static final int FORMS = 8;
    private static final double TEST_REQUEST_INTERVALS = 1.5;
    private static final double TIMEOUT_INTERVALS = 2.4;
    private static final byte[] BEGIN_STRING = "FIXT.1.1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TARGET = CoinbaseApplication.TARGET.getBytes(StandardCharsets.US_ASCII);

    private final AccountLink link;
    private final CoinbaseAccount account;
    private final FixTransport transport;
    private final HostResolver resolver;
    private final VenueTls tls;
    private final AgentClock clock;
    private final VenueEventOutbox outbox;
    private final FastRequestEncoder encoder;
    private final FastReportReader reader;
    private final SendGuard guard;
    private final CoinbaseCounters counters;
    private final ErrorHandler errorHandler;
    private final SequenceStore numbers;
    private final StageTimes stageTimes;
    private final Session session;
    private final int heartBtIntS;
    private final long heartbeatNs;
    private final byte[] apiKey;
    private final FixFrame frame = new FixFrame(FORMS);
    private final ReportIndex fields = new ReportIndex(FORMS);
    private final InboundSequence inbound = new InboundSequence();
    private final UnwrittenMessages unwritten = new UnwrittenMessages();
    private FixConnection connection;
    private boolean resolving;
    private boolean open;
    private boolean leaving;
    private boolean stopping;
    private boolean loggedOn;
    private String lastReason = "";
    private int attempts;
    private int testRequests;
    private long lastSentNs;
    private long lastReceivedNs;
    private long timerNs;

    TransportWire(final AccountLink link, final WireParts parts, final Session session, final SequenceStore numbers,
        final SendGuard guard) {
        this.link = link;
        this.account = link.account();
        this.transport = parts.transport();
        this.resolver = parts.resolver();
        this.tls = account.tls() ? parts.tls() : null;
        this.clock = parts.clock();
        this.outbox = parts.outbox();
        this.encoder = new FastRequestEncoder(parts.context().rules(), link.encoder(), account.apiKey());
        this.reader = parts.reader();
        this.guard = guard;
        this.counters = parts.counters();
        this.errorHandler = parts.context().errorHandler();
        this.numbers = numbers;
        this.stageTimes = parts.context().stageTimes();
        this.session = session;
        this.heartBtIntS = parts.context().heartBtIntS();
        this.heartbeatNs = heartBtIntS * 1_000_000_000L;
        this.apiKey = account.apiKey().getBytes(StandardCharsets.ISO_8859_1);
        session.logout();
    }

    @Override
    public boolean isReady() {
        return loggedOn && !stopping && connection.isOpen()
            && connection.sentBytes() - connection.writtenBytes() < BACKLOG_MAX;
    }

    @Override
    public int send(final OutboundRequest request, final LiveOrder order) {
        if (!tryGuard()) {
            return 0;
        }
        final int seq = numbers.nextSender();
        encoder.encode(request, order, seq, clock.epochNs());
        if (!connection.send(encoder.buffer(), encoder.offset(), encoder.length())) {
            return 0;
        }
        numbers.takeSender();
        onSent(seq);
        counters.incrementOwn(CoinbaseCounter.FAST_LANE_OUT);
        return seq;
    }

    /** QuickFIX/J's messages: the session layer's own. */
    @Override
    public boolean send(final String message) {
        if (connection == null || !connection.isOpen()) {
            return false;
        }
        final String type = RawMessage.value(message, RawMessage.MSG_TYPE);
        if ("A".equals(type) && RawMessage.value(message, RawMessage.RAW_DATA).isEmpty()) {
            drop("logon without signature");
            return false;
        }
        if (!tryGuard() || !connection.send(message)) {
            return false;
        }
        onSent(0);
        counters.increment(CoinbaseCounter.SESSION_LANE_OUT);
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

    @Override
    public int guardCount(final long nowNs) {
        return guard.count(nowNs);
    }

    @Override
    public void logon() {
        if (connection == null && !resolving) {
            resolving = true;
            resolver.resolve(account.fixHost(), this::onResolved);
        }
    }

    @Override
    public void rest() {
        session.logout();
    }

    @Override
    public boolean isOrphan() {
        // a session lets go of a connection by telling it so, before it has none
        return open && leaving && !session.hasResponder();
    }

    @Override
    public void closeNow() {
        if (connection != null) {
            connection.close(lastReason);
        }
    }

    @Override
    public void reason(final String text) {
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
        } else {
            closeNow();
        }
    }

    boolean isClosed() {
        return connection == null;
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

    /** Tells the link what the operating system took since; after each flush, and before anything is received. */
    int drainWritten() {
        if (unwritten.isEmpty()) {
            return 0;
        }
        final long written = connection.writtenBytes();
        if (unwritten.firstEnd() > written) {
            return 0;
        }
        final long nowNs = clock.update();
        final long epochNs = clock.epochNs();
        int count = 0;
        while (!unwritten.isEmpty() && unwritten.firstEnd() <= written) {
            guard.written(nowNs);
            final int seq = unwritten.removeFirst();
            if (seq != 0) {
                CrashPoint.hit(CrashPoint.AFTER_WIRE);
                link.onWritten(seq, epochNs, epochNs, nowNs);
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
        inbound.reset();
        unwritten.clear();
        testRequests = 0;
        session.setHeartBeatInterval(heartBtIntS);
        session.setResponder(this);
        session.logon();
        link.onOpened();
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
        try {
            if (!tryFastLane(buffer, offset, length, nowNs)) {
                onText(buffer, offset, length, nowNs);
            }
        } catch (final RuntimeException ex) {
            // a poison message must not stop the ones behind it
            errorHandler.onError(ex);
        }
        return true;
    }

    @Override
    public void onGarbage(final FixConnection from, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        counters.increment(CoinbaseCounter.GARBLED_MESSAGES);
    }

    @Override
    public void onClosed(final FixConnection closed, final String reason, final long nowNs) {
        drainWritten();
        final boolean wasOpen = open;
        final String why = why(closed.closeCause(), reason);
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
        if (wasOpen) {
            link.onClosed(why, clock.epochNs(), nowNs);
        } else {
            LOG.info("account {}: {}", link.accountId(), reason);
            link.onConnectFailed(nowNs);
        }
    }

    private String why(final CloseCause cause, final String reason) {
        return !lastReason.isEmpty() ? lastReason : cause == CloseCause.PEER ? "" : reason;
    }

    private void onResolved(final InetAddress[] addresses) {
        resolving = false;
        if (stopping) {
            return;
        }
        if (addresses.length == 0) {
            LOG.warn("account {}: {} has no address", link.accountId(), account.fixHost());
            link.onConnectFailed(clock.nowNs());
            return;
        }
        lastReason = "";
        final InetAddress address = addresses[attempts++ % addresses.length];
        try {
            connection = transport.connect(new InetSocketAddress(address, account.fixPort()),
                tls == null ? null : tls.engine(account.fixHost(), account.fixPort()), this);
        } catch (final IOException ex) {
            LOG.info("account {}: {}", link.accountId(), ex.getMessage());
            link.onConnectFailed(clock.nowNs());
        }
    }

    private boolean tryFastLane(final DirectBuffer buffer, final int offset, final int length, final long nowNs) {
        if (!loggedOn || !frame.wrap(buffer, offset, length) || !isOrdinary() || !frame.isChecksumValid()
            || !reader.onReport(link, frame.charAt(2), frame, fields, clock.epochNs(), nowNs)) {
            return false;
        }
        inbound.advance();
        numbers.incrNextTargetMsgSeqNum();
        onAlive(nowNs);
        counters.incrementOwn(CoinbaseCounter.FAST_LANE_IN);
        if (stageTimes != null) {
            stageTimes.onPublished(System.nanoTime() - nowNs);
        }
        return true;
    }

    /** A report 8 or 9 from the venue to us with the number that is due, and nothing that asks for another reading. */
    private boolean isOrdinary() {
        if (frame.count() < 7 || frame.tagAt(0) != 8 || frame.tagAt(1) != 9 || frame.tagAt(2) != 35
            || !frame.equalsAt(0, BEGIN_STRING)) {
            return false;
        }
        final byte type = frame.charAt(2);
        return (type == '8' || type == '9') && fields.wrap(frame)
            && frame.intAt(fields.at(ReportIndex.MSG_SEQ_NUM)) == inbound.next()
            && frame.equalsAt(fields.at(ReportIndex.SENDER_COMP_ID), TARGET)
            && frame.equalsAt(fields.at(ReportIndex.TARGET_COMP_ID), apiKey);
    }

    /** As the text filter of the other transport does it, in the same order. */
    private void onText(final DirectBuffer buffer, final int offset, final int length, final long nowNs) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        final String message = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!FixChecksum.isValid(message)) {
            counters.increment(CoinbaseCounter.GARBLED_MESSAGES);
            return;
        }
        counters.increment(CoinbaseCounter.SESSION_LANE_IN);
        onAlive(nowNs);
        final String type = RawMessage.value(message, RawMessage.MSG_TYPE);
        final boolean inOrder = inbound.accept(message, type);
        if (RawMessage.isApplication(type) || "A".equals(type) || "3".equals(type) || "5".equals(type)) {
            link.onReceived(message, clock.epochNs(), nowNs);
        }
        if (!inOrder) {
            counters.increment(CoinbaseCounter.SEQUENCE_GAPS);
            drop("gap in the venue's MsgSeqNum");
            return;
        }
        if (session.hasResponder()) {
            toSession(message, type);
        }
    }

    private void toSession(final String raw, final String type) {
        session.getLog().onIncoming(raw);
        try {
            final Message message = MessageSessionUtils.parse(session, raw);
            if ("A".equals(type) && message.isSetField(DefaultApplVerID.FIELD)) {
                session.setTargetDefaultApplicationVersionID(new ApplVerID(message.getString(DefaultApplVerID.FIELD)));
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
        if (now && !loggedOn) {
            session.setHeartBeatInterval(0);
            lastSentNs = clock.nowNs();
            onAlive(clock.nowNs());
        }
        loggedOn = now;
    }

    private int heartbeats(final long nowNs) {
        final long silentNs = nowNs - lastReceivedNs;
        if (silentNs < heartbeatNs && nowNs - lastSentNs < heartbeatNs) {
            return 0;
        }
        if (silentNs >= TIMEOUT_INTERVALS * heartbeatNs) {
            try {
                session.disconnect("Timed out waiting for heartbeat", true);
            } catch (final IOException ex) {
                errorHandler.onError(ex);
            }
            closeNow();
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
        if (!guard.tryWrite(clock.nowNs())) {
            counters.increment(CoinbaseCounter.GUARD_DROPS);
            drop("guard: too many messages in the venue's window");
            return false;
        }
        counters.max(CoinbaseCounter.PEAK_PER_SECOND, guard.peak());
        return true;
    }

    private void onSent(final int seq) {
        unwritten.add(connection.sentBytes(), seq);
        lastSentNs = clock.nowNs();
    }

    private void onAlive(final long nowNs) {
        lastReceivedNs = nowNs;
        testRequests = 0;
    }

    private void drop(final String why) {
        reason(why);
        LOG.warn("account {}: dropping the connection: {}", link.accountId(), why);
        loggedOn = false;
        connection.close(why);
    }
}
