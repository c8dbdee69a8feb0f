package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import weir.sim.market.VenueLog;

/**
 * One TCP connection that speaks FIXT.1.1 as the venue does: numbers begin with 1 at each Logon, nothing is resent, and
 * a message whose SendingTime(52) is off is refused. The reader thread frames and counts, so that the engine's pace
 * does not shift arrival times; the processor acts; the writer numbers, stamps and writes, so that a slow client never
 * holds the engine.
 */
final class FixSession {
    private static final long LOGON_WITHIN_NS = 10_000_000_000L;
    private static final int INBOX_MAX = 4_096;
    private static final int OUTBOX_MAX = 100_000;
    private static final Inbound END = new Inbound(null, 0, 0, 0);
    private static final int SENDING_TIME_DIGITS = 6;
    private static final long CLOSE_AFTER_MS = 50;
    private static final long STUCK_PAUSE_MS = 20;
    private static final int END_OF_RESEND = 0;

    private final FixDoor door;
    private final Socket socket;
    private final long id;
    private final long startNs;
    private final BlockingQueue<Inbound> inbox = new LinkedBlockingQueue<>(INBOX_MAX);
    private final BlockingQueue<Entry> outbox = new LinkedBlockingQueue<>(OUTBOX_MAX);
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile FixLogon.Terms terms;
    private volatile String peer = "UNKNOWN";
    private volatile String endReason = "connection lost";
    private volatile boolean muted;
    private volatile boolean stuck;
    private volatile long lastSentNs;
    private volatile long lastReceivedNs;
    private volatile long testedNs;
    private volatile int expected = 1;
    private Thread writer;
    private int sent;

    /**
     * A message, when it came by the venue's clock for counting and by the one it states, and how many its key then
     * had.
     */
    private record Inbound(FixMessage message, long arrivalNs, long peerNs, int count) {
    }

    /** A message on its way out; the connection closes after the last one. */
    private record Entry(FixBody body, long notBeforeNs, boolean last) {
    }

    FixSession(final FixDoor door, final Socket socket, final long id) {
        this.door = door;
        this.socket = socket;
        this.id = id;
        this.startNs = door.nowNs();
        this.lastSentNs = startNs;
        this.lastReceivedNs = startNs;
    }

    void start() {
        writer = door.thread("writer-" + id, this::write);
        door.thread("processor-" + id, this::process);
        door.thread("reader-" + id, this::read);
    }

    long id() {
        return id;
    }

    /** What was agreed at logon, null before. */
    FixLogon.Terms terms() {
        return terms;
    }

    IntxAccount account() {
        final FixLogon.Terms agreed = terms;
        return agreed == null ? null : agreed.account();
    }

    /** Queues a message; any thread, also inside the engine. */
    void send(final FixBody body) {
        send(body, 0);
    }

    /** Queues a message that leaves no earlier than at a time. */
    void send(final FixBody body, final long notBeforeNs) {
        if (!outbox.offer(new Entry(body, notBeforeNs, false))) {
            drop("client too slow");
        }
    }

    /** Logout(5) with a text, then the connection closes. */
    void logout(final String text, final String reason) {
        if (ending.compareAndSet(false, true)) {
            endReason = reason;
            outbox.offer(new Entry(new FixBody("5").add(58, text), 0, true));
        }
    }

    /** Closes without a word. */
    void drop(final String reason) {
        if (ending.compareAndSet(false, true)) {
            endReason = reason;
        }
        closeSocket();
    }

    /** From now on messages are numbered and lost. */
    void mute() {
        muted = true;
    }

    /** From now on nothing is read or written, on a connection that stays. */
    void stick() {
        stuck = true;
    }

    /** Heartbeats, test requests, time-outs. */
    void onTick(final long nowNs) {
        final FixLogon.Terms agreed = terms;
        if (agreed == null) {
            if (nowNs - startNs > LOGON_WITHIN_NS) {
                drop("no logon");
            }
            return;
        }
        final long intervalNs = agreed.heartbeatSeconds() * 1_000_000_000L;
        final long silentNs = nowNs - lastReceivedNs;
        if (stuck) {
            if (silentNs > 4 * intervalNs) {
                drop("half-open time-out");
            }
        } else if (silentNs > 2 * intervalNs) {
            logout("Heartbeat timeout", "heartbeat time-out");
        } else if (silentNs > intervalNs + intervalNs / 2 && testedNs < lastReceivedNs) {
            testedNs = nowNs;
            send(new FixBody("1").add(112, nowNs));
        } else if (nowNs - lastSentNs >= intervalNs) {
            send(new FixBody("0"));
        }
    }

    ObjectNode line(final String kind, final long nowNs) {
        final IntxAccount account = account();
        return VenueLog.line(kind, nowNs).put("conn", id).put("session", account == null ? peer : account.apiKey())
            .put("profile", account == null ? null : account.name());
    }

    /** Reject(3). */
    void reject(final FixMessage message, final FixReject reject) {
        door.log().write(line("sessionReject", door.nowNs()).put("msgType", message.msgType())
            .put("seqNum", message.seqNum()).put("clOrdId", message.get(11)).put("refTag", reject.refTag())
            .put("reasonCode", reject.reason()).put("reason", reject.getMessage())
            .put("clockOffsetMs", door.offsetMs()));
        if ("D".equals(message.msgType()) && message.get(11) != null) { // it was here, and is no order
            door.log().write(line("reject", door.nowNs()).put("channel", "fix").put("clOrdId", message.get(11))
                .put("product", message.get(55)).put("side", "1".equals(message.get(54)) ? "BUY" : "SELL")
                .put("qty", message.get(38)).put("price", message.get(44)).put("reason", reject.getMessage()));
        }
        send(new FixBody("3").add(45, Math.max(0, message.seqNum()))
            .add(371, reject.refTag() == 0 ? null : Integer.toString(reject.refTag())).add(372, message.msgType())
            .add(373, reject.reason()).add(58, reject.getMessage()));
    }

    /** BusinessMessageReject(j). */
    void refuse(final FixMessage message, final FixRefusal refusal) {
        door.log().write(line("businessReject", door.nowNs()).put("msgType", message.msgType())
            .put("seqNum", message.seqNum()).put("clOrdId", message.get(11)).put("reasonCode", refusal.reason())
            .put("reason", refusal.getMessage()));
        send(new FixBody("j").add(45, message.seqNum()).add(372, message.msgType()).add(379, message.get(11))
            .add(380, refusal.reason()).add(58, refusal.getMessage()));
    }

    private void read() {
        try {
            final FixFrames frames = new FixFrames(socket.getInputStream());
            while (!ending.get()) {
                final byte[] bytes = frames.next();
                while (stuck && !socket.isClosed()) {
                    Thread.sleep(STUCK_PAUSE_MS);
                }
                final FixMessage message = bytes == null ? null : FixMessage.parse(bytes);
                if (message != null) {
                    final long nowNs = door.nowNs();
                    lastReceivedNs = nowNs;
                    final FixMeter meter = door.meter(message.get(49));
                    inbox.put(new Inbound(message, nowNs, door.peerNs(), meter == null ? 0 : meter.add(nowNs)));
                }
            }
            // the farewell is on its way: what the client still says is read, or its socket would lose it
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (final IOException e) {
            // the client is gone, or the connection was closed here
            closeSocket();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void end() {
        try {
            inbox.put(END);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void process() {
        try {
            for (Inbound inbound = inbox.take(); inbound != END; inbound = inbox.take()) {
                if (!ending.get()) {
                    onMessage(inbound.message(), inbound);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final RuntimeException e) {
            System.err.println("intx simulator: fix: " + e);
            endReason = "venue error: " + e;
        } finally {
            ending.set(true);
            closeSocket();
            writer.interrupt();
            door.onEnd(this, endReason);
        }
    }

    private void onMessage(final FixMessage message, final Inbound inbound) {
        final long nowNs = inbound.arrivalNs();
        if (terms == null) {
            logon(message, inbound);
            return;
        }
        final FixMeter meter = door.meter(account().apiKey());
        final int count = inbound.count();
        if (message.isApplication()) {
            door.log().write(line("fix", nowNs).put("msgType", message.msgType()).put("seqNum", message.seqNum())
                .put("clOrdId", message.get(11)).put("perSecond", count));
        }
        if (count > door.cutPerSecond()) {
            meter.onThrottled(true);
            refuse(message, new FixRefusal(FixRefusal.THROTTLED_AND_CUT,
                "throttle limit exceeded, session will be disconnected"));
            logout("throttle limit exceeded", "rate limit");
            return;
        }
        try {
            if (!isInOrder(message, inbound.peerNs())) {
                return;
            }
            if (!message.isApplication()) {
                onSessionMessage(message);
            } else if (count > door.perSecond() || door.isAccountSpent(account(), nowNs) || door.strikes(this,
                IntxFault.FIX_LIMIT_STORM)) {
                meter.onThrottled(false);
                throw new FixRefusal(FixRefusal.THROTTLED, "throttle limit exceeded");
            } else {
                door.onRequest(this, message, nowNs);
            }
        } catch (final FixReject e) {
            meter.onReject();
            reject(message, e);
        } catch (final FixRefusal e) {
            refuse(message, e);
        }
    }

    /** Numbers, names and time. False when the message is not to be acted on. */
    private boolean isInOrder(final FixMessage message, final long peerNs) throws FixReject {
        if (!account().apiKey().equals(message.get(49)) || !FixLogon.ORDER_ENTRY.equals(message.get(56))) {
            reject(message, new FixReject(49, FixReject.COMP_ID_PROBLEM, "CompID problem"));
            logout("CompID problem", "CompID problem");
            return false;
        }
        final int seqNum = message.seqNum();
        if (seqNum != expected) {
            // nothing is resent here, in neither direction
            logout("MsgSeqNum " + (seqNum < expected ? "too low" : "too high") + ", expecting " + expected
                + " but received " + seqNum, "bad MsgSeqNum");
            return false;
        }
        expected = seqNum + 1;
        if (!door.logonCheck().isTimely(message.get(52), peerNs)) {
            throw new FixReject(52, FixReject.SENDING_TIME_ACCURACY, "SendingTime accuracy problem");
        }
        return true;
    }

    private void onSessionMessage(final FixMessage message) throws FixReject {
        switch (message.msgType()) {
            case "1" -> send(new FixBody("0").add(112, message.require(112)));
            case "2" -> throw new FixReject(35, FixReject.INVALID_MSG_TYPE, "resend is not supported");
            case "4" -> expected = Math.max(expected, Integer.parseInt(message.require(36)));
            case "5" -> logout(null, "client logout");
            case "A" -> throw new FixReject(35, FixReject.OTHER, "already logged on");
            default -> {
                // Heartbeat(0) and Reject(3) want no answer
            }
        }
    }

    private void logon(final FixMessage message, final Inbound inbound) {
        final long nowNs = inbound.arrivalNs();
        final String key = message.get(49) == null ? "" : message.get(49);
        peer = key;
        final IntxAccount account = door.logonCheck().account(key);
        try {
            if (!"A".equals(message.msgType())) {
                throw new FixReject(35, FixReject.OTHER, "first message must be a Logon");
            }
            if (account != null && door.strikes(key, IntxFault.FIX_REFUSE_LOGON)) {
                throw new FixReject(0, FixReject.OTHER, "logon refused");
            }
            final FixLogon.Terms agreed = door.logonCheck().check(message, inbound.peerNs());
            terms = agreed;
            if (!door.tryAttach(this)) {
                terms = null;
                throw new FixReject(49, FixReject.OTHER, "already logged on");
            }
            expected = 2;
            door.meter(key).onLogon(true);
            door.log().write(line("logon", nowNs).put("accepted", true).put("heartbeatSeconds",
                agreed.heartbeatSeconds()).put("cancelOnDisconnect", String.valueOf(agreed.cancelOn())));
            send(new FixBody("A").add(98, END_OF_RESEND).add(108, agreed.heartbeatSeconds()).add(141, "Y")
                .add(1137, "9"));
        } catch (final FixReject e) {
            if (account != null) {
                door.meter(key).onLogon(false);
            }
            door.log().write(line("logon", nowNs).put("accepted", false).put("refTag", e.refTag())
                .put("reasonCode", e.reason()).put("reason", e.getMessage())
                .put("clockOffsetMs", door.offsetMs())
                .put("hint", account == null || e.refTag() != 58 ? null : FixLogon.hint(message, account)));
            send(new FixBody("3").add(45, Math.max(0, message.seqNum()))
                .add(371, e.refTag() == 0 ? null : Integer.toString(e.refTag())).add(372, message.msgType())
                .add(373, e.reason()).add(58, e.getMessage()));
            logout(e.getMessage(), "logon refused");
        }
    }

    private void write() {
        try {
            final OutputStream out = socket.getOutputStream();
            while (true) {
                final Entry entry = outbox.take();
                final long waitNs = entry.notBeforeNs() - door.nowNs();
                if (waitNs > 0) {
                    TimeUnit.NANOSECONDS.sleep(waitNs);
                }
                while (stuck) {
                    Thread.sleep(STUCK_PAUSE_MS);
                }
                final byte[] bytes = entry.body().encode(FixLogon.ORDER_ENTRY, peer, ++sent,
                    FixTime.format(door.peerNs(), SENDING_TIME_DIGITS), terms == null ? 0 : expected - 1);
                if (!muted) {
                    out.write(bytes);
                    lastSentNs = door.nowNs();
                }
                if (entry.last()) {
                    socket.shutdownOutput();
                    Thread.sleep(CLOSE_AFTER_MS);
                    closeSocket();
                    return;
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (final IOException e) {
            // nothing is owed to a socket that does not close
            endReason = endReason + ", close: " + e.getMessage();
        }
    }
}
