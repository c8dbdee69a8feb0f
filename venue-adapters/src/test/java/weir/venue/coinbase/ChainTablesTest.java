package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The tables of chains against maps: few keys, many changes, from a capacity that has to grow. */
final class ChainTablesTest {
    private static final int KEYS = 300;
    private static final int CHANGES = 50_000;

    private final Random random = new Random(5);

    @Test
    void shouldFindIdsAsAMapDoes() {
        final IdTable table = new IdTable(1);
        final Map<UUID, IdRef> model = new HashMap<>();
        for (int i = 0; i < CHANGES; i++) {
            final UUID key = new UUID(random.nextInt(3),
                (long)random.nextInt(4) << 48 | random.nextInt(KEYS / 3)); // as the engine numbers requests of a record
            final long high = key.getMostSignificantBits();
            final long low = key.getLeastSignificantBits();
            assertSame(model.get(key), table.get(high, low));
            if (random.nextBoolean()) {
                assertSame(model.remove(key), table.remove(high, low));
            } else if (!model.containsKey(key)) {
                final IdRef ref = new IdRef();
                model.put(key, ref);
                table.put(high, low, ref);
            }
            assertEquals(model.size(), table.size());
        }
    }

    @Test
    void shouldFindVenueOrderIdsAsAMapDoes() {
        final VenueIdTable table = new VenueIdTable(1);
        final Map<String, LiveOrder> model = new HashMap<>();
        for (int i = 0; i < CHANGES; i++) {
            final int number = random.nextInt(KEYS);
            final String key = Integer.toString(number).repeat(1 + number % 13);
            final UnsafeBuffer bytes = new UnsafeBuffer(key.getBytes(StandardCharsets.US_ASCII));
            final LiveOrder known = model.get(key);
            assertSame(known, table.get(bytes, 0, bytes.capacity()));
            if (known == null || random.nextInt(4) == 0) {
                final LiveOrder order = new LiveOrder();
                order.venueOrderId(bytes, 0, bytes.capacity());
                model.put(key, order);
                table.put(order, bytes, 0, bytes.capacity());
                if (known != null) {
                    table.remove(known); // gave its id up: not its own any more
                }
            } else if (random.nextBoolean()) {
                model.remove(key);
                table.remove(known);
                if (random.nextBoolean()) { // under an id of its own from now on
                    final String other = "other " + random.nextInt(KEYS);
                    final UnsafeBuffer otherBytes = new UnsafeBuffer(other.getBytes(StandardCharsets.US_ASCII));
                    known.venueOrderId(otherBytes, 0, otherBytes.capacity());
                    table.put(known, otherBytes, 0, otherBytes.capacity());
                    assertSame(known, table.get(otherBytes, 0, otherBytes.capacity()));
                    table.remove(known);
                    assertNull(table.get(otherBytes, 0, otherBytes.capacity()));
                }
            }
        }
    }

    @Test
    void shouldKeepOneTextOfASymbol() {
        final SymbolTable table = new SymbolTable();
        final UnsafeBuffer field = new UnsafeBuffer(new byte[SymbolTable.FIELD_BYTES + 3]);
        for (final String text : new String[] {"", "A", "BTC-USD", "BTC-USDC", "ABCDEFGHIJKLMNOPQRST"}) {
            field.setMemory(0, field.capacity(), (byte)'x');
            field.setMemory(3, SymbolTable.FIELD_BYTES, (byte)0);
            field.putStringWithoutLengthAscii(3, text);
            final String first = table.of(field, 3);
            assertEquals(text, first);
            assertSame(first, table.of(field, 3));
        }
    }

    @Test
    void shouldTakeBackWhatAnotherPoolMade() {
        final Pool<Object> pool = new Pool<>(Object::new);
        final Object last = new Object();
        for (int i = 0; i < 1_000; i++) {
            pool.give(new Object());
        }
        pool.give(last);
        assertSame(last, pool.take());
    }
}
