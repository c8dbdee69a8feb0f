package weir.engine.control;

import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.book.OrderBook;
import weir.engine.egress.ByteOutbox;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Plans;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.risk.StrategyWatch;
import weir.engine.risk.TradingLimits;
import weir.engine.route.CancelLog;
import weir.engine.throttle.Breakers;
import weir.engine.throttle.RateClasses;
import weir.engine.throttle.VenueLimits;
import weir.protocol.Scale;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AdminReplyEncoder;
import weir.protocol.sbe.AdminRequestDecoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RiskLimit;

/**
 * Answers questions about the core (AdminRequest) with one JSON object per frame. Changes nothing. Every row says
 * {@code more}; the last frame does not, has no body, and its id is the {@code fromId} of the next page, -1 at the end.
 */
public final class AdminDesk {
    /** Most rows per request. */
    public static final int ROWS = 32;
    private static final int BODY_MAX = 1280;
    private static final int CANCELLED = 30;
    private static final int SWITCHES = 31;
    private static final int RATES = 32;
    private static final int RISK = 33;
    private static final int STRATEGIES = 34;
    private static final int CIRCUITS = 35;
    private static final int PLANS = 36;
    private static final String[] METERS = {"request", "order-sent", "order-filled", "compute-ms"};
    private static final long NS_PER_MS = 1_000_000L;
    /** Limits that are an instrument's. */
    private static final RiskLimit[] OF_INSTRUMENT =
        {RiskLimit.MAX_POSITION, RiskLimit.POSITION, RiskLimit.RESTRICTED_INSTRUMENT};
    private static final RiskLimit[] OF_SESSION = {RiskLimit.MESSAGE_BURST, RiskLimit.MESSAGE_RATE};

    private final Registry registry;
    private final OrderBook book;
    private final Ledger ledger;
    private final Plans plans;
    private final Quotas quotas;
    private final VenueLimits limits;
    private final RateClasses rates;
    private final RiskDesk risk;
    private final StrategyWatch watch;
    private final Breakers breakers;
    private final CancelLog cancelled;
    private final ByteOutbox outbox;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AdminReplyEncoder reply = new AdminReplyEncoder();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_MAX]);
    private int at;
    private int rows;
    private long nowNs;

    /**
     * Reads the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param ledger   money
     * @param plans    prices and terms
     * @param quotas   period quotas
     * @param limits   venue limits
     * @param rates    rate classes
     * @param risk     pre-trade limits
     * @param watch    strategies
     * @param breakers circuits of the venues
     * @param cancelled orders that jobs cancelled
     * @param outbox   control outbox
     */
    public AdminDesk(final Registry registry, final OrderBook book, final Ledger ledger, final Plans plans,
        final Quotas quotas, final VenueLimits limits, final RateClasses rates, final RiskDesk risk,
        final StrategyWatch watch, final Breakers breakers, final CancelLog cancelled, final ByteOutbox outbox) {
        this.registry = registry;
        this.book = book;
        this.ledger = ledger;
        this.plans = plans;
        this.quotas = quotas;
        this.limits = limits;
        this.rates = rates;
        this.risk = risk;
        this.watch = watch;
        this.breakers = breakers;
        this.cancelled = cancelled;
        this.outbox = outbox;
    }

    /**
     * Answers a question.
     *
     * @param d     wrapped decoder
     * @param time  now, epoch ns
     */
    public void onRequest(final AdminRequestDecoder d, final long time) {
        rows = 0;
        nowNs = time;
        switch (d.kindRaw()) {
            case 1:
                orders(d);
                break;
            case 2:
                tenants(d);
                break;
            case 3:
                limitUse(d);
                break;
            case 4:
                sessions(d);
                break;
            case CANCELLED:
                cancelled(d);
                break;
            case SWITCHES:
                switches(d);
                break;
            case RATES:
                rates(d);
                break;
            case RISK:
                risk(d);
                break;
            case STRATEGIES:
                strategies(d);
                break;
            case CIRCUITS:
                circuits(d);
                break;
            case PLANS:
                plans(d);
                break;
            default:
                begin();
                number("openOrders", book.open());
                number("timeNs", nowNs);
                number("cancelled", cancelled.count());
                clocks();
                send(d, 0);
                end(d, -1);
                break;
        }
    }

    /** Distance of each clock that is in alarm: 0 = the host's, else the venue's id. */
    private void clocks() {
        for (int v = 0; v < registry.clockSkewed.length; v++) {
            if (registry.clockSkewed[v]) {
                if (v == 0) {
                    number("hostClockSkewMs", registry.clockSkewMs[v]);
                } else {
                    numbered("venueClockSkewMs", v, registry.clockSkewMs[v]);
                }
            }
        }
    }

    /** Where a list goes on: any number may come, and one beyond a list's end has nothing after it. */
    private static int first(final AdminRequestDecoder d) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, d.fromId()));
    }

    private void orders(final AdminRequestDecoder d) {
        for (int s = first(d); s < book.highWater(); s++) {
            if (book.isOpen(s) && (d.tenantId() == 0 || tenantId(s) == d.tenantId())) {
                if (rows == ROWS) {
                    end(d, s);
                    return;
                }
                begin();
                number("orderId", book.orderId(s));
                number("tenant", tenantId(s));
                number("session", registry.sessions.index.idOf(book.session(s)));
                number("account", registry.accounts.index.idOf(book.account(s)));
                text("clOrdId", book.ids(), book.idOffset(s, OrderBook.CURRENT), 36);
                text("symbol", registry.instruments.symbols, book.instrument(s) * 20, 20);
                number("state", book.state(s));
                number("side", book.side(s));
                number("orderQty", book.orderQty(s));
                number("price", book.price(s));
                number("cumQty", book.cumQty(s));
                number("strategy", book.strategyId(s));
                number("venue", book.venueId(s));
                number("cancelPhase", book.cancelPhase(s));
                send(d, s);
            }
        }
        end(d, -1);
    }

    private void tenants(final AdminRequestDecoder d) {
        int t = first(d);
        for (; t < registry.tenants.index.size() && rows < ROWS; t++) {
            if (d.tenantId() == 0 || registry.tenants.index.idOf(t) == d.tenantId()) {
                begin();
                number("tenant", registry.tenants.index.idOf(t));
                number("plan", ledger.planId[t]);
                number("state", registry.tenants.state(t));
                number("openOrders", registry.tenants.openOrders[t]);
                number("grantedMicros", ledger.granted[t]);
                number("debitedMicros", ledger.debited[t]);
                number("reservedMicros", ledger.reserved[t]);
                number("availableMicros", ledger.available(t));
                number("receivableMicros", ledger.receivable[t]);
                number("spentMicros", ledger.spent[t]);
                number("budgetMicros", ledger.budget[t]);
                number("requestUnits", ledger.units[t * Plans.METERS + Ledger.REQUEST]);
                number("orderSentUnits", ledger.units[t * Plans.METERS + Ledger.ORDER_SENT]);
                number("orderFilledUnits", ledger.units[t * Plans.METERS + Ledger.ORDER_FILLED]);
                number("computeMsUnits", ledger.units[t * Plans.METERS + Ledger.COMPUTE_MS]);
                for (int q = t * Quotas.PER_TENANT; q < (t + 1) * Quotas.PER_TENANT; q++) {
                    if (quotas.quotaId[q] != 0 && at < BODY_MAX - 128) {
                        numbered("quotaUsed", quotas.quotaId[q], quotas.used[q]);
                        numbered("quotaLimit", quotas.quotaId[q], quotas.limit[q]);
                    }
                }
                send(d, t);
            }
        }
        end(d, t < registry.tenants.index.size() ? t : -1);
    }

    /** Plan versions that are kept, with the prices of each tier: last unit (0 = no bound), micros per unit. */
    private void plans(final AdminRequestDecoder d) {
        final int all = plans.index.size() * plans.versions();
        int i = first(d);
        for (; i < all && rows < ROWS; i++) {
            if (plans.version[i] == 0) {
                continue;
            }
            final int plan = i / plans.versions();
            final int inForce = plans.inForce(plan, nowNs);
            begin();
            number("plan", plans.index.idOf(plan));
            number("version", plans.version[i]);
            number("effectiveNs", plans.effectiveNs[i]);
            number("validUntilNs", plans.validUntilNs[i]);
            number("inForce", inForce == i ? 1 : 0);
            number("awaited", plans.awaited[i] ? 1 : 0);
            number("termed", plans.termed[i] ? 1 : 0);
            number("restart", plans.restart[i] ? 1 : 0);
            number("burst", plans.rateCapacity[i]);
            number("perSecond", plans.ratePerSecond[i]);
            number("fillPerOrder", plans.fillPerOrder[i] ? 1 : 0);
            number("digest", plans.digest(i));
            for (int meter = 0; meter < Plans.METERS; meter++) {
                prices(i, meter);
            }
            send(d, i);
        }
        end(d, i < all ? i : -1);
    }

    private void prices(final int slot, final int meter) {
        key(METERS[meter], 0);
        body.putByte(at++, (byte) '[');
        for (int tier = 0; tier < plans.tiers(slot, meter); tier++) {
            if (tier > 0) {
                body.putByte(at++, (byte) ',');
            }
            final long bound = plans.upTo(slot, meter, tier);
            at += body.putLongAscii(at, bound == Long.MAX_VALUE ? 0 : bound);
            body.putByte(at++, (byte) ',');
            at += body.putLongAscii(at, plans.priceMicros(slot, meter, tier));
        }
        body.putByte(at++, (byte) ']');
    }

    private void limitUse(final AdminRequestDecoder d) {
        final int accounts = Math.max(1, registry.accounts.index.size());
        final int instruments = Math.max(1, registry.instruments.index.size());
        long i = Math.max(0, d.fromId());
        for (; i < (long) limits.index.size() * accounts && rows < ROWS; i++) {
            final int l = (int) (i / accounts);
            final int account = (int) (i % accounts);
            if (account < registry.accounts.index.size() && registry.accounts.venueId[account] == limits.venueId[l]) {
                long used = 0;
                for (int k = 0; k < (limits.scope[l] == VenueLimits.SCOPE_INSTRUMENT ? instruments : 1); k++) {
                    used = Math.max(used, limits.used(l, account, k, nowNs));
                }
                begin();
                number("limit", limits.index.idOf(l));
                number("venue", limits.venueId[l]);
                number("account", registry.accounts.index.idOf(account));
                number("used", used);
                number("effective", limits.effective[l]);
                number("capacity", limits.capacity[l]);
                number("cancelReserve", limits.cancelReserve[l]);
                number("queued", registry.accounts.queued[account]);
                send(d, i);
            }
        }
        end(d, i < (long) limits.index.size() * accounts ? i : -1);
    }

    private void sessions(final AdminRequestDecoder d) {
        int s = first(d);
        for (; s < registry.sessions.index.size() && rows < ROWS; s++) {
            begin();
            number("session", registry.sessions.index.idOf(s));
            number("tenant", registry.tenants.index.idOf(registry.sessions.tenant[s]));
            number("connected", registry.sessions.connected[s] ? 1 : 0);
            number("state", registry.sessions.switchState[s]);
            number("openOrders", registry.sessions.openOrders[s]);
            number("lastMsgSeqNum", registry.sessions.lastMsgSeqNum[s]);
            send(d, s);
        }
        end(d, s < registry.sessions.index.size() ? s : -1);
    }

    /** Orders that jobs cancelled, each with the record that caused it and what became of it. */
    private void cancelled(final AdminRequestDecoder d) {
        long i = Math.max(cancelled.first(), d.fromId());
        for (; i < cancelled.count() && rows < ROWS; i++) {
            final int s = cancelled.orderSlot(i);
            final boolean there = s < book.highWater() && book.orderId(s) == cancelled.orderId(i);
            if (d.tenantId() == 0 || there && tenantId(s) == d.tenantId()) {
                begin();
                number("cause", cancelled.cause(i));
                number("orderId", cancelled.orderId(i));
                if (there) {
                    number("tenant", tenantId(s));
                    number("session", registry.sessions.index.idOf(book.session(s)));
                    number("strategy", book.strategyId(s));
                    number("account", registry.accounts.index.idOf(book.account(s)));
                    text("clOrdId", book.ids(), book.idOffset(s, OrderBook.CURRENT), 36);
                    text("symbol", registry.instruments.symbols, book.instrument(s) * 20, 20);
                    number("side", book.side(s));
                    number("orderQty", book.orderQty(s));
                    number("cumQty", book.cumQty(s));
                    number("state", book.state(s));
                    number("cancelPhase", book.cancelPhase(s));
                    number("ordStatus", book.isOpen(s) ? book.ordStatus(s) : book.finalStatus(s));
                }
                send(d, i);
            }
        }
        end(d, i < cancelled.count() ? i : -1);
    }

    /** Everything that is not active. */
    private void switches(final AdminRequestDecoder d) {
        final int venues = 1 + registry.venues.switchState.length;
        final int tenants = venues + registry.tenants.index.size();
        final int sessions = tenants + registry.sessions.index.size();
        final int accounts = sessions + registry.accounts.index.size();
        final int strategies = accounts + registry.strategies.size();
        int i = first(d);
        for (; i < strategies && rows < ROWS; i++) {
            if (i == 0) {
                state(d, i, 0, 0, 0, registry.globalState, false);
            } else if (i < venues) {
                state(d, i, 1, i - 1, 0, registry.venues.switchState[i - 1], false);
            } else if (i < tenants) {
                final int t = i - venues;
                state(d, i, 2, registry.tenants.index.idOf(t), 0, registry.tenants.state(t),
                    registry.suspensions.tenant[t]);
            } else if (i < sessions) {
                final int s = i - tenants;
                state(d, i, 3, registry.sessions.index.idOf(s), 0, registry.sessions.switchState[s],
                    registry.suspensions.session[s]);
            } else if (i < accounts) {
                final int a = i - sessions;
                state(d, i, 4, registry.accounts.index.idOf(a), 0, registry.accounts.switchState[a], false);
            } else {
                final int s = i - accounts;
                state(d, i, 5, registry.strategies.idOf(s), registry.strategies.tenantIdOf(s),
                    registry.strategies.switchState[s], registry.strategies.suspended[s]);
            }
        }
        end(d, i < strategies ? i : -1);
    }

    private void state(final AdminRequestDecoder d, final int i, final int scope, final int id, final int tenantId,
        final int state, final boolean suspended) {
        if (state != 0 || suspended) {
            begin();
            number("scope", scope);
            number("id", id);
            number("tenant", tenantId);
            number("state", state);
            number("suspended", suspended ? 1 : 0);
            send(d, i);
        }
    }

    /** Rate classes that have a bound: level 0 gateway, 1 tenant, 2 session, 3 route, 4 plan of a tenant. */
    private void rates(final AdminRequestDecoder d) {
        final int tenants = 1 + registry.tenants.index.size();
        final int sessions = tenants + registry.sessions.index.size();
        final int routes = sessions + registry.sessions.index.size() * RateClasses.ROUTES;
        final int all = routes + registry.tenants.index.size();
        int i = first(d);
        for (; i < all && rows < ROWS; i++) {
            if (i == 0) {
                rate(d, i, 0, -1, 0, rates.gatewayIndex());
            } else if (i < tenants) {
                rate(d, i, 1, i - 1, 0, rates.tenantIndex(i - 1));
            } else if (i < sessions) {
                rate(d, i, 2, i - tenants, 0, rates.sessionIndex(i - tenants));
            } else if (i >= routes) {
                planRate(d, i, i - routes);
            } else {
                final int s = (i - sessions) / RateClasses.ROUTES;
                final int route = (i - sessions) % RateClasses.ROUTES;
                rate(d, i, 3, s, route, rates.routeIndex(s, route));
            }
        }
        end(d, i < all ? i : -1);
    }

    private void rate(final AdminRequestDecoder d, final int i, final int level, final int slot, final int route,
        final int index) {
        final int tenant = level == 0 ? -1 : level == 1 ? slot : registry.sessions.tenant[slot];
        final int tenantId = tenant < 0 ? 0 : registry.tenants.index.idOf(tenant);
        if (rates.capacity(index) == 0 || d.tenantId() != 0 && tenantId != 0 && tenantId != d.tenantId()) {
            return;
        }
        begin();
        number("level", level);
        number("tenant", tenantId);
        number("session", level < 2 ? 0 : registry.sessions.index.idOf(slot));
        number("route", route);
        number("burst", rates.capacity(index));
        number("perSecond", rates.rate(index));
        number("left", rates.left(index, nowNs));
        number("burstUntilNs", level == 1 ? rates.burstUntilNs(slot, nowNs) : 0);
        send(d, i);
    }

    /** The class that the version in force of a tenant's plan gives, found now and not at the tenant's last message. */
    private void planRate(final AdminRequestDecoder d, final int i, final int tenant) {
        final int tenantId = registry.tenants.index.idOf(tenant);
        final int version = rates.planVersion(tenant, nowNs);
        if (version < 0 || d.tenantId() != 0 && tenantId != d.tenantId()) {
            return;
        }
        final int window = plans.bursts.at(version, nowNs);
        final int burst = rates.planCapacity(version, window);
        if (burst == 0) {
            return;
        }
        final int index = rates.planIndex(tenant);
        final long untilNs = Math.min(plans.unchangedUntilNs(version / plans.versions(), nowNs),
            plans.bursts.nextChangeNs(version, nowNs));
        begin();
        number("level", 4);
        number("tenant", tenantId);
        number("session", 0);
        number("route", 0);
        number("burst", burst);
        number("perSecond", rates.planRate(version, window));
        number("left", Math.max(0, burst - (rates.capacity(index) - rates.left(index, nowNs))));
        number("plan", ledger.planId[tenant]);
        number("version", plans.version[version]);
        number("window", window < 0 ? 0 : 1);
        number("untilNs", untilNs == Long.MAX_VALUE ? 0 : untilNs);
        send(d, i);
    }

    /** Pre-trade limits that are on and what counts to them: the tenant's, its instruments', venues', sessions'. */
    private void risk(final AdminRequestDecoder d) {
        final int instruments = TradingLimits.COUNT + registry.instruments.index.size() * OF_INSTRUMENT.length;
        final int venues = instruments + VenueBook.CAPACITY;
        final int all = venues + registry.sessions.index.size() * OF_SESSION.length;
        long i = Math.max(0, d.fromId());
        for (; i < (long) registry.tenants.index.size() * all && rows < ROWS; i++) {
            final int t = (int) (i / all);
            final int at = (int) (i % all);
            if (d.tenantId() != 0 && registry.tenants.index.idOf(t) != d.tenantId()) {
                continue;
            }
            if (at < TradingLimits.COUNT) {
                final RiskLimit limit = RiskLimit.get((short) at);
                if (limit != RiskLimit.POSITION && limit != RiskLimit.RESTRICTED_INSTRUMENT
                    && limit != RiskLimit.RESTRICTED_VENUE) {
                    risk(d, i, t, limit, 0);
                }
            } else if (at < instruments) {
                final int of = at - TradingLimits.COUNT;
                risk(d, i, t, OF_INSTRUMENT[of % OF_INSTRUMENT.length],
                    registry.instruments.index.idOf(of / OF_INSTRUMENT.length));
            } else if (at < venues) {
                if (at > instruments) {
                    risk(d, i, t, RiskLimit.RESTRICTED_VENUE, at - instruments);
                }
            } else {
                final int s = (at - venues) / OF_SESSION.length;
                if (registry.sessions.tenant[s] == t) {
                    risk(d, i, t, OF_SESSION[(at - venues) % OF_SESSION.length], registry.sessions.index.idOf(s));
                }
            }
        }
        end(d, i < (long) registry.tenants.index.size() * all ? i : -1);
    }

    private void risk(final AdminRequestDecoder d, final long i, final int t, final RiskLimit limit,
        final int target) {
        final long value = risk.inForce(t, limit.value(), target);
        if (value == 0 || value == Scale.NULL) {
            return;
        }
        begin();
        number("tenant", registry.tenants.index.idOf(t));
        number("limit", limit.value());
        number("target", target);
        number("value", value);
        final long used = risk.used(t, limit.value(), target);
        if (used != Scale.NULL) {
            number("used", used);
        }
        send(d, i);
    }

    /** Strategies that are watched, and sessions for their orders without one. */
    private void strategies(final AdminRequestDecoder d) {
        final int all = registry.tenants.index.size() * StrategyWatch.PER_TENANT;
        int i = first(d);
        for (; i < all && rows < ROWS; i++) {
            final int tenant = registry.tenants.index.idOf(i / StrategyWatch.PER_TENANT);
            final int strategy = watch.strategyOf(i);
            if (strategy != StrategyWatch.NONE && (d.tenantId() == 0 || tenant == d.tenantId())) {
                begin();
                number("tenant", tenant);
                number("strategy", strategy);
                number("session", strategy != 0 ? 0 : registry.sessions.index.idOf(watch.sessionOf(i)));
                number("lockedBy", watch.lockedBy(i));
                number("equalRejects", watch.equalRejects(i));
                send(d, i);
            }
        }
        end(d, i < all ? i : -1);
    }

    /** Each account's line to its venue, and the circuit that it obeys. */
    private void circuits(final AdminRequestDecoder d) {
        int a = first(d);
        for (; a < registry.accounts.index.size() && rows < ROWS; a++) {
            begin();
            number("account", registry.accounts.index.idOf(a));
            number("venue", registry.accounts.venueId[a]);
            number("state", registry.accounts.state[a]);
            number("phase", breakers.phase(a));
            number("leftMs", breakers.phase(a) == Breakers.CLOSED ? 0
                : Math.max(0, (breakers.untilNs(a) - nowNs) / NS_PER_MS));
            number("queued", registry.accounts.queued[a]);
            send(d, a);
        }
        end(d, a < registry.accounts.index.size() ? a : -1);
    }

    private int tenantId(final int slot) {
        return registry.tenants.index.idOf(book.tenant(slot));
    }

    private void begin() {
        body.putByte(0, (byte) '{');
        at = 1;
    }

    private void number(final String key, final long value) {
        key(key, 0);
        at += body.putLongAscii(at, value);
    }

    private void numbered(final String key, final int id, final long value) {
        key(key, id);
        at += body.putLongAscii(at, value);
    }

    private void text(final String key, final UnsafeBuffer source, final int offset, final int length) {
        key(key, 0);
        body.putByte(at++, (byte) '"');
        for (int i = 0; i < length && source.getByte(offset + i) != 0; i++) {
            final byte b = source.getByte(offset + i);
            if (b == '"' || b == '\\') {
                body.putByte(at++, (byte) '\\');
            }
            body.putByte(at++, b);
        }
        body.putByte(at++, (byte) '"');
    }

    private void key(final String key, final int id) {
        if (at > 1) {
            body.putByte(at++, (byte) ',');
        }
        body.putByte(at++, (byte) '"');
        at += body.putStringWithoutLengthAscii(at, key);
        if (id != 0) {
            at += body.putIntAscii(at, id);
        }
        at += body.putStringWithoutLengthAscii(at, "\":");
    }

    private void end(final AdminRequestDecoder d, final long next) {
        at = 0;
        frame(d, next, false);
    }

    private void send(final AdminRequestDecoder d, final long id) {
        body.putByte(at++, (byte) '}');
        frame(d, id, true);
    }

    private void frame(final AdminRequestDecoder d, final long id, final boolean more) {
        reply.wrapAndApplyHeader(outbox.buffer(), outbox.claim(ByteOutbox.MAX_MESSAGE), header)
            .correlationId(d.correlationId()).kind(AdminKind.get(d.kindRaw())).id(id)
            .more(more ? BooleanType.TRUE : BooleanType.FALSE).putBody(body, 0, at);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + reply.encodedLength());
        rows++;
    }
}
