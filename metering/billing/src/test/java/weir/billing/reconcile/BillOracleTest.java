package weir.billing.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.BillingProcess;
import weir.billing.rating.MeterKind;
import weir.billing.world.Fixture;
import weir.billing.world.World;
import weir.protocol.RejectReason;

/** The bill by the logs alone: it agrees with billing where billing is right, and says so where it is not. */
@Timeout(60)
class BillOracleTest {
    private static final char SOH = '\u0001';
    private static final long S = 1_000_000_000L;
    private static final int BOT = 4;

    private final Fixture fixture = new Fixture();
    private final World world = World.standard(World.JOURNAL_ID);

    @TempDir
    private Path dir;

    @AfterEach
    void close() {
        fixture.close();
    }

    private ReconcileReport reconcile(final BillOracle oracle) throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).drain(true))) {
            assertTrue(process.awaitEnd(30_000));
            assertNull(process.failure());
        }
        world.writeLogs(dir);
        final Reconciler reconciler = new Reconciler().recordSource(world.frames.source()).jdbcUrl(fixture.jdbcUrl())
            .stripeLog(fixture.stripe.logFile()).venueLog(dir.resolve("venue.jsonl")).oracle(oracle);
        world.fix.keySet().forEach(session -> {
            final Path log = dir.resolve("session-" + session + ".log");
            if (session != BOT) {
                reconciler.fixLog(log, session);
            } else if (Files.exists(log)) {
                reconciler.clientLog(log, session);
            }
        });
        return reconciler.run();
    }

    private static final long[][] OTHER = {{0, 4, 31}, {0, 0, 11}, {1, 0, 60}, {2, 2, 90}, {2, 0, 70}};

    private static Set<String> kinds(final ReconcileReport report) {
        final Set<String> kinds = new TreeSet<>();
        report.differences().forEach(one -> kinds.add(one.kind() + " " + one.where().split(",")[0]));
        return kinds;
    }

    @Test
    void shouldPriceByThePlanThatATenantHadAtEachTime() throws Exception {
        world.otherPlan(8, OTHER);
        world.play(7, 150);
        world.tenant(1, "alpha", false, 8);
        world.play(8, 150);
        world.rollMonth(0);
        world.play(9, 60);
        world.tenant(1, "alpha", false, 7);
        world.play(10, 100);
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences(), report::toText);
        assertEquals(6, report.compared().get("oracle: tenants and meters"));
    }

    @Test
    void shouldFindATenantThatWasBilledByAnotherPlanThanItHad() throws Exception {
        world.otherPlan(8, OTHER);
        world.play(7, 150);
        world.tenant(1, "alpha", false, 8);
        world.play(8, 150);
        final List<OraclePlan> plan = List.of(new OraclePlan(1, 0, 0, false, false,
            Map.of(MeterKind.ORDER_SENT, List.of(new OraclePlan.Tier(null, new BigDecimal("0.00005"))))));
        final List<OraclePlan> other = List.of(new OraclePlan(1, 0, 0, false, false,
            Map.of(MeterKind.ORDER_SENT, List.of(new OraclePlan.Tier(null, new BigDecimal("0.00006"))))));
        final Set<MeterKind> sent = EnumSet.of(MeterKind.ORDER_SENT);
        final long late = world.nowNs() - 5 * S;
        for (final OracleTerms wrong : List.of(new OracleTerms(1, sent, plan, epochNs -> 0),
            new OracleTerms(1, sent, other, epochNs -> 0),
            new OracleTerms(1, sent, new TreeMap<>(Map.of(0L, plan, late, other)), epochNs -> 0))) {
            assertEquals(Set.of("ORACLE_AMOUNT tenant 1 meter order_sent"),
                kinds(reconcile(world.oracle().tenant(wrong))), wrong::toString);
        }
    }

    @Test
    void shouldCountWhatABinaryClientSaysThatItSent() throws Exception {
        playWithBot();
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences(), report::toText);
        assertEquals(6, report.compared().get("oracle: tenants and meters"));
    }

    @Test
    void shouldFindARequestThatTheBinaryClientNeverSent() throws Exception {
        playWithBot();
        final StringBuilder log = world.fix.get(BOT);
        final int command = log.indexOf("35=H");
        log.delete(log.lastIndexOf("\n", command) + 1, log.indexOf("\n", command) + 1);
        assertEquals(Set.of("ORACLE_UNITS tenant 1 meter request", "ORACLE_STRIPE tenant 1 meter request"),
            kinds(reconcile(world.oracle())));
    }

    @Test
    void shouldCompareNoRequestsOfATenantWhoseClientsGiveNoLog() throws Exception {
        playWithBot();
        world.fix.remove(BOT);
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences(), report::toText);
        assertEquals(5, report.compared().get("oracle: tenants and meters"));
    }

    /** What a client sends again, since its router had not taken it, has another number and 97=Y. */
    private void playWithBot() {
        world.client(BOT, 1, "bot");
        world.play(7, 100);
        for (int i = 0; i < 12; i++) {
            world.advance(S);
            if (i % 3 == 0) {
                world.inquire(BOT, i % 2 == 0);
            } else {
                world.sent(world.newOrder(BOT, null));
            }
        }
        world.newOrder(BOT, RejectReason.CREDIT_EXHAUSTED);
        final long before = world.fix.get(BOT).length();
        world.sent(world.newOrder(BOT, null));
        final StringBuilder log = world.fix.get(BOT);
        final String line = log.substring((int)before, log.indexOf("\n", (int)before));
        log.append(line, 0, line.length()).append("97=Y").append(SOH).append('\n');
    }

    @Test
    void shouldAgreeWithBillingAndStripeOverTiersAndMonths() throws Exception {
        world.play(7, 600);
        world.rollMonth(0);
        world.play(8, 300);
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences());
        assertEquals(6, report.compared().get("oracle: tenants and meters"));
        final long counted = world.units.entrySet().stream().filter(each -> !each.getKey().endsWith("compute_ms"))
            .mapToLong(Map.Entry::getValue).sum();
        assertEquals(counted, report.compared().get("oracle: units"));
        assertTrue(report.compared().get("oracle: micro-units") > counted, report::toText);
    }

    @Test
    void shouldFindAUnitThatOnlyTheDeskKnowsOf() throws Exception {
        world.play(7, 100);
        world.nextRequestNotJournaled = true;
        world.newOrder(3, null);
        final Set<Difference.Kind> found = new TreeSet<>();
        final ReconcileReport report = reconcile(world.oracle());
        report.differences().forEach(difference -> found.add(difference.kind()));
        assertEquals(Set.of(Difference.Kind.FIX_WITHOUT_RECORD, Difference.Kind.ORACLE_UNITS,
            Difference.Kind.ORACLE_STRIPE), found, report::toText);
    }

    @Test
    void shouldFindAPriceThatWasNotThePublishedOne() throws Exception {
        world.play(7, 100);
        final BillOracle oracle = world.oracle();
        oracle.tenant(new OracleTerms(2, EnumSet.of(MeterKind.ORDER_FILLED), List.of(new OraclePlan(1, 0, 0, false,
            false, Map.of(MeterKind.ORDER_FILLED, List.of(new OraclePlan.Tier(null, new BigDecimal("0.000151")))))),
            epochNs -> 0));
        final ReconcileReport report = reconcile(oracle);
        assertEquals(1, report.differences().size(), report::toText);
        assertEquals(Difference.Kind.ORACLE_AMOUNT, report.differences().get(0).kind());
        assertEquals("tenant 2 meter order_filled", report.differences().get(0).where());
    }

    @Test
    void shouldTakeAnOrderLostOnTheWayAsSentWhenTheDeskWasToldSo() throws Exception {
        world.play(7, 50);
        world.nextOrderNotAtVenue = true;
        final long lost = world.newOrder(3, null);
        world.sent(lost);
        world.absent(lost);
        final BillOracle untold = world.oracle();
        final ReconcileReport without = reconcile(untold);
        assertEquals(Difference.Kind.ORACLE_UNITS, without.differences().get(0).kind(), without::toText);
        world.fix.get(3).append(world.nowNs()).append(" OUT 8=FIXT.1.1").append(SOH).append("35=8").append(SOH)
            .append("49=WEIR").append(SOH).append("56=DESK").append(SOH).append("17=999-0").append(SOH).append("39=8")
            .append(SOH).append("37=").append(lost).append(SOH).append("58=NOT_AT_VENUE").append(SOH).append('\n');
        world.writeLogs(dir);
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences(), report::toText);
    }

    private static OraclePlan version(final int number, final long fromS, final long untilS, final boolean restart,
        final long... tiers) {
        final List<OraclePlan.Tier> requests = new ArrayList<>();
        for (int i = 0; i < tiers.length; i += 2) {
            requests.add(new OraclePlan.Tier(tiers[i] == 0 ? null : BigDecimal.valueOf(tiers[i]),
                BigDecimal.valueOf(tiers[i + 1], 6)));
        }
        return new OraclePlan(number, fromS * S, untilS * S, restart, false, Map.of(MeterKind.REQUEST, requests));
    }

    /** Units and micro-units of requests at these times, s; a time below zero is an order that the venue saw. */
    private static String priced(final List<OraclePlan> plans, final long... timesS) {
        final OracleBill bill = new OracleBill(new OracleTerms(1, EnumSet.allOf(MeterKind.class), plans,
            epochNs -> epochNs < 100 * S ? 0 : 100 * S), 0);
        for (final long timeS : timesS) {
            bill.add(timeS < 0 ? MeterKind.ORDER_SENT : MeterKind.REQUEST, Math.abs(timeS) * S, "o");
        }
        final OracleBill.Line line = bill.line(MeterKind.REQUEST);
        return line.units() + " for " + line.micros().stripTrailingZeros().toPlainString();
    }

    @Test
    void shouldBeginTheTiersOfAVersionWithItsFirstUnitWhenTheyRestart() {
        final List<OraclePlan> plans = List.of(version(1, 0, 0, true, 2, 10, 0, 1),
            version(2, 10, 20, true, 1, 100, 0, 50));
        assertEquals("8 for 192", priced(plans, 1, 2, 3, 11, 12, 21, 22, 23));
        assertEquals("4 for 22", priced(plans, 1, 2, 3, 21), "version 2 priced nothing");
        assertEquals("4 for 31", priced(plans, 1, 2, 3, -15, 21), "it priced a unit of another meter");
        assertEquals("4 for 121", priced(plans, 1, 2, 3, -15, 16), "a unit of another meter does not fill its tiers");
        assertEquals("3 for 30", priced(plans, 1, 2, 101), "another period");
    }

    @Test
    void shouldCountThePeriodWhenTheTiersContinue() {
        final OraclePlan first = version(1, 0, 0, false, 2, 10, 0, 1);
        assertEquals("6 for 172", priced(List.of(first, version(2, 10, 20, true, 1, 100, 0, 50)), 1, 2, 3, 11, 12, 21));
        assertEquals("6 for 122", priced(List.of(first, version(2, 10, 20, false, 1, 100, 0, 50)),
            1, 2, 3, 11, 12, 21));
        assertEquals("4 for 40", priced(List.of(first), 1, 2, 101, 102));
    }

    @Test
    void shouldPriceByTheLastPublishedVersionOrNoneWhenValidityEnds() {
        final OraclePlan old = version(1, 0, 50, true, 0, 1);
        assertEquals("6 for 226", priced(List.of(version(3, 10, 30, true, 0, 100), old,
            version(2, 20, 25, true, 0, 24)), 1, 10, 20, 25, 49, 50));
        assertEquals("3 for 0", priced(List.of(old), 50, 60, 70), "no version, no charge");
        assertEquals("1 for 7", priced(List.of(version(2, 5, 0, true, 0, 7), version(1, 5, 0, true, 0, 3)), 5),
            "of two that came at once the higher one");
        assertEquals("4 for 26", priced(List.of(version(1, 0, 10, true, 1, 20, 0, 6)), 1, 2, 11, 12));
        assertEquals("5 for 18", priced(List.of(version(1, 0, 0, true, 2, 0, 0, 6)), 1, 2, 3, 4, 5), "2 are included");
    }

    @Test
    void shouldAgreeWithBillingWhenVersionsWithTermsComeAndGo() throws Exception {
        final long[][] dear = {{0, 3, 0}, {0, 30, 40}, {0, 0, 20}, {1, 4, 90}, {1, 0, 80}, {2, 0, 100}};
        final long[][] cheap = {{0, 6, 9}, {0, 0, 8}, {1, 0, 5}, {2, 5, 0}, {2, 0, 4}};
        final long start = world.nowNs();
        world.plan(2, start + 600 * S, start + 1500 * S, true, dear);
        world.plan(3, start + 900 * S, start + 1100 * S, false, cheap);
        world.plan(4, start + 1800 * S, 0, true, dear);
        world.play(7, 150);
        for (int i = 1; i <= 7; i++) {
            world.advance(300 * S);
            world.play(70 + i, 60);
            if (i == 6) {
                world.rollMonth(0);
            }
        }
        final ReconcileReport report = reconcile(world.oracle());
        assertEquals(List.of(), report.differences(), report::toText);
        assertEquals(List.of(1, 2, 3, 2, 1, 4), world.pricedBy.get(1));
        assertEquals(List.of(1, 2, 3, 2, 1, 4), world.pricedBy.get(2));
        assertEquals(6, report.compared().get("oracle: tenants and meters"));
    }

    /** A venue's log: lines that say {@code kind id}, and what else they hold, as {@code name=value}. */
    private OracleVenue venue(final String... lines) throws IOException {
        final StringBuilder log = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            final String[] parts = lines[i].split(" ");
            log.append("{\"ts\":").append(i).append(",\"kind\":\"").append(parts[0]).append("\",\"clOrdId\":\"")
                .append(parts[1].replace("-", "").replace('_', '-'))
                .append("\",\"profile\":\"p\",\"orderId\":\"v").append(parts[1])
                .append("\",\"product\":\"WETH-USDC\"");
            for (int part = 2; part < parts.length; part++) {
                log.append(",\"").append(parts[part].replace("=", "\":\"")).append('"');
            }
            log.append("}\n");
        }
        final OracleVenue venue = new OracleVenue();
        venue.read(Files.writeString(dir.resolve("lines.jsonl"), log));
        return venue;
    }

    private static List<String> ids(final OracleVenue venue) {
        return venue.orders.stream().map(OracleVenue.Order::id).toList();
    }

    private static List<String> filled(final OracleVenue venue) {
        return venue.executions.stream().map(OracleVenue.Execution::orderId).toList();
    }

    @Test
    void shouldCountAnOrderOnceWhenItIsReplacedAgainAndAgain() throws IOException {
        final OracleVenue venue = venue("order a", "exec a tradeId=1 qty=1", "order b replaces=a",
            "order c replaces=b", "exec c tradeId=2 qty=1", "order d", "order e replaces=x");
        assertEquals(List.of("a", "d", "e"), ids(venue));
        assertEquals(List.of("a", "a"), filled(venue));
    }

    private static String inPlaceOfAnother(final int record) {
        return String.format("0123456789ab4def8000%012x", 1L << 47 | record)
            .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1_$2_$3_$4_$5");
    }

    @Test
    void shouldCountAnOrderOnceWhenAnotherStandsInItsPlace() throws IOException {
        final String one = inPlaceOfAnother(9);
        final String two = inPlaceOfAnother(11);
        final OracleVenue venue = venue("order a side=buy qty=5", "order b side=buy qty=5", "order c side=sell qty=3",
            "exec a tradeId=1 qty=2", "cancel a cumQty=2", "cancel b cumQty=0", "cancel c cumQty=0", "reject " + one,
            "order " + one + " side=buy qty=3", "exec " + one + " tradeId=2 qty=1", "cancel " + one + " cumQty=1",
            "order " + two + " side=buy qty=1", "exec " + two + " tradeId=3 qty=1");
        assertEquals(List.of("a", "b", "c"), ids(venue));
        assertEquals(List.of("a", "a", "a"), filled(venue), "as much as was left of a, then its latest");
    }

    @Test
    void shouldCountNoOrderSentForWhatStandsInThePlaceOfOneThatTheLogLacks() throws IOException {
        final String one = inPlaceOfAnother(9);
        final OracleVenue venue = venue("order a side=buy qty=5", "order " + one + " side=buy qty=5",
            "exec " + one + " tradeId=2 qty=1");
        assertEquals(List.of("a"), ids(venue));
        assertEquals(1, venue.executions.size());
        assertEquals("p", venue.executions.get(0).account());
    }

    @Test
    void shouldCountEqualFillsThatWereTakenBackAsFarAsTheyWereMadeAgain() throws IOException {
        final String[] lines = {"order a", "exec a tradeId=1 qty=1", "exec a tradeId=2 qty=1", "exec a tradeId=3 qty=1",
            "reorg a tradeId=1", "reorg a tradeId=2", "exec a tradeId=4 qty=1", "reorg a tradeId=4",
            "reorg a tradeId=4", "exec a tradeId=4 qty=1", "exec a tradeId=4 qty=1", "exec a tradeId=5 qty=1",
            "reorg a tradeId=5", "exec a tradeId=2 qty=1"};
        final int[] fills = {0, 1, 2, 3, 2, 1, 2, 1, 1, 2, 2, 3, 2, 3};
        for (int i = 0; i < lines.length; i++) {
            assertEquals(fills[i], venue(Arrays.copyOf(lines, i + 1)).executions.size(), "to " + lines[i] + ", " + i);
        }
    }

    @Test
    void shouldCountNoFillThatCompletesNoUnitOfOurs() throws IOException {
        final OracleVenue venue = venue("order a", "exec a tradeId=1 qty=0.000000006",
            "exec a tradeId=2 qty=1.000000001", "order b replaces=a", "exec b tradeId=3 qty=0.000000004",
            "exec b tradeId=4 qty=0.00000001", "order c", "exec c tradeId=5 qty=0.0000000099", "exec c tradeId=6");
        assertEquals(List.of(2L, 4L, 5L, 8L), venue.executions.stream().map(OracleVenue.Execution::epochNs).toList());
    }

    @Test
    void shouldCountAReplacementThatWasTurnedAwayAsNoOrderOfItsOwn() throws IOException {
        assertEquals(List.of("a", "d"), ids(venue("order a", "reject b replaces=a", "order b replaces=a",
            "reject c replaces=b", "reject d")));
    }

    @Test
    void shouldCountEachOrderWhenAnotherHasNoIdOfItsClient() throws IOException {
        final OracleVenue venue = venue("order -", "order a", "order b", "order c replaces=");
        assertEquals(List.of("v-", "a", "b", "c"), ids(venue));
    }

    /** One line each: what is owed for of what a desk sent. */
    @Test
    void shouldOweForEachMessageOnceAndForNoneThatWasFree() throws IOException {
        final String[] lines = {
            "IN|35=D|34=2|11=a", "IN|35=D|34=2|11=a|43=Y", "OUT|35=8|11=a|39=0|20001=1-0",
            "IN|35=D|34=3|11=b", "OUT|35=8|11=b|39=8|58=CREDIT_EXHAUSTED needed=1|20001=2-0",
            "OUT|35=8|11=b|39=8|58=CREDIT_EXHAUSTED needed=1|20001=2-0|43=Y",
            "IN|35=D|34=4|11=b", "OUT|35=8|11=b|39=8|58=MAX_QTY|20001=3-0",
            "IN|35=H|34=5|11=a", "OUT|35=j|372=H|379=a|45=5|58=BUDGET_EXHAUSTED|20001=4-0",
            "IN|35=H|34=6|11=a", "OUT|35=8|11=a|39=0|20001=5-0",
            "IN|35=G|34=7|11=g", "OUT|35=9|434=2|11=g|58=GATEWAY_BUSY",
            "IN|35=q|34=8|11=m", "OUT|35=3|45=8|58=bad",
            "IN|35=q|34=9|11=m2", "OUT|35=r|11=m2|20001=6-0",
            "IN|35=F|34=10|11=x",
            "IN|35=D|34=11|11=a", "OUT|35=8|11=a|39=8|58=DUPLICATE_CLORDID|20001=7-0",
            "IN|35=D|34=12|11=a|97=Y", "OUT|35=8|11=a|39=0|20001=8-0",
            "OUT|35=8|11=z|37=77|39=8|58=NOT_AT_VENUE|20001=9-0", "garbage"};
        final StringBuilder log = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            final boolean in = lines[i].startsWith("IN");
            log.append(i).append(in ? " IN " : " OUT ").append("8=FIXT.1.1").append(SOH)
                .append(in ? "49=DESK" : "49=WEIR").append(SOH).append(in ? "56=WEIR" : "56=DESK").append(SOH)
                .append(lines[i].substring(lines[i].indexOf('|') + 1).replace('|', SOH)).append(SOH).append('\n');
        }
        final Path file = Files.writeString(dir.resolve("desk.log"), log, StandardCharsets.ISO_8859_1);
        final OracleRequests requests = new OracleRequests();
        requests.read(new FixLog(file, 1), "WEIR");
        final List<Long> owed = requests.owed();
        // a, b the second time, the status of a, m2, and a refused as a duplicate
        assertEquals(Set.of(0L, 3L, 10L, 16L, 19L), new TreeSet<>(owed));
        assertEquals(5, owed.size());
        assertEquals(Set.of("77"), requests.lost.keySet());
    }
}
