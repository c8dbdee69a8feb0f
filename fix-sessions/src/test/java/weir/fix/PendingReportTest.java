package weir.fix;

import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.fix.desk.StageTimes;
import weir.protocol.sbe.ExecType;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When reports are written, cycle by cycle; what has been written is told by the stage times. */
class PendingReportTest {
    @TempDir
    Path directory;
    private final StageTimes stages = new StageTimes();
    private FakeEngine engine;
    private GatewayFixture fixture;
    private RawDesk desk;

    @BeforeEach
    void logOn() throws Exception {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, DeskTransport.WEIR);
        fixture.launch(context -> context.invoked(true).stageTimes(stages));
        final CountDownLatch loggedOn = new CountDownLatch(1);
        final Agent gateway = fixture.gateway.agent();
        final Thread cycles = new Thread(() -> {
            while (loggedOn.getCount() > 0) {
                doWork(gateway);
            }
        });
        cycles.start();
        try {
            desk = fixture.alpha1LoggedOn();
        } finally {
            loggedOn.countDown();
            cycles.join();
        }
    }

    private static void doWork(final Agent agent) {
        try {
            agent.doWork();
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    @AfterEach
    void close() throws Exception {
        if (desk != null) {
            desk.close();
        }
        fixture.close();
        engine.close();
    }

    @ParameterizedTest
    @EnumSource(value = ExecType.class, names = {"PENDING_NEW", "PENDING_CANCEL", "PENDING_REPLACE"})
    void shouldHoldWhatIsOnlyPendingForTwoCyclesAndNoLonger(final ExecType execType) throws Exception {
        engine.sendReport(execType, 5, "C1");
        for (int i = 0; i < 2; i++) {
            assertNotEquals(0, fixture.gateway.agent().doWork(), "who has the thread would sleep over it");
            assertTrue(stages.hasReports());
        }
        fixture.gateway.agent().doWork();
        assertFalse(stages.hasReports());
        assertEquals("5-0", desk.expect("8").get(17));
    }

    @Test
    void shouldHoldTheFirstNoLongerWhenOthersFollow() throws Exception {
        for (int i = 0; i < 3; i++) {
            engine.sendReport(ExecType.PENDING_NEW, 5 + i, "C" + i);
            fixture.gateway.agent().doWork();
            assertEquals(i < 2, stages.hasReports());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(5 + i + "-0", desk.expect("8").get(17));
        }
    }

    @Test
    void shouldWriteItWithTheNewsThatComesNext() throws Exception {
        engine.sendReport(ExecType.PENDING_NEW, 5, "C1");
        fixture.gateway.agent().doWork();
        engine.sendReport(ExecType.NEW, 6, "C1");
        fixture.gateway.agent().doWork();
        assertFalse(stages.hasReports());
        assertEquals("A", desk.expect("8").get(150));
        assertEquals("0", desk.expect("8").get(150));
    }

    @Test
    void shouldWriteNewsAtOnce() throws Exception {
        engine.sendReport(ExecType.NEW, 5, "C1");
        fixture.gateway.agent().doWork();
        assertFalse(stages.hasReports());
        assertEquals("0", desk.expect("8").get(150));
    }
}
