package weir.config.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One WebSocket to the venue that judges: a frame out, its answer in. Caller's thread; the client's hands over. */
final class FrameLink implements Closeable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long TIMEOUT_S = 10;

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    FrameLink(final URI venue) throws IOException {
        try {
            socket = HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(TIMEOUT_S))
                .buildAsync(venue, new Ear()).join();
        } catch (final CompletionException ex) {
            throw new IOException("no WebSocket at " + venue, ex);
        }
    }

    /** Sends a frame as it is and waits for the answer with its id. */
    String ask(final FrameText frame) throws IOException {
        socket.sendText(frame.text(), true).join();
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        try {
            while (true) {
                final String text = texts.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (text == null) {
                    throw new IOException("no answer to " + frame.method() + " within " + TIMEOUT_S + " s");
                }
                final JsonNode id = read(text).path("id");
                if (id.asText().equals(frame.id().asText()) || id.isNull()) {
                    return text;
                }
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    private static JsonNode read(final String text) {
        try {
            return MAPPER.readTree(text);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("the simulator speaks JSON: " + text, ex);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Whole texts of the connection. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
