package weir.engine.egress;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.engine.admission.OrderRequest;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.protocol.HeapBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;

/** Encodes ExecutionReport(8) into the client outbox: each field where SBE has it, written once. */
public final class ClientReports {
    /** No id: blank. */
    public static final int BLANK = -1;
    private static final int TEXT_MAX = 256;
    private static final long HEADER = FrameHeader.of(ExecutionReportEncoder.BLOCK_LENGTH,
        ExecutionReportEncoder.TEMPLATE_ID);
    /** Without a text. */
    private static final int FRAME_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ExecutionReportEncoder.BLOCK_LENGTH
        + Short.BYTES;

    private final ByteOutbox outbox;
    private final OrderBook book;
    private final Registry registry;
    private final Verdict verdict;
    private final HeapBuffer out;
    private DirectBuffer text;
    private int textOffset;
    private int textLength;
    private long lastQty;
    private long lastPx;
    private long fee;
    private long tradeId;
    private int liquidity;
    private DirectBuffer feeCurrency;
    private int feeCurrencyOffset;
    private boolean unknown;

    /**
     * Encodes into an outbox.
     *
     * @param outbox   client outbox
     * @param book     orders
     * @param registry sessions, tenants, instruments
     * @param verdict  of the call
     */
    public ClientReports(final ByteOutbox outbox, final OrderBook book, final Registry registry,
        final Verdict verdict) {
        this.outbox = outbox;
        out = outbox.buffer();
        this.book = book;
        this.registry = registry;
        this.verdict = verdict;
        clear();
    }

    /**
     * Text of the venue for the next report.
     *
     * @param buffer with the text
     * @param offset of it
     * @param length of it; cut at 256 bytes
     */
    public void text(final DirectBuffer buffer, final int offset, final int length) {
        text = buffer;
        textOffset = offset;
        textLength = Math.min(length, TEXT_MAX);
    }

    /**
     * Fill of the next report.
     *
     * @param qty            LastQty(32)
     * @param px             LastPx(31)
     * @param amount         fee, E8
     * @param currency       buffer with the fee's currency
     * @param currencyOffset of it
     * @param trade          trade id
     * @param indicator      LastLiquidityInd(851), raw
     */
    public void fill(final long qty, final long px, final long amount, final DirectBuffer currency,
        final int currencyOffset, final long trade, final int indicator) {
        lastQty = qty;
        lastPx = px;
        fee = amount;
        feeCurrency = currency;
        feeCurrencyOffset = currencyOffset;
        tradeId = trade;
        liquidity = indicator;
    }

    /** The next report says that the order's state is unknown. */
    public void unknown() {
        unknown = true;
    }

    /**
     * Reports an order as it stands.
     *
     * @param slot     order
     * @param execType ExecType(150)
     * @param id       which of its ids is ClOrdID(11)
     * @param orig     which is OrigClOrdID(41), or {@link #BLANK}
     * @param seqNum   MsgSeqNum(34) answered, 0 = none
     * @param reason   RejectReason code
     * @param a        its first number
     * @param b        its second number
     */
    public void order(final int slot, final char execType, final int id, final int orig, final int seqNum,
        final int reason, final long a, final long b) {
        final int body = begin(registry.sessions.index.idOf(book.session(slot)), book.tenant(slot), seqNum, reason, a,
            b, book.orderId(slot));
        ClOrdIdTable.copy(out, body + ExecutionReportEncoder.clOrdIdEncodingOffset(), book.ids(),
            book.idOffset(slot, id));
        if (orig == BLANK) {
            blankOrig(body);
        } else {
            ClOrdIdTable.copy(out, body + ExecutionReportEncoder.origClOrdIdEncodingOffset(), book.ids(),
                book.idOffset(slot, orig));
        }
        symbol(body, book.instrument(slot));
        terms(body, execType, book.ordStatus(slot), book.side(slot), book.ordType(slot), book.timeInForce(slot));
        prices(body, book.orderQty(slot), book.price(slot), book.stopPx(slot));
        finish(body, book.cumQty(slot), book.leavesQty(slot), book.avgPx(slot));
    }

    /**
     * Refuses a new order: 150=8, 39=8.
     *
     * @param r      request
     * @param tenant tenant slot, -1 = unknown
     */
    public void refused(final OrderRequest r, final int tenant) {
        final int body = begin(r.sessionId, tenant, r.msgSeqNum, verdict.reason, verdict.detailA, verdict.detailB, 0);
        ClOrdIdTable.copy(out, body + ExecutionReportEncoder.clOrdIdEncodingOffset(), r.buffer, r.clOrdId);
        blankOrig(body);
        Instruments.copySymbol(out, body + ExecutionReportEncoder.symbolEncodingOffset(), r.buffer, r.symbol);
        terms(body, '8', '8', r.side, r.ordType, r.timeInForce);
        prices(body, r.orderQty, r.price, r.stopPx);
        finish(body, 0, 0, 0);
    }

    /**
     * Answers a question about an order whose slot is gone, or which was refused: 150=I.
     *
     * @param table   ClOrdID table
     * @param entry   entry
     * @param session session slot
     * @param id      buffer with the ClOrdID(11) asked for
     * @param idAt    of it
     * @param seqNum  MsgSeqNum(34) answered
     */
    public void remembered(final ClOrdIdTable table, final int entry, final int session, final DirectBuffer id,
        final int idAt, final int seqNum) {
        final int body = begin(registry.sessions.index.idOf(session), registry.sessions.tenant[session], seqNum,
            table.reason(entry) & 0xFFFF, 0, 0, table.orderId(entry));
        ClOrdIdTable.copy(out, body + ExecutionReportEncoder.clOrdIdEncodingOffset(), id, idAt);
        blankOrig(body);
        symbol(body, table.instrument(entry));
        terms(body, 'I', table.ordStatus(entry), table.side(entry), table.ordType(entry), table.timeInForce(entry));
        prices(body, table.orderQty(entry), Scale.NULL, Scale.NULL);
        finish(body, table.cumQty(entry), 0, table.avgPx(entry));
    }

    /** Begins a report; answers where its body is. */
    private int begin(final int sessionId, final int tenant, final int seqNum, final int reason, final long a,
        final long b, final long orderId) {
        final int frame = outbox.claim(640);
        final int body = frame + MessageHeaderEncoder.ENCODED_LENGTH;
        putLong(frame, HEADER);
        putLong(body + ExecutionReportEncoder.recordSequenceEncodingOffset(), verdict.sequence);
        putInt(body + ExecutionReportEncoder.outputIndexEncodingOffset(), verdict.nextOutput());
        putInt(body + ExecutionReportEncoder.sessionIdEncodingOffset(), sessionId);
        putInt(body + ExecutionReportEncoder.tenantIdEncodingOffset(),
            tenant < 0 ? 0 : registry.tenants.index.idOf(tenant));
        putLong(body + ExecutionReportEncoder.transactNsEncodingOffset(), verdict.nowNs);
        putInt(body + ExecutionReportEncoder.refMsgSeqNumEncodingOffset(), seqNum);
        out.putShort(body + ExecutionReportEncoder.reasonEncodingOffset(), (short) reason, ByteOrder.LITTLE_ENDIAN);
        putLong(body + ExecutionReportEncoder.detailAEncodingOffset(), a);
        putLong(body + ExecutionReportEncoder.detailBEncodingOffset(), b);
        putLong(body + ExecutionReportEncoder.orderIdEncodingOffset(), orderId);
        return body;
    }

    private void blankOrig(final int body) {
        final int at = body + ExecutionReportEncoder.origClOrdIdEncodingOffset();
        putLong(at, 0);
        putLong(at + 8, 0);
        putLong(at + 16, 0);
        putLong(at + 24, 0);
        putInt(at + 32, 0);
    }

    private void symbol(final int body, final int instrument) {
        final int at = body + ExecutionReportEncoder.symbolEncodingOffset();
        if (instrument < 0) {
            putLong(at, 0);
            putLong(at + 8, 0);
            putInt(at + 16, 0);
        } else {
            Instruments.copySymbol(out, at, registry.instruments.symbols, instrument * Instruments.SYMBOL_LENGTH);
        }
    }

    private void terms(final int body, final int execType, final int ordStatus, final int side, final int ordType,
        final int timeInForce) {
        out.putByte(body + ExecutionReportEncoder.execTypeEncodingOffset(), (byte) execType);
        out.putByte(body + ExecutionReportEncoder.ordStatusEncodingOffset(), (byte) ordStatus);
        out.putByte(body + ExecutionReportEncoder.sideEncodingOffset(), (byte) side);
        out.putByte(body + ExecutionReportEncoder.ordTypeEncodingOffset(), (byte) ordType);
        out.putByte(body + ExecutionReportEncoder.timeInForceEncodingOffset(), (byte) timeInForce);
    }

    private void prices(final int body, final long orderQty, final long price, final long stopPx) {
        putLong(body + ExecutionReportEncoder.orderQtyEncodingOffset(), orderQty);
        putLong(body + ExecutionReportEncoder.priceEncodingOffset(), price);
        putLong(body + ExecutionReportEncoder.stopPxEncodingOffset(), stopPx);
    }

    private void finish(final int body, final long cumQty, final long leavesQty, final long avgPx) {
        out.putByte(body + ExecutionReportEncoder.liquidityEncodingOffset(),
            (byte) Liquidity.get((short) liquidity).value());
        putLong(body + ExecutionReportEncoder.lastQtyEncodingOffset(), lastQty);
        putLong(body + ExecutionReportEncoder.lastPxEncodingOffset(), lastPx);
        putLong(body + ExecutionReportEncoder.cumQtyEncodingOffset(), cumQty);
        putLong(body + ExecutionReportEncoder.leavesQtyEncodingOffset(), leavesQty);
        putLong(body + ExecutionReportEncoder.avgPxEncodingOffset(), avgPx);
        putLong(body + ExecutionReportEncoder.feeEncodingOffset(), fee);
        putLong(body + ExecutionReportEncoder.feeCurrencyEncodingOffset(), feeCurrency == null ? 0
            : feeCurrency.getLong(feeCurrencyOffset, ByteOrder.LITTLE_ENDIAN));
        putLong(body + ExecutionReportEncoder.tradeIdEncodingOffset(), tradeId);
        out.putByte(body + ExecutionReportEncoder.unknownStateEncodingOffset(), (byte) (unknown ? 1 : 0));
        final int textAt = body + ExecutionReportEncoder.BLOCK_LENGTH;
        out.putShort(textAt, (short) textLength, ByteOrder.LITTLE_ENDIAN);
        if (textLength > 0) {
            out.putBytes(textAt + Short.BYTES, text, textOffset, textLength);
        }
        outbox.commit(FRAME_LENGTH + textLength);
        clear();
    }

    private void clear() {
        text = null;
        textLength = 0;
        lastQty = Scale.NULL;
        lastPx = Scale.NULL;
        fee = Scale.NULL;
        tradeId = 0;
        liquidity = 0;
        feeCurrency = null;
        unknown = false;
    }

    private void putLong(final int at, final long value) {
        out.putLong(at, value, ByteOrder.LITTLE_ENDIAN);
    }

    private void putInt(final int at, final int value) {
        out.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
    }
}
