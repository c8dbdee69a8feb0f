package weir.fix.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Positions are found at or before what is asked for, and not too far before, however many there are. */
class MessageIndexTest {
    private static final long BYTES = 200;

    private final MessageIndex index = new MessageIndex();

    @Test
    void shouldFindAPlaceCloseBeforeEachMessageOfAVeryLongSession() {
        final int messages = 20_000_000;
        for (int i = 1; i <= messages; i++) {
            index.add(i, i * BYTES);
        }
        for (int wanted = 1; wanted <= messages; wanted += 9_973) {
            final long position = index.positionBefore(wanted);
            assertTrue(position <= wanted * BYTES, () -> "behind it: " + position);
            // Twenty million in 2,048 places at most half empty.
            assertTrue(wanted * BYTES - position < BYTES * messages / MessageIndex.ENTRIES * 2, "far before " + wanted);
        }
        assertEquals(BYTES, index.positionBefore(1));
    }

    @Test
    void shouldForgetWhatIsCutAndGoOn() {
        for (int i = 1; i <= 10 * MessageIndex.STRIDE; i++) {
            index.add(i, i * BYTES);
        }
        index.cut(5 * MessageIndex.STRIDE);
        for (int i = 5 * MessageIndex.STRIDE; i <= 10 * MessageIndex.STRIDE; i++) {
            index.add(i, -i * BYTES);
        }
        assertTrue(index.positionBefore(8 * MessageIndex.STRIDE) < 0, "a position of the file as it was before");
        assertTrue(index.positionBefore(2 * MessageIndex.STRIDE) > 0);
        index.clear();
        assertEquals(-1, index.positionBefore(1));
    }
}
