package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusDecoder;
import weir.sim.desk.DeskClient;

/**
 * Router, billing, venue and Stripe under libfaketime, whose offset is stepped while desks trade, and started
 * shortly before days that are not like others. Skipped by name where libfaketime is not installed.
 */
class ClockStepTest {
    private static final List<Path> LIBRARIES = List.of(
        Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
        Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
        Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));
    private static final long SECOND = 1_000_000_000L;
    private static final long STEP_S = 120;
    private static final long SOON_S = 15;
    private static final long SEED = 7_007L;

    private Path library;

    /** A period of a tenant as the journal has it. */
    private record Roll(int tenantId, PeriodKind kind, long startNs, long endNs, long recordNs) {
    }

    /** CLOCK_SKEW as the journal has it; venueId is 0 for the host. */
    private record Skew(boolean active, long skewMs, int venueId) {
    }

    /** What a journal says about time. */
    private record Times(List<Roll> rolls, List<Skew> skews, long firstNs, long lastNs) {
        List<Skew> ofHost() {
            return skews.stream().filter(skew -> skew.venueId() == 0).toList();
        }
    }

    @BeforeEach
    void find() {
        library = LIBRARIES.stream().filter(Files::isReadable).findFirst().orElse(null);
        assumeTrue(library != null, "needs libfaketime (package faketime)");
    }

    private static Times times(final TestCluster cluster) {
        final List<Roll> rolls = new ArrayList<>();
        final List<Skew> skews = new ArrayList<>();
        final long[] bounds = {0, 0};
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final JournalRecordDecoder record = new JournalRecordDecoder();
        try (JournalReader reader = JournalReader.open(cluster.journalDir())) {
            while (reader.poll((buffer, offset, length, sequence) -> {
                record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
                assertTrue(record.epochNs() >= bounds[1], "record " + sequence + " is before the one before it");
                bounds[0] = bounds[0] == 0 ? record.epochNs() : bounds[0];
                bounds[1] = record.epochNs();
                final int template = record.inputTemplateId();
                final long recordNs = record.epochNs();
                final byte[] input = new byte[record.inputLength()];
                record.getInput(input, 0, input.length);
                if (template == PeriodRollDecoder.TEMPLATE_ID) {
                    final PeriodRollDecoder roll =
                        new PeriodRollDecoder().wrapAndApplyHeader(new UnsafeBuffer(input), 0, header);
                    rolls.add(new Roll(roll.tenantId(), roll.kind(), roll.startNs(), roll.endNs(), recordNs));
                } else if (template == SystemStatusDecoder.TEMPLATE_ID) {
                    final SystemStatusDecoder status =
                        new SystemStatusDecoder().wrapAndApplyHeader(new UnsafeBuffer(input), 0, header);
                    if (status.condition() == SystemCondition.CLOCK_SKEW) {
                        skews.add(new Skew(status.active() == BooleanType.TRUE, status.value(),
                            status.venueId() == SystemStatusDecoder.venueIdNullValue() ? 0 : status.venueId()));
                    }
                }
            }, 1_000) > 0) {
                Thread.onSpinWait();
            }
        }
        return new Times(rolls, skews, bounds[0], bounds[1]);
    }

    /** Of each tenant and kind, each period begins after the one before it. */
    private static void assertNoneRepeated(final Times times) {
        final Map<String, Long> last = new HashMap<>();
        for (final Roll roll : times.rolls()) {
            final String key = roll.tenantId() + " " + roll.kind();
            assertTrue(roll.startNs() > last.getOrDefault(key, 0L), key + " begins again at " + roll);
            last.put(key, roll.startNs());
        }
        assertEquals(6, last.size(), "two tenants, three kinds: " + last.keySet());
    }

    private static long told(final TestCluster cluster, final String kind) {
        return cluster.desks().values().stream().mapToLong(desk -> desk.reports().matching(report ->
            "B".equals(report.msgType()) && kind.equals(report.get(148))).size()).sum();
    }

    /** Steps, waits for the alarm at every desk, and that orders go on all the same. */
    private static void step(final TestCluster cluster, final String offset, final String kind) throws IOException {
        final long before = told(cluster, kind);
        cluster.setClock(offset);
        cluster.await("News of " + kind + " after " + offset, SOON_S,
            () -> told(cluster, kind) >= before + cluster.desks().size());
        cluster.awaitAcknowledged();
        cluster.awaitAcknowledged();
    }

    @Test
    void shouldTradeOnWithinTheVenuesLimitsWhenTheHostsClockStepsByTwoMinutesEitherWay() throws Exception {
        try (TestCluster cluster = TestCluster.launch(library, "+0", "heartbeat: 30s", "heartbeat: 2s")) {
            final long startNs = System.nanoTime();
            cluster.ensureRunning();
            final Map<String, Integer> logons = logons(cluster);
            try (Trading trading = Trading.start(cluster, "c", SEED)) {
                cluster.awaitAcknowledged();
                step(cluster, "+" + STEP_S, "CLOCK_SKEW");
                Thread.sleep(3_000); // longer than a heartbeat: a session that measures by wall time has died by now
                step(cluster, "+0", "CLOCK_OK");
                step(cluster, "-" + STEP_S, "CLOCK_SKEW");
                Thread.sleep(3_000);
                step(cluster, "+0", "CLOCK_OK");
                trading.stop();
            }
            assertEquals(logons, logons(cluster), "no session was lost");
            cluster.settleResting();
            Invariants.checkResting(cluster);
            limitsHeld(cluster);
            cluster.settle();
            Invariants.check(cluster, "steps of the clock");
            final Times times = times(cluster);
            assertNoneRepeated(times);
            assertEquals(List.of(true, false, true, false), times.ofHost().stream().map(Skew::active).toList());
            for (final int i : new int[] {0, 2}) {
                assertEquals(i == 0 ? STEP_S : -STEP_S, times.ofHost().get(i).skewMs() / 1_000.0, 1.5);
            }
            final long elapsedNs = System.nanoTime() - startNs;
            assertTrue(times.lastNs() - times.firstNs() < elapsedNs + elapsedNs / 100,
                "the engine's time stepped: " + times + " in " + elapsedNs + " ns");
        }
    }

    private static Map<String, Integer> logons(final TestCluster cluster) {
        final Map<String, Integer> logons = new HashMap<>();
        for (final Map.Entry<String, DeskClient> desk : cluster.desks().entrySet()) {
            logons.put(desk.getKey(), desk.getValue().reports().matching(r -> "A".equals(r.msgType())).size());
        }
        return logons;
    }

    private static void limitsHeld(final TestCluster cluster) throws IOException {
        final JsonNode sessions = cluster.control("GET", "/stats", "").path("sessions");
        assertEquals(2, sessions.size(), sessions.toString());
        for (final JsonNode session : sessions) {
            final JsonNode peak = session.path("peak");
            final long requests = peak.path("requestsPerSlidingSecond").asLong(-1);
            assertTrue(requests > 0 && requests <= 100 && peak.path("messagesPerSlidingSecond").asLong(-1) <= 200
                && session.path("limitRejects").asLong(-1) == 0, session.toString());
        }
    }

    /** Starts a router shortly before a moment and waits until the day that begins then is journaled. */
    private void acrossMidnight(final String timeZone, final String midnightUtc, final int daySeconds,
        final int nextSeconds) throws Exception {
        final long midnightNs = Instant.parse(midnightUtc).getEpochSecond() * SECOND;
        List<Roll> rolls = List.of();
        // A machine that is too busy to start a router in 15 s is given a minute.
        for (int lead = 15; lead <= 60 && of(rolls, 1, midnightNs - 1).isEmpty(); lead += 45) {
            rolls = rolls(timeZone, Instant.parse(midnightUtc).minusSeconds(lead), midnightNs);
        }
        for (int tenant = 1; tenant <= 2; tenant++) {
            final List<Roll> days = of(rolls, tenant, Long.MAX_VALUE);
            assertEquals(List.of((long) daySeconds, (long) nextSeconds),
                days.stream().map(roll -> (roll.endNs() - roll.startNs()) / SECOND).toList(), days.toString());
            assertEquals(days.get(0).endNs(), days.get(1).startNs());
            assertTrue(days.get(1).recordNs() >= midnightNs && days.get(1).recordNs() < midnightNs + 20 * SECOND,
                days.toString());
        }
    }

    /** Days of a tenant that begin no later than a moment. */
    private static List<Roll> of(final List<Roll> rolls, final int tenantId, final long latestNs) {
        return rolls.stream().filter(roll -> roll.tenantId() == tenantId && roll.kind() == PeriodKind.DAY
            && roll.startNs() <= latestNs).toList();
    }

    private List<Roll> rolls(final String timeZone, final Instant start, final long midnightNs) throws Exception {
        // Absolute times of libfaketime count from the start of each process.
        try (TestCluster cluster = TestCluster.launch(library, '@' + start.toString().replace('T', ' ')
            .replace("Z", ""), "credit: prepaid", "credit: prepaid\ntimeZone: " + timeZone)) {
            cluster.startRouter();
            cluster.await("the day that begins at " + midnightNs, 75, () -> times(cluster).rolls().stream()
                .filter(roll -> roll.kind() == PeriodKind.DAY && roll.startNs() == midnightNs).count() == 2);
            Thread.sleep(300); // room for a second one, which must not come
            cluster.stopRouter();
            final Times times = times(cluster);
            assertNoneRepeated(times);
            assertEquals(List.of(), times.ofHost());
            return times.rolls();
        }
    }

    @Test
    void shouldBeginTheShortDayOnceWhenStartedShortlyBeforeItsMidnight() throws Exception {
        acrossMidnight("America/New_York", "2027-03-14T05:00:00Z", 86_400, 82_800);
    }

    @Test
    void shouldBeginTheLeapDayOnceWhenStartedShortlyBeforeIt() throws Exception {
        acrossMidnight("UTC", "2028-02-29T00:00:00Z", 86_400, 86_400);
    }
}
