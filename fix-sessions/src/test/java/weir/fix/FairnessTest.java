package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.GatewayCounters.Counter;
import weir.protocol.sbe.NewOrderDecoder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** The gateway's cycle driven by the test: what one desk's flood does to another is counted, not timed. */
class FairnessTest {
    private static final int FLOOD = 5_000;
    private static final int ORDERS = 10;
    private static final int PER_TURN = 32;

    @TempDir
    Path directory;
    private FakeEngine engine;
    private GatewayFixture fixture;

    @BeforeEach
    void start() throws Exception {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, DeskTransport.WEIR);
        fixture.launch(context -> context.invoked(true).ingressRetryUs(1_000_000));
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldTakeAnotherDesksOrdersAmongTheFirstOfAFlood() throws Exception {
        try (RawDesk flooding = logon("ALPHA1", GatewayFixture.ALPHA1);
            RawDesk other = logon("ALPHA2", GatewayFixture.ALPHA2)) {
            final AtomicBoolean written = new AtomicBoolean();
            final Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < FLOOD; i++) {
                        flooding.send("D", OrderFlowTest.newOrder("F" + i));
                    }
                    written.set(true);
                } catch (final Exception ex) {
                    // Reported by what does not arrive.
                }
            });
            writer.setDaemon(true);
            writer.start();
            for (int i = 0; i < ORDERS; i++) {
                other.send("D", OrderFlowTest.newOrder("O" + i));
            }
            // Both are in the gateway's socket buffers before its next cycle.
            Thread.sleep(200);
            final List<Integer> sessions = new ArrayList<>();
            final NewOrderDecoder order = new NewOrderDecoder();
            final long deadline = System.currentTimeMillis() + 20_000;
            while (sessions.size() < FLOOD + ORDERS) {
                fixture.gateway.agent().doWork();
                final int before = sessions.size();
                int empty = 0;
                while (empty < 2) { // all of the cycle: a poll ends where a term does, and one may meet but its padding
                    final int polled = engine.pollCommands((buffer, offset, length) -> {
                        if (FakeEngine.template(buffer, offset) == NewOrderDecoder.TEMPLATE_ID) {
                            sessions.add(order.wrap(buffer, offset + 8, NewOrderDecoder.BLOCK_LENGTH,
                                NewOrderDecoder.SCHEMA_VERSION).sessionId());
                        }
                    });
                    empty = polled > 0 ? 0 : empty + 1;
                }
                final long ofOne = sessions.subList(before, sessions.size()).stream()
                    .filter(session -> session == GatewayFixture.ALPHA1_SESSION).count();
                assertTrue(ofOne <= PER_TURN, "one cycle took " + ofOne + " orders of the flood");
                if (System.currentTimeMillis() > deadline) {
                    fail(sessions.size() + " orders, written " + written + ", " + fixture.gateway.counters());
                }
            }
            final int last = sessions.lastIndexOf(GatewayFixture.ALPHA2_SESSION);
            assertTrue(last < 2 * (PER_TURN + ORDERS), "the other desk's last order was number " + last);
            assertEquals(FLOOD + ORDERS, fixture.gateway.counters().get(Counter.FAST_IN));
        }
    }

    private RawDesk logon(final String compId, final String proof) throws Exception {
        final RawDesk desk = fixture.connect(compId);
        desk.sendLogon(proof);
        final long deadline = System.currentTimeMillis() + 8_000;
        while (!fixture.gateway.isLoggedOn(compId)) {
            fixture.gateway.agent().doWork();
            engine.poll();
            if (System.currentTimeMillis() > deadline) {
                fail(compId + " is not logged on, " + fixture.gateway.counters());
            }
        }
        fixture.gateway.agent().doWork();
        desk.expect("A");
        return desk;
    }
}
