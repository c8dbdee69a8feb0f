package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.Settlement;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;
import weir.protocol.sbe.GrantKind;

@ParameterizedClass
@EnumSource(Store.class)
class SettlementStoreTest {
    private static final String HASH = "0x" + "ab".repeat(32);

    private final TestDatabase home;
    private final Database database;
    private final SettlementStore store;

    SettlementStoreTest(final Store kind) {
        home = new TestDatabase(kind);
        database = Database.open(home.jdbcUrl(), 1);
        store = new SettlementStore(database);
    }

    @AfterEach
    void close() {
        database.close();
        home.close();
    }

    private static Settlement usdc(final long atoms, final long mantissa, final int exponent,
        final Settlement.Rounding rounding) {
        return new Settlement("USDC", 6, BigInteger.valueOf(atoms), mantissa, exponent, "desk", 1_700_000_000_000L,
            rounding, HASH);
    }

    private static GrantOrder grant(final long id, final long micros) {
        return new GrantOrder(id, 1, micros < 0 ? GrantKind.REFUND : GrantKind.TOP_UP, micros, "r");
    }

    private BillingError refusal(final GrantOrder grant, final Settlement... lines) {
        return assertThrows(BillingException.class, () -> store.record(grant, List.of(lines))).error();
    }

    @Test
    void shouldKeepWhatAGrantWasSettledIn() {
        final Settlement usdc = usdc(25_000_000, 9_998, -4, Settlement.Rounding.EXACT);
        store.record(grant(7, 24_995_000), List.of(usdc));
        store.record(grant(7, 24_995_000), List.of(usdc));
        final Settlement ether = new Settlement("ETH", 18, new BigInteger("12345678901234567890123"), 2_500, 0,
            "venue", 5, Settlement.Rounding.DOWN, "pi_3");
        store.record(grant(8, 30_864_197_253_086L), List.of(ether));
        store.record(grant(9, -25_000_000), List.of(usdc(25_000_000, 1, 0, Settlement.Rounding.EXACT)));
        database.commit();
        assertEquals(List.of(usdc), store.of(7));
        assertEquals(Map.of(7L, List.of(usdc), 8L, List.of(ether), 9L,
            List.of(usdc(25_000_000, 1, 0, Settlement.Rounding.EXACT))), store.all());
    }

    @Test
    void shouldRefuseAGrantThatIsNotWhatItWasSettledInByOneMicroUnit() {
        final Settlement usdc = usdc(25_000_000, 1, 0, Settlement.Rounding.EXACT);
        assertEquals(BillingError.SETTLEMENT_MISMATCH, refusal(grant(7, 25_000_001), usdc));
        assertEquals(BillingError.SETTLEMENT_MISMATCH, refusal(grant(7, 24_999_999), usdc));
        assertEquals(BillingError.SETTLEMENT_MISMATCH, refusal(grant(7, 50_000_001), usdc, usdc));
        store.record(grant(7, 50_000_000), List.of(usdc, usdc));
        assertEquals(2, store.of(7).size());
    }

    @Test
    void shouldRoundOnlyAsStated() {
        assertEquals(BillingError.SETTLEMENT_MISMATCH,
            refusal(grant(7, 1), usdc(1, 15, -1, Settlement.Rounding.EXACT)));
        store.record(grant(7, 1), List.of(usdc(1, 15, -1, Settlement.Rounding.DOWN)));
        store.record(grant(8, 2), List.of(usdc(1, 15, -1, Settlement.Rounding.HALF_EVEN)));
        store.record(grant(9, 2), List.of(usdc(1, 25, -1, Settlement.Rounding.HALF_EVEN)));
        assertEquals(BillingError.SETTLEMENT_MISMATCH, refusal(grant(10, 0), usdc(1, 1, -1, Settlement.Rounding.DOWN)));
    }

    @Test
    void shouldRefuseAnotherSettlementForTheSameGrant() {
        store.record(grant(7, 10), List.of(usdc(10, 1, 0, Settlement.Rounding.EXACT)));
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(grant(7, 10), usdc(5, 2, 0, Settlement.Rounding.EXACT)));
    }

    @Test
    void shouldComeToWhatDecimalsComeTo() {
        final Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            final long atoms = 1 + random.nextInt(1_000_000_000);
            final long mantissa = 1 + random.nextInt(1_000_000);
            final Settlement line = usdc(atoms, mantissa, -6, Settlement.Rounding.DOWN);
            // naive: whole micro-units by integer division
            assertEquals(atoms * mantissa / 1_000_000, line.amountMicros());
            assertEquals(0, line.rate().compareTo(new BigDecimal(mantissa).movePointLeft(6)));
        }
        assertTrue(HASH.length() == 66);
    }
}
