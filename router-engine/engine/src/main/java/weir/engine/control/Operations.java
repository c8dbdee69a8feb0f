package weir.engine.control;

import java.util.Arrays;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.PairFifoSet;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.VenueMessages;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Accounts;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.risk.Exposure;
import weir.engine.route.FanOut;
import weir.engine.route.Timers;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BudgetConfigDecoder;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.ReferencePriceDecoder;
import weir.protocol.sbe.RouterStartedDecoder;
import weir.protocol.sbe.SystemStatusDecoder;

/** Control commands of a running router: start, grants, prices, periods, conditions, budgets, quotas, bursts. */
public final class Operations {
    private static final int DAY = 1;
    private static final int MONTH = 3;
    private static final int REFUND = 1;
    private static final int CHARGEBACK = 3;
    private static final int CLOCK_SKEW = 2;
    /** Beyond so many tenants one alert goes to all: what a call stages is bounded. */
    private static final int ALERTS_MAX = 64;
    private static final int TIMED_PRICES_SINCE = 2;
    private static final int CHANGES_TOLD_SINCE = 3;

    private final Registry registry;
    private final ClOrdIdTable clOrdIds;
    private final PairFifoSet grants;
    private final Ledger ledger;
    private final Quotas quotas;
    private final Configuration configuration;
    private final FanOut fanOut;
    private final Timers timers;
    private final Exposure exposure;
    private final VenueMessages messages;
    private final ClientAnswers answers;
    private final Verdict verdict;

    /**
     * Works on the core's tables.
     *
     * @param registry      registry
     * @param clOrdIds      ClOrdIDs
     * @param grants        grant ids applied
     * @param ledger        money
     * @param quotas        period quotas
     * @param configuration budgets
     * @param fanOut        jobs
     * @param timers        timers
     * @param exposure      positions, valued at reference prices
     * @param messages      venue messages, for the journal id
     * @param answers       alerts
     * @param verdict       of the call
     */
    public Operations(final Registry registry, final ClOrdIdTable clOrdIds, final PairFifoSet grants,
        final Ledger ledger, final Quotas quotas, final Configuration configuration, final FanOut fanOut,
        final Timers timers, final Exposure exposure, final VenueMessages messages,
        final ClientAnswers answers, final Verdict verdict) {
        this.registry = registry;
        this.clOrdIds = clOrdIds;
        this.grants = grants;
        this.ledger = ledger;
        this.quotas = quotas;
        this.configuration = configuration;
        this.fanOut = fanOut;
        this.timers = timers;
        this.exposure = exposure;
        this.messages = messages;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * First record of a run: sessions and accounts are down, and conditions of the process before it are over.
     *
     * @param d wrapped decoder
     * @return APPLIED
     */
    public int onStarted(final RouterStartedDecoder d) {
        messages.idHigh(Verdict.requestHigh(d.journalIdHigh()));
        for (int s = 0; s < registry.sessions.index.size(); s++) {
            registry.sessions.connected[s] = false;
            if ((registry.sessions.cancelOnDisconnect[s] & 1) != 0 && registry.sessions.openOrders[s] > 0) {
                timers.session(s, verdict.nowNs + registry.sessions.graceNs[s]);
            }
        }
        for (int a = 0; a < registry.accounts.index.size(); a++) {
            registry.accounts.state[a] = Accounts.DOWN;
            registry.accounts.barredUntilNs[a] = Scale.NULL;
            registry.accounts.second[a] = Accounts.DOWN;
            registry.accounts.secondUntilNs[a] = Scale.NULL;
        }
        Arrays.fill(registry.conditions, false);
        Arrays.fill(registry.conditionValues, 0);
        Arrays.fill(registry.clockSkewed, false);
        Arrays.fill(registry.clockSkewMs, 0);
        configuration.applies().forget();
        fanOut.add(FanOut.LOSE_ANSWERS, -1, -1);
        return applied();
    }

    /**
     * Credit; a grant id applied before changes nothing, and no id is ever forgotten: when the table of ids is full, a
     * further grant is refused. A refund, which is negative, never takes more than is available; an adjustment and a
     * chargeback may leave the tenant owing.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED; a refusal is journaled too, so that the sender learns of it
     */
    public int onGrant(final GrantDecoder d) {
        final int tenant = registry.tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (tenant < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.kindRaw() > CHARGEBACK || d.amountMicros() == Long.MIN_VALUE) {
            return refused(RejectReason.MALFORMED);
        }
        if (grants.contains(d.grantId(), 0)) {
            return Configuration.SAME;
        }
        if (grants.isFull()) {
            return refused(RejectReason.GRANT_TABLE_FULL);
        }
        if (!ledger.holds(tenant, d.amountMicros())) {
            return refused(RejectReason.VALUE_OVERFLOW);
        }
        if (d.kindRaw() == REFUND && !ledger.coversRefund(tenant, d.amountMicros())) {
            return refused(RejectReason.CREDIT_EXHAUSTED);
        }
        grants.add(d.grantId(), 0);
        ledger.grant(verdict, tenant, d.kindRaw() == CHARGEBACK ? -Math.abs(d.amountMicros()) : d.amountMicros());
        return applied();
    }

    /**
     * Public price of an instrument. One observed before the one in force changes nothing; one from the future counts
     * as observed now, so that no clock ahead of ours makes a price live longer than its maximum age.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onReferencePrice(final ReferencePriceDecoder d) {
        final Instruments instruments = registry.instruments;
        final int i = instruments.slotOf(d.instrumentId());
        verdict.instrumentId = d.instrumentId();
        if (i < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final boolean timed = registry.rulesVersion >= TIMED_PRICES_SINCE;
        final long observedNs = timed ? Math.min(d.observedNs(), verdict.nowNs) : d.observedNs();
        if (timed && observedNs <= 0) {
            return refused(RejectReason.MALFORMED);
        }
        if (timed && observedNs < instruments.observedNs[i] || instruments.bid[i] == d.bid()
            && instruments.ask[i] == d.ask() && instruments.last[i] == d.last()
            && instruments.observedNs[i] == observedNs) {
            return Configuration.SAME;
        }
        instruments.bid[i] = d.bid();
        instruments.ask[i] = d.ask();
        instruments.last[i] = d.last();
        instruments.observedNs[i] = observedNs;
        exposure.priced(i);
        return applied();
    }

    /**
     * A calendar period begins. DAY ends the session day: its ClOrdIDs go, in slices.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onPeriodRoll(final PeriodRollDecoder d) {
        final int kind = d.kindRaw();
        verdict.tenantId = d.tenantId();
        if (kind < DAY || kind > MONTH) {
            return refused(RejectReason.MALFORMED);
        }
        final int only = d.tenantId() == 0 ? -1 : registry.tenants.slotOf(d.tenantId());
        if (d.tenantId() != 0 && only < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        boolean changed = false;
        for (int t = 0; t < registry.tenants.index.size(); t++) {
            if ((only < 0 || t == only) && registry.tenants.periodStartNs[t * 4 + kind] < d.startNs()) {
                registry.tenants.periodStartNs[t * 4 + kind] = d.startNs();
                roll(t, kind, d.startNs());
                changed = true;
            }
        }
        if (changed && kind == DAY) {
            fanOut.add(FanOut.END_DAY, only, -1);
        }
        return changed ? applied() : Configuration.SAME;
    }

    /**
     * A condition of the process; CLOCK_SKEW also of a venue. A skew stops nothing: it is journaled
     * when it begins and when it ends, and told to the tenants whom it concerns.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onSystemStatus(final SystemStatusDecoder d) {
        final int condition = d.conditionRaw();
        if (condition >= registry.conditions.length) {
            return refused(RejectReason.MALFORMED);
        }
        final boolean active = d.activeRaw() == 1;
        final int venueId = d.venueId() == SystemStatusDecoder.venueIdNullValue() ? 0 : d.venueId();
        if (condition == CLOCK_SKEW) {
            return onClockSkew(venueId, active, d.value());
        }
        if (registry.conditions[condition] == active) {
            return Configuration.SAME;
        }
        registry.conditions[condition] = active;
        registry.conditionValues[condition] = d.value();
        return applied();
    }

    /**
     * A budget changes.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onBudget(final BudgetConfigDecoder d) {
        final int tenant = registry.tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (tenant < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (ledger.budget[tenant] == d.budgetMicros()) {
            return Configuration.SAME;
        }
        final long before = ledger.budget[tenant];
        configuration.budget(tenant, d.budgetMicros());
        ledger.touch(verdict, tenant);
        if (registry.rulesVersion >= CHANGES_TOLD_SINCE) {
            answers.changed(AlertKind.BUDGET_CHANGED, d.tenantId(), "budget", 0, before, d.budgetMicros(), d.buffer(),
                d.offset() + BudgetConfigDecoder.actorEncodingOffset());
        }
        return applied();
    }

    private int onClockSkew(final int venueId, final boolean active, final long skewMs) {
        if (venueId != 0 && !VenueBook.inRange(venueId)) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (registry.clockSkewed[venueId] == active) {
            return Configuration.SAME;
        }
        registry.clockSkewed[venueId] = active;
        registry.clockSkewMs[venueId] = skewMs;
        boolean any = false;
        for (int v = 0; v < VenueBook.CAPACITY; v++) {
            any |= registry.clockSkewed[v];
        }
        registry.conditions[CLOCK_SKEW] = any;
        registry.conditionValues[CLOCK_SKEW] = skewMs;
        tellOfClock(venueId, active ? AlertKind.CLOCK_SKEW : AlertKind.CLOCK_OK, skewMs);
        return applied();
    }

    private void tellOfClock(final int venueId, final AlertKind kind, final long skewMs) {
        final int tenants = registry.tenants.index.size();
        int concerned = 0;
        for (int t = 0; t < tenants; t++) {
            concerned += venueId == 0 || registry.isAt(t, venueId) ? 1 : 0;
        }
        if (concerned == tenants || concerned > ALERTS_MAX) {
            answers.clock(kind, 0, venueId, skewMs);
            return;
        }
        for (int t = 0; t < tenants; t++) {
            if (registry.isAt(t, venueId)) {
                answers.clock(kind, registry.tenants.index.idOf(t), venueId, skewMs);
            }
        }
    }

    private void roll(final int t, final int kind, final long startNs) {
        quotas.roll(t, (byte) kind, startNs);
        if (kind == MONTH) {
            ledger.roll(t, startNs);
        }
        if (kind == DAY) {
            for (int s = 0; s < registry.sessions.index.size(); s++) {
                if (registry.sessions.tenant[s] == t) {
                    registry.sessions.day[s]++;
                    clOrdIds.startDay(s);
                }
            }
        }
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
