package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import weir.billing.stripe.ClockRules.Verdict;

class ClockRulesTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final long MINUTE_MS = 60_000L;
    private static final long DAY_MS = 86_400_000L;

    private static Verdict at(final long offsetMs) {
        return ClockRules.judge((NOW_MS + offsetMs) * 1_000_000L, NOW_MS);
    }

    @Test
    void shouldKeepAMinuteOfEachLimit() {
        assertEquals(Verdict.SEND, at(0));
        assertEquals(Verdict.SEND, at(-35 * DAY_MS + MINUTE_MS));
        assertEquals(Verdict.TOO_OLD, at(-35 * DAY_MS + MINUTE_MS - 1));
        assertEquals(Verdict.SEND, at(4 * MINUTE_MS));
        assertEquals(Verdict.HOLD, at(4 * MINUTE_MS + 1));
        assertEquals(Verdict.HOLD, at(DAY_MS));
        assertEquals(Verdict.TOO_FAR_AHEAD, at(DAY_MS + 1));
    }

    @Test
    void shouldLetGoWhatIsHeldAsSoonAsItMay() {
        final long eventNs = (NOW_MS + 10 * MINUTE_MS) * 1_000_000L;
        final long atMs = ClockRules.sendableAtMs(eventNs);
        assertEquals(Verdict.SEND, ClockRules.judge(eventNs, atMs));
        assertEquals(Verdict.HOLD, ClockRules.judge(eventNs, atMs - 1));
    }

    @Test
    void shouldAlarmOnceWhenOurClockIsOff() {
        final long[] now = {NOW_MS};
        final StripeClock clock = new StripeClock(() -> now[0], StripeClock.ALARM_MS);
        final String date = "Mon, 21 Sep 2026 14:13:20 GMT";
        clock.onDate(date);
        assertEquals(0, clock.aheadMs());
        now[0] += 60_000;
        clock.onDate(date);
        assertEquals(0, clock.alarms());
        now[0] += 1;
        clock.onDate(date);
        clock.onDate(date);
        clock.onDate(null);
        clock.onDate("yesterday");
        assertEquals(1, clock.alarms());
        now[0] = NOW_MS;
        clock.onDate(date);
        now[0] = NOW_MS - 61_000;
        clock.onDate(date);
        assertEquals(2, clock.alarms());
        assertEquals(-61_000, clock.aheadMs());
    }
}
