package weir.venue.coinbase;

import java.util.ArrayList;
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
    private final ArrayList<T> free = new ArrayList<>();
    private int made;

    Pool(final Supplier<T> maker) {
        this.maker = maker;
    }

    T take() {
        if (free.isEmpty()) {
            final int count = Math.max(GROWTH_MIN, made / 8);
            made += count;
            free.ensureCapacity(made);
            for (int i = 0; i < count; i++) {
                free.add(maker.get());
            }
        }
        return free.remove(free.size() - 1);
    }

    void give(final T object) {
        free.add(object);
    }
}
