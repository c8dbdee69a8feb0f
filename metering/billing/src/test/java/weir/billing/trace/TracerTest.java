package weir.billing.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.ledger.Account;
import weir.billing.rating.MeterKind;
import weir.billing.world.Fixture;
import weir.billing.world.Store;
import weir.billing.world.TestJournal;
import weir.billing.world.World;

/** Over a real journal, with a billing process that is started twice. */
@Timeout(90)
@ParameterizedClass
@EnumSource(Store.class)
class TracerTest {
    private final Fixture fixture;
    private final Path journalDir;
    private final TestJournal journal;

    TracerTest(final Store store) {
        fixture = new Fixture(store);
        journalDir = fixture.dir.resolve("journal");
        journal = new TestJournal(journalDir);
    }

    @AfterEach
    void close() {
        journal.close();
        fixture.close();
    }

    private void bill(final boolean drain) throws InterruptedException {
        journal.write();
        final World world = journal.world();
        final BillingContext context = fixture.context(world.frames).recordSource(null).journalDir(journalDir)
            .windowRecords(90).windowMs(60_000).drain(drain);
        try (BillingProcess process = BillingProcess.launch(context)) {
            Fixture.await("position", () -> process.position() == world.frames.size() || process.failure() != null,
                process::position);
            assertTrue(!drain || process.awaitEnd(40_000), () -> fixture.report().toString());
            assertNull(process.failure());
        }
    }

    private Tracer tracer() {
        return new Tracer(fixture.jdbcUrl(), () -> JournalRecords.open(journalDir, null));
    }

    private List<String> identifiers() throws SQLException {
        final List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(fixture.jdbcUrl()); Statement statement =
            connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT identifier FROM batch")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private void execute(final String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(fixture.jdbcUrl()); Statement statement =
            connection.createStatement()) {
            assertTrue(statement.executeUpdate(sql) > 0, sql);
        }
    }

    @Test
    void shouldTraceEveryLineToItsRecordsAndEachOfThemBack() throws Exception {
        journal.world().play(31, 250);
        bill(false);
        journal.world().play(32, 150);
        bill(true);
        long micros = 0;
        final Set<Integer> tenants = new HashSet<>();
        final Set<Long> seen = new HashSet<>();
        boolean crossed = false;
        boolean laterFill = false;
        RecordTrace back = null;
        for (final String identifier : identifiers()) {
            final LineTrace line = tracer().line(identifier);
            assertEquals(List.of(), line.differences());
            assertEquals("ACKED", line.state());
            assertEquals(line.amountMicros(), line.tracedMicros());
            assertEquals(line.units(), line.tracedUnits());
            micros += line.amountMicros();
            tenants.add(line.tenantId());
            crossed |= line.charges().stream().map(Charge::tier).distinct().count() > 1;
            for (final Charge charge : line.charges()) {
                assertTrue(charge.sequence() >= line.firstSequence() && charge.sequence() <= line.lastSequence());
                if (charge.meter() == MeterKind.ORDER_FILLED) {
                    laterFill |= charge.input().equals("VenueExecution") && charge.sequence() > charge.orderId();
                }
                if (back == null || seen.size() % 40 == 0) {
                    back = tracer().record(charge.sequence());
                    assertEquals(List.of(), back.differences());
                    assertTrue(back.lines().stream().anyMatch(ref -> identifier.equals(ref.identifier())));
                    assertTrue(back.charges().contains(charge));
                    assertEquals(0, back.entries().stream().mapToLong(RecordTrace.Entry::amountMicros).sum());
                }
                seen.add(charge.sequence());
            }
        }
        final World world = journal.world();
        for (final int tenantId : List.of(1, 2)) {
            final TenantBill bill = TenantBill.read(fixture.jdbcUrl(), tenantId, 0, Long.MAX_VALUE);
            assertEquals(world.debits.get(tenantId), bill.lines().stream().mapToLong(TenantBill.Line::amountMicros)
                .sum());
            assertTrue(bill.lines().stream().allMatch(one -> one.tier() > 0
                && one.amountMicros() == one.units() * one.priceMicros()), bill::toString);
            assertEquals(-bill.balances().getOrDefault(Account.FUNDING, 0L), bill.credits().stream()
                .mapToLong(TenantBill.Credit::amountMicros).sum());
            assertEquals("USD", bill.currency());
            assertEquals(0, bill.balances().values().stream().mapToLong(Long::longValue).sum());
            assertEquals(List.of(), TenantBill.read(fixture.jdbcUrl(), tenantId, 0, World.START_NS).lines());
        }
        assertEquals(world.debits.values().stream().mapToLong(Long::longValue).sum(), micros, "nothing is left out");
        assertEquals(Set.of(1, 2), tenants);
        assertTrue(crossed, "a tier was crossed in a window");
        assertTrue(laterFill, "fills came later than sends");
    }

    @Test
    void shouldTraceAnOpenWindowByTenantMeterAndRecord() throws Exception {
        journal.world().newOrder(1, null);
        bill(false);
        final long record = journal.world().frames.size();
        final LineTrace line = tracer().line(1, MeterKind.REQUEST, record);
        assertNull(line.identifier());
        assertEquals("OPEN", line.state());
        assertEquals(List.of(), line.differences());
        assertEquals(1, line.charges().size());
        assertEquals("NewOrder", line.charges().get(0).input());
        assertEquals(1, line.charges().get(0).tier());
        final RecordTrace back = tracer().record(record);
        assertTrue(back.addsUp(), () -> back.differences().toString());
        assertNull(back.lines().get(0).identifier());
        assertNotNull(back.entries().stream().filter(entry -> entry.kind().name().equals("RESERVE")).findFirst());
        assertEquals(BillingError.TRACE_NOT_FOUND, assertThrows(BillingException.class,
            () -> tracer().line(2, MeterKind.REQUEST, record)).error());
        assertEquals(BillingError.TRACE_NOT_FOUND, assertThrows(BillingException.class,
            () -> tracer().record(record + 1)).error());
    }

    @Test
    void shouldNameTheTierThatTheVersionsOwnUnitsReachedWhenTiersRestart() throws Exception {
        final World world = journal.world();
        final long start = world.nowNs();
        final long[][] rows = {{0, 2, 30}, {0, 0, 20}};
        world.plan(2, start + 1_000_000_000L, start + 2_000_000_000L, true, rows);
        world.plan(3, start + 3_000_000_000L, 0, false, rows);
        final StringBuilder expected = new StringBuilder();
        for (final String stretch : List.of("1 tier 1 at 10,1 tier 1 at 10,1 tier 1 at 10",
            "2 tier 1 at 30,2 tier 1 at 30,2 tier 2 at 20", "1 tier 2 at 7", "3 tier 2 at 20")) {
            for (final String charge : stretch.split(",")) {
                world.inquire(1, false);
                expected.append("version ").append(charge).append('\n');
            }
            world.advance(1_000_000_000L);
        }
        bill(true);
        final List<Charge> charges = new ArrayList<>();
        for (final String identifier : identifiers()) {
            final LineTrace line = tracer().line(identifier);
            assertEquals(List.of(), line.differences());
            charges.addAll(line.charges());
        }
        charges.sort(Comparator.comparingLong(Charge::sequence));
        final StringBuilder found = new StringBuilder();
        charges.forEach(charge -> found.append("version ").append(charge.planVersion()).append(" tier ")
            .append(charge.tier()).append(" at ").append(charge.priceMicros()).append('\n'));
        assertEquals(expected.toString(), found.toString());
    }

    @Test
    void shouldFindWhatDoesNotAddUp() throws Exception {
        journal.world().play(33, 60);
        bill(true);
        final String identifier = identifiers().get(0);
        final LineTrace line = tracer().line(identifier);
        final long record = line.charges().get(0).sequence();
        final List<String[]> faults = List.of(
            new String[]{"UPDATE batch SET units = units + 1 WHERE identifier = '" + identifier + "'",
                "UPDATE batch SET units = units - 1 WHERE identifier = '" + identifier + "'"},
            new String[]{"UPDATE usage_line SET amount_micros = amount_micros - 1 WHERE identifier = '" + identifier
                + "'", "UPDATE usage_line SET amount_micros = amount_micros + 1 WHERE identifier = '" + identifier
                + "'"},
            new String[]{"UPDATE batch SET last_sequence = last_sequence - 1 WHERE identifier = '" + identifier + "'",
                "UPDATE batch SET last_sequence = last_sequence + 1 WHERE identifier = '" + identifier + "'"});
        for (final String[] fault : faults) {
            execute(fault[0]);
            assertFalse(tracer().line(identifier).addsUp(), fault[0]);
            execute(fault[1]);
            assertTrue(tracer().line(identifier).addsUp(), fault[1]);
        }
        assertTrue(tracer().record(record).addsUp());
        execute("UPDATE ledger_entry SET amount_micros = amount_micros + 1 WHERE tenant_id = " + line.tenantId()
            + " AND kind = 'SETTLE' AND account = 'USAGE_REQUEST'");
        assertFalse(tracer().record(record).addsUp());
    }
}
