package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.WireLimits;

/**
 * WebSocket API of one account: connection, session or signature per request, subscription to user data, requests and
 * answers by their ids, silence watchdog, reconnect with back-off; anew before the venue ends the connection after a
 * day, and at once when it announces an end. The socket's threads only hand texts to the agent.
 */
final class ApiSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ApiSocket.class);
    private static final int TEXT_MAX = 16 << 20;
    private static final Set<String> NUMBERS = Set.of("timestamp", "recvWindow", "orderId", "cancelOrderId", "limit",
        "fromId", "startTime");
    private static final long DRAIN_NS = 2_000_000_000L;

    /** How far the socket has come. */
    private enum State { IDLE, CONNECTING, LOGON, SUBSCRIBING, LIVE }

    /** What the account does with what comes. */
    interface Owner {
        /** User data comes from here on, and requests may leave. */
        void onLive(long nowNs);

        /** The socket is gone; what was with the venue has been answered LOST. */
        void onLost(String text, long nowNs);

        /** The venue takes nothing for a while, and said so to the connection or to its logon. */
        void onBarred(Answer answer);

        /** An event of the user data stream. */
        void onEvent(JsonNode event, long nowNs);
    }

    /** A text that waits for the socket. */
    private record Outgoing(long id, String text, Runnable written) {
    }

    /** A request that waits for its answer. */
    private record Pending(Consumer<Answer> done, long deadlineNs) {
    }

    private final BinanceAccount account;
    private final BinanceSigner signer;
    private final VenueJson json;
    private final HttpClient client;
    private final EventQueue events;
    private final BinanceCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueTime time;
    private final WireGuard guard;
    private final WireLimits.Line line;
    private final WireRules rules;
    private final Owner owner;
    private final ReconnectBackoff backoff;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private final LinkedHashMap<Long, Pending> pending = new LinkedHashMap<>();
    private final Duration connectTimeout;
    private final long requestNs;
    private final long silenceNs;
    private final long lifeNs;
    private final long recvWindowMs;
    private State state = State.IDLE;
    private WebSocket socket;
    private boolean sending;
    private boolean closed;
    private boolean draining;
    private String lastText = "";
    private int generation;
    private long nextId;
    private long connectAtNs;
    private long heardNs;
    private long endAtNs;
    private long connectMs;
    private boolean charged;

    ApiSocket(final BinanceAdapter.Context context, final BinanceAccount account, final VenueJson json,
        final HttpClient client, final EventQueue events, final VenueTime time, final WireGuard guard,
        final BinanceCounters counters, final Owner owner, final long nowNs) {
        this.account = account;
        this.signer = new BinanceSigner(account.secret());
        this.json = json;
        this.client = client;
        this.events = events;
        this.time = time;
        this.guard = guard;
        this.counters = counters;
        this.owner = owner;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.line = context.wireLimits().line(account.accountId());
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, nowNs ^ ~account.accountId());
        this.connectTimeout = Duration.ofMillis(context.connectTimeoutMs());
        this.requestNs = context.requestTimeoutMs() * 1_000_000L;
        this.silenceNs = context.silenceMs() * 1_000_000L;
        this.lifeNs = context.connectionLifeMs() * 1_000_000L;
        this.recvWindowMs = context.recvWindowMs();
        this.connectAtNs = nowNs;
    }

    /** Whether requests may leave. */
    boolean isLive() {
        return state == State.LIVE && !draining;
    }

    int doWork(final long nowNs) {
        if (closed) {
            return 0;
        }
        int work = flush() + expire(nowNs);
        if (state == State.IDLE) {
            if (nowNs - connectAtNs >= 0 && tryConnect(nowNs)) {
                connect(nowNs);
                work++;
            }
        } else if (nowNs - heardNs >= silenceNs) {
            lost("nothing was heard for " + silenceNs / 1_000_000L + " ms", nowNs);
            work++;
        } else if (nowNs - endAtNs >= 0) {
            if (!draining) {
                drain("is a day old", nowNs);
            } else if (pending.isEmpty() || nowNs - endAtNs >= DRAIN_NS) {
                again(nowNs);
            }
            work++;
        }
        return work;
    }

    /**
     * Sends a request; only while live.
     *
     * @param params timestamp among them where the method is signed
     */
    void send(final String method, final boolean signed, final Map<String, String> params, final Runnable written,
        final Consumer<Answer> done) {
        final Map<String, String> all = new LinkedHashMap<>(params);
        if (signed && (!signer.isEd25519() || state != State.LIVE)) {
            all.put("apiKey", account.apiKey());
            all.put("signature", signer.sign(rules.signedPayload(sorted(all))));
        }
        final long id = ++nextId;
        final StringBuilder text = new StringBuilder(384).append("{\"id\":").append(id).append(",\"method\":\"")
            .append(method).append("\",\"params\":{");
        all.forEach((name, value) -> {
            text.append(text.charAt(text.length() - 1) == '{' ? "" : ",").append('"').append(name).append("\":");
            if (NUMBERS.contains(name)) {
                text.append(value);
            } else {
                text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            }
        });
        pending.put(id, new Pending(done, System.nanoTime() + requestNs));
        waiting.addLast(new Outgoing(id, text.append("}}").toString(), written));
        flush();
    }

    private static String sorted(final Map<String, String> params) {
        final StringBuilder payload = new StringBuilder(192);
        new java.util.TreeMap<>(params).forEach((name, value) ->
            payload.append(payload.length() == 0 ? "" : "&").append(name).append('=').append(value));
        return payload.toString();
    }

    /** The connection is given up, as when the venue says that a key is refused. */
    void giveUp(final String text, final long nowNs) {
        if (state != State.IDLE) {
            lost(text, nowNs);
        }
    }

    void close() {
        closed = true;
        generation++;
        if (socket != null) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.debug("account {}: close of the socket: {}", account.accountId(),
                        failure.getClass().getSimpleName());
                }
            });
        }
        answerAll(System.nanoTime());
    }

    private boolean tryConnect(final long nowNs) {
        if (!line.tryConnect(nowNs)) {
            return false;
        }
        connectMs = time.nowMs(epochClock.nanoTime());
        charged = guard.tryConnect(connectMs, nowNs);
        if (!charged) {
            line.withdrawn();
        }
        return charged;
    }

    /** The venue has counted all of a connection that it ever will. */
    private void onCounted() {
        if (charged) {
            charged = false;
            guard.connected(connectMs, time.nowMs(epochClock.nanoTime()));
        }
    }

    private void connect(final long nowNs) {
        state = State.CONNECTING;
        heardNs = nowNs;
        endAtNs = nowNs + lifeNs;
        draining = false;
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
            if (cause instanceof WebSocketHandshakeException refusal) {
                final Answer answer = refused(refusal.getResponse());
                if (answer.isOverLimit()) {
                    owner.onBarred(answer);
                }
            }
            lost("cannot connect: " + cause.getClass().getSimpleName(), System.nanoTime());
            return;
        }
        socket = opened;
        state = State.LOGON;
        line.opened(System.nanoTime());
        // the clock first: everything after it is stamped
        final long askedNs = epochClock.nanoTime();
        send(Method.TIME.name, false, Map.of(), () -> { }, answer -> {
            if (answer.isSuccess()) {
                time.onSample(answer.body().path("serverTime").asLong(), askedNs, answer.epochNs());
            }
            if (answer.isOverLimit()) {
                refused("time", answer);
            } else {
                logOn();
            }
        });
    }

    private void logOn() {
        if (state != State.LOGON) {
            return;
        }
        state = State.SUBSCRIBING;
        if (signer.isEd25519()) {
            send("session.logon", true, stamped(), () -> { }, answer -> {
                if (answer.isSuccess()) {
                    send("userDataStream.subscribe", false, Map.of(), () -> { }, this::onSubscribed);
                } else {
                    refused("session.logon", answer);
                }
            });
        } else {
            send("userDataStream.subscribe.signature", true, stamped(), () -> { }, this::onSubscribed);
        }
    }

    private Map<String, String> stamped() {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("recvWindow", Long.toString(recvWindowMs));
        params.put("timestamp", Long.toString(rules.timestamp(time.nowMs(epochClock.nanoTime()))));
        return params;
    }

    private void onSubscribed(final Answer answer) {
        if (!answer.isSuccess()) {
            refused("subscription", answer);
            return;
        }
        if (state == State.SUBSCRIBING) {
            state = State.LIVE;
            onCounted();
            backoff.reset();
            lastText = "";
            counters.increment(BinanceCounter.SOCKET_LIVE);
            LOG.info("account {}: socket is live", account.accountId());
            owner.onLive(answer.nowNs());
        }
    }

    private Answer refused(final HttpResponse<?> response) {
        return new Answer(Answer.Kind.ANSWERED, response.statusCode(), null, null,
            name -> response.headers().firstValue(name).orElse(null), List.of(), "", epochClock.nanoTime(),
            System.nanoTime());
    }

    private void refused(final String what, final Answer answer) {
        if (answer.kind() == Answer.Kind.ANSWERED) {
            if (answer.isOverLimit()) {
                owner.onBarred(answer);
            }
            lost(what + " refused: " + answer.message(), answer.nowNs());
        }
    }

    private void onText(final int of, final String text) {
        if (of != generation || closed) {
            return;
        }
        final long nowNs = System.nanoTime();
        heardNs = nowNs;
        final JsonNode root = json.parse(text);
        if (root == null) {
            // whose answer it was cannot be told: the request's time runs out
            counters.increment(BinanceCounter.UNREADABLE_ANSWERS);
        } else if (root.has("event")) {
            onEvent(root.path("event"), nowNs);
        } else if (root.path("id").isIntegralNumber()) {
            final Pending request = pending.remove(root.path("id").asLong());
            if (request != null) {
                request.done.accept(answer(root, nowNs));
            }
        } else if (root.has("error")) {
            lost("the venue says: " + VenueJson.text(root.path("error"), "msg"), nowNs);
        }
    }

    private void onEvent(final JsonNode event, final long nowNs) {
        switch (VenueJson.text(event, "e")) {
            case "serverShutdown":
                drain("is announced to end", nowNs);
                endAtNs = nowNs;
                break;
            case "eventStreamTerminated":
                lost("the user data stream was ended by the venue", nowNs);
                break;
            default:
                owner.onEvent(event, nowNs);
                break;
        }
    }

    private Answer answer(final JsonNode root, final long nowNs) {
        final int status = root.path("status").asInt(0);
        final JsonNode body = root.has("error") ? root.get("error") : root.get("result");
        final List<Answer.Reading> readings = new ArrayList<>();
        for (final JsonNode limit : root.path("rateLimits")) {
            final String interval = VenueJson.text(limit, "interval");
            final long periodMs = interval.isEmpty() ? 0
                : RestPath.periodMs(VenueJson.text(limit, "intervalNum") + interval.charAt(0));
            if (periodMs > 0) {
                readings.add(new Answer.Reading(VenueJson.text(limit, "rateLimitType"), periodMs,
                    limit.path("count").asInt(0), limit.path("limit").asInt(0)));
            }
        }
        return new Answer(Answer.Kind.ANSWERED, status == 0 ? 500 : status,
            body == null || !body.isContainerNode() ? null : body, root,
            Answer.headers(root.path("rateLimits")), readings, "", epochClock.nanoTime(), nowNs);
    }

    /** One text at a time is with the socket: the JDK refuses a second. */
    private int flush() {
        if (sending || socket == null || waiting.isEmpty()) {
            return 0;
        }
        sending = true;
        final Outgoing next = waiting.removeFirst();
        final int mine = generation;
        socket.sendText(next.text, true).whenComplete((done, failure) -> events.put(() -> {
            if (mine == generation) {
                sending = false;
                if (failure != null) {
                    lost("cannot send: " + failure.getClass().getSimpleName(), System.nanoTime());
                } else {
                    next.written.run();
                    flush();
                }
            }
        }));
        return 1;
    }

    private int expire(final long nowNs) {
        int work = 0;
        while (!pending.isEmpty()) {
            final Map.Entry<Long, Pending> oldest = pending.entrySet().iterator().next();
            if (nowNs - oldest.getValue().deadlineNs < 0) {
                break;
            }
            pending.remove(oldest.getKey());
            final boolean left = !waiting.removeIf(each -> each.id == oldest.getKey());
            oldest.getValue().done.accept(none(left, "no answer in time", nowNs));
            work++;
            if (state != State.LIVE) {
                lost("no answer in time", nowNs);
            }
        }
        return work;
    }

    private void drain(final String why, final long nowNs) {
        if (!draining && state == State.LIVE) {
            draining = true;
            LOG.info("account {}: socket {}; another is opened", account.accountId(), why);
        }
    }

    /** The old connection is left and the next opened at once. */
    private void again(final long nowNs) {
        lost("left for another", nowNs);
        connectAtNs = nowNs;
    }

    private void lost(final String text, final long nowNs) {
        if (state == State.LIVE) {
            counters.increment(BinanceCounter.SOCKET_LOST);
        }
        if (!text.equals(lastText)) {
            lastText = text;
            LOG.warn("account {}: socket: {}", account.accountId(), text);
        }
        generation++;
        state = State.IDLE;
        draining = false;
        if (socket != null) {
            socket.abort();
            socket = null;
        }
        onCounted();
        line.closed(nowNs);
        connectAtNs = nowNs + backoff.nextDelayNs();
        answerAll(nowNs);
        sending = false;
        owner.onLost(text, nowNs);
    }

    private void answerAll(final long nowNs) {
        final List<Long> neverLeft = waiting.stream().map(each -> each.id).toList();
        waiting.clear();
        final Map<Long, Pending> all = new LinkedHashMap<>(pending);
        pending.clear();
        all.forEach((id, request) -> {
            try {
                request.done.accept(none(!neverLeft.contains(id), "the socket is gone", nowNs));
            } catch (final RuntimeException ex) {
                // a bug in what one request does must not leave the others without an end
                LOG.error("account {}: request {}", account.accountId(), id, ex);
            }
        });
    }

    private Answer none(final boolean left, final String text, final long nowNs) {
        return Answer.none(left ? Answer.Kind.LOST : Answer.Kind.NOT_SENT, text, epochClock.nanoTime(), nowNs);
    }

    private void onHeard(final int of) {
        if (of == generation) {
            heardNs = System.nanoTime();
        }
    }

    private void onEnd(final int of, final String text) {
        if (of == generation && !closed) {
            lost(text, System.nanoTime());
        }
    }

    /** Texts of one connection; the client's threads, one call at a time. Pings are answered by the client itself. */
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
                text.setLength(0);
                events.put(() -> ApiSocket.this.onText(mine, whole));
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPing(final WebSocket from, final ByteBuffer message) {
            events.put(() -> onHeard(mine));
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
