package weir.sim.coinbase;

import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.IoUtils;

/** One WebSocket client of the market data feed and what it subscribed to. A client that does not read is cut. */
final class FeedConnection implements WebSocketCallback<Void> {
    private static final int PENDING_MAX = 20_000;

    private final WebSocketChannel channel;
    private final long openedNs;
    private final Map<String, Set<String>> productsByChannel = new ConcurrentSkipListMap<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean subscribed;
    private volatile String profileId;

    FeedConnection(final WebSocketChannel channel, final long openedNs) {
        this.channel = channel;
        this.openedNs = openedNs;
    }

    long openedNs() {
        return openedNs;
    }

    /** Whether it ever subscribed. */
    boolean hasSubscribed() {
        return subscribed;
    }

    /** The profile that it proved to be, null for none. */
    String profileId() {
        return profileId;
    }

    void profileId(final String proven) {
        profileId = proven;
    }

    Map<String, Set<String>> subscriptions() {
        return productsByChannel;
    }

    boolean wants(final String feed, final String product) {
        return productsByChannel.getOrDefault(feed, Set.of()).contains(product);
    }

    void subscribe(final String feed, final Set<String> products) {
        subscribed = true;
        productsByChannel.computeIfAbsent(feed, name -> ConcurrentHashMap.newKeySet()).addAll(products);
    }

    void unsubscribe(final String feed, final Set<String> products) {
        productsByChannel.getOrDefault(feed, ConcurrentHashMap.newKeySet()).removeAll(products);
    }

    void send(final String text) {
        if (pending.incrementAndGet() > PENDING_MAX) {
            drop();
            return;
        }
        WebSockets.sendText(text, channel, this);
    }

    /** Closes with a close frame. */
    void close(final int code, final String reason) {
        WebSockets.sendClose(code, reason, channel, this);
    }

    /** Closes the socket without a word. */
    void drop() {
        IoUtils.safeClose(channel);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void complete(final WebSocketChannel ended, final Void context) {
        pending.decrementAndGet();
    }

    @Override
    public void onError(final WebSocketChannel ended, final Void context, final Throwable error) {
        pending.decrementAndGet();
        drop();
    }
}
