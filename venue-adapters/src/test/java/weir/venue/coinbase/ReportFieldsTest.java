package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.venue.VenueExecution;

/** Reading of the venue's reports: wire samples, odd orders of fields, fine decimals, times of all lengths. */
final class ReportFieldsTest {
    private static final String FILL = "8=FIXT.1.1|9=407|35=8|34=3|49=Coinbase|52=20260304-14:36:18.114|56=key"
        + "|6=60000.10|11=1985ca2d-61ef-49f1-bfce-6c39d8462914|14=0.0004|17=5f3d2a10-6a56-4a9d-9b1d-2f6f8c7a1b02"
        + "|31=60000.10"
        + "|32=0.0004|37=d50ec984-77a8-460a-b958-66f114b0de9b|38=0.001|39=1|40=2|44=60000.10|54=1|55=BTC-USD|59=1"
        + "|60=20260304-14:36:18.113900|136=1|137=0.0960001600|138=USD|139=4|891=0|150=F|151=0.0006|1003=78098253"
        + "|1057=N|10=172|";

    private final CoinbaseCounters counters = new CoinbaseCounters();
    private final FixFields fields = new FixFields();

    private VenueExecution read(final String message) {
        final VenueExecution target = new VenueExecution();
        new ExecutionReader(new Decimals(counters)).read(fields.wrap(message.replace('|', '\u0001')), target);
        return target;
    }

    @Test
    void shouldReadTheVenuesFill() {
        final VenueExecution fill = read(FILL);

        assertEquals(ExecType.TRADE, fill.execType);
        assertEquals(OrdStatus.PARTIALLY_FILLED, fill.ordStatus);
        assertEquals(40_000, fill.lastQty);
        assertEquals(6_000_010_000_000L, fill.lastPx);
        assertEquals(60_000, fill.leavesQty);
        assertEquals(9_600_016, fill.fee);
        assertEquals("USD", fill.feeCurrency);
        assertEquals(78_098_253, fill.tradeId);
        assertEquals(Liquidity.MAKER, fill.liquidity);
        assertEquals(1_772_634_978_113_900_000L, fill.transactNs);
        assertEquals("d50ec984-77a8-460a-b958-66f114b0de9b", fill.venueOrderId);
        assertEquals(0, counters.get(CoinbaseCounter.INEXACT_DECIMALS));
    }

    @Test
    void shouldReadFieldsInAnyOrderAndUnknownTags() {
        final VenueExecution fill = read("8=FIXT.1.1|9=1|35=8|34=3|369=8|50=TEST|1057=Y|150=F|1003=5|891=0|"
            + "136=2|138=USD|137=0.5|139=4|137=0.25|138=USD|9999=x|32=1|31=2|39=2|14=1|151=0|11=a|");

        assertEquals(Liquidity.TAKER, fill.liquidity);
        assertEquals(5, fill.tradeId);
        assertEquals(100_000_000, fill.lastQty);
        assertEquals(OrdStatus.FILLED, fill.ordStatus);
    }

    @Test
    void shouldRoundFeesAndAveragesFinerThanE8WithoutCounting() {
        final VenueExecution fill = read(FILL.replace("137=0.0960001600", "137=0.249900039985")
            .replace("|6=60000.10|", "|6=60000.123456785|"));

        assertEquals(24_990_004, fill.fee);
        assertEquals(6_000_012_345_679L, fill.avgPx);
        assertEquals(0, counters.get(CoinbaseCounter.INEXACT_DECIMALS));
    }

    @Test
    void shouldCountAQuantityFinerThanE8() {
        final VenueExecution fill = read(FILL.replace("|32=0.0004|", "|32=0.000400001|"));

        assertEquals(40_000, fill.lastQty);
        assertEquals(1, counters.get(CoinbaseCounter.INEXACT_DECIMALS));
    }

    @Test
    void shouldTakePercentageOfTheFillWhenFeeBasisSaysSo() {
        assertEquals(80, read(FILL.replace("137=0.0960001600|138=USD|139=4|891=0", "137=0.2|138=BTC|139=4|891=2")).fee);
    }

    @Test
    void shouldAddFeesOfOneCurrency() {
        final VenueExecution fill = read(FILL.replace("136=1|137=0.0960001600|138=USD|139=4|891=0",
            "136=2|137=0.1|138=USD|139=4|891=0|137=0.02|138=USD|139=7|891=0"));

        assertEquals(12_000_000, fill.fee);
    }

    @Test
    void shouldKeepAbsentDecimalsNull() {
        final VenueExecution report = read("8=FIXT.1.1|35=8|150=0|39=0|11=x|");

        assertEquals(Scale.NULL, report.leavesQty);
        assertEquals(Scale.NULL, report.fee);
        assertEquals(0, report.tradeId);
    }

    @Test
    void shouldReadTimesOfZeroToNineDecimals() {
        assertEquals(1_772_634_978_000_000_000L, time("20260304-14:36:18"));
        assertEquals(1_772_634_978_100_000_000L, time("20260304-14:36:18.1"));
        assertEquals(1_772_634_978_123_000_000L, time("20260304-14:36:18.123"));
        assertEquals(1_772_634_978_123_456_789L, time("20260304-14:36:18.123456789"));
        assertEquals(0, time("garbage-of-some-length"));
    }

    @Test
    void shouldTreatReplacedStatusAsWorking() {
        assertEquals(OrdStatus.NEW, ExecutionReader.ordStatus('5', 0));
        assertEquals(OrdStatus.PARTIALLY_FILLED, ExecutionReader.ordStatus('5', 1));
    }

    @Test
    void shouldSurviveGarbage() {
        fields.wrap("=\u0001\u0001=x\u0001abc\u000111=\u000145=9999999999\u0001");

        assertNull(fields.get(37));
        assertEquals("", fields.get(11));
        assertEquals(-1, fields.getInt(45));
        assertNull(fields.getUuid(11));
    }

    private long time(final String text) {
        return fields.wrap("60=" + text + '\u0001').getTimestampNs(60);
    }
}
