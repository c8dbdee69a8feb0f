package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.WireLimits;

/**
 * The WebSocket of one account: authentication by signature, heartbeat, cancel on disconnect where it is wanted, limits
 * and self-trade mode, the one subscription {@code user.changes.any.any.raw}, and only then live. Refreshes its token
 * before it ends, answers the venue's test_requests, notices silence, comes back with back-off. The socket's threads
 * only hand texts to the agent.
 */
final class SocketWire {
    /** Orders and the trades that changed them, in one piece. */
    static final String CHANNEL = "user.changes.any.any.raw";

    private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);
    private static final int TEXT_MAX = 8 << 20;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int REFRESH_PERCENT = 80;

    /** How far the socket has come. */
    private enum State { IDLE, CONNECTING, SETUP, LIVE }

    private final AccountLink link;
    private final DeribitAccount account;
    private final DeribitSigner signer;
    private final VenueJson json;
    private final HttpClient client;
    private final EventQueue events;
    private final DeribitCounters counters;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final WireLimits.Line line;
    private final ReconnectBackoff backoff;
    private final Duration connectTimeout;
    private final long setupNs;
    private final long silenceNs;
    private final int heartbeatS;
    private final String cancelScope;
    private State state = State.IDLE;
    private WebSocket socket;
    private boolean sending;
    private boolean closed;
    private int generation;
    private long connectAtNs;
    private long beganNs;
    private long heardNs;
    private long refreshAtNs;
    private boolean refreshing;
    private String refreshToken = "";
    private String lastText = "";

    SocketWire(final DeribitAdapter.Context context, final AccountLink link, final VenueJson json,
        final HttpClient client, final EventQueue events, final DeribitCounters counters, final long nowNs) {
        this.link = link;
        this.account = link.account();
        this.signer = new DeribitSigner(account.clientId(), account.clientSecret());
        this.json = json;
        this.client = client;
        this.events = events;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.line = context.wireLimits().line(account.accountId());
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * NS_PER_MS,
            context.reconnectMaxMs() * NS_PER_MS, nowNs ^ ~account.accountId());
        this.connectTimeout = Duration.ofMillis(context.connectTimeoutMs());
        this.setupNs = (context.connectTimeoutMs() + 2 * context.requestTimeoutMs()) * NS_PER_MS;
        this.silenceNs = context.silenceMs() * NS_PER_MS;
        this.heartbeatS = context.heartbeatS();
        this.cancelScope = account.shared() && !context.cancelOnDisconnectOnShared() ? ""
            : context.cancelOnDisconnect();
        this.connectAtNs = nowNs;
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    /** Whether a text can be handed over: the JDK takes one at a time. */
    boolean isFree() {
        return socket != null && !sending;
    }

    int doWork(final long nowNs) {
        if (closed) {
            return 0;
        }
        if (state == State.IDLE) {
            if (nowNs - connectAtNs < 0 || link.isHeld(nowNs) || !line.tryConnect(nowNs)) {
                return 0;
            }
            connect(nowNs);
            return 1;
        }
        if (nowNs - heardNs >= silenceNs) {
            lost("nothing was heard for " + silenceNs / NS_PER_MS + " ms", nowNs);
            return 1;
        }
        if (state != State.LIVE && nowNs - beganNs >= setupNs) {
            lost("not ready after " + setupNs / NS_PER_MS + " ms", nowNs);
            return 1;
        }
        if (state == State.LIVE && !refreshing && nowNs - refreshAtNs >= 0) {
            refresh();
            return 1;
        }
        return 0;
    }

    /** Hands a text over; {@code written} runs on the agent's thread once the socket has taken all of it. */
    void send(final String text, final Runnable written) {
        sending = true;
        final int mine = generation;
        socket.sendText(text, true).whenComplete((done, failure) -> events.put(() -> {
            if (mine == generation) {
                sending = false;
                if (failure != null) {
                    lost("cannot send: " + failure.getClass().getSimpleName(), System.nanoTime());
                } else {
                    written.run();
                }
            }
        }));
    }

    /** Ends the session in order: with {@code private/logout} nothing is cancelled on disconnect. */
    void close() {
        closed = true;
        generation++;
        if (socket == null) {
            return;
        }
        final WebSocket last = socket;
        final boolean free = !sending && state == State.LIVE;
        final CompletionStage<WebSocket> goodbye = free
            ? last.sendText("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"private/logout\",\"params\":{}}", true)
            : java.util.concurrent.CompletableFuture.completedFuture(last);
        goodbye.thenCompose(done -> last.sendClose(WebSocket.NORMAL_CLOSURE, "")).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("account {}: close of the socket: {}", account.accountId(),
                    failure.getClass().getSimpleName());
                last.abort();
            }
        });
    }

    private void connect(final long nowNs) {
        state = State.CONNECTING;
        heardNs = nowNs;
        beganNs = nowNs;
        refreshing = false;
        final int mine = ++generation;
        client.newWebSocketBuilder().connectTimeout(connectTimeout).buildAsync(account.socketUri(), new Ear(mine))
            .whenComplete((opened, failure) -> events.put(() -> onOpened(mine, opened, failure)));
    }

    private void onOpened(final int of, final WebSocket opened, final Throwable failure) {
        if (of != generation || closed) {
            if (opened != null) {
                opened.abort();
            }
            return;
        }
        if (failure != null) {
            final Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            lost("cannot connect: " + cause.getClass().getSimpleName(), System.nanoTime());
            return;
        }
        socket = opened;
        state = State.SETUP;
        heardNs = System.nanoTime();
        line.opened(heardNs);
        if (isAdmitted(Method.AUTH, 1)) {
            control(Method.AUTH, signedAuth(), this::onAuth);
        }
    }

    private String signedAuth() {
        final long timestampMs = epochClock.nanoTime() / NS_PER_MS;
        final String nonce = UUID.randomUUID().toString();
        return "{\"grant_type\":\"client_signature\",\"client_id\":" + RequestForms.quoted(account.clientId())
            + ",\"timestamp\":" + timestampMs + ",\"signature\":\"" + signer.auth(timestampMs, nonce, "")
            + "\",\"nonce\":\"" + nonce + "\",\"data\":\"\"}";
    }

    private void onAuth(final Answer answer) {
        if (isTaken("authentication", answer)) {
            token(answer.result());
            control(Method.HEARTBEAT, "{\"interval\":" + heartbeatS + '}', this::onHeartbeatSet);
        }
    }

    private void onHeartbeatSet(final Answer answer) {
        if (!isTaken("heartbeat", answer)) {
            return;
        }
        if (cancelScope.isEmpty()) {
            readSummary();
        } else {
            control(Method.CANCEL_ON_DISCONNECT, "{\"scope\":\"" + cancelScope + "\"}", armed -> {
                if (isTaken("cancel on disconnect", armed)) {
                    counters.increment(DeribitCounter.CANCEL_ON_DISCONNECT_ARMED);
                    readSummary();
                }
            });
        }
    }

    private void readSummary() {
        final int mine = generation;
        link.readSummary(false, wrong -> {
            if (mine == generation && !closed) {
                onSummary(wrong);
            }
        });
    }

    private void onSummary(final String wrong) {
        if (!wrong.isEmpty()) {
            lost(wrong, System.nanoTime());
            return;
        }
        if (!isAdmitted(Method.SUBSCRIBE, 1)) {
            return;
        }
        control(Method.SUBSCRIBE, "{\"channels\":[\"" + CHANNEL + "\"]}", answer -> {
            if (isTaken("subscription", answer)) {
                if (answer.result().isArray() && answer.result().size() == 1) {
                    onLive();
                } else {
                    lost("subscription: refused", System.nanoTime());
                }
            }
        });
    }

    private void onLive() {
        state = State.LIVE;
        backoff.reset();
        lastText = "";
        counters.increment(DeribitCounter.SOCKET_LIVE);
        LOG.info("account {}: socket is live", account.accountId());
        link.onSocketLive();
    }

    private void refresh() {
        refreshing = true;
        control(Method.AUTH, "{\"grant_type\":\"refresh_token\",\"refresh_token\":" + RequestForms.quoted(refreshToken)
            + '}', this::onRefreshed);
    }

    private void onRefreshed(final Answer answer) {
        if (answer.isResult()) {
            refreshing = false;
            counters.increment(DeribitCounter.TOKENS_REFRESHED);
            token(answer.result());
        } else if (answer.kind() == Answer.Kind.ERROR) {
            // the connection may be granted again as it was at first
            control(Method.AUTH, signedAuth(), again -> {
                refreshing = false;
                if (isTaken("authentication", again)) {
                    token(again.result());
                }
            });
        } else {
            lost("token: " + answer.text(), System.nanoTime());
        }
    }

    private void token(final JsonNode result) {
        refreshToken = VenueJson.text(result, "refresh_token");
        final long lifeNs = Math.max(1, result.path("expires_in").asLong(1)) * NS_PER_S;
        refreshAtNs = System.nanoTime() + lifeNs / 100 * REFRESH_PERCENT;
    }

    private void control(final Method method, final String params, final java.util.function.Consumer<Answer> then) {
        final int mine = generation;
        link.control(OutboundRequest.admin(method, params, answer -> {
            if (mine == generation && !closed) {
                then.accept(answer);
            }
        }), false);
    }

    /** A session or a channel more than the contract allows is not asked for: the connection ends and comes back. */
    private boolean isAdmitted(final Method method, final int items) {
        final long nowNs = System.nanoTime();
        if (line.trySend(method.wire, items, nowNs)) {
            return true;
        }
        lost(method.wire + " would go beyond the contract", nowNs);
        return false;
    }

    private boolean isTaken(final String what, final Answer answer) {
        if (!answer.isResult()) {
            lost(what + ": " + answer.text(), System.nanoTime());
        }
        return answer.isResult();
    }

    private void onText(final int of, final String text, final long epochNs) {
        if (of != generation || closed) {
            return;
        }
        final long nowNs = System.nanoTime();
        heardNs = nowNs;
        final JsonNode root = json.parse(text);
        if (root == null) {
            counters.increment(DeribitCounter.UNREADABLE_ANSWERS);
            return;
        }
        switch (VenueJson.text(root, "method")) {
            case "":
                if (root.path("id").isIntegralNumber()) {
                    link.onAnswer(root.get("id").asLong(), Answer.of(root, epochNs, nowNs));
                } else {
                    counters.increment(DeribitCounter.UNREADABLE_ANSWERS);
                }
                break;
            case "subscription":
                link.onChanges(root.path("params").path("data"), nowNs);
                break;
            case "heartbeat":
                if ("test_request".equals(VenueJson.text(root.path("params"), "type")) && rules.answersTests()) {
                    counters.increment(DeribitCounter.TESTS_ANSWERED);
                    link.controlFirst(OutboundRequest.admin(Method.TEST, "{}", answer -> {
                        // that it came is all there is to know
                    }));
                }
                break;
            default:
                break;
        }
    }

    private void onEnd(final int of, final String text) {
        if (of == generation && !closed) {
            lost(text, System.nanoTime());
        }
    }

    /** The session is over, whoever ended it. */
    void lost(final String text, final long nowNs) {
        if (state == State.LIVE) {
            counters.increment(DeribitCounter.SOCKET_LOST);
        }
        if (!text.equals(lastText)) {
            lastText = text;
            LOG.warn("account {}: socket: {}", account.accountId(), text);
        }
        generation++;
        state = State.IDLE;
        sending = false;
        if (socket != null) {
            socket.abort();
            socket = null;
        }
        line.closed(nowNs);
        connectAtNs = nowNs + backoff.nextDelayNs();
        link.onSocketLost(text, nowNs);
    }

    /** Texts of one connection; the client's threads, one call at a time. */
    private final class Ear implements WebSocket.Listener {
        private final int mine;
        private final StringBuilder text = new StringBuilder();

        Ear(final int mine) {
            this.mine = mine;
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (text.length() > TEXT_MAX) {
                events.put(() -> onEnd(mine, "a message is longer than " + TEXT_MAX));
                text.setLength(0);
            } else if (last) {
                final String whole = text.toString();
                final long epochNs = epochClock.nanoTime();
                text.setLength(0);
                events.put(() -> SocketWire.this.onText(mine, whole, epochNs));
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
            events.put(() -> onEnd(mine, "closed by the venue: " + code + ' ' + reason));
            return null;
        }

        @Override
        public void onError(final WebSocket from, final Throwable failure) {
            events.put(() -> onEnd(mine, failure.getClass().getSimpleName()));
        }
    }
}
