package weir.engine.ingress;

import org.agrona.DirectBuffer;
import weir.engine.book.OrderBook;
import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.registry.Registry;
import weir.engine.route.FanOut;
import weir.engine.throttle.RateClasses;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.MassActionDecoder;

/**
 * OrderMassActionRequest(CA): cancel, suspend and release, for the desk, for a strategy of its tenant, or for all of
 * its tenant; cancel also for a symbol of the desk. Needs the permission to mass cancel; free, and stopped by no rate,
 * as a cancel is. Suspending ends what waits in the engine; what is open stays until it is cancelled.
 */
public final class MassActions {
    private static final int MAY_MASS_CANCEL = 1 << 4;
    private static final int SESSION_SYMBOL = 1;
    private static final int SESSION = 7;
    private static final int TENANT = 9;
    private static final int STRATEGY = 100;
    private static final int SUSPEND = 1;
    private static final int RELEASE = 2;
    private static final int CANCEL = 3;

    private final Registry registry;
    private final OrderBook book;
    private final RateClasses rates;
    private final FanOut fanOut;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private int session;
    private int tenant;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param rates    rate classes
     * @param fanOut   jobs
     * @param answers  answers
     * @param verdict  of the call
     */
    public MassActions(final Registry registry, final OrderBook book, final RateClasses rates, final FanOut fanOut,
        final ClientAnswers answers, final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.rates = rates;
        this.fanOut = fanOut;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * OrderMassActionRequest(CA).
     *
     * @param d wrapped decoder
     */
    public void onMassAction(final MassActionDecoder d) {
        final DirectBuffer buffer = d.buffer();
        final int id = d.offset() + MassActionDecoder.clOrdIdEncodingOffset();
        final int symbol = d.offset() + MassActionDecoder.symbolEncodingOffset();
        final int scope = d.scopeRaw();
        session = registry.sessions.slotOf(d.sessionId());
        verdict.sessionId = d.sessionId();
        if (session < 0) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            answers.massAction(d.sessionId(), -1, d.msgSeqNum(), verdict.reason, buffer, id, symbol, scope,
                d.actionRaw(), 0);
            return;
        }
        tenant = registry.sessions.tenant[session];
        verdict.tenantId = registry.tenants.index.idOf(tenant);
        rates.count(session, tenant, verdict.nowNs);
        final int instrument = scope == SESSION_SYMBOL ? registry.instruments.slotOf(buffer, symbol) : -1;
        final int strategy = scope == STRATEGY ? d.strategyId() : 0;
        int affected = 0;
        if (check(d.actionRaw(), scope, instrument, strategy) == 0) {
            verdict.flags |= Verdict.ADMITTED;
            affected = count(scope, instrument, strategy);
            act(d.actionRaw(), scope, instrument, strategy);
        }
        answers.massAction(d.sessionId(), tenant, d.msgSeqNum(), verdict.reason, buffer, id, symbol, scope,
            d.actionRaw(), affected);
    }

    private int check(final int action, final int scope, final int instrument, final int strategy) {
        if (!registry.sessions.connected[session]) {
            return verdict.refuse(RejectReason.SESSION_NOT_CONNECTED.code(), 0, 0);
        }
        final boolean known = scope == SESSION || scope == TENANT || scope == STRATEGY
            || scope == SESSION_SYMBOL && action == CANCEL;
        if (action < SUSPEND || action > CANCEL || !known) {
            return verdict.refuse(RejectReason.UNSUPPORTED_MESSAGE.code(), action, scope);
        }
        final int permissions = registry.sessions.permissions[session] & registry.tenants.permissions[tenant];
        if ((permissions & MAY_MASS_CANCEL) == 0) {
            return verdict.refuse(RejectReason.PERMISSION_DENIED.code(), permissions, MAY_MASS_CANCEL);
        }
        if (scope == SESSION_SYMBOL && instrument < 0) {
            return verdict.refuse(RejectReason.UNKNOWN_SYMBOL.code(), 0, 0);
        }
        if (scope == STRATEGY && strategy == 0) {
            return verdict.refuse(RejectReason.UNKNOWN_TARGET.code(), 0, 0);
        }
        return scope == STRATEGY && action == SUSPEND
            && registry.strategyForDesk(verdict.tenantId, strategy, verdict.nowNs) < 0
            ? verdict.refuse(RejectReason.GATEWAY_BUSY.code(), registry.strategies.size(), 0) : 0;
    }

    private void act(final int action, final int scope, final int instrument, final int strategy) {
        if (action == CANCEL) {
            job(scope, instrument, strategy, false, 0);
        } else if (mark(scope, strategy, action == SUSPEND)) {
            verdict.flags |= Verdict.STATE_CHANGE;
            answers.alert(action == SUSPEND ? AlertKind.SUSPENDED : AlertKind.RELEASED, verdict.tenantId, 0, 0, 0, 0,
                scope == SESSION ? "session " : scope == TENANT ? "tenant " : "strategy ",
                scope == SESSION ? verdict.sessionId : scope == TENANT ? verdict.tenantId : strategy);
            if (action == SUSPEND) {
                job(scope, instrument, strategy, true, RejectReason.SUSPENDED.code());
            }
        }
    }

    private void job(final int scope, final int instrument, final int strategy, final boolean queuedOnly,
        final int reason) {
        if (scope == STRATEGY) {
            fanOut.cancelOnRequest(FanOut.CANCEL_STRATEGY, strategy, -1, tenant, queuedOnly, reason);
        } else {
            fanOut.cancelOnRequest(scope == TENANT ? FanOut.CANCEL_TENANT : FanOut.CANCEL_SESSION,
                scope == TENANT ? tenant : session, instrument, -1, queuedOnly, reason);
        }
    }

    /** Sets what is suspended; true when that changed it. */
    private boolean mark(final int scope, final int strategy, final boolean suspended) {
        final boolean[] column = scope == SESSION ? registry.suspensions.session
            : scope == TENANT ? registry.suspensions.tenant : registry.strategies.suspended;
        final int at = scope == SESSION ? session : scope == TENANT ? tenant
            : registry.strategies.slotOf(verdict.tenantId, strategy);
        if (at < 0 || column[at] == suspended) {
            return false;
        }
        column[at] = suspended;
        return true;
    }

    private int count(final int scope, final int instrument, final int strategy) {
        if (scope == TENANT) {
            return registry.tenants.openOrders[tenant];
        }
        if (scope == SESSION) {
            return registry.sessions.openOrders[session];
        }
        int left = scope == STRATEGY ? registry.tenants.openOrders[tenant] : registry.sessions.openOrders[session];
        int orders = 0;
        for (int i = 0; left > 0 && i < book.highWater(); i++) {
            if (book.isOpen(i) && (scope == STRATEGY ? book.tenant(i) == tenant : book.session(i) == session)) {
                left--;
                orders += (scope == STRATEGY ? book.strategyId(i) == strategy : book.instrument(i) == instrument)
                    ? 1 : 0;
            }
        }
        return orders;
    }
}
