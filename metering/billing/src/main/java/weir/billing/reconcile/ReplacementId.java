package weir.billing.reconcile;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Id of an order that stands in place of another at a venue that changes nothing of an order but its quantity: {@code
 * r}, then our order id, what was filled before (E8), and the low half of the replace's request id, each as eight bytes
 * in base64url (docs/decisions/0025).
 *
 * @param orderId    record sequence of the NewOrder that the whole chain is
 * @param filledE8   filled by the orders before it
 * @param requestLow low half of the request's id
 */
record ReplacementId(long orderId, long filledE8, long requestLow) {
    private static final int PART_CHARS = 11;
    private static final int LENGTH = 1 + 3 * PART_CHARS;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;

    /** Reads an id; null when it is none of this form. */
    static ReplacementId of(final String text) {
        if (text.length() != LENGTH || text.charAt(0) != 'r') {
            return null;
        }
        final long[] parts = new long[3];
        for (int i = 0; i < parts.length; i++) {
            final int from = 1 + i * PART_CHARS;
            try {
                final byte[] bytes = Base64.getUrlDecoder().decode(text.substring(from, from + PART_CHARS));
                parts[i] = ByteBuffer.wrap(bytes).getLong();
            } catch (final IllegalArgumentException ex) {
                return null;
            }
        }
        return parts[0] > 0 && parts[1] >= 0 ? new ReplacementId(parts[0], parts[1], parts[2]) : null;
    }

    /** Record by which the replace left. */
    long sequence() {
        return requestLow & SEQUENCE_MASK;
    }
}
