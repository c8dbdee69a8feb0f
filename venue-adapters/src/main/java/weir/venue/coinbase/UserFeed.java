package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.FeedSocket;
import weir.venue.ReconnectBackoff;
import weir.venue.WireLimits;

/**
 * The authenticated WebSocket of one account: channel {@code user} of the products that its orders are in, and
 * {@code heartbeat} of one, by which a dead socket is noticed. Up when the venue has confirmed the subscription. Its
 * messages carry no gapless number of their own, so that a lost socket means: ask. Agent's thread; never blocks.
 */
final class UserFeed {
    private static final Logger LOG = LoggerFactory.getLogger(UserFeed.class);
    private static final int MESSAGES = 64;
    private static final long SECOND_NS = 1_000_000_000L;

    private final CoinbaseAccount account;
    private final CoinbaseSigner signer;
    private final HttpClient client;
    private final EpochNanoClock epochClock;
    private final Duration timeout;
    private final long silenceNs;
    private final ReconnectBackoff backoff;
    private final ObjectMapper json = new ObjectMapper();
    private final Set<String> wanted = new LinkedHashSet<>();
    private final Set<String> covered = new HashSet<>();
    private final Consumer<JsonNode> listener;
    private final WireLimits.Line line;
    private FeedSocket socket;
    private boolean opened;
    private boolean subscribed;
    private boolean unsaid;
    private boolean up;
    private long heardNs;
    private long attemptNs;
    private String ended = "not connected yet";

    UserFeed(final CoinbaseAdapter.Context context, final CoinbaseAccount account, final HttpClient client,
        final Consumer<JsonNode> listener) {
        this.account = account;
        this.signer = new CoinbaseSigner(account.secret());
        this.client = client;
        this.listener = listener;
        this.line = context.wireLimits().line(account.accountId());
        this.epochClock = context.epochClock();
        this.timeout = Duration.ofMillis(context.restTimeoutMs());
        this.silenceNs = context.feedSilenceMs() * 1_000_000L;
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, System.nanoTime() ^ ~account.accountId());
        this.wanted.addAll(context.products());
        this.attemptNs = System.nanoTime();
    }

    boolean isUp() {
        return up;
    }

    /** Why it is not up. */
    String ended() {
        return ended;
    }

    /** Whether the venue tells of orders in a product. */
    boolean covers(final String symbol) {
        return up && covered.contains(symbol);
    }

    /** Subscribes to a product, unless it is. */
    void want(final String symbol) {
        unsaid |= wanted.add(symbol) && subscribed;
    }

    int doWork(final long nowNs) {
        if (socket == null) {
            if (wanted.isEmpty() || nowNs - attemptNs < 0 || !line.tryConnect(nowNs)) {
                return 0;
            }
            socket = FeedSocket.connect(client, account.wsUri(), timeout);
            heardNs = nowNs;
            return 1;
        }
        if (socket.isOpen() && !opened) {
            opened = true;
            heardNs = nowNs;
            unsaid = true;
            line.opened(nowNs);
        }
        if (unsaid && line.trySend(WireLimits.MESSAGE, 1, nowNs)) {
            unsaid = false;
            subscribed = true;
            socket.send(subscription());
        }
        final int work = read(nowNs);
        if (socket == null) {
            return work; // a message ended it
        }
        final String end = socket.ended();
        if (end != null) {
            end(end, nowNs);
        } else if (nowNs - heardNs > silenceNs) {
            end("nothing heard for " + silenceNs / 1_000_000L + " ms", nowNs);
        }
        return work;
    }

    void close() {
        if (socket != null) {
            socket.abort();
        }
    }

    private int read(final long nowNs) {
        int work = 0;
        while (work < MESSAGES) {
            final String text = socket.poll();
            if (text == null) {
                break;
            }
            work++;
            heardNs = nowNs;
            try {
                onMessage(json.readTree(text), nowNs);
            } catch (final JsonProcessingException ex) {
                LOG.warn("account {}: user channel sent no JSON, {} characters", account.accountId(), text.length());
                end("no JSON", nowNs); // what it said is lost: connected anew, it is asked for
            }
            if (socket == null) {
                break;
            }
        }
        return work;
    }

    private void onMessage(final JsonNode message, final long nowNs) {
        switch (message.path("type").asText("")) {
            case "subscriptions":
                onSubscriptions(message);
                break;
            case "error":
                LOG.warn("account {}: user channel: {} {}", account.accountId(), message.path("message").asText(""),
                    message.path("reason").asText(""));
                end("refused: " + message.path("message").asText(""), nowNs);
                break;
            case "heartbeat":
                break;
            default:
                listener.accept(message);
                break;
        }
    }

    private void onSubscriptions(final JsonNode message) {
        for (final JsonNode channel : message.path("channels")) {
            if ("user".equals(channel.path("name").asText())) {
                covered.clear();
                channel.path("product_ids").forEach(id -> covered.add(id.asText()));
                up |= !covered.isEmpty();
            }
        }
        if (up) {
            backoff.reset();
        }
    }

    private void end(final String why, final long nowNs) {
        if (socket != null) {
            socket.abort();
            socket = null;
        }
        LOG.info("account {} user channel ended: {}", account.accountId(), why);
        line.closed(nowNs);
        opened = false;
        unsaid = false;
        subscribed = false;
        up = false;
        ended = why;
        covered.clear();
        attemptNs = nowNs + backoff.nextDelayNs();
    }

    /** Signed as GET /users/self/verify ("WebSocket overview", authentication). */
    private String subscription() {
        final String timestamp = Long.toString(epochClock.nanoTime() / SECOND_NS);
        final StringBuilder products = new StringBuilder();
        for (final String product : wanted) {
            products.append(products.length() == 0 ? "\"" : ",\"").append(product).append('"');
        }
        return "{\"type\":\"subscribe\",\"channels\":[{\"name\":\"user\",\"product_ids\":[" + products
            + "]},{\"name\":\"heartbeat\",\"product_ids\":[\"" + wanted.iterator().next() + "\"]}],\"signature\":\""
            + signer.signRest(timestamp, "GET", "/users/self/verify", "") + "\",\"key\":\"" + account.apiKey()
            + "\",\"passphrase\":\"" + account.passphrase() + "\",\"timestamp\":\"" + timestamp + "\"}";
    }
}
