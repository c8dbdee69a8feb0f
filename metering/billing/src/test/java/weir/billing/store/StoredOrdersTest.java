package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.rating.MapOrderMemory;
import weir.billing.rating.OrderMemory;

class StoredOrdersTest {
    private static final long DAY_NS = 86_400_000_000_000L;

    @TempDir
    private Path dir;
    private Database database;
    private Sql sql;
    private StoredOrders stored;

    @BeforeEach
    void open() {
        database = Database.open("jdbc:sqlite:" + dir.resolve("billing.db"), 1);
        sql = new Sql(database);
        begin(4);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void begin(final int cachedPages) {
        stored = new StoredOrders(sql, cachedPages);
        stored.load();
    }

    private void commit() {
        stored.flush();
        database.commit();
    }

    private long count(final String what) {
        final long[] count = new long[1];
        sql.query("SELECT COUNT(*) FROM " + what, row -> count[0] = row.getLong(1));
        return count[0];
    }

    /** One operation as a value, so that it can be done again after a kill. */
    private record Step(int kind, long orderId, long value) {
        long apply(final OrderMemory memory) {
            switch (kind) {
                case 0 -> memory.open(orderId, (int)value);
                case 1 -> {
                    if (memory.flags(orderId) != OrderMemory.UNKNOWN_ORDER) {
                        memory.mark(orderId, 1 + (int)(value & 1));
                    }
                }
                case 2 -> {
                    return memory.flags(orderId) == OrderMemory.UNKNOWN_ORDER ? -1
                        : memory.firstTrade(orderId, value, 1) ? 1 : 0;
                }
                case 3 -> memory.closed(orderId, value);
                default -> {
                    // only asked for
                }
            }
            return 31L * memory.flags(orderId) + memory.tenant(orderId);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAnswerAsMapDoesThroughCommitsKillsAndRestarts(final long seed) {
        final Random random = new Random(seed);
        final List<Step> committed = new ArrayList<>();
        final List<Step> pending = new ArrayList<>();
        MapOrderMemory naive = new MapOrderMemory();
        long newest = random.nextInt(3_000);
        for (int i = 0; i < 30_000; i++) {
            final int kind = random.nextInt(5);
            newest += kind == 0 ? 1 + random.nextInt(4) : 0;
            // near the end mostly, now and then far back, unknown, or nonsense
            final long orderId = kind == 0 ? newest : random.nextInt(50) == 0 ? random.nextLong()
                : newest - random.nextInt(random.nextInt(20) == 0 ? 20_000 : 900) + 2;
            final long value = kind == 2 && random.nextBoolean() ? random.nextInt(8) : random.nextLong();
            final Step step = new Step(kind, orderId, kind == 0 ? random.nextInt(1 << 20) : value);
            pending.add(step);
            assertEquals(step.apply(naive), step.apply(stored), "seed " + seed + " step " + i + ' ' + step);
            if (random.nextInt(700) == 0) {
                commit();
                committed.addAll(pending);
                pending.clear();
            }
            if (random.nextInt(3_000) == 0) {
                database.rollback();
                begin(2 + random.nextInt(6));
                naive = new MapOrderMemory();
                for (final Step done : committed) {
                    done.apply(naive);
                }
                for (final Step again : pending) {
                    assertEquals(again.apply(naive), again.apply(stored), "seed " + seed + " again " + again);
                }
            }
        }
    }

    @Test
    void shouldForgetPageWhenItsLastOrderWasFinalBeforeHorizon() {
        stored.open(10, 1);
        stored.open(11, 1);
        stored.open(2_000, 2);
        stored.closed(10, 5 * DAY_NS);
        stored.closed(2_000, 5 * DAY_NS);
        commit();
        stored.forgetClosedBefore(6 * DAY_NS);
        assertEquals(0, stored.flags(10), "its page has an open order");
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(2_000));
        stored.closed(11, 7 * DAY_NS);
        commit();
        assertEquals(0, stored.flags(11), "final after the horizon");
        stored.forgetClosedBefore(8 * DAY_NS);
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(10));
        assertEquals(0, stored.tenant(11));
        commit();
        assertEquals(0, count("order_page"));
    }

    @Test
    void shouldNotReviveForgottenOrdersWhenTheirPageGetsNewOne() {
        stored.open(10, 1);
        stored.firstTrade(10, 77, 11);
        stored.closed(10, DAY_NS);
        commit();
        stored.forgetClosedBefore(2 * DAY_NS);
        stored.open(12, 1);
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(10));
        assertEquals(0, stored.flags(12));
        commit();
        begin(4);
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(10));
        assertEquals(0, stored.flags(12));
    }

    @Test
    void shouldDeleteForgottenRowsInBoundedPiecesAlsoAfterRestart() {
        for (int page = 0; page < 600; page++) {
            stored.open(page * 1_024L + 1, 1);
            stored.closed(page * 1_024L + 1, DAY_NS);
        }
        commit();
        assertEquals(600, count("order_page"));
        stored.forgetClosedBefore(2 * DAY_NS);
        commit();
        assertEquals(344, count("order_page"));
        begin(4);
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(599 * 1_024L + 1), "its row is still there");
        assertEquals(1, count("order_page WHERE page = 599"));
        commit();
        commit();
        assertEquals(0, count("order_page"));
    }

    @Test
    void shouldWriteOnlyLastPartsOfAnOrderWithManyTrades() {
        stored.open(5, 3);
        for (int trade = 0; trade < 5_000; trade++) {
            assertTrue(stored.firstTrade(5, trade * 1_000_003L, 6));
        }
        commit();
        assertEquals(10, count("order_page"));
        sql.update("UPDATE order_page SET open_orders = 9 WHERE part > 0");
        assertTrue(stored.firstTrade(5, -1, 6));
        commit();
        assertEquals(8, count("order_page WHERE open_orders = 9"), "the others were not written again");
        begin(4);
        for (int trade = 0; trade < 5_000; trade++) {
            assertFalse(stored.firstTrade(5, trade * 1_000_003L, 6));
        }
        assertFalse(stored.firstTrade(5, -1, 6));
        assertTrue(stored.firstTrade(5, 1, 6));
    }

    @Test
    void shouldTakeOverRowsOfOrdersAndTrades() {
        final String order = "INSERT INTO order_charge (order_id, tenant_id, flags, closed_ns) VALUES (?, ?, ?, ?)";
        sql.update(order, 7, 3, 3, null);
        sql.update(order, 9_000, 4, 1, DAY_NS);
        sql.update("INSERT INTO trade (order_id, trade_id, sequence) VALUES (?, ?, ?)", 7, 70, 8);
        database.commit();
        begin(4);
        database.commit();
        begin(4);
        assertEquals(3, stored.tenant(7));
        assertEquals(OrderMemory.SENT | OrderMemory.FILLED, stored.flags(7));
        assertEquals(4, stored.tenant(9_000));
        assertFalse(stored.firstTrade(7, 70, 9));
        assertTrue(stored.firstTrade(7, 71, 9));
        assertEquals(0, count("order_charge") + count("trade"));
        stored.forgetClosedBefore(2 * DAY_NS);
        assertEquals(OrderMemory.UNKNOWN_ORDER, stored.flags(9_000));
    }

    @Test
    void shouldHoldBoundedNumberOfPages() {
        for (long orderId = 1; orderId < 400_000; orderId += 100) {
            stored.open(orderId, 1);
        }
        assertTrue(stored.cached() <= 4, "holds " + stored.cached());
        assertEquals(1, stored.tenant(1));
    }
}
