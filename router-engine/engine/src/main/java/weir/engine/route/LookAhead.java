package weir.engine.route;

import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.book.PairFifoSet;
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
     * @param executions executions seen
     * @param from       open orders from which on it reads
     */
    public LookAhead(final OrderBook book, final ClOrdIdTable clOrdIds, final Timers timers,
        final OrderControls controls, final VenueLimits limits, final Holdings holdings,
        final PairFifoSet executions, final int from) {
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.timers = timers;
        this.controls = controls;
        this.limits = limits;
        this.holdings = holdings;
        this.executions = executions;
        this.from = from;
    }

    /**
     * A new order is to be checked: what it will have if it is admitted.
     *
     * @param session its session slot
     */
    public void newOrder(final int session) {
        if (book.open() < from) {
            return;
        }
        final int slot = book.evictee();
        seen += clOrdIds.touchNext(session) + (slot < 0 ? 0 : book.touchEvictee(slot) + of(slot));
    }

    /**
     * Where it goes, if it is admitted.
     *
     * @param tenant     its tenant slot
     * @param venue      venue id
     * @param account    account slot
     * @param instrument instrument slot
     */
    public void newOrder(final int tenant, final int venue, final int account, final int instrument) {
        if (book.open() < from) {
            return;
        }
        seen += holdings.find(tenant, instrument) + limits.touch(venue, account, instrument)
            + limits.touchNew(venue, account);
    }

    /**
     * An event of an order at the venue.
     *
     * @param slot order
     */
    public void event(final int slot) {
        if (book.open() < from) {
            return;
        }
        seen += book.touch(slot) + of(slot)
            + limits.touch(book.venueId(slot), book.account(slot), book.instrument(slot));
    }

    /**
     * An execution, whose order is still to be found.
     *
     * @param orderId order id
     * @param tradeId the venue's id of it
     */
    public void execution(final long orderId, final long tradeId) {
        if (book.open() < from) {
            return;
        }
        seen += executions.touch(orderId, tradeId);
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

    private long of(final int slot) {
        return timers.touch(slot) + controls.touch(slot);
    }
}
