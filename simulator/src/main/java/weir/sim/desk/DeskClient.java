package weir.sim.desk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.FileStoreFactory;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.MessageStoreFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;

/**
 * A desk: one FIX 5.0 SP2 session over FIXT.1.1 as the initiator, built on QuickFIX/J.
 *
 * <p>It logs on, reconnects by itself each second after the connection is lost, and keeps its sequence numbers, so
 * that reports missed while away are asked for again and resent. Every application message received is kept in order,
 * checked by a {@link ClientLedger}, and written to {@code client-<desk>.jsonl} when a journal directory is set. Sends
 * may come from any thread; reports arrive on the session's one thread.
 */
public final class DeskClient implements AutoCloseable {
    private static final DateTimeFormatter TRANSACT_TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final DeskContext ctx;
    private final SessionID sessionId;
    private final ReportLog reports = new ReportLog();
    private final ClientLedger ledger = new ClientLedger();
    private final DeskEvents events = new DeskEvents();
    private final List<Consumer<DeskReport>> listeners = new CopyOnWriteArrayList<>();
    private final DeskJournal journal;
    private final DeskApplication application;
    private final SocketInitiator initiator;

    private DeskClient(final DeskContext ctx) {
        this.ctx = ctx;
        this.sessionId = new SessionID("FIXT.1.1", ctx.senderCompId(), ctx.targetCompId());
        this.journal = ctx.journalDirectory() == null ? null
            : new DeskJournal(ctx.journalDirectory(), ctx.senderCompId());
        this.application = new DeskApplication(ctx, reports, ledger, journal, listeners);
        try {
            final SessionSettings settings = DeskSettings.of(ctx, sessionId);
            final MessageStoreFactory store =
                ctx.storeDirectory() == null ? new MemoryStoreFactory() : new FileStoreFactory(settings);
            this.initiator =
                new SocketInitiator(application, store, settings, events, new DefaultMessageFactory(),
                    ctx.queueCapacity());
            initiator.start();
        } catch (final ConfigError e) {
            closeJournal();
            throw new IllegalArgumentException("desk " + ctx.senderCompId() + " cannot start: " + e.getMessage(), e);
        }
    }

    /**
     * Starts the session; it connects in the background and goes on trying.
     *
     * @param ctx settings; concluded here
     * @return the running client
     */
    public static DeskClient launch(final DeskContext ctx) {
        return new DeskClient(ctx.conclude());
    }

    /** Waits until logged on. */
    public DeskClient awaitLogon(final Duration timeout) {
        awaitThat(this::isLoggedOn, "logon", timeout);
        return this;
    }

    /** @return true while both Logons(A) were exchanged and the connection stands */
    public boolean isLoggedOn() {
        final Session session = Session.lookupSession(sessionId);
        return session != null && session.isLoggedOn();
    }

    /**
     * Sends NewOrderSingle(D).
     *
     * @param side        Side(54): 1 buy, 2 sell
     * @param ordType     OrdType(40): 1 market, 2 limit
     * @param timeInForce TimeInForce(59): 0 day, 1 GTC, 3 IOC, 4 FOK; '-' leaves the tag out
     * @param orderQty    OrderQty(38) as text, sent as it is
     * @param price       Price(44) as text, or null
     */
    public SentMessage newOrder(final String clOrdId, final String symbol, final char side, final char ordType,
                                final char timeInForce, final String orderQty, final String price) {
        return newOrder(clOrdId, symbol, side, ordType, timeInForce, orderQty, price, Map.of());
    }

    /** As above with further tags, such as ExecInst(18) = 6 for post-only, or ExpireTime(126). */
    public SentMessage newOrder(final String clOrdId, final String symbol, final char side, final char ordType,
                                final char timeInForce, final String orderQty, final String price,
                                final Map<Integer, String> further) {
        final Message message = message("D", clOrdId);
        order(message, symbol, side, ordType, timeInForce, orderQty, price);
        further.forEach(message::setString);
        return send(message);
    }

    /** Sends OrderCancelReplaceRequest(G): new quantity and price for the order that {@code origClOrdId} names. */
    public SentMessage replace(final String clOrdId, final String origClOrdId, final String symbol, final char side,
                               final char ordType, final char timeInForce, final String orderQty, final String price) {
        final Message message = message("G", clOrdId);
        message.setString(41, origClOrdId);
        order(message, symbol, side, ordType, timeInForce, orderQty, price);
        return send(message);
    }

    /** Sends OrderCancelRequest(F). */
    public SentMessage cancel(final String clOrdId, final String origClOrdId, final String symbol, final char side) {
        final Message message = message("F", clOrdId);
        message.setString(41, origClOrdId);
        message.setString(55, symbol);
        message.setString(54, String.valueOf(side));
        return send(message);
    }

    /** Sends OrderStatusRequest(H) for the order that {@code clOrdId} names; the answer is 150=I. */
    public SentMessage status(final String clOrdId, final String symbol, final char side) {
        final Message message = new Message();
        message.getHeader().setString(35, "H");
        message.setString(11, clOrdId);
        message.setString(55, symbol);
        message.setString(54, String.valueOf(side));
        return send(message);
    }

    /**
     * Sends OrderMassCancelRequest(q).
     *
     * @param requestType MassCancelRequestType(530): 7 all orders, 1 one symbol
     * @param symbol      Symbol(55), or null with type 7
     */
    public SentMessage massCancel(final String clOrdId, final char requestType, final String symbol) {
        final Message message = message("q", clOrdId);
        message.setString(530, String.valueOf(requestType));
        if (symbol != null) {
            message.setString(55, symbol);
        }
        return send(message);
    }

    /**
     * Sends a message as it is; header fields 8, 9, 34, 49, 52, 56 and 10 are filled in by the session.
     *
     * @throws IllegalStateException when not logged on and {@link DeskContext#sendWhileLoggedOff()} is off
     */
    public SentMessage send(final Message message) {
        final Session session = Session.lookupSession(sessionId);
        if (session == null || !session.isLoggedOn() && !ctx.sendWhileLoggedOff()) {
            throw new IllegalStateException("desk " + ctx.senderCompId() + " is not logged on");
        }
        final long nanoTime = System.nanoTime();
        final boolean onWire = session.send(message);
        return application.sent(message, nanoTime, onWire);
    }

    /**
     * @param predicate looked at for every message received since the start, in order
     * @return the first message that matches
     * @throws DeskTimeoutException with a state dump when none came in time
     */
    public DeskReport await(final Predicate<DeskReport> predicate, final Duration timeout) {
        return awaitFrom(0, predicate, timeout);
    }

    /** As {@link #await}, looking only at messages from an index of the log on; see {@link ReportLog#size()}. */
    public DeskReport awaitFrom(final int fromIndex, final Predicate<DeskReport> predicate, final Duration timeout) {
        return reports.await(fromIndex, predicate, timeout, this::dump);
    }

    /** Waits for an ExecutionReport(8) with the given ClOrdID(11) and OrdStatus(39). */
    public DeskReport awaitStatus(final String clOrdId, final char ordStatus, final Duration timeout) {
        return await(report -> "8".equals(report.msgType()) && clOrdId.equals(report.clOrdId())
            && report.ordStatus() == ordStatus, timeout);
    }

    /** Waits until a condition holds; {@code what} names it in the message of a timeout. */
    public void awaitThat(final BooleanSupplier condition, final String what, final Duration timeout) {
        reports.awaitThat(condition, what, timeout, this::dump);
    }

    /** Adds a callback for each message received, called on the session's thread after the ledger has seen it. */
    public void onReport(final Consumer<DeskReport> listener) {
        listeners.add(listener);
    }

    /** @return everything received */
    public ReportLog reports() {
        return reports;
    }

    /** @return the desk's own books */
    public ClientLedger ledger() {
        return ledger;
    }

    /** @return SenderCompID(49) */
    public String desk() {
        return ctx.senderCompId();
    }

    /** @return file of the desk's journal, or null without one */
    public Path journalFile() {
        return journal == null ? null : journal.file();
    }

    /** @return number of times this client was logged on */
    public int logons() {
        return application.logons();
    }

    /**
     * @return Rejects(3) this client sent: messages from the router that the stock FIX50SP2 dictionary does not allow
     */
    public List<String> rejectsSent() {
        return application.rejectsSent();
    }

    /** @return next MsgSeqNum(34) this client will send */
    public int nextSenderSeqNum() {
        return Session.lookupSession(sessionId).getExpectedSenderNum();
    }

    /** @return next MsgSeqNum(34) this client expects */
    public int nextTargetSeqNum() {
        return Session.lookupSession(sessionId).getExpectedTargetNum();
    }

    /**
     * Sets the next MsgSeqNum(34) to send, to provoke a gap (higher) or a "too low" (lower) at the router.
     */
    public void nextSenderSeqNum(final int msgSeqNum) {
        try {
            Session.lookupSession(sessionId).setNextSenderMsgSeqNum(msgSeqNum);
        } catch (final IOException e) {
            throw new IllegalStateException("cannot write the session store", e);
        }
    }

    /** Sets the next MsgSeqNum(34) expected; a lower one makes the session ask for a resend at the next message. */
    public void nextTargetSeqNum(final int msgSeqNum) {
        try {
            Session.lookupSession(sessionId).setNextTargetMsgSeqNum(msgSeqNum);
        } catch (final IOException e) {
            throw new IllegalStateException("cannot write the session store", e);
        }
    }

    /** The next Logon(A) carries ResetSeqNumFlag(141) = Y. */
    public void resetAtNextLogon() {
        application.resetAtNextLogon();
    }

    /** Closes the TCP connection without Logout(5), as a crash of the desk would; {@link #resume()} comes back. */
    public void dropConnection() {
        final Session session = Session.lookupSession(sessionId);
        session.logout("dropped");
        try {
            session.disconnect("dropped on purpose", false);
        } catch (final IOException e) {
            throw new IllegalStateException("cannot disconnect", e);
        }
    }

    /** Logs out with Logout(5) and stays away until {@link #resume()}. */
    public void logout(final Duration timeout) {
        Session.lookupSession(sessionId).logout("end of work");
        awaitThat(() -> !isLoggedOn(), "logout", timeout);
    }

    /** Connects again after {@link #logout} or {@link #dropConnection}. */
    public void resume() {
        Session.lookupSession(sessionId).logon();
    }

    /** @return state for humans: session, counts, open orders, last messages */
    public String dump() {
        final StringBuilder text = new StringBuilder(4096);
        text.append("desk ").append(ctx.senderCompId()).append(" at ").append(ctx.host()).append(':').append(ctx.port())
            .append(isLoggedOn() ? " logged on" : " NOT logged on").append(", reports ").append(reports.size())
            .append(", by status ").append(ledger.countsByStatus()).append(", by code ").append(ledger.countsByCode())
            .append(", breaches ").append(ledger.violationCount()).append('\n');
        ledger.openOrders().stream().limit(20).forEach(order -> text.append("  open ").append(order).append('\n'));
        events.recent().forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }

    /** Logs out, stops the session and closes the journal. */
    @Override
    public void close() {
        initiator.stop();
        closeJournal();
    }

    private void closeJournal() {
        if (journal != null) {
            journal.close();
        }
    }

    private Message message(final String msgType, final String clOrdId) {
        final Message message = new Message();
        message.getHeader().setString(35, msgType);
        message.setString(11, Objects.requireNonNull(clOrdId, "ClOrdID(11)"));
        message.setString(60, transactTime(ctx.clock()));
        return message;
    }

    private static void order(final Message message, final String symbol, final char side, final char ordType,
                              final char timeInForce, final String orderQty, final String price) {
        message.setString(55, symbol);
        message.setString(54, String.valueOf(side));
        message.setString(40, String.valueOf(ordType));
        message.setString(38, orderQty);
        if (price != null) {
            message.setString(44, price);
        }
        if (timeInForce != '-') {
            message.setString(59, String.valueOf(timeInForce));
        }
    }

    private static String transactTime(final Clock clock) {
        return TRANSACT_TIME.format(Instant.now(clock));
    }
}
