package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;

/**
 * Random clients and a fake venue in lock-step with a core. The venue acks, fills, refuses, loses answers and
 * disconnects; it counts messages by its own sliding window. Invariants are checked as outputs come.
 */
final class TrafficModel {
    private static final long E8 = CoreHarness.E8;
    private static final long NULL = CoreHarness.NULL;
    private static final int SESSIONS = 3;
    private static final int CAPACITY = 20;

    /** An order as the venue has it. */
    private static final class VenueOrder {
        long orderId;
        int account;
        long qty;
        long price;
        long cum;
        boolean open;
        long lastId;
        final List<long[]> fills = new ArrayList<>();
    }

    /** An order as its client sees it. */
    private static final class ClientOrder {
        long cum;
        BigInteger value = BigInteger.ZERO;
        boolean finalSeen;
    }

    final CoreHarness harness = new CoreHarness(context());
    final ExposureModel exposure = new ExposureModel();
    private final Random random;
    private final Random idle;
    private final Map<Long, VenueOrder> atVenue = new HashMap<>();
    private final Map<Long, ClientOrder> seen = new HashMap<>();
    private final Set<String> usedIds = new HashSet<>();
    private final Set<Long> venueIds = new HashSet<>();
    private final Map<Integer, ArrayDeque<Long>> window = new HashMap<>();
    private final boolean[] up = {false, true, true};
    private final List<List<String>> ids = new ArrayList<>();
    private final List<Long> quotaAdmissions = new ArrayList<>();
    private int handledVenue;
    private int handledClient;
    private long trade;
    private int nextId;
    private long granted;
    private int newOrders;
    private int batches;
    private int cancelBatches;
    private int queries;
    private int fills;
    private int unknown;
    private int replaces;
    private int day;
    private int riskChanges;
    private int controlled;
    private int selfTrades;
    private int restated;
    private int bars;
    private boolean withPlans;
    private int planVersion = 1;
    private boolean termsSent;
    private long planFromNs;
    private int plans;

    TrafficModel(final long seed) {
        random = new Random(seed);
        idle = new Random(~seed);
        final CoreHarness h = harness;
        h.take(h.frames.started(77, 78));
        h.take(seed % 2 == 0 ? h.frames.venue(1, 15, 40, 1_500, true, true)
            : h.frames.cancelBatchVenue(1, 15, 13, 40, 1_500));
        h.take(h.frames.account(1, 1, 1));
        h.take(h.frames.account(2, 1, 2));
        h.take(h.frames.instrument(1, 1, "BTC-USD", weir.protocol.sbe.InstrumentKind.SPOT, E8 / 100, E8 / 1000,
            E8 / 1000, E8, NULL, 0));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, CAPACITY, 1_000_000_000L, 0,
            1_000, 3, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1, 0));
        h.take(h.frames.plan(1, 1, 1, 2, false, 0, 0, 3, 1, 50, 11, 1, 0, 7, 2, 0, 5));
        for (int t = 1; t <= 2; t++) {
            final Frames.TenantSettings s = new Frames.TenantSettings();
            s.accountId = t;
            s.creditMode = t == 1 ? CreditMode.PREPAID : CreditMode.POSTPAID;
            s.budget = t == 1 ? 0 : 2_000_000_000L;
            s.maxNotional = 5_000_000 * E8;
            s.quotas = t == 1 ? new long[] {1, 1, 0, 60_000_000_000L, 900} : new long[0];
            h.take(h.frames.tenant(t, s));
        }
        for (int s = 0; s < SESSIONS; s++) {
            ids.add(new ArrayList<>());
            h.take(h.frames.session(11 + s, tenantOf(s), CancelOnDisconnect.get((short) s), 200, 60, 40));
            h.take(h.frames.connected(11 + s, tenantOf(s), 1, false));
        }
        grant(50_000);
        controls(1);
        controls(2);
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.take(h.frames.venueState(2, VenueState.UP, NULL));
        react();
    }

    static RouterCore.Context context() {
        return new RouterCore.Context().sessionCapacity(16).tenantCapacity(8).accountCapacity(8)
            .instrumentCapacity(16).limitLogCapacity(1 << 14).limitStateCapacity(64).venueOutboxCapacity(1 << 18)
            .clientOutboxCapacity(1 << 18).controlOutboxCapacity(1 << 17).openOrderCapacity(128)
            .recentOrderCapacity(512).positionCapacity(64)
            .closedOrderCapacity(64).clOrdIdCapacity(4096).clOrdIdsPerSessionDay(1200).executionCapacity(4096);
    }

    /** From here on new versions of the tenants' plan come too. */
    TrafficModel withPlans() {
        withPlans = true;
        return this;
    }

    private static int tenantOf(final int session) {
        return session < 2 ? 1 : 2;
    }

    void run(final int steps) {
        while (harness.records.size() < steps) {
            step();
        }
    }

    /** Lets everything come to rest: all connections up, no new traffic, every order cancelled. */
    void finish() {
        up[1] = true;
        up[2] = true;
        harness.apply(harness.frames.venueState(1, VenueState.UP, NULL));
        harness.apply(harness.frames.venueState(2, VenueState.UP, NULL));
        harness.apply(harness.frames.kill(KillScope.GLOBAL, 0, TradingState.HALTED, true));
        for (int i = 0; i < 2_000 && harness.view.openOrders() > 0; i++) {
            harness.now += 100_000_000;
            react();
            quietVenue();
        }
        assertEquals(0, harness.view.openOrders(), () -> summary() + " open "
            + java.util.Arrays.toString(harness.view.openOrderIds()));
        assertEquals(0, harness.view.reservedMicros(1));
        assertEquals(0, harness.view.reservedMicros(2));
        for (final VenueOrder o : atVenue.values()) {
            assertTrue(!o.open, () -> "order " + o.orderId + " is open at the venue only");
            assertEquals(o.cum, seen.get(o.orderId).cum, () -> "fills of order " + o.orderId);
        }
    }

    String summary() {
        return "records=" + harness.records.size() + " new=" + newOrders + " batches=" + batches
            + " cancelBatches=" + cancelBatches
            + " fills=" + fills
            + " controls=" + riskChanges + " refusedByControls=" + controlled + " selfTrades=" + selfTrades
            + " restated=" + restated + " bars=" + bars + " plans=" + plans
            + " replaces=" + replaces + " queries=" + queries + " unknown=" + unknown;
    }

    /** Every control of a tenant, tight enough to refuse now and then; both tenants are one group by turns. */
    private void controls(final int tenantId) {
        riskChanges++;
        harness.apply(harness.frames.risk(tenantId, false,
            4, 0, (1 + random.nextInt(40)) * 500_000L * E8, 5, 0, (1 + random.nextInt(40)) * 500_000L * E8,
            6, 0, (1 + random.nextInt(40)) * 250_000L * E8, 7, 0, (1 + random.nextInt(200)) * E8,
            9, 0, random.nextInt(5), 10, 0, random.nextInt(3) == 0 ? 0 : 7, 11, 0, random.nextInt(50),
            14, 0, random.nextInt(4) == 0 ? 0 : 5 + random.nextInt(60), 15, 0, random.nextInt(20_000),
            16, 0, random.nextInt(4) == 0 ? 0 : 6 + random.nextInt(20),
            17, 0, random.nextInt(3) == 0 ? 0 : 500 + random.nextInt(20_000),
            18, 0, random.nextInt(3_000), 19, 0, random.nextInt(5_000),
            20, 1, random.nextInt(30) == 0 ? 1 : 0, 21, 1, random.nextInt(30) == 0 ? 1 : 0,
            23, 0, (50 + random.nextInt(500)) * E8, 25, 0, random.nextInt(400)));
    }

    private void step() {
        harness.now += random.nextInt(8) == 0 ? random.nextInt(200_000_000) : random.nextInt(20_000_000);
        if (idle.nextInt(16) == 0) {
            look();
        }
        final int dice = random.nextInt(1000);
        final int s = random.nextInt(SESSIONS);
        if (dice < 400) {
            newOrder(s);
        } else if (dice < 520) {
            cancel(s);
        } else if (dice < 600) {
            replace(s);
        } else if (dice < 620) {
            send(harness.frames.status(11 + s, seq(), someId(s)));
        } else if (dice < 940 && !(withPlans && dice >= 938)) {
            venueMoves();
        } else if (dice < 940) {
            planVersion();
        } else if (dice < 943) {
            send(harness.frames.massCancel(11 + s, seq(), freshId(s),
                random.nextBoolean() ? MassCancelScope.SESSION : MassCancelScope.TENANT, ""));
        } else if (dice < 946) {
            send(harness.frames.disconnected(11 + s, seq(), DisconnectCause.get((short) random.nextInt(3))));
        } else if (dice < 960) {
            send(harness.frames.connected(11 + s, tenantOf(s), seq(), random.nextInt(5) == 0));
        } else if (dice < 975) {
            final int a = 1 + random.nextInt(2);
            up[a] = !up[a] || random.nextInt(4) != 0;
            send(harness.frames.venueState(a, up[a] ? VenueState.UP : VenueState.DOWN, NULL));
        } else if (dice < 985) {
            grant(random.nextInt(5_000));
        } else if (dice < 988) {
            send(harness.frames.roll(0, PeriodKind.DAY, ++day));
            usedIds.clear();
        } else if (dice < 989) {
            send(harness.frames.roll(0, PeriodKind.MONTH, ++day));
        } else if (dice < 991) {
            send(harness.frames.kill(KillScope.SESSION, 11 + s, TradingState.get((short) random.nextInt(2)),
                random.nextInt(8) == 0));
        } else if (dice < 995) {
            send(harness.frames.kill(KillScope.SESSION, 11 + s, TradingState.ACTIVE, false));
        } else if (dice < 997) {
            control(s);
        } else if (dice < 998) {
            send(harness.frames.reading(1 + random.nextInt(2), 1, random.nextInt(12), NULL));
            window.clear();
            bar();
        } else if (dice == 998) {
            controls(1 + random.nextInt(2));
        } else if (dice == 999 && random.nextInt(3) > 0) {
            price();
        } else if (dice == 999 && random.nextInt(7) == 0) {
            up[1] = false;
            up[2] = false;
            send(harness.frames.started(77, 78));
        }
        react();
    }

    /** Questions and reports that teach nothing: they leave no record, and must leave no trace. */
    private void look() {
        final int account = 1 + idle.nextInt(2);
        switch (idle.nextInt(4)) {
            case 0:
                harness.apply(harness.frames.admin(AdminKind.get((short) (idle.nextInt(4) + 1)), 0));
                harness.admin.clear();
                break;
            case 1:
                harness.apply(harness.frames.bar(account, LimitScope.IP, 429, harness.now));
                break;
            case 2:
                harness.apply(harness.frames.tier(account, 1, CAPACITY, 0));
                break;
            default:
                harness.apply(harness.frames.reading(account, 1, 0, NULL));
                break;
        }
    }

    /** Now and then the venue takes nothing for a time that it states, or does not state. */
    private void bar() {
        if (random.nextInt(3) == 0) {
            bars++;
            send(harness.frames.bar(1 + random.nextInt(2), random.nextBoolean() ? LimitScope.ACCOUNT : LimitScope.IP,
                random.nextBoolean() ? 429 : 418,
                random.nextInt(3) == 0 ? NULL : harness.now + random.nextInt(2_000) * 1_000_000L));
        }
    }

    /** Stops, resumes and bounds in all the ways that are not a KillSwitch. */
    private void control(final int s) {
        final int tenant = tenantOf(s);
        switch (random.nextInt(8)) {
            case 0:
                send(harness.frames.massAction(11 + s, seq(), freshId(s), MassActionType.CANCEL,
                    MassCancelScope.SESSION, "", 0));
                break;
            case 1:
                send(harness.frames.massAction(11 + s, seq(), freshId(s), random.nextInt(4) == 0
                    ? MassActionType.SUSPEND : MassActionType.RELEASE, MassCancelScope.SESSION, "", 0));
                break;
            case 2:
                send(harness.frames.tradingSwitch(KillScope.STRATEGY, 1 + random.nextInt(5), tenant,
                    TradingState.get((short) random.nextInt(3)), random.nextBoolean(), KillTrigger.COMMAND));
                break;
            case 3:
                send(harness.frames.guard(GuardKind.DESK_REJECTS, tenant, random.nextInt(3) * 100,
                    1 + random.nextInt(20), TradingState.CANCEL_ONLY, random.nextBoolean()));
                break;
            case 4:
                send(harness.frames.guard(GuardKind.DEAD_MAN, 99, 100, 0, TradingState.HALTED, true));
                break;
            case 5:
                send(harness.frames.rate(11 + s, RateRoute.NEW, random.nextInt(2) * 50, 100));
                break;
            case 6:
                send(harness.frames.burst(tenant, 1_000 + random.nextInt(9), 1_000, harness.now,
                    harness.now + 1_000_000_000L));
                break;
            default:
                send(harness.frames.heartbeat(tenant));
                break;
        }
    }

    /** Half a version of the tenants' plan: its terms, or the prices of those; at times other terms before. */
    private void planVersion() {
        if (!termsSent || random.nextInt(4) == 0) {
            planVersion += termsSent ? 0 : 1;
            planFromNs = harness.now + random.nextInt(2_000) * 1_000_000L;
            send(harness.frames.planTerms(1, planVersion,
                random.nextInt(3) == 0 ? 0 : planFromNs + (1 + random.nextInt(10_000)) * 1_000_000L,
                random.nextBoolean() ? TierStart.RESTART : TierStart.CONTINUE, 50 + random.nextInt(100), 100,
                127, random.nextInt(86_400), 3_600, 200, 200));
            termsSent = true;
        } else {
            send(harness.frames.plan(1, planVersion, planFromNs, random.nextInt(4), random.nextBoolean(), 0, 0, 3,
                1, 1 + random.nextInt(50), 5 + random.nextInt(10), 1, 0, 1 + random.nextInt(10), 2, 0,
                1 + random.nextInt(10)));
            termsSent = false;
            plans += harness.core.lastReason() == 0 ? 1 : 0;
        }
    }

    private void price() {
        final long bid = 42_000 * E8 + random.nextInt(400_000) * (E8 / 100);
        send(harness.frames.price(1, bid, bid + E8, bid, harness.now));
        exposure.priced(bid + E8 / 2);
        for (int s = 0; s < SESSIONS; s++) {
            for (int strategy = 0; strategy < 4; strategy++) {
                harness.apply(harness.frames.unlock(tenantOf(s), strategy, 11 + s));
            }
        }
    }

    private int seq() {
        return ++harness.seq;
    }

    private void grant(final long micros) {
        granted += micros;
        send(harness.frames.grant(++trade, 1, GrantKind.TOP_UP, micros));
    }

    private String freshId(final int s) {
        final String id = "C" + s + "-" + ++nextId;
        ids.get(s).add(id);
        if (ids.get(s).size() > 60) {
            ids.get(s).remove(0);
        }
        return id;
    }

    private String someId(final int s) {
        return ids.get(s).isEmpty() ? "none" : ids.get(s).get(random.nextInt(ids.get(s).size()));
    }

    private void newOrder(final int s) {
        final boolean again = random.nextInt(12) == 0;
        final String id = again ? someId(s) : freshId(s);
        final long qty = (1 + random.nextInt(5000)) * (E8 / 1000);
        final long price = 40_000 * E8 + random.nextInt(1_000_000) * (E8 / 100);
        final boolean buy = random.nextBoolean();
        final int length = harness.frames.newOrder(11 + s, seq(), id, random.nextInt(60) == 0 ? "NONE" : "BTC-USD",
            buy ? Side.BUY : Side.SELL, OrdType.LIMIT, TimeInForce.GTC, qty, price);
        if (again && random.nextBoolean()) {
            harness.frames.newOrder().messageFlags().possDup(true);
        }
        if (random.nextInt(20) == 0) {
            harness.frames.newOrder().queueDeadlineNs(harness.now + random.nextInt(100_000_000));
        }
        harness.frames.newOrder().strategyId(random.nextInt(4));
        send(length);
        controlled += harness.record.reason() >= 504 && harness.record.reason() < 520 ? 1 : 0;
        selfTrades += harness.record.reason() == 505 ? 1 : 0;
        if (harness.record.flags().admitted() && harness.record.inputTemplateId() == 1) {
            newOrders++;
            exposure.admitted(harness.record.sequence(), tenantOf(s), buy, qty, price);
            assertTrue(usedIds.add(s + id), () -> "J3: admitted twice in a session day: " + id);
            if (s < 2) {
                quotaAdmissions.add(harness.now / 60_000_000_000L);
                final long current = harness.now / 60_000_000_000L;
                quotaAdmissions.removeIf(p -> p != current);
                assertTrue(quotaAdmissions.size() <= 900, "J5: quota exceeded");
            }
        }
    }

    private void cancel(final int s) {
        final String orig = someId(s);
        send(harness.frames.cancel(11 + s, seq(), freshId(s), orig));
    }

    private void replace(final int s) {
        final String orig = someId(s);
        final String id = freshId(s);
        final long qty = (1 + random.nextInt(5000)) * (E8 / 1000);
        send(harness.frames.replace(11 + s, seq(), id, orig, "BTC-USD", random.nextBoolean() ? Side.BUY : Side.SELL,
            OrdType.LIMIT, TimeInForce.GTC, qty, 44_000 * E8));
        controlled += harness.record.reason() >= 504 && harness.record.reason() < 520 ? 1 : 0;
        if (harness.record.flags().admitted() && harness.record.inputTemplateId() == 2) {
            exposure.replacing(harness.record.orderId(), id, qty, 44_000 * E8);
        }
    }

    /** Plan versions with terms that were taken. */
    int plans() {
        return plans;
    }

    private void send(final int length) {
        assertTrue(harness.apply(length) != RouterCore.NO_ROOM);
        check();
    }

    private void check() {
        assertTrue(harness.view.availableMicros(1) >= 0, "J5: credit below zero");
        assertEquals(granted, harness.view.grantedMicros(1));
    }

    /** Lets time work and answers what the core sent until nothing is left to answer. */
    private void react() {
        harness.settle();
        check();
        while (handledVenue < harness.venues.size()) {
            final CoreHarness.Venue m = harness.venues.get(handledVenue++);
            receive(m);
            harness.settle();
        }
        while (handledClient < harness.clients.size()) {
            observe(harness.clients.get(handledClient++));
        }
        harness.clear();
        handledVenue = 0;
        handledClient = 0;
        exposure.check(harness.view, 1, 1);
        exposure.check(harness.view, 2, 1);
    }

    private void receive(final CoreHarness.Venue m) {
        trace(m.orderId(), m);
        final VenueOrder o = atVenue.get(m.orderId());
        if (m.batchLow() == 0 || m.orderId() == firstOfBatch(m)) {
            count(m);
        }
        assertTrue(up[m.account()], () -> "message to a venue that is down: " + m);
        assertTrue(venueIds.add(m.idLow()), () -> "venue id used twice: " + m);
        final int fate = random.nextInt(100);
        switch (m.template()) {
            case 70:
                assertTrue(o == null, () -> "J3: order sent twice " + m.orderId());
                batches += m.count() > 1 ? 1 : 0;
                arrive(m, fate);
                break;
            case 75:
                cancelBatches += m.count() > 1 && m.orderId() == firstOfBatch(m) ? 1 : 0;
                if (fate < 85) {
                    cancelAtVenue(m, o);
                }
                break;
            case 71:
                if (fate < 85) {
                    cancelAtVenue(m, o);
                }
                break;
            case 72:
                if (fate < 85) {
                    replaceAtVenue(m, o, fate);
                }
                break;
            default:
                queries++;
                answerQuery(m, o, fate);
                break;
        }
    }

    private long firstOfBatch(final CoreHarness.Venue m) {
        for (final CoreHarness.Venue v : harness.venues) {
            if (v.batchLow() == m.batchLow()) {
                return v.orderId();
            }
        }
        return -1;
    }

    private void count(final CoreHarness.Venue m) {
        final ArrayDeque<Long> sent = window.computeIfAbsent(m.account(), a -> new ArrayDeque<>());
        while (!sent.isEmpty() && sent.peekFirst() + 1_000_000_000L <= harness.now) {
            sent.removeFirst();
        }
        sent.addLast(harness.now);
        assertTrue(sent.size() <= CAPACITY * 9 / 10, () -> "venue limit broken: " + sent.size());
    }

    private void arrive(final CoreHarness.Venue m, final int fate) {
        if (fate < 3) {
            send(harness.frames.notSent(m.account(), m.orderId(), m.idLow(), VenueMessageKind.NEW));
            atVenue.put(m.orderId(), closed(m));
            return;
        }
        if (fate < 6) {
            return;
        }
        if (fate < 90) {
            send(harness.frames.sentOne(m.account(), m.orderId()));
        }
        if (fate < 12) {
            atVenue.put(m.orderId(), closed(m));
            send(harness.frames.execution(m.account(), m.orderId(), m.idLow(), ExecType.REJECTED, OrdStatus.REJECTED,
                NULL, NULL, 0));
            return;
        }
        final VenueOrder o = closed(m);
        o.open = true;
        atVenue.put(m.orderId(), o);
        if (fate < 92) {
            send(harness.frames.execution(m.account(), m.orderId(), m.idLow(), ExecType.NEW, OrdStatus.NEW, NULL, NULL,
                0));
        }
    }

    private static VenueOrder closed(final CoreHarness.Venue m) {
        final VenueOrder o = new VenueOrder();
        o.orderId = m.orderId();
        o.account = m.account();
        o.qty = m.qty();
        o.price = m.price();
        o.lastId = m.idLow();
        return o;
    }

    private void cancelAtVenue(final CoreHarness.Venue m, final VenueOrder o) {
        if (o == null || !o.open) {
            send(harness.frames.cancelReject(m.account(), m.orderId(), m.idLow(), VenueMessageKind.CANCEL, 303));
            return;
        }
        o.open = false;
        if (random.nextInt(10) != 0) {
            final int length = harness.frames.execution(m.account(), m.orderId(), m.idLow(), ExecType.CANCELED,
                OrdStatus.CANCELED, NULL, NULL, 0);
            harness.frames.execution().cumQty(o.cum);
            send(length);
        }
    }

    private void replaceAtVenue(final CoreHarness.Venue m, final VenueOrder o, final int fate) {
        replaces++;
        if (o == null || !o.open || m.qty() <= o.cum || fate < 20) {
            send(harness.frames.cancelReject(m.account(), m.orderId(), m.idLow(), VenueMessageKind.REPLACE,
                o == null || !o.open ? 304 : 805));
            return;
        }
        o.qty = m.qty();
        o.price = m.price();
        o.lastId = m.idLow();
        if (random.nextInt(10) != 0) {
            send(harness.frames.execution(m.account(), m.orderId(), m.idLow(), ExecType.REPLACED, OrdStatus.NEW, NULL,
                NULL, 0));
        }
    }

    private void answerQuery(final CoreHarness.Venue m, final VenueOrder o, final int fate) {
        if (fate < 15) {
            send(harness.frames.orderState(m.account(), m.orderId(), VenueAnswer.NO_ANSWER, OrdStatus.NEW, NULL, NULL,
                NULL));
            return;
        }
        if (fate < 20) {
            return;
        }
        if (o == null) {
            send(harness.frames.orderState(m.account(), m.orderId(), VenueAnswer.NOT_FOUND, OrdStatus.NEW, NULL, NULL,
                NULL));
            return;
        }
        for (final long[] f : o.fills) {
            send(harness.frames.execution(m.account(), m.orderId(), o.lastId, ExecType.TRADE, status(o), f[0], f[1],
                f[2]));
        }
        send(harness.frames.orderState(m.account(), m.orderId(), VenueAnswer.FOUND, status(o), o.cum, o.qty, o.price));
    }

    private static OrdStatus status(final VenueOrder o) {
        if (o.cum >= o.qty) {
            return OrdStatus.FILLED;
        }
        return !o.open ? OrdStatus.CANCELED : o.cum > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
    }

    private void venueMoves() {
        final List<VenueOrder> open = atVenue.values().stream().filter(o -> o.open).toList();
        if (!open.isEmpty()) {
            final VenueOrder o = open.get(random.nextInt(open.size()));
            final long qty = Math.min(o.qty - o.cum, (1 + random.nextInt(3000)) * (E8 / 1000));
            final long[] f = {qty, o.price - random.nextInt(1000), ++trade};
            o.fills.add(f);
            trace(o.orderId, "fill at venue " + java.util.Arrays.toString(f) + " of " + o.qty);
            o.cum += qty;
            o.open = o.cum < o.qty;
            for (int i = up[o.account] && random.nextInt(12) != 0 ? random.nextInt(3) / 2 : 2; i < 2; i++) {
                final int length = harness.frames.execution(o.account, o.orderId, o.lastId, ExecType.TRADE, status(o),
                    f[0], f[1], f[2]);
                harness.frames.execution().cumQty(o.cum);
                send(length);
            }
        }
    }

    private void quietVenue() {
        for (final VenueOrder o : List.copyOf(atVenue.values())) {
            final ClientOrder c = seen.get(o.orderId);
            if (c != null && c.cum < o.cum) {
                for (final long[] f : o.fills) {
                    send(harness.frames.execution(o.account, o.orderId, o.lastId, ExecType.TRADE, status(o), f[0], f[1],
                        f[2]));
                }
            }
        }
        react();
    }

    private static void trace(final long orderId, final Object what) {
        if (orderId == Long.getLong("weir.test.trace", -1)) {
            System.out.println(what);
        }
    }

    private void observe(final CoreHarness.Client c) {
        trace(c.orderId(), c);
        exposure.told(c);
        restated += c.template() == 80 && c.execType() == 'D' ? 1 : 0;
        if (c.template() != 80 || c.orderId() == 0) {
            return;
        }
        unknown += c.unknown() ? 1 : 0;
        final ClientOrder o = seen.computeIfAbsent(c.orderId(), k -> new ClientOrder());
        if (c.execType() == 'F') {
            fills++;
            o.cum += c.lastQty();
            o.value = o.value.add(BigInteger.valueOf(c.lastQty()).multiply(BigInteger.valueOf(c.lastPx())));
        }
        if (!c.unknown()) {
            assertEquals(o.cum, c.cum(), () -> "CumQty of " + c);
            final BigInteger[] exact = o.value.multiply(BigInteger.TWO).add(BigInteger.valueOf(o.cum))
                .divideAndRemainder(BigInteger.TWO.multiply(BigInteger.valueOf(Math.max(1, o.cum))));
            assertEquals(o.cum == 0 ? 0 : exact[0].longValueExact(), c.avg(), () -> "AvgPx of " + c);
        }
        if (c.qty() != NULL) {
            final boolean done = "248C".indexOf(c.status()) >= 0;
            assertEquals(done ? 0 : Math.max(0, c.qty() - c.cum()), c.leaves(), () -> "LeavesQty of " + c);
        }
    }
}
