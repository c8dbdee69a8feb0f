package weir.engine.egress;

import org.agrona.DirectBuffer;
import weir.engine.admission.OrderRequest;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Encodes ExecutionReport(8) into the client outbox. */
public final class ClientReports {
    /** No id: blank. */
    public static final int BLANK = -1;
    private static final int TEXT_MAX = 256;
    private static final int CURRENCY_LENGTH = 8;

    private final ByteOutbox outbox;
    private final OrderBook book;
    private final Registry registry;
    private final Verdict verdict;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExecutionReportEncoder report = new ExecutionReportEncoder();
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
        final int session = book.session(slot);
        begin(registry.sessions.index.idOf(session), book.tenant(slot), seqNum, reason, a, b);
        report.orderId(book.orderId(slot));
        ids(book.ids(), book.idOffset(slot, id), orig == BLANK ? null : book.ids(),
            orig == BLANK ? 0 : book.idOffset(slot, orig));
        symbol(book.instrument(slot));
        report.execType(ExecType.get((byte) execType)).ordStatus(OrdStatus.get(book.ordStatus(slot)))
            .side(Side.get(book.side(slot))).ordType(OrdType.get(book.ordType(slot)))
            .timeInForce(TimeInForce.get(book.timeInForce(slot)))
            .orderQty(book.orderQty(slot)).price(book.price(slot)).stopPx(book.stopPx(slot));
        finish(book.cumQty(slot), book.leavesQty(slot), book.avgPx(slot));
    }

    /**
     * Refuses a new order: 150=8, 39=8.
     *
     * @param r      request
     * @param tenant tenant slot, -1 = unknown
     */
    public void refused(final OrderRequest r, final int tenant) {
        begin(r.sessionId, tenant, r.msgSeqNum, verdict.reason, verdict.detailA, verdict.detailB);
        report.orderId(0);
        ids(r.buffer, r.clOrdId, null, 0);
        outboxPut(ExecutionReportEncoder.symbolEncodingOffset(), r.buffer, r.symbol, Instruments.SYMBOL_LENGTH);
        report.execType(ExecType.REJECTED).ordStatus(OrdStatus.REJECTED);
        raw(ExecutionReportEncoder.sideEncodingOffset(), r.side);
        raw(ExecutionReportEncoder.ordTypeEncodingOffset(), r.ordType);
        raw(ExecutionReportEncoder.timeInForceEncodingOffset(), r.timeInForce);
        report.orderQty(r.orderQty).price(r.price).stopPx(r.stopPx);
        finish(0, 0, 0);
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
        begin(registry.sessions.index.idOf(session), registry.sessions.tenant[session], seqNum,
            table.reason(entry) & 0xFFFF, 0, 0);
        report.orderId(table.orderId(entry));
        ids(id, idAt, null, 0);
        symbol(table.instrument(entry));
        report.execType(ExecType.ORDER_STATUS).ordStatus(OrdStatus.get(table.ordStatus(entry)));
        raw(ExecutionReportEncoder.sideEncodingOffset(), table.side(entry));
        raw(ExecutionReportEncoder.ordTypeEncodingOffset(), table.ordType(entry));
        raw(ExecutionReportEncoder.timeInForceEncodingOffset(), table.timeInForce(entry));
        report.orderQty(table.orderQty(entry)).price(Scale.NULL).stopPx(Scale.NULL);
        finish(table.cumQty(entry), 0, table.avgPx(entry));
    }

    private void begin(final int sessionId, final int tenant, final int seqNum, final int reason, final long a,
        final long b) {
        report.wrapAndApplyHeader(outbox.buffer(), outbox.claim(640), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(sessionId)
            .tenantId(tenant < 0 ? 0 : registry.tenants.index.idOf(tenant)).transactNs(verdict.nowNs)
            .refMsgSeqNum(seqNum).reason(reason).detailA(a).detailB(b);
    }

    private void ids(final DirectBuffer id, final int idAt, final DirectBuffer orig, final int origAt) {
        outboxPut(ExecutionReportEncoder.clOrdIdEncodingOffset(), id, idAt, ClOrdIdTable.LENGTH);
        if (orig == null) {
            outbox.buffer().setMemory(report.offset() + ExecutionReportEncoder.origClOrdIdEncodingOffset(),
                ClOrdIdTable.LENGTH, (byte) 0);
        } else {
            outboxPut(ExecutionReportEncoder.origClOrdIdEncodingOffset(), orig, origAt, ClOrdIdTable.LENGTH);
        }
    }

    private void symbol(final int instrument) {
        if (instrument < 0) {
            outbox.buffer().setMemory(report.offset() + ExecutionReportEncoder.symbolEncodingOffset(),
                Instruments.SYMBOL_LENGTH, (byte) 0);
        } else {
            outboxPut(ExecutionReportEncoder.symbolEncodingOffset(), registry.instruments.symbols,
                instrument * Instruments.SYMBOL_LENGTH, Instruments.SYMBOL_LENGTH);
        }
    }

    private void finish(final long cumQty, final long leavesQty, final long avgPx) {
        report.liquidity(Liquidity.get((short) liquidity)).lastQty(lastQty).lastPx(lastPx).cumQty(cumQty)
            .leavesQty(leavesQty).avgPx(avgPx).fee(fee).tradeId(tradeId)
            .unknownState(unknown ? BooleanType.TRUE : BooleanType.FALSE);
        if (feeCurrency == null) {
            outbox.buffer().setMemory(report.offset() + ExecutionReportEncoder.feeCurrencyEncodingOffset(),
                CURRENCY_LENGTH, (byte) 0);
        } else {
            outboxPut(ExecutionReportEncoder.feeCurrencyEncodingOffset(), feeCurrency, feeCurrencyOffset,
                CURRENCY_LENGTH);
        }
        if (text == null) {
            report.putText(outbox.buffer(), 0, 0);
        } else {
            report.putText(text, textOffset, textLength);
        }
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength());
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

    private void outboxPut(final int fieldOffset, final DirectBuffer source, final int offset, final int length) {
        outbox.buffer().putBytes(report.offset() + fieldOffset, source, offset, length);
    }

    private void raw(final int fieldOffset, final int value) {
        outbox.buffer().putByte(report.offset() + fieldOffset, (byte) value);
    }
}
