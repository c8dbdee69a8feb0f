package weir.fix.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Non-blocking sockets of FIX sessions, of both sides, polled by one thread: nothing passes from one thread to another
 * on its way in. A few connections are read one after the other; of many, those that the operating system calls ready.
 * A turn is a bounded count of messages. What a duty cycle sends leaves with one write per connection.
 * <p>
 * One thread owns it, from {@link #listen} and {@link #connect} to {@link #close()}; only {@link #execute} is for
 * others. Steady state allocates nothing, but for TLS: the JDK's engine allocates for each record. The JDK's selector
 * makes an Integer of each ready descriptor above the cached ones: {@code -XX:AutoBoxCacheMax}, where there are many.
 */
public final class FixTransport implements AutoCloseable {
    /** Connections that are read without asking which are ready: a read that finds nothing costs about as much. */
    private static final int DIRECT_MAX = 4;
    private static final long SHARED_NS = 10_000_000L;
    private static final long CONTROL_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int BACKLOG = 1024;
    private static final int HANDSHAKES_AT_ONCE = 16;
    private static final int CREDIT = HANDSHAKES_AT_ONCE - 1;
    private static final Consumer<SelectionKey> IGNORED = key -> { };

    /** Settings. */
    public static final class Context {
        private int bufferBytes = 32 * 1024;
        private int maxFrameBytes = 64 * 1024;
        private int maxOutBytes = 4 * 1024 * 1024;
        private int messagesPerTurn = 32;
        private int messagesPerSharedTurn = 4;
        private int comingsPerPoll = 1;
        private int handshakesPerSecond;
        private long connectTimeoutMs = 10_000;
        private Executor tlsExecutor = Runnable::run;
        private ErrorHandler errorHandler = Throwable::printStackTrace;

        /**
         * Size of a connection's buffer in either direction, to begin with.
         *
         * @param value bytes, default 32 KiB
         * @return this
         */
        public Context bufferBytes(final int value) {
            bufferBytes = value;
            return this;
        }

        /**
         * Size of a connection's buffer in either direction, to begin with.
         *
         * @return bytes
         */
        public int bufferBytes() {
            return bufferBytes;
        }

        /**
         * Bytes within which a message ends; a connection with more is closed.
         *
         * @param value bytes, default 64 KiB
         * @return this
         */
        public Context maxFrameBytes(final int value) {
            maxFrameBytes = value;
            return this;
        }

        /**
         * Bytes within which a message ends.
         *
         * @return bytes
         */
        public int maxFrameBytes() {
            return maxFrameBytes;
        }

        /**
         * Bytes that may wait for a peer that does not read; with more it is disconnected.
         *
         * @param value bytes, default 4 MiB
         * @return this
         */
        public Context maxOutBytes(final int value) {
            maxOutBytes = value;
            return this;
        }

        /**
         * Bytes that may wait for a peer that does not read.
         *
         * @return bytes
         */
        public int maxOutBytes() {
            return maxOutBytes;
        }

        /**
         * Messages that one connection may hand on before the next one's turn.
         *
         * @param value default 32
         * @return this
         */
        public Context messagesPerTurn(final int value) {
            messagesPerTurn = value;
            return this;
        }

        /**
         * Messages that one connection may hand on before the next one's turn.
         *
         * @return messages
         */
        public int messagesPerTurn() {
            return messagesPerTurn;
        }

        /**
         * The same while others send too (within the last 10 ms): what one sends in a burst keeps the next one's
         * message waiting no longer than for these.
         *
         * @param value default 4; no more than {@link #messagesPerTurn()} act
         * @return this
         */
        public Context messagesPerSharedTurn(final int value) {
            messagesPerSharedTurn = value;
            return this;
        }

        /**
         * Messages of one connection's turn while others send too.
         *
         * @return messages
         */
        public int messagesPerSharedTurn() {
            return messagesPerSharedTurn;
        }

        /**
         * What one poll does for connections that come and go: so many are accepted, so many handshakes go a step
         * further, so many tasks run, so many connections end. However many come at once, a message of those who are
         * there waits no longer than for these.
         *
         * @param value of each, default 1
         * @return this
         */
        public Context comingsPerPoll(final int value) {
            comingsPerPoll = value;
            return this;
        }

        /**
         * What one poll does for connections that come and go.
         *
         * @return of each kind
         */
        public int comingsPerPoll() {
            return comingsPerPoll;
        }

        /**
         * TLS handshakes that begin in a second, after the first {@value #HANDSHAKES_AT_ONCE}: what those who come
         * back together cost those who are there (turns of a processor, collections of garbage) is spread so.
         *
         * @param value default 0: no pace
         * @return this
         */
        public Context handshakesPerSecond(final int value) {
            handshakesPerSecond = value;
            return this;
        }

        /**
         * TLS handshakes that begin in a second.
         *
         * @return 0 = no pace
         */
        public int handshakesPerSecond() {
            return handshakesPerSecond;
        }

        /**
         * Time for a connection to stand, its TLS handshake included.
         *
         * @param value milliseconds, default 10,000
         * @return this
         */
        public Context connectTimeoutMs(final long value) {
            connectTimeoutMs = value;
            return this;
        }

        /**
         * Time for a connection to stand.
         *
         * @return milliseconds
         */
        public long connectTimeoutMs() {
            return connectTimeoutMs;
        }

        /**
         * Runs what TLS handshakes cost. What it is given is {@link Comparable} by the age of the connection: one
         * that takes the least first ends handshakes one after another, instead of all of them late.
         *
         * @param value not the transport's thread, where others must not wait; default the transport's own
         * @return this
         */
        public Context tlsExecutor(final Executor value) {
            tlsExecutor = value;
            return this;
        }

        /**
         * Runs what TLS handshakes cost.
         *
         * @return executor
         */
        public Executor tlsExecutor() {
            return tlsExecutor;
        }

        /**
         * Told of failures of handlers and of listening sockets.
         *
         * @param value default prints
         * @return this
         */
        public Context errorHandler(final ErrorHandler value) {
            errorHandler = value;
            return this;
        }

        /**
         * Told of failures of handlers and of listening sockets.
         *
         * @return handler
         */
        public ErrorHandler errorHandler() {
            return errorHandler;
        }
    }

    private record Listener(ServerSocketChannel channel, Supplier<SSLEngine> tls, FixAcceptHandler acceptor) {
    }

    private final Context context;
    private final Selector selector;
    /** Tells who comes; apart, so that of a few connections nobody is told which are ready. */
    private final Selector arrivals;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<FixConnection> connections = new ArrayList<>();
    private final List<FixConnection> pending = new ArrayList<>();
    private final List<FixConnection> lingering = new ArrayList<>();
    private final ArrayDeque<FixConnection> beginnings = new ArrayDeque<>();
    private final ArrayDeque<FixConnection> handshakes = new ArrayDeque<>();
    private final ArrayDeque<FixConnection> ended = new ArrayDeque<>();
    private ArrayList<FixConnection> dirty = new ArrayList<>();
    private ArrayList<FixConnection> flushing = new ArrayList<>();
    private ArrayList<FixConnection> waiting = new ArrayList<>();
    private ArrayList<FixConnection> polled = new ArrayList<>();
    private final ManyToOneConcurrentLinkedQueue<Runnable> tasks = new ManyToOneConcurrentLinkedQueue<>();
    private final ManyToOneConcurrentLinkedQueue<FixConnection> computed = new ManyToOneConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> onReady = this::onReady;
    private final Consumer<SelectionKey> onArrival = this::onArrival;
    private FixConnection lastSender;
    private long lastSentNs;
    private long sharedUntilNs = System.nanoTime();
    private final long handshakeNs;
    private long nextHandshakeNs;
    private long pollNs;
    private long controlledNs;
    private int first;
    private int firstWaiting;
    private int work;
    private int accepts;
    private long made;
    private long turn;
    private long sends;

    /**
     * @param context settings
     * @throws IOException when the system has no selector left
     */
    public FixTransport(final Context context) throws IOException {
        this.context = context;
        handshakeNs = context.handshakesPerSecond() == 0 ? 0
            : TimeUnit.SECONDS.toNanos(1) / context.handshakesPerSecond();
        nextHandshakeNs = System.nanoTime() - CREDIT * handshakeNs;
        selector = Selector.open();
        try {
            arrivals = Selector.open();
        } catch (final IOException ex) {
            selector.close();
            throw ex;
        }
    }

    /**
     * Listens.
     *
     * @param address  to bind; port 0 = any
     * @param tls      makes the engine of each connection, in server mode; null for plain TCP
     * @param acceptor decides about each connection
     * @return the address bound
     * @throws IOException when it cannot be bound
     */
    public InetSocketAddress listen(final InetSocketAddress address, final Supplier<SSLEngine> tls,
        final FixAcceptHandler acceptor) throws IOException {
        final ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            final Listener listener = new Listener(channel, tls, acceptor);
            // The selector tells who comes: an accept in vain allocates.
            channel.register(arrivals, SelectionKey.OP_ACCEPT, listener);
            listeners.add(listener);
            return (InetSocketAddress)channel.getLocalAddress();
        } catch (final IOException | RuntimeException ex) {
            channel.close();
            throw ex;
        }
    }

    /**
     * Connects; the handler is told how it went.
     *
     * @param address resolved
     * @param tls     engine in client mode; null for plain TCP
     * @param handler of the connection
     * @return the connection, not connected yet
     * @throws IOException when the system refuses at once
     */
    public FixConnection connect(final InetSocketAddress address, final SSLEngine tls,
        final FixConnectionHandler handler) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        try {
            configure(channel);
            channel.connect(address);
            final FixConnection connection = add(channel, address, tls);
            connection.handler = handler;
            pending.add(connection);
            return connection;
        } catch (final IOException | RuntimeException ex) {
            channel.close();
            throw ex;
        }
    }

    /**
     * Accepts, connects, reads and hands on messages.
     *
     * @param nowNs System.nanoTime
     * @return 0 when there was nothing to do
     */
    public int poll(final long nowNs) {
        pollNs = nowNs;
        work = 0;
        turn++;
        accepts = context.comingsPerPoll();
        if (!tasks.isEmpty()) {
            runTasks();
        }
        if (!computed.isEmpty() || !handshakes.isEmpty()) {
            shakeHands();
        }
        if (nowNs - controlledNs >= CONTROL_NS) {
            controlledNs = nowNs;
            control();
        }
        if (!waiting.isEmpty()) {
            pollWaiting();
        }
        if (connections.size() <= DIRECT_MAX) {
            pollDirectly();
        } else {
            select(selector, onReady);
        }
        if (!ended.isEmpty()) {
            end(context.comingsPerPoll());
        }
        return work;
    }

    /**
     * Writes what was sent, once per connection.
     *
     * @return bytes written
     */
    public int flush() {
        if (dirty.isEmpty()) {
            return 0;
        }
        final ArrayList<FixConnection> batch = dirty;
        dirty = flushing;
        flushing = batch;
        int written = 0;
        for (int i = 0; i < batch.size(); i++) {
            final FixConnection connection = batch.get(i);
            connection.dirty = false;
            if (!connection.isClosed() && connection.channel().isConnected()) {
                written += connection.flush();
            }
            if (!connection.isClosed() && !connection.isFlushed()) {
                onDirty(connection);
            }
            if (!connection.connected && connection.tls() != null) {
                onHandshakeFlushed(connection);
            }
        }
        batch.clear();
        return written;
    }

    /**
     * Counts what was handed over for the next flush, on any connection.
     *
     * @return a number that grows with each
     */
    public long sends() {
        return sends;
    }

    /**
     * Runs a task inside a poll: in order, some in each.
     *
     * @param task any thread's
     */
    public void execute(final Runnable task) {
        tasks.add(task);
    }

    /**
     * Counts connections.
     *
     * @return those that are open or about to be
     */
    public int connectionCount() {
        return connections.size();
    }

    /** Stops listening; connections go on. */
    public void stopListening() {
        if (!listeners.isEmpty()) {
            listeners.forEach(listener -> CloseHelper.quietClose(listener.channel()));
            listeners.clear();
            release();
        }
    }

    /** Ends every connection, telling handlers, and stops listening. Idempotent. */
    @Override
    public void close() {
        stopListening();
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).close(CloseCause.LOCAL, "transport closed");
        }
        end(Integer.MAX_VALUE);
        CloseHelper.quietClose(selector);
        CloseHelper.quietClose(arrivals);
    }

    void onDirty(final FixConnection connection) {
        sends++;
        if (!connection.dirty) {
            connection.dirty = true;
            dirty.add(connection);
        }
    }

    void onBacklog(final FixConnection connection) {
        if (!connection.queued) {
            connection.queued = true;
            waiting.add(connection);
        }
    }

    void onClosing(final FixConnection connection) {
        connection.deadlineNs = System.nanoTime() + LINGER_NS;
        lingering.add(connection);
    }

    /** A handshake can go on: its socket is ready, or what it waited for is computed. */
    void onHandshake(final FixConnection connection) {
        if (!connection.queued) {
            connection.queued = true;
            interest(connection, 0);
            handshakes.add(connection);
        }
    }

    private void onHandshakeFlushed(final FixConnection connection) {
        if (connection.tls().isEstablished()) {
            onHandshake(connection); // the last record of the handshake was ours
        } else if (connection.tls().isComputing()) {
            interest(connection, 0);
        }
    }

    void onClosed(final FixConnection connection) {
        connection.key.cancel(); // it may wait for its turn to end, and is not to be found ready meanwhile
        ended.add(connection);
    }

    void interest(final FixConnection connection, final int operations) {
        if (connection.key.isValid()) {
            connection.key.interestOps(operations);
        }
    }

    private void control() {
        if (!listeners.isEmpty()) {
            select(arrivals, onArrival);
        }
        for (int i = pending.size() - 1; i >= 0; i--) {
            if (advance(pending.get(i))) {
                pending.remove(i);
            }
        }
        beginHandshakes();
        for (int i = lingering.size() - 1; i >= 0; i--) {
            final FixConnection connection = lingering.get(i);
            if (connection.isClosed() || connection.isFlushed() && !connection.isDraining()
                || pollNs - connection.deadlineNs > 0) {
                lingering.remove(i);
                connection.close(CloseCause.LOCAL, connection.reason());
            }
        }
    }

    /** The oldest first, at their pace; what comes of it brings a connection to its handshake. */
    private void beginHandshakes() {
        while (!beginnings.isEmpty() && pollNs - nextHandshakeNs >= 0) {
            final FixConnection connection = beginnings.poll();
            if (!connection.isClosed()) {
                nextHandshakeNs = Math.max(nextHandshakeNs, pollNs - CREDIT * handshakeNs) + handshakeNs;
                try {
                    connection.tls().begin();
                } catch (final RuntimeException ex) {
                    onFailure(connection, ex);
                }
            }
        }
    }

    private void accept(final Listener listener) {
        try {
            while (accepts > 0) {
                final SocketChannel channel = listener.channel().accept();
                if (channel == null) {
                    return;
                }
                accepts--;
                work++;
                accept(listener, channel);
            }
        } catch (final IOException ex) {
            // Out of descriptors, most likely: the others go on, and the next turn tries again.
            context.errorHandler().onError(ex);
        }
    }

    private void accept(final Listener listener, final SocketChannel channel) {
        FixConnection connection = null;
        try {
            configure(channel);
            connection = add(channel, (InetSocketAddress)channel.getRemoteAddress(),
                listener.tls() == null ? null : listener.tls().get());
            connection.handler = listener.acceptor().onAccept(connection);
        } catch (final IOException | RuntimeException ex) {
            context.errorHandler().onError(ex);
        }
        if (connection == null) {
            CloseHelper.quietClose(channel);
        } else if (connection.handler == null) {
            connection.dropped = true;
            connection.close(CloseCause.LOCAL, "not wanted");
        } else if (!advance(connection)) {
            pending.add(connection);
        }
    }

    private FixConnection add(final SocketChannel channel, final InetSocketAddress remote, final SSLEngine tls)
        throws IOException {
        final HandshakeTasks computing = new HandshakeTasks(context.tlsExecutor(), computed::add, made++);
        final FixConnection connection = new FixConnection(this, channel, remote,
            tls == null ? null : new TlsLayer(tls, computing), context);
        computing.of(connection);
        final long nowNs = System.nanoTime();
        connection.turnNs = tls == null ? 0
            : Math.max(0, nextHandshakeNs - nowNs) + beginnings.size() * handshakeNs;
        connection.deadlineNs =
            nowNs + connection.turnNs + TimeUnit.MILLISECONDS.toNanos(context.connectTimeoutMs());
        connection.key = channel.register(selector, channel.isConnected() ? SelectionKey.OP_READ : 0, connection);
        connections.add(connection);
        return connection;
    }

    /** Brings a connection nearer to standing; true when there is nothing left to do here. */
    private boolean advance(final FixConnection connection) {
        if (connection.isClosed() || connection.connected) {
            return true;
        }
        try {
            if (!connection.channel().isConnected() && connection.channel().finishConnect()) {
                connection.key.interestOps(SelectionKey.OP_READ);
            }
        } catch (final IOException ex) {
            connection.close(CloseCause.NOT_CONNECTED, "cannot connect: " + ex.getMessage());
            return true;
        }
        if (connection.channel().isConnected()) {
            if (connection.tls() == null) {
                connection.connected = true;
                work++;
                connect(connection);
                return true;
            }
            if (!connection.inLine) {
                connection.inLine = true;
                beginnings.add(connection);
            } else if (connections.size() <= DIRECT_MAX) {
                onHandshake(connection); // of a few nobody asks which socket is ready
            }
        }
        if (pollNs - connection.deadlineNs > 0) {
            connection.close(CloseCause.NOT_CONNECTED, "not connected in "
                + (connection.turnMs() + context.connectTimeoutMs()) + " ms");
            return true;
        }
        return false;
    }

    private void runTasks() {
        for (int i = context.comingsPerPoll(); i > 0; i--) {
            final Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            run(task);
            work++;
        }
    }

    private void shakeHands() {
        for (FixConnection next = computed.poll(); next != null; next = computed.poll()) {
            onHandshake(next);
        }
        for (int i = Math.min(handshakes.size(), context.comingsPerPoll()); i > 0; i--) {
            final FixConnection connection = handshakes.poll();
            connection.queued = false;
            if (connection.isClosed()) {
                continue;
            }
            work++;
            read(connection);
            if (!connection.connected) {
                onDirty(connection); // whoever has to speak next: it may be us
            }
            // one that stands may have more to hand on, or be told late of what was computed: it is read all the same
            if (!connection.isSuspended()
                && (connection.connected || !connection.queued && !connection.tls().isComputing())) {
                interest(connection, SelectionKey.OP_READ);
            }
        }
    }

    private void connect(final FixConnection connection) {
        try {
            connection.handler.onConnected(connection, pollNs);
        } catch (final RuntimeException ex) {
            onFailure(connection, ex);
        }
    }

    private void pollWaiting() {
        final ArrayList<FixConnection> batch = waiting;
        waiting = polled;
        polled = batch;
        final int count = batch.size();
        // Whoever floods is not the first each time that there is room for a few messages.
        firstWaiting = firstWaiting + 1 < count ? firstWaiting + 1 : 0;
        for (int i = 0; i < count; i++) {
            final FixConnection connection =
                batch.get(firstWaiting + i < count ? firstWaiting + i : firstWaiting + i - count);
            connection.queued = false;
            if (connection.turn == turn) {
                onBacklog(connection); // it had its turn
            } else {
                read(connection);
            }
        }
        batch.clear();
    }

    private void pollDirectly() {
        final int count = connections.size();
        if (count == 0) {
            return;
        }
        first = first + 1 < count ? first + 1 : 0;
        for (int i = 0; i < count; i++) {
            final FixConnection connection = connections.get(first + i < count ? first + i : first + i - count);
            if (connection.connected && !connection.queued && connection.turn != turn) {
                read(connection);
            }
        }
    }

    private void select(final Selector from, final Consumer<SelectionKey> action) {
        try {
            from.selectNow(action);
        } catch (final IOException ex) {
            context.errorHandler().onError(ex);
        }
    }

    private void onArrival(final SelectionKey key) {
        accept((Listener)key.attachment());
    }

    private void onReady(final SelectionKey key) {
        final FixConnection connection = (FixConnection)key.attachment();
        if (connection.tls() != null && !connection.connected) {
            onHandshake(connection);
        } else if (!connection.queued && connection.turn != turn) { // one turn a poll
            read(connection);
        }
    }

    private void read(final FixConnection connection) {
        connection.turn = turn;
        final int most = sharedUntilNs - pollNs > 0
            ? Math.min(context.messagesPerSharedTurn(), context.messagesPerTurn()) : context.messagesPerTurn();
        try {
            final int did = connection.read(most, pollNs);
            if (did > 0) {
                work += did;
                onSent(connection);
            }
        } catch (final RuntimeException ex) {
            onFailure(connection, ex);
        }
    }

    /** Two who send within {@link #SHARED_NS} share the turns from now on. */
    private void onSent(final FixConnection connection) {
        if (connection != lastSender) {
            if (lastSender != null && pollNs - lastSentNs < SHARED_NS) {
                sharedUntilNs = pollNs + SHARED_NS;
            }
            lastSender = connection;
        }
        lastSentNs = pollNs;
    }

    /** A defect of a handler costs its connection, not the others'. */
    private void onFailure(final FixConnection connection, final RuntimeException ex) {
        context.errorHandler().onError(ex);
        connection.close(CloseCause.LOCAL, "handler failed: " + ex);
    }

    private void end(final int most) {
        for (int i = Math.min(most, ended.size()); i > 0; i--) {
            final FixConnection connection = ended.poll();
            work++;
            connection.free();
            connections.remove(connection);
            if (connection.tls() != null && !connection.tls().isBegun()) {
                beginnings.remove(connection);
            }
            lastSender = lastSender == connection ? null : lastSender;
            if (!connection.dropped) {
                try {
                    connection.handler.onClosed(connection, connection.reason(), pollNs);
                } catch (final RuntimeException ex) {
                    context.errorHandler().onError(ex);
                }
            }
        }
        release();
    }

    /** A closed channel leaves the operating system when the selector has let go of it. */
    private void release() {
        try {
            arrivals.selectNow(IGNORED);
            selector.selectNow(IGNORED);
        } catch (final IOException ex) {
            context.errorHandler().onError(ex);
        }
    }

    private void run(final Runnable task) {
        try {
            task.run();
        } catch (final RuntimeException ex) {
            context.errorHandler().onError(ex);
        }
    }

    private static void configure(final SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }
}
