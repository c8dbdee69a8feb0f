package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.registry.Registry;
import weir.engine.risk.Exposure;
import weir.engine.risk.RestingOrders;
import weir.engine.risk.StrategyWatch;
import weir.engine.risk.TradingLimits;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;

/**
 * What the life of an order tells the pre-trade controls: exposure, own resting orders, time to live, conduct of its
 * strategy; and the orders that wait for cancels of own orders. It decides nothing and sends nothing but alerts.
 */
public final class OrderControls {
    private static final int LIMIT = 2;
    private static final int IOC = 3;
    private static final int FOK = 4;
    private static final int BUY = 1;
    private static final long MS = 1_000_000L;
    /** While orders are listed anew, one that waits is looked at again after so long. */
    private static final long LOOK_AGAIN_NS = MS;
    /** Rules from which limits reach open orders in slices; before, each change listed all of them at once. */
    private static final int SLICES_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final TradingLimits limits;
    private final Exposure exposure;
    private final RestingOrders resting;
    private final StrategyWatch watch;
    private final Timers timers;
    private final ClientAnswers answers;
    private final Verdict verdict;
    /** Admitted or replaced last, epoch ns. */
    private final long[] sinceNs;
    /** Why the router cancels an order, RejectReason code; 0 = it does not. */
    private final short[] cancelWhy;
    private final boolean[] cancelDue;
    private final SelfTradeQueue waiting;
    private final LimitSweep sweep;
    /** By tenant: what its open orders are listed and timed by, or are being. */
    private final boolean[] listed;
    private final long[] groupOf;
    private final long[] ttlMsOf;
    /** Order slots looked at by sweeps and waiting orders looked at; counts work and decides nothing. */
    private long looked;

    /**
     * Works on the core's tables.
     *
     * @param registry       registry
     * @param book           orders
     * @param limits         limits in force
     * @param exposure       positions and open orders
     * @param resting        own resting orders
     * @param watch          strategies
     * @param timers         timers
     * @param answers        alerts
     * @param verdict        of the call
     * @param tenantCapacity tenant slots
     */
    public OrderControls(final Registry registry, final OrderBook book, final TradingLimits limits,
        final Exposure exposure, final RestingOrders resting, final StrategyWatch watch, final Timers timers,
        final ClientAnswers answers, final Verdict verdict, final int tenantCapacity) {
        this.registry = registry;
        this.book = book;
        this.limits = limits;
        this.exposure = exposure;
        this.resting = resting;
        this.watch = watch;
        this.timers = timers;
        this.answers = answers;
        this.verdict = verdict;
        sinceNs = new long[book.capacity()];
        cancelWhy = new short[book.capacity()];
        cancelDue = new boolean[book.capacity()];
        waiting = new SelfTradeQueue(book, tenantCapacity);
        sweep = new LimitSweep(tenantCapacity);
        listed = new boolean[tenantCapacity];
        groupOf = new long[tenantCapacity];
        ttlMsOf = new long[tenantCapacity];
    }

    /**
     * An order was admitted. The caller arms its timer.
     *
     * @param slot   order
     * @param tenant its tenant slot
     * @param met    price that an order without one would meet, E8; 0 = unknown
     * @param row    of its tenant and instrument; NOTHING while there is none
     */
    public void opened(final int slot, final int tenant, final long met, final int row) {
        final long nowNs = verdict.nowNs;
        sinceNs[slot] = nowNs;
        cancelWhy[slot] = 0;
        cancelDue[slot] = false;
        exposure.opened(slot, met, row);
        list(slot, tenant);
        final long ttlMs = ttlMsOf[tenant];
        timers.control(slot, ttlMs == 0 ? 0 : nowNs + ttlMs * MS);
    }

    /**
     * Reads what the controls know of an order: see {@code LookAhead}.
     *
     * @param slot order
     * @return of no meaning
     */
    long touch(final int slot) {
        return (resting.holds(slot) ? 1 : 0) + exposure.touch(slot);
    }

    /**
     * As {@link #touch}, of what is known of whose order it is.
     *
     * @param slot order, whose row is known
     * @return of no meaning
     */
    long touchOwn(final int slot) {
        return exposure.touchCell(slot) + limits.of(book.tenant(slot), TradingLimits.LOOP_REJECTS_MAX);
    }

    /**
     * Quantity, price, or the phase of a replace changed.
     *
     * @param slot order, open
     */
    public void changed(final int slot) {
        exposure.refresh(slot);
        list(slot, book.tenant(slot));
    }

    /**
     * Values of a replace are in force: the order's age begins anew. The caller arms its timer.
     *
     * @param slot order, open
     */
    public void replaced(final int slot) {
        sinceNs[slot] = verdict.nowNs;
        changed(slot);
        if (!cancelDue[slot]) {
            timers.control(slot, book.waitsForCancels(slot) ? verdict.nowNs : staleNs(slot));
        }
    }

    /**
     * An execution, which is in the book already.
     *
     * @param slot order, open or closed
     * @param qty  LastQty(32)
     * @param px   LastPx(31)
     */
    public void filled(final int slot, final long qty, final long px) {
        exposure.filled(slot, qty, px);
        exposure.refresh(slot);
        final int tenant = book.tenant(slot);
        worked(slot);
        final long most = limits.of(tenant, TradingLimits.EXECUTIONS_MAX);
        if (most > 0 && book.fills(slot) == 1 && book.strategyId(slot) != 0) {
            final int row = watch.watch(tenant, StrategyWatch.who(book.strategyId(slot), 0), verdict.nowNs);
            if (row != StrategyWatch.NONE && watch.executed(row, most,
                limits.of(tenant, TradingLimits.EXECUTIONS_WINDOW_MS) * MS, verdict.nowNs,
                RejectReason.STRATEGY_LOCKED.code())) {
                tellLocked(tenant, book.strategyId(slot), 0, most);
            }
        }
    }

    /**
     * The order works at the venue: its strategy does not run into rejects.
     *
     * @param slot order
     */
    public void worked(final int slot) {
        final int tenant = book.tenant(slot);
        if (limits.of(tenant, TradingLimits.LOOP_REJECTS_MAX) > 0) {
            final int row = watch.find(tenant, StrategyWatch.who(book.strategyId(slot), book.session(slot)));
            if (row != StrategyWatch.NONE) {
                watch.worked(row);
            }
        }
    }

    /**
     * An order or replace was refused, here or by the venue. What is refused while limits change says nothing of it.
     *
     * @param tenant     tenant slot
     * @param session    session slot
     * @param strategyId strategy, 0 = none
     * @param reason     RejectReason code
     */
    public void rejected(final int tenant, final int session, final int strategyId, final int reason) {
        final long most = limits.of(tenant, TradingLimits.LOOP_REJECTS_MAX);
        if (most == 0 || reason == RejectReason.STRATEGY_LOCKED.code()
            || reason == RejectReason.TOO_MANY_STRATEGIES.code() || reason == RejectReason.LIMITS_CHANGING.code()) {
            return;
        }
        final int row = watch.watch(tenant, StrategyWatch.who(strategyId, session), verdict.nowNs);
        if (row != StrategyWatch.NONE && watch.rejected(row, reason, most)) {
            tellLocked(tenant, strategyId, registry.sessions.index.idOf(session), most);
        }
    }

    /**
     * The order is final.
     *
     * @param slot order, closed
     */
    public void closed(final int slot) {
        exposure.refresh(slot);
        stopWaiting(slot);
        if (resting.holds(slot)) {
            resting.remove(slot);
            wake(book.tenant(slot), book.instrument(slot));
        }
        if (book.finalStatus(slot) == '8') {
            rejected(book.tenant(slot), book.session(slot), book.strategyId(slot), book.reason(slot) & 0xFFFF);
        }
    }

    /**
     * A cancel of the router's own failed: the order's age begins anew.
     *
     * @param slot order, open
     */
    public void cancelFailed(final int slot) {
        if (cancelWhy[slot] != 0) {
            cancelWhy[slot] = 0;
            sinceNs[slot] = verdict.nowNs;
            timers.control(slot, staleNs(slot));
        }
    }

    /**
     * Lets the next tick cancel an order.
     *
     * @param slot order, open
     * @param why  RejectReason code, for its final report
     */
    public void cancelSoon(final int slot, final int why) {
        if (book.cancelPhase(slot) == OrderBook.NONE) {
            cancelWhy[slot] = (short) why;
            cancelDue[slot] = true;
            timers.control(slot, verdict.nowNs);
            timers.arm(slot);
        }
    }

    /**
     * Is a cancel to be sent now? Asked once.
     *
     * @param slot order
     * @return true when {@link #cancelSoon} was called, or its time to live is over
     */
    public boolean takeCancel(final int slot) {
        if (!cancelDue[slot]) {
            final long stale = staleNs(slot);
            if (stale == 0 || stale > verdict.nowNs || book.cancelPhase(slot) != OrderBook.NONE) {
                return false;
            }
            cancelWhy[slot] = (short) RejectReason.ORDER_STALE.code();
        }
        cancelDue[slot] = false;
        return true;
    }

    /**
     * Sets when the order is looked at next. The caller arms its timer.
     *
     * @param slot order, open
     */
    public void again(final int slot) {
        final long stale = staleNs(slot);
        long dueNs = book.cancelPhase(slot) != OrderBook.NONE || stale <= verdict.nowNs ? 0 : stale;
        if (book.waitsForCancels(slot) && isChanging(book.tenant(slot))) {
            final long soon = verdict.nowNs + LOOK_AGAIN_NS;
            dueNs = dueNs == 0 ? soon : Math.min(dueNs, soon);
        }
        timers.control(slot, dueNs);
    }

    /**
     * Why the router cancels the order.
     *
     * @param slot order
     * @return RejectReason code, 0 when a client or a switch does
     */
    public int cancelWhy(final int slot) {
        return book.cancelByClient(slot) ? 0 : cancelWhy[slot];
    }

    /**
     * May one more order of the tenant wait for cancels?
     *
     * @param tenant tenant slot
     * @return true when {@link #startWaiting} may be called
     */
    public boolean mayWait(final int tenant) {
        return waiting.hasRoom(tenant, isSliced() ? groupOf[tenant] : 0);
    }

    /**
     * The order waits until own orders that it would trade with are gone, or to its queue deadline.
     *
     * @param slot order
     */
    public void startWaiting(final int slot) {
        if (!book.waitsForCancels(slot)) {
            book.waitsForCancels(slot, true);
            waiting.add(slot, groupOf[book.tenant(slot)]);
        }
        timers.arm(slot);
    }

    /**
     * The order waits no longer.
     *
     * @param slot order
     */
    public void stopWaiting(final int slot) {
        if (book.waitsForCancels(slot)) {
            book.waitsForCancels(slot, false);
            waiting.remove(slot);
        }
    }

    /**
     * Who may not trade with itself.
     *
     * @param tenant tenant slot
     * @return number of the tenant's group, or one of its own
     */
    public int party(final int tenant) {
        final long group = groupOf[tenant];
        return group != 0 ? (int) group : -1 - tenant;
    }

    /**
     * Limits of a tenant changed: where they concern open orders, these are listed and timed by the new ones, the first
     * of them now and the rest by {@link #sweep}. Until all are, no order that could meet one of them is admitted.
     *
     * @param tenant tenant slot
     */
    public void limitsChanged(final int tenant) {
        final long group = limits.of(tenant, TradingLimits.SELF_TRADE_GROUP);
        final long ttlMs = limits.of(tenant, TradingLimits.ORDER_TTL_MS);
        final boolean lists = (limits.of(tenant, TradingLimits.SELF_TRADE_PREVENTION) | group) != 0;
        final boolean relist = lists != listed[tenant] || group != groupOf[tenant];
        if (isSliced() && !relist && ttlMs == ttlMsOf[tenant]) {
            return;
        }
        if (group != groupOf[tenant]) {
            wakeAll(tenant, groupOf[tenant]);
            waiting.move(tenant, groupOf[tenant], group);
        }
        listed[tenant] = lists;
        groupOf[tenant] = group;
        ttlMsOf[tenant] = ttlMs;
        sweep.begin(tenant, relist);
        sweep(isSliced() ? LimitSweep.AT_ONCE : Integer.MAX_VALUE);
    }

    private boolean isSliced() {
        return registry.rulesVersion >= SLICES_SINCE;
    }

    /**
     * Are open orders left to be listed by limits that changed?
     *
     * @return true when {@link #sweep} has work
     */
    public boolean isSweeping() {
        return !sweep.isEmpty();
    }

    /**
     * Is it not known yet which own orders an order of the tenant would meet, since limits changed?
     *
     * @param tenant tenant slot
     * @return true until its orders, and those of any group when it is in one, are listed anew
     */
    public boolean isChanging(final int tenant) {
        return sweep.concerns(tenant, groupOf[tenant] != 0);
    }

    /**
     * Lists and times open orders by limits that changed.
     *
     * @param most order slots to look at
     */
    public void sweep(final int most) {
        int left = most;
        while (left > 0 && !sweep.isEmpty()) {
            if (!sweep.isRound(book.highWater())) {
                left--;
                looked++;
                sweepOne(sweep.take(book.highWater()));
            }
            if (sweep.isRound(book.highWater())) {
                final int tenant = sweep.end();
                left -= 1 + wakeAll(tenant, groupOf[tenant]);
            }
        }
    }

    /**
     * How many order slots and waiting orders were looked at on behalf of others.
     *
     * @return count since this core was made; not state
     */
    public long looked() {
        return looked;
    }

    private void sweepOne(final int slot) {
        if (book.isOpen(slot) && sweep.holds(book.tenant(slot))) {
            list(slot, book.tenant(slot));
            if (!cancelDue[slot] && book.cancelPhase(slot) == OrderBook.NONE) {
                timers.control(slot, staleNs(slot));
                timers.arm(slot);
            }
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("order-controls", 2);
        final int used = book.highWater();
        image.column(sinceNs, 0, used);
        image.first(cancelWhy, used);
        image.first(cancelDue, used);
        image.column(listed);
        image.column(groupOf);
        image.column(ttlMsOf);
        waiting.image(image);
        sweep.image(image);
    }

    private void list(final int slot, final int tenant) {
        final int tif = book.timeInForce(slot);
        if (!listed[tenant] || book.ordType(slot) != LIMIT || tif == IOC || tif == FOK) {
            resting.remove(slot);
            return;
        }
        long price = book.price(slot);
        if (book.replacePhase(slot) != OrderBook.NONE) {
            price = book.side(slot) == BUY ? Math.max(price, book.newPrice(slot))
                : Math.min(price, book.newPrice(slot));
        }
        final boolean was = resting.holds(slot);
        final long before = was ? resting.price(slot) : 0;
        resting.put(slot, party(tenant), price);
        if (was && before != price) {
            wake(tenant, book.instrument(slot));
        }
    }

    private void wake(final int tenant, final int instrument) {
        for (int slot = waiting.first(tenant, groupOf[tenant]); slot >= 0; slot = waiting.next(slot)) {
            looked++;
            if (book.instrument(slot) == instrument && party(book.tenant(slot)) == party(tenant)) {
                wakeOne(slot);
            }
        }
    }

    private int wakeAll(final int tenant, final long group) {
        int woken = 0;
        for (int slot = waiting.first(tenant, group); slot >= 0; slot = waiting.next(slot)) {
            looked++;
            woken++;
            wakeOne(slot);
        }
        return woken;
    }

    private void wakeOne(final int slot) {
        timers.control(slot, verdict.nowNs);
        timers.arm(slot);
    }

    private long staleNs(final int slot) {
        final long ttlMs = ttlMsOf[book.tenant(slot)];
        return ttlMs == 0 ? 0 : sinceNs[slot] + ttlMs * MS;
    }

    private void tellLocked(final int tenant, final int strategyId, final int sessionId, final long most) {
        answers.alert(AlertKind.STRATEGY_LOCKED, registry.tenants.index.idOf(tenant), 0, most, most, 0,
            strategyId != 0 ? "strategy " : "orders without strategy of session ",
            strategyId != 0 ? strategyId : sessionId);
    }
}
