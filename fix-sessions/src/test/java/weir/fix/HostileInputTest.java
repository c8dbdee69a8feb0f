package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.fix.desk.GatewayCounters.Counter;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostileInputTest {
    @TempDir
    Path directory;
    private FakeEngine engine;
    private GatewayFixture fixture;

    /** What carries the desks' bytes; the subclass runs the same on the other one. */
    DeskTransport transport() {
        return DeskTransport.WEIR;
    }

    @BeforeEach
    void start() throws Exception {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, transport());
        fixture.launch();
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldIgnoreAndCountAMessageWithAWrongChecksumAndAskForItAgain() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            final String good = desk.message("D", desk.nextSeq++, OrderFlowTest.newOrder("A"));
            desk.write(good.replace("11=A", "11=Z"));
            fixture.await(Counter.GARBLED, 1);
            engine.nothingFor(50);
            desk.send("D", OrderFlowTest.newOrder("B"));
            assertEquals("2", desk.expect("2").get(7));
            desk.write(good);
            assertEquals("A", clOrdId());
            assertEquals("B", clOrdId());
        }
    }

    @Test
    void shouldRejectAMissingRequiredTag() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", OrderFlowTest.newOrder("A").replace("54=1|", ""));
            final Map<Integer, String> reject = desk.expect("3");
            assertEquals("1", reject.get(373), reject::toString);
            assertEquals("54", reject.get(371), reject::toString);
            assertStillServed(desk);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9999=x,0", "1=ACCOUNT,0", "44=1.2.3,13", "126=tomorrow,6", "99=abc,6", "37=5,2", "21=2,5", "20003=-1,5",
        "111=3,0"
    })
    void shouldRejectUnknownTagsAndMalformedValues(final String field, final String reason) throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", OrderFlowTest.newOrder("A") + field + "|");
            final Map<Integer, String> reject = desk.expect("3");
            assertEquals(reason, reject.get(373), reject::toString);
            assertStillServed(desk);
        }
    }

    @Test
    void shouldRejectIdentifiersThatDoNotFit() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", OrderFlowTest.newOrder("X".repeat(37)));
            Map<Integer, String> reject = desk.expect("3");
            assertEquals("11", reject.get(371), reject::toString);
            assertEquals("5", reject.get(373), reject::toString);
            desk.send("D", OrderFlowTest.newOrder("A\u00e9"));
            reject = desk.expect("3");
            assertEquals("11", reject.get(371), reject::toString);
            assertStillServed(desk);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"V", "E", "AE", "s"})
    void shouldAnswerKnownButUnsupportedTypesWithABusinessReject(final String type) throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send(type, "262=r|146=1|55=BTC-USD|269=0|4711=zz|");
            final Map<Integer, String> reject = desk.expect("j");
            assertEquals("3", reject.get(380), reject::toString);
            assertEquals(type, reject.get(372), reject::toString);
            assertEquals("2", reject.get(45), reject::toString);
            assertEquals("UNSUPPORTED_MESSAGE msgType=" + type, reject.get(58));
            assertStillServed(desk);
        }
    }

    @Test
    void shouldRejectATypeThatFixDoesNotKnow() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("ZZ", "11=A|");
            final Map<Integer, String> reject = desk.expect("3");
            assertEquals("11", reject.get(373), reject::toString);
            assertStillServed(desk);
        }
    }

    @Test
    void shouldRejectAnotherApplicationVersion() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", "1128=7|" + OrderFlowTest.newOrder("A"));
            final Map<Integer, String> reject = desk.expect("3");
            assertEquals("1128", reject.get(371), reject::toString);
            assertStillServed(desk);
        }
    }

    @Test
    void shouldNotAnswerADesksOwnBusinessReject() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("j", "45=1|372=8|380=0|58=do not understand|");
            assertStillServed(desk);
        }
    }

    @Test
    void shouldRejectAndLogOutAWrongCompId() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.write(RawDesk.frame("35=D|34=2|49=ALPHA2|52=" + RawDesk.now() + "|56=WEIR|" +
                OrderFlowTest.newOrder("A")));
            final Map<Integer, String> reject = desk.expect("3");
            assertEquals("9", reject.get(373), reject::toString);
            desk.expect("5");
            assertEquals(DisconnectCause.CONNECTION_LOST, disconnectedAfter(desk));
        }
    }

    @Test
    void shouldLogOutAMessageWithoutSequenceNumberOrWithOneTooLow() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.write(desk.message("D", 1, OrderFlowTest.newOrder("A")));
            assertTrue(desk.expect("5").get(58).startsWith("MsgSeqNum too low"));
        }
        engine.disconnected();
        fixture.await("the session is free", () -> !fixture.gateway.isLoggedOn("ALPHA1"));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 2;
            desk.logon(GatewayFixture.ALPHA1);
            engine.connected();
            desk.write(RawDesk.frame("35=D|49=ALPHA1|52=" + RawDesk.now() + "|56=WEIR|" +
                OrderFlowTest.newOrder("A")));
            desk.expect("5");
            desk.expectEnd();
        }
    }

    @Test
    void shouldEndAConnectionThatSendsNoWholeMessage() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.write("8=FIXT.1.1\u00019=99999999\u000135=D\u0001" + "x".repeat(60_000));
            desk.expectEnd();
            fixture.await(Counter.OVERSIZED, 1);
        }
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.write("GET / HTTP/1.1\r\n".repeat(2_000));
            desk.expectEnd();
        }
    }

    @Test
    void shouldEndAConnectionThatStartsWithAnythingButALogon() throws Exception {
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.send("D", OrderFlowTest.newOrder("A"));
            desk.expectEnd();
        }
        engine.nothingFor(50);
    }

    @Test
    void shouldEndAConnectionThatSendsBeforeItsLogonIsAnswered() throws Exception {
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.write(desk.message("A", 1, "98=0|108=30|1137=9|" + GatewayFixture.ALPHA1) +
                desk.message("D", 2, OrderFlowTest.newOrder("A")));
            final Map<Integer, String> first = desk.read();
            assertTrue(first == null || provesBeside() && "A".equals(first.get(35)), () -> "got " + first);
        }
    }

    /** Is the Logon proven on another thread, so that its answer may overtake what was written with it? */
    boolean provesBeside() {
        return false;
    }

    @Test
    void shouldSurviveRandomBytesAndRandomEdits() throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            try (RawDesk desk = fixture.connect("ALPHA1")) {
                final StringBuilder bytes = new StringBuilder(
                    desk.message("A", 1, "98=0|108=30|1137=9|553=alpha1|554=wrong|"));
                for (int edit = 0; edit < 1 + random.nextInt(8); edit++) {
                    bytes.setCharAt(random.nextInt(bytes.length()), (char)random.nextInt(256));
                }
                desk.write(bytes.toString());
            }
        }
        for (int round = 0; round < 5; round++) {
            try (RawDesk desk = fixture.connect("ALPHA2")) {
                final byte[] noise = new byte[3_000];
                random.nextBytes(noise);
                desk.write(new String(noise, StandardCharsets.ISO_8859_1));
            }
        }
        fixture.await("connections settled, seed " + seed, () -> !fixture.gateway.isLoggedOn("ALPHA1"));
        engine.nothingFor(50);
        try (RawDesk desk = fixture.connect("ALPHA2")) {
            desk.logon(GatewayFixture.ALPHA2);
        }
    }

    @Test
    void shouldDisconnectADeskThatDoesNotRead() throws Exception {
        fixture.gateway.close();
        fixture.launch(context -> context.maxScheduledWrites(50));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 1;
            desk.logon(GatewayFixture.ALPHA1);
            engine.connected();
            long record = 1;
            final long deadline = System.currentTimeMillis() + 20_000;
            while (fixture.gateway.isLoggedOn("ALPHA1") && System.currentTimeMillis() < deadline) {
                engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, record++, 0, "SLOW");
            }
            assertEquals(DisconnectCause.CONNECTION_LOST, engine.disconnected().cause());
            assertEquals(1, fixture.gateway.counters().get(Counter.SLOW_CONSUMERS));
        }
    }

    private String clOrdId() {
        return new NewOrderDecoder().wrapAndApplyHeader(engine.next(NewOrderDecoder.TEMPLATE_ID), 0,
            new MessageHeaderDecoder()).clOrdId();
    }

    private DisconnectCause disconnectedAfter(final RawDesk desk) throws Exception {
        desk.close();
        return engine.disconnected().cause();
    }

    private void assertStillServed(final RawDesk desk) throws Exception {
        desk.send("D", OrderFlowTest.newOrder("STILL"));
        assertEquals("STILL", clOrdId());
    }
}
