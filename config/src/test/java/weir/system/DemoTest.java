package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.run.JavaProcess;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.ResetMode;

/** {@code weir demo} as a newcomer runs it: a process that starts all others, proves itself and leaves nothing. */
class DemoTest {
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final int BOUND_S = 100;

    @TempDir
    private Path directory;

    private JavaProcess demo(final String... args) throws Exception {
        return JavaProcess.start("demo", directory.resolve("log"), JVM, "weir.cli.WeirMain", List.of(args), Map.of());
    }

    private static List<ProcessHandle> children(final JavaProcess process) {
        return ProcessHandle.of(process.pid()).stream().flatMap(ProcessHandle::descendants).toList();
    }

    @Test
    void shouldTradeSettleReconcileAndEndWithZero() throws Exception {
        try (JavaProcess demo = demo("demo", "--seconds", "12", "--seed", "7")) {
            final String verdict = demo.awaitLine("{\"kind\":\"reconciliation\"", BOUND_S * 1_000L);
            assertEquals("{\"kind\":\"reconciliation\",\"differences\":0}", verdict, demo.tail());
            assertTrue(demo.awaitEnd(20), demo.tail());
            assertEquals(0, demo.exitCode(), demo.tail());
        }
    }

    @Test
    void shouldStayUpForOnesOwnDeskAndEndCleanlyWhenTerminated() throws Exception {
        final List<ProcessHandle> children;
        try (JavaProcess demo = demo("demo", "--keep", "--seconds", "2", "--dir",
            directory.resolve("demo").toString())) {
            final JsonNode connect =
                new ObjectMapper().readTree(demo.awaitLine("{\"kind\":\"connect\"", BOUND_S * 1_000L));
            try (DeskClient desk = DeskClient.launch(new DeskContext().host(connect.path("host").asText())
                .port(connect.path("port").asInt()).senderCompId(connect.path("SenderCompID(49)").asText())
                .targetCompId(connect.path("TargetCompID(56)").asText())
                .username(connect.path("Username(553)").asText()).password(connect.path("Password(554)").asText())
                .resetMode(ResetMode.FIRST_LOGON))) {
                desk.awaitLogon(SOON);
                desk.newOrder("own", "BTC-USD", '1', '2', '1', "0.01", "50000");
                desk.awaitStatus("own", '0', SOON);
                desk.cancel("own-x", "own", "BTC-USD", '1');
                desk.awaitStatus("own-x", '4', SOON);
                desk.logout(SOON);
            }
            children = children(demo);
            assertEquals(9, children.size(), "six venues, Stripe, router, billing");
            final int exitCode = demo.terminate();
            assertEquals(143, exitCode, demo.tail());
            assertFalse(demo.tail().contains("Exception"), demo.tail());
        }
        for (final ProcessHandle child : children) {
            assertFalse(child.isAlive(), "left behind: " + child.info());
        }
    }
}
