package weir.sim.desk;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import quickfix.Application;
import quickfix.DoNotSend;
import quickfix.Field;
import quickfix.FieldMap;
import quickfix.FieldNotFound;
import quickfix.Message;
import quickfix.SessionID;

/** QuickFIX/J's callbacks of one desk: proves the desk at Logon, records what comes and goes. */
final class DeskApplication implements Application {
    private final DeskContext ctx;
    private final ReportLog reports;
    private final ClientLedger ledger;
    private final DeskJournal journal;
    private final List<Consumer<DeskReport>> listeners;
    private final List<String> rejectsSent = new CopyOnWriteArrayList<>();
    private final AtomicInteger logons = new AtomicInteger();
    private final AtomicBoolean resetPending;

    DeskApplication(final DeskContext ctx, final ReportLog reports, final ClientLedger ledger,
                    final DeskJournal journal, final List<Consumer<DeskReport>> listeners) {
        this.ctx = ctx;
        this.reports = reports;
        this.ledger = ledger;
        this.journal = journal;
        this.listeners = listeners;
        this.resetPending = new AtomicBoolean(ctx.resetMode() == ResetMode.FIRST_LOGON);
    }

    @Override
    public void onCreate(final SessionID sessionId) {
        reports.signal();
    }

    @Override
    public void onLogon(final SessionID sessionId) {
        resetPending.set(false);
        logons.incrementAndGet();
        reports.signal();
    }

    @Override
    public void onLogout(final SessionID sessionId) {
        reports.signal();
    }

    @Override
    public void toAdmin(final Message message, final SessionID sessionId) {
        try {
            switch (message.getHeader().getString(35)) {
                case "A" -> prove(message);
                case "3" -> rejectsSent.add(message.toString().replace('\u0001', '|'));
                default -> { }
            }
        } catch (final FieldNotFound e) {
            throw new IllegalStateException("a session message without its header", e);
        }
    }

    private void prove(final Message logon) throws FieldNotFound {
        final boolean reset = ctx.resetMode() == ResetMode.EVERY_LOGON || resetPending.get();
        if (reset) {
            logon.setString(141, "Y");
        }
        if (ctx.username() != null) {
            logon.setString(553, ctx.username());
        }
        if (ctx.password() != null) {
            logon.setString(554, ctx.password());
        }
        if (ctx.hmacSecret() != null) {
            // the session sets MsgSeqNum(34) to 1 after this callback when 141=Y
            final String msgSeqNum = reset ? "1" : logon.getHeader().getString(34);
            final String rawData = LogonSignature.rawData(ctx.hmacSecret(), logon.getHeader().getString(52), msgSeqNum,
                logon.getHeader().getString(49), logon.getHeader().getString(56));
            logon.setString(95, Integer.toString(rawData.length()));
            logon.setString(96, rawData);
        }
        if (ctx.logonTweak() != null) {
            ctx.logonTweak().accept(logon);
        }
    }

    @Override
    public void fromAdmin(final Message message, final SessionID sessionId) throws FieldNotFound {
        final String msgType = message.getHeader().getString(35);
        if ("3".equals(msgType) || "5".equals(msgType)) {
            received(message, msgType);
        }
    }

    @Override
    public void toApp(final Message message, final SessionID sessionId) throws DoNotSend {
        final Map<Integer, String> fields = fields(message);
        final int seq = Integer.parseInt(fields.get(34));
        final boolean resend = "Y".equals(fields.get(43));
        if (resend && !ctx.resendMessages()) {
            throw new DoNotSend();
        }
        if (!resend) {
            ledger.onSent(fields.get(35), seq, fields);
        }
        if (journal != null) {
            journal.append(epochNs(), resend ? "resend" : "out", fields.get(35), seq, false, fields);
        }
    }

    @Override
    public void fromApp(final Message message, final SessionID sessionId) throws FieldNotFound {
        received(message, message.getHeader().getString(35));
    }

    private void received(final Message message, final String msgType) {
        final long nanoTime = System.nanoTime();
        final long epochNs = epochNs();
        final Map<Integer, String> fields = fields(message);
        final DeskReport report = reports.append(epochNs, nanoTime, msgType, Integer.parseInt(fields.get(34)), fields,
            message.toString().replace('\u0001', '|'));
        if (journal != null) {
            journal.append(epochNs, "in", msgType, report.msgSeqNum(), report.duplicate(), fields);
        }
        ledger.onReport(report);
        listeners.forEach(listener -> listener.accept(report));
        reports.signal();
    }

    SentMessage sent(final Message message, final long nanoTime, final boolean onWire) {
        try {
            return new SentMessage(message.getHeader().getString(35), message.getHeader().getInt(34),
                message.isSetField(11) ? message.getString(11) : null, nanoTime, onWire);
        } catch (final FieldNotFound e) {
            throw new IllegalStateException("the session did not number the message", e);
        }
    }

    void resetAtNextLogon() {
        resetPending.set(true);
    }

    int logons() {
        return logons.get();
    }

    List<String> rejectsSent() {
        return rejectsSent;
    }

    private long epochNs() {
        final Instant now = Instant.now(ctx.clock());
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static Map<Integer, String> fields(final Message message) {
        final Map<Integer, String> fields = new LinkedHashMap<>();
        collect(message.getHeader(), fields);
        collect(message, fields);
        return fields;
    }

    private static void collect(final FieldMap map, final Map<Integer, String> into) {
        final Iterator<Field<?>> iterator = map.iterator();
        while (iterator.hasNext()) {
            final Field<?> field = iterator.next();
            into.put(field.getTag(), String.valueOf(field.getObject()));
        }
    }
}
