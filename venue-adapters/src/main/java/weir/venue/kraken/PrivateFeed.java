package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.WireLimits;

/**
 * Private WebSocket of one account: challenge, both subscriptions, ping, silence watchdog, reconnect with back-off.
 * While it is not live, orders are asked for over REST at a pace the budget can bear; when it comes (again), once. The
 * socket's threads only hand texts to the agent.
 */
final class PrivateFeed {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFeed.class);
    private static final int TEXT_MAX = 8 << 20;

    /** How far the socket has come. */
    private enum State { IDLE, CONNECTING, SUBSCRIBING, LIVE }

    private final AccountLink link;
    private final KrakenAccount account;
    private final KrakenSigner signer;
    private final FeedReader reader;
    private final VenueJson json;
    private final HttpClient client;
    private final EventQueue events;
    private final KrakenCounters counters;
    private final ReconnectBackoff backoff;
    private final WireLimits.Line line;
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private final Duration connectTimeout;
    private final long pingNs;
    private final long silenceNs;
    private final long pollNs;
    private State state = State.IDLE;
    private WebSocket socket;
    private boolean sending;
    private boolean closed;
    private boolean ordersSubscribed;
    private boolean fillsSubscribed;
    private String lastText = "";
    private int generation;
    private long connectAtNs;
    private long heardNs;
    private long pingAtNs;
    private long pollAtNs;

    PrivateFeed(final KrakenAdapter.Context context, final AccountLink link, final FeedReader reader,
        final VenueJson json, final HttpClient client, final EventQueue events, final KrakenCounters counters,
        final long nowNs) {
        this.link = link;
        this.account = link.account();
        this.signer = new KrakenSigner(account.secret());
        this.reader = reader;
        this.json = json;
        this.client = client;
        this.events = events;
        this.counters = counters;
        this.line = context.wireLimits().line(account.accountId());
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, nowNs ^ ~account.accountId());
        this.connectTimeout = Duration.ofMillis(context.connectTimeoutMs());
        this.pingNs = context.pingMs() * 1_000_000L;
        this.silenceNs = context.silenceMs() * 1_000_000L;
        this.pollNs = context.pollMs() * 1_000_000L;
        this.connectAtNs = nowNs;
        this.pollAtNs = nowNs;
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    int doWork(final long nowNs) {
        if (closed) {
            return 0;
        }
        int work = flush(nowNs);
        if (state == State.IDLE) {
            if (nowNs - connectAtNs >= 0 && line.tryConnect(nowNs)) {
                connect(nowNs);
                work++;
            }
        } else if (nowNs - heardNs >= silenceNs) {
            lost("nothing was heard for " + silenceNs / 1_000_000L + " ms", nowNs);
            work++;
        } else if (socket != null && nowNs - pingAtNs >= 0) {
            pingAtNs = nowNs + pingNs;
            say("{\"event\":\"ping\"}");
            work++;
        }
        if (state != State.LIVE && link.isUp() && nowNs - pollAtNs >= 0 && link.queries().isIdle()) {
            pollAtNs = nowNs + pollNs;
            link.queries().catchUp();
            work++;
        }
        return work;
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
    }

    private void connect(final long nowNs) {
        state = State.CONNECTING;
        heardNs = nowNs;
        pingAtNs = nowNs + pingNs;
        ordersSubscribed = false;
        fillsSubscribed = false;
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
        line.opened(System.nanoTime());
        say("{\"event\":\"challenge\",\"api_key\":\"" + account.apiKey() + "\"}");
    }

    private void onText(final int of, final String text) {
        if (of != generation || closed) {
            return;
        }
        final long nowNs = System.nanoTime();
        heardNs = nowNs;
        final JsonNode root = json.parse(text);
        if (root == null) {
            counters.increment(KrakenCounter.UNREADABLE_ANSWERS);
            return;
        }
        final String event = VenueJson.text(root, "event");
        if (event.isEmpty()) {
            onFeed(root, nowNs);
        } else {
            onEvent(event, root, nowNs);
        }
    }

    private void onFeed(final JsonNode root, final long nowNs) {
        switch (VenueJson.text(root, "feed")) {
            case "fills":
                reader.onFills(root, false);
                break;
            case "fills_snapshot":
                reader.onFills(root, true);
                fillsSubscribed = true;
                live(nowNs);
                break;
            case "open_orders":
                reader.onOpenOrder(root, nowNs);
                break;
            case "open_orders_snapshot":
                ordersSubscribed = true;
                live(nowNs);
                break;
            default:
                break;
        }
    }

    private void onEvent(final String event, final JsonNode root, final long nowNs) {
        final String feed = VenueJson.text(root, "feed");
        switch (event) {
            case "challenge":
                if (state == State.CONNECTING) {
                    state = State.SUBSCRIBING;
                    final String challenge = VenueJson.text(root, "message");
                    subscribe("open_orders", challenge);
                    subscribe("fills", challenge);
                }
                break;
            case "subscribed":
                ordersSubscribed |= "open_orders".equals(feed);
                fillsSubscribed |= "fills".equals(feed);
                live(nowNs);
                break;
            case "subscribed_failed":
            case "error":
            case "alert":
                lost(event + ": " + VenueJson.text(root, "message"), nowNs);
                break;
            default:
                break;
        }
    }

    private void live(final long nowNs) {
        if (state == State.SUBSCRIBING && ordersSubscribed && fillsSubscribed) {
            state = State.LIVE;
            backoff.reset();
            lastText = "";
            counters.increment(KrakenCounter.SOCKET_LIVE);
            LOG.info("account {}: private feeds are live", account.accountId());
            pollAtNs = nowNs;
            link.queries().catchUp();
        }
    }

    private void subscribe(final String feed, final String challenge) {
        say("{\"event\":\"subscribe\",\"feed\":\"" + feed + "\",\"api_key\":\"" + account.apiKey()
            + "\",\"original_challenge\":\"" + challenge.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\",\"signed_challenge\":\"" + signer.challenge(challenge) + "\"}");
    }

    private void say(final String text) {
        waiting.addLast(text);
        flush(System.nanoTime());
    }

    /** One text at a time is with the socket: the JDK refuses a second. */
    private int flush(final long nowNs) {
        if (sending || socket == null || waiting.isEmpty() || !line.trySend(WireLimits.MESSAGE, 1, nowNs)) {
            return 0;
        }
        sending = true;
        final int mine = generation;
        socket.sendText(waiting.removeFirst(), true).whenComplete((done, failure) -> events.put(() -> {
            if (mine == generation) {
                sending = false;
                if (failure != null) {
                    lost("cannot send: " + failure.getClass().getSimpleName(), System.nanoTime());
                }
            }
        }));
        return 1;
    }

    private void onEnd(final int of, final String text) {
        if (of == generation && !closed) {
            lost(text, System.nanoTime());
        }
    }

    private void lost(final String text, final long nowNs) {
        if (state == State.LIVE) {
            counters.increment(KrakenCounter.SOCKET_LOST);
        }
        if (!text.equals(lastText)) {
            lastText = text;
            LOG.warn("account {}: private socket: {}", account.accountId(), text);
        }
        generation++;
        state = State.IDLE;
        sending = false;
        waiting.clear();
        line.closed(nowNs);
        if (socket != null) {
            socket.abort();
            socket = null;
        }
        connectAtNs = nowNs + backoff.nextDelayNs();
        pollAtNs = nowNs;
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
                text.setLength(0);
                events.put(() -> PrivateFeed.this.onText(mine, whole));
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
