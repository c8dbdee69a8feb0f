package weir.fix.store;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.RecordSeq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionStoreTest {
    @TempDir
    Path directory;

    @Test
    void shouldStartAtOne() throws IOException {
        try (SessionStore store = open()) {
            assertEquals(1, store.getNextSenderMsgSeqNum());
            assertEquals(1, store.getNextTargetMsgSeqNum());
            assertEquals(RecordSeq.NONE, store.lastBound());
        }
    }

    @Test
    void shouldHaveEverythingAfterAnotherOpenWithoutAClose() throws IOException {
        final SessionStore killed = open();
        send(killed, 1, "plain");
        send(killed, 2, report(7, 0));
        send(killed, 3, report(7, 1));
        killed.incrNextTargetMsgSeqNum();
        killed.proveDelivered(2);
        killed.onRefused(5);
        try (SessionStore store = open()) {
            assertEquals(4, store.getNextSenderMsgSeqNum());
            assertEquals(2, store.getNextTargetMsgSeqNum());
            assertEquals(new RecordSeq(7, 1), store.lastBound());
            assertEquals(2, store.provenDelivered());
            assertEquals(3, store.lastReportSeq());
            assertTrue(store.wasRefused(5));
            assertEquals(List.of("plain", report(7, 0), report(7, 1)), get(store, 1, 0));
            assertEquals(List.of(report(7, 0)), get(store, 2, 2));
            assertEquals(0, store.tornBytes());
        }
        killed.close();
    }

    @Test
    void shouldCutATornTailAtAnyByteAndKeepWhatCameBefore() throws IOException {
        try (SessionStore store = open()) {
            send(store, 1, report(1, 0));
            send(store, 2, report(2, 0));
        }
        final Path file = directory.resolve("S-1.store");
        final byte[] whole = Files.readAllBytes(file);
        final int lastRecord = StoreRecord.HEADER + StoreRecord.MESSAGE_PREFIX + report(2, 0).length();
        for (int cut = 1; cut < lastRecord; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            try (SessionStore store = open()) {
                assertEquals(2, store.getNextSenderMsgSeqNum(), "cut " + cut);
                assertEquals(new RecordSeq(1, 0), store.lastBound());
                // Zeros at the end look like room.
                int torn = lastRecord - cut;
                while (torn > 0 && whole[whole.length - lastRecord + torn - 1] == 0) {
                    torn--;
                }
                assertEquals(torn, store.tornBytes(), "cut " + cut);
                send(store, 2, report(2, 5));
            }
            try (SessionStore store = open()) {
                assertEquals(new RecordSeq(2, 5), store.lastBound());
            }
        }
    }

    @Test
    void shouldCutARecordWhoseBytesWereFlipped() throws IOException {
        try (SessionStore store = open()) {
            send(store, 1, report(1, 0));
            send(store, 2, report(2, 0));
        }
        final Path file = directory.resolve("S-1.store");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
        try (SessionStore store = open()) {
            assertEquals(new RecordSeq(1, 0), store.lastBound());
            assertTrue(store.tornBytes() > 0);
        }
    }

    @Test
    void shouldRefuseAFileThatHoldsNothingReadable() throws IOException {
        Files.write(directory.resolve("S-1.store"), new byte[50]);
        assertThrows(IOException.class, this::open);
    }

    @Test
    void shouldCarryUnprovenReportsOverResetsUntilTheyAreSentAgain() throws IOException {
        final SessionStore store = open();
        send(store, 1, "logon");
        send(store, 2, report(3, 0));
        send(store, 3, report(4, 0));
        send(store, 4, report(5, 0));
        store.proveDelivered(2);
        store.reset();
        assertEquals(1, store.getNextSenderMsgSeqNum());
        assertTrue(store.isResetUnreported());
        assertEquals(List.of(report(4, 0), report(5, 0)), store.carried(9));
        assertEquals(new RecordSeq(5, 0), store.lastBound());
        send(store, 1, "logon");
        send(store, 2, report(4, 0));
        assertEquals(List.of(report(5, 0)), store.carried(9));
        try (SessionStore again = open()) {
            assertEquals(List.of(report(5, 0)), again.carried(9));
            assertTrue(again.isResetUnreported());
            again.onResetReported();
            again.reset();
            assertEquals(List.of(report(4, 0), report(5, 0)), again.carried(9));
            assertEquals(3, again.generation());
        }
        store.close();
        try (SessionStore again = open()) {
            assertEquals(List.of(report(4, 0), report(5, 0)), again.carried(9));
        }
    }

    @Test
    void shouldCarryANewReportBehindOlderOnesThatStillWait() throws IOException {
        try (SessionStore store = open()) {
            send(store, 1, report(3, 0));
            store.reset();
            final byte[] raw = report(4, 0).getBytes(StandardCharsets.ISO_8859_1);
            store.carry(4, 0, new UnsafeBuffer(raw), 0, raw.length);
            assertEquals(new RecordSeq(4, 0), store.lastBound());
            assertEquals(SessionStore.BOUND, store.numberFor(4, 0));
            assertEquals(List.of(report(3, 0)), store.carried(1));
        }
        try (SessionStore again = open()) {
            assertEquals(new RecordSeq(4, 0), again.lastBound());
            assertEquals(List.of(report(3, 0), report(4, 0)), again.carried(9));
            assertEquals(1, again.getNextSenderMsgSeqNum());
        }
    }

    @Test
    void shouldReadTheSameInSlicesAsAtOnceWhateverNumbersWereUsedAgain() throws IOException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        try (SessionStore store = open()) {
            final TreeMap<Integer, String> model = new TreeMap<>();
            int top = 0;
            for (int i = 0; i < 4_000; i++) {
                final int next = store.getNextSenderMsgSeqNum();
                switch (random.nextInt(200)) {
                    case 0 -> {
                        store.setNextSenderMsgSeqNum(1 + random.nextInt(next));
                        model.tailMap(store.getNextSenderMsgSeqNum()).clear();
                    }
                    case 1 -> store.setNextSenderMsgSeqNum(next > top ? next + random.nextInt(3) : next);
                    case 2, 3, 4 -> {
                        final int slice = 1 + random.nextInt(40);
                        final List<String> read = new ArrayList<>();
                        for (int first = 1 + random.nextInt(next); first < next; first += slice) {
                            read.clear();
                            store.get(first, first + slice - 1, read);
                            assertEquals(List.copyOf(model.subMap(first, first + slice).values()), read,
                                "seed " + seed);
                        }
                    }
                    default -> {
                        send(store, next, "message " + i);
                        model.put(next, "message " + i);
                        top = Math.max(top, next);
                    }
                }
            }
        }
    }

    @Test
    void shouldIgnoreAnIncrementThatLostItsMessageToAReset() throws IOException {
        try (SessionStore store = open()) {
            store.set(1, "logon");
            store.reset();
            store.incrNextSenderMsgSeqNum();
            assertEquals(1, store.getNextSenderMsgSeqNum());
            assertThrows(IOException.class, () -> store.set(2, "numbered before the reset"));
        }
    }

    @Test
    void shouldTakeTheJournalsWordForAnEmptyStore() throws IOException {
        open().close();
        try (SessionStore store = open()) {
            store.recoverTarget(56);
            assertEquals(57, store.getNextTargetMsgSeqNum());
        }
    }

    @Test
    void shouldGoBackToTheJournalWhereTheStoreKnowsMore() throws IOException {
        try (SessionStore store = open()) {
            store.setNextTargetMsgSeqNum(60);
            store.recoverTarget(56);
            assertEquals(57, store.getNextTargetMsgSeqNum());
        }
    }

    @Test
    void shouldKeepItsOwnCountWhereAResetWasNotJournaled() throws IOException {
        try (SessionStore store = open()) {
            store.setNextTargetMsgSeqNum(60);
            store.reset();
            store.setNextTargetMsgSeqNum(3);
            store.recoverTarget(56);
            assertEquals(3, store.getNextTargetMsgSeqNum());
        }
    }

    @Test
    void shouldReadTheLastBoundReportWithoutMakingAStore() throws IOException {
        assertEquals(RecordSeq.NONE, SessionStore.lastBound(directory, "S"));
        assertFalse(Files.exists(directory.resolve("S-1.store")));
        assertEquals(RecordSeq.NONE, SessionStore.lastBound(directory.resolve("missing"), "S"));
    }

    @Test
    void shouldKeepAndFindEveryMessageOverManyTurnsOfTheTail() throws IOException {
        final int count = 60_000;
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[512]);
        try (WriteBehind behind = new WriteBehind(error -> {
            throw new IllegalStateException(error);
        }); SessionStore store = new SessionStore(directory, "S", 1, behind, RecordSeq.NONE)) {
            for (int sequence = 1; sequence <= count; sequence++) {
                final int length = bytes.putStringWithoutLengthAscii(0, message(sequence));
                store.append(sequence, sequence % 3 == 0 ? 0 : sequence, 0, bytes, 0, length);
                store.incrNextTargetMsgSeqNum();
            }
            assertFound(store, count);
            // As a kill leaves it: the last records are in the tail alone.
            try (SessionStore killed = open()) {
                assertEquals(0, killed.tornBytes());
                assertEquals(count + 1, killed.getNextSenderMsgSeqNum());
                assertEquals(count + 1, killed.getNextTargetMsgSeqNum());
                assertFound(killed, count);
            }
        }
    }

    @Test
    void shouldLeaveNoTailOfAGenerationThatIsOver() throws IOException {
        Files.write(directory.resolve("S-2.store.tail"), new byte[100]); // of a store that was taken away without it
        try (WriteBehind behind = new WriteBehind(error -> {
            throw new IllegalStateException(error);
        }); SessionStore store = new SessionStore(directory, "S", 1, behind, RecordSeq.NONE)) {
            send(store, 1, "first");
            store.reset();
            send(store, 1, "second");
            assertEquals(List.of("second"), get(store, 1, 1));
            assertEquals(List.of("S-2.store", "S-2.store.tail"), files());
        }
        assertEquals(List.of("S-2.store"), files());
        try (SessionStore store = open()) {
            assertEquals(List.of("second"), get(store, 1, 1));
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldGiveTheLaterOfTwoMessagesThatHadOneNumber() throws IOException {
        try (SessionStore store = open()) {
            for (int sequence = 1; sequence <= 3000; sequence++) {
                send(store, sequence, "first" + sequence);
            }
            store.setNextSenderMsgSeqNum(2000);
            send(store, 2000, "second");
            assertEquals(List.of("first1999", "second"), get(store, 1999, 2000));
            assertEquals(2001, store.getNextSenderMsgSeqNum());
        }
    }

    private static void assertFound(final SessionStore store, final int count) throws IOException {
        assertEquals(new RecordSeq(count % 3 == 0 ? count - 1 : count, 0), store.lastBound());
        for (final int sequence : new int[]{1, 2, 1024, 1025, count / 2, count}) {
            assertEquals(List.of(message(sequence)), get(store, sequence, sequence));
        }
        assertEquals(100, get(store, count - 99, 0).size());
    }

    private static String message(final int sequence) {
        return "message " + sequence + "-".repeat(sequence % 300);
    }

    private SessionStore open() throws IOException {
        return new SessionStore(directory, "S", 1_767_225_600_000L);
    }

    private static void send(final SessionStore store, final int sequence, final String message) throws IOException {
        store.set(sequence, message);
        store.incrNextSenderMsgSeqNum();
    }

    private static List<String> get(final SessionStore store, final int from, final int to) throws IOException {
        final List<String> messages = new ArrayList<>();
        store.get(from, to, messages);
        return messages;
    }

    private static String report(final long record, final int index) {
        return "8=FIXT.1.1\u000135=8\u000120001=" + record + "-" + index + "\u000110=000\u0001";
    }
}
