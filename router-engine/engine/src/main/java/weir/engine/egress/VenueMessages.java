package weir.engine.egress;

import java.nio.ByteOrder;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.protocol.HeapBuffer;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueCancelEncoder;
import weir.protocol.sbe.VenueCancelsEncoder;
import weir.protocol.sbe.VenueNewOrdersEncoder;
import weir.protocol.sbe.VenueNewOrdersEncoder.OrdersEncoder;
import weir.protocol.sbe.VenueOrderQueryEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueReplaceEncoder;

/** Encodes messages to venues (70 to 75) into the venue's outbox. */
public final class VenueMessages {
    private static final int VENUE_ID_LENGTH = 36;
    private static final long NEW_HEADER = FrameHeader.of(VenueNewOrdersEncoder.BLOCK_LENGTH,
        VenueNewOrdersEncoder.TEMPLATE_ID);
    /** Post only, reduce only, close only: as in the order's own ExecInst. */
    private static final int EXEC_INST = 7;

    private final ByteOutbox[] outboxes;
    private final OrderBook book;
    private final Registry registry;
    private final Verdict verdict;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VenueCancelEncoder cancel = new VenueCancelEncoder();
    private final VenueCancelsEncoder cancels = new VenueCancelsEncoder();
    private final VenueReplaceEncoder replace = new VenueReplaceEncoder();
    private final VenueOrderQueryEncoder query = new VenueOrderQueryEncoder();
    private long idHigh;
    /** Where the next order of the message begun goes, and how long the message will be. */
    private int batch;
    private int batchFrame;
    private int batchLength;
    private int batchVenue;
    private VenueCancelsEncoder.OrdersEncoder cancelBatch;
    private int cancelVenue;

    /**
     * Encodes into one outbox per venue id.
     *
     * @param outboxes by venue id; null where a venue is not connected to this engine
     * @param book     orders
     * @param registry instruments and accounts
     * @param verdict  of the call
     */
    public VenueMessages(final ByteOutbox[] outboxes, final OrderBook book, final Registry registry,
        final Verdict verdict) {
        this.outboxes = outboxes;
        this.book = book;
        this.registry = registry;
        this.verdict = verdict;
    }

    /**
     * Sets the high half of every id at a venue.
     *
     * @param high as {@link Verdict#requestHigh} makes it
     */
    public void idHigh(final long high) {
        idHigh = high;
    }

    /**
     * High half of every id at a venue.
     *
     * @return UUIDv4-shaped
     */
    public long idHigh() {
        return idHigh;
    }

    /**
     * Is there an outbox for the venue?
     *
     * @param venue venue id
     * @return true when messages to it can be staged
     */
    public boolean reaches(final int venue) {
        return outboxes[venue] != null;
    }

    /**
     * Begins a message of new orders.
     *
     * @param slot       first order: its account and instrument are those of all
     * @param batchIdLow low half of the batch id; 0 for a single order
     * @param count      orders that follow by {@link #add}
     */
    public void beginNew(final int slot, final long batchIdLow, final int count) {
        batchVenue = book.venueId(slot);
        final ByteOutbox outbox = outboxes[batchVenue];
        final int instrument = book.instrument(slot);
        final HeapBuffer out = outbox.buffer();
        final int frame = outbox.claim(ByteOutbox.MAX_MESSAGE);
        final int body = frame + MessageHeaderEncoder.ENCODED_LENGTH;
        batchFrame = frame;
        putLong(out, frame, NEW_HEADER);
        putLong(out, body + VenueNewOrdersEncoder.recordSequenceEncodingOffset(), verdict.sequence);
        out.putInt(body + VenueNewOrdersEncoder.accountIdEncodingOffset(),
            registry.accounts.index.idOf(book.account(slot)), ByteOrder.LITTLE_ENDIAN);
        out.putInt(body + VenueNewOrdersEncoder.instrumentIdEncodingOffset(),
            registry.instruments.index.idOf(instrument), ByteOrder.LITTLE_ENDIAN);
        putLong(out, body + VenueNewOrdersEncoder.batchIdHighEncodingOffset(), batchIdLow == 0 ? 0 : idHigh);
        putLong(out, body + VenueNewOrdersEncoder.batchIdLowEncodingOffset(), batchIdLow);
        Instruments.copySymbol(out, body + VenueNewOrdersEncoder.venueSymbolEncodingOffset(),
            registry.instruments.venueSymbols, instrument * Instruments.SYMBOL_LENGTH);
        out.putByte(body + VenueNewOrdersEncoder.pathEncodingOffset(), (byte) pathOf(slot).value());
        final int group = body + VenueNewOrdersEncoder.BLOCK_LENGTH;
        out.putInt(group, OrdersEncoder.sbeBlockLength() | count << Short.SIZE, ByteOrder.LITTLE_ENDIAN);
        batch = group + OrdersEncoder.HEADER_SIZE;
        batchLength = OrdersEncoder.HEADER_SIZE + VenueNewOrdersEncoder.BLOCK_LENGTH
            + MessageHeaderEncoder.ENCODED_LENGTH + count * OrdersEncoder.sbeBlockLength();
    }

    /**
     * Adds an order to the message begun.
     *
     * @param slot order; its venue id is set
     */
    public void add(final int slot) {
        final HeapBuffer out = outboxes[batchVenue].buffer();
        final int at = batch;
        putLong(out, at + OrdersEncoder.orderIdEncodingOffset(), book.orderId(slot));
        putLong(out, at + OrdersEncoder.venueClOrdIdHighEncodingOffset(), idHigh);
        putLong(out, at + OrdersEncoder.venueClOrdIdLowEncodingOffset(), book.venueIdLow(slot));
        out.putByte(at + OrdersEncoder.sideEncodingOffset(), book.side(slot));
        out.putByte(at + OrdersEncoder.ordTypeEncodingOffset(), book.ordType(slot));
        out.putByte(at + OrdersEncoder.timeInForceEncodingOffset(), book.timeInForce(slot));
        out.putByte(at + OrdersEncoder.execInstEncodingOffset(), (byte) (book.execInst(slot) & EXEC_INST));
        out.putByte(at + OrdersEncoder.selfTradePreventionEncodingOffset(),
            (byte) SelfTradePrevention.get(book.selfTradePrevention(slot)).value());
        putLong(out, at + OrdersEncoder.orderQtyEncodingOffset(), book.orderQty(slot));
        putLong(out, at + OrdersEncoder.priceEncodingOffset(), book.price(slot));
        putLong(out, at + OrdersEncoder.stopPxEncodingOffset(), book.stopPx(slot));
        putLong(out, at + OrdersEncoder.cashOrderQtyEncodingOffset(), book.cashQty(slot));
        putLong(out, at + OrdersEncoder.expireNsEncodingOffset(), book.expireNs(slot));
        putLong(out, at + OrdersEncoder.receivedNsEncodingOffset(), book.receivedNs(slot));
        batch = at + OrdersEncoder.sbeBlockLength();
    }

    /** Ends the message begun. Orders that were announced and not added are a bug, and stop here. */
    public void endNew() {
        if (batch - batchFrame != batchLength) {
            throw new IllegalStateException("the message announces other orders than it has");
        }
        outboxes[batchVenue].commit(batchLength);
    }

    /**
     * Stages a cancel.
     *
     * @param slot order; its cancel id is set
     */
    public void cancel(final int slot) {
        final ByteOutbox outbox = outboxes[book.venueId(slot)];
        final int instrument = book.instrument(slot);
        cancel.wrapAndApplyHeader(outbox.buffer(), outbox.claim(256), header)
            .recordSequence(verdict.sequence)
            .accountId(registry.accounts.index.idOf(book.account(slot)))
            .instrumentId(registry.instruments.index.idOf(instrument))
            .orderId(book.orderId(slot)).requestIdHigh(idHigh).requestIdLow(book.cancelIdLow(slot))
            .origIdHigh(idHigh).origIdLow(book.venueIdLow(slot)).side(Side.get(book.side(slot))).path(pathOf(slot));
        putIds(outbox, cancel.offset() + VenueCancelEncoder.venueOrderIdEncodingOffset(),
            cancel.offset() + VenueCancelEncoder.venueSymbolEncodingOffset(), slot);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + cancel.encodedLength());
    }

    /**
     * Begins a message of cancels.
     *
     * @param slot       first order: its account is that of all
     * @param batchIdLow low half of the batch id
     * @param count      cancels that follow by {@link #addCancel}
     */
    public void beginCancels(final int slot, final long batchIdLow, final int count) {
        cancelVenue = book.venueId(slot);
        final ByteOutbox outbox = outboxes[cancelVenue];
        cancels.wrapAndApplyHeader(outbox.buffer(), outbox.claim(ByteOutbox.MAX_MESSAGE), header)
            .recordSequence(verdict.sequence)
            .accountId(registry.accounts.index.idOf(book.account(slot)))
            .batchIdHigh(idHigh).batchIdLow(batchIdLow);
        cancelBatch = cancels.ordersCount(count);
    }

    /**
     * Adds a cancel to the message begun.
     *
     * @param slot order; its cancel id is set
     */
    public void addCancel(final int slot) {
        final int at = cancels.limit();
        cancelBatch.next().orderId(book.orderId(slot))
            .instrumentId(registry.instruments.index.idOf(book.instrument(slot)))
            .requestIdHigh(idHigh).requestIdLow(book.cancelIdLow(slot))
            .origIdHigh(idHigh).origIdLow(book.venueIdLow(slot)).side(Side.get(book.side(slot)));
        putIds(outboxes[cancelVenue], at + VenueCancelsEncoder.OrdersEncoder.venueOrderIdEncodingOffset(),
            at + VenueCancelsEncoder.OrdersEncoder.venueSymbolEncodingOffset(), slot);
    }

    /** Ends the message of cancels begun. */
    public void endCancels() {
        outboxes[cancelVenue].commit(MessageHeaderEncoder.ENCODED_LENGTH + cancels.encodedLength());
    }

    /**
     * Stages a replace.
     *
     * @param slot order; its replace id and new values are set
     */
    public void replace(final int slot) {
        final ByteOutbox outbox = outboxes[book.venueId(slot)];
        replace.wrapAndApplyHeader(outbox.buffer(), outbox.claim(256), header)
            .recordSequence(verdict.sequence)
            .accountId(registry.accounts.index.idOf(book.account(slot)))
            .instrumentId(registry.instruments.index.idOf(book.instrument(slot)))
            .orderId(book.orderId(slot)).requestIdHigh(idHigh).requestIdLow(book.replaceIdLow(slot))
            .origIdHigh(idHigh).origIdLow(book.venueIdLow(slot)).side(Side.get(book.side(slot)))
            .ordType(OrdType.get(book.ordType(slot))).timeInForce(TimeInForce.get(book.newTimeInForce(slot)))
            .orderQty(book.newQty(slot)).price(book.newPrice(slot)).stopPx(book.newStopPx(slot))
            .path(pathOf(slot));
        putIds(outbox, replace.offset() + VenueReplaceEncoder.venueOrderIdEncodingOffset(),
            replace.offset() + VenueReplaceEncoder.venueSymbolEncodingOffset(), slot);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + replace.encodedLength());
    }

    /**
     * Stages a query for an order and its fills.
     *
     * @param slot      order
     * @param idLow     low half of the query's own id
     * @param attempt   from 1
     */
    public void query(final int slot, final long idLow, final int attempt) {
        final ByteOutbox outbox = outboxes[book.venueId(slot)];
        query.wrapAndApplyHeader(outbox.buffer(), outbox.claim(256), header)
            .recordSequence(verdict.sequence)
            .accountId(registry.accounts.index.idOf(book.account(slot)))
            .instrumentId(registry.instruments.index.idOf(book.instrument(slot)))
            .orderId(book.orderId(slot)).requestIdHigh(idHigh).requestIdLow(idLow)
            .origIdHigh(idHigh).origIdLow(nowIdLow(slot)).side(Side.get(book.side(slot)))
            .cumQty(book.cumQty(slot)).sinceNs(book.dispatchedNs(slot)).attempt(attempt);
        putIds(outbox, query.offset() + VenueOrderQueryEncoder.venueOrderIdEncodingOffset(),
            query.offset() + VenueOrderQueryEncoder.venueSymbolEncodingOffset(), slot);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + query.encodedLength());
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("venue-ids", 1);
        idHigh = image.value(idHigh);
    }

    /** What a replace by the second path has placed bears the replace's id: the one before may be gone already. */
    private long nowIdLow(final int slot) {
        return book.onSecond(slot) && book.replacePhase(slot) == OrderBook.OUT ? book.replaceIdLow(slot)
            : book.venueIdLow(slot);
    }

    private VenuePath pathOf(final int slot) {
        return book.onSecond(slot) ? VenuePath.SECOND : VenuePath.FIRST;
    }

    private static void putLong(final HeapBuffer out, final int at, final long value) {
        out.putLong(at, value, ByteOrder.LITTLE_ENDIAN);
    }

    private void putIds(final ByteOutbox outbox, final int venueOrderIdOffset, final int symbolOffset,
        final int slot) {
        outbox.buffer().putBytes(venueOrderIdOffset, book.venueOrderIds(), book.venueOrderIdOffset(slot),
            VENUE_ID_LENGTH);
        outbox.buffer().putBytes(symbolOffset, registry.instruments.venueSymbols,
            book.instrument(slot) * Instruments.SYMBOL_LENGTH, Instruments.SYMBOL_LENGTH);
    }
}
