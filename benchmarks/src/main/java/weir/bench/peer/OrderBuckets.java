package weir.bench.peer;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * Three Bucket4j buckets: session, tenant, gateway. All orders come on one thread of QuickFIX/J, so they are without
 * synchronisation, which is the library's fastest; large enough never to refuse.
 */
public final class OrderBuckets {
    private static final long PER_SECOND = 1_000_000_000L;

    private final Bucket session = bucket();
    private final Bucket tenant = bucket();
    private final Bucket gateway = bucket();

    private static Bucket bucket() {
        return Bucket.builder()
            .addLimit(limit -> limit.capacity(PER_SECOND).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
            .withNanosecondPrecision().withSynchronizationStrategy(SynchronizationStrategy.NONE).build();
    }

    /**
     * Charges one order.
     *
     * @return false when one of the buckets is empty
     */
    public boolean admit() {
        return session.tryConsume(1) && tenant.tryConsume(1) && gateway.tryConsume(1);
    }
}
