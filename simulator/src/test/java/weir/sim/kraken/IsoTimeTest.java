package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Times as the venue prints them, and the wall clock's steps. */
class IsoTimeTest {
    @Test
    void shouldPrintAndReadMilliseconds() {
        assertEquals("2023-11-14T22:13:20.123Z", IsoTime.format(KrakenFixture.START_NS));
        assertEquals(KrakenFixture.START_NS, IsoTime.parse("2023-11-14T22:13:20.123Z"));
        assertEquals("1969-12-31T23:59:59.999Z", IsoTime.format(-1));
        assertThrows(IllegalArgumentException.class, () -> IsoTime.parse("yesterday"));
    }

    @Test
    void shouldFollowStepsOfTheWallClockButNotItsNoise() {
        final long nowNs = KrakenFixture.START_NS;
        assertEquals(0, IsoTime.driftNs(nowNs + 49_000_000, nowNs));
        assertEquals(0, IsoTime.driftNs(nowNs - 49_000_000, nowNs));
        assertEquals(120_000_000_000L, IsoTime.driftNs(nowNs + 120_003_000_000L, nowNs));
        assertEquals(-120_000_000_000L, IsoTime.driftNs(nowNs - 119_990_000_000L, nowNs));
    }
}
