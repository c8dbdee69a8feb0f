package weir.fix;

import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.StageTimes;
import weir.protocol.sbe.ExecType;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When reports are written, cycle by cycle. */
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
            // From here on a report is there for the next cycle: the gateway has found the engine's stream.
            engine.sendReport(ExecType.NEW, 4, "C0");
            desk.expect("8");
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
    void shouldHoldWhatIsOnlyPending(final ExecType execType) throws Exception {
        engine.sendReport(execType, 5, "C1");
        fixture.gateway.agent().doWork();
        assertTrue(desk.isSilentFor(50));
        assertTrue(stages.hasReports());
        // By now it has waited for longer than it may.
        fixture.gateway.agent().doWork();
        assertEquals("5-0", desk.expect("8").get(17));
        assertFalse(stages.hasReports());
    }

    @Test
    void shouldWriteItWithTheNewsThatComesNext() throws Exception {
        engine.sendReport(ExecType.PENDING_NEW, 5, "C1");
        fixture.gateway.agent().doWork();
        engine.sendReport(ExecType.NEW, 6, "C1");
        fixture.gateway.agent().doWork();
        assertEquals("A", desk.expect("8").get(150));
        assertEquals("0", desk.expect("8").get(150));
    }

    @Test
    void shouldWriteNewsAtOnce() throws Exception {
        engine.sendReport(ExecType.NEW, 5, "C1");
        fixture.gateway.agent().doWork();
        assertEquals("0", desk.expect("8").get(150));
    }

    @Test
    void shouldHoldNoAnswer() throws Exception {
        desk.send("F", "11=NOT_WHOLE|");
        engine.sendReport(ExecType.PENDING_NEW, 5, "C1");
        while (fixture.gateway.counters().get(Counter.SLOW_IN) < 2) {
            fixture.gateway.agent().doWork();
        }
        assertEquals("A", desk.expect("8").get(150));
        assertEquals("F", desk.expect("3").get(372));
    }
}
