package weir.venue.intx;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.EventQueue;

/**
 * Names to addresses, on threads of their own, and anew for each connection; the same threads do what TLS handshakes
 * delegate. None when all connections stand.
 */
final class FixResolver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FixResolver.class);

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        final Thread thread = new Thread(task, "intx-connect");
        thread.setDaemon(true);
        return thread;
    });
    private final EventQueue events;

    FixResolver(final EventQueue events) {
        this.events = events;
    }

    /** Looks a name up; the agent is told its addresses, none when it has none. */
    void resolve(final String host, final Consumer<InetAddress[]> onResolved) {
        execute(() -> {
            InetAddress[] addresses;
            try {
                addresses = InetAddress.getAllByName(host);
            } catch (final UnknownHostException ex) {
                addresses = new InetAddress[0];
            }
            final InetAddress[] found = addresses;
            events.put(() -> onResolved.accept(found));
        });
    }

    /** Runs a task that may take long; nothing any more once it is closed. */
    void execute(final Runnable task) {
        try {
            threads.execute(task);
        } catch (final RejectedExecutionException ex) {
            LOG.debug("the adapter ends: nobody waits for a connection any more");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
