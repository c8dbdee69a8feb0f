package weir.fix;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.FileStoreFactory;
import quickfix.Message;
import quickfix.SessionSettings;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.RecordSeq;
import weir.fix.desk.RegeneratedReports;
import weir.fix.desk.SessionDay;
import weir.fix.store.RawLog;
import weir.fix.store.SessionStore;
import weir.fix.store.StoreDirectory;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.SessionConnectedDecoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecoveryTest {
    private static final int SESSION = GatewayFixture.ALPHA1_SESSION;

    @TempDir
    Path directory;
    private FakeEngine engine;
    private GatewayFixture fixture;

    /** What carries the desks' bytes; the subclass runs the same on the other one. */
    DeskTransport transport() {
        return DeskTransport.WEIR;
    }

    @BeforeEach
    void start() {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, transport());
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldResendWhatARealInitiatorMissedWhenItLogsOnAgain() throws Exception {
        fixture.launch();
        final InitiatorDesk first = initiator();
        first.awaitLogon();
        engine.connected();
        engine.sendReport(SESSION, 1, 3, 0, "A");
        assertEquals("A", first.next("8").getString(11));
        first.kill();
        engine.disconnected();
        engine.sendReport(SESSION, 1, 4, 0, "B");
        engine.sendReport(SESSION, 1, 5, 0, "C");
        fixture.await(Counter.REPORTS, 3);
        try (InitiatorDesk second = initiator()) {
            second.awaitLogon();
            for (final String id : List.of("B", "C")) {
                final Message report = second.next("8");
                assertEquals(id, report.getString(11));
                assertTrue(report.getHeader().getBoolean(43));
                assertFalse(report.getHeader().isSetField(97));
            }
        }
    }

    @Test
    void shouldSendUnprovenReportsAsNewWithPossResendAfterAReset() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(SESSION, 1, 3, 0, "A");
            desk.expect("8");
        }
        engine.disconnected();
        engine.sendReport(SESSION, 1, 4, 0, "B");
        fixture.await(Counter.REPORTS, 2);
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            final Map<Integer, String> logon = desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            assertEquals("1", logon.get(34));
            assertEquals("Y", logon.get(141));
            assertEquals(BooleanType.TRUE, engine.connected().resetSeqNum());
            for (final String id : List.of("A", "B")) {
                final Map<Integer, String> report = desk.expect("8");
                assertEquals(id, report.get(11));
                assertEquals("Y", report.get(97), report::toString);
                assertEquals(null, report.get(43), report::toString);
            }
            engine.sendReport(SESSION, 1, 5, 0, "C");
            final Map<Integer, String> live = desk.expect("8");
            assertEquals("C", live.get(11));
            assertEquals(null, live.get(97));
            assertEquals("4", live.get(34));
        }
    }

    @Test
    void shouldNotSendProvenReportsAgainAfterAReset() throws Exception {
        fixture.launch(context -> context.deliveryProbeIntervalMs(50));
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(SESSION, 1, 3, 0, "A");
            desk.expect("8");
            // The TestRequest that proves it comes next, is read (and answered) on the way to the refusal of the R.
            desk.awaitTestRequest();
            desk.send("R", "131=q1|");
            desk.expect("j");
            fixture.await("proof", () -> fixture.gateway.counters().get(Counter.UNSUPPORTED) == 1);
            engine.sendReport(SESSION, 1, 4, 0, "B");
            desk.expectWithoutAnswering("8");
        }
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            final Map<Integer, String> report = desk.expect("8");
            assertEquals("B", report.get(11), "A was proven by the Heartbeat and must not come again");
            assertEquals("Y", report.get(97));
        }
    }

    @Test
    void shouldProveDeliveryByTheBeginOfAResendRequest() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            for (int i = 0; i < 3; i++) {
                engine.sendReport(SESSION, 1, 3 + i, 0, "R" + i);
                desk.expect("8");
            }
            desk.send("2", "7=4|16=0|");
            assertEquals("R2", desk.expect("8").get(11));
        }
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            assertEquals("R2", desk.expect("8").get(11));
            assertTrue(desk.isSilentFor(200));
        }
    }

    @Test
    void shouldExpectTheNumberAfterTheLastJournaledOneAndAskForTheGap() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            for (int i = 2; i <= 5; i++) {
                desk.send("D", OrderFlowTest.newOrder("N" + i));
                engine.next(NewOrderDecoder.TEMPLATE_ID);
            }
        }
        engine.disconnected();
        fixture.gateway.close();
        fixture.launch(context -> context.recoveredMsgSeqNum(SESSION, 3));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 6;
            desk.sendLogon(GatewayFixture.ALPHA1);
            desk.expect("A");
            final Map<Integer, String> resend = desk.expect("2");
            assertEquals("4", resend.get(7));
            assertEquals(3, engine.connected().msgSeqNum());
            for (int seq = 4; seq <= 5; seq++) {
                desk.write(desk.message("D", seq,
                    "43=Y|122=" + RawDesk.now() + "|" + OrderFlowTest.newOrder("N" + seq)));
                final NewOrderDecoder order = new NewOrderDecoder()
                    .wrapAndApplyHeader(engine.next(NewOrderDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
                assertEquals(seq, order.msgSeqNum());
                assertTrue(order.messageFlags().possDup());
            }
        }
    }

    @Test
    void shouldSendRegeneratedReportsAboveTheHighestBoundOneAfterARestart() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(SESSION, 1, 3, 0, "A");
            desk.expect("8");
        }
        engine.disconnected();
        fixture.gateway.close();
        final Map<Integer, RecordSeq> bound =
            StoreDirectory.lastBound(directory.resolve("store"), List.of(GatewayFixture.alpha1()));
        assertEquals(new RecordSeq(3, 0), bound.get(SESSION));
        final RegeneratedReports regenerated = new RegeneratedReports(bound, directory.resolve("overflow"));
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
        for (int record = 2; record <= 4; record++) {
            for (int index = 0; index < 2; index++) {
                regenerated.add(frame, 0,
                    engine.encodeReport(frame, SESSION, 1, record, index, "R" + record + index));
            }
        }
        assertEquals(3, regenerated.count());
        fixture.launch(context -> context.recoveredMsgSeqNum(SESSION, 1).regenerated(regenerated));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 2;
            assertEquals("6", desk.logon(GatewayFixture.ALPHA1).get(34));
            desk.send("2", "7=3|16=0|");
            for (final String id : List.of("R31", "R40", "R41")) {
                final Map<Integer, String> report = desk.expect("8");
                assertEquals(id, report.get(11));
                assertEquals("Y", report.get(43));
            }
        }
    }

    @Test
    void shouldKeepWhatAResetLeftUnprovenOverARestart() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(SESSION, 1, 3, 0, "A");
            desk.expect("8");
        }
        engine.disconnected();
        fixture.gateway.close();
        fixture.launch();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            assertEquals("Y", desk.expect("8").get(97));
        }
        engine.connected();
        engine.disconnected();
        fixture.gateway.close();
        fixture.launch();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 2;
            desk.logon(GatewayFixture.ALPHA1);
            assertEquals(BooleanType.FALSE, engine.connected().resetSeqNum());
            desk.send("2", "7=2|16=2|");
            final Map<Integer, String> report = desk.expect("8");
            assertEquals("A", report.get(11));
            assertEquals("Y", report.get(97));
            assertEquals("Y", report.get(43));
        }
    }

    @Test
    void shouldAnswerBusyAgainWhenARefusedOrderIsResentAfterARestart() throws Exception {
        fixture.launch();
        int refused = 0;
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            for (int i = 1; i <= 600; i++) {
                desk.send("D", OrderFlowTest.newOrder("B" + i));
            }
            refused = Integer.parseInt(desk.expect("j").get(45));
            fixture.await("all handled", () -> fixture.gateway.counters().get(Counter.BUSY) +
                fixture.gateway.counters().get(Counter.COMMANDS) == 600);
        }
        for (long i = fixture.gateway.counters().get(Counter.COMMANDS); i > 0; i--) {
            engine.next(NewOrderDecoder.TEMPLATE_ID);
        }
        engine.disconnected();
        fixture.gateway.close();
        final int last = refused - 1;
        fixture.launch(context -> context.recoveredMsgSeqNum(SESSION, last));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 602;
            desk.sendLogon(GatewayFixture.ALPHA1);
            desk.expect("A");
            assertEquals(Integer.toString(refused), desk.expect("2").get(7));
            assertEquals(last, engine.connected().msgSeqNum());
            desk.write(desk.message("D", refused,
                "43=Y|122=" + RawDesk.now() + "|" + OrderFlowTest.newOrder("B" + (refused - 1))));
            final Map<Integer, String> reject = desk.expect("j");
            assertEquals(Integer.toString(refused), reject.get(45));
            engine.nothingFor(100);
        }
    }

    @Test
    void shouldResetWithinASessionWhenTheLogonIsProven() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(SESSION, 1, 3, 0, "A");
            desk.expect("8");
            desk.nextSeq = 1;
            final Map<Integer, String> logon = desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            assertEquals("1", logon.get(34));
            final SessionConnectedDecoder connected = engine.connected();
            assertEquals(BooleanType.TRUE, connected.resetSeqNum());
            assertEquals(1, connected.msgSeqNum());
            assertEquals("Y", desk.expect("8").get(97));
            desk.send("D", OrderFlowTest.newOrder("AFTER"));
            engine.next(NewOrderDecoder.TEMPLATE_ID);
        }
    }

    @Test
    void shouldStartTheNumbersAgainOnANewSessionDayAndKeepWhatWasUnproven() throws Exception {
        final long yesterdayMs = System.currentTimeMillis() - 86_400_000L;
        final Path stores = Files.createDirectories(directory.resolve("store"));
        try (SessionStore store = new SessionStore(stores, "ALPHA1", yesterdayMs)) {
            store.set(1, RawDesk.frame("35=8|34=1|49=WEIR|52=" + RawDesk.now() + "|56=ALPHA1|6=0|11=OLD|14=0|17=9-0|" +
                "37=9|39=0|54=1|150=0|151=1|20001=9-0|"));
            store.incrNextSenderMsgSeqNum();
            store.setNextTargetMsgSeqNum(40);
        }
        fixture.gateway = FixGateway.launch(fixture.context().recoveredMsgSeqNum(SESSION, 39)
            .desk(GatewayFixture.alpha1().sessionDay(
                SessionDay.daily(LocalTime.MIN, LocalTime.of(23, 59, 59), ZoneOffset.UTC))));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            final int seq = Integer.parseInt(desk.logon(GatewayFixture.ALPHA1).get(34));
            assertEquals(BooleanType.TRUE, engine.connected().resetSeqNum());
            if (seq > 1) {
                desk.send("2", "7=1|16=0|");
            }
            final Map<Integer, String> report = desk.expect("8");
            assertEquals("OLD", report.get(11));
            assertEquals("Y", report.get(97));
        }
    }

    @Test
    void shouldRefuseALogonOutsideTheSessionDay() throws Exception {
        final LocalTime start = LocalTime.now(ZoneOffset.UTC).plusHours(2);
        fixture.gateway = FixGateway.launch(fixture.context().desk(GatewayFixture.alpha1().sessionDay(
            SessionDay.daily(start, start.plusHours(1), ZoneOffset.UTC))));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.sendLogon(GatewayFixture.ALPHA1);
            assertEquals("Logon attempt not within session time", desk.expect("5").get(58));
        }
        engine.nothingFor(50);
    }

    @Test
    void shouldStoreRegeneratedAlertsThatNoSessionHoldsForEverySessionOfTheTenant() throws Exception {
        final RegeneratedReports regenerated = new RegeneratedReports(
            Map.of(SESSION, new RecordSeq(8, 0)), directory.resolve("overflow"));
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
        for (final long record : new long[]{7, 9}) {
            regenerated.add(frame, 0, engine.encodeAlert(frame, 1, record, 70));
        }
        fixture.launch(context -> context.regenerated(regenerated));
        for (final String proof : new String[]{GatewayFixture.ALPHA1, GatewayFixture.ALPHA2}) {
            try (RawDesk desk = fixture.connect(proof.equals(GatewayFixture.ALPHA1) ? "ALPHA1" : "ALPHA2")) {
                assertEquals("2", desk.logon(proof).get(34));
                desk.send("2", "7=1|16=0|");
                assertEquals("9-0", desk.expect("B").get(20001));
            }
        }
    }

    @Test
    void shouldTellADeskWhoseStoreIsGoneUntilItsNumbersBeginAgainAndSendItNothingOld() throws Exception {
        final RecordSeq bound = SessionStore.inPlaceOf(9);
        fixture.launch(context -> context.recoveredMsgSeqNum(SESSION, 6).lostStore(SESSION, bound));
        fixture.gateway.close();
        assertEquals(bound, SessionStore.lastBound(directory.resolve("store"), "ALPHA1"));
        fixture.launch(context -> context.recoveredMsgSeqNum(SESSION, 6)); // killed before anybody logged on
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 7;
            assertEquals("1", desk.logon(GatewayFixture.ALPHA1).get(34));
            assertEquals("STORE_LOST", desk.expect("B").get(148));
        }
        engine.connected();
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            assertEquals("1", desk.logon("141=Y|" + GatewayFixture.ALPHA1).get(34));
            final Map<Integer, String> news = desk.expect("B");
            assertEquals("2", news.get(34));
            assertEquals("STORE_LOST", news.get(148));
            engine.connected();
            engine.sendReport(SESSION, 1, 9, 5, "OLD");
            engine.sendReport(SESSION, 1, 10, 0, "NEW");
            assertEquals("NEW", desk.expect("8").get(11));
        }
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 2;
            desk.logon(GatewayFixture.ALPHA1);
            assertTrue(desk.isSilentFor(200));
        }
        try (RawDesk desk = fixture.connect("ALPHA2")) {
            desk.logon(GatewayFixture.ALPHA2);
            assertTrue(desk.isSilentFor(200));
        }
    }

    @Test
    void shouldKeepManyRegeneratedReportsInAFileAndSendThemInOrder() throws Exception {
        final Path overflow = directory.resolve("overflow");
        final RegeneratedReports regenerated = new RegeneratedReports(Map.of(SESSION, RecordSeq.NONE), overflow);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
        final int reports = 10_000;
        for (int record = 1; record <= reports; record++) {
            regenerated.add(frame, 0, engine.encodeReport(frame, SESSION, 1, record, 0, "R" + record));
        }
        assertEquals(reports, regenerated.count());
        fixture.launch(context -> context.regenerated(regenerated));
        assertFalse(Files.exists(overflow));
        try (SessionStore copy = copyOfStore()) {
            assertEquals(new RecordSeq(reports, 0), copy.lastBound());
            final List<String> stored = new ArrayList<>();
            copy.get(1, 0, stored);
            assertEquals(reports, stored.size());
            for (int i = 0; i < reports; i++) {
                assertEquals(new RecordSeq(i + 1, 0), SessionStore.recordSeqOf(stored.get(i)));
            }
        }
    }

    @Test
    void shouldHoldNoMoreRegeneratedReportsInMemoryThanOneMebibyte() {
        final RegeneratedReports regenerated =
            new RegeneratedReports(Map.of(SESSION, RecordSeq.NONE), directory.resolve("missing/overflow"));
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
        final int length = engine.encodeReport(frame, SESSION, 1, 1, 0, "R");
        final int most = (1 << 20) / (Integer.BYTES + length);
        for (int i = 0; i < most; i++) {
            regenerated.add(frame, 0, length);
        }
        assertThrows(UncheckedIOException.class, () -> regenerated.add(frame, 0, length));
    }

    private SessionStore copyOfStore() throws IOException {
        final Path copy = Files.createDirectories(directory.resolve("copy"));
        // The tail first: what is written to the file meanwhile is in both.
        Files.copy(directory.resolve("store/ALPHA1-1.store.tail"), copy.resolve("ALPHA1-1.store.tail"));
        Files.copy(directory.resolve("store/ALPHA1-1.store"), copy.resolve("ALPHA1-1.store"));
        return new SessionStore(copy, "ALPHA1", 0);
    }

    @Test
    void shouldRefuseASecondGatewayOnTheSameStores() throws Exception {
        fixture.launch();
        final GatewayFixture other = new GatewayFixture(engine, directory, transport());
        final IOException error = assertThrows(IOException.class, other::launch);
        assertTrue(error.getMessage().startsWith("STORE_LOCKED"), error.getMessage());
    }

    @Test
    void shouldReplaceAHalfOpenConnectionByALaterProvenLogonWhereThatIsTheRule() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withReplaceOnLogon(true)));
        try (RawDesk stale = fixture.alpha1LoggedOn(); RawDesk fresh = fixture.connect("ALPHA1")) {
            fresh.nextSeq = 2;
            fresh.logon(GatewayFixture.ALPHA1);
            assertEquals(DisconnectCause.REPLACED, engine.disconnected().cause());
            final SessionConnectedDecoder connected = engine.connected();
            assertEquals(2, connected.msgSeqNum());
            stale.expectEnd();
        }
    }

    @Test
    void shouldRefuseASecondConnectionOfALoggedOnDesk() throws Exception {
        fixture.launch();
        try (RawDesk first = fixture.alpha1LoggedOn(); RawDesk second = fixture.connect("ALPHA1")) {
            second.sendLogon(GatewayFixture.ALPHA1);
            assertEquals("ALREADY_LOGGED_ON", second.expect("5").get(58));
            second.expectEnd();
            first.send("1", "112=alive|");
            first.send("D", OrderFlowTest.newOrder("STILL"));
            engine.next(NewOrderDecoder.TEMPLATE_ID);
        }
    }

    @Test
    void shouldWriteEveryMessageToTheRawLogWithSecretsMasked() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", OrderFlowTest.newOrder("LOGGED"));
            engine.next(NewOrderDecoder.TEMPLATE_ID);
            engine.sendReport(SESSION, 1, 3, 0, "LOGGED");
            desk.expect("8");
        }
        engine.disconnected();
        final Path log = directory.resolve("raw").resolve("ALPHA1.fixlog");
        RawLog.complete(log);
        final List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        assertEquals(4, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches("\\d{19} IN 8=FIXT\\.1\\.1\u00019=.*\u000135=A\u0001.*"), lines.get(0));
        assertTrue(lines.get(0).contains("\u0001554=*************\u0001"), lines.get(0));
        assertFalse(lines.toString().contains(GatewayFixture.PASSWORD));
        assertTrue(lines.get(1).matches("\\d{19} OUT 8=FIXT.*\u000135=A\u0001.*"), lines.get(1));
        assertTrue(lines.get(2).contains("\u000111=LOGGED\u0001"), lines.get(2));
        assertTrue(lines.get(3).contains("\u000120001=3-0\u0001"), lines.get(3));
    }

    private InitiatorDesk initiator() throws Exception {
        final SessionSettings fileSettings = new SessionSettings();
        fileSettings.setString("FileStorePath", directory.resolve("initiator").toString());
        return new InitiatorDesk(fixture.gateway.address(), "ALPHA1",
            InitiatorDesk.password("alpha1", GatewayFixture.PASSWORD), settings -> {
            }, new FileStoreFactory(fileSettings));
    }
}
