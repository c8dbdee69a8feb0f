package weir.engine.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
