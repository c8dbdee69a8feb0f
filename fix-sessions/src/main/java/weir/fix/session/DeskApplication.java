package weir.fix.session;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Application;
import quickfix.FieldException;
import quickfix.FieldNotFound;
import quickfix.Group;
import quickfix.IncorrectTagValue;
import quickfix.Message;
import quickfix.RejectLogon;
import quickfix.SessionID;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.PeerTime;
import weir.fix.ingress.IngressProxy;
import weir.fix.ingress.OrderTranslator;
import weir.fix.ingress.Outcome;
import weir.fix.text.UtcTimestampText;
import weir.protocol.RejectReason;
import weir.protocol.sbe.DisconnectCause;

import java.io.IOException;
import java.util.Map;

/**
 * QuickFIX/J's callbacks. Messages arrive on its message thread; logouts and outbound messages on that, on its timer
 * and on the sending thread. Every application message gets an answer: from the engine, or here, when the engine
 * cannot take it or Weir does not know it.
 */
public final class DeskApplication implements Application {
    private static final Logger LOG = LoggerFactory.getLogger(DeskApplication.class);
    private static final int BUSY_RETRY_MS = 100;
    private static final int BAD_TIME_REASON = 10;
    private static final String STORE_LOST = "STORE_LOST";
    private static final String BAD_TIME = "SendingTime accuracy problem";

    private final Map<SessionID, DeskSession> desks;
    private final IngressProxy ingress;
    private final EpochNanoClock clock;
    private final PeerTime peerTime;
    private final long maxLatencyNs;
    private final GatewayCounters counters;
    private final ErrorHandler errorHandler;
    private final OrderTranslator translator = new OrderTranslator();
    private volatile boolean closing;

    /**
     * @param desks        by session
     * @param ingress      to the engine
     * @param clock        stamps arrivals
     * @param peerTime     judges SendingTime(52)
     * @param maxLatencyNs its most distance
     * @param counters     counted here
     * @param errorHandler told of stores that cannot be written
     */
    public DeskApplication(final Map<SessionID, DeskSession> desks, final IngressProxy ingress,
        final EpochNanoClock clock, final PeerTime peerTime, final long maxLatencyNs, final GatewayCounters counters,
        final ErrorHandler errorHandler) {
        this.desks = Map.copyOf(desks);
        this.ingress = ingress;
        this.clock = clock;
        this.peerTime = peerTime;
        this.maxLatencyNs = maxLatencyNs;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    /** The router stops: disconnects from now on are its doing. */
    public void onClosing() {
        closing = true;
    }

    @Override
    public void onCreate(final SessionID sessionId) {
        LOG.debug("session {} created", sessionId);
    }

    @Override
    public void onLogon(final SessionID sessionId) {
        final DeskSession desk = desks.get(sessionId);
        if (desk.onLoggedOn(desk.session())) {
            tellStoreLost(desk);
        }
    }

    @Override
    public void onLogout(final SessionID sessionId) {
        final DeskSession desk = desks.get(sessionId);
        if (closing) {
            desk.cause(DisconnectCause.ROUTER_STOPPED);
        }
        desk.onLoggedOut();
    }

    @Override
    public void toAdmin(final Message message, final SessionID sessionId) {
        if (isType(message, "5")) {
            // The first Logout says who ends the session: ours ends it for a fault or because the router stops.
            desks.get(sessionId).cause(closing ? DisconnectCause.ROUTER_STOPPED : DisconnectCause.CONNECTION_LOST);
        } else if (isType(message, "3")) {
            counters.increment(Counter.SESSION_REJECTS);
        }
    }

    @Override
    public void fromAdmin(final Message message, final SessionID sessionId) throws FieldNotFound, RejectLogon {
        final DeskSession desk = desks.get(sessionId);
        if (!isTimely(message)) {
            if (isType(message, "A")) {
                throw new RejectLogon(BAD_TIME);
            }
            throw badTime(desk);
        }
        if (message.getHeader().isSetField(369)) {
            desk.proveDelivered(message.getHeader().getInt(369));
        }
        switch (message.getHeader().getString(35)) {
            case "A" -> onLogonMessage(message, desk);
            case "0" -> onHeartbeat(message, desk);
            case "2" -> desk.onResendRequest(message);
            case "5" -> desk.cause(DisconnectCause.LOGOUT);
            default -> {
                // TestRequest, Reject and SequenceReset are the session layer's alone.
            }
        }
    }

    @Override
    public void toApp(final Message message, final SessionID sessionId) {
        // What the egress agent built, or a resend of it, leaves as it is.
    }

    @Override
    public void fromApp(final Message message, final SessionID sessionId) throws FieldNotFound, IncorrectTagValue {
        final long receivedNs = clock.nanoTime();
        final DeskSession desk = desks.get(sessionId);
        if (!isTimely(message)) {
            throw badTime(desk);
        }
        final String msgType = message.getHeader().getString(35);
        final int msgSeqNum = message.getHeader().getInt(34);
        if (message.getHeader().isSetField(369)) {
            desk.proveDelivered(message.getHeader().getInt(369));
        }
        if (!OrderTranslator.isSupported(msgType)) {
            onUnsupported(message, desk, msgType, msgSeqNum);
            return;
        }
        final int length = translator.translate(message, desk.config().sessionId(), receivedNs);
        if (isPossDup(message) && desk.store().wasRefused(msgSeqNum) ||
            ingress.offer(translator.buffer(), 0, length) != Outcome.SENT) {
            onBusy(message, desk, msgType, msgSeqNum);
        } else {
            counters.increment(Counter.COMMANDS);
        }
    }

    /** News(B) like those of the engine's alerts, but without RecordSeq(20001): it is of no record. */
    private void tellStoreLost(final DeskSession desk) {
        final Message news = new Message();
        news.getHeader().setString(35, "B");
        news.setString(42, UtcTimestampText.format(clock.nanoTime()));
        news.setChar(61, '1');
        news.setString(148, STORE_LOST);
        final Group line = new Group(33, 58);
        line.setString(58, STORE_LOST + " sequence numbers and sent reports were lost; reports that had not arrived "
            + "are not sent again");
        news.addGroup(line);
        desk.session().send(news);
    }

    private void onLogonMessage(final Message message, final DeskSession desk) throws FieldNotFound, RejectLogon {
        final int heartbeatS = message.getInt(108);
        final int min = desk.config().minHeartbeatS();
        final int max = desk.config().maxHeartbeatS();
        if (heartbeatS < min || heartbeatS > max) {
            throw new RejectLogon("HEARTBEAT_OUT_OF_BOUNDS value=" + heartbeatS + " min=" + min + " max=" + max);
        }
        if (message.isSetField(789) && !(message.isSetField(141) && message.getBoolean(141))) {
            desk.proveDelivered(message.getInt(789) - 1);
        }
        desk.onLogonStarted();
    }

    private static void onHeartbeat(final Message message, final DeskSession desk) throws FieldNotFound {
        final String probe = desk.probe();
        if (probe != null && message.isSetField(112) && probe.equals(message.getString(112))) {
            desk.probe(null);
            desk.proveDelivered(Integer.parseInt(probe.substring(probe.lastIndexOf('-') + 1)));
        }
    }

    private void onUnsupported(final Message message, final DeskSession desk, final String msgType,
        final int msgSeqNum) throws FieldNotFound {
        if ("j".equals(msgType)) {
            // An answer to an answer would never end.
            LOG.warn("desk {} sent BusinessMessageReject for {}: {}", desk.config().compId(),
                message.isSetField(45) ? message.getString(45) : "?",
                message.isSetField(58) ? message.getString(58) : "");
            return;
        }
        counters.increment(Counter.UNSUPPORTED);
        reject(desk, msgType, msgSeqNum, null, RejectReason.UNSUPPORTED_MESSAGE, "msgType=" + msgType);
    }

    private void onBusy(final Message message, final DeskSession desk, final String msgType, final int msgSeqNum)
        throws FieldNotFound {
        counters.increment(Counter.BUSY);
        try {
            desk.store().onRefused(msgSeqNum);
        } catch (final IOException ex) {
            counters.increment(Counter.STORE_FAILURES);
            errorHandler.onError(ex);
        }
        reject(desk, msgType, msgSeqNum, message.isSetField(11) ? message.getString(11) : null,
            RejectReason.GATEWAY_BUSY, "retryAfterMs=" + BUSY_RETRY_MS);
    }

    private static void reject(final DeskSession desk, final String msgType, final int msgSeqNum, final String refId,
        final RejectReason reason, final String details) {
        final Message reject = new Message();
        reject.getHeader().setString(35, "j");
        reject.setInt(45, msgSeqNum);
        reject.setString(372, msgType);
        if (refId != null) {
            reject.setString(379, refId);
        }
        reject.setInt(380, reason.businessRejectReason());
        reject.setString(58, reason + " " + details);
        desk.session().send(reject);
    }

    /** QuickFIX/J's own check knows one clock only. */
    private boolean isTimely(final Message message) throws FieldNotFound {
        final long sentNs = UtcTimestampText.parse(message.getHeader().getString(52));
        return sentNs != UtcTimestampText.INVALID && peerTime.isNear(sentNs, maxLatencyNs);
    }

    /** Reject(3) with 373=10, which QuickFIX/J makes of the exception, and the end of the session, as FIX asks. */
    private static FieldException badTime(final DeskSession desk) {
        desk.session().logout(BAD_TIME);
        return new FieldException(BAD_TIME_REASON, 52);
    }

    private static boolean isPossDup(final Message message) throws FieldNotFound {
        return message.getHeader().isSetField(43) && message.getHeader().getBoolean(43);
    }

    private static boolean isType(final Message message, final String msgType) {
        return msgType.equals(message.getHeader().getOptionalString(35).orElse(null));
    }
}
