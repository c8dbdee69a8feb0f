package weir.sim.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawFixPeerTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path dir;
    private ScriptedRouter router;
    private RawFixPeer peer;

    @BeforeEach
    void setUp() throws Exception {
        router = new ScriptedRouter("RAW", dir, 0);
        peer = RawFixPeer.connect("127.0.0.1", router.port, "RAW", "WEIR");
    }

    @AfterEach
    void tearDown() {
        peer.close();
        router.close();
    }

    @Test
    void shouldLogOnAndExchangeTestRequestWhenFramedWell() {
        peer.sendLogon(30, "");
        assertTrue(peer.readUntil("A", SOON).wellFramed());
        peer.sendBody("1", "112=ping|");
        assertEquals("ping", peer.readUntil("0", SOON).get(112));
    }

    @Test
    void shouldBeIgnoredWhenCheckSumIsBroken() {
        peer.sendLogon(30, "");
        peer.readUntil("A", SOON);
        peer.send(RawFixMessage.withCheckSum(peer.body("1", 2, "112=bad|"), "000"));
        assertTrue(peer.staysSilent(Duration.ofMillis(400)));
        peer.sendBody("1", "112=good|");
        assertEquals("good", peer.readUntil("0", SOON).get(112));
    }

    @Test
    void shouldSeeDisconnectWhenFirstMessageIsNoLogon() {
        peer.sendBody("1", "112=x|");
        assertTrue(peer.awaitClose(SOON), peer.dump());
    }

    @Test
    void shouldCutMessagesWhenSeveralComeAtOnce() {
        peer.sendLogon(30, "");
        assertNotNull(peer.readUntil("A", SOON));
        peer.sendBody("1", "112=one|");
        peer.sendBody("1", "112=two|");
        assertEquals("one", peer.readUntil("0", SOON).get(112));
        assertEquals("two", peer.readUntil("0", SOON).get(112));
    }

    @Test
    void shouldTimeOutWithTranscriptWhenNothingComes() {
        peer.sendLogon(30, "");
        peer.readUntil("A", SOON);
        final DeskTimeoutException e =
            assertThrows(DeskTimeoutException.class, () -> peer.read(Duration.ofMillis(50)));
        assertTrue(e.getMessage().contains("35=A"), e.getMessage());
    }

    @Test
    void shouldTellBrokenFramesFromGoodOnes() {
        final String body = "35=0|34=2|49=A|52=20260101-00:00:00.000|56=B|";
        assertTrue(RawFixMessage.of(body).wellFramed());
        assertFalse(RawFixMessage.withBodyLengthOff(body, 1).wellFramed());
        assertFalse(RawFixMessage.withCheckSum(body, "999").wellFramed());
        // summed by hand: the bytes up to and with the SOH before 10=, modulo 256
        assertEquals("8=FIXT.1.1|9=5|35=0|10=241|", RawFixMessage.of("35=0|").toString());
    }
}
