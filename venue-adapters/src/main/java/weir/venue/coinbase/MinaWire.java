package weir.venue.coinbase;

import java.io.IOException;
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
    private boolean dropped;
    private final InboundSequence inbound = new InboundSequence();

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
        inbound.reset();
        dropped = false;
        events.put(link::onOpened);
    }

    /** Counts a message on its way out; false when it must not go. */
    boolean onWrite(final String message) {
        final String type = RawMessage.value(message, RawMessage.MSG_TYPE);
        if ("A".equals(type) && RawMessage.value(message, RawMessage.RAW_DATA).isEmpty()) {
            drop("logon without signature");
            return false;
        }
        if (!tryGuard()) {
            counters.increment(CoinbaseCounter.GUARD_DROPS);
            drop("guard: too many messages in the venue's window");
            return false;
        }
        if (Thread.currentThread() == sender) {
            handedSeq = RawMessage.number(RawMessage.value(message, RawMessage.MSG_SEQ_NUM));
        }
        return true;
    }

    void onWritten(final String message) {
        final long nowNs = System.nanoTime();
        synchronized (guard) {
            guard.written(nowNs);
        }
        if (RawMessage.isApplication(RawMessage.value(message, RawMessage.MSG_TYPE))) {
            CrashPoint.hit(CrashPoint.AFTER_WIRE);
            final int seq = RawMessage.number(RawMessage.value(message, RawMessage.MSG_SEQ_NUM));
            final long epochNs = epochClock.nanoTime();
            events.put(() -> link.onWritten(seq, epochNs, epochClock.nanoTime(), nowNs));
        }
    }

    void onReceived(final String message) {
        if (dropped) {
            // decoded together with the message beyond the gap
            return;
        }
        final long nowNs = System.nanoTime();
        final long epochNs = epochClock.nanoTime();
        if (!FixChecksum.isValid(message)) {
            // QuickFIX/J skips it too; the gap that it leaves ends the connection
            counters.increment(CoinbaseCounter.GARBLED_MESSAGES);
            return;
        }
        final String type = RawMessage.value(message, RawMessage.MSG_TYPE);
        final boolean inOrder = inbound.accept(message, type);
        if (RawMessage.isApplication(type) || "A".equals(type) || "3".equals(type) || "5".equals(type)) {
            events.put(() -> link.onReceived(message, epochNs, nowNs));
        }
        if (!inOrder) {
            dropped = true;
            counters.increment(CoinbaseCounter.SEQUENCE_GAPS);
            drop("gap in the venue's MsgSeqNum");
        }
    }

    void onClosed() {
        final long nowNs = System.nanoTime();
        final long epochNs = epochClock.nanoTime();
        synchronized (guard) {
            guard.closed(nowNs);
        }
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

    /** QuickFIX/J's timer would come to it within a second. */
    @Override
    public void greet() {
        next();
    }

    /** Logs out without waiting for QuickFIX/J's timer. */
    void logout() {
        rest();
        next();
    }

    private void next() {
        final Session current = session;
        if (current == null || !current.hasResponder()) {
            return;
        }
        try {
            current.next();
        } catch (final IOException ex) {
            // the connection ended meanwhile, which is told by itself
            LOG.info("account {}: {}", link.accountId(), ex.getMessage());
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
    public int guardCount(final long nowNs) {
        synchronized (guard) {
            return guard.count(nowNs);
        }
    }

    private boolean tryGuard() {
        synchronized (guard) {
            if (!guard.tryWrite(System.nanoTime())) {
                return false;
            }
            counters.max(CoinbaseCounter.PEAK_PER_SECOND, guard.peak());
            return true;
        }
    }
}
