package weir.billing.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingProcess;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.Database;
import weir.billing.world.Fixture;
import weir.billing.world.World;

@Timeout(60)
class ReconcilerTest {
    private final Fixture fixture = new Fixture();
    private final World world = World.standard(World.JOURNAL_ID);
    private long firstOrder;
    private long secondOrder;

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A short run: two orders on two sessions, fills, an inquiry; {@code plant} is called before the planted step. */
    private void play(final Runnable plant) {
        world.play(42, 80);
        plant.run();
        firstOrder = world.newOrder(1, null);
        secondOrder = world.newOrder(3, null);
        world.sent(firstOrder);
        world.sent(secondOrder);
        if (firstOrder != 0) {
            world.ack(firstOrder);
            world.fill(firstOrder, "0.5", "50000.25");
            world.fill(firstOrder, "0.5", "50000.5");
        }
        world.ack(secondOrder);
        world.cancel(secondOrder);
    }

    private void bill() {
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).drain(true))) {
            assertTrue(process.awaitEnd(30_000));
            assertNull(process.failure());
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
        world.writeLogs(fixture.dir);
    }

    private Reconciler reconciler() {
        final Reconciler reconciler = new Reconciler().recordSource(world.frames.source()).jdbcUrl(fixture.jdbcUrl())
            .stripeLog(fixture.stripe.logFile()).venueLog(venueLog());
        world.fix.keySet().forEach(session -> reconciler.fixLog(fixLog(session), session));
        return reconciler;
    }

    private Path venueLog() {
        return fixture.dir.resolve("venue.jsonl");
    }

    private Path fixLog(final int session) {
        return fixture.dir.resolve("session-" + session + ".log");
    }

    private void assertFinds(final Difference.Kind... kinds) {
        final ReconcileReport report = reconciler().run();
        final Set<Difference.Kind> found = new TreeSet<>();
        report.differences().forEach(difference -> found.add(difference.kind()));
        assertEquals(new TreeSet<>(List.of(kinds)), found, report::toText);
    }

    private static void edit(final Path file, final UnaryOperator<String> change) {
        try {
            final String before = Files.readString(file, StandardCharsets.ISO_8859_1);
            final String after = change.apply(before);
            assertTrue(!before.equals(after), "the fault is planted");
            Files.writeString(file, after, StandardCharsets.ISO_8859_1);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private static String without(final String text, final String part) {
        final int at = text.lastIndexOf(part);
        final int start = text.lastIndexOf('\n', at) + 1;
        return text.substring(0, start) + text.substring(text.indexOf('\n', at) + 1);
    }

    private static String doubled(final String text, final String part) {
        final int at = text.lastIndexOf(part);
        final int start = text.lastIndexOf('\n', at) + 1;
        final int end = text.indexOf('\n', at) + 1;
        return text.substring(0, end) + text.substring(start, end) + text.substring(end);
    }

    @Test
    void shouldFindNoDifferenceInConsistentRun() {
        play(() -> { });
        bill();
        final ReconcileReport report = reconciler().run();
        assertEquals(List.of(), report.differences());
        assertTrue(report.toText().endsWith("differences: 0\n"));
        assertTrue(report.compared().values().stream().allMatch(count -> count > 0), report::toText);
    }

    @Test
    void shouldFindFillThatJournalMisses() {
        play(() -> world.nextFillNotJournaled = true);
        bill();
        assertFinds(Difference.Kind.FILL_NOT_IN_JOURNAL);
    }

    @Test
    void shouldFindFillThatVenueDoesNotHave() {
        play(() -> world.nextFillNotAtVenue = true);
        bill();
        assertFinds(Difference.Kind.FILL_NOT_AT_VENUE);
    }

    @Test
    void shouldFindFillJournaledTwice() {
        play(() -> world.nextFillJournaledTwice = true);
        bill();
        final ReconcileReport report = reconciler().run();
        assertTrue(report.differences().stream()
            .anyMatch(found -> found.kind() == Difference.Kind.FILL_TWICE_IN_JOURNAL), report::toText);
        assertTrue(report.differences().stream()
            .anyMatch(found -> found.kind() == Difference.Kind.RECORD_RATING), report::toText);
    }

    @Test
    void shouldFindFillThatVenueLoggedTwice() {
        play(() -> { });
        bill();
        edit(venueLog(), text -> doubled(text, "\"kind\":\"exec\""));
        assertFinds(Difference.Kind.FILL_TWICE_AT_VENUE);
    }

    /** The last execution of the venue's log, changed, with what is to follow it. */
    private void lastExecution(final UnaryOperator<String> change) {
        edit(venueLog(), text -> {
            final int at = text.lastIndexOf("\"kind\":\"exec\"");
            final int start = text.lastIndexOf('\n', at) + 1;
            final int end = text.indexOf('\n', at) + 1;
            return text.substring(0, start) + change.apply(text.substring(start, end)) + text.substring(end);
        });
    }

    @Test
    void shouldTakeFigureThatIsFinerThanOursWhenItIsLessThanOneUnitOff() {
        play(() -> { });
        bill();
        lastExecution(line -> line.replace("\"qty\":\"0.5\"", "\"qty\":\"0.5000000049\"")
            .replace("\"price\":\"50000.5\"", "\"price\":\"50000.499999996\""));
        assertFinds();
        lastExecution(line -> line.replace("0.5000000049", "0.500000012"));
        assertFinds(Difference.Kind.FILL_QTY);
        lastExecution(line -> line.replace("0.500000012", "0.50000001"));
        assertFinds(Difference.Kind.FILL_QTY);
    }

    @Test
    void shouldTakeDustThatIsInTheNextFillAndFindWhatIsInNone() {
        play(() -> { });
        bill();
        lastExecution(line -> line.replaceFirst("\"tradeId\":", "\"tradeId\":77")
            .replace("\"qty\":\"0.5\"", "\"qty\":\"0.000000004\"") + line);
        assertFinds();
        lastExecution(line -> line + line.replaceFirst("\"tradeId\":", "\"tradeId\":78")
            .replace("\"qty\":\"0.5\"", "\"qty\":\"0.000000007\""));
        assertFinds(Difference.Kind.FILL_QTY);
    }

    /** The last execution's line, as another kind and under another trade id. */
    private void settlement(final String kind, final int number) {
        edit(venueLog(), text -> {
            final int at = text.lastIndexOf("\"kind\":\"exec\"");
            final String line = text.substring(text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at) + 1);
            return text + line.replace("\"exec\"", '"' + kind + '"')
                .replaceFirst("\"tradeId\":\\d+", "\"tradeId\":" + number);
        });
    }

    private int lastTrade() throws IOException {
        return Integer.parseInt(Files.readString(venueLog()).replaceAll("(?s).*\"tradeId\":(\\d+).*", "$1"));
    }

    @Test
    void shouldTakeSettlementsThatWereMadeAgainForOneAndFindThoseThatWereTakenBack() throws IOException {
        play(() -> { });
        bill();
        final int last = lastTrade();
        settlement("reorg", last);
        assertFinds(Difference.Kind.FILL_NOT_AT_VENUE);
        settlement("exec", 790_001);
        assertFinds();
        settlement("reorg", 790_001);
        assertFinds(Difference.Kind.FILL_NOT_AT_VENUE);
        settlement("exec", 790_002);
        assertFinds();
        settlement("reorg", last - 1);
        settlement("reorg", 790_002);
        assertEquals(2, reconciler().run().differences().size());
        settlement("exec", 790_003);
        settlement("exec", 790_004);
        assertFinds();
    }

    private static final String SECOND = "11111111-2222-4333-8444-555555555555";
    private static final String THIRD = "11111111-2222-4333-8444-666666666666";

    /** Adds the last order that the venue's log has, under another id that goes on with one of it. */
    private void rest(final String id, final String replaced) {
        edit(venueLog(), text -> {
            final int at = text.lastIndexOf("\"kind\":\"order\"");
            final String line = text.substring(text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at) + 1);
            final String former = id(line);
            return text + line.replace(former, id).replaceFirst("\"replaces\":\"[^\"]*\",", "")
                .replace("\"product\"", "\"replaces\":\"" + (replaced == null ? former : replaced)
                    + "\",\"product\"");
        });
    }

    private static String id(final String line) {
        return line.replaceAll("(?s).*\"clOrdId\":\"([^\"]+)\".*", "$1");
    }

    private String lastOrder() throws IOException {
        final String text = Files.readString(venueLog());
        final int at = text.lastIndexOf("\"kind\":\"order\"");
        return id(text.substring(at, text.indexOf('\n', at)));
    }

    @Test
    void shouldTakeRestsOfAReplacedOrderForTheSameOrder() {
        play(() -> { });
        bill();
        rest(SECOND, null);
        assertFinds();
        rest(THIRD, SECOND);
        assertFinds();
    }

    @Test
    void shouldFindTwoOrdersInThePlaceOfOne() throws IOException {
        play(() -> { });
        bill();
        final String first = lastOrder();
        rest(SECOND, first);
        rest(THIRD, first);
        final ReconcileReport report = reconciler().run();
        assertEquals(1, report.differences().size(), report::toText);
        final Difference difference = report.differences().get(0);
        assertEquals(Difference.Kind.ORDER_AT_VENUE_TWICE, difference.kind(), report::toText);
        assertEquals(SECOND + " and " + THIRD, difference.found());
        assertEquals(secondOrder, difference.sequence());
    }

    @Test
    void shouldTakeRestThatWasTurnedAwayForNoOrderOfItsOwn() throws IOException {
        play(() -> { });
        bill();
        final String first = lastOrder();
        rest(SECOND, first);
        edit(venueLog(), text -> {
            final int at = text.lastIndexOf("\"kind\":\"order\"");
            return text.substring(0, at) + text.substring(at).replace("\"kind\":\"order\"", "\"kind\":\"reject\"");
        });
        assertFinds();
        rest(SECOND, first);
        assertFinds();
        rest(THIRD, SECOND);
        assertFinds();
    }

    @Test
    void shouldFindRestThatCameTwice() throws IOException {
        play(() -> { });
        bill();
        final String first = lastOrder();
        rest(SECOND, first);
        rest(SECOND, first);
        assertFinds(Difference.Kind.VENUE_ORDER_TWICE);
    }

    @Test
    void shouldSeeEachOrderWhenAnotherHasNoIdOfItsClient() {
        play(() -> { });
        bill();
        edit(venueLog(), text -> "{\"ts\":1,\"kind\":\"order\",\"clOrdId\":\"\",\"orderId\":\"v-0\",\"product\":"
            + "\"BTC-USD\",\"side\":\"buy\"}\n{\"ts\":1,\"kind\":\"reject\",\"clOrdId\":\"\"}\n" + text);
        final ReconcileReport report = reconciler().run();
        assertEquals(List.of("venue order v-0", "venue order "), report.differences().stream()
            .filter(each -> each.kind() == Difference.Kind.VENUE_ORDER_WITHOUT_INTENT).map(Difference::where).toList());
        assertEquals(2, report.differences().size(), report::toText);
    }

    @Test
    void shouldFindWrongPrice() {
        play(() -> world.nextFillPriceOff = 1);
        bill();
        assertFinds(Difference.Kind.FILL_PRICE, Difference.Kind.REPORT_PRICE);
    }

    @Test
    void shouldFindWrongUnitOfEngine() {
        play(() -> world.nextRequestUnitsOff = 1);
        bill();
        assertFinds(Difference.Kind.RECORD_RATING, Difference.Kind.UNITS_LEDGER);
    }

    @Test
    void shouldFindWrongUnitAtStripe() {
        play(() -> { });
        bill();
        edit(fixture.stripe.logFile(), text -> text.replaceFirst("(\"kind\":\"accepted\".*?\"value\":\")", "$19"));
        assertFinds(Difference.Kind.STRIPE_VALUE, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindOrderThatNeverReachedTheVenue() {
        play(() -> world.nextOrderNotAtVenue = true);
        bill();
        assertFinds(Difference.Kind.ORDER_NOT_AT_VENUE);
    }

    @Test
    void shouldCountOrderAsLostOnTheWayWhenTheVenueWasAskedAndDoesNotHaveIt() {
        play(() -> {
            world.nextOrderNotAtVenue = true;
            final long lost = world.newOrder(3, null);
            world.sent(lost);
            world.absent(lost);
        });
        bill();
        final ReconcileReport report = reconciler().run();
        assertTrue(report.agrees(), report.toText());
        assertEquals(1, report.compared().get("orders sent and lost on the way"));
    }

    @Test
    void shouldFindOrderThatReachedTheVenueTwice() {
        play(() -> world.nextOrderTwiceAtVenue = true);
        bill();
        assertFinds(Difference.Kind.VENUE_ORDER_TWICE);
    }

    @Test
    void shouldFindOrderAtTheVenueWithoutIntent() {
        play(() -> { });
        bill();
        edit(venueLog(), text -> text + "{\"ts\":1,\"kind\":\"order\",\"clOrdId\":"
            + "\"11111111-2222-4333-8444-555555555555\",\"orderId\":\"x\",\"product\":\"BTC-USD\",\"side\":\"buy\"}\n");
        assertFinds(Difference.Kind.VENUE_ORDER_WITHOUT_INTENT);
    }

    @Test
    void shouldFindIntentJournaledAfterTheVenueSawTheOrder() {
        play(() -> { });
        bill();
        edit(venueLog(), text -> text.replaceFirst("\"ts\":\\d+", "\"ts\":1"));
        assertFinds(Difference.Kind.INTENT_AFTER_VENUE);
    }

    @Test
    void shouldFindFixMessageWithoutRecord() {
        play(() -> { });
        world.nextRequestNotJournaled = true;
        world.newOrder(1, null);
        bill();
        assertFinds(Difference.Kind.FIX_WITHOUT_RECORD);
    }

    @Test
    void shouldFindRecordWithoutFixMessage() {
        play(() -> { });
        bill();
        edit(fixLog(3), text -> without(text, "\u000135=D\u0001"));
        assertFinds(Difference.Kind.RECORD_WITHOUT_FIX);
    }

    @Test
    void shouldFindFillThatWasNotReported() {
        play(() -> { });
        bill();
        edit(fixLog(1), text -> without(text, "\u0001150=F\u0001"));
        assertFinds(Difference.Kind.FILL_NOT_REPORTED);
    }

    @Test
    void shouldFindFillReportedTwice() {
        play(() -> { });
        bill();
        edit(fixLog(1), text -> doubled(text, "\u0001150=F\u0001"));
        assertFinds(Difference.Kind.REPORT_TWICE);
    }

    @Test
    void shouldTakePossibleDuplicatesAsOne() {
        play(() -> { });
        bill();
        edit(fixLog(1), text -> {
            final String twice = doubled(doubled(text, "\u0001150=F\u0001"), "\u000135=D\u0001");
            final int report = twice.lastIndexOf("\u0001150=F\u0001");
            final String marked = twice.substring(0, report) + "\u000143=Y" + twice.substring(report);
            final int order = marked.lastIndexOf("\u000135=D\u0001");
            return marked.substring(0, order + 5) + "\u000143=Y" + marked.substring(order + 5);
        });
        assertFinds();
    }

    @Test
    void shouldFindBatchThatStripeDoesNotHave() {
        play(() -> { });
        bill();
        edit(fixture.stripe.logFile(), text -> without(text, "\"kind\":\"accepted\""));
        assertFinds(Difference.Kind.BATCH_NOT_AT_STRIPE, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindEventThatNoBatchStandsFor() {
        play(() -> { });
        bill();
        edit(fixture.stripe.logFile(), text -> {
            final String twice = doubled(text, "\"kind\":\"accepted\"");
            final int at = twice.lastIndexOf("\"identifier\":\"w1:");
            return twice.substring(0, at) + "\"identifier\":\"w1:other" + twice.substring(at + 17);
        });
        assertFinds(Difference.Kind.STRIPE_WITHOUT_BATCH, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindIdentifierThatStripeAcceptedTwice() {
        play(() -> { });
        bill();
        edit(fixture.stripe.logFile(), text -> doubled(text, "\"kind\":\"accepted\""));
        assertFinds(Difference.Kind.STRIPE_TWICE, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindRecordsNotBilledYet() {
        play(() -> { });
        bill();
        world.newOrder(1, null);
        world.writeLogs(fixture.dir);
        assertFinds(Difference.Kind.POSITION, Difference.Kind.UNITS_LEDGER, Difference.Kind.AMOUNT_LEDGER,
            Difference.Kind.DEBIT_LEDGER);
    }

    @Test
    void shouldNameFileAndLineWhenLogIsDamaged() {
        play(() -> { });
        bill();
        edit(venueLog(), text -> "{broken\n" + text);
        final BillingException refused = assertThrows(BillingException.class, () -> reconciler().run());
        assertEquals(BillingError.CONFIGURATION, refused.error());
        assertTrue(refused.getMessage().contains("venue.jsonl line 1"), refused.getMessage());
    }

    private AdjustmentStore.Row order(final String identifier, final AdjustmentStore.Kind kind, final long units) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), System.currentTimeMillis())) {
            final AdjustmentStore.Row row = new AdjustmentStore(database).order(identifier, kind, units, "test",
                System.currentTimeMillis());
            database.commit();
            return row;
        }
    }

    private void correct() {
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames))) {
            Fixture.await("corrections", () -> {
                try (Database database = Database.openBeside(fixture.jdbcUrl(), System.currentTimeMillis())) {
                    final boolean open = new AdjustmentStore(database).open().isEmpty();
                    database.commit();
                    return open && fixture.report().undelivered() == 0;
                }
            }, fixture::report);
            assertNull(process.failure());
        }
    }

    private List<String> batches(final int units) {
        final List<String> found = new ArrayList<>();
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                "SELECT identifier FROM batch WHERE units >= " + units + " ORDER BY first_sequence, identifier")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
        return found;
    }

    @Test
    void shouldTakeCorrectionsIntoAccount() {
        play(() -> { });
        bill();
        final List<String> batches = batches(2);
        order(batches.get(0), AdjustmentStore.Kind.VOID, 0);
        order(batches.get(1), AdjustmentStore.Kind.REDUCE, 1);
        assertFinds(Difference.Kind.CORRECTION_OPEN);
        correct();
        final ReconcileReport report = reconciler().run();
        assertEquals(List.of(), report.differences(), report::toText);
        assertEquals(2, report.compared().get("corrections"));
        edit(fixture.stripe.logFile(), text -> without(text, "\"kind\":\"adjustment\""));
        assertFinds(Difference.Kind.CORRECTION_NOT_AT_STRIPE, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindWhatWasCancelledAtStripeWithoutACorrection() {
        play(() -> { });
        bill();
        edit(fixture.stripe.logFile(), text -> text + "{\"kind\":\"adjustment\",\"identifier\":\""
            + batches(1).get(0) + "\"}\n");
        assertFinds(Difference.Kind.STRIPE_CANCELLED, Difference.Kind.UNITS_STRIPE);
    }

    @Test
    void shouldFindNoDifferenceWhenRefusedUsageWasCarriedToTheNextInvoice() {
        world.advance(-40L * 86_400_000_000_000L);
        play(() -> { });
        bill();
        assertFinds(Difference.Kind.BATCH_QUARANTINED, Difference.Kind.UNITS_STRIPE);
        batches(1).forEach(identifier -> order(identifier, AdjustmentStore.Kind.CARRY, 0));
        correct();
        assertFinds();
    }
}
