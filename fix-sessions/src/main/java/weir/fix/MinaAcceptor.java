package weir.fix;

import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.filter.ssl.SslFilter;
import quickfix.ConfigError;
import quickfix.SocketAcceptor;
import weir.fix.logon.MinaFilters;
import weir.fix.session.AcceptorSettings;
import weir.fix.session.DeskMessageFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;

/** QuickFIX/J's acceptor. Its message thread, its timer and MINA's processors run the sessions. */
final class MinaAcceptor implements DeskAcceptor {
    private final SocketAcceptor acceptor;
    private final InetSocketAddress address;

    MinaAcceptor(final FixGatewayContext context, final GatewayParts parts)
        throws IOException, ConfigError, GeneralSecurityException {
        final SslFilter tls = context.tls() == null ? null : context.tls().filter();
        final MinaFilters filters = new MinaFilters(parts.guard(), parts.gate());
        acceptor = SocketAcceptor.newBuilder()
            .withApplication(parts.application())
            .withMessageStoreFactory(id -> parts.desks().get(id).store())
            .withSettings(AcceptorSettings.of(context.desks(), context.targetCompId(), context.bindAddress(),
                context.maxScheduledWrites()))
            .withLogFactory(parts.logs())
            .withMessageFactory(new DeskMessageFactory())
            .withQueueWatermarks(context.inboundQueueLimit() / 2, context.inboundQueueLimit())
            .build();
        // QuickFIX/J's codec is in the chain already when this is called.
        acceptor.setIoFilterChainBuilder((IoFilterChain chain) -> filters.build(chain, tls));
        try {
            acceptor.start();
        } catch (final quickfix.RuntimeError ex) {
            acceptor.stop();
            throw new IOException("FIX_PORT_UNAVAILABLE cannot listen on " + context.bindAddress() + ": "
                + ex.getMessage(), ex);
        }
        address = (InetSocketAddress)acceptor.getEndpoints().iterator().next().getLocalAddress();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        acceptor.stop();
    }
}
