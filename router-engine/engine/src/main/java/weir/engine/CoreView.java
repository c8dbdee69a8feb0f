package weir.engine;

import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.egress.VenueMessages;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.risk.Exposure;
import weir.engine.throttle.VenueLimits;

/** Read-only look at a core's live tables, by the ids of the outside. Engine thread, or a core that nobody drives. */
public final class CoreView {
    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final Ledger ledger;
    private final Quotas quotas;
    private final VenueLimits limits;
    private final Exposure exposure;
    private final VenueMessages messages;

    CoreView(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds, final Ledger ledger,
        final Quotas quotas, final VenueLimits limits, final Exposure exposure, final VenueMessages messages) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.ledger = ledger;
        this.quotas = quotas;
        this.limits = limits;
        this.exposure = exposure;
        this.messages = messages;
    }

    /**
     * Notional of a tenant's open orders.
     *
     * @param tenantId tenant
     * @return quote currency, E8
     */
    public long unexecuted(final int tenantId) {
        return exposure.unexecuted(registry.tenants.slotOf(tenantId));
    }

    /**
     * Gross exposure of a tenant.
     *
     * @param tenantId tenant
     * @return quote currency, E8
     */
    public long grossExposure(final int tenantId) {
        return exposure.gross(registry.tenants.slotOf(tenantId));
    }

    /**
     * Net exposure of a tenant.
     *
     * @param tenantId tenant
     * @return quote currency, E8
     */
    public long netExposure(final int tenantId) {
        return exposure.net(registry.tenants.slotOf(tenantId));
    }

    /**
     * What a tenant bought of an instrument less what it sold.
     *
     * @param tenantId     tenant
     * @param instrumentId instrument
     * @return E8
     */
    public long position(final int tenantId, final int instrumentId) {
        return exposure.position(registry.tenants.slotOf(tenantId), registry.instruments.slotOf(instrumentId));
    }

    /**
     * Most of an instrument, long or short, that a tenant can come to hold by its open orders.
     *
     * @param tenantId     tenant
     * @param instrumentId instrument
     * @return E8
     */
    public long worstPosition(final int tenantId, final int instrumentId) {
        return exposure.worstPosition(registry.tenants.slotOf(tenantId), registry.instruments.slotOf(instrumentId));
    }

    /**
     * Open orders of all tenants.
     *
     * @return count
     */
    public int openOrders() {
        return book.open();
    }

    /**
     * State of an order.
     *
     * @param orderId order
     * @return one of {@link OrderBook}'s state constants, FREE when unknown
     */
    public byte orderState(final long orderId) {
        final int slot = book.slotOf(orderId);
        return slot < 0 ? OrderBook.FREE : book.state(slot);
    }

    /**
     * CumQty(14) of an order.
     *
     * @param orderId order
     * @return E8, 0 when unknown
     */
    public long cumQty(final long orderId) {
        final int slot = book.slotOf(orderId);
        return slot < 0 ? 0 : book.cumQty(slot);
    }

    /**
     * Ids of the open orders.
     *
     * @return order ids, in slot order; allocates
     */
    public long[] openOrderIds() {
        final long[] ids = new long[book.open()];
        int count = 0;
        for (int slot = 0; slot < book.highWater(); slot++) {
            if (book.isOpen(slot)) {
                ids[count++] = book.orderId(slot);
            }
        }
        return ids;
    }

    /**
     * Orders that wait for a venue's limit.
     *
     * @param venueId venue
     * @return count
     */
    public int queued(final int venueId) {
        return registry.venues.queued[venueId];
    }

    /**
     * Credit that a tenant's new orders may use.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long availableMicros(final int tenantId) {
        return ledger.available(registry.tenants.slotOf(tenantId));
    }

    /**
     * Credit granted to a tenant.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long grantedMicros(final int tenantId) {
        return ledger.granted[registry.tenants.slotOf(tenantId)];
    }

    /**
     * Credit debited from a tenant.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long debitedMicros(final int tenantId) {
        return ledger.debited[registry.tenants.slotOf(tenantId)];
    }

    /**
     * Credit reserved for a tenant's open orders.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long reservedMicros(final int tenantId) {
        return ledger.reserved[registry.tenants.slotOf(tenantId)];
    }

    /**
     * Owed by a tenant beyond its credit.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long receivableMicros(final int tenantId) {
        return ledger.receivable[registry.tenants.slotOf(tenantId)];
    }

    /**
     * Charged to a tenant in its plan period.
     *
     * @param tenantId tenant
     * @return micros
     */
    public long spentMicros(final int tenantId) {
        return ledger.spent[registry.tenants.slotOf(tenantId)];
    }

    /**
     * Units of a quota in use.
     *
     * @param tenantId tenant
     * @param quotaId  quota
     * @return units, -1 when unknown
     */
    public long quotaUsed(final int tenantId, final int quotaId) {
        final int t = registry.tenants.slotOf(tenantId);
        for (int i = t * Quotas.PER_TENANT; i < (t + 1) * Quotas.PER_TENANT; i++) {
            if (quotas.quotaId[i] == quotaId) {
                return quotas.used[i];
            }
        }
        return -1;
    }

    /**
     * Units of a venue limit in use by an account.
     *
     * @param limitId   limit
     * @param accountId account
     * @param nowNs     now
     * @return units
     */
    public long limitUsed(final int limitId, final int accountId, final long nowNs) {
        return limits.used(limits.index.slotOf(limitId), registry.accounts.slotOf(accountId), 0, nowNs);
    }

    /**
     * ClOrdIDs remembered, of all sessions.
     *
     * @return count
     */
    public int clOrdIds() {
        return clOrdIds.size();
    }

    /**
     * High half of the ids of orders at venues.
     *
     * @return as in VenueNewOrders
     */
    public long venueIdHigh() {
        return messages.idHigh();
    }

    /**
     * Is a session logged on?
     *
     * @param sessionId session
     * @return true when it is
     */
    public boolean connected(final int sessionId) {
        final int slot = registry.sessions.slotOf(sessionId);
        return slot >= 0 && registry.sessions.connected[slot];
    }

    /**
     * State of an account's connection.
     *
     * @param accountId account
     * @return VenueState, raw
     */
    public int accountState(final int accountId) {
        return registry.accounts.state[registry.accounts.slotOf(accountId)];
    }

    /**
     * Accounts of a venue of which a path is not down.
     *
     * @param venueId venue
     * @param ids     gets their ids
     * @return count, at most the length of ids
     */
    public int accountsUp(final int venueId, final int[] ids) {
        int count = 0;
        for (int a = 0; a < registry.accounts.index.size() && count < ids.length; a++) {
            if (registry.accounts.venueId[a] == venueId
                && (registry.accounts.state[a] != 0 || registry.accounts.second[a] != 0)) {
                ids[count++] = registry.accounts.index.idOf(a);
            }
        }
        return count;
    }

    /**
     * The InstrumentConfig(25) in force.
     *
     * @param instrumentId instrument
     * @return a copy of the frame, null when the core has no such instrument; allocates
     */
    public byte[] instrumentConfig(final int instrumentId) {
        final int slot = registry.instruments.slotOf(instrumentId);
        return slot < 0 ? null : registry.instruments.frames.copy(slot);
    }
}
