package weir.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.client.ClientState;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.session.SessionLimits;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** The client library against the real gateway and core: orders, loss, replay, restart. */
class SessionTest {
    @TempDir
    private Path directory;
    private EntrySystem system;

    @BeforeEach
    void start() {
        system = new EntrySystem(directory);
    }

    @AfterEach
    void stop() {
        system.close();
        assertEquals(List.of(), system.errors);
    }

    static long order(final WeirClient client, final String clOrdId) {
        return client.tryNewOrder(clOrdId, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, Scale.E8,
            100 * Scale.E8);
    }

    private void send(final WeirClient client, final String prefix, final int count) {
        for (int i = 0; i < count; i++) {
            final String id = prefix + i;
            system.await(() -> order(client, id) > 0, "order " + id, () -> client.state().toString());
        }
    }

    /** After a restart the core also says of each open order that its state is unknown. */
    static long admitted(final Recorder recorder) {
        return recorder.reports.stream().filter(r -> r.contains(" A NONE ")).count();
    }

    private static List<Long> dense(final long count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    @Test
    void shouldAnswerOrderWithNumberedReport() {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.logOn(501, recorder);
        assertEquals(1, order(client, "A1"));
        assertEquals(2, client.tryCancel("A2", "none", "BTC-USD", Side.BUY));
        system.await(() -> recorder.reports.size() == 2, "two reports", recorder::toString);
        assertEquals(List.of("A1 A NONE ref=1", "A2 cancel-reject UNKNOWN_ORDER"), recorder.reports);
        assertEquals(List.of(1L, 2L), recorder.sequences);
        system.await(() -> client.unacknowledged() == 0, "acknowledgement", () -> "" + client.unacknowledged());
    }

    @Test
    void shouldKeepSessionAliveByHeartbeatsAndEndItWhenClientIsSilent() {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.logOn(501, recorder);
        system.steps(2 * EntrySystem.TIMEOUT_MS);
        assertTrue(client.isLoggedOn(), recorder::toString);
        assertEquals(0, system.entry.counters().get(Counter.HEARTBEAT_TIMEOUTS));
        system.clients.remove(client);
        system.await(() -> !system.entry.session(501).isOnline(), "end of the silent session", recorder::toString);
        assertEquals(1, system.entry.counters().get(Counter.HEARTBEAT_TIMEOUTS));
        system.clients.add(client);
        system.await(() -> recorder.events.size() > 2 && client.isLoggedOn(), "logon again", recorder::toString);
    }

    @Test
    void shouldReplayReportsThatWereMadeWhileClientWasAway() {
        final Recorder first = new Recorder();
        final WeirClient client = system.logOn(501, first);
        send(client, "B", 5);
        system.await(() -> first.reports.size() == 5, "five reports", first::toString);
        // Gone before it reads the answers of the next five.
        send(client, "C", 5);
        system.clients.remove(client);
        system.await(() -> system.entry.counters().get(Counter.REPORTS) == 10, "reports stored", first::toString);
        final long from = client.nextExpectedReportSeq();
        client.close();
        system.await(() -> !system.entry.session(501).isOnline(), "end of the session", first::toString);

        final Recorder second = new Recorder();
        final WeirClient again = system.launch(system.context(501, second).nextExpectedReportSeq(from));
        system.await(() -> again.nextExpectedReportSeq() == 11, "replay", second::toString);
        assertEquals("on last=10", second.events.get(0));
        assertEquals(LongStream.range(from, 11).boxed().toList(), second.sequences);
        assertEquals(second.sequences.size(), second.replayed);
    }

    @Test
    void shouldTellThatReportsAreGoneWhenTheyAreNoLongerKept() {
        final Recorder first = new Recorder();
        final WeirClient client = system.logOn(501, first);
        send(client, "D", 1_500);
        system.await(() -> first.reports.size() == 1_500, "reports", () -> "" + first.reports.size());
        assertEquals(dense(1_500), first.sequences);
        client.close();
        system.clients.clear();
        final Recorder second = new Recorder();
        final WeirClient again = system.launch(system.context(501, second));
        system.await(() -> again.nextExpectedReportSeq() == 1_501, "replay of what is kept", second::toString);
        final long kept = second.sequences.get(0);
        assertTrue(kept > 100 && kept < 1_400, "first kept " + kept);
        assertTrue(second.events.contains("gone 1 " + kept), second.events::toString);
        assertEquals(LongStream.rangeClosed(kept, 1_500).boxed().toList(), second.sequences);
    }

    @Test
    void shouldReplaceSessionOnlyByProvenLogon() {
        final Recorder first = new Recorder();
        final WeirClient client = system.logOn(501, first);
        final Recorder thief = new Recorder();
        final WeirClient wrong = system.launch(
            system.context(501, thief).secret("not the secret at all".toCharArray()));
        system.await(() -> thief.events.contains("refused"), "refusal", thief::toString);
        wrong.close();
        assertTrue(client.isLoggedOn());
        final Recorder second = new Recorder();
        system.logOn(501, second);
        system.await(() -> client.state() == ClientState.ENDED, "end of the first", first::toString);
        assertTrue(first.events.contains("off REPLACED NONE"), first.events::toString);
        assertEquals(1, system.entry.counters().get(Counter.REPLACED));
    }

    @Test
    void shouldLogOutAndLogOnAgainWithNumbersGoingOn() {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.logOn(501, recorder);
        send(client, "E", 3);
        system.await(() -> recorder.reports.size() == 3, "reports", recorder::toString);
        system.await(client::tryLogout, "logout", recorder::toString);
        system.await(() -> client.state() == ClientState.ENDED, "end", recorder::toString);
        client.logOnAgain();
        system.await(client::isLoggedOn, "logon again", recorder::toString);
        assertEquals(4, order(client, "E3"));
        system.await(() -> recorder.reports.size() == 4, "report", recorder::toString);
        assertEquals(dense(4), recorder.sequences);
    }

    @Test
    void shouldStartNumbersAgainAndKeepReportNumbersWhenReset() {
        final Recorder first = new Recorder();
        final WeirClient client = system.logOn(501, first);
        send(client, "F", 3);
        system.await(() -> first.reports.size() == 3, "reports", first::toString);
        client.close();
        system.clients.clear();
        final Recorder second = new Recorder();
        final WeirClient again = system.launch(
            system.context(501, second).resetSeqNum(true).nextExpectedReportSeq(4));
        system.await(again::isLoggedOn, "logon", second::toString);
        assertEquals(1, order(again, "F3"));
        system.await(() -> second.reports.size() == 1, "report", second::toString);
        assertEquals(List.of(4L), second.sequences);
        assertEquals(List.of("F3 A NONE ref=1"), second.reports);
    }

    @Test
    void shouldGoOnAfterRouterWasKilledWithNoReportLostOrDoubled() throws IOException {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.logOn(501, recorder);
        send(client, "G", 20);
        system.await(() -> recorder.reports.size() == 20, "reports", recorder::toString);
        // The engine journals five more, whose reports the gateway never sees; then both die.
        system.entryRuns = true;
        for (int i = 20; i < 25; i++) {
            final String id = "G" + i;
            system.await(() -> order(client, id) > 0, id, recorder::toString);
        }
        system.await(() -> system.entry.session(501).lastMsgSeqNum() == 25, "forwarded", recorder::toString);
        system.entryRuns = false;
        system.steps(50);
        // And two that reach nobody.
        assertEquals(26, order(client, "G25"));
        assertEquals(27, order(client, "G26"));
        system.kill();
        system.entryRuns = true;
        system.start();
        assertTrue(system.regenerated <= 5, "regenerated " + system.regenerated);
        system.await(() -> admitted(recorder) >= 27, "all reports", recorder::toString);
        system.steps(50);
        assertEquals(27, admitted(recorder));
        assertEquals(dense(recorder.sequences.size()), recorder.sequences);
        for (int i = 0; i < 27; i++) {
            final String start = "G" + i + " A NONE";
            assertEquals(1, recorder.reports.stream().filter(r -> r.startsWith(start + " ")).count(),
                start + recorder.reports);
        }
        assertTrue(recorder.events.contains("on last=25"), recorder.events::toString);
        assertTrue(recorder.events.contains("resent 26 26"), recorder.events::toString);
        system.await(() -> client.unacknowledged() == 0, "acknowledgement", recorder::toString);
    }

    @Test
    void shouldSendTheHeldCommandAgainAndNeverTheOneThatFoundTheWindowFull() throws IOException {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.launch(system.context(501, recorder).windowCapacity(1));
        system.await(client::isLoggedOn, "logon", recorder::toString);
        system.entryRuns = false;
        assertEquals(1, order(client, "L0"));
        fill(client.newOrder(), "L1");
        assertEquals(WeirClient.WINDOW_FULL, client.trySend());
        client.replaceOrder().clOrdId("L2").origClOrdId("L0").symbol("BTC-USD").side(Side.BUY);
        assertEquals(WeirClient.WINDOW_FULL, client.trySend());
        // The gateway never took L0.
        system.kill();
        system.entryRuns = true;
        system.start();
        system.await(() -> admitted(recorder) > 0 || recorder.events.contains("off PROTOCOL_ERROR SEQUENCE_GAP"),
            "report", recorder::toString);
        assertEquals(List.of("L0 A NONE ref=1"), recorder.reports);
        assertTrue(recorder.events.contains("on last=0"), recorder::toString);
        assertTrue(recorder.events.contains("resent 1 1"), recorder::toString);
        system.await(() -> client.unacknowledged() == 0, "acknowledgement", recorder::toString);
        assertEquals(2, order(client, "L3"));
        system.await(() -> recorder.reports.size() == 2, "report", recorder::toString);
        assertEquals("L3 A NONE ref=2", recorder.reports.get(1));
        assertEquals(2, system.core.view().openOrders());
    }

    @Test
    void shouldSendACommandThatWasFilledBeforeTheLogonUnderTheNumberOfTheSession() {
        final Recorder first = new Recorder();
        final WeirClient client = system.logOn(501, first);
        send(client, "M", 3);
        system.await(() -> first.reports.size() == 3, "reports", first::toString);
        client.close();
        system.clients.clear();
        final Recorder second = new Recorder();
        final WeirClient again = system.launch(system.context(501, second).nextExpectedReportSeq(4));
        fill(again.newOrder(), "M3");
        system.await(again::isLoggedOn, "logon", second::toString);
        assertEquals(4, again.trySend());
        system.await(() -> second.reports.size() + second.events.size() > 1, "answer", second::toString);
        assertEquals(List.of("M3 A NONE ref=4"), second.reports, second::toString);
    }

    private static void fill(final NewOrderEncoder order, final String clOrdId) {
        order.clOrdId(clOrdId).symbol("BTC-USD").side(Side.BUY).ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC)
            .orderQty(Scale.E8).price(100 * Scale.E8);
    }

    @Test
    void shouldMakeReportsAgainThatTheGatewayHadNotStored() throws IOException {
        final Recorder recorder = new Recorder();
        final WeirClient client = system.logOn(501, recorder);
        send(client, "H", 3);
        system.await(() -> recorder.reports.size() == 3, "reports", recorder::toString);
        assertEquals(4, order(client, "H3"));
        system.engineRuns = false;
        system.await(() -> system.entry.session(501).lastMsgSeqNum() == 4, "forwarded", recorder::toString);
        system.engineRuns = true;
        system.entryRuns = false;
        final int before = system.journal.size();
        system.await(() -> system.journal.size() > before, "journaled", recorder::toString);
        system.kill();
        system.entryRuns = true;
        system.start();
        assertEquals(1, system.regenerated);
        system.await(() -> recorder.reports.size() >= 4, "the missing report", recorder::toString);
        system.steps(50);
        assertEquals(4, admitted(recorder));
        assertEquals("H3 A NONE ref=4", recorder.reports.get(3));
        assertEquals(dense(recorder.sequences.size()), recorder.sequences);
        // A second start makes nothing again but alerts of the time in which nobody was logged on.
        system.kill();
        final int logons = recorder.events.size();
        system.start();
        system.await(() -> recorder.events.size() > logons && client.isLoggedOn(), "logon", recorder::toString);
        system.steps(50);
        assertEquals(4, admitted(recorder), recorder::toString);
        assertEquals(dense(recorder.sequences.size()), recorder.sequences);
    }

    @Test
    void shouldAnswerBusyWhenEngineTakesNothingAndNotActOnItLater() {
        stop();
        // On a busy machine its own driver takes seconds over thousands of answers.
        system = new EntrySystem(directory.resolve("patient"), BootFrames.make(CancelOnDisconnect.NONE, 0),
            context -> context.sessionLimits(new SessionLimits(60_000_000_000L, 65_536, 100, 256)),
            List.of("aeron:ipc"));
        final Recorder recorder = new Recorder();
        final WeirClient client = system.launch(system.context(501, recorder).windowCapacity(1 << 14));
        system.await(client::isLoggedOn, "logon", recorder::toString);
        system.engineRuns = false;
        int sent = 0;
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (system.entry.counters().get(Counter.BUSY) == 0) {
            if (sent < 6_000 && order(client, "J" + sent) > 0) {
                sent++;
            }
            system.step();
            assertTrue(System.nanoTime() - deadlineNs < 0, "never busy");
        }
        system.engineRuns = true;
        final int total = sent;
        system.await(() -> recorder.reports.size() == total, "an answer for each of " + total,
            () -> recorder.reports.size() + " reports");
        final long busy = recorder.reports.stream().filter(r -> r.startsWith("reject GATEWAY_BUSY")).count();
        final long taken = recorder.reports.stream().filter(r -> r.contains(" A NONE ")).count();
        assertEquals(system.entry.counters().get(Counter.BUSY), busy);
        assertEquals(total, busy + taken);
        assertEquals(taken, system.core.view().openOrders());
        assertEquals(dense(total), recorder.sequences);
    }

    @Test
    void shouldCutOffSlowConsumerAndServeTheOthers() {
        final Recorder slow = new Recorder();
        final Recorder quick = new Recorder();
        final WeirClientContext context = system.context(501, slow).windowCapacity(1 << 13);
        final WeirClient sleeper = system.launch(context);
        system.await(sleeper::isLoggedOn, "logon", slow::toString);
        final WeirClient other = system.logOn(502, quick);
        system.clients.remove(sleeper);
        // Sends but never reads. Heartbeats of a client that only sends are its commands.
        int sent = 0;
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (system.entry.counters().get(Counter.SLOW_CONSUMERS) == 0) {
            if (sent < 6_000 && order(sleeper, "S" + sent) > 0) {
                sent++;
            } else {
                sleeper.tryStatus("S0", "BTC-USD", Side.BUY);
            }
            system.step();
            if (sent % 100 == 0 && other.isLoggedOn()) {
                order(other, "Q" + sent);
            }
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> system.entry.counters().toString());
        }
        assertFalse(system.entry.session(501).isOnline());
        assertTrue(other.isLoggedOn());
        final int before = quick.reports.size();
        system.await(() -> order(other, "after") > 0, "order of the other", quick::toString);
        system.await(() -> quick.reports.size() > before, "report of the other", quick::toString);
        // What the slow one missed is kept.
        system.clients.add(sleeper);
        final long expected = 1 + sent;
        system.await(() -> sleeper.nextExpectedReportSeq() >= expected, "replay to the slow one",
            () -> sleeper.state() + " " + sleeper.nextExpectedReportSeq() + " of " + expected + slow.events);
    }
}
