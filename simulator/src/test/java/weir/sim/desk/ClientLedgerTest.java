package weir.sim.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientLedgerTest {
    private final ClientLedger ledger = new ClientLedger();
    private final Set<String> execIds = new HashSet<>();
    private int count;

    @BeforeEach
    void setUp() {
        ledger.onSent("D", 2, fields("11=a|55=BTC-USD|54=1|38=3|44=100"));
    }

    private static Map<Integer, String> fields(final String text) {
        final Map<Integer, String> fields = new HashMap<>();
        for (final String field : text.split("\\|")) {
            fields.put(Integer.parseInt(field.substring(0, field.indexOf('='))),
                field.substring(field.indexOf('=') + 1));
        }
        return fields;
    }

    private void report(final String text) {
        final Map<Integer, String> fields = fields("37=O|54=1|55=BTC-USD|6=0|11=a|17=E" + count++ + "|" + text);
        deliver("8", fields);
    }

    private void deliver(final String msgType, final Map<Integer, String> fields) {
        final boolean duplicate = "8".equals(msgType) && !execIds.add(fields.get(17));
        ledger.onReport(new DeskReport(count, 0, 0, msgType, 1, false, false, duplicate, fields, fields.toString()));
    }

    private void acknowledge() {
        report("150=A|39=A|14=0|151=3|38=3");
        report("150=0|39=0|14=0|151=3|38=3");
        ledger.assertClean();
    }

    @Test
    void shouldStayCleanWhenOrderIsFilledReplacedAndCancelledByTheBook() {
        acknowledge();
        report("150=F|39=1|14=1|151=2|38=3|31=99.5|32=1|6=99.5");
        ledger.onSent("G", 3, fields("11=b|41=a|55=BTC-USD|54=1|38=5|44=101"));
        report("11=b|41=a|150=E|39=E|14=1|151=2|38=3|6=99.5");
        report("11=b|41=a|150=5|39=1|14=1|151=4|38=5|6=99.5");
        report("11=b|150=F|39=1|14=3|151=2|38=5|31=101|32=2|6=100.5");
        ledger.onSent("F", 4, fields("11=c|41=b|55=BTC-USD|54=1"));
        report("11=c|41=b|150=6|39=6|14=3|151=2|38=5|6=100.5");
        report("11=c|41=b|150=4|39=4|14=3|151=0|38=5|6=100.5");
        assertEquals(List.of(), ledger.violations());
        assertEquals("b", ledger.order("a").clOrdId());
        assertEquals(ledger.order("a"), ledger.order("b"));
        assertTrue(ledger.openOrders().isEmpty());
        assertTrue(ledger.unanswered().isEmpty());
        assertEquals(Map.of("4", 1L), ledger.countsByStatus());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "150=F|39=1|14=1|151=1|38=3|31=99|32=1|6=99; is not OrderQty",
        "150=F|39=1|14=2|151=1|38=3|31=99|32=1|6=99; is not the sum of fills",
        "150=F|39=1|14=1|151=2|38=3|31=99|32=1|6=98; AvgPx(6) 98 should be 99",
        "150=F|39=1|14=1|151=2|38=3|31=100.01|32=1|6=100.01; beyond the limit",
        "150=F|39=0|14=1|151=2|38=3|31=99|32=1|6=99; does not fit",
        "150=F|39=2|14=1|151=0|38=3|31=99|32=1|6=99; filled, but CumQty",
        "150=F|39=1|14=1|151=2|38=3|32=1|6=99; a fill needs",
        "150=4|39=4|14=0|151=3|38=3; LeavesQty(151) must be 0",
        "150=0|39=0|14=0|151=3|38=4; in force is 3",
        "150=0|39=0|14=0|151=3|38=3|54=2; Side(54)",
        "150=0|39=0|14=0|38=3; required tag 151",
        "150=0|39=0|14=x|151=3|38=3; no number",
        "150=0|39=0|14=0|151=3|38=3|11=zz; never sent",
        "150=0|39=Z|14=0|151=3|38=3; is not expected"})
    void shouldReportBreachWhenArithmeticDoesNotHold(final String report, final String expected) {
        acknowledge();
        report(report);
        assertTrue(ledger.violations().stream().anyMatch(text -> text.contains(expected)),
            ledger.violations().toString());
        assertThrows(IllegalStateException.class, ledger::assertClean);
    }

    @Test
    void shouldReportBreachWhenFillIsMissing() {
        acknowledge();
        report("150=F|39=2|14=3|151=0|38=3|31=99|32=2|6=99");
        assertTrue(ledger.violations().get(0).contains("not the sum of fills"), ledger.violations().toString());
    }

    @Test
    void shouldReportBreachWhenCumQtyFalls() {
        acknowledge();
        report("150=F|39=1|14=1|151=2|38=3|31=99|32=1|6=99");
        report("150=0|39=0|14=0|151=3|38=3");
        assertTrue(ledger.violations().stream().anyMatch(text -> text.contains("went down")));
    }

    @Test
    void shouldReportBreachWhenTwoFinalStatesCome() {
        acknowledge();
        report("150=4|39=4|14=0|151=0|38=3");
        report("150=C|39=C|14=0|151=0|38=3");
        assertTrue(ledger.violations().get(0).contains("second final state"));
        report("150=0|39=0|14=0|151=3|38=3");
        assertTrue(ledger.violations().get(1).contains("open again"));
    }

    @Test
    void shouldCountLateFillAndNotCallItABreach() {
        acknowledge();
        report("150=4|39=4|14=0|151=0|38=3");
        report("150=F|39=4|14=1|151=0|38=3|31=99|32=1|6=99");
        assertEquals(List.of(), ledger.violations());
        assertEquals(1, ledger.order("a").lateFills());
    }

    @Test
    void shouldApplyResentReportOnceAndCompareIt() {
        acknowledge();
        final String fill = "17=F1|150=F|39=1|14=1|151=2|38=3|31=99|32=1|6=99";
        report(fill);
        report(fill);
        assertEquals(List.of(), ledger.violations());
        assertEquals(1, ledger.executions());
        assertEquals(1, ledger.duplicateReports());
        report(fill.replace("14=1", "14=2"));
        assertTrue(ledger.violations().get(0).contains("twice with different content"));
    }

    @Test
    void shouldKeepOrderOpenWhenADuplicateOfItIsRefused() {
        acknowledge();
        ledger.onSent("D", 3, fields("11=a|55=BTC-USD|54=1|38=3|44=100"));
        report("150=8|39=8|14=0|151=0|103=6|58=DUPLICATE_CLORDID clOrdId=a");
        assertEquals(List.of(), ledger.violations());
        assertEquals(1, ledger.duplicateRefusals());
        assertFalse(ledger.order("a").closed());
    }

    @Test
    void shouldCloseOrderWhenItIsRefusedAfterAStatusRequest() {
        acknowledge();
        ledger.onSent("H", 3, fields("11=a|55=BTC-USD|54=1"));
        report("150=8|39=8|14=0|151=0|58=NOT_AT_VENUE");
        assertTrue(ledger.order("a").closed());
    }

    @Test
    void shouldRoundAvgPxHalfUpAtEightDecimals() {
        acknowledge();
        report("150=F|39=1|14=1|151=2|38=3|31=100|32=1|6=100");
        report("150=F|39=2|14=3|151=0|38=3|31=99.5|32=2|6=99.66666667");
        assertEquals(List.of(), ledger.violations());
    }

    @Test
    void shouldMarkOrderUnknownUntilItsStateIsReported() {
        acknowledge();
        report("150=I|39=0|14=0|151=3|58=ORDER_UNKNOWN_STATE since=1");
        assertTrue(ledger.order("a").unknown());
        report("150=F|39=1|14=1|151=2|38=3|31=99|32=1|6=99");
        assertFalse(ledger.order("a").unknown());
        assertEquals(List.of(), ledger.violations());
    }

    @Test
    void shouldCountCodesOfEveryKindOfRefusal() {
        deliver("j", fields("379=a|380=4|58=BUSY retryAfterMs=5"));
        ledger.onSent("F", 9, fields("11=c|41=nope|55=BTC-USD|54=1"));
        deliver("9", fields("11=c|41=nope|37=NONE|39=8|434=1|58=UNKNOWN_ORDER"));
        ledger.onSent("D", 10, fields("11=d|55=BTC-USD|54=1|38=1"));
        deliver("3", fields("45=10|373=1|58=not a code"));
        assertEquals(Map.of("BUSY", 1L, "UNKNOWN_ORDER", 1L), ledger.countsByCode());
        assertTrue(ledger.unanswered().isEmpty());
        assertTrue(ledger.order("a").closed() && ledger.order("d").closed());
        assertEquals("UNKNOWN_ORDER", ledger.codeOf("c"));
    }
}
