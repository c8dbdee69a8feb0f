package weir.config.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import weir.config.check.SecretResolver;
import weir.config.model.VenueAccount;
import weir.protocol.Venues;

/**
 * Says what a venue would make of a signed request, by handing it byte for byte to the venue's simulator, which checks
 * key, signature, time and nonce with code of its own. Business is not judged: an order that the venue would refuse for
 * its price is a well-signed request.
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
     * @param method   of the request
     * @param target   path and query
     * @param status   HTTP status
     * @param answer   body
     * @param hint     the mistake behind a refusal where it is a known one, else empty
     */
    public record Verdict(boolean accepted, String method, String target, int status, String answer, String hint) {
    }

    /**
     * Judges a request.
     *
     * @param text    the request, from its request line to the end of its body
     * @param account whose it is
     * @param secrets resolves its references
     * @param clock   the venue's clock, epoch nanoseconds
     * @return what the venue would say
     * @throws IOException if the venue cannot be played here
     */
    public static Verdict judge(final String text, final VenueAccount account, final SecretResolver secrets,
        final LongSupplier clock) throws IOException {
        final HttpText request = HttpText.parse(text);
        final Path logs = Files.createTempDirectory("weir-lint");
        try {
            final String answer;
            try (LintVenue venue = LintVenue.open(Venues.id(account.venue()),
                secrets.resolve(account.apiKey()).reveal(), secrets.resolve(account.apiSecret()).reveal(),
                account.passphrase().map(ref -> secrets.resolve(ref).reveal()).orElse(""), logs, clock)) {
                answer = send(request, venue.port());
            }
            final int status = Integer.parseInt(answer.substring(9, 12));
            final String body = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
            final boolean accepted = status != 401 && (status / 100 == 2 && !body.contains("\"error\"")
                || !UNSIGNED.matcher(body).find());
            return new Verdict(accepted, request.method(), request.target(), status, body,
                accepted ? "" : hint(logs));
        } finally {
            delete(logs);
        }
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
