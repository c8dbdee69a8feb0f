package weir.engine.admission;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.registry.Tenants;
import weir.engine.risk.Holdings;
import weir.engine.risk.RecentOrders;
import weir.engine.risk.TradingLimits;

/**
 * Terms of the sessions and symbols of late, one place for each by a hash: where two share it, they are worked out anew
 * in turns. Follows from registry and limits; a snapshot does not hold it. Engine thread only.
 */
public final class TermsTable {
    private static final int ROWS = 1024;
    private static final int ROWS_MAX = 1 << 14;
    private static final int PER_SESSION = 8;

    private final Registry registry;
    private final TradingLimits limits;
    private final Holdings holdings;
    private final OrderTerms[] rows;
    private final int shift;
    private boolean found;

    /**
     * Makes a table of nobody's.
     *
     * @param registry registry
     * @param limits   limits in force
     * @param holdings rows per tenant and instrument
     * @param sessions session slots
     */
    public TermsTable(final Registry registry, final TradingLimits limits, final Holdings holdings,
        final int sessions) {
        this.registry = registry;
        this.limits = limits;
        this.holdings = holdings;
        rows = new OrderTerms[BitUtil.findNextPositivePowerOfTwo(
            Math.max(ROWS, Math.min(ROWS_MAX, sessions * PER_SESSION)))];
        shift = Long.numberOfLeadingZeros(rows.length - 1);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new OrderTerms();
        }
    }

    /**
     * Looks for the terms of a session and symbol.
     *
     * @param session session slot
     * @param buffer  with Symbol(55), padded with zeros
     * @param symbol  offset of it
     * @return their place; whether they are there and in force says {@link #found}
     */
    public OrderTerms of(final int session, final DirectBuffer buffer, final int symbol) {
        final OrderTerms terms = likely(session, buffer, symbol);
        found = terms.are(registry.changes(), session, buffer.getLong(symbol), buffer.getLong(symbol + 8),
            buffer.getInt(symbol + 16));
        return terms;
    }

    /**
     * Place of the terms of a session and symbol, if they are there: nothing of it is looked at.
     *
     * @param session session slot
     * @param buffer  with Symbol(55), padded with zeros
     * @param symbol  offset of it
     * @return place
     */
    public OrderTerms likely(final int session, final DirectBuffer buffer, final int symbol) {
        final long h = (buffer.getLong(symbol) * 31 + buffer.getLong(symbol + 8)) * 31 + buffer.getInt(symbol + 16)
            + session;
        return rows[(int) (h * 0x9E3779B97F4A7C15L >>> shift)];
    }

    /**
     * Were those looked for last there?
     *
     * @return true when they are in force: the sender may send, and the tenant may trade the instrument
     */
    public boolean found() {
        return found;
    }

    /**
     * Works terms out for a session whose state, permission, instrument and venue have been checked.
     *
     * @param terms      where to
     * @param session    session slot
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param buffer     with Symbol(55)
     * @param symbol     offset of it
     */
    public void make(final OrderTerms terms, final int session, final int tenant, final int instrument,
        final DirectBuffer buffer, final int symbol) {
        final Tenants tenants = registry.tenants;
        terms.tenant = tenant;
        terms.permissions = registry.sessions.permissions[session] & tenants.permissions[tenant];
        terms.maxOpenOrders = tenants.maxOpenOrders[tenant];
        terms.maxOrderQty = tenants.maxOrderQty[tenant];
        terms.maxNotional = tenants.maxNotional[tenant];
        terms.collarBps = tenants.priceCollarBps[tenant];
        final Instruments instruments = registry.instruments;
        terms.instrument = instrument;
        terms.instrumentId = instruments.index.idOf(instrument);
        terms.venue = instruments.venueId[instrument];
        terms.kind = instruments.kind[instrument];
        terms.multiplier = instruments.multiplier[instrument];
        terms.lotSize = instruments.lotSize[instrument];
        terms.tickSize = instruments.tickSize[instrument];
        terms.minQty = instruments.minQty[instrument];
        terms.minNotional = instruments.minNotional[instrument];
        terms.account = registry.route(tenant, terms.venue);
        terms.accountId = terms.account < 0 ? 0 : registry.accounts.index.idOf(terms.account);
        terms.row = holdings.find(tenant, instrument);
        terms.what = RecentOrders.what(session, instrument, 0, 0);
        limits(terms, tenant);
        terms.become(registry.changes(), session, buffer, symbol);
    }

    private void limits(final OrderTerms terms, final int tenant) {
        terms.watches = (limits.of(tenant, TradingLimits.EXECUTIONS_MAX)
            | limits.of(tenant, TradingLimits.LOOP_REJECTS_MAX)) != 0;
        terms.selfTradePrevention = (int) limits.of(tenant, TradingLimits.SELF_TRADE_PREVENTION);
        final long periodMs = limits.of(tenant, TradingLimits.PERIOD_COLLAR_MS);
        terms.periodBps = periodMs == 0 ? 0 : limits.of(tenant, TradingLimits.PERIOD_COLLAR_BPS);
        terms.periodNs = periodMs * 1_000_000L;
        terms.postOnlyMustRest = limits.of(tenant, TradingLimits.POST_ONLY_MUST_REST) != 0;
        terms.maxFee = limits.of(tenant, TradingLimits.MAX_FEE);
        terms.makerPpm = limits.of(tenant, TradingLimits.MAKER_FEE_PPM);
        terms.takerPpm = limits.of(tenant, TradingLimits.TAKER_FEE_PPM);
        terms.duplicateMs = limits.of(tenant, TradingLimits.DUPLICATE_WINDOW_MS);
        terms.maxPosition = limits.maxPosition(tenant, terms.instrument);
        terms.maxUnexecuted = limits.of(tenant, TradingLimits.MAX_UNEXECUTED);
        terms.maxNet = limits.of(tenant, TradingLimits.MAX_NET_EXPOSURE);
        terms.maxGross = limits.of(tenant, TradingLimits.MAX_GROSS_EXPOSURE);
    }
}
