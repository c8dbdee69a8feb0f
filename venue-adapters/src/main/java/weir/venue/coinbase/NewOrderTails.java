package weir.venue.coinbase;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import weir.fix.text.AsciiWords;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.Side;

/**
 * What a new order's message ends with: side, symbol, time in force, self-trade prevention (54, 55, 59, 7928) as words
 * with their sum, kept for the next order that has the same. One of two that share a place gives way. Symbols are
 * told apart as objects: {@link SymbolTable} has one of each. Agent's thread.
 */
final class NewOrderTails {
    /** Bytes of the longest. */
    static final int LENGTH_MAX = 6 * Long.BYTES;
    /** Of a form what is not seen in the tail alone: type, post-only, whether there is a price. */
    static final int NOT_IN_TAIL = -1 << 15;

    private static final int TAIL_BITS = (1 << 20) - 1;
    private static final int CAPACITY_BITS = 8;
    private static final int MIX = 0x9E37_79B9;
    private static final byte[] SIDE = ascii("\u000154=");
    private static final byte[] SYMBOL = ascii("\u000155=");
    private static final byte[] TIME_IN_FORCE = ascii("\u000159=");
    private static final byte[] SELF_TRADE = ascii("\u00017928=");

    private final RequestEncoder forms;
    private final Tail[] tails = new Tail[1 << CAPACITY_BITS];
    private final NativeBuffer scratch = new NativeBuffer(LENGTH_MAX);

    NewOrderTails(final RequestEncoder forms) {
        this.forms = forms;
        if (SIDE.length + SYMBOL.length + TIME_IN_FORCE.length + SELF_TRADE.length + SymbolTable.FIELD_BYTES + 4
            > LENGTH_MAX) {
            throw new IllegalStateException("symbol of " + SymbolTable.FIELD_BYTES + " bytes");
        }
        for (int i = 0; i < tails.length; i++) {
            tails[i] = new Tail();
        }
    }

    /** All but numbers and symbol of an order: of equal forms the same fields have the same characters. */
    static int form(final OrderLine line) {
        return line.side.ordinal() | line.timeInForce.ordinal() << 5 | line.selfTradePrevention.ordinal() << 10
            | line.ordType.ordinal() << 15 | (line.postOnly ? 1 << 20 : 0) | (line.price == Scale.NULL ? 1 << 21 : 0);
    }

    Tail of(final OrderLine line, final int form, final String symbol) {
        final int key = form & TAIL_BITS;
        final Tail tail = tails[(symbol.hashCode() + key) * MIX >>> Integer.SIZE - CAPACITY_BITS];
        if (tail.symbol != symbol || tail.key != key) {
            make(tail, line, symbol);
            tail.key = key;
            tail.symbol = symbol;
        }
        return tail;
    }

    private void make(final Tail tail, final OrderLine line, final String symbol) {
        int at = field(0, SIDE, line.side == Side.BUY ? '1' : '2');
        scratch.putBytes(at, SYMBOL);
        at += SYMBOL.length;
        for (int i = 0; i < symbol.length(); i++) {
            scratch.putByte(at++, (byte)symbol.charAt(i));
        }
        at = field(at, TIME_IN_FORCE, RequestEncoder.timeInForce(line.ordType, line.timeInForce));
        at = field(at, SELF_TRADE, forms.selfTrade(line.selfTradePrevention));
        scratch.putByte(at++, (byte)1);
        tail.take(scratch, at);
    }

    private int field(final int at, final byte[] tag, final char value) {
        scratch.putBytes(at, tag);
        scratch.putByte(at + tag.length, (byte)value);
        return at + tag.length + 1;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One of them, from the separator before its first field to the last one's. */
    static final class Tail {
        private String symbol;
        private int key;
        private int length;
        private int sum;
        private long first;
        private long second;
        private long third;
        private long fourth;
        private long fifth;
        private long sixth;

        private void take(final NativeBuffer source, final int newLength) {
            length = newLength;
            sum = AsciiWords.sum(source, 0, newLength);
            first = word(source, 0);
            second = word(source, 1);
            third = word(source, 2);
            fourth = word(source, 3);
            fifth = word(source, 4);
            sixth = word(source, 5);
        }

        /** Writes it, and up to {@link #LENGTH_MAX} bytes; returns its own. */
        int put(final MutableDirectBuffer target, final int at) {
            target.putLong(at, first, ByteOrder.LITTLE_ENDIAN);
            target.putLong(at + 8, second, ByteOrder.LITTLE_ENDIAN);
            target.putLong(at + 16, third, ByteOrder.LITTLE_ENDIAN);
            target.putLong(at + 24, fourth, ByteOrder.LITTLE_ENDIAN);
            target.putLong(at + 32, fifth, ByteOrder.LITTLE_ENDIAN);
            target.putLong(at + 40, sixth, ByteOrder.LITTLE_ENDIAN);
            return length;
        }

        int sum() {
            return sum;
        }

        private static long word(final NativeBuffer source, final int index) {
            return source.getLong(index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
