package weir.venue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * One WebSocket connection. Messages wait here for the agent, at most {@link #AHEAD}: the socket is asked for the next
 * only when one was taken, so a feed faster than the agent is slowed by TCP and never fills memory. Opening, sending
 * and closing never block. Callbacks on the client's threads; the rest on the agent's.
 */
public final class FeedSocket implements WebSocket.Listener {
    private static final int AHEAD = 256;
    private static final int MESSAGE_CHARS_MAX = 16 << 20;

    private final Queue<String> messages = new ManyToOneConcurrentLinkedQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private CompletableFuture<WebSocket> sending;
    private volatile WebSocket socket;
    private volatile boolean open;
    private volatile String ended;

    private FeedSocket() {
    }

    /**
     * Starts to connect.
     *
     * @param client  of the adapter
     * @param uri     ws or wss
     * @param timeout of connecting
     * @return the socket, not open yet
     */
    public static FeedSocket connect(final HttpClient client, final URI uri, final Duration timeout) {
        final FeedSocket feed = new FeedSocket();
        feed.sending = client.newWebSocketBuilder().connectTimeout(timeout).buildAsync(uri, feed);
        feed.sending.whenComplete((connected, failure) -> {
            if (failure != null) {
                feed.end(String.valueOf(failure.getMessage()));
            } else {
                if (feed.ended != null) {
                    connected.abort();
                }
                feed.open = true;
            }
        });
        return feed;
    }

    /**
     * Whether the connection stood once; see {@link #ended()}.
     *
     * @return false while it connects
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * Why it ended.
     *
     * @return null while it did not
     */
    public String ended() {
        return ended;
    }

    /**
     * Takes the next message.
     *
     * @return null when none waits
     */
    public String poll() {
        final String message = messages.poll();
        if (message != null) {
            final WebSocket connected = socket;
            if (connected != null) {
                connected.request(1);
            }
        }
        return message;
    }

    /**
     * Sends after what was sent before.
     *
     * @param text of the message
     */
    public void send(final String text) {
        sending = sending.thenCompose(connected -> connected.sendText(text, true));
        sending.whenComplete((connected, failure) -> {
            if (failure != null) {
                end(String.valueOf(failure.getMessage()));
            }
        });
    }

    /** Ends it at once. */
    public void abort() {
        end("closed here");
        final WebSocket connected = socket;
        if (connected != null) {
            connected.abort();
        }
    }

    @Override
    public void onOpen(final WebSocket connected) {
        socket = connected;
        connected.request(AHEAD);
    }

    @Override
    public CompletionStage<?> onText(final WebSocket connected, final CharSequence data, final boolean whole) {
        if (partial.length() + data.length() > MESSAGE_CHARS_MAX) {
            end("a message is longer than " + MESSAGE_CHARS_MAX);
            connected.abort();
            return null;
        }
        partial.append(data);
        if (whole) {
            messages.add(partial.toString());
            partial.setLength(0);
        } else {
            connected.request(1);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(final WebSocket connected, final ByteBuffer data, final boolean whole) {
        connected.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(final WebSocket connected, final ByteBuffer message) {
        connected.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(final WebSocket connected, final ByteBuffer message) {
        connected.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(final WebSocket connected, final int code, final String reason) {
        end("closed by the venue: " + code + ' ' + reason);
        return null;
    }

    @Override
    public void onError(final WebSocket connected, final Throwable error) {
        end(String.valueOf(error.getMessage()));
    }

    private synchronized void end(final String why) {
        if (ended == null) {
            ended = why;
        }
    }
}
