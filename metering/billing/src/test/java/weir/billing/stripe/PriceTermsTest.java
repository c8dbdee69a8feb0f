package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PriceTermsTest {
    @Test
    void shouldStateMicroUnitsInMinorUnitsExactly() {
        assertEquals("0.01", PriceTerms.minor(100, "USD").toPlainString());
        assertEquals("0.0001", PriceTerms.minor(1, "usd").toPlainString());
        assertEquals("10", PriceTerms.minor(100_000, "USD").toPlainString());
        assertEquals("0", PriceTerms.minor(0, "USD").toPlainString());
        assertEquals("0.000001", PriceTerms.minor(1, "JPY").toPlainString());
        assertEquals(12_340_000, PriceTerms.micros(1_234, "usd"));
        assertEquals(5_000_000, PriceTerms.micros(5, "jpy"));
        assertThrows(IllegalArgumentException.class, () -> PriceTerms.minor(1, "XQQ"));
    }

    @Test
    void shouldOpenTheLastTierAndPriceTheVectorOfTheFacts() {
        final PriceTerms terms = PriceTerms.of(1, 1, 0, "request", "USD", new long[]{1_000, 10_000, 50_000},
            new long[]{100_000, 50_000, 10_000});
        assertEquals(Long.MAX_VALUE, terms.tiers().get(2).upTo());
        BigDecimal cents = BigDecimal.ZERO;
        long from = 0;
        for (final PriceTerms.Tier tier : terms.tiers()) {
            final long in = Math.max(0, Math.min(12_345, tier.upTo()) - from);
            cents = cents.add(tier.amount().multiply(BigDecimal.valueOf(in)));
            from = tier.upTo();
        }
        assertEquals(new BigDecimal("57345"), cents);
    }

    @Test
    void shouldFindThePriceOfTheSameContentAndNoOther() {
        final PriceTerms terms = PriceTerms.of(1, 1, 0, "request", "USD", new long[]{Long.MAX_VALUE}, new long[]{100});
        final PriceTerms dearer = PriceTerms.of(1, 1, 0, "request", "USD", new long[]{Long.MAX_VALUE}, new long[]{101});
        assertEquals(terms.lookupKey("mtr_1"), PriceTerms.of(1, 1, 0, "request", "usd", new long[]{5}, new long[]{100})
            .lookupKey("mtr_1"));
        assertNotEquals(terms.lookupKey("mtr_1"), dearer.lookupKey("mtr_1"));
        assertNotEquals(terms.lookupKey("mtr_1"), terms.lookupKey("mtr_2"));
    }

    @Test
    void shouldEndThePeriodAtTheTenantsMidnight() {
        final long endOfMonth = Instant.parse("2026-10-31T23:30:00Z").toEpochMilli();
        assertEquals(Instant.parse("2026-11-01T00:00:00Z").getEpochSecond(),
            BillingCycle.anchor(endOfMonth, ZoneOffset.UTC).seconds());
        assertEquals(Instant.parse("2026-12-01T00:00:00Z").getEpochSecond() - 9 * 3_600,
            BillingCycle.anchor(endOfMonth, ZoneId.of("Asia/Tokyo")).seconds());
        assertEquals(Instant.parse("2026-11-01T04:00:00Z").getEpochSecond(),
            BillingCycle.anchor(endOfMonth, ZoneId.of("America/New_York")).seconds());
    }
}
