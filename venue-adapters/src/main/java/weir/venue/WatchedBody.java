package weir.venue;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Body of a request that knows how far it has come, as far as {@code java.net.http} lets one know.
 * <ul>
 * <li>The client asks for a body only when the connection stands (TLS included) and the headers were handed to it. A
 * body that was never asked for, and can be no more after {@link #revoke()}, has surely not left: there is no order
 * without it.
 * <li>The body is given in two pieces, of which the last is one byte. The HTTP/1.1 connection takes a piece when the
 * socket has taken everything before it, and asks for more after that: the question that follows the last piece means
 * that all bytes but that one are with the kernel (with TLS: with the TLS engine). This moment is "written".
 * <li>It is given once. A second attempt of the client, on another connection, gets an error and no byte.
 * </ul>
 * Called by the client's threads; {@link #revoke()} by any.
 */
public final class WatchedBody implements HttpRequest.BodyPublisher {
    /** How far a body has come. */
    private enum State { NEW, TAKEN, REVOKED }

    private final byte[] bytes;
    private final Runnable written;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    /**
     * A body that leaves once.
     *
     * @param bytes   all of it, at least one
     * @param written runs when it is written, on a thread of the client's
     */
    public WatchedBody(final byte[] bytes, final Runnable written) {
        this.bytes = bytes;
        this.written = written;
    }

    /**
     * Forbids that the body leaves.
     *
     * @return false when it may have
     */
    public boolean revoke() {
        return state.compareAndSet(State.NEW, State.REVOKED) || state.get() == State.REVOKED;
    }

    @Override
    public long contentLength() {
        return bytes.length;
    }

    @Override
    public void subscribe(final Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (!state.compareAndSet(State.NEW, State.TAKEN)) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(final long count) {
                    // an error follows at once
                }

                @Override
                public void cancel() {
                    // nothing to stop
                }
            });
            subscriber.onError(new IllegalStateException("a request leaves once"));
            return;
        }
        subscriber.onSubscribe(new Pieces(subscriber));
    }

    /** The two pieces; the client asks for one at a time. */
    private final class Pieces implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private int given;
        private boolean over;
        private boolean giving;
        private long wanted;

        Pieces(final Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public synchronized void request(final long count) {
            wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
            if (giving) {
                return;
            }
            giving = true;
            while (wanted > 0 && !over) {
                wanted--;
                give();
            }
            giving = false;
        }

        private void give() {
            final int last = bytes.length - 1;
            if (given < last) {
                final ByteBuffer piece = ByteBuffer.wrap(bytes, 0, last);
                given = last;
                subscriber.onNext(piece);
            } else if (given == last) {
                given++;
                subscriber.onNext(ByteBuffer.wrap(bytes, last, 1));
            } else {
                over = true;
                subscriber.onComplete();
                written.run();
            }
        }

        @Override
        public synchronized void cancel() {
            over = true;
        }
    }
}
