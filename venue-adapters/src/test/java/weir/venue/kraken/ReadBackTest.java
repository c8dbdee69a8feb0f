package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How far back fills were read, over attempts. */
final class ReadBackTest {
    private static final long NOW_MS = 1_000_000;
    private final ReadBack read = new ReadBack();

    @Test
    void shouldReadNothingUntilAPageIsThere() {
        assertFalse(read.restart(NOW_MS));
        assertEquals(ReadBack.NEWEST_MS, read.nextBeforeMs());
        assertFalse(read.covers(NOW_MS));
    }

    @Test
    void shouldContinueWithTheOldestMillisecondOfThePageBefore() {
        read.restart(NOW_MS);
        read.page(ReadBack.NEWEST_MS, 900_000);
        assertEquals(900_001, read.nextBeforeMs());
        assertTrue(read.covers(900_000));
        assertFalse(read.covers(899_999));
        read.page(900_001, ReadBack.ALL_MS);
        assertEquals(ReadBack.ALL_MS, read.nextBeforeMs());
        assertTrue(read.covers(-5_000));
    }

    @Test
    void shouldGoOnBelowAnAttemptBeforeOnceItIsReached() {
        read.restart(NOW_MS);
        read.page(ReadBack.NEWEST_MS, 900_000);
        read.page(900_001, 800_000);
        assertTrue(read.restart(NOW_MS + 60_000));
        read.page(ReadBack.NEWEST_MS, NOW_MS + 1_000);
        assertEquals(NOW_MS + 1_001, read.nextBeforeMs(), "between them is a gap");
        read.page(NOW_MS + 1_001, NOW_MS - 2_000);
        assertEquals(NOW_MS - 1_999, read.nextBeforeMs(), "what was young then may have come later");
        read.page(NOW_MS - 1_999, NOW_MS - 2_001);
        assertEquals(800_001, read.nextBeforeMs());
        read.page(800_001, 700_000);
        assertTrue(read.covers(700_000));
    }

    @Test
    void shouldKeepTheDeeperAttemptWhenALaterOneStopsShortOfIt() {
        read.restart(NOW_MS);
        read.page(ReadBack.NEWEST_MS, 800_000);
        read.restart(NOW_MS + 60_000);
        read.page(ReadBack.NEWEST_MS, NOW_MS + 1_000);
        read.restart(NOW_MS + 61_000);
        read.page(ReadBack.NEWEST_MS, 990_000);
        assertEquals(800_001, read.nextBeforeMs());
    }

    @Test
    void shouldNotCountAPageBeyondAGap() {
        read.restart(NOW_MS);
        read.page(ReadBack.NEWEST_MS, 900_000);
        read.page(500_000, 400_000);
        assertFalse(read.covers(899_999));
    }
}
