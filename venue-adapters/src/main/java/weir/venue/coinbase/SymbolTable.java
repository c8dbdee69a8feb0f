package weir.venue.coinbase;

import org.agrona.DirectBuffer;

/**
 * Symbols of the engine's frames as text, one object each, so that an order makes none. A symbol beyond the bound gets
 * an object of its own each time. Agent's thread.
 */
final class SymbolTable {
    private static final int CAPACITY = 1 << 14;
    private static final int KEPT_MAX = CAPACITY / 2;
    private static final int MIX = 0x9E3779B1;

    private final String[] table = new String[CAPACITY];
    private int size;

    /** The text that lies there, without the zeros that fill it up. */
    String of(final DirectBuffer source, final int offset, final int capacity) {
        int length = 0;
        int hash = 0;
        while (length < capacity) {
            final byte b = source.getByte(offset + length);
            if (b == 0) {
                break;
            }
            hash = (hash + b) * MIX;
            length++;
        }
        int index = hash >>> 16 & CAPACITY - 1;
        while (table[index] != null) {
            if (equals(table[index], source, offset, length)) {
                return table[index];
            }
            index = index + 1 & CAPACITY - 1;
        }
        final String text = source.getStringWithoutLengthAscii(offset, length);
        if (size < KEPT_MAX) {
            size++;
            table[index] = text;
        }
        return text;
    }

    private static boolean equals(final String text, final DirectBuffer source, final int offset, final int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != (char)(source.getByte(offset + i) & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
