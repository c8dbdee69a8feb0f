package weir.venue.coinbase;

import java.util.concurrent.locks.LockSupport;

/** Runs an adapter's duty cycle, and can stop in the middle as a long pause of the process would. */
final class InvokerLoop {
    private final Thread thread;
    private volatile boolean paused;
    private volatile boolean idle;
    private volatile boolean ended;

    InvokerLoop(final CoinbaseAdapter adapter) {
        thread = new Thread(() -> {
            while (!ended) {
                idle = paused;
                if (paused || adapter.invoker().invoke() == 0) {
                    LockSupport.parkNanos(100_000L);
                }
            }
        }, "invoker-loop");
        thread.start();
    }

    void pause() {
        paused = true;
        while (!idle) {
            LockSupport.parkNanos(100_000L);
        }
    }

    void resume() {
        paused = false;
    }

    void end() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
