package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.HmacCredential;
import weir.fix.text.UtcTimestampText;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.NewOrderDecoder;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogonSecurityTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"553=alpha1|554=wrong|", "553=alpha2|554=correct horse|", "553=alpha1|", "",
        "95=8|96=bm90IGl0|", "95=4|96=????|"})
    void shouldGiveTheConstantAnswerWhateverIsWrong(final String proof) throws Exception {
        fixture.launch();
        assertRefused("ALPHA1", proof);
        engine.nothingFor(100);
    }

    @Test
    void shouldGiveTheConstantAnswerForAnUnknownCompId() throws Exception {
        fixture.launch();
        assertRefused("NOBODY", GatewayFixture.ALPHA1);
    }

    @Test
    void shouldNotLetAnUnprovenPeerResetOrBurnSequenceNumbers() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", OrderFlowTest.newOrder("A"));
            engine.next(NewOrderDecoder.TEMPLATE_ID);
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 3, 0, "A");
            assertEquals("2", desk.expect("8").get(34));
        }
        engine.disconnected();
        assertRefused("ALPHA1", "141=Y|553=alpha1|554=wrong|");
        assertRefused("ALPHA1", "141=Y|");
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 3;
            assertEquals("3", desk.logon(GatewayFixture.ALPHA1).get(34));
            assertEquals(BooleanType.FALSE, engine.connected().resetSeqNum());
        }
    }

    @Test
    void shouldNotLetAnUnprovenPeerHoldTheSession() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withRefusalDelayMs(1_500)));
        try (RawDesk intruder = fixture.connect("ALPHA1")) {
            intruder.sendLogon("553=alpha1|554=wrong|");
            fixture.await(Counter.LOGONS_REFUSED, 1);
            try (RawDesk desk = fixture.connect("ALPHA1")) {
                desk.logon(GatewayFixture.ALPHA1);
            }
        }
    }

    @Test
    void shouldAcceptAGoodSignatureOnceAndRefuseItsReplay() throws Exception {
        fixture.launch();
        final String signed;
        try (RawDesk desk = fixture.connect("BETA1")) {
            signed = signedLogon(desk, System.currentTimeMillis(), GatewayFixture.SECRET);
            desk.write(signed);
            desk.expect("A");
        }
        engine.connected();
        engine.disconnected();
        try (RawDesk desk = fixture.connect("BETA1")) {
            desk.write(signed);
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
            desk.expectEnd();
        }
        try (RawDesk desk = fixture.connect("BETA1")) {
            desk.nextSeq = 2;
            desk.write(signedLogon(desk, System.currentTimeMillis() + 1, GatewayFixture.SECRET));
            desk.expect("A");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-31_000, 31_000})
    void shouldRefuseAStaleSignature(final long offsetMs) throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.connect("BETA1")) {
            desk.write(signedLogon(desk, System.currentTimeMillis() + offsetMs, GatewayFixture.SECRET));
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
        }
    }

    @Test
    void shouldRefuseASignatureMadeWithAnotherSecretOrForAnotherDesk() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.connect("BETA1")) {
            desk.write(signedLogon(desk, System.currentTimeMillis(), "ffffffffffffffffffffffffffffffff"));
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
        }
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.write(signedLogon(desk, System.currentTimeMillis(), GatewayFixture.SECRET));
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
        }
    }

    @Test
    void shouldLockADeskOutAfterFailuresAndLetItInWhenTheLockEnds() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withLockout(3, 1_500)));
        for (int i = 0; i < 3; i++) {
            assertRefused("ALPHA1", "553=alpha1|554=wrong|");
        }
        assertRefused("ALPHA1", GatewayFixture.ALPHA1);
        Thread.sleep(1_600);
        fixture.alpha1LoggedOn().close();
    }

    @Test
    void shouldThrottleAttemptsOfACompIdButNotOfAnother() throws Exception {
        fixture.launch(context -> context.logonLimits(
            context.logonLimits().withThrottle(100, 2, 60_000).withLockout(0, 0)));
        assertRefused("ALPHA1", "553=alpha1|554=wrong|");
        assertRefused("ALPHA1", "553=alpha1|554=wrong|");
        assertRefused("ALPHA1", GatewayFixture.ALPHA1);
        try (RawDesk other = fixture.connect("ALPHA2")) {
            other.logon(GatewayFixture.ALPHA2);
        }
    }

    @Test
    void shouldThrottleAttemptsOfAnAddress() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withThrottle(2, 100, 60_000)));
        assertRefused("NOBODY1", "");
        assertRefused("NOBODY2", "");
        assertRefused("ALPHA1", GatewayFixture.ALPHA1);
    }

    @Test
    void shouldRefuseADeskFromAnAddressOutsideItsAllowListWithoutLockingItOut() throws Exception {
        final FixGatewayContext context = fixture.context()
            .logonLimits(fixture.context().logonLimits().withLockout(1, 60_000))
            .desk(GatewayFixture.alpha1().allowAddress("192.0.2.0/24")).desk(GatewayFixture.alpha2());
        fixture.gateway = FixGateway.launch(context);
        assertRefused("ALPHA1", GatewayFixture.ALPHA1);
        try (RawDesk other = fixture.connect("ALPHA2")) {
            other.logon(GatewayFixture.ALPHA2);
        }
    }

    @Test
    void shouldCloseConnectionsFromAddressesThatNoDeskMayComeFrom() throws Exception {
        fixture.gateway = FixGateway.launch(fixture.context()
            .desk(GatewayFixture.alpha1().allowAddress("192.0.2.0/24").allowAddress("2001:db8::/32")));
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.expectEnd();
        }
        fixture.await(Counter.CONNECTIONS_REFUSED, 1);
    }

    @Test
    void shouldBoundUnprovenConnectionsOfAnAddressAndTheTimeTheyHave() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withConnections(10, 2, 400, 16_384)));
        try (RawDesk first = fixture.connect("ALPHA1"); RawDesk second = fixture.connect("ALPHA1");
            RawDesk third = fixture.connect("ALPHA1")) {
            third.expectEnd();
            fixture.await(Counter.CONNECTIONS_REFUSED, 1);
            first.expectEnd();
            second.expectEnd();
            fixture.await(Counter.LOGON_TIMEOUTS, 2);
        }
        fixture.alpha1LoggedOn().close();
    }

    @Test
    void shouldAnswerWrongPasswordAndWrongCompIdAfterTheSameTime() throws Exception {
        fixture.launch(context -> context.logonLimits(context.logonLimits().withRefusalDelayMs(400)));
        for (final String compId : new String[]{"ALPHA1", "NOBODY"}) {
            final long start = System.nanoTime();
            assertRefused(compId, "553=alpha1|554=wrong|");
            final long ms = (System.nanoTime() - start) / 1_000_000;
            assertTrue(ms >= 395 && ms < 1_500, compId + " took " + ms + " ms");
        }
    }

    @Test
    void shouldRefuseALogonThatCarriesATagTwiceOrRoutingTags() throws Exception {
        fixture.launch();
        for (final String extra : new String[]{"49=ALPHA2|", "50=X|", "553=alpha1|"}) {
            try (RawDesk desk = fixture.connect("ALPHA1")) {
                desk.sendLogon(extra + GatewayFixture.ALPHA1);
                desk.expectEnd();
            }
        }
        fixture.await(Counter.LOGONS_REFUSED, 3);
    }

    @Test
    void shouldProveALogonWithinASessionAgain() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.sendLogon("141=Y|553=alpha1|554=wrong|");
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
            desk.expectEnd();
        }
        engine.disconnected();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.nextSeq = 2;
            desk.logon(GatewayFixture.ALPHA1);
        }
    }

    @Test
    void shouldRejectHeartbeatsOutOfBoundsAfterTheProof() throws Exception {
        fixture.launch();
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.send("A", "98=0|108=3600|1137=9|" + GatewayFixture.ALPHA1);
            final String text = desk.expect("5").get(58);
            assertEquals("HEARTBEAT_OUT_OF_BOUNDS value=3600 min=1 max=60", text);
        }
    }

    @Test
    void shouldNeverLogASecret() throws Exception {
        final StringBuilder logged = new StringBuilder();
        final Handler handler = new Handler() {
            @Override
            public synchronized void publish(final LogRecord entry) {
                logged.append(entry.getLoggerName()).append(' ').append(entry.getMessage()).append(' ')
                    .append(entry.getThrown()).append('\n');
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        handler.setLevel(Level.ALL);
        final Logger root = Logger.getLogger("");
        final Logger[] loggers = {root, Logger.getLogger("quickfix"), Logger.getLogger("weir"),
            Logger.getLogger("org.apache.mina")};
        final Level[] before = new Level[loggers.length];
        for (int i = 0; i < loggers.length; i++) {
            before[i] = loggers[i].getLevel();
            loggers[i].setLevel(i == loggers.length - 1 ? Level.INFO : Level.ALL);
        }
        final Handler console = root.getHandlers()[0];
        root.removeHandler(console);
        root.addHandler(handler);
        try {
            fixture.launch();
            assertRefused("ALPHA1", "553=alpha1|554=verysecret|");
            final String logon = new RawDesk(new Socket(fixture.gateway.address().getAddress(),
                fixture.gateway.address().getPort()), "ALPHA1")
                .message("A", 1, "98=0|108=30|1137=9|553=alpha1|554=verysecret|");
            for (final String garbled : new String[]{logon.replace("\u00019=", "\u00019=1x"),
                logon.replace("\u00019=", "\u00019=9"), logon.replace("\u000110=", "\u000110=z"),
                logon.replace("35=A", "35=Z"), logon.replace("ALPHA1", "NOBODY")}) {
                try (RawDesk desk = fixture.connect("ALPHA1")) {
                    desk.write(garbled);
                    desk.write("x".repeat(20_000));
                    desk.expectEnd();
                } catch (final IOException ex) {
                    // The gateway may have ended the connection before everything was written.
                }
            }
            try (RawDesk desk = fixture.connect("ALPHA1")) {
                desk.logon(GatewayFixture.ALPHA1 + "4711=bad|");
            } catch (final AssertionError ex) {
                assertTrue(ex.getMessage().contains("35=5"), ex.getMessage());
            }
        } finally {
            root.removeHandler(handler);
            root.addHandler(console);
            for (int i = 0; i < loggers.length; i++) {
                loggers[i].setLevel(before[i]);
            }
        }
        assertTrue(logged.toString().contains("PASSWORD_WRONG"), logged::toString);
        assertFalse(logged.toString().contains("verysecret"), () -> lineWith(logged, "verysecret"));
        assertFalse(logged.toString().contains(GatewayFixture.PASSWORD),
            () -> lineWith(logged, GatewayFixture.PASSWORD));
    }

    private static String lineWith(final StringBuilder logged, final String text) {
        return logged.toString().lines().filter(line -> line.contains(text)).findFirst().orElse("");
    }

    private void assertRefused(final String compId, final String proof) throws IOException {
        try (RawDesk desk = fixture.connect(compId)) {
            desk.sendLogon(proof);
            final Map<Integer, String> logout = desk.expect("5");
            assertEquals("LOGON_REFUSED", logout.get(58));
            assertEquals("0", logout.get(34));
            desk.expectEnd();
        }
    }

    private static String signedLogon(final RawDesk desk, final long atMs, final String secret) {
        final String sendingTime = UtcTimestampText.format(atMs * 1_000_000L).substring(0, 21);
        final String seq = Integer.toString(desk.nextSeq++);
        final String signature = Base64.getEncoder().encodeToString(HmacCredential.ofSecret(secret.toCharArray())
            .sign(sendingTime, seq, desk.compId, RawDesk.WEIR));
        return RawDesk.frame("35=A|34=" + seq + "|49=" + desk.compId + "|52=" + sendingTime + "|56=" + RawDesk.WEIR +
            "|98=0|108=30|1137=9|95=" + signature.length() + "|96=" + signature + "|");
    }
}
