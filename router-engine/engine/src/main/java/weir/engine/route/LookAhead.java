package weir.engine.route;

import org.agrona.DirectBuffer;
import weir.engine.admission.OrderTerms;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.book.PairFifoSet;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.engine.risk.Holdings;
import weir.engine.throttle.VenueLimits;

/**
 * Reads at once what an event is going to read of rows that may be in no cache. A line that comes from memory takes
 * 150 to 300 ns, and ten that are asked for together hardly longer; met one after the other, with hundreds of
 * instructions between them, each is waited for. Of few open orders the caches hold most, and nothing is read but
 * at a day's end. What is read decides nothing (decision 49). Engine thread only.
 */
public final class LookAhead {
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final Timers timers;
    private final OrderControls controls;
    private final VenueLimits limits;
    private final Holdings holdings;
    private final Quotas quotas;
    private final Ledger ledger;
    private final PairFifoSet executions;
    private final int from;
    /** Sum of what was read, so that the compiler does not leave the reading out. */
    private long seen;

    /**
     * Looks at the core's tables.
     *
     * @param book       orders
     * @param clOrdIds   ClOrdIDs of the session day
     * @param timers     timers
     * @param controls   what the controls know of orders
     * @param limits     venue limits
     * @param holdings   rows per tenant and instrument
     * @param quotas     period quotas
     * @param ledger     money
     * @param executions executions seen
     * @param from       open orders from which on it reads
     */
    public LookAhead(final OrderBook book, final ClOrdIdTable clOrdIds, final Timers timers,
        final OrderControls controls, final VenueLimits limits, final Holdings holdings,
        final Quotas quotas, final Ledger ledger, final PairFifoSet executions, final int from) {
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.timers = timers;
        this.controls = controls;
        this.limits = limits;
        this.holdings = holdings;
        this.quotas = quotas;
        this.ledger = ledger;
        this.executions = executions;
        this.from = from;
    }

    /**
     * A new order has come: the terms of its session, what is known of its ClOrdID, and what it will have if it is
     * admitted.
     *
     * @param session its session slot
     * @param terms   where its terms may be
     * @param buffer  with its ClOrdID
     * @param clOrdId offset of it
     */
    public void newOrder(final int session, final OrderTerms terms, final DirectBuffer buffer, final int clOrdId) {
        if (book.open() < from) {
            return;
        }
        final int slot = book.evictee();
        seen += terms.touch() + clOrdIds.touchBucket(session, buffer, clOrdId) + clOrdIds.touchNext(session)
            + (slot < 0 ? 0 : book.touch(slot) + timers.touch(slot) + controls.touch(slot) + book.touchEvictee(slot));
    }

    /**
     * Whose it is and where it goes, if it is admitted.
     *
     * @param terms in force, with an account
     */
    public void newOrder(final OrderTerms terms) {
        if (book.open() < from) {
            return;
        }
        seen += quotas.touch(terms.tenant) + ledger.touch(terms.tenant) + holdings.touch(terms.row)
            + limits.touch(terms.venue, terms.account, terms.instrument)
            + limits.touchNew(terms.venue, terms.account);
    }

    /**
     * An execution has come, whose order is still to be found: of that it is mostly of.
     *
     * @param orderId order id
     * @param tradeId the venue's id of it
     */
    public void execution(final long orderId, final long tradeId) {
        if (book.open() < from) {
            return;
        }
        final int slot = book.likelySlotOf(orderId);
        seen += executions.touch(orderId, tradeId)
            + (slot < 0 ? 0 : book.touch(slot) + timers.touch(slot) + controls.touch(slot));
    }

    /**
     * The order of an event at the venue: what its row leads to.
     *
     * @param slot order
     */
    public void event(final int slot) {
        if (book.open() < from) {
            return;
        }
        seen += controls.touchOwn(slot) + quotas.touch(book.tenant(slot)) + ledger.touch(book.tenant(slot))
            + limits.touch(book.venueId(slot), book.account(slot), book.instrument(slot));
    }

    /**
     * A ClOrdID is to be forgotten: what the next of its session has.
     *
     * @param entry its entry
     */
    public void forget(final int entry) {
        final int next = clOrdIds.newerThan(entry);
        if (next != ClOrdIdTable.NONE) {
            final int slot = clOrdIds.orderSlot(next);
            seen += clOrdIds.touchBucket(next) + clOrdIds.touch(clOrdIds.newerThan(next))
                + (slot < 0 ? 0 : book.orderId(slot));
        }
    }
}
