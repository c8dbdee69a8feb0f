package weir.config.run;

import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.courier.GrantLine;
import weir.config.driver.AeronLink;
import weir.config.driver.DriverWait;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;
import weir.protocol.Streams;

/**
 * Grants from billing to the router's control stream. A thread of its own connects to the media driver, and anew after
 * each loss of it: billing rates and delivers with or without a driver. {@link #offer} never waits for that thread
 * longer than the closing of a lost client takes.
 */
final class AeronGrantLine implements GrantLine {
    private static final Logger LOG = LoggerFactory.getLogger(AeronGrantLine.class);
    private static final long PAUSE_MS = 250;
    private static final long WAIT_MS = 3_000;

    private final WeirConfig config;
    private final Path directory;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "weir-grant-line");
    private ExclusivePublication publication;

    /**
     * Starts connecting.
     *
     * @param config names the media driver's directory and the channel
     */
    AeronGrantLine(final WeirConfig config) {
        this.config = config;
        directory = config.router().resolve(config.router().aeron().dir());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized boolean offer(final DirectBuffer buffer, final int offset, final int length) {
        return publication != null && publication.offer(buffer, offset, length) > 0;
    }

    private void run() {
        boolean told = false;
        try {
            while (stop.getCount() > 0) {
                try {
                    if (DriverWait.await(directory, WAIT_MS, () -> stop.getCount() == 0)) {
                        told = false;
                        serve();
                    }
                } catch (final CommandFailure | AeronException ex) {
                    if (!told) {
                        LOG.info("grants wait for a media driver in {}: {}", directory, ex.getMessage());
                        told = true;
                    }
                }
                stop.await(PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** One client, until it is lost or the line is closed. */
    private void serve() throws InterruptedException {
        final CountDownLatch lost = new CountDownLatch(1);
        final AeronLink link =
            AeronLink.connect(config.router().aeron(), directory, "weir-billing", cause -> lost.countDown());
        try {
            final ExclusivePublication opened = link.aeron()
                .addExclusivePublication(config.router().aeron().channel(), Streams.CONTROL_INGRESS);
            use(opened);
            LOG.info("grants go to the router by the media driver in {}", directory);
            while (stop.getCount() > 0 && !lost.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
        } finally {
            use(null);
            CloseHelper.quietClose(link);
        }
        if (link.lost() != null && stop.getCount() > 0) {
            LOG.warn("grants wait, the media driver is lost: {}", link.lost().toString());
        }
    }

    private synchronized void use(final ExclusivePublication next) {
        publication = next;
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
