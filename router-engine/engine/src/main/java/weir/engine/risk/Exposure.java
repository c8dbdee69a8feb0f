package weir.engine.risk;

import weir.engine.book.OrderBook;
import weir.engine.book.Wide;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.protocol.Scale;

/**
 * What tenants hold and what they have open, in integers that are exact: the share of an order in every sum is kept
 * with the order and taken back as it was added. Engine thread only.
 * <p>
 * Position: what was bought less what was sold through this router, per tenant and instrument, plus what an operator
 * set. It is valued at the reference price (middle of bid and ask, else the last trade), a stale one included, and
 * before the first at the price of the tenant's last fill. Open orders count from their admission, at their own price,
 * a market order at the price it would meet and a stop at the higher of that and its stop price; while a replace is
 * pending, at the larger of what either of the two values may execute.
 * <p>
 * With position value P (signed), open buys B and open sells S of an instrument, its worst case is max(P + B, S - P).
 * Gross exposure is the sum of these over instruments; net exposure max(sum P + sum B, sum S - sum P). An order that
 * closes a position does not raise them. Quote currencies are added at par.
 */
public final class Exposure {
    private static final int MARKET = 1;
    private static final int STOP = 3;
    private static final int BUY = 1;
    private static final int SHARE = 4;
    private static final int QTY = 0;
    private static final int VALUE = 1;
    private static final int MET = 2;
    private static final int ROW = 3;
    /** Rules from which a price reaches positions in slices; before, it valued all of them at once. */
    private static final int SLICES_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final Notional notional;
    private final Holdings holdings;
    private final long[] cells;
    private final long[] gross;
    private final long[] net;
    private final long[] openBuys;
    private final long[] openSells;
    /**
     * A row per order: its share in the sums, quantity and value; what it would have met at its admission if it has no
     * price; its tenant's and instrument's row.
     */
    private final long[] shares;
    private final PriceSweep sweep;
    private long nextQty;
    private long nextValue;
    private long valuedAt = -1;
    private long valued;

    /**
     * Makes an empty one.
     *
     * @param registry       tenants and instruments
     * @param book           orders
     * @param holdings       rows per tenant and instrument
     * @param tenantCapacity     tenant slots
     * @param instrumentCapacity instrument slots
     */
    public Exposure(final Registry registry, final OrderBook book, final Holdings holdings,
        final int tenantCapacity, final int instrumentCapacity) {
        this.registry = registry;
        this.book = book;
        notional = new Notional(registry.instruments);
        this.holdings = holdings;
        cells = holdings.rows;
        gross = new long[tenantCapacity];
        net = new long[tenantCapacity];
        openBuys = new long[tenantCapacity];
        openSells = new long[tenantCapacity];
        shares = new long[Math.multiplyExact(book.capacity(), SHARE)];
        sweep = new PriceSweep(instrumentCapacity);
    }

    /**
     * What the quantity of the order at hand came to, so that it is not worked out again when it is admitted. Told of
     * each order before {@link #opened}.
     *
     * @param price E8; -1 = it was not valued
     * @param value E8, at most {@link Notional#HUGE}
     */
    public void valued(final long price, final long value) {
        valuedAt = price;
        valued = value;
    }

    /**
     * The order at hand was admitted.
     *
     * @param slot order
     * @param met  price that an order without one would meet, E8; 0 = unknown
     * @param own  row of its tenant and instrument; NOTHING while there is none
     */
    public void opened(final int slot, final long met, final int own) {
        final int row = own != Holdings.NOTHING ? own
            : holdings.claim(book.tenant(slot), book.instrument(slot));
        shares[slot * SHARE + MET] = met;
        shares[slot * SHARE + ROW] = row;
        if (book.cashQty(slot) == Scale.NULL && counted(slot, book.price(slot), book.stopPx(slot)) == valuedAt) {
            move(slot, row, book.orderQty(slot), valued);
        } else {
            refresh(slot);
        }
    }

    /**
     * Something of an order changed that its share depends on.
     *
     * @param slot order, open or closed
     */
    public void refresh(final int slot) {
        if (book.isOpen(slot)) {
            share(slot, book.orderQty(slot), book.price(slot), book.stopPx(slot));
            final long qty = nextQty;
            final long value = nextValue;
            final int row = rowOf(slot);
            if (book.replacePhase(slot) != OrderBook.NONE) {
                share(slot, book.newQty(slot), book.newPrice(slot), book.newStopPx(slot));
                move(slot, row, Math.max(qty, nextQty), Math.max(value, nextValue));
            } else {
                move(slot, row, qty, value);
            }
        } else {
            move(slot, rowOf(slot), 0, 0);
        }
    }

    /**
     * Reads what is known of an order's share: see {@code LookAhead}.
     *
     * @param slot order
     * @return of no meaning
     */
    public long touch(final int slot) {
        return shares[slot * SHARE + QTY];
    }

    /**
     * As {@link #touch}, of the row of its tenant and instrument.
     *
     * @param slot order
     * @return of no meaning
     */
    public long touchCell(final int slot) {
        return cells[rowOf(slot)];
    }

    /**
     * An execution.
     *
     * @param slot order, open or closed
     * @param qty  LastQty(32)
     * @param px   LastPx(31)
     */
    public void filled(final int slot, final long qty, final long px) {
        final int instrument = book.instrument(slot);
        final int tenant = book.tenant(slot);
        final int cell = rowOf(slot);
        cells[cell + Holdings.POSITION] += book.side(slot) == BUY ? qty : -qty;
        final long mark = mark(instrument);
        value(tenant, cell, instrument, mark > 0 ? mark : px);
    }

    /**
     * An instrument has another reference price. Positions in it are valued anew: those of the first tenants now, the
     * rest by {@link #sweep}, and a tenant's own before an order of it in the instrument is judged.
     *
     * @param instrument instrument slot
     */
    public void priced(final int instrument) {
        if (mark(instrument) > 0 && holdings.first(instrument) != Holdings.NOTHING) {
            sweep.begin(instrument, holdings.first(instrument));
            value(instrument, registry.rulesVersion >= SLICES_SINCE ? PriceSweep.AT_ONCE : Integer.MAX_VALUE);
            if (sweep.at(instrument) != Holdings.NOTHING) {
                sweep.queue(instrument);
            }
        }
    }

    /**
     * Are positions left to be valued at prices that changed?
     *
     * @return true when {@link #sweep} has work
     */
    public boolean isSweeping() {
        return !sweep.isEmpty();
    }

    /**
     * Values positions at prices that changed, instruments in turns.
     *
     * @param most positions to look at
     */
    public void sweep(final int most) {
        int left = most;
        while (left > 0 && !sweep.isEmpty()) {
            final int instrument = sweep.poll();
            left -= Math.max(1, value(instrument, Math.min(left, PriceSweep.IN_TURN)));
            if (sweep.at(instrument) != Holdings.NOTHING) {
                sweep.queue(instrument);
            }
        }
    }

    /**
     * How many positions were looked at for prices that changed.
     *
     * @return count since this core was made; not state
     */
    public long looked() {
        return sweep.looked();
    }

    private int value(final int instrument, final int most) {
        final long mark = mark(instrument);
        int done = 0;
        while (done < most && sweep.at(instrument) != Holdings.NOTHING) {
            final int cell = sweep.at(instrument);
            if (mark > 0 && cells[cell + Holdings.POSITION] != 0) {
                value(holdings.tenant(cell), cell, instrument, mark);
            }
            sweep.move(instrument, holdings.next(cell), holdings.first(instrument));
            done++;
        }
        return done;
    }

    /**
     * What a new order, or an order with the values of a replace, would come to. Kept for the questions that follow.
     * The tenant's position in the instrument is valued at the price in force before.
     *
     * @param tenant     tenant slot
     * @param row        of tenant and instrument
     * @param slot       order to be replaced, -1 = a new one
     * @param instrument instrument slot
     * @param qty        E8, or null for a cash order
     * @param cash       E8, or null
     * @param price      what it counts at, E8
     */
    public void weigh(final int tenant, final int row, final int slot, final int instrument, final long qty,
        final long cash, final long price) {
        if (sweep.at(instrument) != Holdings.NOTHING) {
            final long mark = mark(instrument);
            if (mark > 0 && cells[row + Holdings.POSITION] != 0) {
                value(tenant, row, instrument, mark);
            }
        }
        if (slot >= 0) {
            nextQty = Math.max(0, qty - book.cumQty(slot));
            nextValue = notional.bounded(instrument, nextQty, price);
            final int share = slot * SHARE;
            nextQty = Math.max(nextQty, shares[share + QTY]) - shares[share + QTY];
            nextValue = Math.max(nextValue, shares[share + VALUE]) - shares[share + VALUE];
        } else if (cash != Scale.NULL) {
            nextValue = Math.min(cash, Notional.HUGE);
            nextQty = qtyFor(nextValue, price);
        } else {
            nextQty = qty;
            nextValue = price == valuedAt ? valued : notional.bounded(instrument, qty, price);
        }
    }

    /**
     * Open notional with what was weighed.
     *
     * @param tenant tenant slot
     * @return quote currency, E8; negative when it does not fit
     */
    public long unexecutedAfter(final int tenant) {
        return openBuys[tenant] + openSells[tenant] + nextValue;
    }

    /**
     * Net exposure with what was weighed.
     *
     * @param tenant tenant slot
     * @param buy    side
     * @return quote currency, E8
     */
    public long netAfter(final int tenant, final boolean buy) {
        return Math.max(net[tenant] + openBuys[tenant] + (buy ? nextValue : 0),
            openSells[tenant] - net[tenant] + (buy ? 0 : nextValue));
    }

    /**
     * Gross exposure with what was weighed.
     *
     * @param tenant tenant slot
     * @param cell   row of tenant and instrument
     * @param buy    side
     * @return quote currency, E8
     */
    public long grossAfter(final int tenant, final int cell, final boolean buy) {
        final long after = Math.max(cells[cell + Holdings.VALUE] + cells[cell + Holdings.BUYS] + (buy ? nextValue : 0),
            cells[cell + Holdings.SELLS] - cells[cell + Holdings.VALUE] + (buy ? 0 : nextValue));
        return gross[tenant] - worst(cell) + after;
    }

    /**
     * Largest position, long or short, with what was weighed.
     *
     * @param cell row of tenant and instrument
     * @param buy  side
     * @return E8
     */
    public long positionAfter(final int cell, final boolean buy) {
        return Math.max(cells[cell + Holdings.POSITION] + cells[cell + Holdings.BUY_QTY] + (buy ? nextQty : 0),
            cells[cell + Holdings.SELL_QTY] - cells[cell + Holdings.POSITION] + (buy ? 0 : nextQty));
    }

    /**
     * Open notional.
     *
     * @param tenant tenant slot
     * @return quote currency, E8
     */
    public long unexecuted(final int tenant) {
        return openBuys[tenant] + openSells[tenant];
    }

    /**
     * Net exposure.
     *
     * @param tenant tenant slot
     * @return quote currency, E8
     */
    public long net(final int tenant) {
        return Math.max(net[tenant] + openBuys[tenant], openSells[tenant] - net[tenant]);
    }

    /**
     * Gross exposure.
     *
     * @param tenant tenant slot
     * @return quote currency, E8
     */
    public long gross(final int tenant) {
        return gross[tenant];
    }

    /**
     * Largest position, long or short, open orders counted.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return E8
     */
    public long worstPosition(final int tenant, final int instrument) {
        return worstPosition(cell(tenant, instrument));
    }

    /**
     * Largest position, long or short, open orders counted.
     *
     * @param cell row of tenant and instrument
     * @return E8
     */
    public long worstPosition(final int cell) {
        return Math.max(cells[cell + Holdings.POSITION] + cells[cell + Holdings.BUY_QTY],
            cells[cell + Holdings.SELL_QTY] - cells[cell + Holdings.POSITION]);
    }

    /**
     * Position.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return bought less sold, E8
     */
    public long position(final int tenant, final int instrument) {
        return cells[cell(tenant, instrument) + Holdings.POSITION];
    }

    /**
     * Sets a position, as the books of the tenant have it.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param qty        E8, negative = short
     */
    public void position(final int tenant, final int instrument, final long qty) {
        final int cell = holdings.claim(tenant, instrument);
        cells[cell + Holdings.POSITION] = qty;
        value(tenant, cell, instrument, mark(instrument));
    }

    /**
     * What an order without a price was valued at when it was admitted.
     *
     * @param slot order
     * @return E8, 0 = unknown
     */
    public long metBy(final int slot) {
        return shares[slot * SHARE + MET];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("exposure", 3);
        final int tenants = registry.tenants.index.size();
        image.column(gross, 0, tenants);
        image.column(net, 0, tenants);
        image.column(openBuys, 0, tenants);
        image.column(openSells, 0, tenants);
        image.column(shares, 0, book.highWater() * SHARE);
        sweep.image(image);
    }

    private void share(final int slot, final long qty, final long price, final long stopPx) {
        if (book.cashQty(slot) != Scale.NULL) {
            final long cash = book.cashQty(slot);
            final long spent = book.valueHigh(slot) >= Scale.E8 ? cash
                : Wide.divide(book.valueHigh(slot), book.valueLow(slot), Scale.E8);
            nextValue = spent < 0 || spent >= cash ? 0 : Math.min(cash - spent, Notional.HUGE);
            nextQty = qtyFor(nextValue, metBy(slot));
            return;
        }
        nextQty = Math.max(0, qty - book.cumQty(slot));
        nextValue = notional.bounded(book.instrument(slot), nextQty,
            Math.max(0, counted(slot, price, stopPx)));
    }

    private long counted(final int slot, final long price, final long stopPx) {
        final int type = book.ordType(slot);
        return type == MARKET ? metBy(slot) : type == STOP ? Math.max(metBy(slot), stopPx) : price;
    }

    private int rowOf(final int slot) {
        return (int) shares[slot * SHARE + ROW];
    }

    private static long qtyFor(final long cash, final long price) {
        final long qty = price > 0 ? Wide.mulDiv(cash, Scale.E8, price, true) : 0;
        return qty == Wide.OVERFLOW || qty > Notional.HUGE ? Notional.HUGE : qty;
    }

    private void move(final int slot, final int cell, final long qty, final long value) {
        final int share = slot * SHARE;
        final long moreQty = qty - shares[share + QTY];
        final long more = value - shares[share + VALUE];
        if (moreQty == 0 && more == 0) {
            return;
        }
        shares[share + QTY] = qty;
        shares[share + VALUE] = value;
        final int tenant = book.tenant(slot);
        final long before = worst(cell);
        if (book.side(slot) == BUY) {
            cells[cell + Holdings.BUY_QTY] += moreQty;
            cells[cell + Holdings.BUYS] += more;
            openBuys[tenant] += more;
        } else {
            cells[cell + Holdings.SELL_QTY] += moreQty;
            cells[cell + Holdings.SELLS] += more;
            openSells[tenant] += more;
        }
        gross[tenant] += worst(cell) - before;
    }

    private void value(final int tenant, final int cell, final int instrument, final long price) {
        final long qty = cells[cell + Holdings.POSITION];
        final long size = notional.bounded(instrument, Math.abs(qty), price);
        final long value = qty < 0 ? -size : size;
        final long before = worst(cell);
        net[tenant] += value - cells[cell + Holdings.VALUE];
        cells[cell + Holdings.VALUE] = value;
        gross[tenant] += worst(cell) - before;
    }

    private long worst(final int cell) {
        return Math.max(cells[cell + Holdings.VALUE] + cells[cell + Holdings.BUYS],
            cells[cell + Holdings.SELLS] - cells[cell + Holdings.VALUE]);
    }

    private long mark(final int instrument) {
        final Instruments i = registry.instruments;
        final long bid = i.bid[instrument];
        final long ask = i.ask[instrument];
        if (bid > 0 && ask > 0 && bid <= ask) {
            return (bid >> 1) + (ask >> 1) + (bid & ask & 1);
        }
        return Math.max(0, i.last[instrument]);
    }

    private int cell(final int tenant, final int instrument) {
        return holdings.find(tenant, instrument);
    }
}
