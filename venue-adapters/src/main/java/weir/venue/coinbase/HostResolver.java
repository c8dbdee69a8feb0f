package weir.venue.coinbase;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import weir.venue.EventQueue;

/**
 * Names to addresses, on threads of their own: a look-up may take seconds, and the venue has no fixed addresses ("FIX
 * API Connectivity"), so that each connection asks anew. The same threads compute TLS handshakes; there are
 * as many as accounts connect at once, and none when all stand.
 */
final class HostResolver implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        final Thread thread = new Thread(task, "coinbase-connect");
        thread.setDaemon(true);
        return thread;
    });
    private final EventQueue events;

    HostResolver(final EventQueue events) {
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
            // the adapter ends: nobody waits for a connection any more
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
