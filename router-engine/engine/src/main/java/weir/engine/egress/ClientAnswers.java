package weir.engine.egress;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Thresholds;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.protocol.sbe.AlertEncoder;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectEncoder;
import weir.protocol.sbe.CancelRejectEncoder;
import weir.protocol.sbe.MassCancelReportEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;

/** Encodes everything for clients that is no ExecutionReport: 9, j, r and News(B). */
public final class ClientAnswers {
    /** CxlRejResponseTo(434): cancel. */
    public static final int TO_CANCEL = 1;
    /** CxlRejResponseTo(434): replace. */
    public static final int TO_REPLACE = 2;
    private static final int TEXT_MAX = 256;
    private static final int ACTOR_MAX = 32;
    /** SBE null of MassActionType. */
    private static final int NO_ACTION = 255;

    private final ByteOutbox outbox;
    private final OrderBook book;
    private final Registry registry;
    private final Verdict verdict;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final CancelRejectEncoder cancelReject = new CancelRejectEncoder();
    private final BusinessRejectEncoder businessReject = new BusinessRejectEncoder();
    private final MassCancelReportEncoder massCancelReport = new MassCancelReportEncoder();
    private final AlertEncoder alert = new AlertEncoder();
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[TEXT_MAX]);

    /**
     * Encodes into an outbox.
     *
     * @param outbox   client outbox
     * @param book     orders
     * @param registry sessions and tenants
     * @param verdict  of the call
     */
    public ClientAnswers(final ByteOutbox outbox, final OrderBook book, final Registry registry,
        final Verdict verdict) {
        this.outbox = outbox;
        this.book = book;
        this.registry = registry;
        this.verdict = verdict;
    }

    /**
     * Refuses a pending cancel or replace of an order: OrderCancelReject(9).
     *
     * @param slot     order
     * @param which    CANCEL or REPLACE
     * @param reason   RejectReason code
     * @param a        its first number
     * @param b        its second number
     * @param textFrom buffer with the venue's text, or null
     * @param textAt   of it
     * @param textLen  of it
     */
    public void requestRefused(final int slot, final int which, final int reason, final long a, final long b,
        final DirectBuffer textFrom, final int textAt, final int textLen) {
        final boolean cancel = which == OrderBook.CANCEL;
        cancelRefused(registry.sessions.index.idOf(book.session(slot)), book.tenant(slot),
            cancel ? book.cancelSeqNum(slot) : book.replaceSeqNum(slot), reason, a, b, book.orderId(slot),
            book.ordStatus(slot), cancel ? TO_CANCEL : TO_REPLACE, book.ids(), book.idOffset(slot, which),
            book.ids(), book.idOffset(slot, OrderBook.CURRENT), textFrom, textAt, textLen);
    }

    /**
     * Refuses a cancel or replace: OrderCancelReject(9).
     *
     * @param sessionId session id
     * @param tenant    tenant slot, -1 = unknown
     * @param seqNum    MsgSeqNum(34) answered
     * @param reason    RejectReason code
     * @param a         its first number
     * @param b         its second number
     * @param orderId   order, 0 = unknown
     * @param ordStatus OrdStatus(39)
     * @param to        CxlRejResponseTo(434)
     * @param id        buffer with ClOrdID(11)
     * @param idAt      of it
     * @param orig      buffer with OrigClOrdID(41)
     * @param origAt    of it
     * @param textFrom  buffer with the venue's text, or null
     * @param textAt    of it
     * @param textLen   of it
     */
    public void cancelRefused(final int sessionId, final int tenant, final int seqNum, final int reason,
        final long a, final long b, final long orderId, final byte ordStatus, final int to, final DirectBuffer id,
        final int idAt, final DirectBuffer orig, final int origAt, final DirectBuffer textFrom, final int textAt,
        final int textLen) {
        cancelReject.wrapAndApplyHeader(outbox.buffer(), outbox.claim(512), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(sessionId)
            .tenantId(tenantId(tenant)).transactNs(verdict.nowNs).refMsgSeqNum(seqNum).reason(reason).detailA(a)
            .detailB(b).orderId(orderId).ordStatus(OrdStatus.get(ordStatus)).responseTo((short) to);
        outbox.buffer().putBytes(cancelReject.offset() + CancelRejectEncoder.clOrdIdEncodingOffset(), id, idAt,
            ClOrdIdTable.LENGTH);
        outbox.buffer().putBytes(cancelReject.offset() + CancelRejectEncoder.origClOrdIdEncodingOffset(), orig,
            origAt, ClOrdIdTable.LENGTH);
        if (textFrom == null) {
            cancelReject.putText(text, 0, 0);
        } else {
            cancelReject.putText(textFrom, textAt, Math.min(textLen, TEXT_MAX));
        }
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + cancelReject.encodedLength());
    }

    /**
     * Refuses a message: BusinessMessageReject(j).
     *
     * @param sessionId session id
     * @param tenant    tenant slot, -1 = unknown
     * @param seqNum    MsgSeqNum(34) answered
     * @param msgType   MsgType(35) answered, 0 = unknown
     * @param id        buffer with BusinessRejectRefID(379), or null
     * @param idAt      of it
     */
    public void refused(final int sessionId, final int tenant, final int seqNum, final char msgType,
        final DirectBuffer id, final int idAt) {
        businessReject.wrapAndApplyHeader(outbox.buffer(), outbox.claim(256), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(sessionId)
            .tenantId(tenantId(tenant)).transactNs(verdict.nowNs).refMsgSeqNum(seqNum).reason(verdict.reason)
            .detailA(verdict.detailA).detailB(verdict.detailB).refMsgType((byte) msgType);
        final int refId = businessReject.offset() + BusinessRejectEncoder.refIdEncodingOffset();
        if (id == null) {
            outbox.buffer().setMemory(refId, ClOrdIdTable.LENGTH, (byte) 0);
        } else {
            outbox.buffer().putBytes(refId, id, idAt, ClOrdIdTable.LENGTH);
        }
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + businessReject.encodedLength());
    }

    /**
     * Answers a mass cancel: OrderMassCancelReport(r).
     *
     * @param sessionId session id
     * @param tenant    tenant slot, -1 = unknown
     * @param seqNum    MsgSeqNum(34) answered
     * @param reason    RejectReason code
     * @param buffer    with ClOrdID(11) and Symbol(55)
     * @param idAt      of the id
     * @param symbolAt  of the symbol
     * @param scope     MassCancelRequestType(530), raw
     * @param affected  TotalAffectedOrders(533)
     */
    public void massCancel(final int sessionId, final int tenant, final int seqNum, final int reason,
        final DirectBuffer buffer, final int idAt, final int symbolAt, final int scope, final int affected) {
        massAction(sessionId, tenant, seqNum, reason, buffer, idAt, symbolAt, scope, NO_ACTION, affected);
    }

    /**
     * Answers a mass action: OrderMassActionReport(BZ).
     *
     * @param sessionId session id
     * @param tenant    tenant slot, -1 = unknown
     * @param seqNum    MsgSeqNum(34) answered
     * @param reason    RejectReason code
     * @param buffer    with ClOrdID(11) and Symbol(55)
     * @param idAt      of the id
     * @param symbolAt  of the symbol
     * @param scope     MassActionScope(1374), raw
     * @param action    MassActionType(1373), raw
     * @param affected  TotalAffectedOrders(533)
     */
    public void massAction(final int sessionId, final int tenant, final int seqNum, final int reason,
        final DirectBuffer buffer, final int idAt, final int symbolAt, final int scope, final int action,
        final int affected) {
        massCancelReport.wrapAndApplyHeader(outbox.buffer(), outbox.claim(256), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(sessionId)
            .tenantId(tenantId(tenant)).transactNs(verdict.nowNs).refMsgSeqNum(seqNum).reason(reason)
            .detailA(reason == 0 ? 0 : verdict.detailA).detailB(reason == 0 ? 0 : verdict.detailB)
            .accepted(reason == 0 ? BooleanType.TRUE : BooleanType.FALSE).affectedOrders(affected);
        outbox.buffer().putBytes(massCancelReport.offset() + MassCancelReportEncoder.clOrdIdEncodingOffset(), buffer,
            idAt, ClOrdIdTable.LENGTH);
        outbox.buffer().putBytes(massCancelReport.offset() + MassCancelReportEncoder.symbolEncodingOffset(), buffer,
            symbolAt, Instruments.SYMBOL_LENGTH);
        outbox.buffer().putByte(massCancelReport.offset() + MassCancelReportEncoder.scopeEncodingOffset(),
            (byte) scope);
        outbox.buffer().putByte(massCancelReport.offset() + MassCancelReportEncoder.actionEncodingOffset(),
            (byte) action);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + massCancelReport.encodedLength());
    }

    /**
     * News(B) for every session of a tenant (sessionId 0: the edge fans it out).
     *
     * @param kind          what happened
     * @param tenantId      tenant id, 0 = all
     * @param percent       threshold, 0 = none
     * @param used          amount
     * @param limit         amount
     * @param periodStartNs epoch ns, 0 = none
     * @param words         ASCII
     * @param number        appended to the words when not 0
     */
    public void alert(final AlertKind kind, final int tenantId, final int percent, final long used,
        final long limit, final long periodStartNs, final String words, final long number) {
        alert.wrapAndApplyHeader(outbox.buffer(), outbox.claim(384), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(0).tenantId(tenantId)
            .transactNs(verdict.nowNs).refMsgSeqNum(0).kind(kind).percent(percent).usedAmount(used)
            .limitAmount(limit).periodStartNs(periodStartNs);
        int length = text.putStringWithoutLengthAscii(0, words);
        if (number != 0) {
            length += text.putLongAscii(length, number);
        }
        alert.putText(text, 0, length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength());
    }

    /**
     * News(B) of a trading state that moved: {@code tenant 1 trigger=FILE by=alice}.
     *
     * @param kind     RESUMED, CANCEL_ONLY or HALTED
     * @param tenantId tenant id, 0 = all
     * @param words    ASCII
     * @param number   appended to the words when not 0
     * @param trigger  what moved it, or null
     * @param actor    buffer with who moved it, 32 ASCII bytes, or null
     * @param actorAt  of it
     */
    public void switched(final AlertKind kind, final int tenantId, final String words, final long number,
        final String trigger, final DirectBuffer actor, final int actorAt) {
        alert.wrapAndApplyHeader(outbox.buffer(), outbox.claim(384), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(0).tenantId(tenantId)
            .transactNs(verdict.nowNs).refMsgSeqNum(0).kind(kind).percent(0).usedAmount(0).limitAmount(0)
            .periodStartNs(0);
        int length = text.putStringWithoutLengthAscii(0, words);
        if (number != 0) {
            length += text.putLongAscii(length, number);
        }
        if (trigger != null) {
            length += text.putStringWithoutLengthAscii(length, " trigger=");
            length += text.putStringWithoutLengthAscii(length, trigger);
        }
        length = putActor(length, actor, actorAt);
        alert.putText(text, 0, length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength());
    }

    /**
     * News(B) of a limit that was changed: {@code budget old=5 new=6 by=alice}; amounts as in the alert.
     *
     * @param kind     BUDGET_CHANGED, QUOTA_CHANGED or BURST_WINDOW
     * @param tenantId tenant id
     * @param words    ASCII
     * @param number   appended to the words when not 0
     * @param before   old value; also the alert's usedAmount
     * @param after    new value; also the alert's limitAmount
     * @param actor    buffer with who changed it, 32 ASCII bytes
     * @param actorAt  of it
     */
    public void changed(final AlertKind kind, final int tenantId, final String words, final long number,
        final long before, final long after, final DirectBuffer actor, final int actorAt) {
        alert.wrapAndApplyHeader(outbox.buffer(), outbox.claim(384), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(0).tenantId(tenantId)
            .transactNs(verdict.nowNs).refMsgSeqNum(0).kind(kind).percent(0).usedAmount(before).limitAmount(after)
            .periodStartNs(0);
        int length = text.putStringWithoutLengthAscii(0, words);
        if (number != 0) {
            length += text.putLongAscii(length, number);
        }
        length += text.putStringWithoutLengthAscii(length, " old=");
        length += text.putLongAscii(length, before);
        length += text.putStringWithoutLengthAscii(length, " new=");
        length += text.putLongAscii(length, after);
        length = putActor(length, actor, actorAt);
        alert.putText(text, 0, length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength());
    }

    private int putActor(final int at, final DirectBuffer actor, final int actorAt) {
        if (actor == null || actor.getByte(actorAt) == 0) {
            return at;
        }
        int length = at + text.putStringWithoutLengthAscii(at, " by=");
        for (int i = 0; i < ACTOR_MAX && actor.getByte(actorAt + i) != 0; i++) {
            final byte b = actor.getByte(actorAt + i);
            text.putByte(length++, b > ' ' && b <= '~' ? b : (byte) '_');
        }
        return length;
    }

    /**
     * News(B) of a clock that went wrong or is right again: {@code venue=1 skewMs=-4200} or {@code host skewMs=120000}.
     *
     * @param kind     CLOCK_SKEW or CLOCK_OK
     * @param tenantId tenant id, 0 = all
     * @param venueId  whose clock ours is compared with, 0 = the host's own
     * @param skewMs   distance, milliseconds; also the alert's usedAmount
     */
    public void clock(final AlertKind kind, final int tenantId, final int venueId, final long skewMs) {
        alert.wrapAndApplyHeader(outbox.buffer(), outbox.claim(384), header)
            .recordSequence(verdict.sequence).outputIndex(verdict.nextOutput()).sessionId(0).tenantId(tenantId)
            .transactNs(verdict.nowNs).refMsgSeqNum(0).kind(kind).percent(0).usedAmount(skewMs).limitAmount(0)
            .periodStartNs(0);
        int length = text.putStringWithoutLengthAscii(0, venueId == 0 ? "host" : "venue=");
        if (venueId != 0) {
            length += text.putIntAscii(length, venueId);
        }
        length += text.putStringWithoutLengthAscii(length, " skewMs=");
        length += text.putLongAscii(length, skewMs);
        alert.putText(text, 0, length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength());
    }

    /**
     * News(B) for each threshold of a mask.
     *
     * @param kind          BUDGET_THRESHOLD or QUOTA_THRESHOLD
     * @param tenantId      tenant id
     * @param thresholds    a bit per entry of {@link Thresholds}
     * @param used          amount
     * @param limit         amount
     * @param periodStartNs epoch ns
     * @param words         ASCII
     * @param number        appended to the words when not 0
     */
    public void thresholds(final AlertKind kind, final int tenantId, final int thresholds, final long used,
        final long limit, final long periodStartNs, final String words, final long number) {
        for (int i = 0; i < Thresholds.count(); i++) {
            if ((thresholds & 1 << i) != 0) {
                alert(kind, tenantId, Thresholds.percent(i), used, limit, periodStartNs, words, number);
            }
        }
    }

    private int tenantId(final int tenant) {
        return tenant < 0 ? 0 : registry.tenants.index.idOf(tenant);
    }
}
