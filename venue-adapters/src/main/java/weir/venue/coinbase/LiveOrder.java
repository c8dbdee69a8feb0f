package weir.venue.coinbase;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;
import weir.protocol.Scale;
import weir.venue.VenueExecution;

/**
 * What the adapter keeps of an order: how the venue's reports find it. Made, used again and linked by
 * {@link OrderRegistry}. Owned by the agent's thread.
 */
final class LiveOrder extends IdRef {
    /** A former run of ours sent it, by whichever path. */
    static final byte BORN_BEFORE = 0;
    /** Sent by FIX in this run: FIX reports on it. */
    static final byte BORN_BY_FIX = 1;
    /** Sent by REST: the user channel reports on it. */
    static final byte BORN_BY_REST = 2;
    private static final int VENUE_ID_BYTES = 36;

    long orderId;
    int accountId;
    String symbol;
    boolean isFinal;
    /** Final only because the venue said that it does not know it, which may have been too early. */
    boolean isAbsent;
    long finalNs;
    /** One of the {@code BORN} values. */
    byte born;
    /** OrderQty(38), null when it is not known or sized by funds. */
    long size;
    /** A REST request about it has no answer yet. */
    boolean restBusy;
    /** That REST has taken it was told, by its answer or by the user channel, whichever came first. */
    boolean taken;
    /** Sent by REST without an answer: until then, monotonic, it may yet arrive; 0 for never. */
    long unsureUntilNs;
    /** Terms of an order of this run that a replace by REST needs and does not carry. */
    boolean termsKnown;
    boolean postOnly;
    /** SelfTradeType(7928). */
    char selfTrade;
    /** Until when it shall rest, epoch nanoseconds; 0 for no end. */
    long expireNs;
    /** A replace by REST is under way, null for none. */
    ReplaceJob job;
    /** A replace of which nobody knows whether its order is at the venue: the engine asks, null for none. */
    ReplaceJob lost;
    /** Another order at the venue stands for it than was sent first: reports that name another are not of now. */
    boolean moved;
    /** Low half of the replace's id that the venue knows it by as {@link SuccessorId}; 0 for none. */
    long markedLow;
    /** Filled as far as the user channel and answers told without a gap, null where that is not known. */
    long cumQty;
    /** The latest trade in {@link #cumQty}; ids of a product grow. */
    long lastTradeId;
    /** What the orders filled that stood for it before. */
    long filledBefore;
    /** Sized by funds and not by a quantity. */
    boolean byFunds;
    /** Sized by funds: its last trade, which only the message after it tells. Goes when the order does. */
    VenueExecution lastTrade;
    /** In the registry: false once it is forgotten. */
    boolean known;
    /** Somebody outside of the registry keeps it: it is not used again. */
    boolean pinned;
    LiveOrder previousFinal;
    LiveOrder nextFinal;
    /** Who is behind it in a {@link VenueIdTable}, and the hash of its OrderID(37) there. */
    LiveOrder nextVenueOrder;
    long venueOrderIdHash;
    /** Its number, as the id that {@link OrderRegistry} finds it by. */
    final IdRef number = new IdRef();
    /** Its ids behind the first. */
    private long[] ids = new long[4];
    private int idCount;
    private byte[] venueOrderId = new byte[VENUE_ID_BYTES];
    private int venueOrderIdLength;

    LiveOrder() {
        number.order = this;
    }

    /** Whether it stands for its first id itself. */
    boolean hasOwnId() {
        return order == this;
    }

    LiveOrder reset(final long newOrderId, final int newAccountId, final String newSymbol) {
        orderId = newOrderId;
        accountId = newAccountId;
        symbol = newSymbol;
        isFinal = false;
        isAbsent = false;
        finalNs = 0;
        born = BORN_BEFORE;
        size = Scale.NULL;
        restBusy = false;
        taken = false;
        unsureUntilNs = 0;
        termsKnown = false;
        postOnly = false;
        selfTrade = 0;
        expireNs = 0;
        job = null;
        lost = null;
        moved = false;
        markedLow = 0;
        cumQty = Scale.NULL;
        lastTradeId = 0;
        filledBefore = 0;
        byFunds = false;
        lastTrade = null;
        known = true;
        pinned = false;
        previousFinal = null;
        nextFinal = null;
        idCount = 0;
        venueOrderIdLength = 0;
        return this;
    }

    int idCount() {
        return hasOwnId() ? idCount + 1 : idCount;
    }

    long idHigh(final int index) {
        return hasOwnId() ? index == 0 ? high : ids[2 * index - 2] : ids[2 * index];
    }

    long idLow(final int index) {
        return hasOwnId() ? index == 0 ? low : ids[2 * index - 1] : ids[2 * index + 1];
    }

    /** Adds an id that another ref stands for. */
    void addId(final long newHigh, final long newLow) {
        if (2 * idCount == ids.length) {
            ids = Arrays.copyOf(ids, ids.length * 2);
        }
        ids[2 * idCount] = newHigh;
        ids[2 * idCount + 1] = newLow;
        idCount++;
    }

    void removeId(final long oldHigh, final long oldLow) {
        for (int i = 0; i < idCount; i++) {
            if (ids[2 * i] == oldHigh && ids[2 * i + 1] == oldLow) {
                idCount--;
                ids[2 * i] = ids[2 * idCount];
                ids[2 * i + 1] = ids[2 * idCount + 1];
                return;
            }
        }
    }

    /** Keeps what a replace by REST will need. */
    void terms(final OrderLine line, final char newSelfTrade) {
        termsKnown = true;
        byFunds = line.orderQty == Scale.NULL;
        postOnly = line.postOnly;
        selfTrade = newSelfTrade;
        expireNs = line.expireNs == Scale.NULL ? 0 : line.expireNs;
    }

    /** Low half of the id that the venue knows it by, where the engine names it by another. */
    long nameLow(final long low) {
        return low == markedLow ? SuccessorId.lowOf(low) : low;
    }

    /** An id of the engine's from before this run's replace by REST: ids count its records. */
    boolean isBeforeMove(final long low) {
        return markedLow != 0 && born == BORN_BY_REST && SuccessorId.recordOf(low) < SuccessorId.recordOf(markedLow);
    }

    boolean hasVenueOrderId() {
        return venueOrderIdLength > 0;
    }

    byte[] venueOrderId() {
        return venueOrderId;
    }

    int venueOrderIdLength() {
        return venueOrderIdLength;
    }

    /** OrderID(37), empty when the venue has not told it; allocates. */
    String venueOrderIdText() {
        final char[] text = new char[venueOrderIdLength];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char)(venueOrderId[i] & 0xFF);
        }
        return new String(text);
    }

    void venueOrderId(final DirectBuffer source, final int offset, final int length) {
        if (length > venueOrderId.length) {
            venueOrderId = new byte[length];
        }
        source.getBytes(offset, venueOrderId, 0, length);
        venueOrderIdLength = length;
    }

    boolean isVenueOrderId(final DirectBuffer source, final int offset, final int length) {
        return length == venueOrderIdLength && AsciiWords.equal(source, offset, venueOrderId, length);
    }
}
