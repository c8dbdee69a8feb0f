package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueState;

/**
 * Eight degraded states, in each of which a new order is refused or waits, against the three ways to cancel: F, q and
 * cancel on disconnect. In each the cancel works: it leaves at once, or it is held and is the first message to the
 * venue when that is back; and an order that waits in the engine ends without one.
 */
class CancelMatrixTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int SESSION = CoreHarness.SESSION;
    private static final int ACCOUNT = CoreHarness.ACCOUNT;
    private static final long NULL = CoreHarness.NULL;
    private static final long GRACE_MS = 100;

    /** What is wrong; {@code code} is what a new order is told. */
    private enum Degraded {
        VENUE_DOWN(RejectReason.VENUE_DOWN, true) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.venueState(ACCOUNT, VenueState.DOWN, NULL));
            }

            @Override
            void leave(final CoreHarness h) {
                h.take(h.frames.venueState(ACCOUNT, VenueState.UP, NULL));
            }
        },
        VENUE_BARRED(RejectReason.VENUE_BARRED, true) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.venueBarred(ACCOUNT, h.now, h.now + 5_000_000_000L));
            }

            @Override
            void leave(final CoreHarness h) {
                h.now += 5_000_000_000L;
            }
        },
        VENUE_BUDGET_SPENT(RejectReason.NONE, false) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.venue(1, 15, 100, 700_000, true, true)); // an order may wait for the window's end
                h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 4, 600_000_000_000L, 0, 0,
                    2, 0, 1, 0, 2, 1, 0));
                h.working("USES-IT-UP-1", E8, PRICE);
                h.working("USES-IT-UP-2", E8, PRICE);
            }
        },
        BUDGET_SPENT_AND_CREDIT_USED_UP(RejectReason.BUDGET_EXHAUSTED, false) {
            @Override
            void enter(final CoreHarness h) {
                h.tenant.creditMode = CreditMode.PREPAID;
                h.take(h.frames.grant(77, 1, weir.protocol.sbe.GrantKind.CHARGEBACK, 2_000_000_000L));
                assertEquals(RejectReason.CREDIT_EXHAUSTED, h.refused(h.limit("NO-CREDIT", E8, PRICE)));
                h.take(h.frames.budget(1, 1));
            }
        },
        QUOTA_AND_RATES_SPENT(RejectReason.RATE_LIMITED_SESSION, false) {
            @Override
            void enter(final CoreHarness h) {
                h.tenant.quotas = new long[] {1, 0, 1, 0, 1};
                h.take(h.frames.tenant(1, h.tenant));
                h.take(h.frames.status(SESSION, ++h.seq, "USES-IT-UP"));
                assertEquals(RejectReason.QUOTA_EXHAUSTED, h.refused(h.limit("NO-QUOTA", E8, PRICE)));
                h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.ON_DISCONNECT, (int) GRACE_MS, 1, 0));
                h.take(h.frames.rate(0, weir.protocol.sbe.RateRoute.NEW, 1, 0));
                assertEquals(RejectReason.QUOTA_EXHAUSTED, h.refused(h.limit("TAKES-THE-TOKEN", E8, PRICE)));
            }
        },
        TENANT_HALTED(RejectReason.TENANT_HALTED, false) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.tradingSwitch(KillScope.TENANT, 1, 0, TradingState.HALTED, false,
                    KillTrigger.COMMAND));
            }
        },
        ROUTER_HALTED_BY_ITS_DEAD_MAN(RejectReason.ROUTER_HALTED, false) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.guard(GuardKind.DEAD_MAN, 0, 50, 0, TradingState.HALTED, false));
                h.after(50);
            }
        },
        JOURNAL_LOW_ON_SPACE(RejectReason.JOURNAL_LOW_SPACE, false) {
            @Override
            void enter(final CoreHarness h) {
                h.take(h.frames.condition(SystemCondition.JOURNAL_LOW_SPACE, true));
            }
        };

        private final RejectReason code;
        private final boolean held;

        Degraded(final RejectReason code, final boolean held) {
            this.code = code;
            this.held = held;
        }

        abstract void enter(CoreHarness h);

        void leave(final CoreHarness h) {
            throw new AssertionError("a cancel was held in " + this + " for " + h.venues);
        }
    }

    private enum Way {
        F, Q, ON_DISCONNECT
    }

    @TestFactory
    List<DynamicTest> shouldCancelInEveryDegradedStateByEveryWay() {
        final List<DynamicTest> tests = new ArrayList<>();
        for (final Degraded state : Degraded.values()) {
            for (final Way way : Way.values()) {
                tests.add(DynamicTest.dynamicTest(state + " x " + way, () -> cancels(state, way)));
            }
        }
        assertEquals(24, tests.size());
        return tests;
    }

    private static void cancels(final Degraded state, final Way way) {
        final CoreHarness h = new CoreHarness().ready();
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.ON_DISCONNECT, (int) GRACE_MS, 0, 0));
        final long order = h.working("OPEN", E8, PRICE);
        state.enter(h);
        h.settle();
        assertEquals(state.code, h.refused(h.limit("NEW", E8, PRICE)), "what a new order is told");
        final boolean queued = state.code == RejectReason.NONE;
        assertEquals(queued ? 1 : 0, h.view.queued(1));
        h.clear();
        act(h, way, queued);
        h.settle();
        final List<CoreHarness.Venue> out = h.venues.stream().filter(v -> v.template() == 71).toList();
        if (state.held) {
            assertEquals(List.of(), h.venues, "held while the venue does not take it");
            state.leave(h);
            h.settle();
            assertEquals(71, h.venues.get(0).template(), () -> "first of " + h.venues);
            assertEquals(order, h.venues.get(0).orderId());
        } else {
            assertTrue(out.stream().anyMatch(v -> v.orderId() == order), () -> "left at once: " + h.venues);
        }
        assertEquals(0, h.view.queued(1), "nothing waits any more");
        if (queued) {
            assertTrue(h.clients.stream().anyMatch(c -> c.execType() == '4' && c.unknown() == false
                && c.status() == '4'), () -> "the queued order ended: " + h.clients);
        }
        if (way == Way.F) {
            assertTrue(h.clients.stream().anyMatch(c -> c.execType() == '6' && c.orderId() == order));
        }
        if (way == Way.Q) {
            assertTrue(h.clients.stream().anyMatch(c -> c.template() == 83 && c.reason() == 0), h.clients.toString());
        }
    }

    private static void act(final CoreHarness h, final Way way, final boolean queued) {
        switch (way) {
            case F:
                h.take(h.frames.cancel(SESSION, ++h.seq, "C1", "OPEN"));
                assertEquals(0, h.record.reason());
                if (queued) {
                    h.take(h.frames.cancel(SESSION, ++h.seq, "C2", "NEW"));
                    assertEquals(0, h.record.reason());
                }
                break;
            case Q:
                h.take(h.frames.massCancel(SESSION, ++h.seq, "M", MassCancelScope.SESSION, ""));
                break;
            default:
                h.take(h.frames.disconnected(SESSION, ++h.seq, DisconnectCause.CONNECTION_LOST));
                h.after(GRACE_MS);
                break;
        }
    }
}
