package weir.fix.logon;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilter;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.filter.ssl.SslFilter;
import quickfix.Session;
import quickfix.mina.SessionConnector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Guard and gate in the filter chain of QuickFIX/J's acceptor. MINA's processor threads. */
public final class MinaFilters {
    private static final AttributeKey KEY = new AttributeKey(MinaFilters.class, "connection");
    private static final AttributeKey WINDOW = new AttributeKey(MinaFilters.class, "window");

    private final ConnectionGuard guard;
    private final LogonGate gate;
    private final int maxScheduledWrites;

    /**
     * @param guard              of all connections
     * @param gate               of all connections
     * @param maxScheduledWrites messages that may wait for a desk that does not read, before it is disconnected
     */
    public MinaFilters(final ConnectionGuard guard, final LogonGate gate, final int maxScheduledWrites) {
        this.guard = guard;
        this.gate = gate;
        this.maxScheduledWrites = maxScheduledWrites;
    }

    /**
     * Puts the filters into a chain that holds QuickFIX/J's codec already.
     *
     * @param chain of a new connection
     * @param tls   TLS filter, or null
     */
    public void build(final IoFilterChain chain, final SslFilter tls) {
        chain.addFirst("weir-size", new Size());
        if (tls != null) {
            chain.addFirst("weir-window", new WindowFilter());
            chain.addFirst("weir-tls", tls);
        }
        chain.addFirst("weir-guard", new Guard());
        chain.addLast("weir-gate", new Gate());
    }

    private static Connection of(final IoSession session) {
        return (Connection)session.getAttribute(KEY);
    }

    /** Before TLS. */
    private final class Guard extends IoFilterAdapter {
        @Override
        public void sessionCreated(final NextFilter nextFilter, final IoSession session) {
            // A peer that is gone already has no address; the wildcard is in nobody's allow-list of one host.
            final InetAddress address = session.getRemoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress() : new InetSocketAddress(0).getAddress();
            final Connection connection = guard.onOpened(new MinaPeer(session), address, 0);
            session.setAttribute(KEY, connection);
            if (!connection.isOpen()) {
                session.closeNow();
            }
            nextFilter.sessionCreated(session);
        }

        @Override
        public void sessionClosed(final NextFilter nextFilter, final IoSession session) {
            guard.onClosed(of(session));
            nextFilter.sessionClosed(session);
        }
    }

    /** Between TLS and the FIX decoder: ends connections whose message does not end within the limit. */
    private final class Size extends IoFilterAdapter {
        @Override
        public void messageReceived(final NextFilter nextFilter, final IoSession session, final Object message) {
            final Connection connection = of(session);
            if (!connection.isOpen()) {
                return;
            }
            connection.undecodedBytes += ((IoBuffer)message).remaining();
            // The decoder runs inside this call; the gate behind it sets the count back with each whole message.
            nextFilter.messageReceived(session, message);
            if (connection.undecodedBytes > guard.maxMessageBytes()) {
                guard.onOversized(connection);
                session.closeNow();
            }
        }
    }

    /**
     * Between the FIX encoder and TLS: no more messages in MINA's TLS filter than it takes. That filter keeps 64 while
     * six of its records are unsent and ends the connection at the next; here the rest waits.
     */
    private final class WindowFilter extends IoFilterAdapter {
        @Override
        public void sessionCreated(final NextFilter nextFilter, final IoSession session) {
            session.setAttribute(WINDOW, new Window());
            nextFilter.sessionCreated(session);
        }

        @Override
        public void filterWrite(final NextFilter nextFilter, final IoSession session, final WriteRequest request) {
            final Window window = (Window)session.getAttribute(WINDOW);
            if (window.waiting.get() >= maxScheduledWrites) {
                if (session.getAttribute(SessionConnector.QF_SESSION) instanceof Session desk) {
                    desk.getLog().onErrorEvent("Slow consumer");
                }
                session.closeNow();
                return;
            }
            window.waiting.incrementAndGet();
            window.requests.add(request);
            window.pass(nextFilter, session);
        }

        @Override
        public void messageSent(final NextFilter nextFilter, final IoSession session, final WriteRequest request) {
            final Window window = (Window)session.getAttribute(WINDOW);
            window.inTls.decrementAndGet();
            window.pass(nextFilter, session);
            nextFilter.messageSent(session, request);
        }
    }

    /** Messages of one connection on their way to TLS, in order, from any thread. */
    private static final class Window {
        private static final int SIZE = 32;

        private final Queue<WriteRequest> requests = new ConcurrentLinkedQueue<>();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger inTls = new AtomicInteger();
        /** Calls of {@link #pass} not yet answered; whoever makes it one passes for all. */
        private final AtomicInteger calls = new AtomicInteger();

        private void pass(final IoFilter.NextFilter next, final IoSession session) {
            if (calls.getAndIncrement() != 0) {
                return;
            }
            int answered = 1;
            do {
                WriteRequest request;
                while (inTls.get() < SIZE && (request = requests.poll()) != null) {
                    waiting.decrementAndGet();
                    inTls.incrementAndGet();
                    next.filterWrite(session, request);
                }
                answered = calls.addAndGet(-answered);
            } while (answered != 0);
        }
    }

    /** Behind the FIX decoder. */
    private final class Gate extends IoFilterAdapter {
        @Override
        public void messageReceived(final NextFilter nextFilter, final IoSession session, final Object message) {
            final Connection connection = of(session);
            ((MinaPeer)connection.peer).next = nextFilter;
            gate.onMessage(connection, (String)message);
        }

        @Override
        public void sessionClosed(final NextFilter nextFilter, final IoSession session) {
            gate.onClosed(of(session));
            nextFilter.sessionClosed(session);
        }
    }

    private static final class MinaPeer implements Peer {
        private final IoSession session;
        private volatile IoFilter.NextFilter next;

        private MinaPeer(final IoSession session) {
            this.session = session;
        }

        @Override
        public X509Certificate certificate() {
            if (session.getAttribute(SslFilter.SSL_SECURED) instanceof SSLSession secured) {
                try {
                    final Certificate[] chain = secured.getPeerCertificates();
                    return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
                } catch (final SSLPeerUnverifiedException ex) {
                    return null;
                }
            }
            return null;
        }

        @Override
        public boolean isConnected() {
            return session.isConnected();
        }

        @Override
        public void write(final String raw) {
            session.write(raw);
        }

        @Override
        public void suspendRead() {
            session.suspendRead();
        }

        @Override
        public void resumeRead() {
            session.resumeRead();
        }

        @Override
        public void closeNow() {
            session.closeNow();
        }

        @Override
        public void closeOnFlush() {
            session.closeOnFlush();
        }

        @Override
        public void pass(final String raw) {
            next.messageReceived(session, raw);
        }

        @Override
        public void execute(final Runnable task) {
            // MINA's sessions are safe from any thread.
            task.run();
        }
    }
}
