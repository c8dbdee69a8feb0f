package weir.fix.session;

import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.FieldNotFound;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.MessageSessionUtils;
import quickfix.MessageUtils;
import quickfix.Responder;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionStateListener;
import quickfix.field.ApplVerID;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.ingress.FastOrderDecoder;
import weir.fix.ingress.OrderTranslator;
import weir.fix.ingress.Outcome;
import weir.fix.store.SessionStore;
import weir.fix.wire.CloseCause;
import weir.fix.wire.FixFrame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One desk on Weir's own transport: QuickFIX/J's session and the fast lane around it, over one store and its numbers.
 * An application message takes the fast lane when the desk is logged on and nobody logs out, no gap is open, it has the
 * expected number, its checksum and time are right and {@link FastOrderDecoder} knows all of it. Everything else passes
 * the gate to QuickFIX/J, exactly as on its own transport. The lane is chosen for each message anew, after the one
 * before is done with; what decides it changes only in QuickFIX/J's lane, and is looked up after each step there.
 * <p>
 * A ResendRequest is answered in slices ({@link Resend}); what QuickFIX/J would answer behind it waits where it is, so
 * that answers keep their order, while orders of the fast lane and reports pass. A desk whose socket takes nothing,
 * though much waits for it, ends when one that is silent would.
 * <p>
 * Heartbeats are timed here: QuickFIX/J's own are switched off after Logon. Owned by the transport's thread.
 */
public final class DeskLink implements Responder, SessionStateListener {
    private static final Logger LOG = LoggerFactory.getLogger(DeskLink.class);
    private static final long SESSION_TIMER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int HEART_BT_INT = 108;
    /** Counted by {@link DeskLog}. */
    private static final String SLOW = "Slow consumer";

    private final DeskSession desk;
    private final Session session;
    private final SessionStore store;
    private final Lanes lanes;
    private final byte[] compId;
    private final int sessionId;
    private final Heartbeats heartbeats = new Heartbeats();
    private final Resend resend;
    private DeskConnection connection;
    private int heartBtInt;
    private boolean loggedOn;
    private boolean fast;
    private boolean resendOpen;
    private boolean leaving;
    private int highestSeen;
    private long heldSinceNs;
    private boolean held;
    private long nextTimerNs;
    private long takenBytes;
    private long takenNs;

    /**
     * @param desk    of the session
     * @param session QuickFIX/J's, made for the desk's store
     * @param lanes   shared by all desks
     * @param firstNs System.nanoTime of the session's first timer
     */
    public DeskLink(final DeskSession desk, final Session session, final Lanes lanes, final long firstNs) {
        this.desk = desk;
        this.session = session;
        this.lanes = lanes;
        store = desk.store();
        compId = desk.config().compId().getBytes(StandardCharsets.US_ASCII);
        sessionId = desk.config().sessionId();
        nextTimerNs = firstNs;
        resend = new Resend(this, session, store);
        session.addStateListener(this);
        desk.link(this);
    }

    /**
     * QuickFIX/J's session.
     *
     * @return session
     */
    public Session session() {
        return session;
    }

    /**
     * Asks whether the desk is logged on.
     *
     * @return true between Logon and the end of the connection
     */
    public boolean isLoggedOn() {
        return loggedOn;
    }

    /**
     * Stores a report, and sends it where the desk is logged on.
     *
     * @param msgSeqNum      {@link SessionStore#numberFor}
     * @param recordSequence of the report
     * @param outputIndex    of the report
     * @param buffer         of the whole message
     * @param offset         of its first byte
     * @param length         its bytes
     * @return false when it could not be stored; it was not sent then
     */
    public boolean sendReport(final int msgSeqNum, final long recordSequence, final int outputIndex,
        final DirectBuffer buffer, final int offset, final int length) {
        try {
            store.append(msgSeqNum, recordSequence, outputIndex, buffer, offset, length);
        } catch (final IOException ex) {
            desk.onStoreFailure(ex);
            return false;
        }
        lanes.counters().incrementOwned(Counter.FAST_OUT);
        if (loggedOn) {
            try {
                desk.rawLog().out(lanes.time().epochNs(), buffer, offset, length);
            } catch (final IOException ex) {
                lanes.errorHandler().onError(ex);
            }
            heartbeats.onSent(lanes.time().elapsedNs());
            if (!connection.send(buffer, offset, length)) {
                onNotSent();
            }
        }
        return true;
    }

    /**
     * Asks whether the desk may be sent what can wait.
     *
     * @return true when it is not connected: it is stored then
     */
    public boolean isReady() {
        return connection == null || connection.isHalfFree();
    }

    /**
     * Asks whether the desk is being sent what it asked for again.
     *
     * @return true while some of it is left
     */
    public boolean isResending() {
        return resend.isOpen();
    }

    /** A message of a proven connection; false to be offered it again. */
    boolean onFrame(final DeskConnection from, final DirectBuffer buffer, final int offset, final int length) {
        final FixFrame frame = lanes.frame();
        final boolean isWhole = frame.wrap(buffer, offset, length);
        Outcome outcome = Outcome.CLOSED;
        if (fast && isWhole && from == connection && from.isProven()) {
            outcome = tryFast(frame);
        } else if (isWhole && isCommand(frame) && !lanes.ingress().hasRoom()) {
            outcome = Outcome.BUSY;
        }
        if (outcome == Outcome.BUSY && isHeld()) {
            return false;
        }
        held = false;
        if (outcome != Outcome.SENT && resend.isOpen() && from == connection && !leaving) {
            heartbeats.onReceived(lanes.time().elapsedNs());
            return false; // QuickFIX/J answers in order
        }
        if (outcome != Outcome.SENT) {
            from.toGate(buffer, offset, length);
        }
        return true;
    }

    /** A message that passed the gate: QuickFIX/J's lane. */
    void pass(final DeskConnection from, final String raw) {
        lanes.counters().increment(Counter.SLOW_IN);
        try {
            final Message message = MessageSessionUtils.parse(session, raw);
            if (from != connection && !bind(from, message)) {
                return;
            }
            heartbeats.onReceived(lanes.time().elapsedNs());
            note(message);
            session.next(message);
        } catch (final InvalidMessage ex) {
            if (MessageUtils.isLogon(raw)) {
                session.getLog().onErrorEvent("Invalid LOGON message, disconnecting: " + ex.getMessage());
                from.closeNow();
            } else {
                session.getLog().onErrorEvent("Invalid message: " + ex.getMessage());
            }
        } catch (final Exception ex) {
            // A defect, ours or the library's: this message is lost, the session's numbers will ask for it again.
            lanes.errorHandler().onError(ex);
        }
        look();
    }

    /** A ResendRequest(2) that QuickFIX/J is about to answer: it gets the first slice of it. */
    void onResendRequest(final Message request) throws FieldNotFound {
        try {
            if (resend.cut(request, lanes.resends().slice())) {
                lanes.resends().add(this);
            }
        } catch (final IOException ex) {
            desk.onStoreFailure(ex);
        } catch (final InvalidMessage ex) {
            lanes.errorHandler().onError(ex);
        }
    }

    /** Sends the next slice of what the desk asked for; returns 0 when it cannot now. */
    int resend(final int slice) {
        try {
            return resend.send(slice);
        } catch (final IOException ex) {
            desk.onStoreFailure(ex);
        } catch (final FieldNotFound | RuntimeException ex) {
            lanes.errorHandler().onError(ex);
        }
        resend.end();
        return 0;
    }

    /** The connection is no more. */
    void onClosed(final DeskConnection from, final String reason) {
        if (from == connection) {
            session.getLog().onEvent("connection ended: " + reason);
            disconnect("Encountered END_OF_STREAM", false);
            look();
        }
    }

    /** Sends Logout(5) and waits for the desk's, by the timer. */
    void logout() {
        leaving = true;
        session.logout();
        onSessionTimer();
    }

    /** Ends the connection where there still is one. */
    void end() {
        if (session.hasResponder()) {
            disconnect("Logout timeout, force disconnect", false);
            look();
        }
    }

    /** Looks at what time asks for; returns 1 when it did something. A defect of one desk is not another's. */
    int onTimer(final long nowNs) {
        try {
            return serve(nowNs);
        } catch (final RuntimeException ex) {
            lanes.errorHandler().onError(ex);
            return 1;
        }
    }

    private int serve(final long nowNs) {
        int work = 0;
        if (nowNs - nextTimerNs >= 0) {
            nextTimerNs = nowNs + SESSION_TIMER_NS;
            onSessionTimer();
        }
        if (loggedOn && isStuck(nowNs)) {
            disconnect(SLOW, true);
            look();
            return 1;
        }
        if (loggedOn) {
            switch (heartbeats.due(nowNs)) {
                case HEARTBEAT -> {
                    session.generateHeartbeat();
                    work = 1;
                }
                case TEST_REQUEST -> {
                    heartbeats.onTestRequest();
                    session.generateTestRequest("TEST");
                    work = 1;
                }
                case END -> {
                    disconnect("Timed out waiting for heartbeat", true);
                    look();
                    work = 1;
                }
                default -> {
                    // Not yet.
                }
            }
        }
        return work;
    }

    /** More than half of the room for unread bytes is used, and the desk's socket took nothing for too long. */
    private boolean isStuck(final long nowNs) {
        final long taken = connection.takenBytes();
        if (taken != takenBytes || connection.isHalfFree()) {
            takenBytes = taken;
            takenNs = nowNs;
            return false;
        }
        return nowNs - takenNs >= heartbeats.patienceNs();
    }

    @Override
    public boolean send(final String data) {
        lanes.counters().increment(Counter.SLOW_OUT);
        heartbeats.onSent(lanes.time().elapsedNs());
        if (connection == null) {
            return false;
        }
        if (!connection.send(data)) {
            onNotSent();
            return false;
        }
        return true;
    }

    @Override
    public void disconnect() {
        if (connection != null) {
            connection.closeOnFlush();
        }
        connection = null;
        loggedOn = false;
        fast = false;
        resendOpen = false;
        resend.end();
        highestSeen = 0;
        heartbeats.start(0, 0);
    }

    @Override
    public String getRemoteAddress() {
        return connection == null ? null : connection.remote();
    }

    @Override
    public void onResendRequestSent(final SessionID id, final int begin, final int end, final int currentEnd) {
        resendOpen = true;
    }

    @Override
    public void onResendRequestSatisfied(final SessionID id, final int begin, final int end) {
        resendOpen = false;
    }

    private Outcome tryFast(final FixFrame frame) {
        final FastOrderDecoder decoder = lanes.decoder();
        final long nowNs = lanes.time().epochNs();
        final int length = decoder.decode(frame, compId, sessionId, nowNs);
        if (length == FastOrderDecoder.NOT_MINE || decoder.msgSeqNum() != store.getNextTargetMsgSeqNum()
            || !frame.isChecksumValid()
            || !lanes.peerTime().isNear(decoder.sendingNs(), lanes.maxLatencyNs(), nowNs)) {
            return Outcome.CLOSED;
        }
        final long decodedNs = lanes.stages() == null ? 0 : System.nanoTime();
        final Outcome outcome = lanes.ingress().claim(length);
        if (outcome != Outcome.SENT) {
            return outcome;
        }
        try {
            desk.rawLog().in(nowNs, frame.buffer(), frame.offset(), frame.length());
        } catch (final IOException ex) {
            lanes.errorHandler().onError(ex);
        }
        lanes.ingress().commit(decoder.buffer(), length);
        if (lanes.stages() != null) {
            lanes.stages().onOrder(sessionId, decoder.msgSeqNum(), lanes.time().elapsedNs(), decodedNs,
                System.nanoTime());
        }
        lanes.counters().incrementOwned(Counter.COMMANDS);
        lanes.counters().incrementOwned(Counter.FAST_IN);
        heartbeats.onReceived(lanes.time().elapsedNs());
        if (decoder.lastProcessed() > 0) {
            desk.proveDelivered(decoder.lastProcessed());
        }
        try {
            store.incrNextTargetMsgSeqNum();
        } catch (final IOException ex) {
            // As in QuickFIX/J's lane: the next message is too high and this one is asked for again.
            desk.onStoreFailure(ex);
        }
        return Outcome.SENT;
    }

    private static boolean isCommand(final FixFrame frame) {
        return frame.count() > 2 && frame.tagAt(2) == 35
            && OrderTranslator.isSupported((char)frame.charAt(2));
    }

    /** The engine's stream is full: the message waits where it is, for a bounded time. */
    private boolean isHeld() {
        final long nowNs = lanes.time().elapsedNs();
        if (!held) {
            held = true;
            heldSinceNs = nowNs;
        }
        return nowNs - heldSinceNs < lanes.holdNs();
    }

    /** The first message of a connection must be a Logon; the gate has proven it. */
    private boolean bind(final DeskConnection from, final Message message) throws FieldNotFound {
        if (!"A".equals(message.getHeader().getString(35)) || session.hasResponder()) {
            from.closeNow();
            return false;
        }
        heartBtInt = message.isSetField(HEART_BT_INT) ? message.getInt(HEART_BT_INT) : 0;
        connection = from;
        session.setHeartBeatInterval(heartBtInt);
        session.setResponder(this);
        if (message.isSetField(1137)) {
            session.setTargetDefaultApplicationVersionID(new ApplVerID(message.getString(1137)));
        }
        return true;
    }

    /** Remembers numbers beyond the expected one: until it has passed them a gap is open. */
    private void note(final Message message) throws FieldNotFound {
        if (message.getHeader().isSetField(34)) {
            final int sequence = message.getHeader().getInt(34);
            if (sequence > store.getNextTargetMsgSeqNum()) {
                highestSeen = Math.max(highestSeen, sequence);
            }
        }
    }

    private void onSessionTimer() {
        try {
            session.next();
        } catch (final IOException ex) {
            desk.onStoreFailure(ex);
        }
        look();
    }

    /** What a step of QuickFIX/J's lane changed. */
    private void look() {
        final boolean wasLoggedOn = loggedOn;
        loggedOn = connection != null && session.isLoggedOn();
        if (loggedOn && !wasLoggedOn) {
            // From here on the transport times heartbeats: with an interval of 0 QuickFIX/J does not.
            session.setHeartBeatInterval(0);
            heartbeats.start(heartBtInt, lanes.time().elapsedNs());
            takenNs = lanes.time().elapsedNs();
        }
        fast = loggedOn && session.isEnabled() && !session.sentLogout() && !session.receivedLogout() && !resendOpen
            && store.getNextTargetMsgSeqNum() > highestSeen;
    }

    private void onNotSent() {
        disconnect(connection != null && connection.closeCause() == CloseCause.SLOW_READER ? SLOW
            : "connection ended", true);
        look();
    }

    private void disconnect(final String reason, final boolean isError) {
        try {
            session.disconnect(reason, isError);
        } catch (final IOException ex) {
            LOG.error("session of {} cannot be reset", desk.config().compId(), ex);
        }
    }
}
