package weir.engine.control;

import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.egress.ClientAnswers;
import weir.engine.journal.Verdict;
import weir.engine.registry.ConfigFrames;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.risk.Exposure;
import weir.engine.risk.Holdings;
import weir.engine.risk.Notional;
import weir.engine.risk.RecentOrders;
import weir.engine.risk.StrategyWatch;
import weir.engine.risk.TradingLimits;
import weir.engine.route.OrderControls;
import weir.engine.snapshot.StateImage;
import weir.engine.throttle.RateClasses;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.RiskConfigDecoder;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.StrategyUnlockDecoder;

/**
 * RiskConfig(40) and StrategyUnlock(41): limits of pre-trade controls, in force from the next input on. All values of
 * a command are taken, or none. The copy that goes into the journal says of each limit what it was, beside who set it
 * and why; every session of the tenant is told of each change that a person made.
 * <p>
 * A whole configuration, as the tenant's file states it, sets what it names and switches the rest off; one that is as
 * the last whole one changes nothing, so that what a person set stays in force over a restart until the file changes.
 */
public final class RiskDesk {
    private static final int FRAME_MAX = 1_408;
    private static final int ENTRY = RiskConfigDecoder.LimitsDecoder.sbeBlockLength();
    private static final int OLD_VALUE = ENTRY - Long.BYTES;
    private static final long NONE = RiskConfigDecoder.LimitsDecoder.oldValueNullValue();
    private static final long DAYS_366_MS = 366L * 86_400_000L;
    private static final int BPS_MAX = 100_000;
    private static final int MILLION = 1_000_000;
    /** Names with which a number follows; made once, as the engine makes no text. */
    private static final String[] TARGETED = new String[TradingLimits.COUNT];

    static {
        for (int i = 0; i < TARGETED.length; i++) {
            TARGETED[i] = RiskLimit.get((short) i).name() + " of ";
        }
    }

    private final Registry registry;
    private final Holdings holdings;
    private final TradingLimits limits;
    private final Exposure exposure;
    private final StrategyWatch watch;
    private final RateClasses rates;
    private final OrderControls controls;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private final ConfigFrames frames;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_MAX]);

    /**
     * Works on the core's tables.
     *
     * @param registry       registry
     * @param holdings       rows per tenant and instrument
     * @param limits         limits in force
     * @param exposure       positions
     * @param watch          strategies
     * @param rates          rate classes
     * @param controls       orders that limits concern
     * @param answers        alerts
     * @param verdict        of the call
     * @param tenantCapacity tenant slots
     */
    public RiskDesk(final Registry registry, final Holdings holdings, final TradingLimits limits,
        final Exposure exposure, final StrategyWatch watch, final RateClasses rates, final OrderControls controls,
        final ClientAnswers answers, final Verdict verdict, final int tenantCapacity) {
        this.registry = registry;
        this.holdings = holdings;
        this.limits = limits;
        this.exposure = exposure;
        this.watch = watch;
        this.rates = rates;
        this.controls = controls;
        this.answers = answers;
        this.verdict = verdict;
        frames = new ConfigFrames(tenantCapacity, FRAME_MAX);
    }

    /**
     * RiskConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED; after APPLIED {@link #frame()} is what is journaled
     */
    public int onConfig(final RiskConfigDecoder d, final int offset, final int length) {
        final int t = registry.tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (t < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final boolean whole = d.wholeRaw() == 1;
        final RiskConfigDecoder.LimitsDecoder entries = d.limits();
        if (!frames.fits(length) || entries.actingBlockLength() != ENTRY) {
            return refused(RejectReason.MALFORMED);
        }
        final int first = d.limit() - offset;
        if (entries.count() > holdings.free()) {
            return refused(RejectReason.POSITION_TABLE_FULL);
        }
        frame.putBytes(0, d.buffer(), offset, length);
        for (int i = 0; i < entries.count(); i++) {
            frame.putLong(first + i * ENTRY + OLD_VALUE, NONE);
        }
        final boolean nothing = entries.count() == 0 && frames.isEmpty(t);
        if (whole && (nothing || frames.same(t, frame, 0, length))) {
            return Configuration.SAME;
        }
        boolean changes = whole;
        while (entries.hasNext()) {
            entries.next();
            if (!isValid(entries.limitRaw(), entries.targetId(), entries.newValue())) {
                return refused(RejectReason.MALFORMED);
            }
            if (!isKnown(t, entries.limitRaw(), entries.targetId())) {
                return refused(RejectReason.UNKNOWN_TARGET);
            }
            changes |= inForce(t, entries.limitRaw(), entries.targetId()) != entries.newValue();
        }
        if (!changes) {
            return Configuration.SAME;
        }
        if (whole) {
            frames.put(t, frame, 0, length);
        }
        apply(d, t, whole, first);
        verdict.flags |= Verdict.STATE_CHANGE;
        return Configuration.APPLIED;
    }

    /**
     * StrategyUnlock.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onUnlock(final StrategyUnlockDecoder d) {
        final int t = registry.tenants.slotOf(d.tenantId());
        final int session = registry.sessions.slotOf(d.sessionId());
        verdict.tenantId = d.tenantId();
        if (t < 0 || d.strategyId() == 0 && (session < 0 || registry.sessions.tenant[session] != t)) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final int row = watch.find(t, StrategyWatch.who(d.strategyId(), session));
        if (row == StrategyWatch.NONE || watch.lockedBy(row) == 0) {
            return Configuration.SAME;
        }
        watch.enable(row);
        answers.alert(AlertKind.STRATEGY_UNLOCKED, d.tenantId(), 0, 0, 0, 0,
            d.strategyId() != 0 ? "strategy " : "orders without strategy of session ",
            d.strategyId() != 0 ? d.strategyId() : d.sessionId());
        verdict.flags |= Verdict.STATE_CHANGE;
        return Configuration.APPLIED;
    }

    /**
     * The last RiskConfig applied, with what each limit was.
     *
     * @return frame of the length that came
     */
    public UnsafeBuffer frame() {
        return frame;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        frames.image(image);
    }

    private void apply(final RiskConfigDecoder d, final int t, final boolean whole, final int first) {
        d.sbeRewind();
        RiskConfigDecoder.LimitsDecoder entries = d.limits();
        for (int i = 0; entries.hasNext(); i++) {
            entries.next();
            frame.putLong(first + i * ENTRY + OLD_VALUE, inForce(t, entries.limitRaw(), entries.targetId()));
        }
        if (whole) {
            limits.clear(t);
        }
        d.sbeRewind();
        entries = d.limits();
        for (int i = 0; entries.hasNext(); i++) {
            entries.next();
            final int limit = entries.limitRaw();
            final int target = entries.targetId();
            final long was = frame.getLong(first + i * ENTRY + OLD_VALUE);
            set(t, limit, target, entries.newValue());
            if (!whole && was != entries.newValue()) {
                answers.alert(AlertKind.RISK_LIMIT_CHANGED, d.tenantId(), 0, was, entries.newValue(), 0,
                    target == 0 ? RiskLimit.get((short) limit).name() : TARGETED[limit], target);
            }
        }
        controls.limitsChanged(t);
    }

    /**
     * A limit in force.
     *
     * @param t      tenant slot
     * @param limit  RiskLimit, raw
     * @param target session, instrument or venue id; 0 = the tenant
     * @return value, 0 or null = off
     */
    long inForce(final int t, final int limit, final int target) {
        switch (RiskLimit.get((short) limit)) {
            case MAX_ORDER_QTY:
                return registry.tenants.maxOrderQty[t];
            case MAX_NOTIONAL:
                return registry.tenants.maxNotional[t];
            case MAX_OPEN_ORDERS:
                return registry.tenants.maxOpenOrders[t];
            case PRICE_COLLAR_BPS:
                return registry.tenants.priceCollarBps[t];
            case MESSAGE_BURST:
                return target == 0 ? rates.usualCapacity(t)
                    : rates.capacity(rates.sessionIndex(registry.sessions.slotOf(target)));
            case MESSAGE_RATE:
                return target == 0 ? rates.usualRate(t)
                    : rates.rate(rates.sessionIndex(registry.sessions.slotOf(target)));
            case MAX_POSITION:
                return target == 0 ? limits.of(t, limit)
                    : limits.ownMaxPosition(t, registry.instruments.slotOf(target));
            case POSITION:
                return exposure.position(t, registry.instruments.slotOf(target));
            case RESTRICTED_INSTRUMENT:
                return limits.isRestricted(t, registry.instruments.slotOf(target)) ? 1 : 0;
            case RESTRICTED_VENUE:
                return limits.isVenueRestricted(t, target) ? 1 : 0;
            default:
                return limits.of(t, limit);
        }
    }

    /**
     * What counts toward a limit now.
     *
     * @param t      tenant slot
     * @param limit  RiskLimit, raw
     * @param target instrument id; 0 = the tenant
     * @return in the limit's unit, {@link Scale#NULL} where nothing is counted up
     */
    long used(final int t, final int limit, final int target) {
        switch (RiskLimit.get((short) limit)) {
            case MAX_OPEN_ORDERS:
                return registry.tenants.openOrders[t];
            case MAX_GROSS_EXPOSURE:
                return exposure.gross(t);
            case MAX_NET_EXPOSURE:
                return Math.abs(exposure.net(t));
            case MAX_UNEXECUTED:
                return exposure.unexecuted(t);
            case MAX_POSITION:
                return target == 0 ? Scale.NULL
                    : exposure.worstPosition(t, registry.instruments.slotOf(target));
            default:
                return Scale.NULL;
        }
    }

    private void set(final int t, final int limit, final int target, final long value) {
        switch (RiskLimit.get((short) limit)) {
            case MAX_ORDER_QTY:
                registry.tenants.maxOrderQty[t] = value;
                break;
            case MAX_NOTIONAL:
                registry.tenants.maxNotional[t] = value;
                break;
            case MAX_OPEN_ORDERS:
                registry.tenants.maxOpenOrders[t] = (int) value;
                break;
            case PRICE_COLLAR_BPS:
                registry.tenants.priceCollarBps[t] = (int) value;
                break;
            case MESSAGE_BURST:
                setRate(t, target, (int) value, (int) inForce(t, RiskLimit.MESSAGE_RATE.value(), target));
                break;
            case MESSAGE_RATE:
                setRate(t, target, (int) inForce(t, RiskLimit.MESSAGE_BURST.value(), target), (int) value);
                break;
            case MAX_POSITION:
                if (target == 0) {
                    limits.set(t, limit, value);
                } else {
                    limits.ownMaxPosition(t, registry.instruments.slotOf(target), value);
                }
                break;
            case POSITION:
                exposure.position(t, registry.instruments.slotOf(target), value);
                break;
            case RESTRICTED_INSTRUMENT:
                limits.restrict(t, registry.instruments.slotOf(target), value != 0);
                break;
            case RESTRICTED_VENUE:
                limits.restrictVenue(t, target, value != 0);
                break;
            default:
                limits.set(t, limit, value);
                break;
        }
    }

    private void setRate(final int t, final int target, final int burst, final int perSecond) {
        if (target == 0) {
            rates.tenant(t, burst, perSecond, verdict.nowNs);
        } else {
            rates.session(registry.sessions.slotOf(target), burst, perSecond, verdict.nowNs);
        }
    }

    private static boolean isValid(final int limit, final int target, final long value) {
        if (limit >= TradingLimits.COUNT) {
            return false;
        }
        switch (RiskLimit.get((short) limit)) {
            case POSITION:
                return target != 0 && Math.abs(value) <= Notional.HUGE && value != Long.MIN_VALUE;
            case RESTRICTED_INSTRUMENT:
            case RESTRICTED_VENUE:
                return target != 0 && (value == 0 || value == 1);
            case MESSAGE_BURST:
            case MESSAGE_RATE:
                return value >= 0 && value <= Integer.MAX_VALUE;
            case MAX_POSITION:
                return value >= 0 && value <= Notional.HUGE;
            default:
                return target == 0 && value >= 0 && value <= most(limit);
        }
    }

    private static long most(final int limit) {
        switch (RiskLimit.get((short) limit)) {
            case SELF_TRADE_PREVENTION:
                return 4;
            case SELF_TRADE_GROUP:
            case MAKER_FEE_PPM:
            case TAKER_FEE_PPM:
                return MILLION;
            case DUPLICATE_WINDOW_MS:
                return RecentOrders.WINDOW_MAX_MS;
            case EXECUTIONS_WINDOW_MS:
            case ORDER_TTL_MS:
            case PERIOD_COLLAR_MS:
                return DAYS_366_MS;
            case PRICE_COLLAR_BPS:
            case PERIOD_COLLAR_BPS:
                return BPS_MAX;
            case POST_ONLY_MUST_REST:
                return 1;
            case MAX_OPEN_ORDERS:
            case EXECUTIONS_MAX:
            case LOOP_REJECTS_MAX:
                return Integer.MAX_VALUE - 1;
            default:
                return Notional.HUGE;
        }
    }

    private boolean isKnown(final int tenant, final int limit, final int target) {
        if (target == 0) {
            return true;
        }
        switch (RiskLimit.get((short) limit)) {
            case MESSAGE_BURST:
            case MESSAGE_RATE:
                return registry.sessions.slotOf(target) >= 0
                    && registry.sessions.tenant[registry.sessions.slotOf(target)] == tenant;
            case RESTRICTED_VENUE:
                return VenueBook.inRange(target);
            default:
                return registry.instruments.slotOf(target) >= 0;
        }
    }

    private int refused(final RejectReason reason) {
        verdict.reason = reason.code();
        return Configuration.REFUSED;
    }
}
