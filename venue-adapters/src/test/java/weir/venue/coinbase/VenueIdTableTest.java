package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class VenueIdTableTest {
    private static final int ORDERS = 20_000;
    /** At two thirds full the longest of chains at random places is well below it. */
    private static final int CHAIN_MAX = 20;

    @Test
    void shouldSpreadIdsOfEveryFormThatVenuesCountUp() {
        final Random random = new Random(7);
        final List<LongFunction<String>> forms = List.of(
            i -> Long.toString(1_000_000_000L + i), i -> String.format("%08d", i), i -> String.format("%016d", i),
            i -> String.format("o%011d-abcd", i), i -> new UUID(0x4000L | i << 32, 0x8000_0000_0000_0000L).toString(),
            i -> new UUID(0x4000L, 0x8000_0000_0000_0000L | i).toString(),
            i -> new UUID(random.nextLong(), random.nextLong()).toString());
        for (final LongFunction<String> form : forms) {
            final VenueIdTable table = new VenueIdTable(ORDERS);
            final LiveOrder[] orders = new LiveOrder[ORDERS];
            final UnsafeBuffer[] ids = new UnsafeBuffer[ORDERS];
            for (int i = 0; i < ORDERS; i++) {
                ids[i] = new UnsafeBuffer(form.apply(i).getBytes(StandardCharsets.US_ASCII));
                orders[i] = new LiveOrder();
                orders[i].venueOrderId(ids[i], 0, ids[i].capacity());
                table.put(orders[i], ids[i], 0, ids[i].capacity());
            }
            final String example = form.apply(1);
            assertTrue(table.longestChain() < CHAIN_MAX, () -> example + " " + table.longestChain());
            for (int i = 0; i < ORDERS; i += 2) {
                table.remove(orders[i]);
            }
            for (int i = 0; i < ORDERS; i++) {
                final LiveOrder found = table.get(ids[i], 0, ids[i].capacity());
                if (i % 2 == 0) {
                    assertNull(found, example);
                } else {
                    assertSame(orders[i], found, example);
                }
            }
        }
    }
}
