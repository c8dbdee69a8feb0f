package weir.engine.registry;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.engine.snapshot.StateImage;
import weir.protocol.HeapBuffer;

/** Instruments, found by id and by desk symbol, with their latest reference price. Columns are indexed by slot. */
public final class Instruments {
    /** Bytes of a symbol. */
    public static final int SYMBOL_LENGTH = 20;

    /** Instrument id to slot. */
    public final IdIndex index;
    /** Venue id. */
    public final int[] venueId;
    /** InstrumentKind, raw. */
    public final byte[] kind;
    /** InstrumentStatus, raw. */
    public final byte[] status;
    /** Price step, E8; 0 = any. */
    public final long[] tickSize;
    /** Quantity step, E8; 0 = any. */
    public final long[] lotSize;
    /** Smallest quantity, E8. */
    public final long[] minQty;
    /** Smallest notional, E8. */
    public final long[] minNotional;
    /** Contract size, E8; 1 when not configured. */
    public final long[] multiplier;
    /** Age at which a reference price is stale, ns; 0 = never. */
    public final long[] priceMaxAgeNs;
    /** Reference bid, E8; null when none. */
    public final long[] bid;
    /** Reference ask, E8; null when none. */
    public final long[] ask;
    /** Last public trade, E8; null when none. */
    public final long[] last;
    /** When the reference price was observed, epoch ns; 0 = never. */
    public final long[] observedNs;
    /** Configuration in force. */
    public final ConfigFrames frames;
    /** Desk symbols, {@link #SYMBOL_LENGTH} bytes each. */
    public final HeapBuffer symbols;
    /** Venue symbols, {@link #SYMBOL_LENGTH} bytes each. */
    public final HeapBuffer venueSymbols;
    private final int[] slotPlusOneBySymbol;

    /**
     * Makes empty columns.
     *
     * @param capacity most instruments
     */
    public Instruments(final int capacity) {
        index = new IdIndex(capacity);
        venueId = new int[capacity];
        kind = new byte[capacity];
        status = new byte[capacity];
        tickSize = new long[capacity];
        lotSize = new long[capacity];
        minQty = new long[capacity];
        minNotional = new long[capacity];
        multiplier = new long[capacity];
        priceMaxAgeNs = new long[capacity];
        bid = new long[capacity];
        ask = new long[capacity];
        last = new long[capacity];
        observedNs = new long[capacity];
        frames = new ConfigFrames(capacity, 192);
        symbols = new HeapBuffer(capacity * SYMBOL_LENGTH);
        venueSymbols = new HeapBuffer(capacity * SYMBOL_LENGTH);
        slotPlusOneBySymbol = new int[Integer.highestOneBit(Math.max(4, capacity * 2 - 1)) * 2];
    }

    /**
     * Slot of an instrument.
     *
     * @param instrumentId id
     * @return slot or -1
     */
    public int slotOf(final int instrumentId) {
        return index.slotOf(instrumentId);
    }

    /**
     * Slot of a desk symbol.
     *
     * @param buffer with Symbol(55), padded with zeros
     * @param offset of it
     * @return slot or -1
     */
    public int slotOf(final DirectBuffer buffer, final int offset) {
        final int mask = slotPlusOneBySymbol.length - 1;
        int i = hash(buffer, offset) & mask;
        while (slotPlusOneBySymbol[i] != 0) {
            final int slot = slotPlusOneBySymbol[i] - 1;
            if (matches(slot, buffer, offset)) {
                return slot;
            }
            i = i + 1 & mask;
        }
        return -1;
    }

    /**
     * Sets the desk symbol of a slot and files it. The first instrument of a symbol keeps it.
     *
     * @param slot   instrument
     * @param buffer with the symbol
     * @param offset of it
     */
    public void symbol(final int slot, final DirectBuffer buffer, final int offset) {
        symbols.putBytes(slot * SYMBOL_LENGTH, buffer, offset, SYMBOL_LENGTH);
        fileSymbols();
    }

    /**
     * Whether the reference price may be used.
     *
     * @param slot  instrument
     * @param nowNs now
     * @return false when there is none or it is older than the instrument allows
     */
    public boolean isFresh(final int slot, final long nowNs) {
        return observedNs[slot] != 0 && (priceMaxAgeNs[slot] == 0 || nowNs - observedNs[slot] <= priceMaxAgeNs[slot]);
    }

    /**
     * Reference price of a collar: the middle of bid and ask, else the last trade. A crossed book (bid above ask, as in
     * an auction) has no middle.
     *
     * @param slot  instrument
     * @param nowNs now
     * @return E8, or 0 when there is none or it is stale
     */
    public long referencePrice(final int slot, final long nowNs) {
        if (!isFresh(slot, nowNs)) {
            return 0;
        }
        return bid[slot] > 0 && ask[slot] > 0 && !isCrossed(slot) ? middle(slot) : Math.max(0, last[slot]);
    }

    /**
     * Reference price of an order without a price of its own: what it would meet, the ask for a buy and the bid for a
     * sell, else the last trade; never the middle. A crossed book is not believed: the last trade counts.
     *
     * @param slot  instrument
     * @param buy   side of the order
     * @param nowNs now
     * @return E8, or 0 when there is none or it is stale
     */
    public long facingPrice(final int slot, final boolean buy, final long nowNs) {
        if (!isFresh(slot, nowNs)) {
            return 0;
        }
        final long facing = buy ? ask[slot] : bid[slot];
        return facing > 0 && !isCrossed(slot) ? facing : Math.max(0, last[slot]);
    }

    /**
     * What schema version 1 used for collars and market orders alike; for replaying its records.
     *
     * @param slot  instrument
     * @param nowNs now
     * @return E8, or 0 when there is none or it is stale
     */
    public long referencePriceOfVersion1(final int slot, final long nowNs) {
        if (!isFresh(slot, nowNs)) {
            return 0;
        }
        return bid[slot] > 0 && ask[slot] > 0 ? middle(slot) : Math.max(0, last[slot]);
    }

    /**
     * Copies a symbol.
     *
     * @param to     where to
     * @param at     offset there
     * @param from   with the symbol
     * @param offset of it
     */
    public static void copySymbol(final MutableDirectBuffer to, final int at, final DirectBuffer from,
        final int offset) {
        to.putLong(at, from.getLong(offset));
        to.putLong(at + 8, from.getLong(offset + 8));
        to.putInt(at + 16, from.getInt(offset + 16));
    }

    private boolean isCrossed(final int slot) {
        return bid[slot] > 0 && ask[slot] > 0 && bid[slot] > ask[slot];
    }

    private long middle(final int slot) {
        return (bid[slot] >> 1) + (ask[slot] >> 1) + (bid[slot] & ask[slot] & 1);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("instruments", 1);
        index.image(image);
        image.column(venueId);
        image.column(kind);
        image.column(status);
        image.column(tickSize);
        image.column(lotSize);
        image.column(minQty);
        image.column(minNotional);
        image.column(multiplier);
        image.column(priceMaxAgeNs);
        image.column(bid);
        image.column(ask);
        image.column(last);
        image.column(observedNs);
        image.first(symbols, symbols.capacity());
        image.first(venueSymbols, venueSymbols.capacity());
        frames.image(image);
        if (image.loading()) {
            fileSymbols();
        }
    }

    private void fileSymbols() {
        java.util.Arrays.fill(slotPlusOneBySymbol, 0);
        for (int s = 0; s < index.size(); s++) {
            if (slotOf(symbols, s * SYMBOL_LENGTH) < 0) {
                final int mask = slotPlusOneBySymbol.length - 1;
                int i = hash(symbols, s * SYMBOL_LENGTH) & mask;
                while (slotPlusOneBySymbol[i] != 0) {
                    i = i + 1 & mask;
                }
                slotPlusOneBySymbol[i] = s + 1;
            }
        }
    }

    private boolean matches(final int slot, final DirectBuffer buffer, final int offset) {
        final int base = slot * SYMBOL_LENGTH;
        return symbols.getLong(base) == buffer.getLong(offset)
            && symbols.getLong(base + 8) == buffer.getLong(offset + 8)
            && symbols.getInt(base + 16) == buffer.getInt(offset + 16);
    }

    private static int hash(final DirectBuffer buffer, final int offset) {
        final long h = (buffer.getLong(offset) * 31 + buffer.getLong(offset + 8)) * 31 + buffer.getInt(offset + 16);
        final long mixed = h * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 33);
    }
}
