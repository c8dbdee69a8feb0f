package weir.config.contract;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts as a venue documents that it counts, by the plainest means there are: lists of arrivals, counters by window.
 * Shares no code with the limits that it judges. Every number here is the venue's, without our margins.
 */
final class VenueJudge {
    /** Message kinds, as the schema numbers them. */
    static final int NEW = 0;
    static final int NEW_BATCH = 1;
    static final int CANCEL = 2;
    static final int CANCEL_BATCH = 3;

    private static final long SECOND = 1_000_000_000L;

    /** A documented limit. */
    private interface Rule {
        boolean breaks(long atNs, long cost);
    }

    /** What arrived in any period that ends now. */
    private static final class Sliding implements Rule {
        private final ArrayDeque<long[]> arrived = new ArrayDeque<>();
        private final long most;
        private final long periodNs;
        private long sum;

        Sliding(final long most, final long periodNs) {
            this.most = most;
            this.periodNs = periodNs;
        }

        @Override
        public boolean breaks(final long atNs, final long cost) {
            arrived.addLast(new long[] {atNs, cost});
            sum += cost;
            while (arrived.peekFirst()[0] <= atNs - periodNs) {
                sum -= arrived.removeFirst()[1];
            }
            return sum > most;
        }
    }

    /** What arrived in the window of the clock that holds now. */
    private static final class Aligned implements Rule {
        private final TreeMap<Long, Long> byWindow = new TreeMap<>();
        private final long most;
        private final long periodNs;

        Aligned(final long most, final long periodNs) {
            this.most = most;
            this.periodNs = periodNs;
        }

        @Override
        public boolean breaks(final long atNs, final long cost) {
            final boolean broken = byWindow.merge(atNs / periodNs, cost, Long::sum) > most;
            if (byWindow.size() > 3) {
                byWindow.pollFirstEntry();
            }
            return broken;
        }
    }

    /** A bucket that is full at first. */
    private static final class Bucket implements Rule {
        private final double size;
        private final double perNs;
        private double level;
        private long lastNs;

        Bucket(final double size, final double perSecond) {
            this.size = size;
            this.level = size;
            this.perNs = perSecond / SECOND;
        }

        @Override
        public boolean breaks(final long atNs, final long cost) {
            level = lastNs == 0 ? size : Math.min(size, level + (atNs - lastNs) * perNs);
            lastNs = atNs;
            level -= cost;
            return level < -1e-6;
        }
    }

    private final String venue;
    private final Map<String, Rule> rules = new HashMap<>();
    private final long[] changes = new long[2];
    private final long[] traded = new long[2];
    private long breaches;
    private String first = "";

    VenueJudge(final String venue) {
        this.venue = venue;
    }

    long breaches() {
        return breaches;
    }

    String first() {
        return first;
    }

    /** An account traded 1 BTC as maker. */
    void traded(final int account) {
        traded[account]++;
    }

    /** A message of an account arrived. */
    void arrived(final long atNs, final int account, final int kind, final int n) {
        switch (venue) {
            case "coinbase": // 100 requests/s per session, one session per key; a batch is one message
                count(atNs, "session " + account, 1, new Sliding(100, SECOND));
                break;
            case "intx": // REST: 40/s per key
                count(atNs, "key " + account, 1, new Sliding(40, SECOND));
                break;
            case "binance": // aligned windows: weight and requests by address, orders by account
                count(atNs, "weight", 1, new Aligned(6_000, 60 * SECOND));
                count(atNs, "raw", 1, new Aligned(61_000, 300 * SECOND));
                if (kind == NEW) {
                    count(atNs, "10s " + account, 1, new Aligned(50, 10 * SECOND));
                    count(atNs, "1d " + account, 1, new Aligned(160_000, 86_400 * SECOND));
                }
                break;
            case "deribit": // tier 4: burst 20, 5/s, per sub-account
                count(atNs, "engine " + account, 1, new Bucket(20, 5));
                if (changes[account]++ >= 100_000 + 10_000L * traded[account]) { // above is high by its usage policy
                    breaches++;
                    first = "deribit order to volume " + account;
                }
                break;
            case "kraken-futures": // 500 units in 10 s; 10 each, batches 9 + size
                count(atNs, "budget " + account, kind == NEW_BATCH || kind == CANCEL_BATCH ? 9 + n : 10,
                    new Sliding(500, 10 * SECOND));
                break;
            case "cow": // 5/s from an address
                count(atNs, "address", 1, new Bucket(5, 5));
                break;
            default:
                throw new IllegalArgumentException("no rule of " + venue);
        }
    }

    private void count(final long atNs, final String scope, final long cost, final Rule fresh) {
        if (rules.computeIfAbsent(scope, key -> fresh).breaks(atNs, cost) && breaches++ == 0) {
            first = venue + ' ' + scope + " at " + atNs;
        }
    }
}
