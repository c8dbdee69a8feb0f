package weir.engine.book;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.engine.snapshot.StateReader;
import weir.engine.snapshot.StateWriter;
import weir.protocol.HeapBuffer;

/** Tables and arithmetic against naive models, with a printed seed. */
class BookPropertyTest {
    /** Ids that are so far apart have the same bits in the links of an index of 40 slots, and not the same row. */
    private static final int ALL_BITS_OF_A_LINK = 1 << 15;

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private long value() {
        return random.nextLong() >>> 1 + random.nextInt(62);
    }

    @Test
    void shouldMultiplyAndDivideExactly() {
        for (int i = 0; i < 500_000; i++) {
            final long a = value();
            final long b = value();
            final long d = Math.max(1, value());
            final boolean up = random.nextBoolean();
            final BigInteger[] exact = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b))
                .divideAndRemainder(BigInteger.valueOf(d));
            final BigInteger expected = up && exact[1].signum() != 0 ? exact[0].add(BigInteger.ONE) : exact[0];
            final long got = Wide.mulDiv(a, b, d, up);
            assertEquals(expected.bitLength() > 63 ? Wide.OVERFLOW : expected.longValue(), got,
                () -> a + " * " + b + " / " + d + " seed " + seed);
        }
    }

    @Test
    void shouldAverageHalfUpExactly() {
        for (int i = 0; i < 200_000; i++) {
            final OrderBookFills fills = new OrderBookFills();
            long qtySum = 0;
            BigInteger sum = BigInteger.ZERO;
            for (int k = random.nextInt(6); k >= 0; k--) {
                final long qty = 1 + (value() >>> 8);
                final long px = value() >>> 4;
                fills.add(qty, px);
                qtySum += qty;
                sum = sum.add(BigInteger.valueOf(qty).multiply(BigInteger.valueOf(px)));
            }
            final BigInteger d = BigInteger.valueOf(qtySum);
            final long expected = sum.shiftLeft(1).add(d).divide(d.shiftLeft(1)).longValueExact();
            assertEquals(expected, Wide.divideHalfUp(fills.high, fills.low, qtySum), () -> "seed " + seed);
        }
    }

    private static final class OrderBookFills {
        private long high;
        private long low;

        void add(final long qty, final long px) {
            final long sum = low + qty * px;
            high += Math.multiplyHigh(qty, px) + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            low = sum;
        }
    }

    /** How far ahead deadlines are of a time that goes on. */
    private enum Ahead {
        ARBITRARY, CONSTANT, FEW_CONSTANTS, CONSTANT_AND_FAR_ONES, FROM_ONE_ON
    }

    @ParameterizedTest
    @EnumSource
    void shouldFireTimersInDeadlineThenNodeOrder(final Ahead ahead) {
        fireTimers(ahead, 5); // so few that a second entry of one would not find room
        fireTimers(ahead, 200);
    }

    private void fireTimers(final Ahead ahead, final int nodes) {
        TimerHeap heap = new TimerHeap(nodes);
        final long[] deadlines = new long[nodes];
        Arrays.fill(deadlines, TimerHeap.NEVER);
        final TreeSet<Integer> model = new TreeSet<>((a, b) -> deadlines[a] != deadlines[b]
            ? Long.compare(deadlines[a], deadlines[b]) : Integer.compare(a, b));
        long nowNs = 0;
        long latestNs = 0;
        for (int i = 0; i < 300_000; i++) {
            final int busy = i >> 14 & 1; // now many timers, now few
            final int node = random.nextInt(nodes);
            final int action = random.nextInt(100);
            if (action < 45) {
                final long dueNs = latestNs = dueNs(ahead, nowNs, latestNs);
                final boolean noLater = action < 10;
                if (!noLater || dueNs < deadlines[node]) {
                    model.remove(node);
                    deadlines[node] = dueNs;
                    model.add(node);
                }
                if (noLater) {
                    heap.setNoLater(node, dueNs);
                } else {
                    heap.set(node, dueNs);
                }
            } else if (action < 65 - 15 * busy) {
                model.remove(node);
                deadlines[node] = TimerHeap.NEVER;
                if (random.nextBoolean()) {
                    heap.cancel(node);
                } else {
                    heap.set(node, TimerHeap.NEVER);
                }
            } else if (action < 85) {
                nowNs += random.nextInt(3);
                for (int most = random.nextInt(4); most > 0; most--) {
                    final boolean isDue = !model.isEmpty() && deadlines[model.first()] <= nowNs;
                    assertEquals(isDue, heap.isDue(nowNs), () -> "seed " + seed);
                    if (isDue) {
                        final int first = model.pollFirst();
                        assertEquals(first, heap.first(), () -> "seed " + seed);
                        assertEquals(deadlines[first], heap.deadlineNs(first));
                        deadlines[first] = TimerHeap.NEVER;
                        heap.cancel(first);
                    }
                }
            } else if (action < 95) {
                assertEquals(model.isEmpty() ? TimerHeap.NEVER : deadlines[model.first()], heap.firstNs(),
                    () -> "seed " + seed);
                assertEquals(deadlines[node], heap.deadlineNs(node));
            } else if (random.nextInt(200) == 0) {
                heap = reloaded(heap, model, deadlines);
            }
        }
    }

    private long dueNs(final Ahead ahead, final long nowNs, final long latestNs) {
        return switch (ahead) {
            case ARBITRARY -> nowNs + random.nextInt(50) - 5;
            case CONSTANT -> nowNs + 40;
            case FEW_CONSTANTS -> nowNs + (random.nextInt(8) == 0 ? 0 : 20 + 20 * random.nextInt(2));
            case CONSTANT_AND_FAR_ONES -> nowNs + (random.nextInt(40) == 0 ? 5_000 : 40);
            case FROM_ONE_ON -> Math.max(nowNs, latestNs) + random.nextInt(2);
        };
    }

    /** Saved, which gives the timers in their order and nothing else, and loaded. */
    private TimerHeap reloaded(final TimerHeap heap, final TreeSet<Integer> model, final long[] deadlines) {
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        final StateWriter writer = new StateWriter(expected);
        writer.value(model.size());
        for (final int node : model) {
            writer.value(node);
            writer.value(deadlines[node]);
        }
        writer.end();
        final ByteArrayOutputStream saved = new ByteArrayOutputStream();
        final StateWriter image = new StateWriter(saved);
        heap.image(image, IntUnaryOperator.identity());
        image.end();
        assertArrayEquals(expected.toByteArray(), saved.toByteArray(), () -> "seed " + seed);
        final TimerHeap loaded = new TimerHeap(deadlines.length);
        loaded.image(new StateReader(new ByteArrayInputStream(saved.toByteArray())), IntUnaryOperator.identity());
        assertEquals(heap, loaded, () -> "seed " + seed);
        assertEquals(heap.hashCode(), loaded.hashCode());
        if (!model.isEmpty()) {
            final int one = model.last();
            heap.set(one, deadlines[one] + 1);
            assertNotEquals(heap, loaded);
        }
        return loaded;
    }

    @Test
    void shouldRememberLatestPairsExactly() {
        rememberPairs(new PairFifoSet(64));
    }

    /** Pairs are numbered by 32 bits: the numbers go round among those of this test. */
    @Test
    void shouldRememberLatestPairsWhenTheirNumbersGoRound() throws ReflectiveOperationException {
        final PairFifoSet set = new PairFifoSet(64);
        final Field forgotten = PairFifoSet.class.getDeclaredField("forgotten");
        forgotten.setAccessible(true);
        forgotten.setLong(set, (1L << 32) - 20_000);
        assertTrue(rememberPairs(set).forgotten() > (1L << 32) + 20_000);
    }

    /** Now and then saved and loaded, into as much room. */
    private PairFifoSet rememberPairs(final PairFifoSet empty) {
        PairFifoSet set = empty;
        final LinkedHashSet<Long> model = new LinkedHashSet<>();
        for (int i = 0; i < 300_000; i++) {
            if (random.nextInt(2_000) == 0) {
                set = reloaded(set);
            }
            final int a = random.nextInt(12);
            final int b = random.nextInt(12);
            final long key = a * 1000L + b;
            final boolean isNew = !model.contains(key);
            assertEquals(isNew, !set.contains(a, b), () -> "seed " + seed);
            if (isNew && random.nextBoolean()) {
                set.addNew(a, b);
            } else {
                assertEquals(isNew, set.add(a, b), () -> "seed " + seed);
            }
            if (isNew) {
                model.add(key);
                if (model.size() > 64) {
                    model.remove(model.iterator().next());
                }
            }
        }
        assertTrue(set.forgotten() > 0);
        return set;
    }

    private static PairFifoSet reloaded(final PairFifoSet set) {
        final ByteArrayOutputStream saved = new ByteArrayOutputStream();
        final StateWriter image = new StateWriter(saved);
        set.image(image);
        image.end();
        final PairFifoSet loaded = new PairFifoSet(64);
        loaded.image(new StateReader(new ByteArrayInputStream(saved.toByteArray())));
        return loaded;
    }

    @Test
    void shouldKeepClOrdIdsInFullPerSession() {
        final ClOrdIdTable table = new ClOrdIdTable(500, 3, 400);
        final Map<String, Integer> model = new HashMap<>();
        final Map<Integer, ArrayDeque<String>> order = new HashMap<>();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[36]);
        final Set<Integer> entries = new HashSet<>();
        for (int i = 0; i < 300_000; i++) {
            final int session = random.nextInt(3);
            final String id = "id" + "x".repeat(random.nextInt(20)) + random.nextInt(40);
            put(buffer, id);
            final String key = session + id;
            final Integer known = model.get(key);
            assertEquals(known == null ? ClOrdIdTable.NONE : known, table.find(session, buffer, 0),
                () -> "seed " + seed);
            final ArrayDeque<String> ids = order.computeIfAbsent(session, s -> new ArrayDeque<>());
            if (random.nextInt(3) == 0) { // what is asked before an id is added is not always that id in that session
                final UnsafeBuffer other = new UnsafeBuffer(new byte[36]);
                put(other, random.nextBoolean() ? id : id.substring(1));
                table.find(random.nextInt(3), other, 0);
            }
            if (known == null && table.hasRoom(session, 3)) {
                final int entry = random.nextBoolean() ? table.add(session, 1, buffer, 0)
                    : table.add(session, 1, buffer, 0, 3);
                assertTrue(entries.add(entry), "entry in use given twice");
                final HeapBuffer copy = new HeapBuffer(48);
                table.copyId(entry, copy, 4);
                for (int at = 0; at < 36; at++) {
                    assertEquals(buffer.getByte(at), copy.getByte(4 + at));
                }
                model.put(key, entry);
                ids.addLast(key);
            } else if (!ids.isEmpty() && random.nextInt(4) == 0) {
                final String oldest = ids.removeFirst();
                final int entry = model.remove(oldest);
                assertEquals(entry, table.oldest(session));
                entries.remove(entry);
                table.remove(entry);
            } else if (random.nextInt(50) == 0) {
                table.startDay(session);
            }
            assertEquals(model.size(), table.size());
        }
    }

    @Test
    void shouldTellIdsApartThatDifferInTheLastOfThirtySixCharacters() {
        final ClOrdIdTable table = new ClOrdIdTable(16, 1, 16);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[36]);
        put(buffer, "123456789012345678901234567890123456");
        table.add(0, 0, buffer, 0, 1);
        put(buffer, "123456789012345678901234567890123457");
        assertEquals(ClOrdIdTable.NONE, table.find(0, buffer, 0));
    }

    private static void put(final UnsafeBuffer buffer, final String id) {
        buffer.setMemory(0, 36, (byte) 0);
        buffer.putBytes(0, id.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldFindSlotsBySequenceAsAMapDoes() {
        final int slots = 40;
        final OrderBook rows = new OrderBook(slots, 0);
        final SequenceIndex index = new SequenceIndex(rows);
        final Map<Long, Integer> model = new HashMap<>();
        final long[] sequenceOf = new long[slots];
        long next = 1;
        for (int i = 0; i < 300_000; i++) {
            final int slot = random.nextInt(slots);
            if (sequenceOf[slot] != 0) {
                index.remove(slot);
                model.remove(sequenceOf[slot]);
                sequenceOf[slot] = 0;
            } else {
                next += random.nextInt(4) == 0 ? 32 * random.nextInt(6) : 1; // many share low bits
                next += random.nextInt(20) == 0 ? ALL_BITS_OF_A_LINK : 0;
                sequenceOf[slot] = ++next;
                rows.orderId(slot, next);
                index.put(slot);
                model.put(next, slot);
            }
            final long asked = Math.max(1, next - random.nextInt(200) - random.nextInt(3) * ALL_BITS_OF_A_LINK);
            assertEquals(model.getOrDefault(asked, -1), index.slotOf(asked), () -> "seed " + seed);
        }
        for (final Map.Entry<Long, Integer> entry : model.entrySet()) {
            assertEquals(entry.getValue(), index.slotOf(entry.getKey()), () -> "seed " + seed);
        }
    }
}
