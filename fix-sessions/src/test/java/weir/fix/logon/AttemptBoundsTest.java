package weir.fix.logon;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AttemptBoundsTest {
    private static final long T0 = 1_767_225_600_000_000_000L;

    @Test
    void shouldAllowABurstAndThenOnePerRefill() {
        final AttemptThrottle<String> throttle = new AttemptThrottle<>(3, 100, 0, 0);
        for (int i = 0; i < 3; i++) {
            assertTrue(throttle.tryAttempt("A", T0));
        }
        assertFalse(throttle.tryAttempt("A", T0));
        assertFalse(throttle.tryAttempt("A", T0 + 99));
        assertTrue(throttle.tryAttempt("A", T0 + 100));
        assertFalse(throttle.tryAttempt("A", T0 + 100));
        assertTrue(throttle.tryAttempt("B", T0 + 100));
        for (int i = 0; i < 3; i++) {
            assertTrue(throttle.tryAttempt("A", T0 + 1_000_000));
        }
        assertFalse(throttle.tryAttempt("A", T0 + 1_000_000));
    }

    @Test
    void shouldLockAfterFailuresInARowOnlyAndForTheDuration() {
        final AttemptThrottle<String> throttle = new AttemptThrottle<>(100, 1, 3, 1_000);
        throttle.onFailure("A", T0);
        throttle.onFailure("A", T0);
        throttle.onSuccess("A", T0);
        assertFalse(throttle.onFailure("A", T0));
        assertFalse(throttle.onFailure("A", T0));
        assertTrue(throttle.onFailure("A", T0));
        assertTrue(throttle.isLocked("A", T0 + 999));
        assertFalse(throttle.isLocked("B", T0));
        assertFalse(throttle.isLocked("A", T0 + 1_000));
    }

    @Test
    void shouldRememberSignaturesForTheirWholeLifeAndRefuseWhenFull() {
        final ReplayCache cache = new ReplayCache(2, 1_000);
        assertTrue(cache.tryAdd(new byte[]{1}, T0));
        assertFalse(cache.tryAdd(new byte[]{1}, T0 + 999));
        assertTrue(cache.tryAdd(new byte[]{2}, T0 + 500));
        assertFalse(cache.tryAdd(new byte[]{3}, T0 + 999));
        assertTrue(cache.tryAdd(new byte[]{3}, T0 + 1_000));
        assertFalse(cache.tryAdd(new byte[]{2}, T0 + 1_499));
    }

    @Test
    void shouldReadALogonStrictly() {
        final String good = "8=FIXT.1.1|9=1|35=A|34=7|49=D|52=20260101-00:00:00.000|56=W|108=30|95=4|96=abcd|10=000|";
        assertEquals("7", parse(good).msgSeqNum());
        assertEquals("abcd", parse(good).rawData());
        assertEquals(T0, parse(good).sendingTimeNs());
        for (final String bad : new String[]{"95=4|=95=5|", "35=A|=35=D|", "34=7|=34=x|", "34=7|=34=7|34=7|",
            "52=2026=52=2O26", "49=D|=", "56=W|=56=|", "8=FIXT.1.1|=8=FIX.4.4|", "108=30|=", "49=D|=49=D|50=X|",
            "34=7|=34|", "34=7|=x34=7|"}) {
            final int split = bad.indexOf('=', bad.indexOf('=') + 1);
            final String from = bad.substring(0, split);
            assertTrue(good.contains(from), from);
            assertNull(parse(good.replace(from, bad.substring(split + 1))), bad);
        }
    }

    private static LogonRequest parse(final String text) {
        return LogonRequest.parse(text.replace('|', '\u0001'));
    }
}
