package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import weir.sim.coinbase.MessageWindow.Verdict;
import weir.sim.market.VenueLog;

/**
 * One TCP connection that speaks FIXT.1.1: logon, sequence numbers, heartbeats, resend, logout, and the message limit.
 * Three threads: the reader frames and counts (so that the engine's pace does not shift arrival times), the processor
 * acts, the outbox writes. State is the processor's unless marked volatile.
 */
final class FixSession {
    private static final long LOGON_WITHIN_NS = 10_000_000_000L;
    /** The client may notice its own half-open session first: twice the longest heartbeat interval. */
    private static final long STUCK_NS = 60_000_000_000L;
    private static final int INBOX_MAX = 4096;
    private static final Inbound END = new Inbound(null, null, 0, Verdict.PASS, 0, 0, 0, 0, false);

    private final FixGateway gateway;
    private final Socket socket;
    private final long id;
    private final long startNs;
    private final MessageWindow window;
    private final MessageTimes stampedRequests = new MessageTimes();
    private final GatewayQueue queue;
    private final BlockingQueue<Inbound> inbox = new LinkedBlockingQueue<>(INBOX_MAX);
    private final FixOutbox outbox;
    private final AtomicBoolean ending = new AtomicBoolean();
    private Thread processor;
    private Thread writer;
    private volatile LogonCheck.Terms terms;
    private volatile boolean stuck;
    private volatile long lastReceivedNs;
    private volatile long testRequestedNs;
    private volatile String endReason = "connection lost";
    private volatile long mutedNs = Long.MAX_VALUE;
    private int expectedSeqNum = 1;
    private int gapRequestedTo;

    /** A message with what the reader counted when it arrived; {@code fault} says why it is garbled, if it is. */
    private record Inbound(
        FixMessage message, String fault, long arrivalNs, Verdict verdict, int requests, int messages,
        int slidingRequests, int slidingMessages, boolean queueFull) {
    }

    FixSession(final FixGateway gateway, final Socket socket, final long id) {
        this.gateway = gateway;
        this.socket = socket;
        this.id = id;
        this.startNs = gateway.nowNs();
        this.lastReceivedNs = startNs;
        this.window = new MessageWindow(
            gateway.limits().alignment(), gateway.limits().requestsPerSecond(), gateway.limits().messagesPerSecond());
        this.queue = new GatewayQueue(gateway.limits().queuedPerProduct());
        this.outbox = new FixOutbox(socket, gateway::nowNs, gateway.faults(), id);
    }

    void start() {
        writer = gateway.thread("writer-" + id, outbox);
        processor = gateway.thread("processor-" + id, this::process);
        gateway.thread("reader-" + id, this::read);
    }

    long id() {
        return id;
    }

    /** The API key once logged on, else null. */
    String apiKey() {
        final LogonCheck.Terms agreed = terms;
        return agreed == null ? null : agreed.key().account().apiKey();
    }

    LogonCheck.Terms terms() {
        return terms;
    }

    boolean isDropCopy() {
        final LogonCheck.Terms agreed = terms;
        return agreed != null && agreed.dropCopy();
    }

    OrderRequest.Origin origin() {
        final VenueAccount account = terms.key().account();
        return new OrderRequest.Origin(account.apiKey(), account.profileId(), id, "fix");
    }

    /** Queues an application message. Any thread. */
    void send(final FixBody body) {
        if (!outbox.offer(body)) {
            drop("client too slow");
        }
    }

    /** Sends Logout(5) with a text and closes. Any thread. */
    void logout(final String text, final String reason) {
        if (ending.compareAndSet(false, true)) {
            endReason = reason;
            outbox.offerAdmin(new FixBody("5").add(58, text), true);
        }
    }

    /** Closes the socket without a word. Any thread. */
    void drop(final String reason) {
        if (ending.compareAndSet(false, true)) {
            endReason = reason;
        }
        closeSocket();
    }

    /** From now on answers are numbered and lost. */
    void mute() {
        mutedNs = gateway.nowNs();
        outbox.mute();
    }

    /** Stops reading and writing but keeps the socket. */
    void stick() {
        stuck = true;
        outbox.stick();
    }

    /** Whether the order was accepted after {@link #mute}: its acknowledgement was lost. */
    boolean isInFlight(final VenueOrder order) {
        return order.acceptedNs >= mutedNs;
    }

    /** Heartbeats and timeouts. Housekeeping thread. */
    void onTick(final long nowNs) {
        final long intervalNs = terms == null ? STUCK_NS / 4 : terms.heartbeatSeconds() * 1_000_000_000L;
        if (stuck && nowNs - lastReceivedNs > 4 * intervalNs) {
            drop("half-open timeout"); // it hears nothing, as with any silent session, and its Logout would not arrive
        }
        if (stuck || ending.get()) {
            return;
        }
        if (terms == null) {
            if (nowNs - startNs > LOGON_WITHIN_NS) {
                drop("no logon");
            }
            return;
        }
        if (nowNs - outbox.lastSentNs() >= intervalNs) {
            outbox.offerAdmin(new FixBody("0"), false);
        }
        final long silentNs = nowNs - lastReceivedNs;
        if (silentNs > 2 * intervalNs) {
            logout("heartbeat timeout", "heartbeat timeout");
        } else if (silentNs > intervalNs + intervalNs / 2 && testRequestedNs < lastReceivedNs) {
            testRequestedNs = nowNs;
            outbox.offerAdmin(new FixBody("1").add(112, nowNs), false);
        }
    }

    private void read() {
        try {
            final FixFrameReader reader = new FixFrameReader(socket.getInputStream(), gateway::nowNs);
            boolean counting = true;
            while (true) {
                final FixFrameReader.Frame frame = reader.next();
                while (stuck && !socket.isClosed()) {
                    Thread.sleep(20);
                }
                if (counting && !ending.get()) {
                    counting = onFrame(frame);
                }
            }
        } catch (final IOException e) {
            enqueue(END);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            enqueue(END);
        }
    }

    private boolean onFrame(final FixFrameReader.Frame frame) {
        final long nowNs = frame.arrivalNs();
        lastReceivedNs = nowNs;
        FixMessage message = null;
        String fault = frame.garbled();
        if (fault == null) {
            try {
                message = FixMessage.parse(frame.bytes());
            } catch (final FixReject e) {
                fault = e.getMessage();
            }
        }
        final boolean request = message != null && message.isRequest();
        final Verdict verdict = window.onMessage(nowNs, request);
        final boolean queueFull = request && !queue.tryEnter(message.get(55));
        final Inbound inbound = new Inbound(message, fault, nowNs, verdict, window.requests(), window.messages(),
            window.slidingRequests(), window.slidingMessages(), queueFull);
        record(inbound);
        enqueue(inbound);
        return verdict != Verdict.DISCONNECT;
    }

    private void enqueue(final Inbound inbound) {
        try {
            inbox.put(inbound);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void process() {
        try {
            for (Inbound inbound = inbox.take(); inbound != END; inbound = inbox.take()) {
                if (inbound.message() != null && inbound.message().isRequest()) {
                    queue.leave(inbound.message().get(55));
                }
                if (!ending.get()) {
                    onInbound(inbound);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final RuntimeException e) {
            // A bug or a full disk: this session ends, the venue says so in its log where it can.
            gateway.onError(this, e);
            endReason = "venue error: " + e;
        } finally {
            end();
        }
    }

    private void onInbound(final Inbound inbound) throws InterruptedException {
        final FixMessage message = inbound.message();
        if (message == null) {
            return;
        }
        if (terms == null) {
            logon(message, inbound.arrivalNs());
            return;
        }
        count(message);
        if (inbound.verdict() == Verdict.DISCONNECT) {
            limit("disconnect", inbound);
            logout("rate limit exceeded: more than " + gateway.limits().messagesPerSecond() + " messages per second",
                "rate limit");
            return;
        }
        try {
            if (!checkHeader(message, inbound.arrivalNs())) {
                return;
            }
            outbox.lastReceived(message.seqNum());
            if (!message.isRequest()) {
                onSessionMessage(message);
            } else if (inbound.verdict() == Verdict.REJECT) {
                limit("reject", inbound);
                terms.key().stats().onLimitReject();
                send(FixRejectBody.business(message, 1, "rate limit exceeded"));
            } else if (gateway.faults().strikes(Fault.LIMIT_STORM, apiKey())) {
                gateway.orderEntry().onStorm(this, message);
                send(FixRejectBody.business(message, 1, "rate limit exceeded"));
            } else {
                gateway.orderEntry().onRequest(this, message, inbound.queueFull());
            }
        } catch (final FixReject e) {
            reject(message, e);
        }
    }

    private boolean checkHeader(final FixMessage message, final long arrivalNs) throws FixReject {
        if (!terms.key().account().apiKey().equals(message.get(49)) || !"Coinbase".equals(message.get(56))) {
            reject(message, new FixReject(49, FixReject.COMP_ID_PROBLEM, "CompID problem"));
            logout("CompID problem", "CompID problem");
            return false;
        }
        if (!gateway.logonCheck().isTimely(message.get(52), gateway.peerNs())) {
            reject(message, new FixReject(52, FixReject.SENDING_TIME_ACCURACY, "SendingTime accuracy problem"));
            logout("SendingTime accuracy problem", "SendingTime accuracy problem");
            return false;
        }
        final int seqNum = message.seqNum();
        if (seqNum < 0) {
            logout("MsgSeqNum missing or malformed", "bad MsgSeqNum");
            return false;
        }
        if ("4".equals(message.msgType()) && !"Y".equals(message.get(123)) || seqNum == expectedSeqNum) {
            expectedSeqNum = Math.max(expectedSeqNum, seqNum + 1);
            return true;
        }
        if (seqNum > expectedSeqNum) {
            if (gapRequestedTo < seqNum) {
                gapRequestedTo = seqNum;
                outbox.offerAdmin(new FixBody("2").add(7, expectedSeqNum).add(16, 0), false);
            }
            return false;
        }
        if (!"Y".equals(message.get(43))) {
            logout("MsgSeqNum too low, expecting " + expectedSeqNum + " but received " + seqNum, "MsgSeqNum too low");
        }
        return false;
    }

    private void onSessionMessage(final FixMessage message) throws FixReject {
        switch (message.msgType()) {
            case "1" -> outbox.offerAdmin(new FixBody("0").add(112, message.require(112)), false);
            case "2" -> FixReplay.answer(message, terms.key(), gateway, outbox);
            case "4" -> {
                final String next = message.require(36);
                if (!next.matches("[1-9]\\d{0,8}")) {
                    throw new FixReject(36, FixReject.VALUE_INCORRECT, "NewSeqNo must be above 0");
                }
                expectedSeqNum = Math.max(expectedSeqNum, Integer.parseInt(next));
            }
            case "5" -> logout(null, "client logout");
            case "A" -> throw new FixReject(35, FixReject.OTHER, "already logged on");
            default -> lastReceivedNs = gateway.nowNs();
        }
    }

    private void logon(final FixMessage message, final long arrivalNs) {
        final String compId = message.get(49);
        outbox.target(compId);
        if (!"A".equals(message.msgType())) {
            gateway.log().write(line("logon", arrivalNs).put("accepted", false).put("reason", "first message not A"));
            drop("first message not a Logon");
            return;
        }
        final KeyState key = gateway.sessions().key(compId);
        try {
            if (key != null && key.onLogonAttempt(arrivalNs) > gateway.limits().logonsPerSecond()) {
                throw new FixReject(0, FixReject.OTHER, "logon rate exceeded");
            }
            if (gateway.faults().strikes(Fault.LOGON_REFUSED, compId)) {
                throw new FixReject(0, FixReject.OTHER, "logon refused");
            }
            final LogonCheck.Terms agreed = gateway.logonCheck().check(message, gateway.peerNs());
            attach(agreed, message, arrivalNs);
        } catch (final FixReject e) {
            final ObjectNode line = line("logon", arrivalNs).put("session", compId).put("accepted", false)
                .put("refTag", e.refTag()).put("reasonCode", e.reason()).put("reason", e.getMessage());
            if (key != null) {
                key.stats().onLogon(false);
                line.put("hint", e.refTag() == 96 ? CoinbaseSignature.diagnose(message, key.account()) : null);
            }
            gateway.log().write(line);
            outbox.offerAdmin(FixRejectBody.session(message, e), false);
            logout(e.getMessage(), "logon refused");
        }
    }

    private void attach(final LogonCheck.Terms agreed, final FixMessage message, final long nowNs) throws FixReject {
        final KeyState key = agreed.key();
        final String profile = key.account().profileId();
        if (gateway.sessions().sessionsOf(profile) >= gateway.limits().sessionsPerProfile()) {
            throw new FixReject(0, FixReject.OTHER, "too many sessions for the profile");
        }
        synchronized (key) {
            if (!key.tryAttach(this)) {
                throw new FixReject(49, FixReject.OTHER, "already logged on");
            }
            final boolean reset = agreed.reset() || key.isStale(nowNs);
            if (reset) {
                key.store().reset();
            }
            gateway.log().write(line("logon", nowNs).put("session", key.account().apiKey()).put("accepted", true)
                .put("profile", profile).put("heartbeatSeconds", agreed.heartbeatSeconds()).put("reset", reset)
                .put("cancelOnDisconnect", String.valueOf(agreed.cancelOn())).put("dropCopy", agreed.dropCopy()));
            outbox.attach(key);
            terms = agreed;
            final int next = key.store().nextSeqNum();
            final FixBody answer = new FixBody("A").add(98, 0).add(108, agreed.heartbeatSeconds())
                .add(141, reset ? "Y" : "N").add(1137, 9);
            if (next == 1) {
                outbox.offerAdmin(answer, false);
            } else {
                outbox.offerNumbered(answer, 1, "");
                if (next > 2) {
                    outbox.offerNumbered(new FixBody("4").add(36, next).add(123, "Y"), 2, "");
                }
            }
        }
        expectedSeqNum = 2;
        outbox.lastReceived(1);
        key.stats().onLogon(true);
        key.stats().onMessage(message.msgType(), false, window);
    }

    /** Writes down what arrived. Reader thread, so that the record keeps pace with the wire and not with the engine. */
    private void record(final Inbound inbound) {
        final FixMessage message = inbound.message();
        final ObjectNode line = line("recv", inbound.arrivalNs());
        if (message == null) {
            gateway.log().write(line.put("session", apiKey()).put("garbled", inbound.fault()));
            return;
        }
        final String sender = gateway.sessions().key(message.get(49)) == null ? null : message.get(49);
        gateway.fixIn().write(inbound.arrivalNs(), sender == null ? "-" : sender, message.text());
        gateway.log().write(line.put("session", sender).put("msgType", message.msgType())
            .put("seqNum", message.seqNum()).put("bytes", message.text().length()).put("clOrdId", message.get(11))
            .put("batchId", message.get(8014)).put("possDup", message.get(43))
            .put("windowRequests", inbound.requests()).put("windowMessages", inbound.messages())
            .put("slidingRequests", inbound.slidingRequests()).put("slidingMessages", inbound.slidingMessages())
            .put("verdict", inbound.verdict().name()));
    }

    private void count(final FixMessage message) {
        final SessionStats stats = terms.key().stats();
        stats.onMessage(message.msgType(), message.isRequest(), window);
        stats.onQueued(queue.peak());
        final long stampNs = message.get(52) == null ? Long.MIN_VALUE : FixTime.parse(message.get(52));
        if (message.isRequest() && stampNs != Long.MIN_VALUE) {
            stats.onStampedRequests(stampedRequests.add(stampNs));
        }
    }

    private void limit(final String action, final Inbound inbound) {
        final FixMessage message = inbound.message();
        gateway.log().write(line("limit", inbound.arrivalNs()).put("session", apiKey()).put("action", action)
            .put("msgType", message.msgType()).put("clOrdId", message.get(11))
            .put("alignment", gateway.limits().alignment().name()).put("windowRequests", inbound.requests())
            .put("windowMessages", inbound.messages()).put("slidingRequests", inbound.slidingRequests())
            .put("slidingMessages", inbound.slidingMessages()));
    }

    private void reject(final FixMessage message, final FixReject reject) {
        gateway.log().write(line("sessionReject", gateway.nowNs()).put("session", apiKey())
            .put("msgType", message.msgType()).put("seqNum", message.seqNum()).put("clOrdId", message.get(11))
            .put("batchId", message.get(8014)).put("refTag", reject.refTag()).put("reasonCode", reject.reason())
            .put("reason", reject.getMessage()));
        terms.key().stats().onSessionReject();
        outbox.offerAdmin(FixRejectBody.session(message, reject), false);
    }

    ObjectNode line(final String kind, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("conn", id);
    }

    private void end() {
        ending.set(true);
        closeSocket();
        writer.interrupt();
        try {
            writer.join(2_000);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        final LogonCheck.Terms agreed = terms;
        if (agreed != null) {
            final KeyState key = agreed.key();
            synchronized (key) {
                outbox.drainToStore();
                key.detach(this, gateway.nowNs());
            }
            key.stats().onDisconnect(endReason);
        }
        gateway.onEnd(this, endReason);
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (final IOException e) {
            // Nothing is owed to a socket that does not close.
            endReason = endReason + " (close: " + e.getMessage() + ")";
        }
    }
}
