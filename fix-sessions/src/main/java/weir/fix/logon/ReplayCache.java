package weir.fix.logon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Signatures seen within the time in which they would verify. Full means refuse: forgetting one early would let it be
 * used twice. Not thread safe: the logon thread owns it.
 */
final class ReplayCache {
    private record Seen(String signature, long untilNs) {
    }

    private final int capacity;
    private final long keepNs;
    private final Set<String> signatures = new HashSet<>();
    private final Deque<Seen> byAge = new ArrayDeque<>();

    /**
     * @param capacity signatures held
     * @param keepNs   how long, at least the whole width of the tolerance
     */
    ReplayCache(final int capacity, final long keepNs) {
        this.capacity = capacity;
        this.keepNs = keepNs;
    }

    /** Returns false when the signature was there or there is no room. */
    boolean tryAdd(final byte[] signature, final long nowNs) {
        while (!byAge.isEmpty() && byAge.peekFirst().untilNs() <= nowNs) {
            signatures.remove(byAge.removeFirst().signature());
        }
        final String key = HexFormat.of().formatHex(signature);
        if (signatures.size() >= capacity || !signatures.add(key)) {
            return false;
        }
        byAge.addLast(new Seen(key, nowNs + keepNs));
        return true;
    }
}
