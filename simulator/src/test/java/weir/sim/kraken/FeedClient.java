package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket client of the JDK that keeps what it is told. */
final class FeedClient implements WebSocket.Listener, AutoCloseable {
    private final LinkedBlockingQueue<JsonNode> inbox = new LinkedBlockingQueue<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;

    FeedClient(final HttpClient http, final int port) throws Exception {
        socket = http.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws/v1"), this)
            .get(20, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
        partial.append(data);
        if (last) {
            try {
                inbox.add(KrakenFixture.parse(partial.toString()));
            } catch (final IOException e) {
                throw new AssertionError(partial.toString(), e);
            }
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(final WebSocket from, final int status, final String reason) {
        closed.countDown();
        return null;
    }

    @Override
    public void onError(final WebSocket from, final Throwable error) {
        closed.countDown();
    }

    FeedClient send(final String text) throws Exception {
        socket.sendText(text, true).get(20, TimeUnit.SECONDS);
        return this;
    }

    /** Challenge, signature, subscription; returns the snapshot. */
    JsonNode subscribe(final KrakenAccount account, final String feed) throws Exception {
        send("{\"event\":\"challenge\",\"api_key\":\"" + account.apiKey() + "\"}");
        final String challenge = await(m -> "challenge".equals(m.path("event").asText())).path("message").asText();
        send(signed("subscribe", account, feed, challenge,
            KrakenFixture.signChallenge(account.secret(), challenge)));
        await(m -> "subscribed".equals(m.path("event").asText()) && feed.equals(m.path("feed").asText()));
        return await(m -> (feed + "_snapshot").equals(m.path("feed").asText()));
    }

    static String signed(
        final String event, final KrakenAccount account, final String feed, final String challenge,
        final String signature) {
        return "{\"event\":\"" + event + "\",\"feed\":\"" + feed + "\",\"api_key\":\"" + account.apiKey()
            + "\",\"original_challenge\":\"" + challenge + "\",\"signed_challenge\":\"" + signature + "\"}";
    }

    /** The next message that matches; those before it are dropped. */
    JsonNode await(final Predicate<JsonNode> which) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (true) {
            final JsonNode message = inbox.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("no such message within 20 s, but " + seen);
            }
            seen.add(message);
            if (which.test(message)) {
                return message;
            }
        }
    }

    JsonNode awaitFeed(final String feed) throws InterruptedException {
        return await(m -> feed.equals(m.path("feed").asText()));
    }

    /** What has come by now, after a question whose answer comes last. */
    List<JsonNode> drain() throws Exception {
        send("{\"event\":\"ping\"}");
        final List<JsonNode> messages = new ArrayList<>();
        await(m -> {
            final boolean pong = "pong".equals(m.path("event").asText());
            if (!pong) {
                messages.add(m);
            }
            return pong;
        });
        return messages;
    }

    boolean isSilentFor(final long ms) throws InterruptedException {
        return inbox.poll(ms, TimeUnit.MILLISECONDS) == null;
    }

    boolean awaitClose() throws InterruptedException {
        return closed.await(20, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
