package weir.engine.control;

import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.throttle.RateClasses;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BurstWindowDecoder;
import weir.protocol.sbe.QuotaChangeDecoder;
import weir.protocol.sbe.RateConfigDecoder;

/**
 * Limits of tenants that are set apart from their configuration, or changed while it runs: rate classes of the gateway
 * and of routes, burst windows, quotas. Each change is a record that says who and when, and tells old and new. One
 * thread, the engine's.
 */
public final class LimitChanges {
    private final Registry registry;
    private final RateClasses rates;
    private final Quotas quotas;
    private final ClientAnswers answers;
    private final Verdict verdict;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param rates    rate classes
     * @param quotas   period quotas
     * @param answers  alerts
     * @param verdict  of the call
     */
    public LimitChanges(final Registry registry, final RateClasses rates, final Quotas quotas,
        final ClientAnswers answers, final Verdict verdict) {
        this.registry = registry;
        this.rates = rates;
        this.quotas = quotas;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * RateConfig.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onRate(final RateConfigDecoder d) {
        if (d.capacity() < 0 || d.perSecond() < 0 || d.sessionId() != 0 && d.routeRaw() >= RateClasses.ROUTES) {
            return refused(RejectReason.MALFORMED);
        }
        verdict.sessionId = d.sessionId();
        final int session = d.sessionId() == 0 ? 0 : registry.sessions.slotOf(d.sessionId());
        if (session < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final boolean gateway = d.sessionId() == 0;
        if (rates.is(gateway ? rates.gatewayIndex() : rates.routeIndex(session, d.routeRaw()), d.capacity(),
            d.perSecond())) {
            return Configuration.SAME;
        }
        if (gateway) {
            rates.gateway(d.capacity(), d.perSecond(), verdict.nowNs);
        } else {
            rates.route(session, d.routeRaw(), d.capacity(), d.perSecond(), verdict.nowNs);
        }
        return applied();
    }

    /**
     * BurstWindow. One that is over is refused; the same again changes nothing.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onBurst(final BurstWindowDecoder d) {
        final int tenant = registry.tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (tenant < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.capacity() < 0 || d.perSecond() < 0 || d.untilNs() <= d.fromNs()) {
            return refused(RejectReason.MALFORMED);
        }
        if (rates.isBurst(tenant, d.capacity(), d.perSecond(), d.fromNs(), d.untilNs())) {
            return Configuration.SAME;
        }
        if (d.untilNs() <= verdict.nowNs) {
            return refused(RejectReason.EXPIRE_TIME_INVALID);
        }
        final int before = rates.capacity(rates.tenantIndex(tenant));
        rates.burst(tenant, d.capacity(), d.perSecond(), d.fromNs(), d.untilNs(), verdict.nowNs);
        answers.changed(AlertKind.BURST_WINDOW, d.tenantId(), "burst", 0, before, d.capacity(), d.buffer(),
            d.offset() + BurstWindowDecoder.actorEncodingOffset());
        return applied();
    }

    /**
     * QuotaChange.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onQuota(final QuotaChangeDecoder d) {
        final int tenant = registry.tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (tenant < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.units() < 0) {
            return refused(RejectReason.MALFORMED);
        }
        final long before = quotas.change(tenant, d.quotaId(), d.units());
        if (before < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (before == d.units()) {
            return Configuration.SAME;
        }
        answers.changed(AlertKind.QUOTA_CHANGED, d.tenantId(), "quota ", d.quotaId(), before, d.units(), d.buffer(),
            d.offset() + QuotaChangeDecoder.actorEncodingOffset());
        return applied();
    }

    private int applied() {
        verdict.flags |= Verdict.STATE_CHANGE;
        return Configuration.APPLIED;
    }

    private int refused(final RejectReason reason) {
        verdict.reason = reason.code();
        return Configuration.REFUSED;
    }
}
