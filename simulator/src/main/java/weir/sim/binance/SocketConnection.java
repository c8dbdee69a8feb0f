package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.IoUtils;
import weir.sim.market.Json;

/** One WebSocket, of the API or of the market streams. Messages leave in the order of sending. Thread safe. */
final class SocketConnection {
    final long id;
    final String address;
    final long openedNs;
    /** Accounts by subscription id, of the API. */
    final Map<Integer, BinanceAccount> subscriptions = new ConcurrentHashMap<>();
    /** Names of market streams. */
    final Set<String> streams = ConcurrentHashMap.newKeySet();
    final Map<String, String> lastSent = new ConcurrentHashMap<>();
    volatile BinanceAccount session;
    volatile boolean returnRateLimits = true;
    volatile boolean combined;
    volatile long closeAtNs = Long.MAX_VALUE;
    volatile long lastPongNs;
    volatile long nextPingNs;
    private final WebSocketChannel channel;
    private int nextSubscription;
    private int messages;
    private long secondNs;
    private boolean silent;

    SocketConnection(final long id, final WebSocketChannel channel, final long nowNs) {
        this.id = id;
        this.channel = channel;
        this.address = channel.getSourceAddress().getAddress().getHostAddress();
        this.openedNs = nowNs;
        this.lastPongNs = nowNs;
        this.nextPingNs = nowNs;
    }

    synchronized int subscribe(final BinanceAccount account) {
        subscriptions.put(nextSubscription, account);
        return nextSubscription++;
    }

    /** Counts a message that came in. @return how many did within this second. */
    synchronized int onMessage(final long nowNs) {
        if (nowNs - secondNs >= 1_000_000_000L) {
            secondNs = nowNs;
            messages = 0;
        }
        return ++messages;
    }

    void send(final ObjectNode message) {
        send(new String(Json.bytes(message), StandardCharsets.UTF_8));
    }

    synchronized void send(final String text) {
        if (!silent) {
            WebSockets.sendText(text, channel, null);
        }
    }

    synchronized void ping(final long nowNs) {
        if (!silent) {
            WebSockets.sendPing(ByteBuffer.wrap(Long.toString(nowNs).getBytes(StandardCharsets.US_ASCII)), channel,
                null);
        }
    }

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

    /** Closes the socket in order. */
    synchronized void close(final int code, final String reason) {
        WebSockets.sendClose(code, reason, channel, null);
    }
}
