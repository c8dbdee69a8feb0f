package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
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
 * messages carry no gapless number of their own, so that a lost socket means: ask. A product that the venue does not
 * list would have it refuse all of a subscription: it is left out until the next connection, or until an order
 * wants it some seconds later. Agent's thread; never blocks.
 */
final class UserFeed {
    private static final Logger LOG = LoggerFactory.getLogger(UserFeed.class);
    private static final int MESSAGES = 64;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LIST_AGAIN_NS = 5 * SECOND_NS;

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
    /** Of the wanted ones those that the venue refused on this connection, and when. */
    private final Map<String, Long> unlisted = new HashMap<>();
    private final Set<String> toldUnlisted = new HashSet<>();
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
        final Long refusedNs = unlisted.get(symbol);
        if (refusedNs != null && System.nanoTime() - refusedNs >= LIST_AGAIN_NS) {
            unlisted.remove(symbol);
            unsaid = true;
        }
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
                onError(message.path("message").asText(""), message.path("reason").asText(""), nowNs);
                break;
            case "heartbeat":
                break;
            default:
                listener.accept(message);
                break;
        }
    }

    private void onError(final String text, final String reason, final long nowNs) {
        if (leaveOut(reason, nowNs) && !unlisted.keySet().containsAll(wanted)) {
            return;
        }
        LOG.warn("account {}: user channel: {} {}", account.accountId(), text, reason);
        end("refused: " + text + (reason.isEmpty() ? "" : ", " + reason), nowNs);
    }

    /** False when the reason is not that a product which was asked for is none ("X is not a valid product"). */
    private boolean leaveOut(final String reason, final long nowNs) {
        boolean named = false;
        if (reason.toLowerCase(Locale.ROOT).contains("valid product")) {
            for (final String word : reason.split("[^A-Za-z0-9-]+")) {
                named |= wanted.contains(word);
                if (wanted.contains(word) && unlisted.putIfAbsent(word, nowNs) == null) {
                    unsaid = true;
                    if (toldUnlisted.add(word)) {
                        LOG.warn("account {}: user channel without {}, which the venue does not list",
                            account.accountId(), word);
                    }
                }
            }
        }
        return named;
    }

    private void onSubscriptions(final JsonNode message) {
        for (final JsonNode channel : message.path("channels")) {
            if ("user".equals(channel.path("name").asText())) {
                covered.clear();
                channel.path("product_ids").forEach(id -> covered.add(id.asText()));
                toldUnlisted.removeAll(covered);
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
        unlisted.clear();
        attemptNs = nowNs + backoff.nextDelayNs();
    }

    /** Signed as GET /users/self/verify ("WebSocket overview", authentication). */
    private String subscription() {
        final String timestamp = Long.toString(epochClock.nanoTime() / SECOND_NS);
        final Set<String> asked = new LinkedHashSet<>(wanted);
        asked.removeAll(unlisted.keySet());
        final String products = '"' + String.join("\",\"", asked) + '"';
        return "{\"type\":\"subscribe\",\"channels\":[{\"name\":\"user\",\"product_ids\":[" + products
            + "]},{\"name\":\"heartbeat\",\"product_ids\":[\"" + asked.iterator().next() + "\"]}],\"signature\":\""
            + signer.signRest(timestamp, "GET", "/users/self/verify", "") + "\",\"key\":\"" + account.apiKey()
            + "\",\"passphrase\":\"" + account.passphrase() + "\",\"timestamp\":\"" + timestamp + "\"}";
    }
}
