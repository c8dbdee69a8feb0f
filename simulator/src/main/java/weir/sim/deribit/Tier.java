package weir.sim.deribit;

import java.math.BigDecimal;

/** Matching engine limits by the volume of the last seven days (Rate Limits: tiers, sustained rate, burst). */
enum Tier {
    /** More than USD 25 M. */
    TIER_1(25_000_000, 30, 100),
    /** More than USD 5 M. */
    TIER_2(5_000_000, 20, 50),
    /** More than USD 1 M. */
    TIER_3(1_000_000, 10, 30),
    /** The rest. */
    TIER_4(-1, 5, 20);

    final int rate;
    final int burst;
    private final long aboveUsd;

    Tier(final long aboveUsd, final int rate, final int burst) {
        this.aboveUsd = aboveUsd;
        this.rate = rate;
        this.burst = burst;
    }

    static Tier of(final BigDecimal volumeUsd) {
        for (final Tier tier : values()) {
            if (volumeUsd.compareTo(BigDecimal.valueOf(tier.aboveUsd)) > 0) {
                return tier;
            }
        }
        return TIER_4;
    }
}
