package weir.engine.egress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What the checksum of a call's outputs covers, around the end of the ring too, with a printed seed. */
class ByteOutboxTest {
    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldSumTheMessagesOfACallInOrder() {
        final ByteOutbox outbox = new ByteOutbox(8_192);
        for (int call = 0; call < 50_000; call++) {
            outbox.mark();
            final CRC32C expected = new CRC32C();
            final int count = random.nextInt(4);
            byte[] message = new byte[0];
            for (int i = 0; i < count; i++) {
                message = new byte[1 + random.nextInt(400)];
                random.nextBytes(message);
                outbox.buffer().putBytes(outbox.claim(random.nextBoolean() ? 400 : ByteOutbox.MAX_MESSAGE), message);
                outbox.commit(message.length);
                expected.update(message);
            }
            final CRC32C crc = new CRC32C();
            outbox.updateCrc(crc);
            assertEquals(expected.getValue(), crc.getValue(), () -> "seed " + seed);
            assertEquals(count, outbox.staged());
            for (int at = 0; at < message.length; at++) {
                assertEquals(message[at], outbox.buffer().getByte(outbox.lastOffset() + at));
            }
            while (!outbox.isEmpty()) {
                outbox.release();
            }
        }
    }

    /** One that is emptied between calls, mostly, uses its first lines alone; what is in it comes out in order. */
    @Test
    void shouldGoOnAtItsBeginningOnlyWhenEmpty() {
        final ByteOutbox outbox = new ByteOutbox(1 << 16);
        final ArrayDeque<byte[]> model = new ArrayDeque<>();
        int highest = 0;
        for (int call = 0; call < 50_000; call++) {
            outbox.mark();
            if (outbox.hasRoom(400)) {
                final byte[] message = new byte[1 + random.nextInt(400)];
                random.nextBytes(message);
                final int at = outbox.claim(400);
                outbox.buffer().putBytes(at, message);
                outbox.commit(message.length);
                model.add(message);
                highest = Math.max(highest, at);
            }
            final int most = call < 25_000 ? Integer.MAX_VALUE : random.nextInt(3);
            for (int i = 0; i < most && !outbox.isEmpty(); i++) {
                final byte[] next = new byte[outbox.headLength()];
                outbox.buffer().getBytes(outbox.headOffset(), next);
                assertArrayEquals(model.remove(), next, () -> "seed " + seed);
                outbox.release();
            }
            assertEquals(model.isEmpty(), outbox.isEmpty(), () -> "seed " + seed);
            if (call == 24_999) {
                assertTrue(highest < (1 << 14) + 400, "seed " + seed);
            }
        }
        assertTrue(highest > 1 << 15, "seed " + seed);
    }
}
