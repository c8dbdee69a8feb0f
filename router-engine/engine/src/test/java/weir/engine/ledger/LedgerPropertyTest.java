package weir.engine.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.engine.journal.Verdict;
import weir.protocol.RejectReason;

/** Ledger, prices, quotas and thresholds against naive models, with a printed seed. */
class LedgerPropertyTest {
    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldPriceUnitByUnit() {
        for (int round = 0; round < 300; round++) {
            final Plans plans = new Plans(1, 1);
            plans.index.add(1);
            final int tiers = 1 + random.nextInt(5);
            final long[] bound = new long[tiers];
            final long[] price = new long[tiers];
            long last = 0;
            for (int i = 0; i < tiers; i++) {
                last += 1 + random.nextInt(20);
                bound[i] = i == tiers - 1 ? 0 : last;
                price[i] = random.nextInt(100);
                assertTrue(plans.addTier(0, 1, bound[i], price[i]));
            }
            final long used = random.nextInt(100);
            final long units = random.nextInt(100);
            long expected = 0;
            for (long u = used + 1; u <= used + units; u++) {
                int tier = 0;
                while (tier < tiers - 1 && u > bound[tier]) {
                    tier++;
                }
                expected += price[tier];
            }
            assertEquals(expected, plans.price(0, 1, used, units), () -> "seed " + seed);
        }
    }

    @Test
    void shouldKeepBooksBalancedUnderRandomTraffic() {
        final Plans plans = new Plans(1, 2);
        plans.index.add(1);
        plans.version[0] = 1;
        plans.effectiveNs[0] = 0;
        plans.fillsReserved[0] = 2;
        plans.addTier(0, Ledger.REQUEST, 0, 1);
        plans.addTier(0, Ledger.ORDER_SENT, 50, 9);
        plans.addTier(0, Ledger.ORDER_SENT, 0, 6);
        plans.addTier(0, Ledger.ORDER_FILLED, 0, 4);
        final Ledger ledger = new Ledger(1, plans);
        ledger.planId[0] = 1;
        final Verdict v = new Verdict();
        final List<long[]> open = new ArrayList<>();
        long granted = 0;
        long charged = 0;
        long reserved = 0;
        for (int i = 1; i < 200_000; i++) {
            v.begin(i, i);
            final int dice = random.nextInt(10);
            if (dice == 0) {
                final long amount = random.nextInt(200);
                granted += amount;
                ledger.grant(v, 0, amount);
            } else if (dice < 5) {
                if (ledger.check(v, 0, true) == 0) {
                    ledger.request(v, 0);
                    open.add(new long[] {ledger.reserve(v, 0), 0});
                    reserved += open.get(open.size() - 1)[0];
                }
            } else if (!open.isEmpty()) {
                final int chosen = random.nextInt(open.size());
                final long[] order = open.get(chosen);
                reserved -= order[0];
                if (order[1] == 0 && dice < 7) {
                    order[1] = 1;
                    order[0] -= ledger.sent(v, 0, order[0]);
                } else if (dice < 9) {
                    order[0] -= ledger.filled(v, 0, false, order[0]);
                } else {
                    ledger.release(v, 0, order[0]);
                    order[0] = 0;
                    open.set(chosen, open.get(open.size() - 1));
                    open.remove(open.size() - 1);
                }
                reserved += order[0];
            }
            charged += v.debitMicros;
            assertTrue(ledger.available(0) >= 0, "J5");
            assertEquals(charged, ledger.debited[0] + ledger.receivable[0], () -> "seed " + seed);
            assertEquals(granted, ledger.granted[0]);
            assertEquals(reserved, ledger.reserved[0]);
            assertTrue(ledger.receivable[0] == 0 || ledger.available(0) == 0, "owed while credit is left");
        }
        assertEquals(charged, ledger.spent[0]);
    }

    @Test
    void shouldNeverAdmitMoreThanAQuotaInAnyFixedPeriod() {
        final Quotas quotas = new Quotas(1);
        quotas.configure(0, 0, 1, Quotas.ORDERS, Quotas.FIXED, 1_000, 7);
        quotas.configure(0, 1, 2, Quotas.ORDERS, Quotas.FIXED, 10_000, 30);
        final Verdict v = new Verdict();
        final long[] small = new long[2];
        final long[] large = new long[2];
        long now = 1_000_000;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(300);
            small[1] = small[0] == now / 1_000 ? small[1] : 0;
            small[0] = now / 1_000;
            large[1] = large[0] == now / 10_000 ? large[1] : 0;
            large[0] = now / 10_000;
            v.begin(now, i);
            final boolean fits = small[1] < 7 && large[1] < 30;
            assertEquals(fits, quotas.check(v, 0, Quotas.ORDERS) == 0, () -> "seed " + seed);
            if (fits) {
                quotas.take(0, Quotas.ORDERS);
                small[1]++;
                large[1]++;
            }
        }
    }

    @Test
    void shouldReachThresholdsExactly() {
        for (long limit = 1; limit < 400; limit++) {
            for (long used = 0; used <= limit + 1; used++) {
                int expected = 0;
                for (int i = 0; i < Thresholds.count(); i++) {
                    expected |= used * 100 >= limit * Thresholds.percent(i) ? 1 << i : 0;
                }
                assertEquals(expected, Thresholds.reached(used, limit), used + " of " + limit);
            }
        }
        assertEquals(15, Thresholds.reached(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void shouldTakeFromQuotasOfTheMeterThatAreConfiguredNow() {
        final Quotas quotas = new Quotas(2);
        quotas.configure(1, 0, 7, Quotas.REQUESTS, (byte) 1, 0, 9);
        quotas.configure(1, 1, 8, Quotas.ORDERS, (byte) 1, 0, 9);
        quotas.configure(1, 2, 9, Quotas.REQUESTS, (byte) 1, 0, 9);
        quotas.trim(1, 3);
        quotas.take(1, Quotas.REQUESTS);
        assertEquals(1, usedOf(quotas, 7));
        assertEquals(0, usedOf(quotas, 8));
        assertEquals(1, usedOf(quotas, 9));

        quotas.configure(1, 0, 9, Quotas.ORDERS, (byte) 1, 0, 9);
        quotas.configure(1, 1, 7, Quotas.REQUESTS, (byte) 1, 0, 9);
        quotas.trim(1, 2);
        quotas.take(1, Quotas.REQUESTS);
        quotas.take(1, Quotas.ORDERS);
        quotas.take(1, Quotas.ORDERS);
        assertEquals(2, usedOf(quotas, 7));
        assertEquals(2, usedOf(quotas, 9));
        final Verdict v = new Verdict();
        v.begin(1, 1);
        assertEquals(0, quotas.check(v, 0, Quotas.ORDERS));
        quotas.change(1, 9, 2);
        assertEquals(RejectReason.QUOTA_EXHAUSTED.code(), quotas.check(v, 1, Quotas.ORDERS));
        assertEquals(0, quotas.check(v, 1, Quotas.REQUESTS));
    }

    private static long usedOf(final Quotas quotas, final int id) {
        for (int i = 0; i < quotas.quotaId.length; i++) {
            if (quotas.quotaId[i] == id) {
                return quotas.used[i];
            }
        }
        return -1;
    }
}
