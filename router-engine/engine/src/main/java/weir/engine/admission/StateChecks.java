package weir.engine.admission;

import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.protocol.RejectReason;

/** May anything new be sent: state of session, tenant, router, strategy; then of instrument, venue and account. */
public final class StateChecks {
    private static final int CANCEL_ONLY = 1;
    private static final int HALTED = 2;
    /** Before, a strategy's refusal had the code of a session's. */
    private static final int STRATEGY_NAMED_SINCE = 3;
    private static final int LOW_SPACE = 0;
    private static final int JOURNAL_FAILED = 1;

    private final Registry registry;

    /**
     * Checks against a registry.
     *
     * @param registry configured things and their switches
     */
    public StateChecks(final Registry registry) {
        this.registry = registry;
    }

    /**
     * Session, tenant, router, journal and strategy.
     *
     * @param v          verdict
     * @param session    session slot
     * @param strategyId strategy of the order
     * @return RejectReason code, 0 when news are taken
     */
    public int sender(final Verdict v, final int session, final int strategyId) {
        if (!registry.sessions.connected[session]) {
            return v.refuse(RejectReason.SESSION_NOT_CONNECTED.code(), 0, 0);
        }
        final int tenant = registry.sessions.tenant[session];
        final int ofSession = registry.sessions.switchState[session];
        if (ofSession != 0) {
            return v.refuse(ofSession == HALTED ? RejectReason.SESSION_HALTED.code()
                : RejectReason.SESSION_CANCEL_ONLY.code(), 0, 0);
        }
        if (strategy(v, tenant, strategyId) != 0) {
            return v.reason;
        }
        if (registry.suspensions.session[session] || registry.suspensions.tenant[tenant]) {
            return v.refuse(RejectReason.SUSPENDED.code(), 0, 0);
        }
        final int ofTenant = registry.tenants.state(tenant);
        if (ofTenant != 0) {
            return v.refuse(ofTenant == CANCEL_ONLY ? RejectReason.TENANT_CANCEL_ONLY.code()
                : RejectReason.TENANT_HALTED.code(), 0, 0);
        }
        if (registry.globalState != 0 || registry.conditions[JOURNAL_FAILED]) {
            return v.refuse(registry.globalState == CANCEL_ONLY ? RejectReason.ROUTER_CANCEL_ONLY.code()
                : RejectReason.ROUTER_HALTED.code(), 0, 0);
        }
        if (registry.conditions[LOW_SPACE]) {
            return v.refuse(RejectReason.JOURNAL_LOW_SPACE.code(), registry.conditionValues[LOW_SPACE], 0);
        }
        return 0;
    }

    /**
     * The strategy's state: of its tenant, and of the number for all tenants.
     *
     * @param v          verdict
     * @param tenant     tenant slot
     * @param strategyId strategy of the order
     * @return RejectReason code, 0 when news are taken
     */
    public int strategy(final Verdict v, final int tenant, final int strategyId) {
        return registry.strategies.size() == 0 ? 0 : stated(v, tenant, strategyId);
    }

    private int stated(final Verdict v, final int tenant, final int strategyId) {
        final int own = registry.strategies.slotOf(registry.tenants.index.idOf(tenant), strategyId);
        final int any = registry.strategies.slotOf(0, strategyId);
        final int state = Math.max(own < 0 ? 0 : registry.strategies.switchState[own],
            any < 0 ? 0 : registry.strategies.switchState[any]);
        if (state != 0) {
            final boolean named = registry.rulesVersion >= STRATEGY_NAMED_SINCE;
            return v.refuse((state == HALTED ? named ? RejectReason.STRATEGY_HALTED : RejectReason.SESSION_HALTED
                : named ? RejectReason.STRATEGY_CANCEL_ONLY : RejectReason.SESSION_CANCEL_ONLY).code(), strategyId, 0);
        }
        return own >= 0 && registry.strategies.suspended[own]
            ? v.refuse(RejectReason.SUSPENDED.code(), strategyId, 0) : 0;
    }

    /**
     * Instrument and venue.
     *
     * @param v          verdict
     * @param instrument instrument slot
     * @return RejectReason code, 0 when it trades
     */
    public int market(final Verdict v, final int instrument) {
        if (registry.instruments.status[instrument] != 0) {
            return v.refuse(RejectReason.INSTRUMENT_HALTED.code(), registry.instruments.status[instrument], 0);
        }
        final int venue = registry.venues.switchState[registry.instruments.venueId[instrument]];
        if (venue != 0) {
            return v.refuse(venue == CANCEL_ONLY ? RejectReason.VENUE_CANCEL_ONLY.code()
                : RejectReason.VENUE_HALTED.code(), registry.instruments.venueId[instrument], 0);
        }
        return 0;
    }

    /**
     * The account an order goes to.
     *
     * @param v       verdict
     * @param account account slot, -1 when there is none
     * @return RejectReason code, 0 when it is up
     */
    public int account(final Verdict v, final int account) {
        if (account < 0) {
            return v.refuse(RejectReason.NO_ROUTE.code(), 0, 0);
        }
        if (registry.accounts.switchState[account] != 0) {
            return v.refuse(RejectReason.ACCOUNT_HALTED.code(), registry.accounts.index.idOf(account), 0);
        }
        if (registry.accounts.state[account] == Accounts.DOWN && !registry.accounts.isReached(account)) {
            return v.refuse(RejectReason.VENUE_DOWN.code(), registry.accounts.index.idOf(account), 0);
        }
        if (registry.accounts.state[account] == Accounts.BARRED) {
            final long untilNs = registry.accounts.barredUntilNs[account];
            return v.refuse(RejectReason.VENUE_BARRED.code(), registry.accounts.index.idOf(account),
                untilNs <= 0 ? 0 : Math.max(0, untilNs - v.nowNs) / 1_000_000);
        }
        return 0;
    }
}
