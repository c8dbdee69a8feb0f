package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PriceMathTest {
    private static final String TIERS = "{'billing_scheme':'tiered','tiers_mode':'MODE','tiers':["
        + "{'up_to':10,'unit_amount_decimal':'3','flat_amount_decimal':'100'},"
        + "{'up_to':20,'unit_amount_decimal':'2','flat_amount_decimal':null},"
        + "{'up_to':null,'unit_amount_decimal':'0.5','flat_amount_decimal':'7'}]}";

    private static List<Long> amounts(final String mode, final long units) throws Exception {
        final JsonNode price = StripeFixture.JSON.readTree(TIERS.replace("MODE", mode).replace('\'', '"'));
        return PriceMath.charges(price, BigInteger.valueOf(units)).stream().map(PriceMath.Charge::amount).toList();
    }

    @Test
    void shouldAddTheFlatAmountOfEachTierThatIsReached() throws Exception {
        assertEquals(List.of(30L, 100L), amounts("graduated", 10));
        assertEquals(List.of(30L, 100L, 2L), amounts("graduated", 11));
        assertEquals(List.of(30L, 100L, 20L, 1L, 7L), amounts("graduated", 21));
        assertEquals(List.of(11L, 7L), amounts("volume", 21));
        assertEquals(List.of(40L), amounts("volume", 20));
    }

    @Test
    void shouldBillTheFlatAmountOfTheFirstTierForNoUnits() throws Exception {
        assertEquals(List.of(0L, 100L), amounts("graduated", 0));
        assertEquals(List.of(0L, 100L), amounts("volume", -5));
    }

    @Test
    void shouldEqualASumOverUnitsWhenTiersAreGraduated() throws Exception {
        final SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 200; round++) {
            final int first = 1 + random.nextInt(50);
            final int second = first + 1 + random.nextInt(50);
            final BigDecimal[] prices = {decimal(random), decimal(random), decimal(random)};
            final JsonNode price = StripeFixture.JSON.readTree(("{'billing_scheme':'tiered','tiers_mode':'graduated',"
                + "'tiers':[{'up_to':" + first + ",'unit_amount_decimal':'" + prices[0] + "'},{'up_to':" + second
                + ",'unit_amount_decimal':'" + prices[1] + "'},{'up_to':null,'unit_amount_decimal':'" + prices[2]
                + "'}]}").replace('\'', '"'));
            final int units = random.nextInt(200);
            BigDecimal naive = BigDecimal.ZERO;
            for (int unit = 1; unit <= units; unit++) {
                naive = naive.add(prices[unit <= first ? 0 : unit <= second ? 1 : 2]);
            }
            final BigDecimal exact = PriceMath.exact(PriceMath.charges(price, BigInteger.valueOf(units)));
            assertEquals(0, naive.compareTo(exact), price + " x " + units + ": " + naive + " / " + exact);
        }
    }

    private static BigDecimal decimal(final SplittableRandom random) {
        return new BigDecimal(BigInteger.valueOf(random.nextLong(1, 10_000_000_000_000L)), 12);
    }

    @Test
    void shouldKeepTheLastDayOfTheMonthAsTheAnchor() throws Exception {
        final JsonNode monthly = StripeFixture.JSON.readTree("{\"interval\":\"month\",\"interval_count\":1}");
        final long jan31 = BillingFixture.JAN_1 + 30 * 86_400;
        final long feb28 = Periods.endAfter(jan31, monthly, jan31);
        final long mar31 = Periods.endAfter(jan31, monthly, feb28);
        assertEquals(28, (feb28 - jan31) / 86_400);
        assertEquals(31, (mar31 - feb28) / 86_400);
        assertEquals(feb28, Periods.startAtOrBefore(jan31, monthly, mar31 - 1));
    }
}
