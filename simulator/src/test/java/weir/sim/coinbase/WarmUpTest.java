package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The warm-up runs real orders and leaves nothing behind. */
class WarmUpTest {
    @Test
    void shouldEncodeAReportForEveryOrder() throws Exception {
        assertTrue(WarmUp.run() > 3_000L * 200);
    }
}
