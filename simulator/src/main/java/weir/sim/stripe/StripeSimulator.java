package weir.sim.stripe;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import weir.sim.market.LoopbackHttp;

/**
 * Stripe on loopback. {@link #launch} rebuilds state from {@code stripe.jsonl} and then listens on 127.0.0.1; {@link
 * #close} stops. Point stripe-java at {@link #baseUrl()} with {@code setApiBase}.
 */
public final class StripeSimulator implements AutoCloseable {
    private final StripeContext ctx;
    private final StripeApi api;
    private final StripeDoor door;
    private final SimControl control;
    private final WebhookCourier courier;
    private final Object lock = new Object();
    private final Object serverLock = new Object();
    private final ExecutorService executor;
    private final int port;
    private HttpServer server;
    private boolean closed;

    private StripeSimulator(final StripeContext ctx) {
        this.ctx = ctx;
        final SimClock clock = new SimClock(ctx.clock());
        final AtomicLong lagMs = new AtomicLong(ctx.summaryLagMs());
        final FaultBook faults = new FaultBook();
        final AtomicInteger threadCount = new AtomicInteger();
        executor = Executors.newFixedThreadPool(ctx.threads(), task -> {
            final Thread thread = new Thread(task, "stripe-sim-" + threadCount.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        api = new StripeApi(ctx, clock, lagMs::get);
        door = new StripeDoor(api, ctx, faults, lock);
        control = new SimControl(api, door, faults, clock, lock, ctx.validationWindowMs(), lagMs::set,
            this::refuseConnections);
        courier = new WebhookCourier(api, faults, clock, lock);
        server = listen(ctx.port());
        courier.start();
        port = server.getAddress().getPort();
    }

    /**
     * @param ctx settings; concluded here
     * @return the listening simulator
     */
    public static StripeSimulator launch(final StripeContext ctx) {
        return new StripeSimulator(ctx.conclude());
    }

    /** @return TCP port */
    public int port() {
        return port;
    }

    /** @return {@code http://127.0.0.1:PORT} */
    public String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** @return the simulator's own log */
    public Path logFile() {
        return ctx.logDir().resolve("stripe.jsonl");
    }

    private HttpServer listen(final int listenPort) {
        try {
            final HttpServer created = LoopbackHttp.create(listenPort, 256);
            created.createContext("/", door);
            created.createContext("/_sim/", control);
            created.setExecutor(executor);
            created.start();
            return created;
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + listenPort, e);
        }
    }

    /** Stops listening, closes every connection, and listens again on the same port after {@code ms}. */
    private void refuseConnections(final long ms) {
        final Thread thread = new Thread(() -> {
            pause(50); // lets the answer to the control request leave
            synchronized (serverLock) {
                if (closed) {
                    return;
                }
                server.stop(0);
                awaitClose(ms);
                if (!closed) {
                    server = listen(port);
                }
            }
        }, "stripe-sim-refuse");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets go of the server's lock until the time is over or the simulator is closed. */
    private void awaitClose(final long ms) {
        final long deadlineNs = System.nanoTime() + ms * 1_000_000L;
        try {
            for (long left = ms; !closed && left > 0; left = (deadlineNs - System.nanoTime()) / 1_000_000L) {
                serverLock.wait(left);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops at once; requests being served lose their connection. */
    @Override
    public void close() {
        synchronized (serverLock) {
            closed = true;
            serverLock.notifyAll();
            server.stop(0);
        }
        executor.shutdownNow();
        courier.close();
        synchronized (lock) {
            api.store.close();
        }
    }
}
