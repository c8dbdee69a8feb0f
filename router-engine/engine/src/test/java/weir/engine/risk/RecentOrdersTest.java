package weir.engine.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weir.engine.snapshot.StateReader;
import weir.engine.snapshot.StateWriter;

/** An order that was admitted within the longest window is found, the last of its like first, whatever came between. */
class RecentOrdersTest {
    private static final long MS = 1_000_000;
    private static final long PRICE = 40_000;

    private record Admitted(long what, long qty, long price, long stopPx, long replaced, long atNs) {
        boolean isLike(final Admitted other) {
            return what == other.what && qty == other.qty && price == other.price && stopPx == other.stopPx
                && replaced == other.replaced;
        }
    }

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ArrayDeque<Admitted> model = new ArrayDeque<>();
    private long nowNs = 1_800_000_000_000_000_000L;
    private int found;
    private int lost;

    /** Orders come so that some, all or none of a window are remembered. */
    @Test
    void shouldFindTheLastOfItsLikeWithinTheLongestWindow() {
        for (final int capacity : new int[] {1, 2, 7, 64, 500}) {
            for (final int mostMs : new int[] {0, 5, 200, 3_000, 20_000}) {
                run(new RecentOrders(capacity), capacity, mostMs);
            }
        }
        assertTrue(found > 1_000, "seed " + seed + ": found " + found);
        assertTrue(lost > 1_000, "seed " + seed + ": forgotten " + lost);
    }

    /** A burst that is over costs the next order no more than two of its own. */
    @Test
    void shouldForgetABurstLittleByLittle() {
        final int burst = 1_000;
        final RecentOrders recent = new RecentOrders(burst);
        final long what = RecentOrders.what(1, 1, 1, 2);
        for (int price = 1; price <= burst; price++) {
            recent.add(recent.bucket(what, 1, price, 0), what, 1, price, 0, 0, nowNs);
        }
        nowNs += RecentOrders.WINDOW_MAX_MS * MS;
        for (int next = 1; next <= burst; next++) {
            recent.add(recent.bucket(what, 2, next, 0), what, 2, next, 0, 0, nowNs);
            final long left = IntStream.rangeClosed(1, burst)
                .filter(price -> recent.lastNs(recent.bucket(what, 1, price, 0), what, 1, price, 0, 0) > 0).count();
            assertEquals(Math.max(0, burst - 2 * next), left);
        }
    }

    private static RecentOrders copy(final RecentOrders recent, final int capacity) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final StateWriter writer = new StateWriter(bytes);
        recent.image(writer);
        writer.end();
        final RecentOrders copy = new RecentOrders(capacity);
        copy.image(new StateReader(new ByteArrayInputStream(bytes.toByteArray())));
        return copy;
    }

    /** Now and then it is saved and loaded in between. */
    private void run(final RecentOrders first, final int capacity, final int mostMs) {
        RecentOrders recent = first;
        model.clear();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(200) == 0) {
                recent = copy(recent, capacity);
            }
            nowNs += random.nextInt(2) * random.nextInt(mostMs + 1) * MS;
            final Admitted order = new Admitted(RecentOrders.what(random.nextInt(2), 1, 1, 2), 1 + random.nextInt(2),
                PRICE + random.nextInt(40), random.nextInt(2), random.nextInt(2), nowNs);
            final int bucket = recent.bucket(order.what, order.qty, order.price, order.replaced);
            final long lastNs =
                recent.lastNs(bucket, order.what, order.qty, order.price, order.stopPx, order.replaced);
            final long expectedNs =
                model.stream().filter(order::isLike).mapToLong(Admitted::atNs).findFirst().orElse(0);
            if (nowNs - expectedNs < RecentOrders.WINDOW_MAX_MS * MS) {
                assertEquals(expectedNs, lastNs, "seed " + seed + " capacity " + capacity + " order " + i);
                found++;
            } else {
                assertTrue(lastNs == 0 || lastNs == expectedNs, "seed " + seed + " order " + i);
                lost += expectedNs > 0 && lastNs == 0 ? 1 : 0;
            }
            if (random.nextInt(3) > 0) {
                recent.add(bucket, order.what, order.qty, order.price, order.stopPx, order.replaced, nowNs);
                model.addFirst(order);
                if (model.size() > capacity) {
                    model.removeLast();
                }
            }
        }
    }
}
