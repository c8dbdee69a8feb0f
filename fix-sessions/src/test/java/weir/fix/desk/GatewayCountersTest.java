package weir.fix.desk;

import org.junit.jupiter.api.Test;
import weir.fix.desk.GatewayCounters.Counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GatewayCountersTest {
    private static final int COUNT = 100_000;

    @Test
    void shouldLoseNothingThatAnOwnerAndOthersCount() throws InterruptedException {
        final GatewayCounters counters = new GatewayCounters();
        final Thread[] others = new Thread[2];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(() -> {
                for (int n = 0; n < COUNT; n++) {
                    counters.increment(Counter.COMMANDS);
                }
            });
            others[i].start();
        }
        for (int n = 0; n < COUNT; n++) {
            counters.incrementOwned(Counter.COMMANDS);
        }
        for (final Thread other : others) {
            other.join();
        }
        assertEquals((1 + others.length) * COUNT, counters.get(Counter.COMMANDS));
        assertTrue(counters.toString().contains("COMMANDS=" + (1 + others.length) * COUNT));
    }
}
