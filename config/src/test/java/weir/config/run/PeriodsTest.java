package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.protocol.sbe.PeriodKind;

/** Periods over years of each awkward zone: none skipped, none repeated, each as long as its calendar says. */
class PeriodsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final LocalDate FIRST = LocalDate.of(2010, 12, 25);
    private static final LocalDate LAST = LocalDate.of(2033, 1, 5);

    private static long ns(final Instant instant) {
        return instant.getEpochSecond() * SECOND;
    }

    private static long at(final String local, final ZoneId zone) {
        return ns(LocalDateTime.parse(local).atZone(zone).toInstant());
    }

    private static long length(final PeriodKind kind, final ZoneId zone, final long nowNs) {
        return Periods.end(kind, zone, nowNs) - Periods.start(kind, zone, nowNs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Asuncion",
        "Africa/Cairo", "America/Havana", "Asia/Beirut", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu"})
    void shouldFollowOneAnotherWithoutGapOrOverlapOverTwentyTwoYears(final String name) {
        final ZoneId zone = ZoneId.of(name);
        for (final PeriodKind kind : List.of(PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)) {
            long nowNs = ns(FIRST.atTime(13, 0).atZone(zone).toInstant());
            final long endNs = ns(LAST.atTime(13, 0).atZone(zone).toInstant());
            int periods = 0;
            while (nowNs < endNs) {
                final long start = Periods.start(kind, zone, nowNs);
                final long end = Periods.end(kind, zone, nowNs);
                assertTrue(start <= nowNs && nowNs < end, kind + " at " + nowNs);
                assertEquals(start, Periods.start(kind, zone, end - 1), "the last moment is of it");
                assertEquals(end, Periods.start(kind, zone, end), "the next begins where it ends: " + kind + ' '
                    + Instant.ofEpochSecond(end / SECOND));
                nowNs = end;
                periods++;
            }
            if (kind == PeriodKind.DAY) {
                final long skipped = name.equals("Pacific/Apia") ? 1 : 0;
                assertEquals(ChronoUnit.DAYS.between(FIRST, LAST) + 1 - skipped, periods);
            }
        }
    }

    @Test
    void shouldBeAsLongAsTheClocksOfItsZoneSayOnDaysOfChange() {
        final ZoneId newYork = ZoneId.of("America/New_York");
        assertEquals(23 * HOUR, length(PeriodKind.DAY, newYork, at("2027-03-14T12:00", newYork)));
        assertEquals(25 * HOUR, length(PeriodKind.DAY, newYork, at("2027-11-07T12:00", newYork)));
        final ZoneId london = ZoneId.of("Europe/London");
        assertEquals(23 * HOUR, length(PeriodKind.DAY, london, at("2027-03-28T12:00", london)));
        final ZoneId howe = ZoneId.of("Australia/Lord_Howe");
        assertEquals(23 * HOUR + HOUR / 2, length(PeriodKind.DAY, howe, at("2026-10-04T12:00", howe)));
        assertEquals(24 * HOUR + HOUR / 2, length(PeriodKind.DAY, howe, at("2026-04-05T12:00", howe)));
        assertEquals(7 * 24 * HOUR - HOUR, length(PeriodKind.WEEK, newYork, at("2027-03-14T12:00", newYork)));
    }

    @Test
    void shouldBeginAtOneInTheMorningWhereThereIsNoMidnight() {
        final ZoneId cairo = ZoneId.of("Africa/Cairo");
        final long start = Periods.start(PeriodKind.DAY, cairo, at("2024-04-26T12:00", cairo));
        assertEquals(at("2024-04-26T01:00", cairo), start);
        assertEquals(start, Periods.end(PeriodKind.DAY, cairo, at("2024-04-25T12:00", cairo)));
        final ZoneId asuncion = ZoneId.of("America/Asuncion");
        assertEquals(at("2023-10-01T01:00", asuncion),
            Periods.start(PeriodKind.DAY, asuncion, at("2023-10-01T12:00", asuncion)));
    }

    @Test
    void shouldNotRepeatTheDayWhoseLastHourComesTwice() {
        final ZoneId asuncion = ZoneId.of("America/Asuncion");
        final long start = Periods.start(PeriodKind.DAY, asuncion, at("2024-03-23T12:00", asuncion));
        long nowNs = at("2024-03-23T22:30", asuncion);
        for (int minutes = 0; minutes < 149; minutes++) {
            assertEquals(start, Periods.start(PeriodKind.DAY, asuncion, nowNs));
            nowNs += Duration.ofMinutes(1).toNanos();
        }
        nowNs += Duration.ofMinutes(2).toNanos();
        assertEquals(start + 25 * HOUR, Periods.start(PeriodKind.DAY, asuncion, nowNs));
    }

    @Test
    void shouldKnowLeapDayYearsEndAndTheWeekAcrossIt() {
        final ZoneId utc = ZoneId.of("UTC");
        assertEquals(29 * 24 * HOUR, length(PeriodKind.MONTH, utc, at("2028-02-29T12:00", utc)));
        assertEquals(28 * 24 * HOUR, length(PeriodKind.MONTH, utc, at("2100-02-28T12:00", utc)));
        assertEquals(at("2028-02-29T00:00", utc), Periods.end(PeriodKind.DAY, utc, at("2028-02-28T23:59:59", utc)));
        // ISO week 53 of 2026 runs into 2027.
        assertEquals(at("2026-12-28T00:00", utc), Periods.start(PeriodKind.WEEK, utc, at("2027-01-03T23:59:59", utc)));
        assertEquals(at("2027-01-04T00:00", utc), Periods.end(PeriodKind.WEEK, utc, at("2026-12-31T12:00", utc)));
        assertEquals(at("2027-01-01T00:00", utc), Periods.end(PeriodKind.MONTH, utc, at("2026-12-31T12:00", utc)));
    }

    @Test
    void shouldPauseUntilThePeriodBegins() {
        final long midnight = at("2028-02-29T00:00", ZoneId.of("UTC"));
        final long ms = SECOND / 1_000;
        assertEquals(7 * ms, Periods.pauseNs(midnight, midnight - 7 * ms));
        assertEquals(100 * ms, Periods.pauseNs(midnight, midnight - HOUR), "the clock may be slewed meanwhile");
        assertEquals(ms, Periods.pauseNs(midnight, midnight), "not taken yet");
        assertEquals(100 * ms, Periods.pauseNs(Long.MAX_VALUE, midnight), "no tenant");
    }

    @Test
    void shouldRaiseTheHostsAlarmAtTheThresholdAndKeepItUntilHalf() {
        assertEquals(false, HostClockWatch.isActive(false, 999, 1_000));
        assertEquals(true, HostClockWatch.isActive(false, -1_000, 1_000));
        assertEquals(true, HostClockWatch.isActive(true, 500, 1_000));
        assertEquals(false, HostClockWatch.isActive(true, -499, 1_000));
    }
}
