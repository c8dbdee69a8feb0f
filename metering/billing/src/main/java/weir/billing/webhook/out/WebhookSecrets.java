package weir.billing.webhook.out;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The keys of an endpoint: a line each, the newest first, an older one with the time up to which it still signs:
 *
 * <pre>
 * whsec_NEW
 * whsec_OLD until=2026-02-01T00:00:00Z
 * </pre>
 *
 * A semicolon divides as a line end does, for environment variables. During the overlap a message carries a signature
 * of every key, so that a receiver changes its key when it likes. Immutable; any thread.
 */
public final class WebhookSecrets {
    private static final int KEYS_MAX = 8;
    private static final int NEW_KEY_BYTES = 32;
    private static final String UNTIL = "until=";

    private final List<Line> lines;

    private record Line(String text, WebhookSecret secret, long untilMs) {
        @Override
        public String toString() {
            return secret.toString();
        }
    }

    private WebhookSecrets(final List<Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads the keys.
     *
     * @param text lines
     * @return the keys
     * @throws IllegalArgumentException saying which line is wrong, without repeating it
     */
    public static WebhookSecrets parse(final String text) {
        final List<Line> lines = new ArrayList<>();
        int number = 0;
        for (final String raw : text.split("[\\n;]", -1)) {
            number++;
            final String line = raw.strip();
            if (!line.isEmpty()) {
                lines.add(line(line, number));
            }
        }
        if (lines.isEmpty() || lines.size() > KEYS_MAX) {
            throw new IllegalArgumentException("a webhook secret has 1 to " + KEYS_MAX + " keys, found "
                + lines.size());
        }
        return new WebhookSecrets(List.copyOf(lines));
    }

    private static Line line(final String line, final int number) {
        final String[] words = line.split("\\s+");
        final WebhookSecret secret = WebhookSecret.parse(words[0]).orElseThrow(() -> new IllegalArgumentException(
            "line " + number + " of a webhook secret must be whsec_ and Base64 of 24 to 64 bytes, or whsk_ and "
                + "Base64 of an Ed25519 seed"));
        long untilMs = Long.MAX_VALUE;
        if (words.length > 2 || words.length == 2 && !words[1].startsWith(UNTIL)) {
            throw new IllegalArgumentException("line " + number + " of a webhook secret may have until=TIME behind "
                + "the key, and nothing else");
        }
        if (words.length == 2) {
            try {
                untilMs = Instant.parse(words[1].substring(UNTIL.length())).toEpochMilli();
            } catch (final DateTimeException ex) {
                throw new IllegalArgumentException("line " + number + " of a webhook secret: until= needs a time "
                    + "such as 2026-02-01T00:00:00Z", ex);
            }
        }
        return new Line(words[0], secret, untilMs);
    }

    /**
     * Value of {@code webhook-signature}: a signature of each key that is valid, the newest first. When all have run
     * out the newest signs all the same: a message that its receiver refuses is told from silence.
     *
     * @param id         webhook-id
     * @param timestampS webhook-timestamp, epoch seconds
     * @param body       as sent
     * @return signatures with a blank between
     */
    public String sign(final String id, final long timestampS, final byte[] body) {
        if (id.indexOf('.') >= 0) {
            throw new IllegalArgumentException("a webhook id has no full stop: " + id);
        }
        final byte[] content = WebhookSecret.content(id, timestampS, body);
        final StringBuilder signatures = new StringBuilder();
        for (final Line line : lines) {
            if (line.untilMs() > timestampS * 1_000) {
                signatures.append(signatures.isEmpty() ? "" : " ").append(line.secret().sign(content));
            }
        }
        return signatures.isEmpty() ? lines.get(0).secret().sign(content) : signatures.toString();
    }

    /**
     * How many keys sign at a time.
     *
     * @param nowMs epoch milliseconds
     * @return count
     */
    public int valid(final long nowMs) {
        return (int)lines.stream().filter(line -> line.untilMs() > nowMs).count();
    }

    /**
     * Lines with a new key in front; the present ones end after the overlap at the latest, those that ended are left
     * out.
     *
     * @param newKey  {@code whsec_...} or {@code whsk_...}
     * @param nowMs   epoch milliseconds
     * @param untilMs end of the present keys, epoch milliseconds
     * @return text for the file
     */
    public String rotated(final String newKey, final long nowMs, final long untilMs) {
        final StringBuilder text = new StringBuilder(newKey).append('\n');
        for (final Line line : lines) {
            final long endMs = Math.min(line.untilMs(), untilMs);
            if (endMs > nowMs && !line.text().equals(newKey)) {
                text.append(line.text()).append(' ').append(UNTIL).append(Instant.ofEpochMilli(endMs)).append('\n');
            }
        }
        parse(text.toString());
        return text.toString();
    }

    /**
     * A new key for HMAC-SHA256.
     *
     * @return {@code whsec_...}
     */
    public static String newKey() {
        final byte[] bytes = new byte[NEW_KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return WebhookSecret.SYMMETRIC + Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
