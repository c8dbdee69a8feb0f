package weir.venue.coinbase;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.fix.wire.FixFrame;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.TimeInForce;
import weir.venue.UuidText;

/**
 * NewOrderSingle(D) of the common forms, over the one before it: what is as it was stays where it is, and CheckSum(10)
 * is put together from the sums of the parts. Each field up to the id has its place, since BeginString(8) to
 * MsgSeqNum(34) end at one; behind the id are a part with the quantity, one with the price and one with the rest, and
 * what follows a part that changed is written anew. In tag order, as QuickFIX/J writes a body. Allocates nothing.
 * Agent's thread.
 */
public final class NewOrderEncoder {
    private static final int MILLIS = 3;
    private static final int SECOND_NS = 1_000_000_000;
    private static final int MILLI_NS = 1_000_000;
    private static final int SECONDS_LENGTH = 17;
    private static final int TIME_LENGTH = SECONDS_LENGTH + 1 + MILLIS;
    /** Where MsgSeqNum(34) ends; what is before it, and the words that it is written by, have room. */
    private static final int NUMBER_END = 64;
    private static final int NUMBER_FROM = NUMBER_END - 2 * Long.BYTES;
    /** {@code 8=FIXT.1.1 SOH 9=}, its last bytes. */
    private static final int BEGIN_LENGTH = 13;
    private static final long BEGIN_HIGH = word("\0\0\0008=FIX");
    private static final long BEGIN_LOW = word("T.1.1\u00019=");
    /** Begins the body. */
    private static final long TYPE = word("35=D\u000134=");
    private static final long POST_ONLY = word("\u000118=A\0\0\0");
    private static final int POST_ONLY_LENGTH = 5;
    private static final long ORDER_QTY = word("\u000138=\0\0\0\0");
    private static final int ORDER_QTY_LENGTH = 4;
    /** With the character of 40 in the gap, and an equal sign behind it where there is a price. */
    private static final long ORD_TYPE_AND_PRICE = word("\u000140=\0\u000144");
    private static final int ORD_TYPE_SHIFT = 32;
    private static final int ORD_TYPE_LENGTH = 5;
    private static final long TRAILER = word("10=000\u0001\0");
    private static final int TRAILER_LENGTH = 7;
    /** More than the parts behind the id, and what is written over. */
    private static final int PARTS_MAX = 160;

    private final NewOrderTails tails;
    private final NativeBuffer buffer;
    private final UtcTimestampText.Writer timestamps = new UtcTimestampText.Writer();
    private final int timeAt;
    private final int idAt;
    private final int quantityAt;
    /** The first bytes behind the time, which a time is written over. */
    private final long afterTime;
    private final int constantSum;

    /** MsgSeqNum(34) with 0 for its last digit. */
    private int decade = Integer.MIN_VALUE;
    private int decadeSum;
    private int numberLength;
    private long secondNs = Long.MIN_VALUE;
    private int secondSum;
    private int timeSum;
    private int milli;
    private long idHigh;
    private int idHighSum;
    private int form = -1;
    private long orderQty;
    private int quantitySum;
    private int priceAt;
    private long price;
    private int priceSum;
    private int tailAt;
    private String symbol;
    private int tailSum;
    private int end;
    /** Of the message before; 0 when what stands before MsgSeqNum(34) has to be written. */
    private int bodyLength;
    private int headSum;
    private int start;

    /**
     * @param apiKey           SenderCompID(49)
     * @param defaultSelfTrade 7928 of an order that does not say
     */
    public NewOrderEncoder(final String apiKey, final char defaultSelfTrade) {
        this(new RequestEncoder(new WireRules(), defaultSelfTrade), apiKey);
    }

    NewOrderEncoder(final RequestEncoder forms, final String apiKey) {
        tails = new NewOrderTails(forms);
        final byte[] sender = ascii("\u000149=" + apiKey + "\u000152=");
        final byte[] target = ascii("\u000156=" + CoinbaseApplication.TARGET + "\u000111=");
        timeAt = NUMBER_END + sender.length;
        idAt = timeAt + TIME_LENGTH + target.length;
        quantityAt = idAt + UuidText.LENGTH;
        buffer = new NativeBuffer(quantityAt + PARTS_MAX);
        buffer.putBytes(NUMBER_END, sender);
        buffer.putBytes(timeAt + TIME_LENGTH, target);
        afterTime = buffer.getLong(timeAt + TIME_LENGTH);
        buffer.putLong(0, TYPE, ByteOrder.LITTLE_ENDIAN);
        constantSum = AsciiWords.sum(buffer, 0, Long.BYTES) + AsciiWords.sum(buffer, NUMBER_END, timeAt)
            + AsciiWords.sum(buffer, timeAt + TIME_LENGTH, idAt);
        idHighSum = UuidText.putUpper(buffer, idAt, idHigh);
    }

    /**
     * Encodes, unless the form is one of those that are seldom: with a stop price, an amount of money or a date of
     * expiry.
     *
     * @param line     an order that has a form
     * @param toSymbol Symbol(55)
     * @param seq      MsgSeqNum(34)
     * @param epochNs  SendingTime(52)
     * @return false when it is not encoded, and the message before is as it was
     */
    public boolean encode(final OrderLine line, final String toSymbol, final int seq, final long epochNs) {
        if (line.stopPx != Scale.NULL || line.cashOrderQty != Scale.NULL || line.orderQty == Scale.NULL
            || line.timeInForce == TimeInForce.GTD || toSymbol.length() > SymbolTable.FIELD_BYTES) {
            return false;
        }
        final int digit = seq - decade;
        if (digit >= 0 && digit < 10) {
            buffer.putByte(NUMBER_END - 1, (byte)('0' + digit));
        } else {
            number(seq);
        }
        final long sinceNs = epochNs - secondNs;
        if (sinceNs >= 0 && sinceNs < SECOND_NS) {
            milli((int)sinceNs / MILLI_NS);
        } else {
            second(epochNs);
        }
        if (line.idHigh != idHigh) {
            idHigh = line.idHigh;
            idHighSum = UuidText.putUpper(buffer, idAt, idHigh);
        }
        final int idLowSum = UuidText.putLower(buffer, idAt, line.idLow);
        parts(line, toSymbol);
        final int length = end - NUMBER_END + numberLength + Long.BYTES;
        if (length != bodyLength) {
            head(length);
        }
        trailer(headSum + constantSum + decadeSum + (seq - decade) + timeSum + idHighSum + idLowSum + quantitySum
            + priceSum + tailSum & 0xFF);
        return true;
    }

    /**
     * Where the message lies, until the next one.
     *
     * @return buffer
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * First byte of the message.
     *
     * @return offset in {@link #buffer()}
     */
    public int offset() {
        return start;
    }

    /**
     * Size of the message.
     *
     * @return bytes
     */
    public int length() {
        return end + TRAILER_LENGTH - start;
    }

    private void number(final int seq) {
        final int upper = seq / AsciiWords.EIGHT_DIGITS;
        final long high = AsciiWords.digits(upper);
        final long low = AsciiWords.digits(seq - upper * AsciiWords.EIGHT_DIGITS);
        buffer.putLong(NUMBER_FROM, high | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(NUMBER_FROM + Long.BYTES, low | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        numberLength = Long.BYTES
            + (upper == 0 ? -AsciiWords.leadingZeros(low) : Long.BYTES - AsciiWords.leadingZeros(high));
        decade = seq - seq % 10;
        decadeSum = AsciiWords.sum(buffer, NUMBER_END - numberLength, NUMBER_END) - seq % 10;
        bodyLength = 0;
    }

    private void second(final long epochNs) {
        timestamps.put(buffer, timeAt, epochNs, MILLIS);
        buffer.putLong(timeAt + TIME_LENGTH, afterTime);
        secondNs = epochNs - epochNs % SECOND_NS;
        milli = (int)(epochNs - secondNs) / MILLI_NS;
        timeSum = AsciiWords.sum(buffer, timeAt, timeAt + TIME_LENGTH);
        secondSum = timeSum - AsciiWords.sum(buffer, timeAt + SECONDS_LENGTH + 1, timeAt + TIME_LENGTH);
    }

    private void milli(final int ofSecond) {
        if (ofSecond == milli) {
            return;
        }
        milli = ofSecond;
        final int hundreds = '0' + ofSecond / 100;
        final int tens = '0' + ofSecond / 10 % 10;
        final int ones = '0' + ofSecond % 10;
        buffer.putInt(timeAt + SECONDS_LENGTH, '.' | hundreds << 8 | tens << 16 | ones << 24,
            ByteOrder.LITTLE_ENDIAN);
        timeSum = secondSum + hundreds + tens + ones;
    }

    private void parts(final OrderLine line, final String toSymbol) {
        final int newForm = NewOrderTails.form(line);
        final boolean quantityChanged =
            line.orderQty != orderQty || ((newForm ^ form) & NewOrderTails.NOT_IN_TAIL) != 0;
        final boolean priceChanged = quantityChanged || line.price != price;
        if (quantityChanged) {
            quantity(line);
        }
        if (priceChanged) {
            price(line.price);
        }
        if (priceChanged || newForm != form || toSymbol != symbol) {
            final NewOrderTails.Tail tail = tails.of(line, newForm, toSymbol);
            end = tailAt + tail.put(buffer, tailAt);
            tailSum = tail.sum();
            form = newForm;
            symbol = toSymbol;
        }
    }

    /** From the id to the price. */
    private void quantity(final OrderLine line) {
        int at = quantityAt;
        if (line.postOnly) {
            buffer.putLong(at, POST_ONLY, ByteOrder.LITTLE_ENDIAN);
            at += POST_ONLY_LENGTH;
        }
        buffer.putLong(at, ORDER_QTY, ByteOrder.LITTLE_ENDIAN);
        at += ORDER_QTY_LENGTH;
        at += DecimalText.put(buffer, at, line.orderQty);
        buffer.putLong(at, ORD_TYPE_AND_PRICE | (long)RequestEncoder.ordType(line.ordType) << ORD_TYPE_SHIFT,
            ByteOrder.LITTLE_ENDIAN);
        if (line.price == Scale.NULL) {
            at += ORD_TYPE_LENGTH;
        } else {
            buffer.putByte(at + Long.BYTES, (byte)'=');
            at += Long.BYTES + 1;
        }
        orderQty = line.orderQty;
        quantitySum = AsciiWords.sum(buffer, quantityAt, at);
        priceAt = at;
    }

    private void price(final long newPrice) {
        tailAt = newPrice == Scale.NULL ? priceAt : priceAt + DecimalText.put(buffer, priceAt, newPrice);
        priceSum = AsciiWords.sum(buffer, priceAt, tailAt);
        price = newPrice;
    }

    /** What stands before MsgSeqNum(34). */
    private void head(final int length) {
        final int typeAt = NUMBER_END - numberLength - Long.BYTES;
        buffer.putLong(typeAt, TYPE, ByteOrder.LITTLE_ENDIAN);
        final long digits = AsciiWords.digits(length);
        final int lengthAt = typeAt - 1 - Long.BYTES + AsciiWords.leadingZeros(digits);
        buffer.putLong(typeAt - 1 - Long.BYTES, digits | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(typeAt - 1, FixFrame.SOH);
        buffer.putLong(lengthAt - Long.BYTES, BEGIN_LOW, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(lengthAt - 2 * Long.BYTES, BEGIN_HIGH, ByteOrder.LITTLE_ENDIAN);
        start = lengthAt - BEGIN_LENGTH;
        headSum = AsciiWords.sum(buffer, start, typeAt);
        bodyLength = length;
    }

    private void trailer(final int sum) {
        final int hundreds = sum * 41 >>> 12; // exact below 1,024
        final int rest = sum - 100 * hundreds;
        final int tens = rest * 103 >>> 10;
        buffer.putLong(end, TRAILER | (long)hundreds << 24 | (long)tens << 32 | (long)(rest - 10 * tens) << 40,
            ByteOrder.LITTLE_ENDIAN);
    }

    private static long word(final String text) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word |= (long)text.charAt(i) << 8 * i;
        }
        return word;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
