package weir.config.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.config.model.RouterSettings;
import weir.engine.CoreSnapshot;
import weir.engine.JournalDivergedException;
import weir.engine.RouterCore;
import weir.engine.book.OrderBook;
import weir.journal.JournalId;
import weir.journal.Snapshot;
import weir.journal.SnapshotStore;

/** A core from a snapshot and what came after it is the core of a full replay, whatever befell the snapshots. */
class SnapshotRecoveryTest {
    /** Length of the long journal; the figures of the README are of 10000000. */
    private static final long RECORDS = Long.getLong("weir.test.records", 1_000_000);
    private static final int OPEN_EACH = 1_000;
    private static final long WAIT_MS = Math.max(60_000, RECORDS / 50);

    private Path root;

    @BeforeEach
    void makeDirectory() throws IOException {
        final Path tmpfs = Path.of(System.getProperty("weir.test.dir", "/dev/shm"));
        root = Files.createTempDirectory(Files.isWritable(tmpfs) ? tmpfs
            : Path.of(System.getProperty("java.io.tmpdir")), "weir-recovery-");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    @Test
    void shouldAdoptEveryOpenOrderOfTwoVenuesFromSnapshotAndTail() throws Exception {
        final Path journal = JournalZip.schema1(root);
        final RouterCore first = new RouterCore(JournalMaker.sizes());
        JournalMaker.replay(journal, first, JournalZip.SCHEMA_1_RECORDS);
        final long every = RECORDS / 4;
        final Map<Long, Integer> atVenue = new HashMap<>();
        final long last;
        final long before = cpuNs();
        try (JournalMaker maker = new JournalMaker(journal, first)) {
            final ShadowCore shadow = shadow(journal, every, false);
            maker.started();
            maker.configure();
            maker.connect();
            maker.trade(RECORDS);
            maker.openOrders(OPEN_EACH);
            maker.flush();
            last = maker.last();
            await(() -> shadow.sequence() == last || shadow.failure() != null, shadow);
            assertEquals(null, shadow.failure());
            shadow.close();
            assertTrue(shadow.snapshots() >= 4, () -> shadow.snapshots() + " snapshots");
            atVenue.putAll(maker.atVenue);
        }
        assertTrue(rolls(journal) > 3, () -> rolls(journal) + " files");
        assertEquals(2 * OPEN_EACH, atVenue.size());
        System.out.println("made " + last + " records in " + rolls(journal) + " files, cpu s "
            + (cpuNs() - before) / 1_000_000_000L);

        final SnapshotStore store = store(journal);
        final CoreRestore.Start start = restore(journal, store, last);
        long startNs = System.nanoTime();
        final long tail = JournalMaker.replay(journal, start.core(), last);
        System.out.println("snapshot " + start.sequence() + ", " + start.bytes() + " bytes in "
            + start.durationNs() / 1_000_000 + " ms, tail " + tail + " records in "
            + (System.nanoTime() - startNs) / 1_000_000 + " ms");
        assertEquals(last - start.sequence(), tail);
        assertTrue(tail <= every, () -> "tail of " + tail);
        final RouterCore full = new RouterCore(JournalMaker.sizes());
        startNs = System.nanoTime();
        assertEquals(last, JournalMaker.replay(journal, full, last));
        System.out.println("full replay of " + last + " records in " + (System.nanoTime() - startNs) / 1_000_000
            + " ms");
        assertArrayEquals(state(full), state(start.core()));

        try (JournalMaker again = new JournalMaker(journal, start.core())) {
            again.atVenue.putAll(atVenue);
            again.started();
            assertEquals(Set.of(), again.asked);
            again.connect();
            for (int i = 0; i < 5_000 && !again.asked.containsAll(atVenue.keySet()); i++) {
                again.recover(1);
            }
            again.recover(10);
            assertEquals(atVenue.keySet(), again.asked);
            assertEquals(Set.of(), again.doubled);
            assertEquals(0, again.news, "orders sent again");
            assertEquals(0, again.cancels, "orders cancelled");
            for (final Long order : atVenue.keySet()) {
                assertEquals(OrderBook.WORKING, again.core.view().orderState(order), () -> "order " + order);
            }
            assertEquals(OPEN_EACH, atVenue.values().stream().filter(v -> v == JournalMaker.VENUE_B).count());
            again.flush();
        }
    }

    @Test
    void shouldFallBackWhateverBitIsFlipped() throws Exception {
        final long last = journalWithSnapshots();
        final SnapshotStore store = store(root);
        final List<Snapshot> snapshots = store.newestFirst();
        assertEquals(3, snapshots.size());
        final RouterCore full = new RouterCore(JournalMaker.sizes());
        JournalMaker.replay(root, full, last);
        final byte[] expected = state(full);
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("SnapshotRecoveryTest seed=" + seed + " (-Dweir.test.seed=" + seed + ")");
        final Random random = new Random(seed);
        final Path newest = snapshots.get(0).path();
        final int length = (int) Files.size(newest);
        for (int i = 0; i < 400; i++) {
            final int at = i < 128 ? i : random.nextInt(length);
            final int bit = 1 << random.nextInt(8);
            flip(newest, at, bit);
            final boolean found = store.newestFirst().get(0).equals(snapshots.get(0));
            assertTrue(!found || !store.isUsable(snapshots.get(0)), () -> "not seen: byte " + at + " bit " + bit);
            if (i % 40 == 0) {
                final CoreRestore.Start start = restore(root, store, last);
                assertEquals(snapshots.get(1).sequence(), start.sequence(), () -> "byte " + at + " bit " + bit);
                assertEquals(1, start.passedOver());
            }
            flip(newest, at, bit);
        }
        assertEquals(snapshots.get(0).sequence(), restore(root, store, last).sequence());
        for (int damaged = 0; damaged < 3; damaged++) {
            final RouterCore core = restore(root, store, last).core();
            JournalMaker.replay(root, core, last);
            assertArrayEquals(expected, state(core));
            flip(snapshots.get(damaged).path(), length / 2, 4);
        }
        final CoreRestore.Start none = restore(root, store, last);
        assertEquals(0, none.sequence());
        assertEquals(last, JournalMaker.replay(root, none.core(), last));
        assertArrayEquals(expected, state(none.core()));
    }

    @Test
    void shouldNotUseSnapshotOfAnotherHistory() throws Exception {
        final long last = journalWithSnapshots();
        final SnapshotStore store = store(root);
        final long newest = store.newestFirst().get(0).sequence();
        final RouterCore other = new RouterCore(JournalMaker.sizes());
        JournalMaker.replay(root, other, newest + 10);
        store.write(newest + 10, other.lastNs(), out -> CoreSnapshot.save(other, 12345, out));
        assertEquals(newest, restore(root, store, last).sequence());
        store.write(last + 10, other.lastNs(), out -> CoreSnapshot.save(other, 12345, out));
        assertEquals(newest, restore(root, store, last).sequence());
        assertEquals(1, CoreRestore.dropBeyond(store, last));
        assertEquals(newest + 10, store.newestFirst().get(0).sequence());
    }

    @Test
    void shouldNotUseSnapshotBeforeItsReportsAreStored() throws Exception {
        final long last = journalWithSnapshots();
        final SnapshotStore store = store(root);
        final List<Snapshot> snapshots = store.newestFirst();
        final long stored = snapshots.get(1).sequence() + 10;
        final CoreRestore.Start start = CoreRestore.begin(root, store,
            () -> new RouterCore(JournalMaker.sizes()), last, new CoreSnapshot.Deliveries() {
                @Override
                public boolean holds(final int sessionId, final long record, final int index) {
                    return record <= stored;
                }

                @Override
                public boolean holdsAlert(final long record, final int index) {
                    return true;
                }
            });
        assertEquals(snapshots.get(1).sequence(), start.sequence());
    }

    @Test
    void shouldEndTheShadowAndNothingElseWhenReplayDiverges() throws Exception {
        final long last = journalWithSnapshots();
        for (final Snapshot snapshot : store(root).newestFirst()) {
            Files.delete(snapshot.path());
        }
        final AtomicReference<Throwable> alarm = new AtomicReference<>();
        try (JournalMaker maker = new JournalMaker(root, new RouterCore(JournalMaker.sizes()))) {
            final ShadowCore shadow = ShadowCore.launch(root, maker.journal.id(),
                new RouterSettings.Snapshots(true, 100, 3, true),
                () -> new RouterCore(JournalMaker.sizes().tenantCapacity(1).instrumentCapacity(1)), alarm::set);
            await(() -> shadow.failure() != null, shadow);
            shadow.close();
            assertInstanceOf(JournalDivergedException.class, alarm.get());
            assertEquals(List.of(), store(root).newestFirst());
            assertTrue(shadow.sequence() < last);
        }
    }

    @Test
    void shouldLeaveNothingToReplayAfterACleanStop() throws Exception {
        final long last;
        try (JournalMaker maker = new JournalMaker(root, new RouterCore(JournalMaker.sizes()))) {
            final ShadowCore shadow = shadow(root, 1_000_000, true);
            maker.started();
            maker.configure();
            maker.connect();
            maker.trade(2_000);
            maker.flush();
            last = maker.last();
            shadow.close();
            assertEquals(1, shadow.snapshots());
        }
        final CoreRestore.Start start = restore(root, store(root), last);
        assertEquals(last, start.sequence());
        // More room is taken over, since nothing has to be replayed.
        final CoreRestore.Start larger = CoreRestore.begin(root, store(root),
            () -> new RouterCore(JournalMaker.sizes().openOrderCapacity(40_000).tenantCapacity(99)), last,
            CoreRestore.NOTHING_MISSING);
        assertEquals(last, larger.sequence());
        assertEquals(start.core().view().openOrders(), larger.core().view().openOrders());
        assertEquals(0, CoreRestore.begin(root, store(root),
            () -> new RouterCore(JournalMaker.sizes().openOrderCapacity(64)), last, CoreRestore.NOTHING_MISSING)
            .sequence());
    }

    private long journalWithSnapshots() throws Exception {
        try (JournalMaker maker = new JournalMaker(root, new RouterCore(JournalMaker.sizes()))) {
            final ShadowCore shadow = shadow(root, 2_000, false);
            maker.started();
            maker.configure();
            maker.connect();
            maker.trade(9_000);
            maker.openOrders(20);
            maker.flush();
            final long last = maker.last();
            await(() -> shadow.sequence() == last || shadow.failure() != null, shadow);
            shadow.close();
            assertEquals(null, shadow.failure());
            return last;
        }
    }

    private static ShadowCore shadow(final Path journal, final long every, final boolean atStop) {
        return ShadowCore.launch(journal, JournalId.read(journal),
            new RouterSettings.Snapshots(true, every, 3, atStop), () -> new RouterCore(JournalMaker.sizes()),
            ex -> System.out.println("alarm " + ex));
    }

    private static CoreRestore.Start restore(final Path journal, final SnapshotStore store, final long last) {
        return CoreRestore.begin(journal, store, () -> new RouterCore(JournalMaker.sizes()), last,
            CoreRestore.NOTHING_MISSING);
    }

    private static SnapshotStore store(final Path journal) {
        return SnapshotStore.open(journal, JournalId.read(journal));
    }

    private static byte[] state(final RouterCore core) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }

    private static int rolls(final Path journal) {
        return journal.resolve("queue").toFile().list((d, name) -> name.endsWith(".cq4")).length;
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void flip(final Path path, final int at, final int bit) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            final int value = file.read();
            file.seek(at);
            file.write(value ^ bit);
        }
    }

    private static void await(final java.util.function.BooleanSupplier condition, final ShadowCore shadow)
        throws InterruptedException {
        final long deadlineNs = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("shadow at " + shadow.sequence() + ", failure " + shadow.failure());
            }
            Thread.sleep(2);
        }
    }
}
