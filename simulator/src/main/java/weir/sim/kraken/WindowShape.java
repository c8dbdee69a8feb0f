package weir.sim.kraken;

import java.util.Locale;

/** How the 500 units per 10 s are counted. The venue's documents do not say; any of these may be true. */
public enum WindowShape {
    /** Windows of 10 s from the epoch on, each with the whole budget. */
    FIXED_10S,
    /** At most the budget in any 10 s. */
    SLIDING_10S,
    /** The budget as a bucket that fills by a tenth of it each second. */
    BUCKET;

    /** The shape of a name in any case. @throws IllegalArgumentException if there is none. */
    public static WindowShape of(final String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
