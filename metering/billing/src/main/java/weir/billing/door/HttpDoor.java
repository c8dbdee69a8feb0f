package weir.billing.door;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * A small HTTP/1.1 listener, plain or TLS, on loopback unless told otherwise. Everything is bounded: connections,
 * requests that wait, bytes of a head and a body, time for each. Launch and close from any thread.
 */
public final class HttpDoor implements AutoCloseable {
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final int HEADERS_MAX = 64;
    private static final int PARAMETERS_MAX = 32;
    private static final int BUFFER_BYTES = 16 * 1024;
    /** What is still read of a body that is refused, so that its sender gets to see the answer. */
    private static final long DRAIN_BYTES = 64 * 1024;

    private final DoorContext context;
    private final ThreadPoolExecutor workers;
    private final Undertow server;

    private HttpDoor(final DoorContext context, final DoorRoutes routes) {
        this.context = context;
        final AtomicInteger count = new AtomicInteger();
        workers = new ThreadPoolExecutor(context.workers(), context.workers(), 30, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), task -> {
                final Thread thread = new Thread(task, context.name() + '-' + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        workers.allowCoreThreadTimeOut(true);
        server = server(new DoorWay(context, routes, workers));
    }

    /**
     * Opens the listener.
     *
     * @param context settings
     * @param routes  what it answers
     * @return open door
     * @throws BillingException LISTENER when the address is taken or not ours
     */
    public static HttpDoor launch(final DoorContext context, final DoorRoutes routes) {
        final HttpDoor door = new HttpDoor(context, routes);
        try {
            door.server.start();
            return door;
        } catch (final RuntimeException ex) {
            door.close();
            final Throwable cause = ex.getCause() == null ? ex : ex.getCause();
            throw new BillingException(BillingError.LISTENER, context.name() + " cannot listen on " + context.host()
                + ':' + context.port() + ": " + cause.getMessage(), ex);
        }
    }

    private Undertow server(final DoorWay way) {
        final Undertow.Builder builder = Undertow.builder().setIoThreads(1).setWorkerThreads(1)
            .setBufferSize(BUFFER_BYTES).setDirectBuffers(false).setHandler(way)
            .setWorkerOption(Options.THREAD_DAEMON, true)
            .setWorkerOption(Options.WORKER_NAME, context.name() + "-io")
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.REUSE_ADDRESSES, true)
            .setSocketOption(Options.READ_TIMEOUT, context.idleTimeoutMs())
            .setSocketOption(Options.WRITE_TIMEOUT, context.idleTimeoutMs())
            .setSocketOption(Options.CONNECTION_HIGH_WATER, context.connectionsMax())
            .setSocketOption(Options.CONNECTION_LOW_WATER, context.connectionsMax())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, HEAD_BYTES_MAX)
            .setServerOption(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
            .setServerOption(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 2L * context.bodyBytesMax() + DRAIN_BYTES)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, context.requestTimeoutMs())
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, context.idleTimeoutMs());
        if (context.tls() == null) {
            return builder.addHttpListener(context.port(), context.host()).build();
        }
        return builder.addHttpsListener(context.port(), context.host(), context.tls())
            .setSocketOption(Options.SSL_CLIENT_AUTH_MODE,
                context.needClientAuth() ? SslClientAuthMode.REQUIRED : SslClientAuthMode.NOT_REQUESTED)
            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"))
            .build();
    }

    /**
     * Port that it listens on.
     *
     * @return the one that was free when 0 was asked for
     */
    public int port() {
        return ((InetSocketAddress)server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** Closes the listener and all connections; a handler at work is interrupted. Any number of times. */
    @Override
    public void close() {
        server.stop();
        workers.shutdownNow();
    }
}
