package weir.billing.reconcile;

import java.util.UUID;

/**
 * Reads the ids that the core gives to requests at a venue: journal id, index, record sequence, shaped like a
 * UUIDv4. An order placed in the place of one that was cancelled for it has the id of the replace with the highest bit
 * of the sequence set (docs/decisions/0034).
 */
final class VenueOrderId {
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long IN_PLACE_OF_ANOTHER = 1L << 47;
    private static final long JOURNAL_MASK = 0xFFFF_FFFF_FFFF_0FFFL;

    private VenueOrderId() {
    }

    /** @return record sequence; 0 when the id was not made by this journal */
    static long sequence(final String text, final String journalId) {
        final UUID id;
        try {
            id = UUID.fromString(text);
        } catch (final IllegalArgumentException ex) {
            return 0;
        }
        final long journalHigh = Long.parseUnsignedLong(journalId.substring(0, 16), 16);
        final boolean ours = id.version() == 4 && id.variant() == 2
            && (id.getMostSignificantBits() & JOURNAL_MASK) == (journalHigh & JOURNAL_MASK);
        return ours ? id.getLeastSignificantBits() & SEQUENCE_MASK : 0;
    }

    /**
     * Reads the id of an order that stands in the place of another.
     *
     * @param text id at the venue
     * @return id of the replace that it was placed for; null when it has another form
     */
    static String replaceOf(final String text) {
        final UUID id;
        try {
            id = UUID.fromString(text);
        } catch (final IllegalArgumentException ex) {
            return null;
        }
        final long low = id.getLeastSignificantBits();
        return id.version() == 4 && id.variant() == 2 && (low & IN_PLACE_OF_ANOTHER) != 0
            ? text(id.getMostSignificantBits(), low & ~IN_PLACE_OF_ANOTHER) : null;
    }

    static String text(final long high, final long low) {
        return new UUID(high, low).toString();
    }
}
