package weir.engine.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The check of an id by words against one by bytes, with a printed seed. */
class OrderShapeTest {
    private static final int LENGTH = 36;
    /** About the edges of what is printable. */
    private static final int[] EDGES = {0, 1, 31, 32, 33, 126, 127, 128, 129, 159, 160, 223, 224, 254, 255};

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldTakePrintableIdsThatEndInZerosAlone() {
        final byte[] id = new byte[LENGTH];
        for (int i = 0; i < 2_000_000; i++) {
            Arrays.fill(id, (byte) 0);
            for (int at = random.nextInt(LENGTH + 1) - 1; at >= 0; at--) {
                id[at] = (byte) (' ' + random.nextInt(95));
            }
            for (int odd = random.nextInt(3); odd > 0; odd--) {
                id[random.nextInt(LENGTH)] = (byte) EDGES[random.nextInt(EDGES.length)];
            }
            assertEquals(isValid(id), OrderShape.idIsValid(new UnsafeBuffer(id), 0),
                () -> Arrays.toString(id) + " seed " + seed);
        }
    }

    private static boolean isValid(final byte[] id) {
        int used = 0;
        while (used < LENGTH && id[used] >= ' ' && id[used] < 127) {
            used++;
        }
        for (int at = used; at < LENGTH; at++) {
            if (id[at] != 0) {
                return false;
            }
        }
        return used > 0;
    }
}
