package weir.client;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import java.io.File;
import org.agrona.CloseHelper;
import weir.protocol.Streams;

/**
 * The way to the gateway: Aeron client, publication, subscription. Built step by step without waiting; torn down and
 * built again when the media driver went away. One thread.
 */
final class ClientLink {
    private final WeirClientContext context;
    private Aeron aeron;
    private Subscription subscription;
    private ExclusivePublication publication;
    private long subscriptionId = Aeron.NULL_VALUE;
    private long publicationId = Aeron.NULL_VALUE;

    ClientLink(final WeirClientContext context) {
        this.context = context;
    }

    /** One step. Returns true once a gateway listens to us. */
    boolean isConnected() {
        if (!hasAeron()) {
            return false;
        }
        try {
            if (subscription == null) {
                if (subscriptionId == Aeron.NULL_VALUE) {
                    subscriptionId =
                        aeron.asyncAddSubscription(context.responseChannel(), context.responseStreamId());
                }
                subscription = aeron.getSubscription(subscriptionId);
            }
            if (publication == null) {
                if (publicationId == Aeron.NULL_VALUE) {
                    publicationId = aeron.asyncAddExclusivePublication(context.entryChannel(),
                        Streams.CLIENT_ENTRY);
                }
                publication = aeron.getExclusivePublication(publicationId);
            }
        } catch (final AeronException ex) {
            context.errorHandler().onError(ex);
            close();
            return false;
        }
        return subscription != null && publication != null && publication.isConnected();
    }

    private boolean hasAeron() {
        if (aeron != null && aeron.isClosed()) {
            close();
        }
        if (aeron == null) {
            final File directory = new File(context.aeronDirectory());
            // Aeron waits for a driver that is not there; we do not.
            if (!CommonContext.isDriverActive(directory, context.driverTimeoutMs(), message -> { })) {
                return false;
            }
            try {
                aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(context.aeronDirectory())
                    .driverTimeoutMs(context.driverTimeoutMs()).errorHandler(context.errorHandler()));
            } catch (final AeronException ex) {
                context.errorHandler().onError(ex);
                return false;
            }
        }
        return true;
    }

    /** Is there a driver under us? */
    boolean isOpen() {
        return aeron != null && !aeron.isClosed() && publication != null && subscription != null;
    }

    ExclusivePublication publication() {
        return publication;
    }

    Subscription subscription() {
        return subscription;
    }

    /** A publication of its own for the next logon: one that may be bound is not used again. */
    void renewPublication() {
        CloseHelper.quietClose(publication);
        publication = null;
        publicationId = Aeron.NULL_VALUE;
    }

    void close() {
        CloseHelper.quietClose(aeron);
        aeron = null;
        subscription = null;
        publication = null;
        subscriptionId = Aeron.NULL_VALUE;
        publicationId = Aeron.NULL_VALUE;
    }
}
