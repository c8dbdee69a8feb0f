package weir.venue.coinbase;

import org.agrona.concurrent.EpochNanoClock;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Message;
import quickfix.Session;
import weir.fix.text.FixChecksum;
import weir.protocol.CrashPoint;
import weir.venue.EventQueue;
import weir.venue.SendGuard;

/**
 * The wire on QuickFIX/J's own transport, as {@link WireFilter} sees it: what was handed to it, what was written, what
 * came in, and its end, stamped and passed to the agent in that order. All reception and the write confirmations run on
 * the connection's one IO thread; {@link #onWrite} runs on whichever thread sends.
 */
final class MinaWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(MinaWire.class);
    private static final char SOH = '\u0001';
    private static final String MSG_TYPE = SOH + "35=";
    private static final String MSG_SEQ_NUM = SOH + "34=";
    private static final String RAW_DATA = SOH + "96=";
    private static final String POSS_DUP = SOH + "43=";
    private static final String NEW_SEQ_NO = SOH + "36=";
    private static final String ADMIN_TYPES = "012345A";

    private final AccountLink link;
    private final RequestEncoder encoder;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final SendGuard guard;
    private final CoinbaseCounters counters;
    private volatile IoSession io;
    private volatile Session session;
    private volatile Thread sender;
    private int handedSeq;
    private volatile String lastReason = "";
    private int nextInbound;

    MinaWire(final AccountLink link, final RequestEncoder encoder, final EventQueue events,
        final EpochNanoClock epochClock, final SendGuard guard, final CoinbaseCounters counters) {
        this.link = link;
        this.encoder = encoder;
        this.events = events;
        this.epochClock = epochClock;
        this.guard = guard;
        this.counters = counters;
    }

    void onOpened(final IoSession opened, final Session quickFixSession) {
        io = opened;
        session = quickFixSession;
        lastReason = "";
        nextInbound = 1;
        events.put(link::onOpened);
    }

    /** Counts a message on its way out; false when it must not go. */
    boolean onWrite(final String message) {
        final String type = value(message, MSG_TYPE);
        if ("A".equals(type) && value(message, RAW_DATA).isEmpty()) {
            drop("logon without signature");
            return false;
        }
        if (!guard.tryWrite(System.nanoTime())) {
            counters.increment(CoinbaseCounter.GUARD_DROPS);
            drop("guard: too many messages in one second");
            return false;
        }
        counters.max(CoinbaseCounter.PEAK_PER_SECOND, guard.peak());
        if (Thread.currentThread() == sender) {
            handedSeq = number(value(message, MSG_SEQ_NUM));
        }
        return true;
    }

    void onWritten(final String message) {
        final long nowNs = System.nanoTime();
        guard.written(nowNs);
        if (isApplication(value(message, MSG_TYPE))) {
            CrashPoint.hit(CrashPoint.AFTER_WIRE);
            final int seq = number(value(message, MSG_SEQ_NUM));
            final long epochNs = epochClock.nanoTime();
            events.put(() -> link.onWritten(seq, epochNs, epochClock.nanoTime(), nowNs));
        }
    }

    void onReceived(final String message) {
        final long nowNs = System.nanoTime();
        final long epochNs = epochClock.nanoTime();
        if (!FixChecksum.isValid(message)) {
            // QuickFIX/J skips it too; the gap that it leaves ends the connection
            counters.increment(CoinbaseCounter.GARBLED_MESSAGES);
            return;
        }
        final String type = value(message, MSG_TYPE);
        final boolean inOrder = checkSequence(message, type);
        if (isApplication(type) || "A".equals(type) || "3".equals(type) || "5".equals(type)) {
            events.put(() -> link.onReceived(message, epochNs, nowNs));
        }
        if (!inOrder) {
            counters.increment(CoinbaseCounter.SEQUENCE_GAPS);
            drop("gap in the venue's MsgSeqNum");
        }
    }

    void onClosed() {
        final long nowNs = System.nanoTime();
        final long epochNs = epochClock.nanoTime();
        guard.closed(nowNs);
        final Session quickFixSession = session;
        if (quickFixSession != null) {
            quickFixSession.logout();
        }
        final String reason = lastReason;
        events.put(() -> link.onClosed(reason, epochNs, nowNs));
    }

    @Override
    public void reason(final String text) {
        if (lastReason.isEmpty()) {
            lastReason = text;
        }
    }

    void drop(final String why) {
        final IoSession current = io;
        reason(why);
        LOG.warn("account {}: dropping the connection: {}", link.accountId(), why);
        if (current != null) {
            current.closeNow();
        }
    }

    @Override
    public void closeNow() {
        final IoSession current = io;
        if (current != null) {
            current.closeNow();
        }
    }

    @Override
    public boolean isReady() {
        final Session current = session;
        return current != null && current.isLoggedOn();
    }

    @Override
    public int send(final OutboundRequest request, final LiveOrder order) {
        final Message message = encoder.encode(request, order, epochClock.nanoTime());
        sender = Thread.currentThread();
        handedSeq = 0;
        session.send(message);
        return handedSeq;
    }

    @Override
    public void logon() {
        final Session current = session;
        if (current != null) {
            current.logon();
        }
    }

    @Override
    public void rest() {
        final Session current = session;
        if (current != null) {
            current.logout();
        }
    }

    @Override
    public boolean isOrphan() {
        final Session current = session;
        return current != null && !current.hasResponder();
    }

    void session(final Session quickFixSession) {
        session = quickFixSession;
    }

    @Override
    public SendGuard guard() {
        return guard;
    }

    private boolean checkSequence(final String message, final String type) {
        final int seq = number(value(message, MSG_SEQ_NUM));
        if (seq <= 0 || "Y".equals(value(message, POSS_DUP))) {
            return true;
        }
        final boolean inOrder = "4".equals(type) || seq <= nextInbound;
        nextInbound = "4".equals(type) ? number(value(message, NEW_SEQ_NO)) : Math.max(nextInbound, seq + 1);
        return inOrder;
    }

    private static boolean isApplication(final String type) {
        return type.length() != 1 || ADMIN_TYPES.indexOf(type.charAt(0)) < 0;
    }

    /** Value of a header or Logon field by its tag; empty when absent. */
    static String field(final String message, final String tag) {
        return value(message, SOH + tag + "=");
    }

    private static String value(final String message, final String key) {
        final int start = message.indexOf(key);
        if (start < 0) {
            return "";
        }
        final int from = start + key.length();
        final int end = message.indexOf(SOH, from);
        return message.substring(from, end < 0 ? message.length() : end);
    }

    private static int number(final String text) {
        int result = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9' || result > 200_000_000) {
                return 0;
            }
            result = result * 10 + (c - '0');
        }
        return result;
    }
}
