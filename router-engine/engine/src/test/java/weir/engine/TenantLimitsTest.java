package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.engine.egress.ByteOutbox;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.RateRoute;

/** Rate classes that nest, burst windows, quotas that are exact together, and limits that change while it runs. */
class TenantLimitsTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final long SECOND = 1_000_000_000L;
    private static final int SESSION = CoreHarness.SESSION;

    private final CoreHarness h = new CoreHarness().ready();

    private RejectReason tried() {
        return h.refused(h.limit("L" + h.seq, E8, PRICE));
    }

    private long waitMs() {
        return h.last().b();
    }

    @Test
    void shouldNameTheClassWithTheLongestWaitOfAllThatRefuse() {
        h.take(h.frames.rate(SESSION, RateRoute.NEW, 1, 100));
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 1, 20));
        h.tenant.rateCapacity = 1;
        h.tenant.ratePerSecond = 4;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(h.frames.rate(0, RateRoute.NEW, 1, 10));
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.RATE_LIMITED_TENANT, tried());
        assertEquals(250, waitMs());
        h.tenant.rateCapacity = 0;
        h.take(h.frames.tenant(1, h.tenant));
        assertEquals(RejectReason.RATE_LIMITED_GATEWAY, tried());
        assertEquals(100, waitMs());
        h.take(h.frames.rate(0, RateRoute.NEW, 0, 0));
        assertEquals(RejectReason.RATE_LIMITED_SESSION, tried());
        assertEquals(50, waitMs());
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 0, 0));
        assertEquals(RejectReason.RATE_LIMITED_ROUTE, tried());
        assertEquals(10, waitMs());
        h.after(10);
        assertEquals(RejectReason.NONE, tried());
    }

    @Test
    void shouldChargeNoClassWhenOneRefuses() {
        h.take(h.frames.rate(0, RateRoute.NEW, 10, 0));
        h.take(h.frames.rate(SESSION, RateRoute.NEW, 3, 0));
        for (int i = 0; i < 50; i++) {
            assertEquals(i < 3 ? RejectReason.NONE : RejectReason.RATE_LIMITED_ROUTE, tried());
        }
        h.take(h.frames.rate(SESSION, RateRoute.NEW, 0, 0));
        for (int i = 0; i < 9; i++) {
            assertEquals(i < 7 ? RejectReason.NONE : RejectReason.RATE_LIMITED_GATEWAY, tried(), "attempt " + i);
        }
    }

    @Test
    void shouldKeepRoutesOfASessionApartAndTakeCancelsWithoutARoute() {
        h.take(h.frames.rate(SESSION, RateRoute.STATUS, 1, 0));
        h.take(h.frames.rate(SESSION, RateRoute.REPLACE, 1, 0));
        final long order = h.working("A", E8, PRICE);
        assertTrue(order > 0);
        assertEquals(RejectReason.NONE, h.refused(h.frames.status(SESSION, ++h.seq, "A")));
        assertEquals(RejectReason.RATE_LIMITED_ROUTE, h.refused(h.frames.status(SESSION, ++h.seq, "A")));
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.NONE, h.refused(h.frames.cancel(SESSION, ++h.seq, "C", "A")));
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.rate(99, RateRoute.NEW, 1, 1)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.rate(SESSION, RateRoute.STATUS, 1, 0)));
        h.apply(h.frames.admin(AdminKind.RATES, 0));
        assertEquals(3, h.admin.size(), h.admin.toString());
        assertTrue(h.admin.get(0).contains("\"level\":3,\"tenant\":1,\"session\":11,\"route\":1,\"burst\":1,"
            + "\"perSecond\":0,\"left\":1"), h.admin.toString());
    }

    @Test
    void shouldGiveATenantAnotherClassForTheWindowAndNotLonger() {
        h.tenant.rateCapacity = 2;
        h.tenant.ratePerSecond = 0;
        h.take(h.frames.tenant(1, h.tenant));
        final long from = h.now + 10 * SECOND;
        final long until = from + 60 * SECOND;
        h.take(h.frames.burst(1, 5, 0, from, until));
        assertEquals("burst old=2 new=5 by=alice", h.last().text());
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.burst(1, 5, 0, from, until)));
        assertEquals(List.of(2, 3), List.of(admitted(10), admittedAt(from, 10)), "before and from the first moment");
        final byte[] at = snapshot();
        assertEquals(0, admittedAt(until - 1, 5), "still five in all");
        assertEquals(0, admittedAt(until, 5), "the usual class has its two used");
        h.take(h.frames.burst(1, 50, 0, h.now, h.now + SECOND));
        assertEquals(48, admitted(60), "the window's fifty, less the two that the usual class has used");
        final CoreHarness loaded = new CoreHarness();
        CoreSnapshot.open(new java.io.ByteArrayInputStream(at)).loadInto(loaded.core);
        loaded.now = until - 1;
        assertEquals(RejectReason.RATE_LIMITED_TENANT,
            loaded.refused(loaded.frames.newOrder(SESSION, 900, "Z", "BTC-USD", weir.protocol.sbe.Side.BUY,
            weir.protocol.sbe.OrdType.LIMIT, weir.protocol.sbe.TimeInForce.GTC, E8, PRICE)));
        assertEquals(5, loaded.last().a(), "the class of the window, after a restart within it");
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.burst(1, 5, 0, h.now - 2, h.now - 1)), "over");
    }

    private byte[] snapshot() {
        final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }

    private int admittedAt(final long now, final int attempts) {
        h.now = now;
        return admitted(attempts);
    }

    private int admitted(final int attempts) {
        int admitted = 0;
        for (int i = 0; i < attempts; i++) {
            admitted += tried() == RejectReason.NONE ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void shouldHoldQuotasOfAllPeriodsTogetherAgainstANaiveModel() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("TenantLimitsTest seed=" + seed);
        final Random random = new Random(seed);
        final long[] period = {SECOND, 60 * SECOND, 3_600 * SECOND, 0};
        final long[] limit = {4, 40, 500, 900};
        h.tenant.quotas = new long[] {1, 1, 0, period[0], limit[0], 2, 1, 0, period[1], limit[1], 3, 1, 0, period[2],
            limit[2], 4, 1, 3, 0, limit[3]};
        h.take(h.frames.tenant(1, h.tenant));
        h.take(h.frames.roll(0, PeriodKind.MONTH, h.now));
        final long[] used = new long[4];
        final long[] window = {-1, -1, -1, 0};
        int admitted = 0;
        for (int i = 0; i < 3_000; i++) {
            h.now += random.nextInt(2) * (long) (random.nextDouble() * random.nextDouble() * 3 * SECOND);
            boolean fits = true;
            for (int q = 0; q < 4; q++) {
                final long now = q == 3 ? 0 : h.now / period[q];
                if (window[q] != now) {
                    window[q] = now;
                    used[q] = 0;
                }
                fits &= used[q] < limit[q];
            }
            h.take(h.frames.newOrder(SESSION, ++h.seq, "Q" + i, "BTC-USD", weir.protocol.sbe.Side.BUY,
                weir.protocol.sbe.OrdType.LIMIT, weir.protocol.sbe.TimeInForce.IOC, E8, PRICE));
            assertEquals(fits ? RejectReason.NONE : RejectReason.QUOTA_EXHAUSTED,
                RejectReason.ofCode(h.record.reason()), "attempt " + i + " seed " + seed);
            for (int q = 0; q < 4 && fits; q++) {
                used[q]++;
            }
            admitted += fits ? 1 : 0;
            for (int q = 0; q < 4; q++) {
                assertEquals(used[q], h.view.quotaUsed(1, q + 1), "quota " + (q + 1) + " seed " + seed);
            }
            h.clear();
        }
        assertTrue(admitted > 100 && admitted <= 900, "admitted " + admitted);
    }

    @Test
    void shouldAdmitExactly999999OfAMillionAttemptsOfSeveralSessions() {
        final CoreHarness m = new CoreHarness(new RouterCore.Context().clOrdIdCapacity(1 << 20)
            .clOrdIdsPerSessionDay(1 << 19)).ready();
        final int[] sessions = {SESSION, 12, 13, 14};
        m.tenant.quotas = new long[] {1, 1, 3, 0, 999_999, 2, 1, 0, SECOND, 1_000_000};
        m.tenant.creditMode = CreditMode.POSTPAID;
        m.take(m.frames.tenant(1, m.tenant));
        for (int i = 1; i < sessions.length; i++) {
            m.take(m.frames.session(sessions[i], 1, CancelOnDisconnect.NONE, 0, 0, 0));
            m.take(m.frames.connected(sessions[i], 1, 1, false));
        }
        final Random random = new Random(7);
        final int[] seq = {10, 10, 10, 10};
        int admitted = 0;
        int refused = 0;
        for (int i = 0; i < 1_000_000; i++) {
            final int s = random.nextInt(sessions.length);
            m.now += 1_000;
            assertEquals(RouterCore.TAKEN, m.core.onCommand(m.now, m.frames.buffer, 0,
                m.frames.newOrder(sessions[s], ++seq[s], "O" + i, "BTC-USD", weir.protocol.sbe.Side.BUY,
                weir.protocol.sbe.OrdType.LIMIT, weir.protocol.sbe.TimeInForce.IOC, E8, PRICE)));
            final long order = m.core.record().buffer().getLong(weir.protocol.JournalRecordDescriptor.HEADER_OFFSET
                + weir.protocol.sbe.MessageHeaderEncoder.ENCODED_LENGTH);
            drop(m.core);
            if (m.core.lastReason() == 0) {
                admitted++;
                m.core.onCommand(m.now, m.frames.buffer, 0, m.frames.execution(1, order, 0, ExecType.REJECTED,
                    OrdStatus.REJECTED, CoreHarness.NULL, CoreHarness.NULL, 0));
                drop(m.core);
            } else {
                assertEquals(RejectReason.QUOTA_EXHAUSTED.code(), m.core.lastReason());
                refused++;
            }
        }
        assertEquals(999_999, admitted);
        assertEquals(1, refused);
        assertEquals(999_999, m.view.quotaUsed(1, 1));
    }

    private static void drop(final RouterCore core) {
        for (final ByteOutbox outbox : new ByteOutbox[] {core.venueOutbox(1), core.clientOutbox()}) {
            while (!outbox.isEmpty()) {
                outbox.release();
            }
        }
    }

    @Test
    void shouldRaiseAndLowerAQuotaAndABudgetWhileItRunsAndSayWhoOldAndNew() {
        h.tenant.quotas = new long[] {9, 1, 1, 0, 3};
        h.take(h.frames.tenant(1, h.tenant));
        assertEquals(3, admitted(5));
        h.take(h.frames.quota(1, 9, 5));
        assertEquals(AlertKind.QUOTA_CHANGED.value(), h.last().reason());
        assertEquals("quota 9 old=3 new=5 by=alice", h.last().text());
        assertEquals(2, admitted(5));
        h.take(h.frames.quota(1, 9, 2));
        assertEquals(0, admitted(5));
        assertEquals(5, h.view.quotaUsed(1, 9), "use is kept");
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.quota(1, 9, 2)));
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.quota(1, 8, 2)));
        h.take(h.frames.quota(1, 9, 1_000));
        h.take(h.frames.budget(1, 1_000_000));
        assertEquals(AlertKind.BUDGET_CHANGED.value(), alerts().get(alerts().size() - 1).reason());
        assertEquals("budget old=0 new=1000000 by=test", alerts().get(alerts().size() - 1).text());
    }

    private List<CoreHarness.Client> alerts() {
        return h.clients.stream().filter(c -> c.template() == 84).toList();
    }

    @Test
    void shouldAnnounceEachThresholdOnceInAPeriodAlsoAcrossARestart() {
        h.take(h.frames.plan(2, 1, 1, 1, false, 0, 0, 100));
        h.tenant.creditMode = CreditMode.POSTPAID;
        h.tenant.planId = 2;
        h.tenant.budget = 2_000;
        h.take(h.frames.tenant(1, h.tenant));
        h.clear();
        for (int i = 0; i < 15; i++) {
            h.take(h.limit("B" + i, E8, PRICE));
        }
        assertEquals(List.of(70), alerts().stream().map(CoreHarness.Client::number).toList());
        final CoreHarness after = new CoreHarness();
        final CoreReplay replay = new CoreReplay(after.core, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        after.now = h.now;
        after.seq = h.seq;
        after.take(after.frames.started(0x0123_4567_89AB_CDEFL, 42));
        after.take(after.frames.venueState(1, weir.protocol.sbe.VenueState.UP, CoreHarness.NULL));
        after.take(after.frames.connected(SESSION, 1, ++after.seq, false));
        after.settle();
        after.clear();
        for (int i = 15; i < 25; i++) {
            after.take(after.limit("B" + i, E8, PRICE));
        }
        assertEquals(List.of(85, 95, 100), after.clients.stream().filter(c -> c.template() == 84)
            .map(CoreHarness.Client::number).toList(), "70 % was told before the restart");
        assertEquals(RejectReason.BUDGET_EXHAUSTED, after.refused(after.limit("NO", E8, PRICE)));
        after.take(after.frames.cancel(SESSION, ++after.seq, "C", "B1"));
        assertEquals(0, after.record.reason(), "at 100 % it is cancel-only");
        after.take(after.frames.roll(1, PeriodKind.MONTH, after.now));
        after.take(after.limit("YES", E8, PRICE));
        assertEquals(0, after.record.reason());
    }
}
