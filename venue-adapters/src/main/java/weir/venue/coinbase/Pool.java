package weir.venue.coinbase;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Objects to be used again. It grows by an eighth at a time, ahead of the need: how many are in use at once fluctuates,
 * and each new highest count must not be an allocation on the path of an order. Agent's thread.
 *
 * @param <T> what is pooled
 */
final class Pool<T> {
    private static final int GROWTH_MIN = 256;

    private final Supplier<T> maker;
    private Object[] free = new Object[GROWTH_MIN];
    private int freeCount;
    private int made;

    Pool(final Supplier<T> maker) {
        this.maker = maker;
    }

    @SuppressWarnings("unchecked")
    T take() {
        if (freeCount == 0) {
            make(Math.max(GROWTH_MIN, made / 8));
        }
        final T object = (T)free[--freeCount];
        free[freeCount] = null;
        return object;
    }

    void give(final T object) {
        if (freeCount == free.length) {
            // what another pool made
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = object;
    }

    private void make(final int count) {
        made += count;
        free = Arrays.copyOf(free, Math.max(free.length, made));
        while (freeCount < count) {
            free[freeCount++] = maker.get();
        }
    }
}
