package weir.engine.control;

import org.agrona.DirectBuffer;
import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.route.FanOut;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.KillSwitchDecoder;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.TradingSwitchDecoder;

/**
 * Trading states: active, cancel-only, halted; of the router, a venue, a tenant, a desk (session), an account and a
 * strategy. The strictest of all that concern an order decides. A state that is not active also ends, at no cost at
 * the venue, what the scope has waiting in the engine; {@code cancelOpen} cancels at the venue as well, in slices,
 * before anything else that time makes due. Only a switch moves a state back: no file, timer or restart does.
 */
public final class TradingSwitches {
    private static final int GLOBAL = 0;
    private static final int TENANT = 2;
    private static final int SESSION = 3;
    private static final int STRATEGY = 5;
    private static final int TRIGGERS = 5;
    private static final int QUEUED_ENDS_SINCE = 3;

    private final Registry registry;
    private final FanOut fanOut;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private DirectBuffer actor;
    private int actorAt;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param fanOut   jobs
     * @param answers  alerts
     * @param verdict  of the call
     */
    public TradingSwitches(final Registry registry, final FanOut fanOut, final ClientAnswers answers,
        final Verdict verdict) {
        this.registry = registry;
        this.fanOut = fanOut;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * KillSwitch, the form of schema version 1: a strategy is any tenant's.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onKillSwitch(final KillSwitchDecoder d) {
        if (d.stateRaw() > 2) {
            return refused(RejectReason.MALFORMED);
        }
        return move(d.scopeRaw(), d.targetId(), 0, (byte) d.stateRaw(), d.cancelOpenRaw() == 1, null);
    }

    /**
     * TradingSwitch.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onSwitch(final TradingSwitchDecoder d) {
        if (d.stateRaw() > 2 || d.triggerRaw() >= TRIGGERS || d.cancelOpenRaw() > 1
            || d.tenantId() != 0 && d.scopeRaw() != STRATEGY) {
            return refused(RejectReason.MALFORMED);
        }
        if (d.tenantId() != 0 && registry.tenants.slotOf(d.tenantId()) < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        actor = d.buffer();
        actorAt = d.offset() + TradingSwitchDecoder.actorEncodingOffset();
        final int result = move(d.scopeRaw(), d.targetId(), d.tenantId(), (byte) d.stateRaw(),
            d.cancelOpenRaw() == 1, d.trigger());
        actor = null;
        actorAt = 0;
        return result;
    }

    /**
     * A guard moves a state, never back.
     *
     * @param scope    KillScope, raw
     * @param targetId id in the scope
     * @param tenantId tenant of a strategy, else 0
     * @param state    TradingState, raw
     * @param cancels  cancel what is open
     * @param trigger  DEAD_MAN or REJECTS
     */
    void tighten(final int scope, final int targetId, final int tenantId, final byte state, final boolean cancels,
        final KillTrigger trigger) {
        final int target = target(scope, targetId, tenantId);
        if (target >= 0) {
            move(scope, targetId, tenantId, (byte) Math.max(state, state(scope, target)), cancels, trigger);
        }
    }

    private int move(final int scope, final int targetId, final int tenantId, final byte state,
        final boolean cancels, final KillTrigger trigger) {
        if (scope == STRATEGY && state == 0 && registry.strategies.slotOf(tenantId, targetId) < 0) {
            return stateless(targetId, tenantId, cancels);
        }
        final int target = target(scope, targetId, tenantId);
        if (target < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final boolean changed = state(scope, target) != state;
        if (!changed && !cancels) {
            return Configuration.SAME;
        }
        state(scope, target, state);
        final boolean ends = registry.rulesVersion >= QUEUED_ENDS_SINCE && state != 0;
        if (cancels || ends) {
            final int owner = tenantId == 0 ? -1 : registry.tenants.slotOf(tenantId);
            fanOut.cancel(FanOut.CANCEL_ALL + scope, scope == STRATEGY ? targetId : target, -1, owner, !cancels,
                ends ? reason(scope, state) : 0);
        }
        if (changed) {
            final int concerned = scope == STRATEGY ? tenantId : concerned(scope, target, targetId);
            verdict.tenantId = concerned;
            final AlertKind kind = state == 0 ? AlertKind.RESUMED : state == 1 ? AlertKind.CANCEL_ONLY
                : AlertKind.HALTED;
            answers.switched(kind, concerned, words(scope), targetId, trigger == null ? null : trigger.name(), actor,
                actorAt);
        }
        verdict.flags |= Verdict.STATE_CHANGE;
        return Configuration.APPLIED;
    }

    /** A strategy that has no state and gets none: it takes no slot, since what changes nothing is not journaled. */
    private int stateless(final int strategyId, final int tenantId, final boolean cancels) {
        if (!cancels) {
            return Configuration.SAME;
        }
        fanOut.cancel(FanOut.CANCEL_STRATEGY, strategyId, -1,
            tenantId == 0 ? -1 : registry.tenants.slotOf(tenantId), false, 0);
        verdict.flags |= Verdict.STATE_CHANGE;
        return Configuration.APPLIED;
    }

    private int target(final int scope, final int id, final int tenantId) {
        switch (scope) {
            case GLOBAL:
                return 0;
            case 1:
                return VenueBook.inRange(id) ? id : -1;
            case TENANT:
                return registry.tenants.slotOf(id);
            case SESSION:
                return registry.sessions.slotOf(id);
            case 4:
                return registry.accounts.slotOf(id);
            case STRATEGY:
                return registry.strategyForOperator(tenantId, id);
            default:
                return -1;
        }
    }

    private byte state(final int scope, final int target) {
        switch (scope) {
            case GLOBAL:
                return registry.globalState;
            case 1:
                return registry.venues.switchState[target];
            case TENANT:
                return registry.tenants.switchState[target];
            case SESSION:
                return registry.sessions.switchState[target];
            case 4:
                return registry.accounts.switchState[target];
            default:
                return registry.strategies.switchState[target];
        }
    }

    private void state(final int scope, final int target, final byte state) {
        registry.changed();
        switch (scope) {
            case GLOBAL:
                registry.globalState = state;
                break;
            case 1:
                registry.venues.switchState[target] = state;
                break;
            case TENANT:
                registry.tenants.switchState[target] = state;
                break;
            case SESSION:
                registry.sessions.switchState[target] = state;
                break;
            case 4:
                registry.accounts.switchState[target] = state;
                break;
            default:
                registry.strategies.switchState[target] = state;
                break;
        }
    }

    /** Tenant id that a switch is about; 0 = all. */
    private int concerned(final int scope, final int target, final int id) {
        switch (scope) {
            case TENANT:
                return id;
            case SESSION:
                return registry.tenants.index.idOf(registry.sessions.tenant[target]);
            case 4:
                return registry.accounts.tenantId[target];
            default:
                return 0;
        }
    }

    /** What a queued order that the switch ends is told. */
    private static int reason(final int scope, final byte state) {
        final boolean halted = state == 2;
        switch (scope) {
            case GLOBAL:
                return (halted ? RejectReason.ROUTER_HALTED : RejectReason.ROUTER_CANCEL_ONLY).code();
            case 1:
                return (halted ? RejectReason.VENUE_HALTED : RejectReason.VENUE_CANCEL_ONLY).code();
            case TENANT:
                return (halted ? RejectReason.TENANT_HALTED : RejectReason.TENANT_CANCEL_ONLY).code();
            case SESSION:
                return (halted ? RejectReason.SESSION_HALTED : RejectReason.SESSION_CANCEL_ONLY).code();
            case 4:
                return RejectReason.ACCOUNT_HALTED.code();
            default:
                return (halted ? RejectReason.STRATEGY_HALTED : RejectReason.STRATEGY_CANCEL_ONLY).code();
        }
    }

    private static String words(final int scope) {
        switch (scope) {
            case GLOBAL:
                return "router";
            case 1:
                return "venue ";
            case TENANT:
                return "tenant ";
            case SESSION:
                return "session ";
            case 4:
                return "account ";
            default:
                return "strategy ";
        }
    }

    private int refused(final RejectReason reason) {
        verdict.reason = reason.code();
        return Configuration.REFUSED;
    }
}
