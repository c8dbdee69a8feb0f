package weir.entry.logon;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Signatures seen within the time in which they would verify. Full means refuse: to forget one early would let it be
 * used twice. Only good signatures come here, so nobody else can fill it. One thread.
 */
final class ReplayCache {
    private record Seen(ByteBuffer signature, long untilNs) {
    }

    private final int capacity;
    private final long keepNs;
    private final Set<ByteBuffer> signatures = new HashSet<>();
    private final Deque<Seen> byAge = new ArrayDeque<>();

    ReplayCache(final int capacity, final long keepNs) {
        this.capacity = capacity;
        this.keepNs = keepNs;
    }

    /** Returns false when the signature was there or there is no room. */
    boolean tryAdd(final byte[] signature, final long nowNs) {
        while (!byAge.isEmpty() && byAge.peekFirst().untilNs() <= nowNs) {
            signatures.remove(byAge.removeFirst().signature());
        }
        final ByteBuffer key = ByteBuffer.wrap(signature.clone());
        if (signatures.size() >= capacity || !signatures.add(key)) {
            return false;
        }
        byAge.addLast(new Seen(key, nowNs + keepNs));
        return true;
    }
}
