package weir.engine.ingress;

import org.agrona.DirectBuffer;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.egress.ClientReports;
import weir.engine.registry.Registry;
import weir.engine.route.OrderLife;
import weir.protocol.RejectReason;

/** Finds an order by what a client says of it, and answers with its state (150=I). */
public final class OrderQuestions {
    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final OrderLife life;
    private final ClientReports reports;
    private final int horizonDays;

    /**
     * Works on the core's tables.
     *
     * @param registry    registry
     * @param book        orders
     * @param clOrdIds    ClOrdIDs
     * @param life        transitions
     * @param reports     execution reports
     * @param horizonDays session days for which a ClOrdID is remembered
     */
    public OrderQuestions(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds,
        final OrderLife life, final ClientReports reports, final int horizonDays) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.life = life;
        this.reports = reports;
        this.horizonDays = horizonDays;
    }

    /**
     * Entry of a ClOrdID within the session's horizon. One beyond it that no open order has is taken out.
     *
     * @param session session slot
     * @param buffer  with the id
     * @param offset  of it
     * @return entry or {@link ClOrdIdTable#NONE}
     */
    public int entry(final int session, final DirectBuffer buffer, final int offset) {
        final int entry = clOrdIds.find(session, buffer, offset);
        if (entry < 0 || registry.sessions.day[session] - clOrdIds.dayOf(entry) < horizonDays) {
            return entry;
        }
        final int slot = slotOf(entry);
        if (slot >= 0 && book.isOpen(slot)) {
            return entry;
        }
        if (slot >= 0 && book.clOrdEntry(slot) == entry) {
            book.clOrdEntry(slot, ClOrdIdTable.NONE);
        }
        clOrdIds.remove(entry);
        return ClOrdIdTable.NONE;
    }

    /**
     * Slot of an order of a session.
     *
     * @param session session slot
     * @param buffer  with the ClOrdID
     * @param offset  of it
     * @param orderId OrderID(37), 0 = not given; used when the ClOrdID is not known
     * @return slot, open or closed, -1 when unknown or gone
     */
    public int find(final int session, final DirectBuffer buffer, final int offset, final long orderId) {
        final int entry = clOrdIds.find(session, buffer, offset);
        if (entry >= 0) {
            return slotOf(entry);
        }
        final int slot = orderId > 0 ? book.slotOf(orderId) : -1;
        return slot >= 0 && book.session(slot) == session ? slot : -1;
    }

    /**
     * Is the ClOrdID that of an order which is final and whose slot is gone?
     *
     * @param session session slot
     * @param buffer  with the id
     * @param offset  of it
     * @return true when it is
     */
    public boolean closedEntry(final int session, final DirectBuffer buffer, final int offset) {
        final int entry = clOrdIds.find(session, buffer, offset);
        return entry >= 0 && clOrdIds.orderId(entry) != 0 && slotOf(entry) < 0;
    }

    /**
     * Answers with the state of what an entry stands for.
     *
     * @param session session slot
     * @param entry   entry
     * @param buffer  with the ClOrdID asked for
     * @param offset  of it
     * @param seqNum  MsgSeqNum(34)
     */
    public void answer(final int session, final int entry, final DirectBuffer buffer, final int offset,
        final int seqNum) {
        final int slot = slotOf(entry);
        if (slot >= 0) {
            answerSlot(slot, seqNum);
        } else {
            reports.remembered(clOrdIds, entry, session, buffer, offset, seqNum);
        }
    }

    /**
     * Answers with the state of an order.
     *
     * @param slot   order
     * @param seqNum MsgSeqNum(34)
     */
    public void answerSlot(final int slot, final int seqNum) {
        life.about(slot);
        if (book.state(slot) == OrderBook.UNKNOWN) {
            reports.unknown();
            reports.order(slot, 'I', OrderBook.CURRENT, ClientReports.BLANK, seqNum,
                RejectReason.ORDER_UNKNOWN_STATE.code(), 0, 0);
        } else {
            reports.order(slot, 'I', OrderBook.CURRENT, ClientReports.BLANK, seqNum, book.reason(slot) & 0xFFFF, 0,
                0);
        }
    }

    private int slotOf(final int entry) {
        final int slot = clOrdIds.orderSlot(entry);
        return slot >= 0 && clOrdIds.orderId(entry) != 0 && book.orderId(slot) == clOrdIds.orderId(entry)
            && book.state(slot) != OrderBook.FREE ? slot : -1;
    }
}
