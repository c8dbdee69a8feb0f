package weir.engine.control;

import weir.engine.book.TimerHeap;
import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.GuardConfigDecoder;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.OperatorHeartbeatDecoder;

/**
 * What stops trading without a person: the dead man's timer of the router or a tenant, which an operator's heartbeat
 * holds off, and the reject rules of a tenant, which count refused orders of each of its desks and each of its
 * strategies. Both only tighten; a person resumes. Off until configured. Engine thread.
 */
public final class Guards {
    /** Most rejects that a rule can count. */
    public static final int REJECTS_MAX = 64;
    private static final int DEAD_MAN = 0;
    private static final int KINDS = 3;
    private static final int GLOBAL = 0;
    private static final int TENANT = 2;
    private static final int SESSION = 3;
    private static final int STRATEGY = 5;
    private static final long NS_PER_MS = 1_000_000L;

    private final Registry registry;
    private final TradingSwitches switches;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private final int router;
    private final long[] withinNs;
    private final int[] rejects;
    private final byte[] state;
    private final boolean[] cancels;
    private final long[] deadlineNs;
    private final long[] deskTimes;
    private final int[] deskCount;
    private final long[] strategyTimes;
    private long firstNs = TimerHeap.NEVER;

    /**
     * Makes guards that are off.
     *
     * @param registry   registry
     * @param switches   moves states
     * @param answers    alerts
     * @param verdict    of the call
     * @param tenants    tenant slots
     * @param sessions   session slots
     * @param strategies strategy slots
     */
    public Guards(final Registry registry, final TradingSwitches switches, final ClientAnswers answers,
        final Verdict verdict, final int tenants, final int sessions, final int strategies) {
        this.registry = registry;
        this.switches = switches;
        this.answers = answers;
        this.verdict = verdict;
        router = tenants;
        withinNs = new long[(tenants + 1) * KINDS];
        rejects = new int[(tenants + 1) * KINDS];
        state = new byte[(tenants + 1) * KINDS];
        cancels = new boolean[(tenants + 1) * KINDS];
        deadlineNs = new long[tenants + 1];
        deskTimes = new long[sessions * REJECTS_MAX];
        deskCount = new int[sessions];
        strategyTimes = new long[strategies * REJECTS_MAX];
    }

    /**
     * GuardConfig. A dead man's timer begins a full period anew when its configuration changes.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onConfig(final GuardConfigDecoder d) {
        final int kind = d.kindRaw();
        final int owner = owner(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (owner < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (kind >= KINDS || d.stateRaw() < 1 || d.stateRaw() > 2 || d.cancelOpenRaw() > 1 || d.withinMs() < 0
            || kind != DEAD_MAN && (owner == router || d.withinMs() > 0
            && (d.rejects() < 1 || d.rejects() > REJECTS_MAX))) {
            return refused(RejectReason.MALFORMED);
        }
        final int i = owner * KINDS + kind;
        final long ns = d.withinMs() * NS_PER_MS;
        if (ns == 0 && withinNs[i] == 0 || withinNs[i] == ns && rejects[i] == d.rejects() && state[i] == d.stateRaw()
            && cancels[i] == (d.cancelOpenRaw() == 1)) {
            return Configuration.SAME;
        }
        withinNs[i] = ns;
        rejects[i] = d.rejects();
        state[i] = (byte) d.stateRaw();
        cancels[i] = d.cancelOpenRaw() == 1;
        if (kind == DEAD_MAN) {
            rearm(owner);
        }
        return applied();
    }

    /**
     * OperatorHeartbeat: holds the timer off for another period. It does not resume what the timer halted.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME (nothing is guarded there) or REFUSED
     */
    public int onHeartbeat(final OperatorHeartbeatDecoder d) {
        final int owner = owner(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (owner < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (withinNs[owner * KINDS] == 0) {
            return Configuration.SAME;
        }
        rearm(owner);
        return applied();
    }

    /** A run begins: no heartbeat could arrive meanwhile, so each timer that runs begins anew. */
    public void onStarted() {
        for (int owner = 0; owner <= router; owner++) {
            if (deadlineNs[owner] != 0) {
                deadlineNs[owner] = verdict.nowNs + withinNs[owner * KINDS];
            }
        }
        findFirst();
    }

    /**
     * When a dead man's timer ends.
     *
     * @return epoch ns, {@link TimerHeap#NEVER} when none runs
     */
    public long firstNs() {
        return firstNs;
    }

    /**
     * Halts one scope whose heartbeat is overdue.
     *
     * @return true when one was
     */
    public boolean expire() {
        if (firstNs > verdict.nowNs) {
            return false;
        }
        int owner = 0;
        while (deadlineNs[owner] != firstNs) {
            owner++;
        }
        deadlineNs[owner] = 0;
        findFirst();
        final int i = owner * KINDS;
        final int tenantId = owner == router ? 0 : registry.tenants.index.idOf(owner);
        verdict.tenantId = tenantId;
        verdict.flags |= Verdict.STATE_CHANGE;
        answers.alert(AlertKind.DEAD_MAN, tenantId, 0, 0, withinNs[i] / NS_PER_MS, 0,
            owner == router ? "router: no heartbeat of an operator" : "no heartbeat of an operator for tenant ",
            tenantId);
        switches.tighten(owner == router ? GLOBAL : TENANT, tenantId, 0, state[i], cancels[i], KillTrigger.DEAD_MAN);
        return true;
    }

    /**
     * An order or a replace was refused, by the router or by its venue.
     *
     * @param session    session slot
     * @param strategyId strategy of the order, 0 = none
     */
    public void onReject(final int session, final int strategyId) {
        final int tenant = registry.sessions.tenant[session];
        final int desks = tenant * KINDS + 1;
        if (withinNs[desks] > 0 && isOver(deskTimes, deskCount, session, desks)) {
            trip(SESSION, registry.sessions.index.idOf(session), 0, tenant, desks, "session ");
        }
        final int each = desks + 1;
        if (withinNs[each] > 0 && strategyId != 0) {
            final int tenantId = registry.tenants.index.idOf(tenant);
            final int slot = registry.strategyForDesk(tenantId, strategyId, verdict.nowNs);
            if (slot >= 0) {
                registry.strategies.rejectedNs[slot] = verdict.nowNs;
            }
            if (slot >= 0 && isOver(strategyTimes, registry.strategies.rejects, slot, each)) {
                trip(STRATEGY, strategyId, tenantId, tenant, each, "strategy ");
            }
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("guards", 2);
        image.column(withinNs, 0, router * KINDS);
        image.column(rejects, 0, router * KINDS, 0);
        image.column(deadlineNs, 0, router);
        for (int kind = 0; kind < KINDS; kind++) {
            withinNs[router * KINDS + kind] = image.value(withinNs[router * KINDS + kind]);
            rejects[router * KINDS + kind] = image.value(rejects[router * KINDS + kind]);
            state[router * KINDS + kind] = image.value(state[router * KINDS + kind]);
            cancels[router * KINDS + kind] = image.value(cancels[router * KINDS + kind] ? 1 : 0) == 1;
        }
        deadlineNs[router] = image.value(deadlineNs[router]);
        for (int i = 0, n = image.extent(router) * KINDS; i < n; i++) {
            state[i] = image.value(state[i]);
            cancels[i] = image.value(cancels[i] ? 1 : 0) == 1;
        }
        image.column(deskTimes);
        image.column(deskCount);
        image.column(strategyTimes);
        firstNs = image.value(firstNs);
    }

    private void trip(final int scope, final int targetId, final int ofTenant, final int tenant, final int rule,
        final String words) {
        answers.alert(AlertKind.REJECT_LIMIT, registry.tenants.index.idOf(tenant), 0, rejects[rule], rejects[rule],
            verdict.nowNs - withinNs[rule], words, targetId);
        switches.tighten(scope, targetId, ofTenant, state[rule], cancels[rule], KillTrigger.REJECTS);
    }

    /** Notes a reject; true when with it as many as the rule allows fell within its window. Then it counts anew. */
    private boolean isOver(final long[] times, final int[] count, final int slot, final int rule) {
        final int most = rejects[rule];
        final int row = slot * REJECTS_MAX;
        times[row + (count[slot] & REJECTS_MAX - 1)] = verdict.nowNs;
        count[slot]++;
        if (count[slot] < most) {
            return false;
        }
        final boolean over =
            verdict.nowNs - times[row + (count[slot] - most & REJECTS_MAX - 1)] <= withinNs[rule];
        if (over) {
            count[slot] = 0;
        } else if (count[slot] >= 2 * REJECTS_MAX) {
            count[slot] -= REJECTS_MAX;
        }
        return over;
    }

    private void rearm(final int owner) {
        final long ns = withinNs[owner * KINDS];
        deadlineNs[owner] = ns == 0 ? 0 : verdict.nowNs + ns;
        findFirst();
    }

    private void findFirst() {
        firstNs = TimerHeap.NEVER;
        for (final long at : deadlineNs) {
            if (at != 0 && at < firstNs) {
                firstNs = at;
            }
        }
    }

    /** Slot of a tenant id, the last for the router (0), -1 when unknown. */
    private int owner(final int tenantId) {
        return tenantId == 0 ? router : registry.tenants.slotOf(tenantId);
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
