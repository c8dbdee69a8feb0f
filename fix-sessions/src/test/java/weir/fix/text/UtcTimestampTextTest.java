package weir.fix.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Timestamps at the edges of the calendar. */
class UtcTimestampTextTest {
    @Test
    void shouldTakeALeapSecondAsTheFirstOfTheNextMinute() {
        assertEquals(UtcTimestampText.parse("20170101-00:00:00.250"), UtcTimestampText.parse("20161231-23:59:60.250"));
        assertEquals(UtcTimestampText.INVALID, UtcTimestampText.parse("20161231-23:59:61"));
    }

    @Test
    void shouldKnowWhichYearsHaveALeapDay() {
        assertNotEquals(UtcTimestampText.INVALID, UtcTimestampText.parse("20280229-12:00:00"));
        assertEquals(UtcTimestampText.INVALID, UtcTimestampText.parse("20270229-12:00:00"));
        assertEquals(UtcTimestampText.INVALID, UtcTimestampText.parse("21000229-12:00:00"));
        assertEquals("20280229-00:00:00.000000000",
            UtcTimestampText.format(UtcTimestampText.parse("20280228-23:59:60")));
    }
}
