package weir.fix.logon;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilter;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Guard and gate in the filter chain of QuickFIX/J's acceptor. MINA's processor threads. */
public final class MinaFilters {
    private static final AttributeKey KEY = new AttributeKey(MinaFilters.class, "connection");

    private final ConnectionGuard guard;
    private final LogonGate gate;

    /**
     * @param guard of all connections
     * @param gate  of all connections
     */
    public MinaFilters(final ConnectionGuard guard, final LogonGate gate) {
        this.guard = guard;
        this.gate = gate;
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
