package weir.venue.coinbase;

import org.agrona.DirectBuffer;
import weir.protocol.sbe.VenueNewOrdersDecoder;

/**
 * Symbols of the engine's frames as text, one object each, so that an order makes none. A field is compared as it is,
 * by words. A symbol beyond the bound gets an object of its own each time. Agent's thread.
 */
public final class SymbolTable {
    /** Bytes of a field: two words and a half. */
    static final int FIELD_BYTES = VenueNewOrdersDecoder.venueSymbolEncodingLength();

    private static final int CAPACITY_BITS = 14;
    private static final int CAPACITY = 1 << CAPACITY_BITS;
    private static final int KEPT_MAX = CAPACITY / 2;
    private static final int WORDS = 3;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final String[] table = new String[CAPACITY];
    private final long[] fields = new long[WORDS * CAPACITY];
    private int size;

    /** Makes an empty one. */
    public SymbolTable() {
        if (FIELD_BYTES != 2 * Long.BYTES + Integer.BYTES) {
            throw new IllegalStateException("venueSymbol of " + FIELD_BYTES + " bytes");
        }
    }

    /**
     * The text that lies there, without the zeros that fill it up.
     *
     * @param source of the field
     * @param offset of the field
     * @return the same object for the same symbol, but beyond the bound
     */
    public String of(final DirectBuffer source, final int offset) {
        final long first = source.getLong(offset);
        final long second = source.getLong(offset + Long.BYTES);
        final long third = source.getInt(offset + 2 * Long.BYTES);
        int index = (int)(((first * MIX ^ second) * MIX ^ third) * MIX >>> Long.SIZE - CAPACITY_BITS);
        String text = table[index];
        while (text != null) {
            final int at = WORDS * index;
            if (fields[at] == first && fields[at + 1] == second && fields[at + 2] == third) {
                return text;
            }
            index = index + 1 & CAPACITY - 1;
            text = table[index];
        }
        int length = 0;
        while (length < FIELD_BYTES && source.getByte(offset + length) != 0) {
            length++;
        }
        text = source.getStringWithoutLengthAscii(offset, length);
        if (size < KEPT_MAX) {
            size++;
            table[index] = text;
            fields[WORDS * index] = first;
            fields[WORDS * index + 1] = second;
            fields[WORDS * index + 2] = third;
        }
        return text;
    }
}
