package weir.billing.door;

import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** Settings of an {@link HttpDoor}; setters return this. Do not change after launch. */
public final class DoorContext {
    private String name = "billing-door";
    private String host = "127.0.0.1";
    private int port;
    private int workers = 4;
    private int waitingMax = 64;
    private int connectionsMax = 256;
    private int bodyBytesMax = 1 << 18;
    private int requestTimeoutMs = 10_000;
    private int idleTimeoutMs = 60_000;
    private SSLContext sslContext;
    private boolean needClientAuth;
    private Predicate<DoorPeer> allowed = peer -> true;

    /**
     * Name of the door's threads.
     *
     * @param name default billing-door
     * @return this
     */
    public DoorContext name(final String name) {
        this.name = name;
        return this;
    }

    String name() {
        return name;
    }

    /**
     * Address to listen on.
     *
     * @param host default 127.0.0.1
     * @return this
     */
    public DoorContext host(final String host) {
        this.host = host;
        return this;
    }

    String host() {
        return host;
    }

    /**
     * Port to listen on.
     *
     * @param port 0 = one that is free
     * @return this
     */
    public DoorContext port(final int port) {
        this.port = port;
        return this;
    }

    int port() {
        return port;
    }

    /**
     * Threads that run handlers.
     *
     * @param workers default 4
     * @return this
     */
    public DoorContext workers(final int workers) {
        this.workers = workers;
        return this;
    }

    int workers() {
        return workers;
    }

    /**
     * Requests that may wait for a worker; one more is answered 503 {@code busy}.
     *
     * @param waitingMax default 64
     * @return this
     */
    public DoorContext waitingMax(final int waitingMax) {
        this.waitingMax = waitingMax;
        return this;
    }

    int waitingMax() {
        return waitingMax;
    }

    /**
     * Connections that may be open; further ones wait in the kernel.
     *
     * @param connectionsMax default 256
     * @return this
     */
    public DoorContext connectionsMax(final int connectionsMax) {
        this.connectionsMax = connectionsMax;
        return this;
    }

    int connectionsMax() {
        return connectionsMax;
    }

    /**
     * Longest body; a longer one is answered 413 {@code body_too_large}.
     *
     * @param bodyBytesMax default 256 KiB
     * @return this
     */
    public DoorContext bodyBytesMax(final int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
        return this;
    }

    int bodyBytesMax() {
        return bodyBytesMax;
    }

    /**
     * Time for a request's head to arrive, and again for its body; later the connection is closed.
     *
     * @param requestTimeoutMs default 10 seconds
     * @return this
     */
    public DoorContext requestTimeoutMs(final int requestTimeoutMs) {
        this.requestTimeoutMs = requestTimeoutMs;
        return this;
    }

    int requestTimeoutMs() {
        return requestTimeoutMs;
    }

    /**
     * How long a connection without a request, or with an answer that nobody takes, stays open.
     *
     * @param idleTimeoutMs default 60 seconds
     * @return this
     */
    public DoorContext idleTimeoutMs(final int idleTimeoutMs) {
        this.idleTimeoutMs = idleTimeoutMs;
        return this;
    }

    int idleTimeoutMs() {
        return idleTimeoutMs;
    }

    /**
     * Speaks TLS 1.3 and 1.2 with this context's key.
     *
     * @param sslContext null = plain HTTP
     * @return this
     */
    public DoorContext tls(final SSLContext sslContext) {
        this.sslContext = sslContext;
        return this;
    }

    SSLContext tls() {
        return sslContext;
    }

    /**
     * Whether a client must show a certificate that the context's trust store accepts; without one the handshake fails.
     *
     * @param needClientAuth default false
     * @return this
     */
    public DoorContext needClientAuth(final boolean needClientAuth) {
        this.needClientAuth = needClientAuth;
        return this;
    }

    boolean needClientAuth() {
        return needClientAuth;
    }

    /**
     * Which of the accepted certificates may ask; others are answered 403 {@code client_not_allowed}. Asked only with
     * {@link #needClientAuth}.
     *
     * @param allowed default all
     * @return this
     */
    public DoorContext allowed(final Predicate<DoorPeer> allowed) {
        this.allowed = allowed;
        return this;
    }

    Predicate<DoorPeer> allowed() {
        return allowed;
    }
}
