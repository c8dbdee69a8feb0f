package weir.venue.coinbase;

import java.util.UUID;

/**
 * Client id, at the venue, of an order that a replace by REST placed: the replace's own id with one bit set, which no
 * id of the engine has before its journal holds 2^47 records. By the bit a later run knows that other orders stood
 * for this one before.
 */
final class SuccessorId {
    private static final long MARK = 1L << 47;

    private SuccessorId() {
    }

    /** Of the id of a replace. */
    static UUID of(final UUID replaceId) {
        return new UUID(replaceId.getMostSignificantBits(), lowOf(replaceId.getLeastSignificantBits()));
    }

    /** The record of the engine's journal that the low half of an id of the engine counts. */
    static long recordOf(final long idLow) {
        return idLow & MARK - 1;
    }

    /** Of the low half of one. */
    static long lowOf(final long replaceIdLow) {
        return replaceIdLow | MARK;
    }
}
