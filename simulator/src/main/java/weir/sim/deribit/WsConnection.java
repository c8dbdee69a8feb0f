package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.IoUtils;
import weir.sim.market.Json;

/** One WebSocket, who is on it and what it is subscribed to. Thread safe; messages leave in the order they are sent. */
final class WsConnection {
    final long id;
    final String address;
    final Set<String> channels = ConcurrentHashMap.newKeySet();
    volatile Grants.Grant grant;
    volatile boolean cancelOnDisconnect;
    volatile long heartbeatNs;
    volatile long lastInboundNs;
    volatile long beatAtNs;
    /** When a test_request was sent that is not answered, 0 for none. */
    volatile long testedNs;
    /** Whether the venue is to close it without a word; it neither reads nor answers any more. */
    volatile boolean dropping;
    /** Whether the client said goodbye. */
    volatile boolean loggedOut;
    private final WebSocketChannel channel;
    private volatile boolean silent;
    private volatile boolean ended;

    WsConnection(final long id, final WebSocketChannel channel, final String address, final long nowNs) {
        this.id = id;
        this.channel = channel;
        this.address = address;
        this.lastInboundNs = nowNs;
    }

    void send(final JsonNode message) {
        send(new String(Json.bytes(message), StandardCharsets.UTF_8));
    }

    synchronized void send(final String text) {
        if (!silent) {
            WebSockets.sendText(text, channel, null);
        }
    }

    /** Sends a last text and closes once it is written. */
    synchronized void sendAndClose(final JsonNode message) {
        ended = true;
        WebSockets.sendText(new String(Json.bytes(message), StandardCharsets.UTF_8), channel,
            new WebSocketCallback<>() {
                @Override
                public void complete(final WebSocketChannel to, final Void context) {
                    WebSockets.sendClose(1000, "", to, null);
                }

                @Override
                public void onError(final WebSocketChannel to, final Void context, final Throwable failure) {
                    IoUtils.safeClose(to);
                }
            });
    }

    /** From now on nothing is read or sent, though the socket stays. */
    void silence(final boolean on) {
        silent = on;
    }

    /** Its end was told: what comes after that on it is not looked at. */
    boolean isEnded() {
        return ended;
    }

    boolean isSilent() {
        return silent;
    }

    /** Closes the socket without a word. */
    void drop() {
        IoUtils.safeClose(channel);
    }

    /** Closes the socket as a WebSocket is closed. */
    void bye() {
        WebSockets.sendClose(1000, "", channel, null);
    }
}
