package weir.sim.market;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;

/** Version 4 UUIDs from a seeded generator, so that a run with a given seed names the same orders. Thread safe. */
public final class UuidSource {
    private static final Pattern V4 =
        Pattern.compile("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

    private final SplittableRandom random;

    /** @param seed the same seed names the same orders. */
    public UuidSource(final long seed) {
        random = new SplittableRandom(seed);
    }

    /** Whether the text is a lowercase, hyphenated UUIDv4 of variant 1: the venue's rule for ClOrdID and BatchID. */
    public static boolean isV4(final String text) {
        return V4.matcher(text).matches();
    }

    /** The next id, lowercase and hyphenated. */
    public synchronized String next() {
        final long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
        final long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }
}
