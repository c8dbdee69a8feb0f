package weir.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.engine.registry.Registry;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.protocol.sbe.VenueState;

/**
 * A core that keeps the terms of sessions and symbols, and one that forgets them before each command, agree, whatever
 * changes between two orders. What the terms themselves say is for the tests of the controls.
 */
class KnownTermsTest {
    private static final long E8 = CoreHarness.E8;
    private static final long NULL = CoreHarness.NULL;
    private static final int STEPS = 60_000;
    private static final int STEPS_PER_DAY = 5_000;
    private static final int SESSIONS = 4;
    private static final int INSTRUMENTS = 4;
    private static final String[] SYMBOLS = {"NONE", "BTC-USD", "ETH-USD", "BTC-INVERSE-PERP", "SOL-USD"};

    private Random random;
    private CoreHarness harness;
    private CoreHarness other;
    private Registry forgetful;
    private int next;
    private final BitSet reasons = new BitSet();
    private final Deque<CoreHarness.Venue> atVenues = new ArrayDeque<>();
    private int day;
    private int admitted;
    private int admittedLate;
    private int filled;
    private int s;
    private String symbol;
    private Side side;
    private long qty;
    private long price;
    private String lastId = "C0";

    @Test
    void shouldJudgeAsIfNothingWereKnownFromBefore() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("KnownTermsTest seed=" + seed + " (-Dweir.test.seed=" + seed + ")");
        random = new Random(seed);
        harness = new CoreHarness(context());
        other = new CoreHarness(context());
        forgetful = other.core.registry();
        s = 11;
        symbol = SYMBOLS[1];
        side = Side.BUY;
        qty = E8;
        price = 100 * E8;
        begin();
        for (int i = 0; i < STEPS; i++) {
            harness.now += random.nextInt(40_000_000);
            if (i % STEPS_PER_DAY == 0) {
                take(harness.frames.roll(0, PeriodKind.DAY, ++day * 86_400_000_000_000L));
            }
            if (i == STEPS - STEPS / 6) {
                admittedLate = admitted;
            }
            if (random.nextInt(5) > 0) {
                order();
            } else {
                change();
            }
            tick();
            answer();
        }
        for (final RejectReason reason : List.of(RejectReason.SESSION_NOT_CONNECTED, RejectReason.SESSION_HALTED,
            RejectReason.SUSPENDED, RejectReason.TENANT_HALTED, RejectReason.ROUTER_HALTED,
            RejectReason.PERMISSION_DENIED, RejectReason.INSTRUMENT_NOT_PERMITTED, RejectReason.VENUE_HALTED)) {
            assertTrue(reasons.get(reason.code()), () -> "never seen: " + reason);
        }
        assertTrue(reasons.cardinality() >= 30, () -> "seen " + reasons);
        assertFalse(reasons.get(RejectReason.CLORDID_TABLE_FULL.code()), "no room: nothing is looked at");
        assertTrue(admitted > 800 && admitted - admittedLate > 100,
            () -> "admitted " + admitted + ", before the end " + admittedLate);
        assertTrue(filled > 400, () -> "filled " + filled);
    }

    private static RouterCore.Context context() {
        return TrafficModel.context().venueIds(1, 2).clOrdIdCapacity(1 << 15).clOrdIdsPerSessionDay(1 << 15);
    }

    private void begin() {
        take(harness.frames.started(77, 78));
        take(harness.frames.venue(1, 15, 40, 1_500, true, true));
        take(harness.frames.venue(2, 1, 40, 1_500, true, true));
        for (int a = 1; a <= 3; a++) {
            take(harness.frames.account(a, a == 3 ? 2 : 1, a == 2 ? 2 : 0));
        }
        for (int i = 1; i <= INSTRUMENTS; i++) {
            instrument(i);
        }
        take(harness.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5));
        for (int t = 1; t <= 2; t++) {
            take(harness.frames.tenant(t, new Frames.TenantSettings()));
            take(harness.frames.grant(t, t, GrantKind.TOP_UP, 1L << 50));
        }
        for (int s = 0; s < SESSIONS; s++) {
            take(harness.frames.session(11 + s, 1 + s % 2, CancelOnDisconnect.NONE, 0, 0, 0));
            take(harness.frames.connected(11 + s, 1 + s % 2, 1, false));
        }
        for (int a = 1; a <= 3; a++) {
            take(harness.frames.venueState(a, VenueState.UP, NULL));
        }
    }

    private void order() {
        final String id = "C" + next++;
        if (random.nextInt(6) > 0) { // else the same again
            s = 11 + random.nextInt(SESSIONS);
            symbol = SYMBOLS[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(INSTRUMENTS)];
            side = random.nextBoolean() ? Side.BUY : Side.SELL;
            qty = (1 + random.nextInt(40)) * (random.nextInt(8) == 0 ? E8 / 2000 : E8 / 10);
            price = (90 + random.nextInt(20)) * E8;
        }
        final boolean market = random.nextInt(6) == 0;
        final boolean stop = !market && random.nextInt(8) == 0;
        final int length;
        if (random.nextInt(5) == 0) {
            final String orig = random.nextInt(4) == 0 ? "C" + (next - 1 - random.nextInt(60)) : lastId;
            length = harness.frames.replace(s, ++harness.seq, id, orig, symbol, side, OrdType.LIMIT, TimeInForce.GTC,
                qty, price);
        } else {
            length = harness.frames.newOrder(s, ++harness.seq, id, symbol, side,
                market ? OrdType.MARKET : stop ? OrdType.STOP : OrdType.LIMIT, TimeInForce.GTC,
                market && random.nextBoolean() ? NULL : qty, market || stop ? NULL : price, stop ? price : NULL);
            if (harness.frames.newOrder().buffer().getLong(harness.frames.newOrder().offset()
                + weir.protocol.sbe.NewOrderEncoder.orderQtyEncodingOffset()) == NULL) {
                harness.frames.newOrder().cashOrderQty(qty * 50);
            }
            harness.frames.newOrder().strategyId(random.nextInt(3)).execInst().postOnly(!market && !stop
                && random.nextInt(3) == 0);
        }
        take(length);
        reasons.set(harness.record.reason());
        if (harness.record.flags().admitted()) {
            admitted++;
            lastId = id;
        }
    }

    /** Of what went to the venues most is filled, in part or not at all; some rests until it is cancelled. */
    private void answer() {
        while (!atVenues.isEmpty()) {
            final CoreHarness.Venue v = atVenues.poll();
            final long some = v.qty() == NULL || v.qty() < 2 ? 1 : v.qty() / 2;
            if (v.template() == VenueNewOrdersDecoder.TEMPLATE_ID) {
                execution(v, 0, ExecType.NEW, OrdStatus.NEW, NULL);
                switch (random.nextInt(5)) {
                    case 0:
                        break;
                    case 1:
                        execution(v, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL);
                        break;
                    case 2:
                        execution(v, 0, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, some);
                        execution(v, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL);
                        break;
                    default:
                        execution(v, 0, ExecType.TRADE, OrdStatus.FILLED, v.qty() == NULL ? E8 / 100 : v.qty());
                        break;
                }
            } else if (v.template() == VenueCancelDecoder.TEMPLATE_ID
                || v.template() == VenueCancelsDecoder.TEMPLATE_ID) {
                execution(v, v.idLow(), ExecType.CANCELED, OrdStatus.CANCELED, NULL);
            } else if (v.template() == VenueReplaceDecoder.TEMPLATE_ID) {
                execution(v, v.idLow(), ExecType.REPLACED, OrdStatus.NEW, NULL);
            }
        }
    }

    private void execution(final CoreHarness.Venue v, final long request, final ExecType type, final OrdStatus status,
        final long lastQty) {
        final int length = harness.frames.execution(v.account(), v.orderId(), request, type, status, lastQty,
            lastQty == NULL ? NULL : 100 * E8, ++next);
        harness.frames.execution().venueId(v.account() == 3 ? 2 : 1);
        filled += take(length) == RouterCore.TAKEN && type == ExecType.TRADE ? 1 : 0;
    }

    private void change() {
        final int desk = 11 + random.nextInt(SESSIONS);
        final int t = 1 + random.nextInt(2);
        final int state = random.nextInt(40) == 0 ? 1 + random.nextInt(2) : 0;
        switch (random.nextInt(19)) {
            case 0:
                take(harness.frames.kill(KillScope.SESSION, desk, TradingState.get((short) state), false));
                break;
            case 1:
                take(harness.frames.kill(KillScope.TENANT, t, TradingState.get((short) state), random.nextBoolean()));
                break;
            case 2:
                take(harness.frames.kill(KillScope.GLOBAL, 0, TradingState.get((short) state), false));
                break;
            case 3:
                take(harness.frames.kill(KillScope.VENUE, t, TradingState.get((short) state), false));
                break;
            case 4:
                take(harness.frames.kill(KillScope.ACCOUNT, 1 + random.nextInt(3), TradingState.get((short) state),
                    false));
                break;
            case 5:
                take(harness.frames.tradingSwitch(KillScope.STRATEGY, 1 + random.nextInt(2), random.nextInt(3),
                    TradingState.get((short) state), false, KillTrigger.COMMAND));
                break;
            case 6:
                take(random.nextInt(40) == 0
                    ? harness.frames.disconnected(desk, ++harness.seq, DisconnectCause.LOGOUT)
                    : harness.frames.connected(desk, 1 + (desk - 11) % 2, ++harness.seq, false));
                break;
            case 7:
                take(harness.frames.massAction(desk, ++harness.seq, "M" + next++, random.nextInt(40) == 0
                    ? MassActionType.SUSPEND : MassActionType.RELEASE, random.nextBoolean() ? MassCancelScope.SESSION
                    : MassCancelScope.TENANT, "", 0));
                break;
            case 8:
                take(harness.frames.condition(SystemCondition.get((short) random.nextInt(2)),
                    random.nextInt(60) == 0));
                break;
            case 9:
                instrument(1 + random.nextInt(INSTRUMENTS));
                break;
            case 10:
                tenant(t);
                break;
            case 11:
                final int a = 1 + random.nextInt(3);
                take(random.nextBoolean() ? harness.frames.account(a, a == 3 ? 2 : 1, random.nextInt(3))
                    : harness.frames.venueState(a, random.nextInt(4) == 0 ? VenueState.DOWN : VenueState.UP, NULL));
                break;
            case 12:
                take(harness.frames.guard(GuardKind.DESK_REJECTS, t,
                    random.nextInt(20) == 0 ? 100 : 0, 2 + random.nextInt(5),
                    TradingState.CANCEL_ONLY, random.nextBoolean()));
                break;
            case 13:
                for (int strategy = 0; strategy < 3; strategy++) {
                    take(harness.frames.unlock(t, strategy, desk));
                }
                take(harness.frames.massCancel(desk, ++harness.seq, "M" + next++, MassCancelScope.TENANT, ""));
                break;
            case 14:
                final long bid = (95 + random.nextInt(10)) * E8;
                take(harness.frames.price(1 + random.nextInt(INSTRUMENTS), bid, bid + E8, bid, harness.now));
                break;
            case 15:
                final int session = harness.frames.session(desk, 1 + (desk - 11) % 2, CancelOnDisconnect.NONE, 0, 0, 0);
                harness.frames.sessionPermissions().market(random.nextBoolean()).newOrder(random.nextInt(30) > 0);
                take(session);
                break;
            case 16:
                take(harness.frames.guard(GuardKind.DEAD_MAN, t, random.nextInt(6) == 0 ? 1_000 : 0, 0,
                    TradingState.CANCEL_ONLY, random.nextBoolean()));
                break;
            case 17:
                take(harness.frames.kill(KillScope.TENANT, t, TradingState.ACTIVE, false));
                break;
            default:
                limits(t);
                break;
        }
    }

    private void instrument(final int i) {
        // an instrument keeps its venue
        final int length = harness.frames.instrument(i, 1 + i % 2, SYMBOLS[random.nextInt(4) == 0
            ? 1 + random.nextInt(INSTRUMENTS) : i], InstrumentKind.get((short) random.nextInt(3)),
            random.nextBoolean() ? 0 : E8 / 100, random.nextBoolean() ? 0 : E8 / 1000, E8 / 2000 * random.nextInt(3),
            random.nextInt(3) * E8, random.nextBoolean() ? E8 : E8 / 10, random.nextInt(2) * 60_000);
        harness.frames.instrument()
            .status(random.nextInt(8) == 0 ? InstrumentStatus.HALTED : InstrumentStatus.TRADING);
        take(length);
    }

    private void tenant(final int t) {
        final Frames.TenantSettings s = new Frames.TenantSettings();
        s.accountId = 1 + random.nextInt(3);
        s.maxQty = random.nextBoolean() ? NULL : (1 + random.nextInt(4)) * E8;
        s.maxNotional = random.nextBoolean() ? NULL : (1 + random.nextInt(400)) * E8;
        s.maxOpen = random.nextInt(3) * 8;
        s.collarBps = random.nextInt(3) * 500;
        s.mayNew = random.nextInt(30) > 0;
        s.mayMarket = random.nextInt(6) > 0;
        s.mayReplace = random.nextInt(12) > 0;
        s.instruments = random.nextInt(4) > 0 ? new int[0] : new int[] {1, 2 + random.nextInt(3)};
        take(harness.frames.tenant(t, s));
    }

    private void limits(final int t) {
        take(harness.frames.risk(t, random.nextBoolean(),
            4, 0, random.nextInt(3) * 3_000L * E8, 5, 0, random.nextInt(3) * 3_000L * E8,
            6, 0, random.nextInt(3) * 2_000L * E8, 7, 0, random.nextInt(3) * 20 * E8,
            7, 1 + random.nextInt(INSTRUMENTS), random.nextInt(3) * 10 * E8,
            9, 0, random.nextInt(5), 10, 0, random.nextInt(3) == 0 ? 0 : 7, 11, 0, random.nextInt(5_000),
            16, 0, random.nextInt(2) * 20, 17, 0, random.nextInt(3) * 5_000L,
            18, 0, random.nextInt(3) * 300, 19, 0, random.nextInt(2) * 5_000L,
            20, 1 + random.nextInt(INSTRUMENTS), random.nextInt(5) / 4,
            21, 1 + random.nextInt(2), random.nextInt(6) / 5,
            22, 0, random.nextInt(2), 23, 0, random.nextInt(2) * E8 / 20, 24, 0, random.nextInt(400),
            25, 0, random.nextInt(400)));
    }

    private int take(final int length) {
        forgetful.changed();
        final int theirs = other.core.onCommand(harness.now, harness.frames.buffer, 0, length);
        final int result = harness.core.onCommand(harness.now, harness.frames.buffer, 0, length);
        compare(result, theirs);
        return result;
    }

    private void tick() {
        int result;
        do {
            forgetful.changed();
            final int theirs = other.core.onTick(harness.now);
            result = harness.core.onTick(harness.now);
            compare(result, theirs);
        } while (result == RouterCore.TAKEN);
    }

    private void compare(final int result, final int theirs) {
        assertEquals(theirs, result);
        other.drain(theirs);
        harness.drain(result);
        assertEquals(other.records.size(), harness.records.size());
        if (result == RouterCore.TAKEN) {
            assertArrayEquals(other.records.get(other.records.size() - 1),
                harness.records.get(harness.records.size() - 1));
            assertEquals(other.clients, harness.clients);
            atVenues.addAll(harness.venues);
        }
        harness.clear();
        other.clear();
    }
}
