package weir.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Slots of ids against a map, with a printed seed. */
class IdIndexTest {
    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldFindSlotsAsAMapDoes() {
        for (int round = 0; round < 2_000; round++) {
            final IdIndex index = new IdIndex(random.nextInt(40));
            final int capacity = 40;
            final Map<Integer, Integer> model = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                final int id = random.nextInt(capacity + 4) - 2;
                for (int again = random.nextInt(3); again >= 0; again--) {
                    assertEquals(model.getOrDefault(id, -1), index.slotOf(id), () -> "seed " + seed);
                }
                if (random.nextBoolean()) {
                    final int slot = index.add(id);
                    if (slot >= 0) {
                        model.putIfAbsent(id, slot);
                        assertEquals(slot, model.get(id), () -> "seed " + seed);
                    }
                }
                assertEquals(model.size(), index.size());
            }
        }
    }
}
