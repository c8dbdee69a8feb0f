package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ExpectedLogoutsTest {
    @Test
    void shouldExpectWeeklyResetAtBothReadingsOfTheDocument() {
        assertEquals("weekly reset", at("2026-01-10T18:00:05Z"));
        assertEquals("weekly reset", at("2026-07-11T17:00:05Z"));
        assertEquals("weekly reset", at("2026-07-11T18:00:05Z"));
        assertEquals(null, at("2026-07-11T20:00:05Z"));
    }

    @Test
    void shouldExpectDeploysInNewYorkTime() {
        assertEquals("deploy", at("2026-01-12T19:03:00Z"));
        assertEquals("deploy", at("2026-07-16T18:03:00Z"));
        assertEquals(null, at("2026-07-15T18:03:00Z"));
        assertEquals(null, at("2026-07-16T21:00:00Z"));
    }

    private static String at(final String instant) {
        return ExpectedLogouts.reason(Instant.parse(instant).getEpochSecond() * 1_000_000_000L);
    }
}
