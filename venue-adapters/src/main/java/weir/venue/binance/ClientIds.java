package weir.venue.binance;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * Client order ids, of at most 36 characters of {@code [a-zA-Z0-9-_]}. A new order has the text of its UUID. What
 * replaces an order is another order for the venue; its id says whose it is and what was filled before it, so that a
 * run after this one can still count it to its order: {@code r}, our order id, filled before, low half of the
 * request's id, each as eight bytes in base64url. Stateless.
 */
final class ClientIds {
    private static final int LONG_CHARS = 11;
    private static final int LENGTH = 1 + 3 * LONG_CHARS;

    private ClientIds() {
    }

    static String replacement(final long orderId, final long carried, final UUID request) {
        return "r" + text(orderId) + text(carried) + text(request.getLeastSignificantBits());
    }

    static boolean isReplacement(final String id) {
        return id.length() == LENGTH && id.charAt(0) == 'r';
    }

    /** Whether an id is one of what replaces a given order. */
    static boolean isReplacementOf(final String id, final long orderId) {
        return isReplacement(id) && id.startsWith(text(orderId), 1);
    }

    /** Our id of the order that a replacement is of, 0 where the id is none of one. */
    static long owner(final String id) {
        return isReplacement(id) ? number(id, 1) : 0;
    }

    /** Filled before the replacement was sent, 0 where the id is none of one. */
    static long carried(final String id) {
        return isReplacement(id) ? number(id, 1 + LONG_CHARS) : 0;
    }

    /** The id of our request in a client id of the venue, null where it is none. */
    static UUID request(final String id) {
        if (id.length() != 36) {
            return null;
        }
        try {
            return UUID.fromString(id);
        } catch (final IllegalArgumentException ex) {
            return null;
        }
    }

    private static String text(final long value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(ByteBuffer.allocate(8).putLong(value).array());
    }

    private static long number(final String id, final int from) {
        try {
            final byte[] bytes = Base64.getUrlDecoder().decode(id.substring(from, from + LONG_CHARS));
            return bytes.length == 8 ? ByteBuffer.wrap(bytes).getLong() : 0;
        } catch (final IllegalArgumentException ex) {
            return 0;
        }
    }
}
