package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.IoUtils;
import weir.sim.market.Json;

/** One WebSocket and what it is subscribed to. Messages leave in the order in which they are sent. Thread safe. */
final class FeedConnection {
    private static final long SECOND_NS = 1_000_000_000L;

    final long id;
    final String address;
    /** The challenge handed out last to each API key on this connection. */
    final Map<String, String> challenges = new ConcurrentHashMap<>();
    /** Account names by private feed, symbols by public feed. */
    final Map<String, Set<String>> subscriptions = new ConcurrentHashMap<>();
    volatile long lastInboundNs;
    private final WebSocketChannel channel;
    private final Deque<Long> requests = new ArrayDeque<>();
    private int peakPerSecond;
    private boolean silent;

    FeedConnection(final long id, final WebSocketChannel channel, final String address, final long nowNs) {
        this.id = id;
        this.channel = channel;
        this.address = address;
        this.lastInboundNs = nowNs;
    }

    /** Counts a request. @return whether it is within the limit per second. */
    synchronized boolean tryRequest(final int perSecondMax, final long nowNs) {
        while (!requests.isEmpty() && requests.peekFirst() <= nowNs - SECOND_NS) {
            requests.removeFirst();
        }
        requests.add(nowNs);
        peakPerSecond = Math.max(peakPerSecond, requests.size());
        return requests.size() <= perSecondMax;
    }

    synchronized int peakPerSecond() {
        return peakPerSecond;
    }

    synchronized void send(final ObjectNode message) {
        if (!silent) {
            WebSockets.sendText(new String(Json.bytes(message), StandardCharsets.UTF_8), channel, null);
        }
    }

    /** From now on nothing is sent, though the socket stays. */
    synchronized void silence(final boolean on) {
        silent = on;
    }

    synchronized boolean isSilent() {
        return silent;
    }

    /** Closes the socket without a word. */
    void drop() {
        IoUtils.safeClose(channel);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean isSubscribed(final String feed, final String to) {
        return subscriptions.getOrDefault(feed, Set.of()).contains(to);
    }

    void subscribe(final String feed, final String to) {
        subscriptions.computeIfAbsent(feed, name -> ConcurrentHashMap.newKeySet()).add(to);
    }

    /** @return whether it was subscribed. */
    boolean unsubscribe(final String feed, final String to) {
        return subscriptions.getOrDefault(feed, Set.of()).remove(to);
    }
}
