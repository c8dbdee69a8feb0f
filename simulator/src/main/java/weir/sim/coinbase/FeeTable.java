package weir.sim.coinbase;

import java.math.BigDecimal;

/**
 * Fees by trailing 30 day USD volume, in basis points. Source: help.coinbase.com "Exchange fees"; the tier is the one
 * in force when the order was placed.
 */
final class FeeTable {
    private static final long[] VOLUME_FROM_USD =
        {0, 10_000, 50_000, 100_000, 1_000_000, 15_000_000, 75_000_000, 250_000_000, 400_000_000};
    private static final int[] TAKER_BPS = {60, 40, 25, 20, 18, 16, 12, 8, 5};
    private static final int[] MAKER_BPS = {40, 25, 15, 10, 8, 6, 3, 0, 0};

    private FeeTable() {
    }

    /** Rate as a fraction of the notional: 60 bps is 0.0060. */
    static BigDecimal takerRate(final BigDecimal volumeUsd) {
        return BigDecimal.valueOf(TAKER_BPS[tier(volumeUsd)], 4);
    }

    /** Rate as a fraction of the notional: 40 bps is 0.0040. */
    static BigDecimal makerRate(final BigDecimal volumeUsd) {
        return BigDecimal.valueOf(MAKER_BPS[tier(volumeUsd)], 4);
    }

    private static int tier(final BigDecimal volumeUsd) {
        int tier = 0;
        while (tier + 1 < VOLUME_FROM_USD.length
            && volumeUsd.compareTo(BigDecimal.valueOf(VOLUME_FROM_USD[tier + 1])) >= 0) {
            tier++;
        }
        return tier;
    }
}
