package weir.config.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.model.VenueAccount;
import weir.protocol.Venues;

/**
 * Says what a venue would make of a signed request, over HTTP or as frames of a WebSocket, by handing it byte for byte
 * to its simulator, which checks key, signature, time and nonce with code of its own. Business is not judged:
 * an order that the venue would refuse for its price is a well-signed request.
 */
public final class RequestLint {
    private static final int TIMEOUT_MS = 10_000;
    private static final String[] LOGS = {"hint", "detail"};
    /** What the venues say when they do not know who asks, or when. */
    private static final Pattern UNSIGNED = Pattern.compile("(?i)signature|timestamp|authentication|api.?key|nonce"
        + "|unauthorized|invalid_credentials|recvwindow|passphrase|wrongowner|invalid_token");

    private RequestLint() {
    }

    /**
     * The venue's word.
     *
     * @param accepted whether it knows who asks; what it then thinks of the request stands in the answer
     * @param method   of the request; WS for a frame
     * @param target   path and query; what a frame asks for
     * @param status   HTTP status, or the frame's; 200 where a frame has none and no error
     * @param answer   body
     * @param hint     the mistake behind a refusal where it is a known one, else empty
     */
    public record Verdict(boolean accepted, String method, String target, int status, String answer, String hint) {
    }

    /**
     * Judges a request.
     *
     * @param text    the request, from its request line to the end of its body, or frames, one a line: then the first
     *                that is refused is judged, else the last
     * @param account whose it is
     * @param secrets resolves its references
     * @param clock   the venue's clock, epoch nanoseconds
     * @return what the venue would say
     * @throws IOException if the venue cannot be played here
     */
    public static Verdict judge(final String text, final VenueAccount account, final SecretResolver secrets,
        final LongSupplier clock) throws IOException {
        final boolean framed = FrameText.isFrame(text);
        final HttpText request = framed ? null : HttpText.parse(text);
        final List<FrameText> frames = framed ? FrameText.parse(text) : List.of();
        final Path logs = Files.createTempDirectory("weir-lint");
        try {
            final Verdict verdict;
            try (LintVenue venue = LintVenue.open(Venues.id(account.venue()),
                secrets.resolve(account.apiKey()).reveal(), secrets.resolve(account.apiSecret()).reveal(),
                account.passphrase().map(ref -> secrets.resolve(ref).reveal()).orElse(""), logs, clock)) {
                verdict = framed ? judge(frames, venue) : judge(request, venue);
            }
            return verdict.accepted() ? verdict : new Verdict(false, verdict.method(), verdict.target(),
                verdict.status(), verdict.answer(), hint(logs));
        } finally {
            delete(logs);
        }
    }

    private static Verdict judge(final HttpText request, final LintVenue venue) throws IOException {
        final String answer = send(request, venue.port());
        final String body = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
        return verdict(request.method(), request.target(), Integer.parseInt(answer.substring(9, 12)), body);
    }

    private static Verdict judge(final List<FrameText> frames, final LintVenue venue) throws IOException {
        if (venue.socketPath().isEmpty()) {
            throw new CommandFailure("LINT_REQUEST", "this venue takes no signed frames");
        }
        Verdict verdict = null;
        try (FrameLink link = new FrameLink(URI.create("ws://127.0.0.1:" + venue.port() + venue.socketPath()))) {
            for (int i = 0; i < frames.size() && (verdict == null || verdict.accepted()); i++) {
                final String answer = link.ask(frames.get(i));
                final JsonNode root = new ObjectMapper().readTree(answer);
                verdict = verdict("WS", frames.get(i).method(),
                    root.path("status").asInt(root.has("error") ? 400 : 200), answer);
            }
        }
        return verdict;
    }

    private static Verdict verdict(final String method, final String target, final int status, final String body) {
        final boolean accepted = status != 401 && (status / 100 == 2 && !body.contains("\"error\"")
            || !UNSIGNED.matcher(body).find());
        return new Verdict(accepted, method, target, status, body, "");
    }

    private static String send(final HttpText request, final int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request.bytes("127.0.0.1:" + port));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hint(final Path logs) throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        String hint = "";
        for (final String line : Files.readAllLines(logs.resolve("venue.jsonl"))) {
            final JsonNode node = mapper.readTree(line);
            for (final String key : LOGS) {
                if (node.hasNonNull(key)) {
                    hint = node.get(key).asText();
                    break;
                }
            }
        }
        return hint;
    }

    private static void delete(final Path logs) throws IOException {
        try (Stream<Path> files = Files.list(logs)) {
            for (final Path file : List.copyOf(files.toList())) {
                Files.delete(file);
            }
        }
        Files.delete(logs);
    }
}
