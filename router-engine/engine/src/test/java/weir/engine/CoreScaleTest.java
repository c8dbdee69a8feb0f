package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * 10,000 tenants with an account each, 1,000 sessions, 100,000 open orders: every order drawn at random is taken, with
 * every control on. What it costs is measured by {@link CoreLoad#main}.
 */
class CoreScaleTest {
    private static final int TENANTS = 10_000;
    private static final int SESSIONS = 1_000;
    private static final int OPEN = 100_000;
    private static final int ORDERS = 30_000;

    @Test
    void shouldTakeOrdersAtRandomAmongManyTenantsSessionsAndOpenOrders() {
        final CoreLoad load = new CoreLoad(TENANTS, SESSIONS, OPEN, 11);
        assertEquals(OPEN, load.core().view().openOrders());
        final long first = load.core().nextSequence();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        load.roundTrip();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3 && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ORDERS / 3; i++) {
                load.roundTrip();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated");
        assertEquals(OPEN, load.core().view().openOrders());
        assertTrue(load.core().nextSequence() - first >= CoreLoad.STEPS * (long) (ORDERS / 3), "four records an order");
    }
}
